from odoo import models
from odoo.exceptions import UserError


class MailThread(models.AbstractModel):
    """The notes on a guarded record are talk among colleagues (rule 1; R68).

    A follower or a named recipient reads a message whatever the record's own rights say, and gets it by e-mail. So only
    employees follow a file or a request; what a beneficiary is told goes out as a message of his own list.
    """
    _inherit = 'mail.thread'

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        if self._is_guarded_talk():
            partner_ids = self._colleagues_among(partner_ids).ids
            customer_ids = []
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def message_post(self, *, partner_ids=None, outgoing_email_to=False, **kwargs):
        if self._is_guarded_talk():
            partners = self.env['res.partner'].browse(partner_ids or ())
            if outgoing_email_to or partners - self._colleagues_among(partners.ids):
                raise UserError(self.env._(
                    "Notes here are read by colleagues only. Please write to the person by a message of his own."))
        return super().message_post(partner_ids=partner_ids, outgoing_email_to=outgoing_email_to, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        if self._is_guarded_talk():
            partners = self.env['res.partner'].browse(partner_ids or ())
            if partners - self._colleagues_among(partners.ids):
                raise UserError(self.env._(
                    "Notes here are read by colleagues only. Please write to the person by a message of his own."))
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def _is_guarded_talk(self):
        return hasattr(self, '_guarded_fields')

    def _colleagues_among(self, partner_ids):
        """Those of the partners that are employees with an account."""
        # who is an employee is no secret, but not everyone reads users
        users_sudo = self.env['res.users'].sudo().search([
            ('partner_id', 'in', list(partner_ids or ())), ('share', '=', False)])
        return self.env['res.partner'].browse(users_sudo.partner_id.ids)
