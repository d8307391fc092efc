from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker
from .opportunity import SUPERVISORS

LONGEST = 200
STATES = {
    'approve_hours': ('entered',), 'correct_hours': ('entered', 'approved'), 'refuse_hours': ('entered', 'approved'),
    'confirm_hours': ('approved',), 'reopen_hours': ('confirmed',)}


class AmlajVolunteerHours(models.Model):
    """The steps of hours: approved by the supervisor, many at once, and confirmed by the coordinator (R42)."""
    _inherit = 'amlaj.volunteer.hours'

    _supervised = frozenset({'approve_hours', 'correct_hours', 'refuse_hours'})

    def action_approve(self):
        """Approve these hours as the supervisor who saw them, many at once."""
        self._step('approve_hours', {'state': 'approved', **self._stamp('approved')})
        return True

    def action_confirm(self):
        """Confirm approved hours as the coordinator, many at once: now they count."""
        self._step('confirm_hours', {'state': 'confirmed', **self._stamp('confirmed')})
        return True

    def action_refuse(self, reason):
        """Refuse hours; the volunteer reads why.

        :param reason: why, in words for the volunteer
        """
        self._check_actor('refuse_hours')
        reason = self._given(reason)[:LONGEST]
        if not reason:
            raise UserError(self.env._("Please write why, in words for the volunteer."))
        self._step('refuse_hours', {'state': 'refused', 'refuse_reason': reason})
        return True

    def action_reopen(self):
        """Take a confirmation back, before a mistake goes into a certificate."""
        self._step('reopen_hours', {
            'state': 'entered', 'confirmed_by_id': False, 'confirmed_at': False, 'approved_by_id': False,
            'approved_at': False})
        return True

    def action_correct(self, start_at, end_at):
        """Correct the times of one line; who corrects them answers for them, so they are approved anew.

        :param start_at: from, in UTC
        :param end_at: to, in UTC
        """
        self.ensure_one()
        self._check_actor('correct_hours')
        start, end = self._given_moment(start_at), self._given_moment(end_at)
        line_sudo = self.sudo()  # the actor was checked just above
        line_sudo.volunteer_id._take_turn()
        line_sudo._check_span(line_sudo.volunteer_id, start, end, line_sudo)
        self._step('correct_hours', {
            'start_at': start, 'end_at': end, 'state': 'entered', 'approved_by_id': False, 'approved_at': False})
        return True

    def _given_moment(self, value):
        """A moment in UTC as it was sent.

        :raise UserError: for what is none
        """
        try:
            moment = fields.Datetime.to_datetime(value) if value and not isinstance(value, bool) else None
        except (TypeError, ValueError):
            moment = None
        if not moment or moment.tzinfo:
            raise UserError(self.env._("Please check the times."))
        return moment.replace(microsecond=0)

    def _step(self, action, vals):
        self._do(action, vals)
        self.sudo().participation_id._settle_state()  # the step was checked just above

    def _actors(self):
        supervisors = Actors(frozenset(SUPERVISORS))
        return super()._actors() | {
            'approve_hours': supervisors, 'correct_hours': supervisors, 'refuse_hours': supervisors,
            'confirm_hours': Actors(frozenset({'volunteer_coordinator', 'manager'})),
            'reopen_hours': Actors(frozenset({'volunteer_coordinator'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for line in self.sudo() if action in STATES else ():  # the actor is checked apart
            mine = blockers[line.id]
            if line.state not in STATES[action]:
                mine.append(Blocker('state', self.env._("The state of these hours does not allow this.")))
            elif not line.end_at and action == 'approve_hours':
                mine.append(Blocker('open', self.env._(
                    "%(name)s is still checked in: please check out first.", name=line.volunteer_id.name)))
            elif action == 'confirm_hours' and line.approved_by_id == self.env.user:
                mine.append(Blocker('same', self.env._(
                    "You approved these hours yourself: a colleague confirms them.")))
        return blockers
