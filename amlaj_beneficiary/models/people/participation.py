from odoo import api, fields, models
from odoo.exceptions import UserError

from .opportunity import QUIET

COORDINATOR_ONLY = 'amlaj_beneficiary.group_volunteer_coordinator'
# what Odoo's registration says of a seat
REGISTRATION_STATES = {'taken': 'open', 'waiting': 'draft', 'given_up': 'cancel', 'absent': 'cancel'}


class AmlajVolunteerParticipation(models.Model):
    """A volunteer and an opportunity, or one of its shifts: his seat, his hours, what each said of the other (R3, R42).

    One to one with an ``event.registration``. The volunteer reads the listed fields of his own and joins, leaves, rates
    and enters his hours from his pages; the supervisor sees those of his own opportunities; the coordinator, managers and
    auditors all. Nobody writes: the steps do.

    ``seat`` says whether he has one; ``state`` how far it went: registered, attended once hours are noted, approved once
    the coordinator confirmed them all.
    """
    _name = 'amlaj.volunteer.participation'
    _description = "Participation of a volunteer"
    _inherit = ['amlaj.volunteer.deed']
    _order = 'starts_at desc, id desc'

    volunteer_id = fields.Many2one('amlaj.volunteer', required=True, index=True, ondelete='restrict')
    opportunity_id = fields.Many2one('amlaj.volunteer.opportunity', required=True, index=True, ondelete='restrict')
    shift_id = fields.Many2one('amlaj.volunteer.shift', index='btree_not_null', ondelete='restrict')
    registration_id = fields.Many2one(
        'event.registration', ondelete='restrict', groups='base.group_system', copy=False)
    starts_at = fields.Datetime(string="Starts at", compute='_compute_times', store=True)
    ends_at = fields.Datetime(string="Ends at", compute='_compute_times', store=True)
    seat = fields.Selection([
        ('taken', "Has a seat"),
        ('waiting', "On the waiting list"),
        ('given_up', "Gave the seat up"),
        ('absent', "Did not come"),
    ], required=True, default='taken', index=True)
    joined_at = fields.Datetime(string="Joined at", required=True, default=fields.Datetime.now)
    state = fields.Selection([
        ('registered', "Registered"),
        ('attended', "Attended"),
        ('approved', "Hours approved"),
    ], required=True, default='registered', index=True)
    hour_ids = fields.One2many('amlaj.volunteer.hours', 'participation_id', string="Hours noted")
    hours = fields.Float(compute='_compute_hours', store=True, help="All that were noted and not refused.")
    reminded_day_at = fields.Datetime(string="Reminded the day before")
    reminded_hours_at = fields.Datetime(string="Reminded shortly before")

    rating = fields.Selection([
        ('1', "Very dissatisfied"),
        ('2', "Dissatisfied"),
        ('3', "Neutral"),
        ('4', "Satisfied"),
        ('5', "Very satisfied"),
    ], string="The volunteer's rating", groups=COORDINATOR_ONLY, copy=False)
    rating_note = fields.Text(string="What the volunteer said", groups=COORDINATOR_ONLY, copy=False)
    conduct_note = fields.Text(string="What the supervisor said", groups=COORDINATOR_ONLY, copy=False)
    conduct_by_id = fields.Many2one('res.users', string="Said by", groups=COORDINATOR_ONLY, copy=False)

    _registration_once = models.UniqueIndex('(registration_id)', "This registration belongs to another participation.")
    _join_once = models.UniqueIndex(
        '(volunteer_id, opportunity_id, coalesce(shift_id, 0))', "The volunteer joined this already.")
    _upcoming = models.Index("(starts_at) WHERE seat = 'taken'")
    _listed = models.Index('(starts_at, id)')

    _guarded_fields = frozenset({
        'volunteer_id', 'opportunity_id', 'shift_id', 'registration_id', 'starts_at', 'ends_at', 'seat', 'joined_at', 'state',
        'hour_ids', 'hours', 'reminded_day_at', 'reminded_hours_at', 'rating', 'rating_note', 'conduct_note', 'conduct_by_id'})
    _portal_fields = frozenset({
        'volunteer_id', 'opportunity_id', 'starts_at', 'ends_at', 'seat', 'joined_at', 'state', 'hours'})

    @api.depends('shift_id.starts_at', 'shift_id.ends_at', 'opportunity_id.date_begin', 'opportunity_id.date_end')
    def _compute_times(self):
        for deed in self:
            source = deed.shift_id
            deed.starts_at = source.starts_at or deed.opportunity_id.date_begin
            deed.ends_at = source.ends_at or deed.opportunity_id.date_end

    @api.depends('hour_ids.hours', 'hour_ids.state')
    def _compute_hours(self):
        for deed in self:
            deed.hours = sum(deed.hour_ids.filtered(lambda line: line.state != 'refused').mapped('hours'))

    @api.depends('volunteer_id', 'opportunity_id')
    def _compute_display_name(self):
        # whoever sees the participation sees who and what
        for deed in self:
            deed.display_name = f'{deed.sudo().volunteer_id.name or ""} · {deed.sudo().opportunity_id.name or ""}'

    @api.model_create_multi
    def create(self, vals_list):
        """Make participations, each with its registration at Odoo's event (superuser)."""
        participations = super().create(vals_list)
        Registration = self.env['event.registration'].sudo().with_context(**QUIET)  # the house's own
        for deed_sudo in participations.sudo():
            if deed_sudo.registration_id:
                continue
            event_sudo = deed_sudo.opportunity_id.event_id
            deed_sudo.registration_id = Registration.create({
                # a number and no name: who volunteers is for the association's own screens
                'name': deed_sudo.volunteer_id.number, 'event_id': event_sudo.id,
                'event_slot_id': deed_sudo.shift_id.slot_id.id, 'state': REGISTRATION_STATES[deed_sudo.seat]})
        return participations

    def write(self, vals):
        result = super().write(vals)
        if {'seat', 'state'} & vals.keys():
            for deed_sudo in self.sudo():  # guarded fields: only our own steps come so far
                came = deed_sudo.seat == 'taken' and deed_sudo.state != 'registered'
                state = 'done' if came else REGISTRATION_STATES[deed_sudo.seat]
                if deed_sudo.registration_id.state != state:
                    deed_sudo.registration_id.with_context(**QUIET).state = state
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_hours(self):
        if self.hour_ids:
            raise UserError(self.env._("Hours were noted for this participation: it stays on record."))

    def unlink(self):
        registrations_sudo = self.sudo().registration_id  # one to one
        result = super().unlink()
        registrations_sudo.unlink()
        return result

    def _supervisor(self):
        return self.opportunity_id.supervisor_id
