from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.address import clean_short_address
from ...tools.hijri import full_date, parse_birth
from ...tools.iban import clean_iban
from ...tools.identity import clean_identity
from ...tools.phone import clean_phone, phone_digits
from ...tools.text import clean_line, latin_digits, name_key, name_tokens

NAME_PARTS = ('first_name', 'father_name', 'grandfather_name', 'family_name')
IDENTITY = ('identity_kind', 'identity_number', 'identity_country_id')
IBAN = ('iban', 'iban_holder')
PERSONAL_KINDS = ('person', 'household')
OLDEST_AGE = 120
SHORTEST_PHONE_PART = 3
NUMBER_SIGNS = str.maketrans('', '', ' -.()\u00a0\u200e\u200f')  # what people type inside a number


class AmlajBeneficiary(models.Model):
    """The file of a person, a household or an organisation that the association serves, external or internal
    (R11, R17, R33, R63).

    Relations employees and managers keep all files, a representative those of his own sub-offices. Researchers,
    auditors and the data-protection officer read them; delivery officers read those with something to deliver;
    committee members those on an agenda of theirs. A portal user reads the listed fields of a file for which
    he holds a mandate. Nobody edits a file of his own in a staff role, and nobody deletes one.

    The file has its own name, phone and e-mail: contacts are readable by every internal user, files are not.
    """
    _name = 'amlaj.beneficiary'
    _description = "Beneficiary"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'amlaj.guarded']
    _order = 'id desc'

    # identity
    name = fields.Char(
        compute='_compute_name', store=True, readonly=False, precompute=True, required=True, tracking=True)
    first_name = fields.Char(string="First name")
    father_name = fields.Char(string="Father's name")
    grandfather_name = fields.Char(string="Grandfather's name")
    family_name = fields.Char(string="Family name")
    name_key = fields.Char(
        string="Name key", compute='_compute_name_key', store=True, precompute=True, index='btree',
        help="The name as the search compares it, whatever its spelling.")
    search_key = fields.Char(compute='_compute_search_key', store=True, precompute=True, index='trigram')
    kind = fields.Selection([
        ('person', "Person"),
        ('household', "Household"),
        ('organisation', "Organisation"),
    ], required=True, default='person')
    scope = fields.Selection([
        ('external', "External beneficiary"),
        ('internal', "Internal beneficiary"),
    ], required=True, default='external')
    employee_id = fields.Many2one('hr.employee', index='btree_not_null', ondelete='restrict')
    department_id = fields.Many2one('hr.department', index='btree_not_null')
    identity_kind = fields.Selection([
        ('national_id', "National ID"),
        ('iqama', "Resident ID (Iqama)"),
        ('gcc', "GCC ID"),
        ('passport', "Passport"),
        ('border', "Border number"),
        ('registration', "Registration number"),
        ('none', "No identity paper"),
    ], required=True, default='national_id', tracking=True)
    identity_country_id = fields.Many2one('res.country', string="Country of the identity")
    identity_number = fields.Char(string="Identity number", index='btree_not_null', copy=False, tracking=True)
    identity_matched_by_id = fields.Many2one('res.users', string="Identity matched by", copy=False)
    identity_matched_at = fields.Datetime(string="Identity matched on", copy=False)
    birth_date = fields.Date(string="Birth date")
    birth_text = fields.Char(
        string="Birth date as typed", help="Type a Hijri or a Gregorian date, for example 15/7/1410 or 12/2/1990.")
    birth_shown = fields.Char(string="Birth date in both calendars", compute='_compute_birth_shown')
    gender = fields.Selection([('male', "Male"), ('female', "Female")])
    category_ids = fields.Many2many(
        'amlaj.beneficiary.category', 'amlaj_beneficiary_category_rel', 'beneficiary_id', 'category_id',
        string="Categories", domain=[('is_sensitive', '=', False)])
    member_ids = fields.One2many('amlaj.household.member', 'beneficiary_id', string="Household members")
    mandate_ids = fields.One2many('amlaj.mandate', 'beneficiary_id', string="Mandates", copy=False)

    # reaching the person
    phone = fields.Char(tracking=True, index='btree_not_null')
    phone2 = fields.Char(string="Second phone")
    phone2_owner = fields.Char(string="Whose second phone")
    hours_to_call = fields.Char(string="Hours to call")
    email = fields.Char(string="E-mail")
    lang = fields.Selection('_selection_lang', string="Language", default='ar_001')
    mobility_note = fields.Char(string="Mobility note", help="What helps the person to reach us, or us to reach him.")
    prefers_female_researcher = fields.Boolean(string="Prefers a female researcher")
    branch_id = fields.Many2one(
        'amlaj.branch', string="Sub-office", index=True, tracking=True, default=lambda self: self._default_branch())
    locality_id = fields.Many2one('amlaj.locality', string="Village or district", index='btree_not_null')
    short_address = fields.Char(string="Short address", help="Four letters and four digits of the National Address.")
    address_note = fields.Char(string="How to find the place")
    partner_id = fields.Many2one(
        'res.partner', string="Contact", ondelete='restrict', index='btree_not_null', copy=False,
        help="Made only when an account or a mail thread needs it; never read for the file.")

    # bank
    iban = fields.Char(string="IBAN", copy=False, tracking=True)
    iban_holder = fields.Char(string="IBAN holder", copy=False, help="Empty when the account is the beneficiary's own.")
    iban_state = fields.Selection([
        ('none', "None"),
        ('to_confirm', "To be confirmed by a second person"),
        ('confirmed', "Confirmed"),
    ], string="IBAN state", default='none', required=True, copy=False)
    iban_changed_by_id = fields.Many2one('res.users', string="IBAN changed by", copy=False)
    iban_confirmed_by_id = fields.Many2one('res.users', string="IBAN confirmed by", copy=False)

    # the file
    file_number = fields.Char(string="File number", copy=False, readonly=True)
    state = fields.Selection([
        ('provisional', "Provisional file"),
        ('registered', "Registered"),
        ('suspended', "Suspended"),
        ('ended', "Closed file"),
    ], required=True, default='provisional', copy=False, index=True, tracking=True)
    registered_at = fields.Datetime(string="Registered on", copy=False)
    state_reason_id = fields.Many2one('amlaj.reason', string="Reason", copy=False)
    state_note = fields.Char(string="Note on the state", copy=False)
    merged_into_id = fields.Many2one('amlaj.beneficiary', string="Merged into", copy=False, index='btree_not_null')
    consent_ids = fields.One2many('amlaj.consent', 'beneficiary_id', string="Consents", copy=False)

    _identity_unique = models.UniqueIndex(
        "(identity_number, identity_kind, COALESCE(identity_country_id, 0))"
        " WHERE identity_number IS NOT NULL AND state != 'ended'",
        "A file with this identity number already exists.")
    _file_number_unique = models.UniqueIndex('(file_number)', "This file number is taken.")
    _partner_unique = models.UniqueIndex(
        '(partner_id) WHERE partner_id IS NOT NULL', "This contact belongs to another file.")

    _guarded_fields = frozenset({
        'state', 'file_number', 'registered_at', 'state_reason_id', 'state_note', 'merged_into_id', 'iban_state',
        'iban_changed_by_id', 'iban_confirmed_by_id', 'identity_matched_by_id', 'identity_matched_at', 'partner_id'})
    _portal_fields = frozenset({
        'name', 'kind', 'phone', 'email', 'lang', 'birth_date', 'gender', 'locality_id', 'short_address', 'file_number',
        'state', 'member_ids', 'hours_to_call', 'phone2', 'phone2_owner', 'mobility_note', 'branch_id', 'birth_shown'})

    # ------------------------------------------------------------
    # Defaults, computed fields
    # ------------------------------------------------------------

    @api.model
    def _selection_lang(self):
        return self.env['res.lang'].get_installed()

    @api.model
    def _default_branch(self):
        return self.env['amlaj.branch'].search([('representative_ids', 'in', self.env.uid)], limit=1)

    @api.depends(*NAME_PARTS)
    def _compute_name(self):
        for beneficiary in self:
            parts = [part for name in NAME_PARTS if (part := clean_line(beneficiary[name] or ''))]
            if parts:
                beneficiary.name = ' '.join(parts)
            elif not beneficiary.name:
                beneficiary.name = False

    @api.depends('name')
    def _compute_name_key(self):
        for beneficiary in self:
            beneficiary.name_key = name_key(beneficiary.name or '')

    @api.depends('name_key', 'file_number', 'phone', 'phone2', 'identity_number')
    def _compute_search_key(self):
        for beneficiary in self:
            beneficiary.search_key = ' '.join(filter(None, [
                beneficiary.name_key, beneficiary.file_number, phone_digits(beneficiary.phone or ''),
                phone_digits(beneficiary.phone2 or ''), beneficiary.identity_number]))

    @api.depends('birth_date')
    @api.depends_context('lang')
    def _compute_birth_shown(self):
        for beneficiary in self:
            beneficiary.birth_shown = beneficiary.birth_date and full_date(
                beneficiary.birth_date, (self.env.lang or 'en')[:2])

    @api.depends('name', 'file_number')
    def _compute_display_name(self):
        for beneficiary in self:
            number = beneficiary.file_number
            beneficiary.display_name = f"{beneficiary.name or ''} ({number})" if number else beneficiary.name

    def _age(self):
        """Age in whole years today, or None when no birth date is known."""
        if not self.birth_date:
            return None
        return relativedelta(self._today(), self.birth_date).years

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains('birth_date')
    def _check_birth_date(self):
        today = self._today()
        for beneficiary in self.filtered('birth_date'):
            if not today - relativedelta(years=OLDEST_AGE) <= beneficiary.birth_date <= today:
                raise ValidationError(self.env._("Please check the birth date: it is in the future or too long ago."))

    @api.constrains('identity_kind', 'identity_number')
    def _check_identity(self):
        # a kind changed alone, or a user's own default kind, meets a number that was checked for another kind
        for beneficiary in self.filtered('identity_number'):
            beneficiary._cleaned(clean_identity, beneficiary.identity_kind, beneficiary.identity_number)

    @api.constrains('category_ids')
    def _check_categories(self):
        if any(self.category_ids.mapped('is_sensitive')):
            raise ValidationError(self.env._(
                "A sensitive category is noted by the social-research officer, apart from the open ones."))

    @api.model
    def _check_identities_free(self, wanted, own_ids=()):
        """The unique index is the rule; this says it kindly beforehand, and shows nothing of the other file.

        :param wanted: list of ``(number, kind, country id)``
        :raise ValidationError: when another open file has one of them.
        """
        if not wanted:
            return
        # another sub-office's file must be found too, without being shown
        others_sudo = self.sudo().search_fetch(
            [('identity_number', 'in', [key[0] for key in wanted]), ('state', '!=', 'ended'),
             ('id', 'not in', own_ids)],
            ['identity_number', 'identity_kind', 'identity_country_id', 'branch_id'])
        taken = {(b.identity_number, b.identity_kind, b.identity_country_id.id): b for b in others_sudo}
        for key in wanted:
            if key in taken:
                raise ValidationError(self._message_identity_taken(taken[key]))

    def _message_identity_taken(self, twin_sudo):
        if twin_sudo.with_env(self.env).has_access('read'):
            return self.env._(
                "This identity number already has the file %(number)s. Please open that file instead.",
                number=twin_sudo.file_number)
        return self.env._(
            "This identity number already has a file at %(branch)s. Please ask that office.",
            branch=twin_sudo.branch_id.name or self.env.company.name)

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access('create')  # before the check below: who may not open files shall not ask which exist
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        self._check_identities_free([
            (vals['identity_number'], vals.get('identity_kind') or 'national_id',
             vals.get('identity_country_id') or False)
            for vals in vals_list if vals.get('identity_number')])
        files = super(AmlajBeneficiary, self.with_context(mail_create_nosubscribe=True)).create(vals_list)
        for file in files:
            # the number and the bank stamps are guarded: the file's own code writes them
            file.sudo().write({
                'file_number': file.file_number or self.env['ir.sequence'].sudo().next_by_code('amlaj.beneficiary'),
                **file._iban_stamps(),
            })
        return files.with_env(self.env)

    def write(self, vals):
        self.check_access('write')  # before the check below: who may not edit files shall not ask which exist
        vals = self._clean_vals(vals)
        if {*IDENTITY, 'state'} & vals.keys():
            self._check_identities_free([
                (vals.get('identity_number', file.identity_number), vals.get('identity_kind', file.identity_kind),
                 vals.get('identity_country_id', file.identity_country_id.id))
                for file in self.sudo() if vals.get('identity_number', file.identity_number)
                and vals.get('state', file.state) != 'ended'], self.ids)
        before = {
            file.id: {names: [file[name] for name in names] for names in (IBAN, IDENTITY)}
            for file in self} if {*IBAN, *IDENTITY} & vals.keys() else {}
        result = super().write(vals)
        for file in self.filtered('id') if before else ():
            # guarded stamps of the change just made
            if before[file.id][IBAN] != [file[name] for name in IBAN]:
                file.sudo().write(file._iban_stamps())
            if file.identity_matched_at and before[file.id][IDENTITY] != [file[name] for name in IDENTITY]:
                file.sudo().write({'identity_matched_by_id': False, 'identity_matched_at': False})
        if 'birth_date' in vals:
            self.sudo().mandate_ids._end_at_majority()  # a rule of the house, whoever corrects the date
        return result

    @api.model
    def _clean_vals(self, vals):
        """Bring what was typed into the stored form, or say what is wrong with it."""
        vals = dict(vals)
        for name in ('name', *NAME_PARTS):
            if vals.get(name):
                vals[name] = clean_line(vals[name])
        for name in ('phone', 'phone2'):
            if vals.get(name):
                vals[name] = self._cleaned(clean_phone, vals[name])
        if vals.get('iban'):
            vals['iban'] = self._cleaned(clean_iban, vals['iban'])
        if vals.get('short_address'):
            vals['short_address'] = self._cleaned(clean_short_address, vals['short_address'])
        if vals.get('birth_text'):
            vals['birth_date'] = self._cleaned(parse_birth, vals['birth_text'], self._today())[0]
        elif 'birth_date' in vals:
            vals['birth_text'] = False
        if vals.get('identity_number'):
            kind = vals.get('identity_kind') or (self[:1].identity_kind if self else 'national_id')
            vals['identity_number'] = self._cleaned(clean_identity, kind, vals['identity_number'])
        for name in ('identity_number', 'iban', 'phone', 'phone2', 'short_address'):
            if name in vals:
                vals[name] = vals[name] or False  # an empty text is no number: two files without one do not collide
        return vals

    @api.onchange('birth_text')
    def _onchange_birth_text(self):
        if self.birth_text:
            self.birth_date = self._cleaned(parse_birth, self.birth_text, self._today())[0]

    def _iban_stamps(self):
        """What a new IBAN or holder makes of the stamps: another's account, or a change, waits for a second person."""
        self.ensure_one()
        if not self.iban and not self.iban_changed_by_id:
            return {}
        is_others = bool(self.iban_holder) and name_key(self.iban_holder) != self.name_key
        # the stamp outlives an emptied IBAN, or emptying it first would make a change look like a first entry
        state = 'none' if not self.iban else 'to_confirm' if self.iban_changed_by_id or is_others else 'confirmed'
        return {'iban_state': state, 'iban_changed_by_id': self.env.uid, 'iban_confirmed_by_id': False}

    # ------------------------------------------------------------
    # Search
    # ------------------------------------------------------------

    @api.model
    def _search_display_name(self, operator, value):
        if operator in ('ilike', 'like') and isinstance(value, str):
            return self._find_domain(value)
        if operator in ('not ilike', 'not like') and isinstance(value, str):
            return ~self._find_domain(value)
        return super()._search_display_name(operator, value)

    @api.model
    def _find_domain(self, text):
        """Files that have every word of ``text`` in their name (any spelling) or in one of their numbers."""
        tokens = name_tokens(text)
        if not tokens:
            return Domain.FALSE if text.strip() else Domain.TRUE
        if not self.env.su and not self.env.user._is_internal():
            # the portal reads neither the keys nor the numbers in them: a search would read them out
            return Domain.AND([Domain('name', 'ilike', word) for word in text.split()])
        words = Domain.AND([
            Domain('search_key', 'like', token) | self._phone_domain(token) for token in tokens])
        return words | self._phone_domain(text)  # a phone number with spaces is one number

    @api.model
    def _phone_domain(self, text):
        """Files with ``text`` as a part of a number, however a phone number is written; none for other words."""
        number = latin_digits(text).translate(NUMBER_SIGNS)
        digits = phone_digits(number) if number.lstrip('+').isdigit() else ''
        return Domain('search_key', 'like', digits) if len(digits) >= SHORTEST_PHONE_PART else Domain.FALSE

    def _file(self):
        return self
