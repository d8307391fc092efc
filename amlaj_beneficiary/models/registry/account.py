import secrets

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessDenied
from odoo.fields import Command, Domain

from ...tools.errors import BadInput
from ...tools.phone import clean_phone
from ...tools.text import latin_digits
from .beneficiary import NUMBER_SIGNS
from .guarded import Actors, Blocker
from .mandate import ADULT_AGE

ENTRY = 'entry'
ENTRY_HOURS = 72
SHORTEST_PASSWORD = 8
# whom nobody is: what a number that opens nothing becomes before anything writes it down
NOBODY = '-'
DESK = frozenset({'relations', 'representative', 'manager'})
ACCOUNT_STATES = [
    ('none', "No account"),
    ('waiting', "Code given, not used yet"),
    ('active', "In use"),
    ('closed', "Closed"),
]


class ResUsers(models.Model):
    """Getting in without e-mail: what a person types is a number he knows, never the login itself (R19, R70).

    His login is random and says nothing. The number becomes the login here, where all doors enter (web, RPC), so that
    none reaches Odoo's log; a number that opens nothing, or that several people share, is answered like a wrong one.
    """
    _inherit = 'res.users'

    def _login(self, credential, user_agent_env):
        if isinstance(credential.get('login'), str):
            credential = {**credential, 'login': self._entry_login(credential['login'])}
        try:
            return super()._login(credential, user_agent_env)
        except AccessDenied:
            if credential.get('login') == NOBODY:
                self._crypt_context().dummy_verify()  # as long as a wrong password takes
            raise

    @api.model
    def _entry_login(self, typed):
        """The login that ``typed`` stands for: itself where it is one or has letters, else the number's owner's."""
        number = latin_digits(typed).translate(NUMBER_SIGNS)
        if not number.removeprefix('+').isdigit():
            return typed
        # asked before anybody is logged in; answers with a login alone
        if self.sudo().search_count([('login', '=', typed)], limit=1):
            return typed
        user_sudo = self._entry_user(number)
        return user_sudo.login if user_sudo else NOBODY

    @api.model
    def _entry_user(self, number):
        """The one account that a national ID, resident ID, file number or mobile stands for, in superuser mode.

        An empty record where there is none, or where several share the number.
        """
        try:
            phone = clean_phone(number)
        except BadInput:
            phone = None
        own = Domain('capacity', '=', 'self') & Domain('beneficiary_id.state', '!=', 'ended')
        keys = Domain('beneficiary_id.identity_number', '=', number) | Domain('beneficiary_id.file_number', '=', number)
        if phone:
            keys |= Domain('beneficiary_id.phone', '=', phone)
        domain = own & keys
        if phone:
            domain |= Domain('phone', '=', phone)
        mandates_sudo = self.env['amlaj.mandate'].sudo().search(
            self.env['amlaj.mandate']._valid_domain() & Domain('user_id.active', '=', True) & domain, limit=10)
        users_sudo = mandates_sudo.user_id
        return users_sudo if len(users_sudo) == 1 and users_sudo.share else users_sudo.browse()

    @api.model
    def _enter(self, typed, code, password):
        """Use a one-time code up and set the password chosen with it.

        :param typed: a number, or the login that the slip's QR holds
        :return: the login, or '' where number and code do not belong together: every reason is answered alike
        """
        login = self._entry_login(typed if isinstance(typed, str) else '')
        # nobody is logged in yet; the code is the right
        user_sudo = self.sudo().search([('login', '=', login), ('share', '=', True)], limit=1)
        if not self.env['amlaj.code']._is_right(user_sudo, ENTRY, code):
            return ''
        user_sudo.password = password
        return user_sudo.login

    def _deactivate_portal_user(self, **post):
        """A beneficiary's account is closed, and nothing else: neither his file nor his contact goes with it."""
        ours = self.filtered(lambda user: user.share and self.env['amlaj.mandate'].sudo().search_count(
            [('user_id', '=', user.id)], limit=1))  # whether, for the user's own wish
        ours._close_entry()
        if self - ours:
            return super(ResUsers, self - ours)._deactivate_portal_user(**post)
        return None

    def _close_entry(self):
        """Close these logins: they can be opened anew at the desk (the caller checked who asks)."""
        if not self:
            return
        users_sudo = self.sudo()
        self.env['amlaj.code']._revoke(users_sudo, ENTRY)
        users_sudo.api_key_ids._remove()
        users_sudo.with_user(SUPERUSER_ID).write({'active': False, 'password': secrets.token_urlsafe(32)})


