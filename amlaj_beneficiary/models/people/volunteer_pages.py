from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import hijri, hours
from ...tools.paper import qr_data_uri
from ...tools.phone import show_phone
from .opportunity import lang_of
from .participation_told import PAGE

MOST_PAST = 30
MOST_OPEN = 12


class AmlajVolunteer(models.Model):
    """What a volunteer reads on his own pages (R42, R70): what he joined, what he can join, his hours, his papers. Each
    page costs the same however much he did."""
    _inherit = 'amlaj.volunteer'

    @api.model
    def _my_volunteer(self):
        """The volunteer that the user is, in superuser mode; his own pages alone are made of him."""
        return self._of_user(self.env.user)

    def _my_volunteering(self):
        """The values of the page (superuser, of the user himself)."""
        self.ensure_one()
        Participation, lang = self.env['amlaj.volunteer.participation'], lang_of(self.env)
        upcoming = self._upcoming()
        past = Participation.search(
            Domain('volunteer_id', '=', self.id) & Domain('seat', '=', 'taken') & Domain('id', 'not in', upcoming.ids),
            order='starts_at desc, id desc', limit=MOST_PAST)
        Opportunity = self.env['amlaj.volunteer.opportunity']
        taken = upcoming.opportunity_id.filtered(lambda opportunity: not opportunity.shift_ids)
        offered = Opportunity._public_opportunities()[:MOST_OPEN] - taken if self.state == 'active' else Opportunity
        confirmed, waiting = self._hours_by_state()
        return {
            'upcoming': [deed._told_deed() for deed in upcoming],
            'past': [deed._told_deed() for deed in past],
            'offered': offered._told_opportunities(),
            'confirmed': hours.told_hours(confirmed, lang) if confirmed else '',
            'waiting': hours.told_hours(waiting, lang) if waiting else '',
            'is_active': self.state == 'active', 'number': self.number, 'visits': self._my_visits(),
            'may_visit': self.state == 'active' and not self._is_minor(), 'has_undertaking': self._has_undertaking(),
        }

    def _hours_by_state(self):
        """``(confirmed, waiting)`` hours of this volunteer (superuser)."""
        totals = dict(self.env['amlaj.volunteer.hours']._read_group(
            [('volunteer_id', '=', self.id), ('state', '!=', 'refused')], ['state'], ['hours:sum']))
        return totals.get('confirmed', 0), totals.get('entered', 0) + totals.get('approved', 0)

    def _my_visits(self):
        visits = self.env['amlaj.volunteer.visit'].search(
            [('volunteer_id', '=', self.id), ('state', '=', 'assigned')], order='planned_on, id', limit=MOST_PAST)
        return [{
            'id': visit.id, 'first_name': visit.first_name or '', 'place': visit.place or '',
            'day': hijri.full_date(visit.planned_on, lang_of(self.env)), 'is_due': visit.planned_on <= self._today(),
        } for visit in visits]

    def _my_participation(self, participation_id):
        """One participation of this volunteer, or an empty one (superuser)."""
        return self._picked('amlaj.volunteer.participation', participation_id).filtered(
            lambda deed: deed.volunteer_id == self)


class AmlajVolunteerParticipation(models.Model):
    """A participation as its volunteer reads it."""
    _inherit = 'amlaj.volunteer.participation'

    def _told_deed(self):
        """This participation for a page (superuser)."""
        self.ensure_one()
        opportunity, now = self.opportunity_id, fields.Datetime.now()
        return {
            'id': self.id, 'name': opportunity.name, 'when': self._told_when_long(), 'seat': self.seat,
            'place': ' · '.join(filter(None, (opportunity.locality_id.name, opportunity.place))),
            'state_text': self._told_state(), 'is_over': self.ends_at <= now, 'hours':
                hours.told_hours(self.hours, lang_of(self.env)) if self.hours else '',
            'has_certificate': self.state == 'approved', 'may_rate': self.state != 'registered' and not self.rating,
            'contact': show_phone(opportunity.contact_phone) if opportunity.contact_phone else '', 'page': f'{PAGE}/{self.id}'}

    def _told_when_long(self):
        if self.opportunity_id.is_flexible:
            return self.opportunity_id._told_when()
        day = self._local_day(self.starts_at)
        return f'{hijri.full_date(day, lang_of(self.env))} · {self.opportunity_id._told_hours(self.starts_at, self.ends_at)}'

    def _told_state(self):
        """Where it stands, in one sentence for the volunteer."""
        if self.opportunity_id.state == 'cancelled':
            return self.env._("It does not take place")
        if self.seat == 'waiting':
            return self.env._("You are on the waiting list; we tell you when a seat becomes free")
        if self.seat != 'taken':
            return self.env._("You gave the seat back") if self.seat == 'given_up' else self.env._("You did not come")
        return {
            'registered': self.env._("You have a seat"),
            'attended': self.env._("Your hours wait for approval"),
            'approved': self.env._("Your hours are confirmed")}[self.state]

    def _my_page(self):
        """The values of the page of one participation, for its volunteer (superuser)."""
        self.ensure_one()
        may = {name: not self._get_blockers(name)[self.id] for name in ('leave', 'enter_hours', 'rate', 'certificate')}
        return {
            **self._told_deed(), **{f'may_{name}': value for name, value in may.items()}, 'rating': self.rating,
            'risk': self.opportunity_id.risk_note or '', 'description': self.opportunity_id.description or '',
            'number': self.volunteer_id.number,
            'first_day': fields.Date.to_string(self._local_day(self.starts_at)),
            'last_day': fields.Date.to_string(min(self._local_day(self.opportunity_id.date_end), self._today())),
            'lines': [line._told_line() for line in self.hour_ids],
            # shown to the supervisor, who scans it
            'square': self.seat == 'taken' and self.state != 'approved' and qr_data_uri(
                f'{self.get_base_url()}/volunteering/check-in/{self.volunteer_id.number}')}

    def _calendar(self):
        """The calendar file of this participation (superuser); b'' where this server makes none."""
        self.ensure_one()
        opportunity = self.opportunity_id
        place = ', '.join(filter(None, (opportunity.locality_id.name, opportunity.place)))
        return opportunity.event_id._calendar_file(
            self.shift_id.slot_id, f'volunteering-{self.id}@{self.env["ir.config_parameter"].get_param("database.uuid")}',
            place, f'{self.get_base_url()}{PAGE}/{self.id}')


class AmlajVolunteerHours(models.Model):
    """A span of hours as its volunteer reads it."""
    _inherit = 'amlaj.volunteer.hours'

    def _told_line(self):
        self.ensure_one()
        states = dict(self._fields['state']._description_selection(self.env))
        end = self.end_at or self.start_at
        return {
            'id': self.id, 'day': hijri.full_date(self.day, lang_of(self.env)),
            'times': self.env['amlaj.volunteer.opportunity']._told_hours(self.start_at, end) if self.end_at
            else self.env['amlaj.paper']._show_time(self.start_at),
            'hours': hours.told_hours(self.hours, lang_of(self.env)) if self.hours else '',
            'state': states[self.state], 'reason': self.refuse_reason or ''}
