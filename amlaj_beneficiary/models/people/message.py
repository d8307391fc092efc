from odoo import api, fields, models

from ..registry.guarded import Actors, AddedFields


class AmlajMessage(models.Model):
    """Messages to people who help go by the one outbox too (design rule 9; R42). Of them nobody but the coordinator reads
    or sends one; those to beneficiaries he does not see."""
    _inherit = 'amlaj.message'

    beneficiary_id = fields.Many2one(required=False)
    application_id = fields.Many2one(
        'amlaj.volunteer.application', string="Volunteer's application", index='btree_not_null', ondelete='cascade',
        copy=False)

    _for_somebody = models.Constraint(
        'CHECK(beneficiary_id IS NOT NULL OR ticket_id IS NOT NULL OR application_id IS NOT NULL)',
        "A message is for somebody.")

    _guarded_fields = AddedFields('application_id')

    @api.model
    def _prepare_application_messages(self, vals_list):
        """Queue messages about applications (the caller's own action was checked).

        :param vals_list: ``application_id``, ``recipient_name``, ``phone``, ``body``
        """
        messages_sudo = self.sudo().create(vals_list)
        messages_sudo._hand_out()
        return messages_sudo

    def _drop_application_messages(self):
        """What is not sent yet is needed no more: a newer one takes its place (superuser)."""
        self.write({'state': 'cancelled', 'call_from': False})

    def _actors(self):
        actors = super()._actors()
        desk = actors['send_message']
        return actors | {'send_message': Actors(desk.groups | {'volunteer_coordinator'}, desk.mandate)}
