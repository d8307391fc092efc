import re
from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import bare
from ..registry.guarded import ASSOCIATION_TZ, Actors, AddedFields, Blocker
from .opportunity import OPEN_STATES, SUPERVISORS
from .volunteer_hours import MOST_A_DAY

LONGEST = 1000
# who comes early is checked in, and so is who leaves late
EARLY, LATE = timedelta(hours=2), timedelta(hours=6)
# so many days after it is over a volunteer may still enter his hours
ENTRY_DAYS = 30
CLOCK = re.compile(r'([01]?\d|2[0-3])[:.]?([0-5]\d)')


class AmlajVolunteerParticipation(models.Model):
    """Coming, and the hours of it: checked in and out, noted from the list, or entered by the volunteer; and what each
    says of the other (R42)."""
    _inherit = 'amlaj.volunteer.participation'

    _supervised = frozenset({'check_in', 'check_out', 'attended', 'absent', 'conduct'})
    _portal_fields = AddedFields('is_checked_in')

    is_checked_in = fields.Boolean(string="Is there now", compute='_compute_is_checked_in')

    @api.depends('hour_ids.end_at', 'hour_ids.state')
    def _compute_is_checked_in(self):
        # whoever sees the participation sees that
        rows = self.env['amlaj.volunteer.hours'].sudo()._read_group(
            [('participation_id', 'in', self.ids), ('end_at', '=', False), ('state', '!=', 'refused')], ['participation_id'])
        inside = {participation.id for [participation] in rows}
        for participation in self:
            participation.is_checked_in = participation.id in inside

    # ------------------------------------------------------------
    # By the supervisor
    # ------------------------------------------------------------

    def action_check_in(self):
        """Note that the volunteer has come, now; his time counts from the beginning, not from before it."""
        for participation in self:
            participation._do('check_in')
            deed_sudo = participation.sudo()  # the step was checked just above
            deed_sudo.volunteer_id._take_turn()
            now = fields.Datetime.now()
            fixed = not deed_sudo.opportunity_id.is_flexible
            start = max(now, deed_sudo.starts_at) if fixed else now
            if start <= now:
                deed_sudo.env['amlaj.volunteer.hours']._check_span(deed_sudo.volunteer_id, start, None)
            deed_sudo._note_hours(start, False, 'check_in')
        return True

    def action_check_out(self):
        """Note that the volunteer leaves, now."""
        for participation in self:
            participation._do('check_out')
            deed_sudo = participation.sudo()  # the step was checked just above
            deed_sudo.volunteer_id._take_turn()
            line = deed_sudo.hour_ids.filtered(lambda line: not line.end_at and line.state != 'refused')
            now = fields.Datetime.now()
            if now <= line.start_at:
                line.unlink()  # he left before it began
            else:
                line.end_at = min(now, line.start_at + timedelta(hours=MOST_A_DAY))
            deed_sudo._settle_state()
        return True

    def action_attended(self):
        """Note from the list that these came for the whole time, many at once; the supervisor thereby approves it."""
        for participation in self:
            participation._do('attended')
            deed_sudo = participation.sudo()  # the step was checked just above
            deed_sudo.volunteer_id._take_turn()
            deed_sudo.env['amlaj.volunteer.hours']._check_span(
                deed_sudo.volunteer_id, deed_sudo.starts_at, deed_sudo.ends_at)
            deed_sudo._note_hours(
                deed_sudo.starts_at, deed_sudo.ends_at, 'list', {'state': 'approved', **self._stamp('approved')})
        return True

    def action_absent(self):
        """Note that these had a seat and did not come."""
        return self._do('absent', {'seat': 'absent'})

    def action_conduct(self, text):
        """Say something of the volunteer's conduct; the coordinator alone reads it.

        :param text: the supervisor's words; empty takes back what was said
        """
        self._do('conduct', {'conduct_note': self._given(text)[:LONGEST] or False, 'conduct_by_id': self.env.uid})
        return True

    # ------------------------------------------------------------
    # By the volunteer
    # ------------------------------------------------------------

    def action_enter_hours(self, day, time_from, time_to):
        """Enter hours as the volunteer: the supervisor approves them.

        :param day: the day
        :param time_from: from, on the association's clock, as 16:30
        :param time_to: to; where it is not later than ``time_from``, on the next day
        """
        self.ensure_one()
        self._check_actor('enter_hours')
        given = self._given_day(day)
        if not given:
            raise UserError(self.env._("Please check the day."))
        start, end = self._given_clock(given, time_from), self._given_clock(given, time_to)
        if end <= start:
            end += timedelta(days=1)
        deed_sudo = self.sudo()  # the actor was checked just above
        deed_sudo.volunteer_id._take_turn()
        self._do('enter_hours')
        first, last = self._local_day(deed_sudo.opportunity_id.date_begin), self._local_day(deed_sudo.opportunity_id.date_end)
        if not first <= given <= last:
            raise UserError(self.env._("On this day the opportunity did not take place."))
        deed_sudo.env['amlaj.volunteer.hours']._check_span(deed_sudo.volunteer_id, start, end)
        deed_sudo._note_hours(start, end, 'own')
        return True

    def _given_clock(self, day, text):
        """The moment in UTC of a time that somebody typed.

        :raise UserError: for what is no time
        """
        found = CLOCK.fullmatch(bare(text)) if isinstance(text, str) else None
        if not found:
            raise UserError(self.env._("Please write the time as 16:30."))
        local = datetime(day.year, day.month, day.day, int(found[1]), int(found[2]))
        return pytz.timezone(ASSOCIATION_TZ).localize(local).astimezone(pytz.UTC).replace(tzinfo=None)

    def action_rate(self, rating, note=None):
        """Rate the opportunity as the volunteer; the coordinator alone reads it.

        :param rating: '1' (very dissatisfied) to '5' (very satisfied)
        :param note: a remark
        """
        self._check_actor('rate')
        if rating not in ('1', '2', '3', '4', '5'):
            raise UserError(self.env._("Please choose one of the five answers."))
        return self._do('rate', {'rating': rating, 'rating_note': self._given(note)[:LONGEST] or False})

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _note_hours(self, start, end, source, vals=None):
        """Keep a span of time, and that the volunteer came (superuser; the span was checked)."""
        self.ensure_one()
        self.env['amlaj.volunteer.hours'].create({
            'participation_id': self.id, 'start_at': start, 'end_at': end, 'source': source, **(vals or {})})
        self._settle_state()

    def _settle_state(self):
        """Bring the state in line with the hours (superuser): attended once some are noted, approved once the
        coordinator confirmed them all."""
        for participation in self:
            states = set(participation.hour_ids.filtered(lambda line: line.state != 'refused').mapped('state'))
            state = 'approved' if states == {'confirmed'} else 'attended' if states else 'registered'
            if participation.state != state:
                participation.state = state
                participation._settle_certificate()

    def _actors(self):
        supervisors = Actors(frozenset(SUPERVISORS))
        return super()._actors() | {
            **dict.fromkeys(self._supervised, supervisors), 'rate': Actors(), 'enter_hours': Actors()}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action in self._supervised | {'enter_hours', 'rate'}:
            for participation in self.sudo():  # the actor is checked apart
                text = participation._attend_problem(action, fields.Datetime.now())
                if text:
                    blockers[participation.id].append(Blocker('state', text))
        return blockers

    def _attend_problem(self, action, now):
        """Why this step is not possible now; '' where it is (superuser)."""
        opportunity, fixed = self.opportunity_id, not self.opportunity_id.is_flexible
        if action in ('conduct', 'rate'):
            return '' if self.state != 'registered' else self.env._("This is asked after the volunteer came.")
        if self.seat != 'taken':
            return self.env._("The volunteer has no seat here.")
        if opportunity.state not in (*OPEN_STATES, 'done'):
            return self.env._("The opportunity is not under way.")
        if action == 'check_in':
            if self.is_checked_in:
                return self.env._("The volunteer is checked in already.")
            if not self.starts_at - EARLY <= now <= self.ends_at + LATE:
                return self.env._("It is not the time of this opportunity.")
        elif action == 'check_out':
            return '' if self.is_checked_in else self.env._("The volunteer is not checked in.")
        elif action == 'attended':
            if not fixed or self.hour_ids.filtered(lambda line: line.state != 'refused'):
                return self.env._("Hours are noted already, or times are by agreement: please enter the times.")
            if self.ends_at > now:
                return self.env._("It is not over yet.")
        elif action == 'absent':
            if self.state != 'registered' or self.starts_at > now:
                return self.env._("This is noted after it has begun, of who did not come.")
        elif self.starts_at > now or now > opportunity.date_end + timedelta(days=ENTRY_DAYS):
            return self.env._("Hours are entered after it has begun, and %(days)s days after its end at the latest.",
                              days=ENTRY_DAYS)
        return ''

    @api.model
    def _of_code(self, code):
        """The participations that a square or a number stands for, among those that this user supervises today.

        :param code: the number of a volunteer, with or without the check digits of his card
        """
        number = bare(code).partition('-')[0] if isinstance(code, str) else ''
        if not number.isdecimal():
            return self.browse()
        # the user's own right decides which participations he finds; only the number is looked up beyond it
        volunteer_sudo = self.env['amlaj.volunteer'].sudo().search([('number', '=', number)], limit=1)
        now = fields.Datetime.now()
        found = self.search([
            ('volunteer_id', '=', volunteer_sudo.id), ('seat', '=', 'taken'), ('starts_at', '<=', now + EARLY),
            ('ends_at', '>=', now - LATE)], order='starts_at, id') if volunteer_sudo else self.browse()
        return found._filtered_actor('check_in')
