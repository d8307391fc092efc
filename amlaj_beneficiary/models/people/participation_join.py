from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker
from .opportunity import OPEN_STATES

MOST_UPCOMING = 60


class AmlajVolunteerOpportunity(models.Model):
    """Joining: the one way to a seat, whoever does it (R42).

    Who comes when all seats are taken is put on the waiting list, and gets the first seat that is given up. Two who ask
    for the last seat at the same moment come one by one (``_take_turn``).
    """
    _inherit = 'amlaj.volunteer.opportunity'

    def action_join(self, shift_id=None):
        """Join as the volunteer that the user is.

        :param shift_id: the shift, where the opportunity has shifts
        :return: ``taken`` or ``waiting``
        :raise AccessError: for who is no volunteer
        :raise UserError: with every reason why not
        """
        self.ensure_one()
        volunteer_sudo = self.env['amlaj.volunteer']._of_user(self.env.user)
        if not volunteer_sudo:
            raise AccessError(self.env._("Only volunteers join. Please sign up first."))
        self.check_access('read')
        return self.sudo()._join(volunteer_sudo, self._given_shift(shift_id)).seat  # his own seat

    def action_join_for(self, volunteer_id, shift_id=None):
        """Join for a volunteer who called or came (R69): the same as he would do in his pages.

        :param volunteer_id: the volunteer
        :param shift_id: the shift, where the opportunity has shifts
        :return: ``taken`` or ``waiting``
        """
        self.ensure_one()
        self._check_actor('join_for')
        volunteer = self._picked('amlaj.volunteer', volunteer_id)
        if not volunteer:
            raise UserError(self.env._("Please choose the volunteer."))
        volunteer.check_access('write')  # nobody books himself in a staff role
        return self.sudo()._join(volunteer.sudo(), self._given_shift(shift_id)).seat  # the step was checked

    def _given_shift(self, shift_id):
        return self.sudo()._picked('amlaj.volunteer.shift', shift_id)

    def _join(self, volunteer, shift):
        """The participation of ``volunteer``, with a seat or on the waiting list (superuser; the caller was checked).

        :raise UserError: with every reason why not
        """
        self._take_turn()
        volunteer._take_turn()
        blockers = self._join_blockers(volunteer, shift)
        if blockers:
            raise UserError("\n".join(blocker.text for blocker in blockers))
        has_free = self._free_by_shift().get((self.id, shift.id)) and not self._first_waiting(shift)
        vals = {'seat': 'taken' if has_free else 'waiting', 'joined_at': fields.Datetime.now(), 'reminded_day_at': False,
                'reminded_hours_at': False}
        participation = self._participation_of(volunteer, shift)
        if participation:
            participation.write(vals)  # he gave his seat up before
        else:
            participation = participation.create({
                **vals, 'volunteer_id': volunteer.id, 'opportunity_id': self.id, 'shift_id': shift.id})
        self.env.flush_all()
        self._settle_full()
        return participation

    def _participation_of(self, volunteer, shift):
        return self.env['amlaj.volunteer.participation'].search([
            ('volunteer_id', '=', volunteer.id), ('opportunity_id', '=', self.id), ('shift_id', '=', shift.id)])

    # ------------------------------------------------------------
    # Why not
    # ------------------------------------------------------------

    def _join_blockers(self, volunteer, shift):
        """Every reason why this volunteer cannot join this now (superuser)."""
        found = []

        def block(code, text):
            found.append(Blocker(code, text, 'applicant'))

        if self.state not in OPEN_STATES:
            return [Blocker('state', self.env._("This opportunity takes nobody any more, or not yet."), 'applicant')]
        if (self.shift_ids and shift not in self.shift_ids) or (shift and not self.shift_ids):
            return [Blocker('shift', self.env._("Please choose one of the shifts."), 'applicant')]
        begin, end = self._times(shift)
        if (end if self.is_flexible else begin) <= fields.Datetime.now():
            block('past', self.env._("It has begun already: please choose another one."))
        present = self._participation_of(volunteer, shift)
        if present and present.seat != 'given_up':
            block('joined', self.env._("You joined this already."))
        found += self._person_blockers(volunteer, self._local_day(begin))
        if not self.is_flexible and volunteer._overlapping(begin, end, present):
            block('overlap', self.env._("At this time you are registered for something else."))
        if not present and len(volunteer._upcoming()) >= MOST_UPCOMING:
            block('many', self.env._("You joined %(most)s already. Please give a seat back first.", most=MOST_UPCOMING))
        return found

    def _person_blockers(self, volunteer, day):
        """What is in the way because of who the volunteer is on ``day`` (superuser)."""
        reasons = []
        if volunteer.state != 'active':
            reasons.append(('volunteer', self.env._("You are not registered as an active volunteer. Please call us.")))
        charters = volunteer.agreement_ids.filtered(lambda agreement: agreement.kind == 'charter')
        if charters and all(charter.state == 'draft' for charter in charters):
            reasons.append(('charter', self.env._("Please sign your charter first: it waits in your pages.")))
        age = volunteer._age(day)
        if volunteer._is_minor(day) and not self.is_for_minors:
            reasons.append(('minor', self.env._("This opportunity is for adults.")))
        elif age is not None and (age < self.age_min or (self.age_max and age > self.age_max)):
            reasons.append(('age', self.env._("This opportunity is for another age.")))
        elif age is None and (self.age_min or self.age_max):
            reasons.append(('age', self.env._("We need your birth date first. Please call us.")))
        if self.gender and volunteer.gender != self.gender:
            reasons.append(('gender', self.env._("This opportunity is for women.") if self.gender == 'female'
                            else self.env._("This opportunity is for men.")))
        lacking = self.skill_ids - volunteer.skill_ids
        if lacking:
            reasons.append(('skill', self.env._(
                "It needs: %(skills)s. If you can do that, please call us, and we note it.",
                skills='، '.join(lacking.mapped('name')))))
        return [Blocker(code, text, 'applicant') for code, text in reasons]

    def _times(self, shift):
        """When the shift, or the whole, begins and ends."""
        return (shift.starts_at, shift.ends_at) if shift else (self.date_begin, self.date_end)

    # ------------------------------------------------------------
    # The waiting list
    # ------------------------------------------------------------

    def _first_waiting(self, shift):
        return self.env['amlaj.volunteer.participation'].search([
            ('opportunity_id', '=', self.id), ('shift_id', '=', shift.id), ('seat', '=', 'waiting')],
            order='joined_at, id', limit=1)

    def _fill_seats(self):
        """Give free seats to who waits longest and still can come, and tell him (superuser, after ``_take_turn``)."""
        waiting = self.env['amlaj.volunteer.participation'].search([
            ('opportunity_id', 'in', self.ids), ('seat', '=', 'waiting')], order='joined_at, id')
        free = self._free_by_shift()
        for participation in waiting:
            opportunity, volunteer = participation.opportunity_id, participation.volunteer_id
            key = opportunity.id, participation.shift_id.id
            begin, end = opportunity._times(participation.shift_id)
            is_over = opportunity.state not in OPEN_STATES or end <= fields.Datetime.now()
            if not free.get(key) or is_over or opportunity._person_blockers(volunteer, self._local_day(begin)):
                continue
            volunteer._take_turn()
            if not opportunity.is_flexible and volunteer._overlapping(begin, end, participation):
                continue
            free[key] -= 1
            participation.write({'seat': 'taken', 'reminded_day_at': False, 'reminded_hours_at': False})
            participation._tell('seat')
        self.env.flush_all()
        self._settle_full()

    def _actors(self):
        return super()._actors() | {'join_for': Actors(frozenset({'volunteer_coordinator'}))}


