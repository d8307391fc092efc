from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.phone import clean_phone
from ...tools.text import clean_line
from ..registry.guarded import ASSOCIATION_TZ, GROUP

OPEN_STATES = ('open', 'full')
MOST_SEATS = 5000
MOST_DAYS = 400
OLDEST_AGE = 120
# what lasts longer than a day and has no shifts has no hours of its own: they are agreed on the way
DAY = timedelta(hours=24)
# who may be put in charge of volunteers, besides the coordinator
SUPERVISORS = ('representative', 'relations', 'researcher', 'delivery', 'volunteer_coordinator')
# Odoo's event writes to nobody, follows nothing and makes no lead of those who join
QUIET = {'tracking_disable': True, 'mail_create_nosubscribe': True, 'mail_create_nolog': True, 'event_lead_rule_skip': True}
IMPACTS = ('seedlings', 'kilograms', 'square_metres', 'families')


def lang_of(env):
    """The reader's language, or English where nothing is known of him."""
    return env.lang or 'en_US'


class AmlajVolunteerOpportunity(models.Model):
    """What volunteers can help with, and when: indoors or in the field, with seats, shifts and conditions (R3, R42;
    Volunteer Work Law, M/70).

    The coordinator makes and runs them; the supervisor whom he names sees his own and who comes; managers and auditors
    read all. A portal user reads what was opened. Each stands on an ``event.event`` of its own, which counts the seats
    and is shown nowhere else. ``state`` and the event are written by the steps alone.
    """
    _name = 'amlaj.volunteer.opportunity'
    _description = "Volunteering opportunity"
    _inherit = ['amlaj.guarded']
    _order = 'date_begin desc, id desc'
    _log_name = 'number'

    name = fields.Char(string="Title", required=True)
    number = fields.Char(string="Opportunity no.", readonly=True, copy=False)
    kind = fields.Selection([('indoor', "Indoor"), ('field', "In the field")], required=True, default='field')
    field_id = fields.Many2one(
        'amlaj.volunteer.field', string="Field of volunteering", index='btree_not_null', ondelete='restrict')
    description = fields.Text(string="What is done")
    place = fields.Char(help="Where people meet, as they know it.")
    locality_id = fields.Many2one('amlaj.locality', string="Village or district", ondelete='restrict')
    date_begin = fields.Datetime(string="Begins", required=True, index=True, copy=False)
    date_end = fields.Datetime(string="Ends", required=True, copy=False)
    is_flexible = fields.Boolean(
        string="Times by agreement", compute='_compute_is_flexible', store=True,
        help="It lasts longer than a day and has no shifts: each comes when it was agreed.")
    shift_ids = fields.One2many('amlaj.volunteer.shift', 'opportunity_id', string="Shifts")
    seats = fields.Integer(required=True, default=10, help="Of the opportunity; where it has shifts, of each of them.")
    supervisor_id = fields.Many2one(
        'res.users', required=True, index=True, ondelete='restrict', default=lambda self: self.env.user,
        help="Notes who came and approves the hours.")
    contact_phone = fields.Char(string="Number to call on the day")

    skill_ids = fields.Many2many('amlaj.volunteer.skill', string="Skills needed")
    gender = fields.Selection([('male', "Men"), ('female', "Women")], string="Only for")
    age_min = fields.Integer(string="From the age of")
    age_max = fields.Integer(string="Up to the age of")
    is_for_minors = fields.Boolean(string="Minors may join", help="It harms neither safety nor health of who is under age.")
    risk_note = fields.Text(string="Risks and precautions")
    platform_number = fields.Char(string="Number on the National Volunteering Platform")

    seedlings_planned = fields.Integer(string="Seedlings planned")
    seedlings_achieved = fields.Integer(string="Seedlings achieved", copy=False)
    kilograms_planned = fields.Float(string="Kilograms planned")
    kilograms_achieved = fields.Float(string="Kilograms achieved", copy=False)
    square_metres_planned = fields.Float(string="Square metres planned")
    square_metres_achieved = fields.Float(string="Square metres achieved", copy=False)
    families_planned = fields.Integer(string="Families to be served")
    families_achieved = fields.Integer(string="Families served", copy=False)

    state = fields.Selection([
        ('draft', "Being prepared"),
        ('open', "Open"),
        ('full', "Full"),
        ('done', "Carried out"),
        ('cancelled', "Cancelled"),
    ], required=True, default='draft', index=True, copy=False)
    cancel_reason = fields.Char(string="Why it was cancelled", copy=False)
    event_id = fields.Many2one(
        'event.event', ondelete='restrict', copy=False, groups='base.group_system')
    turn = fields.Integer(copy=False, help="Counts the changes of seats, so that two at the same moment come one by one.")
    participation_ids = fields.One2many(
        'amlaj.volunteer.participation', 'opportunity_id', string="Participations", copy=False)
    taken_count = fields.Integer(string="Seats taken", compute='_compute_counts')
    waiting_count = fields.Integer(string="On the waiting list", compute='_compute_counts')

    _number_unique = models.UniqueIndex('(number)', "This number is taken.")
    _event_unique = models.UniqueIndex('(event_id)', "This event belongs to another opportunity.")
    _shown = models.Index("(date_begin) WHERE state IN ('open', 'full')")

    _guarded_fields = frozenset({'number', 'state', 'cancel_reason', 'event_id', 'turn', 'participation_ids'})
    _portal_fields = frozenset({
        'name', 'number', 'kind', 'field_id', 'description', 'place', 'locality_id', 'date_begin', 'date_end', 'is_flexible',
        'seats', 'skill_ids', 'gender', 'age_min', 'age_max', 'is_for_minors', 'risk_note', 'state', 'contact_phone'})
    # what Odoo's event repeats
    _event_fields = frozenset({'name', 'date_begin', 'date_end', 'seats', 'shift_ids', 'state'})

    @api.depends('date_begin', 'date_end', 'shift_ids')
    def _compute_is_flexible(self):
        for opportunity in self:
            begin, end = opportunity.date_begin, opportunity.date_end
            opportunity.is_flexible = bool(begin and end and end - begin > DAY and not opportunity.shift_ids)

    @api.depends('participation_ids.seat')
    def _compute_counts(self):
        # whoever sees the opportunity sees its numbers
        rows = self.env['amlaj.volunteer.participation'].sudo()._read_group(
            [('opportunity_id', 'in', self.ids), ('seat', 'in', ('taken', 'waiting'))],
            ['opportunity_id', 'seat'], ['__count'])
        counts = {(opportunity.id, seat): count for opportunity, seat, count in rows}
        for opportunity in self:
            opportunity.taken_count = counts.get((opportunity.id, 'taken'), 0)
            opportunity.waiting_count = counts.get((opportunity.id, 'waiting'), 0)

    # ------------------------------------------------------------
    # What cannot be
    # ------------------------------------------------------------

    @api.constrains('date_begin', 'date_end', 'shift_ids')
    def _check_dates(self):
        for opportunity in self:
            begin, end = opportunity.date_begin, opportunity.date_end
            if end <= begin:
                raise ValidationError(self.env._("It ends before it begins: please check the times."))
            if end - begin > timedelta(days=MOST_DAYS):
                raise ValidationError(self.env._("An opportunity lasts %(days)s days at most.", days=MOST_DAYS))
            if opportunity._shifts_outside():
                raise ValidationError(self.env._("A shift lies outside the times of the opportunity."))

    def _shifts_outside(self):
        """The shifts that lie outside the times of this opportunity."""
        return self.shift_ids.filtered(
            lambda shift: shift.starts_at < self.date_begin or shift.ends_at > self.date_end)

    @api.constrains('seats', 'age_min', 'age_max')
    def _check_numbers(self):
        for opportunity in self:
            if not 0 < opportunity.seats <= MOST_SEATS:
                raise ValidationError(self.env._("Seats are between 1 and %(most)s.", most=MOST_SEATS))
            ages = opportunity.age_min, opportunity.age_max
            if any(not 0 <= age <= OLDEST_AGE for age in ages) or (ages[1] and ages[1] < ages[0]):
                raise ValidationError(self.env._("Please check the ages."))
            if opportunity.seats < max(opportunity.sudo()._taken_by_shift().values(), default=0):
                raise ValidationError(self.env._("More volunteers have a seat already."))

    @api.constrains(*(f'{name}_{when}' for name in IMPACTS for when in ('planned', 'achieved')))
    def _check_impact(self):
        for opportunity in self:
            if any(opportunity[f'{name}_{when}'] < 0 for name in IMPACTS for when in ('planned', 'achieved')):
                raise ValidationError(self.env._("What is planned or achieved is never below nothing."))

    @api.constrains('supervisor_id')
    def _check_supervisor(self):
        for opportunity in self:
            if not any(opportunity.supervisor_id.has_group(GROUP % role) for role in (*SUPERVISORS, 'manager')):
                raise ValidationError(self.env._(
                    "%(name)s has no role of the app that may supervise volunteers.", name=opportunity.supervisor_id.name))

    # ------------------------------------------------------------
    # With its event
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make opportunities, each with its number and an event of its own."""
        opportunities = super().create([self._clean_vals(vals) for vals in vals_list])
        opportunities_sudo = opportunities.sudo()  # number and event are the house's own
        for opportunity_sudo in opportunities_sudo:
            opportunity_sudo.number = opportunity_sudo.number or opportunity_sudo.env['ir.sequence'].next_by_code(
                'amlaj.volunteer.opportunity', sequence_date=self._today())
        opportunities_sudo._sync_event()
        return opportunities

    def write(self, vals):
        result = super().write(self._clean_vals(vals))
        if self._event_fields & vals.keys():
            self.sudo()._sync_event()  # the write was allowed just above; nobody else knows the event
        return result

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        for name in ('name', 'place', 'platform_number'):
            if vals.get(name):
                vals[name] = clean_line(vals[name])
        if vals.get('contact_phone'):
            vals['contact_phone'] = self._cleaned(clean_phone, vals['contact_phone'])
        return vals

    def _sync_event(self):
        """Bring the event and its slots in line with the opportunity and its shifts; make them where there are none
        (superuser)."""
        Event = self.env['event.event'].with_context(**QUIET)
        for opportunity in self:
            vals = {
                'name': opportunity.name, 'date_begin': opportunity.date_begin, 'date_end': opportunity.date_end,
                'date_tz': ASSOCIATION_TZ, 'seats_limited': True, 'seats_max': opportunity.seats,
                'kanban_state': 'cancel' if opportunity.state == 'cancelled' else 'normal',
                # while both move Odoo must not hold the old slots against the new days
                'is_multi_slots': False}
            if opportunity.event_id:
                opportunity.event_id.with_env(Event.env).write(vals)
            else:
                # no letters of Odoo, no questions, no address and nobody in charge: all of that is ours
                opportunity.event_id = Event.create({
                    **vals, 'is_volunteering': True, 'event_mail_ids': [Command.clear()], 'question_ids': [Command.clear()],
                    'description': False, 'address_id': False, 'organizer_id': False, 'user_id': False})
            for shift in opportunity.shift_ids:
                shift._sync_slot()
            # of several shifts that move, the first is written before the others: the last one settles it
            if opportunity.shift_ids and not opportunity._shifts_outside():
                opportunity.event_id.with_env(Event.env).is_multi_slots = True

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    # ------------------------------------------------------------
    # Seats
    # ------------------------------------------------------------

    def _take_turn(self):
        """Wait until this is the only transaction that changes the seats of these opportunities (superuser).

        The row is written, not only locked: whoever waited for it begins anew and counts what the other one left, since
        a transaction goes on seeing what there was when it began.
        """
        self.env.flush_all()
        for opportunity in self.sorted('id'):
            self.env.cr.execute(SQL(
                "UPDATE amlaj_volunteer_opportunity SET turn = coalesce(turn, 0) + 1 WHERE id = %s", opportunity.id))
        self.invalidate_recordset()

    def _taken_by_shift(self):
        """``{(opportunity id, shift id or False): seats taken}`` of these opportunities (superuser)."""
        rows = self.env['amlaj.volunteer.participation']._read_group(
            Domain('opportunity_id', 'in', self.ids) & Domain('seat', '=', 'taken'),
            ['opportunity_id', 'shift_id'], ['__count'])
        return {(opportunity.id, shift.id): count for opportunity, shift, count in rows}

    def _free_by_shift(self):
        """``{(opportunity id, shift id or False): free seats}`` of these opportunities (superuser)."""
        taken = self._taken_by_shift()
        return {
            (opportunity.id, shift.id): max(opportunity.seats - taken.get((opportunity.id, shift.id), 0), 0)
            for opportunity in self for shift in (opportunity.shift_ids or [opportunity.shift_ids])}

    def _settle_full(self):
        """Bring open and full in line with the free seats (superuser)."""
        free = self._free_by_shift()
        for opportunity in self.filtered(lambda shown: shown.state in OPEN_STATES):
            has_free = any(count for (id_, __), count in free.items() if id_ == opportunity.id)
            state = 'open' if has_free else 'full'
            if opportunity.state != state:
                opportunity.state = state
