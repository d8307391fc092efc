from odoo import api, models


class AuthPasskeyKey(models.Model):
    """A beneficiary's passkey: his phone shows the association's name, never a login of letters that he does not know."""
    _inherit = 'auth.passkey.key'

    @api.model
    def _start_registration(self):
        options = super()._start_registration()
        if self.env.user.sudo().holds_mandate:
            name = self.env.company.name
            options['rp']['name'] = options['user']['name'] = options['user']['displayName'] = name
        return options
