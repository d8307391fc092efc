from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessDenied
from odoo.fields import Domain
from odoo.tools import consteq, ormcache

from ...tools.counted import counted
from ...tools.text import bare
from .beneficiary import NUMBER_SIGNS
from .guarded import MOST_ID
from .throttle import ALL

LONGEST_NUMBER = 64
# at most so many wrong tries in so many seconds: from one address, by what was typed, in total
TRIES_FROM_ADDRESS, TRIES, TRIES_IN_TOTAL, SECONDS = 30, 10, 2000, 15 * 60
# A code is ten digits by chance: ten times as many wrong ones of one number change nothing for whoever guesses, and
# nobody keeps its owner waiting from one place.
CODE_TRIES = 100
# calls from programs say their address themselves: all of them share one count
PROGRAMS = 'programs'
# what a browser shows that the account was opened with before
DEVICE = 'amlaj_device'


class ResUsers(models.Model):
    """Whoever guesses a password or a code waits, whatever the door; nobody is ever locked out (rule 10; S8).

    Wrong passwords of accounts from outside are counted wherever one can be tried: the login page, RPC with a number or
    with a user's id, the change of one's password, and the question for it before something delicate. An employee meets
    Odoo's own cooldown alone. A browser that the account was opened with before has a count of its own, so that a stranger
    who tries somebody's number keeps him waiting on no phone of his.
    """
    _inherit = 'res.users'

    @api.model
    def _address(self, user_agent_env):
        env = user_agent_env or {}
        return env.get('REMOTE_ADDR') or PROGRAMS if env.get('interactive') else PROGRAMS

    @api.model
    def _entry_limits(self, typed, address):
        """How often a password may be tried: from one address, with what was typed, in total.

        What was typed counts, not whom it means: a number of nobody waits like any other, and two numbers of one person
        do not tell that they belong together.
        """
        return (
            (f'address:{address}', TRIES_FROM_ADDRESS, SECONDS), (f'number:{self._as_counted(typed)}', TRIES, SECONDS),
            (ALL, TRIES_IN_TOTAL, SECONDS))

    @api.model
    def _code_limits(self, typed, address):
        """How often a code of ten digits may be tried: from one address, of one number from there, of the number, in total."""
        number = self._as_counted(typed)
        return (
            (f'address:{address}', TRIES_FROM_ADDRESS, SECONDS), (f'here:{address}:{number}', TRIES, SECONDS),
            (f'number:{number}', CODE_TRIES, SECONDS), (ALL, TRIES_IN_TOTAL, SECONDS))

    @api.model
    def _as_counted(self, typed):
        """What was typed in the one spelling in which it is counted."""
        number = bare((typed or '')[:LONGEST_NUMBER])
        return self._phone_typed(number) or number.translate(NUMBER_SIGNS)

    @api.model
    @contextmanager
    def _counted(self, scope, limits):
        """Count a try, and take it back when what is done inside succeeds.

        :raise AccessDenied: for whoever has to wait
        """
        throttle = self.env['amlaj.throttle']
        if wait := throttle._take(scope, *limits):
            raise AccessDenied(self._message_wait(wait))
        yield
        throttle._give_back(scope, *limits)

    @api.model
    def _message_wait(self, wait):
        """What is said to whoever has to wait ``wait`` seconds."""
        return self.env._(
            "There were many tries just now. Please try again in %(time)s, or call us.",
            time=counted(-(-wait // 60), 'minute', (self.env.lang or 'en')[:2], oblique=True))

    # ------------------------------------------------------------
    # A device that the account was opened with
    # ------------------------------------------------------------

    def _device_token(self):
        """What a browser keeps of having been let in: it says nothing by itself, and ends with the password."""
        return self._compute_session_token(DEVICE)

    @api.model
    def _login_limits(self, user_sudo, typed, address):
        """The limits for a login; a device that the account knows has its own.

        The token comes from the browser by the context. Whoever made one up would need the password for it.
        """
        token = self.env.context.get(DEVICE)
        if token and isinstance(token, str) and user_sudo and consteq(token, user_sudo._device_token() or ''):
            return ((f'device:{user_sudo.id}', TRIES, SECONDS),)
        return self._entry_limits(typed, address)

    # ------------------------------------------------------------
    # The other doors at which a password is tried
    # ------------------------------------------------------------

    @api.model
    @ormcache('uid', 'passwd')  # as Odoo's own: a right password is not checked anew at each call
    def _check_uid_passwd(self, uid, passwd):
        """RPC with a user's id and a password: an id of nobody is answered like a wrong password, after the same work."""
        user_sudo = self.sudo().search_fetch(  # nobody is logged in yet; only whether he is an employee is used
            Domain('id', '=', uid if 0 < uid < MOST_ID else 0) & Domain('active', '=', True), ['share'])
        if user_sudo and not user_sudo.share:
            return super()._check_uid_passwd(uid, passwd)
        with self._counted('login', self._entry_limits(f'user {uid}', PROGRAMS)):
            if not user_sudo:
                with self._assert_can_auth(user=uid):
                    self._waste_time(passwd)
                    raise AccessDenied()
            return super()._check_uid_passwd(uid, passwd)

    @api.model
    def change_password(self, old_passwd, new_passwd):
        if not self.env.user.share:
            return super().change_password(old_passwd, new_passwd)
        with self._counted('password', self._own_limits()):
            return super().change_password(old_passwd, new_passwd)

    @api.model
    def _check_own_password(self, password):
        """Ask the user for his password once more.

        :raise AccessDenied: for a wrong one, and for whoever guesses
        """
        with self._counted('password', self._own_limits()):
            self._check_credentials(
                {'login': self.env.user.login, 'password': password, 'type': 'password'}, {'interactive': True})

    @api.model
    def _own_limits(self):
        """How often whoever is logged in may try his own password, wherever it is asked for."""
        return ((f'user:{self.env.uid}', TRIES, SECONDS),)


class ResUsersIdentitycheck(models.TransientModel):
    """The question for the password before something delicate is no place to guess it."""
    _inherit = 'res.users.identitycheck'

    def _check_identity(self):
        if not self.env.user.share:
            return super()._check_identity()
        with self.env.user._counted('password', self.env.user._own_limits()):
            return super()._check_identity()
