import uuid
from unittest.mock import patch
from xmlrpc.client import Fault

from odoo.addons.base.models.res_users import CryptContext
from odoo.exceptions import AccessDenied, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.registry import password_tries
from ...models.registry.password_tries import DEVICE
from . import entry_common
from .entry_common import CLOCK, PASSWORD

NOBODY = 2 ** 30


@tagged('post_install', '-at_install', 'amlaj')
class TestGuesses(entry_common.EntryHttpCommon):
    """A password of an account from outside is guessed slowly at every door, and nobody is kept out by a stranger (S8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.grant()
        cls.enter(cls.holder)
        # programs share one count, and what was counted outlives a test
        cls.startClassPatcher(patch.object(password_tries, 'PROGRAMS', uuid.uuid4().hex))

    def call(self, uid, password):
        """What RPC with a user's id and a password answers."""
        try:
            return self.xmlrpc_object.execute(self.env.cr.dbname, uid, password, 'res.users', 'context_get')['uid']
        except Fault as fault:
            return fault.faultString

    def guess(self, act):
        """What is said to whoever does ``act`` with a wrong password; his tries stay counted."""
        try:
            act()
        except UserError as error:
            return str(error.args[0])
        raise AssertionError("It was accepted.")

    @mute_logger('odoo.http', 'odoo.service.model', 'odoo.addons.rpc.controllers')
    def test_rpc_with_an_id(self):
        told = [self.call(uid, 'wrong') for uid in (self.holder.id, NOBODY, -1)]
        self.assertEqual(told, ['Access Denied'] * 3, "an id of nobody is answered like anybody's")
        self.assertEqual(self.call(self.holder.id, PASSWORD), self.holder.id)

    def test_rpc_with_an_id_is_counted(self):
        # below RPC: what it takes back in a test with its own transaction, it leaves on a server
        Users, noura = self.env['res.users'], self.user['relations']
        check = lambda uid, password: Users._check_uid_passwd(uid, password)  # noqa: E731
        with patch(CLOCK, return_value=1.8e9), patch.object(password_tries, 'TRIES', 3):
            for uid in (self.holder.id, NOBODY):
                told = [self.guess(lambda uid=uid, rank=rank: check(uid, f'wrong {rank}')) for rank in range(4)]
                self.assertEqual([('many tries' in text) for text in told], [False] * 3 + [True])
            self.assertIn('many tries', self.guess(lambda: check(self.holder.id, PASSWORD)))
            self.assertIsNone(check(noura.id, noura.login), "an employee does not wait for it")
        with patch(CLOCK, return_value=1.8e9 + password_tries.SECONDS):
            self.assertIsNone(check(self.holder.id, PASSWORD))

    @mute_logger('odoo.http', 'odoo.service.model', 'odoo.addons.rpc.controllers')
    def test_an_id_of_nobody_costs_the_work_of_a_wrong_password(self):
        context = CryptContext(['pbkdf2_sha512', 'plaintext'], deprecated=['auto'], pbkdf2_sha512__rounds=1)
        counts = []
        with patch.object(type(self.env['res.users']), '_crypt_context', lambda user: context):
            for uid in (self.holder.id, NOBODY):
                with patch.object(CryptContext, 'verify_and_update', return_value=(False, None)) as checked:
                    self.call(uid, 'wrong')
                    counts.append(checked.call_count)
        self.assertEqual(counts, [1, 1])

    def test_ones_own_password_is_no_place_to_guess(self):
        Users = self.env['res.users'].with_user(self.holder)
        with patch(CLOCK, return_value=1.8e9), patch.object(password_tries, 'TRIES', 3):
            doors = [lambda: Users.change_password('wrong', 'other secret words'),
                     lambda: Users._check_own_password('wrong'),
                     lambda: Users.env['res.users.identitycheck'].with_context(password='wrong').create({})._check_identity()]
            for act in doors:
                self.assertNotIn('many tries', self.guess(act))
            self.assertIn('many tries', self.guess(lambda: Users.change_password(PASSWORD, 'other secret words')))
        with patch(CLOCK, return_value=1.8e9 + password_tries.SECONDS):
            self.assertTrue(Users.change_password(PASSWORD, 'other secret words'))

    def test_a_guessable_password_is_taken_at_no_door(self):
        Users = self.env['res.users'].with_user(self.holder)
        with self.assertRefused(UserError, "easy to guess"):
            Users.change_password(PASSWORD, '12345678')
        page = self.post(number='0501234567', code='0000000000', password='12345678')
        self.assertIn('easy to guess', page.text)

    def test_a_stranger_keeps_nobody_from_his_own_phone(self):
        self.assertEqual(self.post('/web/login', login='0501234567', password=PASSWORD).status_code, 303)
        token = self.opener.cookies[DEVICE]
        self.assertNotIn(self.holder.login, token)
        self.leave()
        with patch(CLOCK, return_value=1.8e9):
            for rank in range(password_tries.TRIES + 1):
                self.refused('0501234567', 'wrong', REMOTE_ADDR=f'192.0.2.{rank}')
            self.assertIn('many tries', self.refused('0501234567', PASSWORD))
            self.assertEqual(self.post('/web/login', login='0501234567', password=PASSWORD).status_code, 303)
            self.leave()
            for made_up in ('', 'x' * len(token), ['x'], 5):
                users = self.env['res.users'].with_context(**{DEVICE: made_up})
                with self.assertRaises(AccessDenied):
                    users._login({'type': 'password', 'login': '0501234567', 'password': PASSWORD},
                                 {'interactive': True, 'REMOTE_ADDR': '192.0.2.99'})
            # who found the phone guesses as slowly
            users = self.env['res.users'].with_context(**{DEVICE: token})
            credential = {'type': 'password', 'login': '0501234567', 'password': 'wrong'}
            told = [self.guess(lambda: users._login(dict(credential), {'interactive': True}))
                    for _ in range(password_tries.TRIES + 1)]
            self.assertIn('many tries', told[-1])

    def test_a_new_code_makes_the_phone_a_stranger(self):
        token = self.holder._device_token()
        self.grant()
        self.assertNotEqual(self.holder._device_token(), token)

    def test_a_code_is_tried_elsewhere_while_one_place_waits(self):
        limits = self.env['res.users']._code_limits
        scope = uuid.uuid4().hex
        with patch(CLOCK, return_value=1.8e9):
            take = lambda address: self.env['amlaj.throttle']._take(scope, *limits('0501234567', address))  # noqa: E731
            self.assertEqual([bool(take('192.0.2.1')) for _ in range(11)], [False] * 10 + [True])
            self.assertFalse(take('192.0.2.2'))
