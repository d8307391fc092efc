from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.date_utils import float_to_time

from ..registry.guarded import ASSOCIATION_TZ
from .opportunity import QUIET

LAST_HOUR = 23.99


class AmlajVolunteerShift(models.Model):
    """One shift of an opportunity: a day and two hours of the association's clock, with a slot of Odoo's event that counts
    its seats (R42).

    It is read and written by whoever reads and writes the opportunity. What goes over midnight is an opportunity of its
    own, without shifts: Odoo's slots end with their day.
    """
    _name = 'amlaj.volunteer.shift'
    _description = "Shift of a volunteering opportunity"
    _inherit = ['amlaj.guarded']
    _order = 'starts_at, id'

    opportunity_id = fields.Many2one(
        'amlaj.volunteer.opportunity', required=True, index=True, ondelete='cascade')
    date = fields.Date(string="Day", required=True)
    start_hour = fields.Float(string="From the hour", required=True, default=8.0)
    end_hour = fields.Float(string="To the hour", required=True, default=12.0)
    starts_at = fields.Datetime(string="Starts at", compute='_compute_times', store=True)
    ends_at = fields.Datetime(string="Ends at", compute='_compute_times', store=True)
    slot_id = fields.Many2one('event.slot', ondelete='restrict', copy=False, groups='base.group_system')
    taken_count = fields.Integer(string="Seats taken", compute='_compute_taken')

    _guarded_fields = frozenset({'slot_id'})
    _time_fields = frozenset({'date', 'start_hour', 'end_hour'})

    @api.depends('date', 'start_hour', 'end_hour')
    def _compute_times(self):
        zone = pytz.timezone(ASSOCIATION_TZ)
        for shift in self:
            for name, hour in (('starts_at', shift.start_hour), ('ends_at', shift.end_hour)):
                local = shift.date and datetime.combine(shift.date, float_to_time(min(max(hour, 0), LAST_HOUR)))
                shift[name] = local and zone.localize(local).astimezone(pytz.UTC).replace(tzinfo=None)

    def _compute_taken(self):
        # whoever sees the shift sees its numbers
        taken = self.sudo().opportunity_id._taken_by_shift()
        for shift in self:
            shift.taken_count = taken.get((shift.opportunity_id.id, shift.id), 0)

    @api.depends('starts_at', 'ends_at')
    def _compute_display_name(self):
        Paper = self.env['amlaj.paper']
        for shift in self:
            times = (Paper._show_time(shift.starts_at), Paper._show_time(shift.ends_at))
            shift.display_name = f'{fields.Date.to_string(shift.date)} {times[0]}-{times[1]}' if shift.date else ''

    @api.constrains('date', 'start_hour', 'end_hour', 'opportunity_id')
    def _check_hours(self):
        for shift in self:
            if not 0 <= shift.start_hour < shift.end_hour <= LAST_HOUR:
                raise ValidationError(self.env._("A shift begins and ends on its day, and ends after it begins."))
            if shift in shift.opportunity_id._shifts_outside():
                raise ValidationError(self.env._("A shift lies outside the times of the opportunity."))
            same = shift.opportunity_id.shift_ids - shift
            if any(other.starts_at == shift.starts_at and other.ends_at == shift.ends_at for other in same):
                raise ValidationError(self.env._("This shift stands there twice."))

    @api.model_create_multi
    def create(self, vals_list):
        shifts = super().create(vals_list)
        for shift_sudo in shifts.sudo():  # the slot is the house's own
            shift_sudo._check_addable()
        shifts.sudo().opportunity_id._sync_event()
        return shifts

    def write(self, vals):
        opportunities_sudo = self.sudo().opportunity_id  # as above; the write itself is checked below
        before = opportunities_sudo._told_seats() if self._time_fields & vals.keys() else {}
        result = super().write(vals)
        if self._time_fields & vals.keys():
            opportunities_sudo._sync_event()
            opportunities_sudo._tell_change(before)
        return result

    def unlink(self):
        slots_sudo = self.sudo().slot_id  # of the shifts that the user may delete
        result = super().unlink()
        slots_sudo.unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_joined(self):
        if self.sudo().env['amlaj.volunteer.participation'].search_count([('shift_id', 'in', self.ids)], limit=1):
            raise UserError(self.env._("Volunteers joined this shift: it can be changed, not deleted."))

    def _check_addable(self):
        """:raise UserError: where volunteers joined the opportunity as a whole (superuser)."""
        if self.env['amlaj.volunteer.participation'].search_count(
                [('opportunity_id', '=', self.opportunity_id.id), ('shift_id', '=', False)], limit=1):
            raise UserError(self.env._("Volunteers joined the opportunity as a whole: it gets no shifts any more."))

    def _sync_slot(self):
        """Bring Odoo's slot in line with the shift; make it where there is none (superuser)."""
        self.ensure_one()
        vals = {'date': self.date, 'start_hour': self.start_hour, 'end_hour': self.end_hour}
        if self.slot_id:
            changed = {name: value for name, value in vals.items() if self.slot_id[name] != value}
            if changed and self not in self.opportunity_id._shifts_outside():
                self.slot_id.write(changed)
        else:
            self.slot_id = self.env['event.slot'].with_context(**QUIET).create(
                {**vals, 'event_id': self.opportunity_id.event_id.id})

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file
