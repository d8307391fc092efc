from odoo import models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker
from .ticket import OPEN_STATES
from .ticket_steps import RECEIVERS


class AmlajTicket(models.Model):
    """Handing what a person said to a colleague: who is ill, on leave, or knows less of it (R14).

    Only to who may answer it by its kind and lane, and who sees it: never to whom it is about.
    """
    _inherit = 'amlaj.ticket'

    def action_hand_to(self, user_id):
        """Put these into the hands of a colleague.

        :param user_id: who answers from now on
        :raise UserError: where he may not handle one of them; whether he is barred from it is not told
        """
        self._check_actor('hand_to')
        user = self._picked('res.users', user_id)
        if not user:
            raise UserError(self.env._("Please choose the colleague."))
        for ticket in self:
            theirs = ticket.with_user(user)
            if not (user.active and ticket.sudo()._may_be_handled_by(user) and theirs._filtered_access('read')):
                raise UserError(self.env._(
                    "%(name)s cannot handle %(number)s. Please choose another colleague.",
                    name=user.name, number=ticket.name))
        return self._do('hand_to', {'user_id': user.id, 'state': 'open'})

    def _actors(self):
        return super()._actors() | {'hand_to': Actors(RECEIVERS)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for ticket in self.sudo() if action == 'hand_to' else ():  # the actor is checked apart
            if ticket.state not in OPEN_STATES or ticket.kind == 'objection' or ticket.lane == 'board':
                blockers[ticket.id].append(Blocker('state', self.env._(
                    "%(number)s stays in the hands it is in.", number=ticket.name)))
        return blockers