class AmlajVolunteerParticipation(models.Model):
    """Giving a seat back."""
    _inherit = 'amlaj.volunteer.participation'

    _own_actions = frozenset({'leave', 'rate', 'enter_hours', 'certificate'})

    def action_leave(self):
        """Give the seat, or the place on the waiting list, back; whoever waits longest gets it."""
        for participation in self:
            participation._check_actor('leave')
            opportunity_sudo = participation.sudo().opportunity_id  # the step was checked just above
            opportunity_sudo._take_turn()
            participation._do('leave', {'seat': 'given_up'})
            self.env.flush_all()
            opportunity_sudo._fill_seats()
        return True

    def _actors(self):
        return super()._actors() | {'leave': Actors(frozenset({'volunteer_coordinator'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for participation in self.sudo() if action == 'leave' else ():  # the actor is checked apart
            if participation.seat not in ('taken', 'waiting') or participation.state != 'registered':
                blockers[participation.id].append(Blocker('state', self.env._("There is no seat to give back.")))
            elif participation.starts_at <= fields.Datetime.now() and not participation.opportunity_id.is_flexible:
                blockers[participation.id].append(Blocker('state', self.env._(
                    "It has begun already. Please tell the supervisor if you cannot come.")))
        return blockers


class AmlajVolunteer(models.Model):
    """What he is registered for."""
    _inherit = 'amlaj.volunteer'

    @api.model
    def _seated_domain(self):
        return Domain('seat', '=', 'taken') & Domain('opportunity_id.state', 'in', ('open', 'full', 'done'))

    def _upcoming(self):
        """His participations that are still to come or going on (superuser)."""
        return self.env['amlaj.volunteer.participation'].search(
            Domain('volunteer_id', 'in', self.ids) & Domain('seat', 'in', ('taken', 'waiting'))
            & Domain('ends_at', '>', fields.Datetime.now()) & Domain('opportunity_id.state', 'in', OPEN_STATES),
            order='starts_at, id')

    def _overlapping(self, begin, end, but):
        """His seats between two moments, besides ``but``; times by agreement overlap with nothing (superuser)."""
        return self.env['amlaj.volunteer.participation'].search(
            self._seated_domain() & Domain('volunteer_id', '=', self.id) & Domain('id', 'not in', but.ids)
            & Domain('opportunity_id.is_flexible', '=', False)
            & Domain('starts_at', '<', end) & Domain('ends_at', '>', begin), limit=1)
