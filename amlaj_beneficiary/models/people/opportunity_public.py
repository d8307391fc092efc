from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import hijri
from ...tools.counted import counted
from ..registry.mandate import ADULT_AGE
from .opportunity import OPEN_STATES, lang_of

MOST_SHOWN = 100
MOST_ID = 2 ** 31 - 1
PAGE_FIELDS = [
    'name', 'number', 'kind', 'field_id', 'description', 'place', 'locality_id', 'date_begin', 'date_end', 'is_flexible',
    'seats', 'skill_ids', 'gender', 'age_min', 'age_max', 'is_for_minors', 'risk_note', 'state', 'platform_number']


class AmlajVolunteerOpportunity(models.Model):
    """The opportunities as everyone reads them, before anybody is asked who he is (R42): open ones that are still to come.
    Nothing of who joined but how many seats are left."""
    _inherit = 'amlaj.volunteer.opportunity'

    @api.model
    def _public_domain(self):
        return Domain('state', 'in', OPEN_STATES) & Domain('date_end', '>', fields.Datetime.now())

    @api.model
    def _public_opportunities(self):
        """The open ones, the next first, in superuser mode."""
        # what was opened is for everyone
        return self.sudo().search_fetch(self._public_domain(), PAGE_FIELDS, order='date_begin, id', limit=MOST_SHOWN)

    @api.model
    def _public_opportunity(self, opportunity_id):
        """The open one of this id in superuser mode, or an empty record."""
        if not 0 < opportunity_id <= MOST_ID:
            return self.sudo().browse()
        return self.sudo().search_fetch(self._public_domain() & Domain('id', '=', opportunity_id), PAGE_FIELDS)

    def _told_opportunities(self):
        """These for a page, one dict each (superuser); a constant number of queries."""
        free, kinds = self._free_by_shift(), dict(self._fields['kind']._description_selection(self.env))
        return [opportunity._told_opportunity(free, kinds) for opportunity in self]

    def _told_opportunity(self, free, kinds):
        shifts = [shift._told_shift(free) for shift in self.shift_ids if shift.ends_at > fields.Datetime.now()]
        left = sum(shift['free'] for shift in shifts) if self.shift_ids else free[self.id, False]
        return {
            'id': self.id, 'number': self.number, 'name': self.name, 'kind': kinds[self.kind],
            'field': self.field_id.name or '', 'description': self.description or '',
            'place': ' · '.join(filter(None, (self.locality_id.name, self.place))),
            'when': self._told_when(), 'shifts': shifts, 'free': left,
            'free_text': self._told_seats_left(left),
            'skills': self.skill_ids.mapped('name'), 'conditions': self._told_conditions(),
            'risk': self.risk_note or '', 'platform_number': self.platform_number or ''}

    def _told_when(self):
        """The day and the hours, or from which day to which."""
        lang = lang_of(self.env)
        first, last = self._local_day(self.date_begin), self._local_day(self.date_end)
        if first == last:
            return f'{hijri.full_date(first, lang)} · {self._told_hours(self.date_begin, self.date_end)}'
        return self.env._(
            "From %(first)s to %(last)s", first=hijri.full_date(first, lang), last=hijri.full_date(last, lang))

    @api.model
    def _told_hours(self, begin, end):
        """The hours of the association's clock, the first one first in either direction of writing."""
        Paper = self.env['amlaj.paper']
        return self.env._("%(begin)s to %(end)s", begin=Paper._show_time(begin), end=Paper._show_time(end))

    @api.model
    def _told_seats_left(self, left):
        return self.env._("%(seats)s left", seats=counted(left, 'seat', lang_of(self.env))) if left else self.env._(
            "Full: you can wait for a seat")

    def _told_conditions(self):
        """Who may join, in short sentences."""
        found = []
        if self.gender:
            found.append(self.env._("For women") if self.gender == 'female' else self.env._("For men"))
        lowest = self.age_min if self.is_for_minors else max(self.age_min, ADULT_AGE)
        if lowest and self.age_max:
            found.append(self.env._("From %(lowest)s to %(highest)s years of age", lowest=lowest, highest=self.age_max))
        elif lowest:
            found.append(self.env._("From the age of %(lowest)s", lowest=lowest))
        elif self.age_max:
            found.append(self.env._("Up to the age of %(highest)s", highest=self.age_max))
        return found


class AmlajVolunteerShift(models.Model):
    _inherit = 'amlaj.volunteer.shift'

    def _told_shift(self, free):
        """This shift for a page (superuser)."""
        self.ensure_one()
        Opportunity, left = self.env['amlaj.volunteer.opportunity'], free[self.opportunity_id.id, self.id]
        return {
            'id': self.id, 'day': hijri.full_date(self.date, lang_of(self.env)), 'free': left,
            'hours': Opportunity._told_hours(self.starts_at, self.ends_at),
            'free_text': Opportunity._told_seats_left(left), 'is_over': self.starts_at <= fields.Datetime.now()}
