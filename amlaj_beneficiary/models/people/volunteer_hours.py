from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.hijri import age_on
from ..registry.guarded import ASSOCIATION_TZ

# the Volunteer Work Law asks that health and safety be kept: nobody helps longer than that in one day
MOST_A_DAY = 16
AGE_BANDS = ((18, 'minor'), (36, 'young'), (60, 'middle'))


class AmlajVolunteerHours(models.Model):
    """A span of time in which a volunteer helped: checked in by the supervisor, noted from the list, or entered by the
    volunteer himself; then approved by the supervisor and confirmed by the coordinator (R3, R42).

    The supervisor sees and approves those of his opportunities, the coordinator all; managers may confirm too, auditors
    read. A volunteer reads his own. Nobody approves his own hours, and nobody confirms what he approved himself.
    Month, field, gender and age band stand beside each span for the reports.
    """
    _name = 'amlaj.volunteer.hours'
    _description = "Volunteering hours"
    _inherit = ['amlaj.volunteer.deed']
    _order = 'start_at desc, id desc'

    participation_id = fields.Many2one(
        'amlaj.volunteer.participation', required=True, index=True, ondelete='restrict')
    volunteer_id = fields.Many2one(
        'amlaj.volunteer', related='participation_id.volunteer_id', store=True, index=True)
    opportunity_id = fields.Many2one(
        'amlaj.volunteer.opportunity', related='participation_id.opportunity_id', store=True, index=True)
    field_id = fields.Many2one(
        'amlaj.volunteer.field', string="Field of volunteering", related='opportunity_id.field_id', store=True)
    start_at = fields.Datetime(string="From", required=True, index=True)
    end_at = fields.Datetime(string="To", help="Empty: he is there now.")
    day = fields.Date(compute='_compute_day', store=True)
    hours = fields.Float(compute='_compute_hours', store=True)
    source = fields.Selection([
        ('check_in', "Checked in and out"),
        ('list', "From the list"),
        ('own', "Entered by the volunteer"),
    ], string="Noted by", required=True, default='own')
    state = fields.Selection([
        ('entered', "To be approved"),
        ('approved', "To be confirmed"),
        ('confirmed', "Confirmed"),
        ('refused', "Refused"),
    ], required=True, default='entered', index=True)
    refuse_reason = fields.Char(string="Why they were refused")
    entered_by_id = fields.Many2one('res.users', string="Entered by", default=lambda self: self.env.user)
    approved_by_id = fields.Many2one('res.users', string="Approved by")
    approved_at = fields.Datetime(string="Approved on")
    confirmed_by_id = fields.Many2one('res.users', string="Confirmed by")
    confirmed_at = fields.Datetime(string="Confirmed on")
    gender = fields.Selection([('male', "Male"), ('female', "Female")], compute='_compute_who', store=True)
    age_band = fields.Selection([
        ('minor', "Under 18"),
        ('young', "18 to 35"),
        ('middle', "36 to 59"),
        ('old', "60 and above"),
        ('unknown', "Not known"),
    ], string="Age on that day", compute='_compute_who', store=True)

    _ends_later = models.Constraint('CHECK(end_at IS NULL OR end_at > start_at)', "The time ends before it begins.")
    _one_open = models.UniqueIndex(
        "(volunteer_id) WHERE end_at IS NULL AND state != 'refused'", "The volunteer is checked in somewhere already.")
    _to_do = models.Index("(opportunity_id) WHERE state IN ('entered', 'approved')")

    _guarded_fields = frozenset({
        'participation_id', 'volunteer_id', 'opportunity_id', 'field_id', 'start_at', 'end_at', 'day', 'hours', 'source',
        'state', 'refuse_reason', 'entered_by_id', 'approved_by_id', 'approved_at', 'confirmed_by_id', 'confirmed_at',
        'gender', 'age_band'})
    _portal_fields = frozenset({
        'participation_id', 'volunteer_id', 'opportunity_id', 'start_at', 'end_at', 'day', 'hours', 'source', 'state',
        'refuse_reason'})

    @api.depends('start_at')
    def _compute_day(self):
        for line in self:
            line.day = line.start_at and self._local_day(line.start_at)

    @api.depends('start_at', 'end_at')
    def _compute_hours(self):
        for line in self:
            span = line.end_at - line.start_at if line.start_at and line.end_at else timedelta()
            line.hours = round(span.total_seconds() / 60) / 60

    @api.depends('volunteer_id.gender', 'volunteer_id.birth_date', 'day')
    def _compute_who(self):
        for line in self:
            birth = line.volunteer_id.birth_date
            line.gender = line.volunteer_id.gender
            line.age_band = 'unknown'
            if birth and line.day and birth <= line.day:
                age = age_on(birth, line.day)
                line.age_band = next((band for limit, band in AGE_BANDS if age < limit), 'old')

    @api.depends('volunteer_id', 'day')
    def _compute_display_name(self):
        # whoever sees the hours sees whose they are
        for line in self:
            line.display_name = f'{line.sudo().volunteer_id.name or ""} · {line.day or ""}'

    def _supervisor(self):
        return self.opportunity_id.supervisor_id

    # ------------------------------------------------------------
    # What cannot be
    # ------------------------------------------------------------

    @api.model
    def _check_span(self, volunteer, start, end, but=None):
        """Refuse a span that nobody can have helped in: too long, in the future, or while he helped elsewhere
        (superuser, after the volunteer's ``_take_turn``).

        :param end: None for a span that has just begun
        :param but: the line that is corrected
        :raise UserError: saying why
        """
        end = end or start + timedelta(minutes=1)
        if end <= start:
            raise UserError(self.env._("The time ends before it begins."))
        if end > fields.Datetime.now() + timedelta(minutes=1):
            raise UserError(self.env._("Hours are noted once they are over, not before."))
        if end - start > timedelta(hours=MOST_A_DAY):
            raise UserError(self._message_too_long())
        near = self._near(volunteer, start, end, but)
        longest = timedelta(hours=MOST_A_DAY)
        for line in near:
            line_end = line.end_at or line.start_at + longest
            if line.start_at < end and line_end > start:
                raise UserError(self.env._(
                    "At this time other hours are noted already: %(hours)s.", hours=line._told_span()))
        spans = [(line.start_at, line.end_at) for line in near if line.end_at] + [(start, end)]
        if any(total > longest for total in self._by_day(spans).values()):
            raise UserError(self._message_too_long())

    @api.model
    def _near(self, volunteer, start, end, but):
        """The volunteer's lines of the days around a span (superuser)."""
        around = timedelta(days=2)
        return self.search(
            Domain('volunteer_id', '=', volunteer.id) & Domain('state', '!=', 'refused')
            & Domain('start_at', '>', start - around) & Domain('start_at', '<', end + around)
            & Domain('id', 'not in', but.ids if but else []))

    @api.model
    def _by_day(self, spans):
        """``{day of the association: time}`` of spans; what goes over midnight counts for each of its days."""
        zone, totals = pytz.timezone(ASSOCIATION_TZ), {}
        for start, end in spans:
            start, end = (pytz.UTC.localize(moment).astimezone(zone).replace(tzinfo=None) for moment in (start, end))
            while start < end:
                midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
                totals[start.date()] = totals.get(start.date(), timedelta()) + min(end, midnight) - start
                start = midnight
        return totals

    def _message_too_long(self):
        return self.env._("Nobody helps more than %(most)s hours in one day: please check the times.", most=MOST_A_DAY)

    def _told_span(self):
        """Day and times of this line, for messages and pages."""
        Paper = self.env['amlaj.paper']
        times = [Paper._show_time(self.start_at), Paper._show_time(self.end_at) or '…']
        return f'{fields.Date.to_string(self.day)} {Paper._ltr("-".join(times))}'
