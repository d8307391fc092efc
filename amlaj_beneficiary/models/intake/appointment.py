from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ...tools.phone import clean_phone
from ...tools.text import clean_line
from ..registry.guarded import Actors, Blocker
from .interaction_line import DESK

LONGEST_MINUTES = 4 * 60
EXTENSION = 15


class AmlajAppointment(models.Model):
    """A time at which a person is received or called, made by staff on the association's working calendar (R8, R52).

    Enough time is part of it: an appointment is extended as often as needed, and nothing counts down. In Odoo's own
    calendar, which every colleague reads, it only blocks the employee's time: «موعد», private, without the person.
    """
    _name = 'amlaj.appointment'
    _description = "Appointment"
    _inherit = ['amlaj.guarded']
    _order = 'starts_at desc, id desc'
    _rec_name = 'starts_at'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', index='btree_not_null', ondelete='restrict', copy=False)
    visitor_name = fields.Char(string="Visitor", copy=False)
    visitor_phone = fields.Char(string="Visitor's phone", copy=False)
    who = fields.Char(string="Who it is", compute='_compute_who')
    hours_to_call = fields.Char(string="Hours to call", related='beneficiary_id.hours_to_call', related_sudo=False)
    mobility_note = fields.Char(string="Mobility note", related='beneficiary_id.mobility_note', related_sudo=False)
    branch_id = fields.Many2one(
        'amlaj.branch', string="Sub-office", index='btree_not_null', ondelete='restrict',
        default=lambda self: self.env['amlaj.beneficiary']._default_branch())
    user_id = fields.Many2one(
        'res.users', string="Who receives", required=True, index=True, default=lambda self: self.env.user, copy=False,
        domain=[('share', '=', False)])
    how = fields.Selection([
        ('here', "The person comes to us"),
        ('call', "We call"),
        ('there', "We go there"),
    ], required=True, default='here')
    place = fields.Char(string="Place of the meeting")
    starts_at = fields.Datetime(string="Starts at", required=True, index=True, copy=False)
    minutes = fields.Integer(string="Length in minutes", required=True, default=30)
    ends_at = fields.Datetime(string="Ends at", compute='_compute_ends_at', store=True, precompute=True)
    interaction_id = fields.Many2one(
        'amlaj.interaction', string="From the contact", index='btree_not_null', ondelete='set null', copy=False)
    event_id = fields.Many2one(
        'calendar.event', string="Entry of the calendar", ondelete='set null', copy=False, groups='base.group_system')
    note = fields.Char(string="Remark", copy=False)
    state = fields.Selection([
        ('planned', "Planned"),
        ('done', "Took place"),
        ('missed', "Did not take place"),
        ('cancelled', "Cancelled"),
    ], required=True, default='planned', index=True, copy=False)

    _length_sensible = models.Constraint(
        f'CHECK(minutes BETWEEN 5 AND {LONGEST_MINUTES})', "An appointment lasts between 5 minutes and 4 hours.")

    _guarded_fields = frozenset({'state', 'event_id'})
    _event_fields = frozenset({'starts_at', 'minutes', 'user_id'})

    @api.depends('starts_at')
    def _compute_display_name(self):
        paper = self.env['amlaj.paper']
        for appointment in self:
            day = appointment.starts_at and f"{self._local_day(appointment.starts_at):%d/%m/%Y}"
            appointment.display_name = ' '.join(filter(None, (day, paper._show_time(appointment.starts_at))))

    @api.depends('beneficiary_id', 'visitor_name', 'visitor_phone')
    def _compute_who(self):
        for appointment in self:
            appointment.who = (
                appointment.beneficiary_id.display_name or appointment.visitor_name or appointment.visitor_phone)

    @api.depends('starts_at', 'minutes')
    def _compute_ends_at(self):
        for appointment in self:
            appointment.ends_at = appointment.starts_at and appointment.starts_at + timedelta(minutes=appointment.minutes)

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        appointments = super().create(vals_list)
        appointments._check_time()
        appointments._sync_event()
        return appointments

    def write(self, vals):
        self.check_access('write')
        if not self.env.su and any(appointment.state != 'planned' for appointment in self):
            raise UserError(self.env._("This appointment is over and stays as it is."))
        result = super().write(self._clean_vals(vals))
        if self._event_fields & vals.keys():
            if not self.env.su:  # an extension is given also beyond the end of the day
                self._check_time()
            self._sync_event()
        self.check_access('write')  # it must not land in another sub-office
        return result

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        self._check_links(vals)
        if 'visitor_name' in vals:
            vals['visitor_name'] = clean_line(vals['visitor_name']) or False
        if vals.get('visitor_phone'):
            vals['visitor_phone'] = self._cleaned(clean_phone, vals['visitor_phone'])
        if file := self._picked('amlaj.beneficiary', vals.get('beneficiary_id')):
            file_sudo = file.sudo()  # whether the user may read it was asked just before
            vals['branch_id'] = file_sudo.branch_id.id or vals.get('branch_id') or False
        return vals

    @api.constrains('beneficiary_id', 'visitor_name', 'visitor_phone')
    def _check_who(self):
        if any(not (appointment.beneficiary_id or appointment.visitor_name or appointment.visitor_phone)
               for appointment in self):
            raise ValidationError(self.env._("Please say who comes: a file, or a name or a number."))

    @api.onchange('beneficiary_id')
    def _onchange_beneficiary_id(self):
        if self.beneficiary_id:
            self.branch_id = self.beneficiary_id.branch_id
            self.place = self.place or self.branch_id.address

    # ------------------------------------------------------------
    # The working calendar
    # ------------------------------------------------------------

    @api.model
    def _working_calendar(self):
        """The association's week and holidays; later rooms name the one of the settings."""
        return self.env.company.resource_calendar_id

    def _check_time(self):
        """:raise UserError: outside the working hours, on a holiday, or while the employee receives somebody else"""
        calendar_sudo = self._working_calendar().sudo()  # the week is no secret
        for appointment in self.filtered(lambda one: one.state == 'planned'):
            start, end = (pytz.utc.localize(edge) for edge in (appointment.starts_at, appointment.ends_at))
            if calendar_sudo:
                worked = calendar_sudo._work_intervals_batch(start, end)[False]
                if sum((stop - begin for begin, stop, _meta in worked), timedelta()) < end - start:
                    raise UserError(self.env._(
                        "At this time the office is closed, or it is a holiday. Please choose another time."))
            # whom a colleague of another office receives is not told, only that he is not free
            busy_sudo = self.sudo().search_count(
                Domain('user_id', '=', appointment.user_id.id) & Domain('state', '=', 'planned')
                & Domain('id', '!=', appointment.id) & Domain('starts_at', '<', appointment.ends_at)
                & Domain('ends_at', '>', appointment.starts_at), limit=1)
            if busy_sudo:
                raise UserError(self.env._(
                    "%(who)s receives somebody else at this time. Please choose another time.",
                    who=appointment.user_id.sudo().name))

    def _sync_event(self):
        """Block the employee's time in Odoo's calendar, which all colleagues read: a word, and no person."""
        for appointment_sudo in self.sudo():  # whoever makes appointments blocks his own or a colleague's time
            vals = {
                'name': self.env._("An appointment"), 'privacy': 'private', 'show_as': 'busy',
                'start': appointment_sudo.starts_at, 'stop': appointment_sudo.ends_at,
                'user_id': appointment_sudo.user_id.id,
                'partner_ids': [Command.set(appointment_sudo.user_id.partner_id.ids)]}
            quiet = {'no_mail_to_attendees': True, 'dont_notify': True, 'mail_create_nolog': True, 'tracking_disable': True}
            if appointment_sudo.event_id:
                appointment_sudo.event_id.with_context(**quiet).write(vals)
            else:
                appointment_sudo.event_id = appointment_sudo.env['calendar.event'].with_context(**quiet).create(vals)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_extend(self):
        """Give the person another quarter of an hour, as often as he needs it; what comes after is not asked."""
        self._do('extend')
        for appointment_sudo in self.sudo():  # the step was checked just above
            appointment_sudo.minutes = min(appointment_sudo.minutes + EXTENSION, LONGEST_MINUTES)
        return True

    def action_receive(self):
        """Receive the person: his contact begins, and the appointment took place.

        :return: the action that shows the contact
        """
        self.ensure_one()
        self._do('keep', {'state': 'done'})
        code = 'phone' if self.how == 'call' else 'interview'
        contact = self.interaction_id.create({
            'beneficiary_id': self.beneficiary_id.id, 'visitor_name': self.visitor_name,
            'visitor_phone': self.visitor_phone, 'branch_id': self.branch_id.id, 'place': self.place,
            'direction': 'out' if self.how == 'call' else 'in',
            'channel_id': self.env['amlaj.channel']._by_code(code).id})
        return {
            **self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_interaction_action_new'),
            'res_id': contact.id}

    def action_missed(self):
        """Note that it did not take place; nothing follows from that for the person."""
        self._do('keep', {'state': 'missed'})
        return self._free()

    def action_cancel(self):
        """Cancel the appointment and free the employee's time."""
        self._do('keep', {'state': 'cancelled'})
        return self._free()

    def _free(self):
        self.sudo().event_id.unlink()  # called by a step whose actor was checked
        return True

    def _actors(self):
        return super()._actors() | {'extend': Actors(DESK), 'keep': Actors(DESK)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for appointment in self.sudo():  # the actor is checked apart
            if appointment.state != 'planned':
                blockers[appointment.id].append(Blocker('state', self.env._("This appointment is over already.")))
        return blockers


class AmlajInteraction(models.Model):
    _inherit = 'amlaj.interaction'

    appointment_ids = fields.One2many('amlaj.appointment', 'interaction_id', string="Appointments", copy=False)
