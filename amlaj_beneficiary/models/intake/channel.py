from odoo import api, fields, models
from odoo.exceptions import UserError


class AmlajChannel(models.Model):
    """A way by which people reach the association: the policy's eight, and more if it adds them (R37-R44).

    Every role reads them; managers rename and add. The policy's eight have a code and stay.
    """
    _name = 'amlaj.channel'
    _description = "Channel"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(readonly=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex('(code) WHERE code IS NOT NULL', "This channel exists already.")

    @api.model
    def _policy_codes(self):
        return ('interview', 'phone', 'social', 'letter', 'help_request', 'volunteering', 'website', 'representative')

    @api.model
    def _by_code(self, code):
        return self.search([('code', '=', code)], limit=1)

    def write(self, vals):
        if {'active', 'code'} & vals.keys() and any(channel.code in self._policy_codes() for channel in self):
            if not vals.get('active', True) or 'code' in vals:
                raise UserError(self.env._("The policy names this channel: it can be renamed, not removed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_policy_channels(self):
        if any(channel.code in self._policy_codes() for channel in self):
            raise UserError(self.env._("The policy names this channel: it can be renamed, not removed."))
