from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..registry.guarded import GROUP, AddedFields, Blocker
from .agreement import KEEPERS

READERS = ','.join(GROUP % role for role in ('quality', 'manager'))


class AmlajTicket(models.Model):
    """A dispute about an agreement is a word of the other party's, answered like every complaint: by the quality officer or
    a manager, not by who keeps the agreement (R6, R14)."""
    _inherit = 'amlaj.ticket'

    agreement_id = fields.Many2one('amlaj.agreement', index='btree_not_null', ondelete='restrict', copy=False)

    _guarded_fields = AddedFields('agreement_id')


class AmlajAgreement(models.Model):
    """What the other party disputes."""
    _inherit = 'amlaj.agreement'

    dispute_ids = fields.One2many('amlaj.ticket', 'agreement_id', string="Disputes", copy=False, groups=READERS)
    dispute_count = fields.Integer(string="Number of disputes", compute='_compute_dispute_count')

    _guarded_fields = AddedFields('dispute_ids')

    @api.depends('dispute_ids')
    def _compute_dispute_count(self):
        # how many there are, for who keeps the agreement; what was said is read by who answers
        counts = dict(self.env['amlaj.ticket'].sudo()._read_group(
            [('agreement_id', 'in', self.ids)], ['agreement_id'], ['__count']))
        for agreement in self:
            agreement.dispute_count = counts.get(agreement.sudo(), 0)

    def action_dispute(self, text):
        """Take what the other party disputes; who answers it, and by when, is as with every complaint.

        :param text: in the party's words
        :return: a notification with the number that the party is given
        """
        self.ensure_one()
        self._check_actor('dispute')
        Ticket = self.env['amlaj.ticket']
        words = Ticket._arrived_text(text)
        self._do('dispute')
        today, party_sudo = self._today(), self.sudo()  # the step was checked just above
        ticket_sudo = Ticket.sudo().create({
            'kind': 'complaint', 'text': words, 'origin': 'staff', 'entered_by_id': self.env.uid, 'agreement_id': self.id,
            'received_on': today, 'due_date': Ticket._answer_due(today, 'complaint'),
            **party_sudo._disputing_party()})
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'next': {'type': 'ir.actions.act_window_close'},
                'message': self.env._(
                    "Received under number %(number)s. The quality officer or a manager answers it.", number=ticket_sudo.name)}}

    def _disputing_party(self):
        """Who disputes, for the ticket; a number that cannot be called is left out (superuser)."""
        Ticket = self.env['amlaj.ticket']
        try:
            return Ticket._sender_vals({'name': self.party_name, 'phone': self.party_phone})
        except ValidationError:
            return Ticket._sender_vals({'name': self.party_name})

    def _actors(self):
        return super()._actors() | {'dispute': KEEPERS}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for agreement in self if action == 'dispute' else ():
            if agreement.state == 'draft':
                blockers[agreement.id].append(Blocker('state', self.env._("Only what was signed is disputed.")))
        return blockers
