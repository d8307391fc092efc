from odoo import api, fields, models
from odoo.fields import Domain

from ..registry.guarded import AddedFields


class AmlajMessage(models.Model):
    """Messages to volunteers go through the same outbox as those about sign-ups. A message is to a beneficiary or to a
    volunteer, so the two files stay apart."""
    _inherit = 'amlaj.message'

    volunteer_id = fields.Many2one('amlaj.volunteer', index='btree_not_null', ondelete='cascade', copy=False)

    # one more of those that a message may be for
    _for_somebody = models.Constraint(
        'CHECK(beneficiary_id IS NOT NULL OR ticket_id IS NOT NULL OR application_id IS NOT NULL OR volunteer_id IS NOT NULL)',
        "A message is for somebody.")
    _to_one = models.Constraint(
        'CHECK(beneficiary_id IS NULL OR volunteer_id IS NULL)', "A message is to a beneficiary or to a volunteer.")

    _guarded_fields = AddedFields('volunteer_id')

    @api.model
    def _prepare_volunteer_messages(self, vals_list):
        """Queue messages to volunteers; the caller's own action was checked, and the text comes from the app.

        :param vals_list: ``volunteer_id``, ``recipient_name``, ``phone``, ``body``
        """
        messages_sudo = self.sudo().create([{'kind': 'notice', **vals} for vals in vals_list])  # as its twin does
        messages_sudo._hand_out()
        return messages_sudo

    @api.model
    def _to_volunteers_domain(self):
        return self._to_call_domain() & Domain('volunteer_id', '!=', False)


class AmlajVolunteer(models.Model):
    _inherit = 'amlaj.volunteer'

    def _told_recipients(self):
        """Whom a message to this volunteer reaches: himself, and the guardian of a minor (superuser).

        :return: list of what a message takes
        """
        self.ensure_one()
        words = (self.name or '').split()
        found = [{'volunteer_id': self.id, 'recipient_name': words[0] if words else '', 'phone': self.phone or False}]
        if self._is_minor() and self.guardian_phone and self.guardian_phone != self.phone:
            found.append({
                'volunteer_id': self.id, 'recipient_name': self.guardian_name or '', 'phone': self.guardian_phone})
        return found
