import secrets

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessDenied, UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import ormcache

from ...tools import log_mask
from ...tools.errors import BadInput
from ...tools.password import is_guessable
from ...tools.phone import clean_phone
from ...tools.text import bare, latin_digits
from .beneficiary import NUMBER_SIGNS
from .password_tries import LONGEST_NUMBER

# the two codes that open an account: given at the desk on paper, and sent to its owner's mobile
ENTRY, ENTRY_SENT = 'entry', 'entry_sent'
ENTRY_PURPOSES = (ENTRY, ENTRY_SENT)
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
# whom nobody is: what a number that opens nothing becomes before anything writes it down
NOBODY = '-'
# as many digits as that are a number of somebody, whatever stands between them
NUMBER_DIGITS = 7


class ResUsers(models.Model):
    """Getting in without e-mail: what a person types is a number he knows, never the login itself (R19, R70).

    His login is random and says nothing. The number becomes the login here, where all doors enter (web, RPC), so that
    none reaches Odoo's log or a session; a number that opens nothing, or that several people share, is answered like a
    wrong one, after the same work. An employee's login is taken as it is. Who guesses waits: ``password_tries``.
    """
    _inherit = 'res.users'

    holds_mandate = fields.Boolean(
        groups=NO_ACCESS, copy=False, help="An account from outside that acts, or acted, on somebody's file.")

    def _register_hook(self):
        log_mask.install()
        return super()._register_hook()

    # ------------------------------------------------------------
    # The door
    # ------------------------------------------------------------

    def _login(self, credential, user_agent_env):
        typed = credential.get('login')
        if credential.get('type') != 'password' or not isinstance(typed, str):
            return super()._login(credential, user_agent_env)
        user_sudo = self._user_of_login(typed)
        if user_sudo and not user_sudo.share:
            return super()._login(credential, user_agent_env)
        # in place: the caller keeps the same credential in the session
        credential['login'] = typed if user_sudo else self._login_of_number(typed)
        user_sudo = user_sudo or self._user_of_login(credential['login'])
        with self._counted('login', self._login_limits(user_sudo, typed, self._address(user_agent_env))):
            try:
                return super()._login(credential, user_agent_env)
            except AccessDenied as error:
                # during Odoo's own cooldown nobody's password is looked at, so nothing is made up for either
                if error.args == AccessDenied().args and not user_sudo:
                    self._waste_time(credential.get('password'))
                raise

    def _check_credentials(self, credential, env):
        try:
            return super()._check_credentials(credential, env)
        except AccessDenied:
            latin = latin_digits(credential.get('password') or '')
            if not self.env.user.share or credential.get('type') != 'password' or latin == credential.get('password'):
                raise
            # chosen with the digits 0-9, typed with ٠-٩ on another keyboard
            return super()._check_credentials({**credential, 'password': latin}, env)

    def _waste_time(self, password):
        """Take as long for an account that does not exist as for a wrong password."""
        if not password:
            return  # Odoo looks at nobody's then
        for _ in range(1 if latin_digits(password) == password else 2):
            self._crypt_context().verify_and_update(password, self._hash_of_nobody())

    @ormcache(cache='stable')
    def _hash_of_nobody(self):
        """A hash like those of passwords, that no password fits."""
        return self._crypt_context().hash(secrets.token_urlsafe(32))

    @api.model
    def _user_of_login(self, login):
        """The user whose login is exactly ``login``, in superuser mode."""
        # asked before anybody is logged in; nothing but whether he is an employee is used
        return self.sudo().search_fetch(Domain('login', '=', login), ['login', 'share'], limit=1)

    @api.model
    def _login_of_number(self, typed):
        """The login that a typed number stands for; ``NOBODY`` for a number of nobody, and what is no number as it is."""
        number = latin_digits(typed[:LONGEST_NUMBER]).translate(NUMBER_SIGNS)
        user_sudo = self._user_of_number(number) if number.removeprefix('+').isdecimal() else self.sudo().browse()
        if user_sudo:
            return user_sudo.login
        return NOBODY if sum(sign.isdecimal() for sign in number) >= NUMBER_DIGITS else typed

    @api.model
    def _user_of_number(self, number):
        """The one account that a national ID, resident ID, file number or mobile stands for, in superuser mode.

        An empty record where there is none, or where the number is also that of somebody whom the account does not act
        for. Only what an employee has seen counts: who registered himself claims a number, he does not own it yet.
        """
        phone = self._phone_typed(number)
        keys = Domain('identity_number', '=', number) | Domain('file_number', '=', number)
        by_phone = Domain('phone', '=', phone) if phone else Domain.FALSE
        seen = Domain('self_registered_at', '=', False) | Domain('identity_matched_at', '!=', False)
        # asked before anybody is logged in; answers with a login alone
        files_sudo = self.env['amlaj.beneficiary'].sudo().search(
            Domain('state', '!=', 'ended') & (keys | (by_phone & seen)), limit=20)
        Mandate = self.env['amlaj.mandate'].sudo()
        valid = Mandate._valid_domain() & Domain('user_id.share', '=', True) & Domain('user_id.active', '=', True)
        held_sudo = Mandate.search(valid & (Domain('beneficiary_id', 'in', files_sudo.ids) | (
            by_phone & Domain('is_self_registered', '=', False))), limit=60)
        user_sudo = held_sudo.filtered(lambda mandate: mandate._is_opened_by(number, phone)).user_id
        acted_for_sudo = held_sudo.filtered(lambda mandate: mandate.user_id == user_sudo).beneficiary_id
        if len(user_sudo) != 1 or files_sudo - acted_for_sudo:
            return user_sudo.browse()
        return user_sudo

    @api.model
    def _phone_typed(self, number):
        """The mobile in its stored spelling, or False where it is none."""
        try:
            return clean_phone(number)
        except BadInput:
            return False

    # ------------------------------------------------------------
    # The first entry
    # ------------------------------------------------------------

    @api.model
    def _enter(self, typed, code, password):
        """Use a one-time code up and set the password chosen with it.

        :param typed: a number, or the login that the slip's QR holds
        :return: the login, or '' where number and code do not belong together: every reason is answered alike
        """
        typed = typed if isinstance(typed, str) else ''
        user_sudo = self._user_of_login(typed)
        if not user_sudo:
            user_sudo = self._user_of_login(self._login_of_number(typed))
        # nobody is logged in yet; the code is the right
        user_sudo = user_sudo.filtered(lambda user: user.share and user._acts_for_somebody())
        if not any([self.env['amlaj.code']._is_right(user_sudo, purpose, code) for purpose in ENTRY_PURPOSES]):
            return ''
        self.env['amlaj.code']._revoke(user_sudo, ENTRY)
        self.env['amlaj.code']._revoke(user_sudo, ENTRY_SENT)
        user_sudo._end_keys(password)
        return user_sudo.login

    def _acts_for_somebody(self):
        """Whether a mandate of this account is in force (superuser)."""
        Mandate = self.env['amlaj.mandate']
        return bool(Mandate.search_count(Mandate._valid_domain() & Domain('user_id', 'in', self.ids), limit=1))

    @api.model
    def _shortest_password(self):
        """How many signs a password needs: ours, or more where the server asks for more."""
        asked = self.env['ir.config_parameter'].sudo().get_param('auth_password_policy.minlength') or ''
        return max(SHORTEST_PASSWORD, int(asked) if asked.isdecimal() else 0)

    @api.model
    def _password_help(self):
        return self.env._(
            "At least %(count)s letters or digits. Tell it to nobody; we never ask for it.", count=self._shortest_password())

    @api.model
    def _password_fault(self, password, *numbers):
        """What is wrong with a chosen password, or ''. It is long enough, and neither the first that a stranger would try
        nor a number that others know; no sign of any kind is asked for."""
        shortest = self._shortest_password()
        if not shortest <= len(password or '') <= LONGEST_PASSWORD:
            return self.env._("The password needs at least %(count)s letters or digits.", count=shortest)
        if bare(password) in {bare(number) for number in numbers if number}:
            return self.env._("Others know this number: please choose another password.")
        if is_guessable(password):
            return self.env._("This password is easy to guess. Please choose another, for example three words that you like.")
        return ''

    @api.model
    def _own_numbers(self):
        """The numbers that others know of the person whose account this is."""
        # of the user himself, and only compared
        file_sudo = self.env['amlaj.mandate'].sudo().search(
            [('user_id', '=', self.env.uid), ('capacity', '=', 'self')], limit=1).beneficiary_id
        phone = file_sudo.phone or ''
        return [file_sudo.identity_number, file_sudo.claimed_number, file_sudo.file_number, phone, f'0{phone[4:]}']

    def _change_password(self, new_passwd):
        if not self._holds_mandate():
            return super()._change_password(new_passwd)
        if fault := self._password_fault(new_passwd):
            raise UserError(fault)
        return super()._change_password(latin_digits(new_passwd))

    # ------------------------------------------------------------
    # Keys that end
    # ------------------------------------------------------------

    def _end_keys(self, password=None):
        """Set a password, or one that nobody knows; whoever was in by whatever key is out (the caller checked who asks)."""
        for user_sudo in self.sudo():
            user_sudo.password = latin_digits(password) if password else secrets.token_urlsafe(32)
            user_sudo.auth_passkey_key_ids.unlink()
            user_sudo.api_key_ids._remove()
            if 'totp_secret' in user_sudo._fields:
                user_sudo.totp_secret = False  # his phone with the second factor may be the one that is lost
                user_sudo._revoke_all_devices()

    def _close_entry(self):
        """Close these logins: they can be opened anew at the desk (the caller checked who asks)."""
        if not self:
            return
        for purpose in ENTRY_PURPOSES:
            self.env['amlaj.code']._revoke(self, purpose)
        self._end_keys()
        self.sudo().with_user(SUPERUSER_ID).active = False

    def _deactivate_portal_user(self, **post):
        """A beneficiary's account is closed, and nothing else: neither his file nor his contact goes with it."""
        ours = self.filtered(lambda user: user.share and user.sudo().holds_mandate)  # the user's own wish
        ours._close_entry()
        ours.sudo()._record_account(self.env, 'closed by its owner')  # his own account
        if self - ours:
            return super(ResUsers, self - ours)._deactivate_portal_user(**post)
        return None
