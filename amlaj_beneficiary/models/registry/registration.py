import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.fields import NO_ACCESS

from ...tools.hijri import age_on, parse_birth
from ...tools.identity import clean_identity, guess_identity_kind
from ...tools.phone import clean_phone
from ...tools.text import clean_line
from .beneficiary import NAME_PARTS
from .guarded import Actors, AddedFields, Blocker
from .mandate import ADULT_AGE

# the version of the text on the page, views/registry/register_templates.xml: a new text has a new version
NOTICE_VERSION = '2026-1'
LONGEST_LINE = 80
REGISTERED_FIELDS = (*NAME_PARTS, 'identity_number', 'birth_text', 'phone', 'locality_id', 'place')
KINDS = {'national_id': "National ID", 'iqama': "Resident ID (Iqama)"}
DESK = frozenset({'relations', 'representative', 'manager'})


class AmlajBeneficiary(models.Model):
    """A newcomer's own registration from home, and what the desk makes of it (R18, R19; rule 5).

    Whoever registers states an identity number; nobody has seen its paper. So it is kept apart, as a claim: it opens no
    file, it takes no number from anyone, and whether somebody else has a file under it changes nothing that the page
    says, does or costs. The desk takes the number over when it sees the paper, and says then whether the account is the
    person's own.
    """
    _inherit = 'amlaj.beneficiary'

    self_registered_at = fields.Datetime(string="Registered from home on", copy=False, index='btree_not_null')
    claimed_kind = fields.Selection(list(KINDS.items()), string="Stated kind of identity", copy=False)
    claimed_number = fields.Char(string="Stated identity number", copy=False, index='btree_not_null')
    notice_version = fields.Char(string="Privacy notice read", copy=False)
    notice_read_at = fields.Datetime(string="Privacy notice read on", copy=False)
    registration_key = fields.Char(copy=False, groups=NO_ACCESS)
    has_account_to_confirm = fields.Boolean(compute='_compute_has_account_to_confirm', compute_sudo=True)

    _registration_once = models.UniqueIndex(
        '(registration_key) WHERE registration_key IS NOT NULL', "This registration was received already.")

    _guarded_fields = AddedFields(
        'self_registered_at', 'claimed_kind', 'claimed_number', 'notice_version', 'notice_read_at', 'registration_key')

    # ------------------------------------------------------------
    # From home
    # ------------------------------------------------------------

    @api.model
    def _checked_registration(self, typed):
        """Judge what a newcomer typed, by itself: no file is looked at.

        :param typed: texts by name, see ``REGISTERED_FIELDS``
        :return: ``(vals, faults)``: what to store, and a sentence for each name that needs another look
        """
        vals, faults = {}, {}
        for name in NAME_PARTS:
            vals[name] = clean_line(typed.get(name))[:LONGEST_LINE]
            if not vals[name]:
                faults[name] = self.env._("Please enter this part of the name.")
        kind = guess_identity_kind(typed.get('identity_number'))
        checks = {
            'identity_number': lambda text: clean_identity(kind if kind in KINDS else 'national_id', text),
            'phone': lambda text: clean_phone(text, mobile=True),
            'birth_text': lambda text: parse_birth(text, self._today())[0],
        }
        for name, check in checks.items():
            try:
                vals[name] = self._cleaned(check, (typed.get(name) or '')[:LONGEST_LINE])
            except ValidationError as error:
                faults[name] = str(error.args[0])
        birth = vals.pop('birth_text', None)
        if birth and age_on(birth, self._today()) < ADULT_AGE:
            faults['birth_text'] = self.env._("For a person under 18 the guardian comes to us or calls.")
        locality_id = typed.get('locality_id') or ''
        # which places there are is no secret
        locality_sudo = self.env['amlaj.locality'].sudo().browse(
            int(locality_id) if locality_id.isdecimal() and len(locality_id) < 10 else 0).exists()
        place = clean_line(typed.get('place'))[:LONGEST_LINE]
        if not locality_sudo and not place:
            faults['locality_id'] = self.env._("Please choose your place, or write its name.")
        vals |= {'birth_date': birth, 'claimed_kind': kind, 'claimed_number': vals.pop('identity_number', False),
                 'locality_id': locality_sudo.id, 'branch_id': locality_sudo.branch_id.id, 'address_note': place}
        return vals, faults

    @api.model
    def _register_newcomer(self, vals, password, key):
        """Make the provisional file, account and mandate of a newcomer; the same ``key`` gives the ones made before.

        Nobody is logged in; the house makes them, and counts the tries before.

        :param vals: of ``_checked_registration``
        :return: the login
        """
        files_sudo = self.with_user(SUPERUSER_ID)
        file_sudo = files_sudo.search([('registration_key', '=', key)], limit=1)
        if file_sudo:
            return file_sudo._own_mandate().user_id.login
        now = fields.Datetime.now()
        try:
            file_sudo = files_sudo.create({
                **vals, 'identity_number': False, 'registration_key': key, 'self_registered_at': now,
                'notice_version': NOTICE_VERSION, 'notice_read_at': now, 'lang': self.env.lang})
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name == 'amlaj_beneficiary_registration_once':
                # the same click arrived twice at the same moment: the retry finds the first one's file
                raise ConcurrencyError("registration_key") from error
            raise
        mandate_sudo = file_sudo.mandate_ids.create({
            'beneficiary_id': file_sudo.id, 'capacity': 'self', 'person_name': file_sudo.name, 'may_apply': True,
            'may_follow': True, 'may_receive': False, 'is_self_registered': True, 'verified_at': now})
        mandate_sudo.user_id = mandate_sudo._make_account()
        mandate_sudo.user_id._end_keys(password)
        file_sudo._record_access('account', 'registered from home')
        return mandate_sudo.user_id.login

    @api.model
    def _newcomers_file(self):
        """The file that the current user registered himself and nobody has confirmed yet, in superuser mode."""
        # his own, for the page that tells him its number
        return self.env['amlaj.mandate'].sudo().search([
            ('user_id', '=', self.env.uid), ('is_self_registered', '=', True), ('is_valid', '=', True),
        ], limit=1).beneficiary_id

    # ------------------------------------------------------------
    # At the desk
    # ------------------------------------------------------------

    @api.depends('claimed_number')
    def _compute_search_key(self):
        result = super()._compute_search_key()
        for file in self.filtered('claimed_number'):
            file.search_key = f'{file.search_key or ""} {file.claimed_number}'.strip()
        return result

    @api.depends('identity_matched_at', 'mandate_ids.is_self_registered', 'mandate_ids.valid_until', 'mandate_ids.user_id')
    def _compute_has_account_to_confirm(self):
        for file in self:
            file.has_account_to_confirm = bool(file.identity_matched_at) and bool(file._mandates_to_confirm())

    def _mandates_to_confirm(self):
        """The mandates that a person gave himself and no employee has confirmed yet (superuser)."""
        return self.mandate_ids.filtered(
            lambda mandate: mandate.is_self_registered and mandate.user_id.active
            and (not mandate.valid_until or mandate.valid_until >= self._today()))

    def action_match_identity(self):
        """State that the original identity paper was seen and agrees with the file (R54). No copy is kept.

        A number that the person stated himself becomes the file's number now; where another file has it, that is said.
        What he registered by himself rests until the employee confirms that the account is his.
        """
        for file in self:
            if file.claimed_number and not file.identity_number and not file.identity_matched_at:
                file.write({'identity_kind': file.claimed_kind, 'identity_number': file.claimed_number})
        result = super().action_match_identity()
        self.sudo()._mandates_to_confirm().write({'verified_by_id': False, 'verified_at': False})
        return result

    def action_confirm_account(self):
        """State that the person who stands here is the one who registered from home: the account stays his."""
        self._do('confirm_account')
        for mandate in self.sudo()._mandates_to_confirm().with_env(self.env):
            mandate.action_verify()
            mandate.sudo().may_receive = True  # seen by an employee now, like any other beneficiary
        return True

    def _actors(self):
        return super()._actors() | {'confirm_account': Actors(DESK)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for file in self.sudo():  # the actor is checked apart
            if action == 'confirm_account' and not file.has_account_to_confirm:
                blockers[file.id].append(Blocker('state', self.env._("No account waits for a confirmation.")))
            if action == 'match_identity' and file.claimed_number:
                blockers[file.id] = [blocker for blocker in blockers[file.id] if blocker.code != 'identity']
        return blockers

    def _registration_blockers(self):
        lacks = super()._registration_blockers()
        if self.claimed_number and not self.identity_number:
            # the person has stated his number; what is missing is the employee's look at the paper
            lacks = [Blocker('identity_match', self.env._("Matching the identity with the original"))
                     if blocker.code == 'identity' else blocker for blocker in lacks]
        return lacks


class AmlajMandate(models.Model):
    _inherit = 'amlaj.mandate'

    is_self_registered = fields.Boolean(
        string="Registered from home", copy=False, help="No employee has seen yet that its holder is who he says he is.")

    _guarded_fields = AddedFields('is_self_registered')

    def action_verify(self):
        """State that the proof of the mandate was seen; from now on it counts."""
        result = super().action_verify()
        self.sudo().filtered('is_self_registered').is_self_registered = False  # the step was checked
        return result

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for mandate in self.sudo() if action == 'verify_mandate' else ():  # the actor is checked apart
            if mandate.is_self_registered and not mandate.beneficiary_id.identity_matched_at:
                blockers[mandate.id].append(Blocker('identity', self.env._(
                    "The identity is not yet matched with the original.")))
        return blockers
