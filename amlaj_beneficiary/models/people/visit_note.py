from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, AddedFields, Blocker

LONGEST = 1000
OPEN = 'assigned'
# the text that is signed; a new text asks for a new signature
UNDERTAKING = '1'
DESK = Actors(frozenset({'relations', 'representative', 'manager'}))


class AmlajVolunteerVisit(models.Model):
    """A volunteer's contact with a beneficiary (policy channel 6; R42, R70): who is to be visited by first name and place
    alone, and a short note of it afterwards.

    The desk assigns, from the file; the volunteer sees the first name, the village or district and the day, and nothing
    else of the file, and only once he signed the undertaking of confidentiality. What he writes goes to the desk; the
    volunteer coordinator sees none of it. A volunteer who is a beneficiary himself is assigned nobody of his own file.
    """
    _name = 'amlaj.volunteer.visit'
    _description = "Visit by a volunteer"
    _inherit = ['amlaj.guarded']
    _order = 'planned_on desc, id desc'
    _log_name = 'id'

    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, index=True, ondelete='cascade')
    volunteer_id = fields.Many2one('amlaj.volunteer', required=True, index=True, ondelete='restrict')
    volunteer_name = fields.Char(string="Name of the volunteer", compute='_compute_volunteer_name')
    first_name = fields.Char(string="First name", compute='_compute_told')
    place = fields.Char(compute='_compute_told')
    planned_on = fields.Date(string="Planned on", required=True)
    channel_id = fields.Many2one(
        'amlaj.channel', default=lambda self: self.env['amlaj.channel']._by_code('volunteering'))
    state = fields.Selection([
        ('assigned', "Assigned"),
        ('done', "Visited"),
        ('missed', "Nobody was met"),
        ('withdrawn', "Withdrawn"),
    ], required=True, default=OPEN, index=True)
    note = fields.Text(string="The volunteer's note")
    assigned_by_id = fields.Many2one('res.users', string="Assigned by", default=lambda self: self.env.user)
    noted_at = fields.Datetime(string="Noted on")

    _guarded_fields = frozenset({
        'beneficiary_id', 'volunteer_id', 'planned_on', 'channel_id', 'state', 'note', 'assigned_by_id', 'noted_at'})
    _portal_fields = frozenset({'first_name', 'place', 'planned_on', 'state', 'note'})

    @api.depends('volunteer_id')
    def _compute_volunteer_name(self):
        for visit in self:
            visit.volunteer_name = visit.sudo().volunteer_id.name  # the desk has to know who comes

    @api.depends('beneficiary_id', 'state')
    @api.depends_context('uid')
    def _compute_told(self):
        Paper = self.env['amlaj.paper']
        is_desk = self.env.user._is_internal()
        for visit in self:
            visit_sudo = visit.sudo()  # all of the file that the volunteer gets, as long as the visit is his to make
            is_told = is_desk or (visit_sudo.state == OPEN and visit_sudo.volunteer_id._has_undertaking())
            visit.first_name = is_told and Paper._first_name(visit_sudo.beneficiary_id)
            visit.place = is_told and visit_sudo.beneficiary_id.locality_id.name

    @api.depends('planned_on')
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = fields.Date.to_string(visit.planned_on)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_note(self, outcome, note):
        """Write what came of the visit, as the volunteer.

        :param outcome: ``done`` or ``missed``
        :param note: what the desk should know, in a few words
        """
        self.ensure_one()
        self._check_actor('note_visit')
        if outcome not in ('done', 'missed'):
            raise UserError(self.env._("Please choose whether you met the person."))
        note = self._given(note)[:LONGEST]
        if outcome == 'done' and not note:
            raise UserError(self.env._("Please write a short note."))
        return self._do('note_visit', {
            'state': outcome, 'note': note or False, 'noted_at': fields.Datetime.now()})

    def action_withdraw(self):
        """Take an assigned visit back."""
        return self._do('withdraw_visit', {'state': 'withdrawn'})

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {'note_visit': Actors(), 'withdraw_visit': DESK}

    def _filtered_actor(self, action):
        if action != 'note_visit' or self.env.su:
            return super()._filtered_actor(action)
        mine_sudo = self.env['amlaj.volunteer']._of_user(self.env.user)
        return self.filtered(lambda visit: visit.sudo().volunteer_id == mine_sudo) if mine_sudo else self.browse()

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for visit in self.sudo() if action in ('note_visit', 'withdraw_visit') else ():  # the actor is checked apart
            if visit.state != OPEN:
                blockers[visit.id].append(Blocker('state', self.env._("This visit is noted already, or was withdrawn.")))
            elif action == 'note_visit' and not visit.volunteer_id._has_undertaking():
                blockers[visit.id].append(Blocker('undertaking', self.env._(
                    "Please sign the undertaking of confidentiality first.")))
            elif action == 'note_visit' and visit.planned_on > self._today():
                blockers[visit.id].append(Blocker('early', self.env._("The day of this visit has not come yet.")))
        return blockers


