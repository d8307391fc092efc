from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.hijri import age_on
from ...tools.phone import clean_phone
from ...tools.text import clean_line, name_key, name_tokens
from ..registry.guarded import Actors, Blocker
from ..registry.paper import NAME_OPENINGS

OLDEST_AGE = 120
COORDINATOR = Actors(frozenset({'volunteer_coordinator'}))
# whoever reads accounts could tell a beneficiary's from another's: the coordinator reads none
ACCOUNT_READERS = 'amlaj_beneficiary.group_manager'
AVAILABILITY = [
    ('mornings', "Mornings of working days"),
    ('evenings', "Evenings"),
    ('weekends', "Fridays and Saturdays"),
    ('any', "At any time"),
]



def first_name(name):
    """What is said of a person where others may read along: «عبد الله», not «عبد»."""
    words = (name or '').split()
    return ' '.join(words[:2] if words[:1] and words[0] in NAME_OPENINGS else words[:1])


class AmlajVolunteer(models.Model):
    """A person who helps the association (R3, R42; Volunteer Work Law, M/70).

    The volunteer coordinator keeps all volunteers; managers and auditors read them; a portal user reads the listed fields
    of his own. Nobody is made by hand: a volunteer comes out of an accepted sign-up. A volunteer may be a beneficiary
    too; the two files know nothing of each other.

    A volunteer has a name, phone and e-mail of his own: contacts are readable by every internal user, volunteers are not.
    """
    _name = 'amlaj.volunteer'
    _description = "Volunteer"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'amlaj.guarded']
    _order = 'id desc'
    _log_name = 'number'

    name = fields.Char(required=True, tracking=True)
    name_key = fields.Char(
        string="Name key", compute='_compute_name_key', store=True, precompute=True, index='trigram',
        help="The name as the search compares it, whatever its spelling.")
    number = fields.Char(string="Volunteer's number", readonly=True, copy=False)
    phone = fields.Char(index='btree_not_null', tracking=True)
    email = fields.Char(string="E-mail")
    birth_date = fields.Date(string="Birth date", tracking=True)
    gender = fields.Selection([('male', "Male"), ('female', "Female")])
    locality_id = fields.Many2one('amlaj.locality', string="Village or district", index='btree_not_null')
    field_ids = fields.Many2many('amlaj.volunteer.field', string="Fields of interest")
    skill_ids = fields.Many2many('amlaj.volunteer.skill', string="Skills")
    availability = fields.Selection(AVAILABILITY)
    availability_note = fields.Char(string="Remark on the times")
    guardian_name = fields.Char(string="Guardian", tracking=True)
    guardian_phone = fields.Char(string="Guardian's mobile", tracking=True)

    state = fields.Selection([
        ('active', "Active"),
        ('paused', "Paused"),
        ('ended', "Ended"),
    ], required=True, default='active', index=True, copy=False, tracking=True)
    joined_on = fields.Date(string="Joined on", default=lambda self: self._today(), required=True, copy=False)
    ended_on = fields.Date(string="Left on", copy=False)
    ethics_version = fields.Char(string="Code of ethics accepted", copy=False)
    lead_id = fields.Many2one('crm.lead', string="Sign-up", index='btree_not_null', ondelete='set null', copy=False)
    partner_id = fields.Many2one(
        'res.partner', string="Contact", ondelete='restrict', index='btree_not_null', copy=False, groups=ACCOUNT_READERS,
        help="Made with the account; never read for the volunteer.")
    user_id = fields.Many2one(
        'res.users', string="Account", ondelete='restrict', copy=False, groups=ACCOUNT_READERS)

    _number_unique = models.UniqueIndex('(number)', "This number is taken.")
    _user_unique = models.UniqueIndex(
        '(user_id) WHERE user_id IS NOT NULL', "This account belongs to another volunteer.")

    _guarded_fields = frozenset({
        'number', 'state', 'joined_on', 'ended_on', 'ethics_version', 'lead_id', 'partner_id', 'user_id'})
    _portal_fields = frozenset({
        'name', 'number', 'phone', 'email', 'birth_date', 'gender', 'locality_id', 'field_ids', 'skill_ids', 'availability',
        'state', 'joined_on', 'guardian_name'})

    @api.depends('name')
    def _compute_name_key(self):
        for volunteer in self:
            volunteer.name_key = name_key(volunteer.name or '')

    def _mail_get_partner_fields(self, introspect_fields=False):
        return []  # messages to volunteers go by the outbox; the contact is of the account, which not every reader sees

    @api.depends('name', 'number')
    def _compute_display_name(self):
        for volunteer in self:
            number = volunteer.number
            volunteer.display_name = f"{volunteer.name or ''} ({number})" if number else volunteer.name

    @api.model
    def _search_display_name(self, operator, value):
        """Whatever the spelling of the name, or by the whole number."""
        if operator == 'ilike' and isinstance(value, str) and self.env.user._is_internal():
            tokens = name_tokens(value)
            found = Domain.AND([Domain('name_key', 'like', token) for token in tokens]) if tokens else Domain.FALSE
            return found | Domain('number', '=', clean_line(value))
        return super()._search_display_name(operator, value)

    @api.constrains('birth_date')
    def _check_birth_date(self):
        today = self._today()
        for volunteer in self.filtered('birth_date'):
            if volunteer.birth_date > today or age_on(volunteer.birth_date, today) > OLDEST_AGE:
                raise ValidationError(self.env._("Please check the birth date: it is in the future or too long ago."))

    @api.model_create_multi
    def create(self, vals_list):
        """Make volunteers, each with a number of his own."""
        volunteers = super(AmlajVolunteer, self.with_context(mail_create_nosubscribe=True)).create(
            [self._clean_vals(vals) for vals in vals_list])
        for volunteer_sudo in volunteers.sudo():  # the number is the house's own
            volunteer_sudo.number = volunteer_sudo.number or volunteer_sudo.env['ir.sequence'].next_by_code(
                'amlaj.volunteer')
        return volunteers.with_env(self.env)

    def write(self, vals):
        return super().write(self._clean_vals(vals))

    @api.model
    def _clean_vals(self, vals):
        """Bring what was typed into the stored form, or say what is wrong with it."""
        vals = dict(vals)
        for name in ('name', 'guardian_name'):
            if vals.get(name):
                vals[name] = clean_line(vals[name])
        for name in ('phone', 'guardian_phone'):
            if vals.get(name):
                vals[name] = self._cleaned(clean_phone, vals[name])
        return vals

    # ------------------------------------------------------------
    # Who he is
    # ------------------------------------------------------------

    def _file(self):
        # a volunteer is no beneficiary, and nobody's mandate reaches him
        return self.env['amlaj.beneficiary']

    def _filtered_own(self, operation):
        return super()._filtered_own(operation) | self.filtered(lambda mine: mine.sudo().user_id == self.env.user)

    def _filtered_actor(self, action):
        permitted = super()._filtered_actor(action)
        if self.env.su:
            return permitted
        return permitted.filtered(lambda mine: mine.sudo().user_id != self.env.user)  # nobody acts on himself

    @api.model
    def _of_user(self, user):
        """The volunteer whose account ``user`` is, in superuser mode; else an empty record."""
        return self.sudo().search([('user_id', '=', user.id)], limit=1) if user else self.sudo().browse()

    def _age(self, day=None):
        """Age in whole years on ``day`` (default: today), or None when no birth date is known."""
        self.ensure_one()
        day = day or self._today()
        return age_on(self.birth_date, day) if self.birth_date and self.birth_date <= day else None

    def _is_minor(self, day=None):
        """Whether a guardian consents for him on ``day`` (default: today); without a birth date he counts as a minor."""
        age = self._age(day)
        return age is None or age < self.env['amlaj.settings']._get('volunteer_guardian_age')

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_pause(self):
        """Note that he pauses: he is offered nothing until he is back."""
        return self._do('pause', {'state': 'paused'})

    def action_resume(self):
        """Take a volunteer who paused or left back."""
        return self._do('resume', {'state': 'active', 'ended_on': False})

    def action_end(self):
        """Note that he left; what he did stays on record."""
        return self._do('end', {'state': 'ended', 'ended_on': self._today()})

    def _actors(self):
        return super()._actors() | dict.fromkeys(('pause', 'resume', 'end'), COORDINATOR)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        possible = {'pause': ('active',), 'resume': ('paused', 'ended'), 'end': ('active', 'paused')}
        for volunteer in self if action in possible else ():
            if volunteer.state not in possible[action]:
                blockers[volunteer.id].append(Blocker('state', self.env._(
                    "The state of volunteer %(number)s does not allow this.", number=volunteer.number)))
        return blockers
