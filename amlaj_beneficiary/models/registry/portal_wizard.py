from odoo import models
from odoo.exceptions import UserError


class PortalWizardUser(models.TransientModel):
    """Odoo's own way to give a contact an account leaves the accounts of files alone (R69).

    It sends a key to an e-mail that its user types: with it, whoever edits contacts would open a file.
    """
    _inherit = 'portal.wizard.user'

    def action_grant_access(self):
        self._check_not_of_a_file()
        return super().action_grant_access()

    def action_revoke_access(self):
        self._check_not_of_a_file()
        return super().action_revoke_access()

    def action_invite_again(self):
        self._check_not_of_a_file()
        return super().action_invite_again()

    def _check_not_of_a_file(self):
        """:raise UserError: for a contact whose account is kept at the desk; it says nothing of why."""
        partners = self.partner_id
        # only whether, whoever asks
        is_ours = self.env['res.users'].sudo().with_context(active_test=False).search_count(
            [('partner_id', 'in', partners.ids), ('holds_mandate', '=', True), ('share', '=', True)], limit=1)
        if is_ours or self.env['amlaj.beneficiary'].sudo().search_count([('partner_id', 'in', partners.ids)], limit=1):
            raise UserError(self.env._("The access of this contact is looked after by colleagues. Please ask them."))