class AmlajMandate(models.Model):
    """The account of whoever holds a mandate: given, renewed and closed at the desk (R19, R70)."""
    _inherit = 'amlaj.mandate'

    account_state = fields.Selection(
        ACCOUNT_STATES, string="State of the account", compute='_compute_account_state', compute_sudo=True)

    @api.depends('user_id.active')
    def _compute_account_state(self):
        for mandate in self:
            user = mandate.with_context(active_test=False).user_id
            mandate.account_state = (
                'none' if not user else 'closed' if not user.active
                else 'waiting' if self.env['amlaj.code']._in_force(user, ENTRY) else 'active')

    def action_grant_portal_access(self):
        """Give the holder a login, or a new code for the one he has, and print what he takes home.

        The employee has the person before him: the code is as good as a key for 72 hours, once.

        :return: the action that prints the slip
        """
        self.ensure_one()
        self._do('grant_access')
        return self._give_entry()

    def action_close_portal_access(self):
        """Close the login, and nothing else; it can be given anew."""
        self._do('close_access')
        self.sudo().with_context(active_test=False).user_id._close_entry()  # the step was checked
        for mandate in self:
            mandate.beneficiary_id._record_access('open', 'account closed')
        return True

    def _give_entry(self):
        """Make or open the account and issue its code (the step was checked). :return: the printing action"""
        mandate_sudo = self.sudo().with_context(active_test=False)
        if not mandate_sudo.user_id:
            mandate_sudo.user_id = self._make_account()
        if not mandate_sudo.user_id.active:
            mandate_sudo.user_id.active = True
        self.env['amlaj.code']._issue(mandate_sudo.user_id, ENTRY, is_once=True, hours=ENTRY_HOURS)
        self.beneficiary_id._record_access('open', 'account given')
        return self.env.ref('amlaj_beneficiary.report_access_slip').report_action(self, config=False)

    def _make_account(self):
        """A portal user of whom nothing but the name is written: no e-mail, no phone, a login that tells nothing."""
        mandate_sudo = self.sudo()
        file = mandate_sudo.beneficiary_id
        own = mandate_sudo.capacity == 'self'
        vals = {
            'name': mandate_sudo.person_name, 'login': f'u{secrets.token_hex(6)}', 'password': secrets.token_urlsafe(32),
            'lang': file.lang, 'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]}
        if own and file.partner_id:
            vals['partner_id'] = file.partner_id.id
        user_sudo = self.env['res.users'].sudo().with_context(no_reset_password=True).create(vals)
        if own and not file.partner_id:
            file.partner_id = user_sudo.partner_id
        return user_sudo

    def _actors(self):
        return super()._actors() | {'grant_access': Actors(DESK), 'close_access': Actors(DESK)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for mandate in self.sudo() if action in ('grant_access', 'close_access') else ():  # the actor is checked apart
            mine, user = blockers[mandate.id], mandate.with_context(active_test=False).user_id
            if action == 'close_access' and not user.active:
                mine.append(Blocker('state', self.env._("There is no open account.")))
            if user and not user.share:
                mine.append(Blocker('employee', self.env._("An employee uses the account that he has.")))
            if action == 'grant_access' and not mandate.is_valid:
                mine.append(Blocker('mandate', self.env._("The mandate is not verified, or it has ended.")))
            if action == 'grant_access':
                mine += mandate.beneficiary_id._entry_blockers()
        return blockers


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    account_state = fields.Selection(
        ACCOUNT_STATES, string="State of the account", compute='_compute_account_state', compute_sudo=True)

    @api.depends('mandate_ids.user_id.active', 'mandate_ids.capacity')
    def _compute_account_state(self):
        for file in self:
            file.account_state = file._own_mandate().account_state or 'none'

    def _own_mandate(self):
        """The beneficiary's own mandate, the one with an account first (superuser)."""
        own = self.mandate_ids.filtered(lambda mandate: mandate.capacity == 'self')
        return own.sorted(lambda mandate: (not mandate.user_id, -mandate.id))[:1]

    def action_grant_portal_access(self):
        """Give the beneficiary a login without e-mail, or a new code, and print the slip that he takes home (R19, R70).

        Whoever does so has seen the person and the original of his identity paper.

        :return: the action that prints the slip
        """
        self.ensure_one()
        self._do('grant_access')
        file_sudo = self.sudo()  # the step was checked; the beneficiary's own mandate is the house's to write
        mandate_sudo = file_sudo._own_mandate()
        if not mandate_sudo:
            mandate_sudo = mandate_sudo.create({
                'beneficiary_id': self.id, 'capacity': 'self', 'person_name': file_sudo.name,
                'may_apply': True, 'may_follow': True, 'may_receive': True})
        if not mandate_sudo.is_valid:
            mandate_sudo.write({'valid_until': False, **self._stamp('verified')})
        return mandate_sudo.with_env(self.env)._give_entry()

    def action_close_portal_access(self):
        """Close the beneficiary's login, and nothing else; it can be given anew."""
        self.ensure_one()
        self._do('close_access')
        self.sudo()._own_mandate().with_context(active_test=False).user_id._close_entry()  # the step was checked
        self._record_access('open', 'account closed')
        return True

    def _actors(self):
        return super()._actors() | {'grant_access': Actors(DESK), 'close_access': Actors(DESK)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for file in self.sudo() if action in ('grant_access', 'close_access') else ():  # the actor is checked apart
            mine, user = blockers[file.id], file._own_mandate().with_context(active_test=False).user_id
            if user and not user.share:
                mine.append(Blocker('employee', self.env._("An employee uses the account that he has.")))
            if action == 'close_access' and not user.active:
                mine.append(Blocker('state', self.env._("There is no open account.")))
            if action == 'grant_access':
                mine += file._entry_blockers() + file._own_entry_blockers()
        return blockers

    def _entry_blockers(self):
        """Why nobody gets an account for this file now (superuser)."""
        if self.state == 'ended':
            return [Blocker('state', self.env._("The beneficiary's file is closed."))]
        if not self.identity_matched_at:
            return [Blocker('identity', self.env._("The identity is not yet matched with the original."))]
        return []

    def _own_entry_blockers(self):
        """Why the beneficiary himself gets none: somebody else acts for him (superuser)."""
        age = self._age()
        if self.kind == 'person' and age is not None and age < ADULT_AGE:
            return [Blocker('minor', self.env._("For a person under 18 the guardian gets the account."))]
        if self.kind == 'organisation':
            return [Blocker('organisation', self.env._(
                "For an organisation its authorised person gets the account, by his mandate."))]
        return []
