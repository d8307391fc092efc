from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, AddedFields, Blocker
from .ticket import OPEN_STATES


class AmlajTicket(models.Model):
    """The same word twice is answered once: the second is closed with the first, keeps all that was said, and its page
    shows the first one's answer (R14)."""
    _inherit = 'amlaj.ticket'

    merged_into_id = fields.Many2one(
        'amlaj.ticket', string="Answered with", index='btree_not_null', ondelete='restrict', copy=False)

    _guarded_fields = AddedFields('merged_into_id')

    def action_merge(self, into_id):
        """Answer these together with another one of the same person and kind.

        :param into_id: the one that is answered
        :raise UserError: for another person's, another kind, an objection, or one without a name
        """
        main = self._picked('amlaj.ticket', into_id)
        if not main:
            raise UserError(self.env._("Please choose the message that is answered."))
        (self | main)._check_actor('merge')
        main_sudo = main.sudo()  # the actor was checked just above
        for ticket in self:
            if problem := ticket.sudo()._merge_problem(main_sudo):  # as above
                raise UserError(problem)
        return self._do('merge', {
            'merged_into_id': main.id, 'state': 'closed', 'outcome': 'merged', **self._stamp('closed')})

    def _merge_problem(self, main):
        """Why this cannot be answered with ``main``; False where it can (superuser)."""
        if main == self or main.state not in OPEN_STATES or main.merged_into_id:
            return self.env._("Please choose another message that waits for its answer.")
        if 'objection' in (self.kind, main.kind) or self.kind != main.kind:
            return self.env._("Only messages of the same kind are answered together; an objection stands alone.")
        if self.is_anonymous or main.is_anonymous:
            return self.env._("A message without a name stands alone: nobody knows who wrote it.")
        about = ('about_user_id', 'about_department_id', 'about_kind', 'lane')
        if any(self[name] != main[name] for name in about):
            return self.env._("These complaints are about different people.")
        person = ('beneficiary_id', 'sender_id', 'sender_phone', 'sender_email')
        if any(self[name] != main[name] for name in person) or not any(main[name] for name in person):
            return self.env._("These messages are of different people.")
        return False

    def _merged_here(self):
        """What is answered together with these (superuser)."""
        return self.search([('merged_into_id', 'in', self.ids)])

    def _actors(self):
        return super()._actors() | {'merge': Actors(frozenset({'relations', 'quality', 'manager', 'board'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for ticket in self.sudo() if action == 'merge' else ():  # the actor is checked apart
            if ticket.state not in OPEN_STATES or ticket.kind == 'objection':
                blockers[ticket.id].append(Blocker('state', self.env._(
                    "%(number)s waits for no answer, or is an objection.", number=ticket.name)))
        return blockers