class AmlajBeneficiary(models.Model):
    """Asking a volunteer to visit a beneficiary."""
    _inherit = 'amlaj.beneficiary'

    visit_ids = fields.One2many('amlaj.volunteer.visit', 'beneficiary_id', string="Visits by volunteers", copy=False)

    _guarded_fields = AddedFields('visit_ids')

    def action_assign_visit(self, volunteer_id, planned_on):
        """Ask a volunteer to visit this beneficiary: he learns the first name and the place.

        :param volunteer_id: one of those that may visit (``_visitors``)
        :param planned_on: the day
        """
        self.ensure_one()
        self._check_actor('assign_visit')
        day = self._given_day(planned_on)
        if not day or day < self._today():
            raise UserError(self.env._("Please choose a day that is still to come."))
        volunteers_sudo = self.env['amlaj.volunteer']._visitors()
        volunteer_sudo = volunteers_sudo & volunteers_sudo._picked('amlaj.volunteer', volunteer_id)
        if not volunteer_sudo or self._is_close_to(volunteer_sudo):
            # one answer for both: whose file is whose is told to nobody
            raise UserError(self.env._("This volunteer cannot be asked. Please choose another one."))
        self._do('assign_visit')
        self.env['amlaj.volunteer.visit'].sudo().create({  # the step was checked
            'beneficiary_id': self.id, 'volunteer_id': volunteer_sudo.id, 'planned_on': day})
        return True

    def _is_close_to(self, volunteer):
        """Whether the volunteer acts for this file, or has its mobile (of a volunteer in superuser mode)."""
        held = self.env['amlaj.mandate']._files_held(self, volunteer.user_id) if volunteer.user_id else self.browse()
        file_sudo = self.sudo()  # only whether the two are one and the same is answered
        same = volunteer.phone and volunteer.phone in (file_sudo.phone, file_sudo.phone2)
        return bool(held or same)

    def _actors(self):
        return super()._actors() | {'assign_visit': DESK}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for file in self if action == 'assign_visit' else ():
            if file.state != 'registered':
                blockers[file.id].append(Blocker('state', self.env._("Only who has a registered file is visited.")))
        return blockers


class AmlajVolunteer(models.Model):
    """The undertaking of confidentiality, and whom it lets visit."""
    _inherit = 'amlaj.volunteer'

    undertaking_version = fields.Char(string="Undertaking of confidentiality, version", copy=False)
    undertaking_name = fields.Char(string="Signed with the name", copy=False)
    undertaking_at = fields.Datetime(string="Undertaking signed on", copy=False)

    _guarded_fields = AddedFields('undertaking_version', 'undertaking_name', 'undertaking_at')
    _portal_fields = AddedFields('undertaking_at')

    def action_sign_undertaking(self, name):
        """Sign the undertaking of confidentiality as the volunteer, with his name.

        :param name: the name, as he writes it
        """
        self.ensure_one()
        self.check_access('read')
        volunteer_sudo = self._of_user(self.env.user)
        if self != volunteer_sudo:
            raise AccessError(self.env._("Only the volunteer himself signs."))
        name = self._given(name)[:200]
        if len(name.split()) < 2:
            raise UserError(self.env._("Please write your full name."))
        if volunteer_sudo.state != 'active' or volunteer_sudo._is_minor():
            raise UserError(self.env._("Visits are made by active volunteers who are of age."))
        volunteer_sudo.write({
            'undertaking_version': UNDERTAKING, 'undertaking_name': name, 'undertaking_at': fields.Datetime.now()})
        return True

    def _has_undertaking(self):
        self.ensure_one()
        return bool(self.undertaking_at) and self.undertaking_version == UNDERTAKING

    @api.model
    def _visitors(self):
        """The volunteers who may visit, in superuser mode: active, of age, with the undertaking signed."""
        found_sudo = self.sudo().search(  # names and numbers alone are shown to the desk
            Domain('state', '=', 'active') & Domain('undertaking_version', '=', UNDERTAKING), order='name, id')
        return found_sudo.filtered(lambda volunteer: not volunteer._is_minor())
