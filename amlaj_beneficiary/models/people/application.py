from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.hijri import age_on, full_date
from ...tools.phone import clean_phone
from ...tools.text import clean_line, name_key
from ..registry.guarded import Blocker
from .volunteer import ACCOUNT_READERS, AVAILABILITY, COORDINATOR

# the versions of the two texts on the page, views/people/volunteer_templates.xml: a new text has a new version
ETHICS_VERSION = '2026-1'
NOTICE_VERSION = '2026-1'
LONGEST_NAME, SHORTEST_NAME = 80, 2
TEAM = 'amlaj_beneficiary.crm_team_volunteers'
STAGE = 'amlaj_beneficiary.crm_stage_volunteer_%s'
# what a name is made of besides letters and the marks on them
NAME_SIGNS = frozenset(" .'’-ـ")


class AmlajVolunteerApplication(models.Model):
    """What a person answered when he signed up to help, beside the lead that moves through the pipeline (R42, R69).

    Made by the page ``/volunteer``, or by the coordinator from paper or a call. Nobody but the coordinator reads it: the
    lead itself says nothing of the person. The same person who signs up again while the first sign-up is open joins it.
    """
    _name = 'amlaj.volunteer.application'
    _description = "Volunteer's application"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _log_name = 'number'

    number = fields.Char(string="Number of the application", readonly=True, copy=False)
    lead_id = fields.Many2one('crm.lead', string="Sign-up", index='btree_not_null', ondelete='cascade', copy=False)
    name = fields.Char(required=True)
    phone = fields.Char(string="Mobile", required=True, index='btree_not_null')
    email = fields.Char(string="E-mail")
    birth_date = fields.Date(string="Birth date", required=True)
    birth_shown = fields.Char(string="Birth date in both calendars", compute='_compute_birth_shown')
    age = fields.Integer(compute='_compute_age')
    gender = fields.Selection([('male', "Male"), ('female', "Female")])
    locality_id = fields.Many2one('amlaj.locality', string="Village or district")
    field_ids = fields.Many2many('amlaj.volunteer.field', string="Fields of interest")
    skill_ids = fields.Many2many('amlaj.volunteer.skill', string="Skills")
    availability = fields.Selection(AVAILABILITY, required=True, default='any')
    availability_note = fields.Char(string="Remark on the times")
    guardian_name = fields.Char(string="Guardian")
    guardian_phone = fields.Char(string="Guardian's mobile")

    origin = fields.Selection([
        ('page', "By the page"),
        ('staff', "Entered by staff"),
    ], string="Made by", required=True, default='staff', copy=False)
    ethics_version = fields.Char(string="Code of ethics accepted", copy=False)
    notice_version = fields.Char(string="Privacy notice read", copy=False)
    accepted_at = fields.Datetime(string="Accepted on", copy=False)
    times_received = fields.Integer(string="Times received", default=1, copy=False)
    last_received_at = fields.Datetime(string="Last received on", default=fields.Datetime.now, copy=False)
    open_key = fields.Char(copy=False, help="Who it is while the sign-up is open: the same person joins it.")
    is_open = fields.Boolean(string="Open", compute='_compute_is_open')
    user_id = fields.Many2one(
        'res.users', string="Account that he used", index='btree_not_null', ondelete='set null', copy=False,
        groups=ACCOUNT_READERS)
    volunteer_id = fields.Many2one(
        'amlaj.volunteer', index='btree_not_null', ondelete='set null', copy=False)

    _number_unique = models.UniqueIndex('(number)', "This number is taken.")
    _lead_once = models.UniqueIndex('(lead_id)', "This sign-up has its application already.")
    _open_once = models.UniqueIndex('(open_key) WHERE open_key IS NOT NULL', "This person has signed up already.")

    _guarded_fields = frozenset({
        'number', 'lead_id', 'origin', 'ethics_version', 'notice_version', 'accepted_at', 'times_received', 'last_received_at',
        'open_key', 'user_id', 'volunteer_id'})

    @api.depends('number', 'name')
    def _compute_display_name(self):
        for application in self:
            application.display_name = application.number or application.name

    @api.depends('open_key')
    def _compute_is_open(self):
        for application in self:
            application.is_open = bool(application.open_key)

    @api.depends('birth_date')
    def _compute_age(self):
        for application in self:
            application.age = application._age() or 0

    @api.depends('birth_date')
    @api.depends_context('lang')
    def _compute_birth_shown(self):
        for application in self:
            application.birth_shown = application.birth_date and full_date(
                application.birth_date, (self.env.lang or 'en')[:2])

    def _age(self):
        today = self._today()
        return age_on(self.birth_date, today) if self.birth_date and self.birth_date <= today else None

    def _is_minor(self):
        """Whether the guardian consents first."""
        return (self._age() or 0) < self.env['amlaj.settings']._get('volunteer_guardian_age')

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    def _filtered_own(self, operation):
        return super()._filtered_own(operation) | self.filtered(lambda mine: mine.sudo().user_id == self.env.user)

    def _filtered_actor(self, action):
        permitted = super()._filtered_actor(action)
        if self.env.su:
            return permitted
        return permitted.filtered(lambda mine: mine.sudo().user_id != self.env.user)  # nobody acts on his own sign-up

    # ------------------------------------------------------------
    # What makes an answer a good one
    # ------------------------------------------------------------

    @api.model
    def _name_fault(self, name):
        """What is wrong with a person's name, or ''."""
        if len(name) > LONGEST_NAME:
            return self.env._("This name is too long: %(most)s letters at most.", most=LONGEST_NAME)
        if sum(sign.isalpha() for sign in name) < SHORTEST_NAME or not name_key(name):
            return self.env._("Please write your name.")
        if any(not (sign.isalpha() or sign in NAME_SIGNS or '\u064b' <= sign <= '\u0652') for sign in name):
            return self.env._("Please write the name in letters only.")
        return ''

    @api.constrains('birth_date')
    def _check_birth_date(self):
        for application in self:
            age = application._age()
            youngest = self.env['amlaj.settings']._get('volunteer_youngest_age')
            if age is None or age > 120:
                raise ValidationError(self.env._("Please check the birth date: it is in the future or too long ago."))
            if age < youngest:
                raise ValidationError(self.env._("Whoever wants to help us is %(age)s years old or more.", age=youngest))

    @api.constrains('name', 'phone', 'birth_date', 'guardian_name', 'guardian_phone')
    def _check_guardian(self):
        for application in self:
            if fault := self._name_fault(application.name) or (
                    application.guardian_name and self._name_fault(application.guardian_name)):
                raise ValidationError(fault)
            if not application._is_minor():
                continue
            if not (application.guardian_name and application.guardian_phone):
                raise ValidationError(self.env._("For a young person the guardian's name and mobile are needed."))
            if application._is_own_guardian(application.guardian_name, application.guardian_phone):
                raise ValidationError(self.env._("The guardian is another person, with a mobile of his own."))

    def _is_own_guardian(self, name, phone):
        return phone == self.phone or name_key(name) == name_key(self.name)

    # ------------------------------------------------------------
    # Making them
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make applications, each with its number and its lead in the team of volunteers."""
        applications = super().create([self._clean_vals(vals) for vals in vals_list])
        for application_sudo in applications.sudo():  # number, lead and key are the house's own
            application_sudo._put_into_pipeline()
        applications._ask_guardians()
        return applications

    def write(self, vals):
        self.check_access('write')  # before anything is told of them
        vals = self._clean_vals(vals)
        # only an open sign-up is edited
        if not self.env.su and vals and any(not application.open_key for application in self.sudo()):
            raise UserError(self.env._("This sign-up is closed."))
        before = {application: application.sudo()._person_key() for application in self}
        result = super().write(vals)
        for application_sudo in self.sudo() if {'phone', 'birth_date', 'name'} & vals.keys() else ():
            if application_sudo.open_key and application_sudo._person_key() != before[application_sudo.with_env(self.env)]:
                application_sudo.open_key = application_sudo._person_key()
        return result

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        for name in ('name', 'guardian_name', 'availability_note'):
            if vals.get(name):
                vals[name] = clean_line(vals[name])
        for name in ('phone', 'guardian_phone'):
            if vals.get(name):
                vals[name] = self._cleaned(clean_phone, vals[name], mobile=True)
        return vals

    def _person_key(self):
        """Who signed up, as far as a sign-up tells: the same mobile, birthday and name."""
        return f'{self.phone}|{self.birth_date}|{name_key(self.name)}'

    def _put_into_pipeline(self):
        """Give the application its number and its lead, which says nothing of the person (superuser)."""
        number = self.env['ir.sequence'].next_by_code('amlaj.volunteer.application', sequence_date=self._today())
        # the house makes it: nobody's owner, no note of who it is about
        lead_sudo = self.env['crm.lead'].with_user(SUPERUSER_ID).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True).create({
                'name': number, 'type': 'opportunity', 'team_id': self.env.ref(TEAM).id,
                'stage_id': self.env.ref(STAGE % 'new').id, 'user_id': False})
        self.write({'number': number, 'lead_id': lead_sudo.id, 'open_key': self._person_key()})

    # ------------------------------------------------------------
    # Through the pipeline
    # ------------------------------------------------------------

    def _check_move(self, stage):
        """:raise UserError: when the lead cannot be moved to ``stage`` by hand (superuser)"""
        for application in self:
            if not application.open_key:
                raise UserError(self.env._("This sign-up is closed."))
            if stage in (self.env.ref(STAGE % 'accepted'), self.env.ref(STAGE % 'declined')):
                raise UserError(self.env._("Please use the buttons to accept or to decline."))
            application._check_blockers('move')

    def action_decline(self):
        """Close the sign-up without making a volunteer."""
        self._do('decline', {'open_key': False})
        self.sudo().lead_id.stage_id = self.env.ref(STAGE % 'declined')  # the step was checked
        return True

    def _actors(self):
        return super()._actors() | {'decline': COORDINATOR}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for application in self.sudo() if action == 'decline' else ():  # the actor is checked apart
            if not application.open_key:
                blockers[application.id].append(Blocker('state', self.env._("This sign-up is closed.")))
        return blockers
