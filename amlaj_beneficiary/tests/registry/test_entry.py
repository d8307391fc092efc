from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.registry import password_tries
from .. import common
from . import entry_common
from .entry_common import CLOCK, LOGGER, PASSWORD


@tagged('post_install', '-at_install', 'amlaj')
class TestEntry(entry_common.EntryCommon):
    """An account without e-mail: a random login, a number that opens it, a code for one use (R19, R69, R70)."""

    def test_the_account_says_nothing_of_the_person(self):
        user = self.grant()
        self.assertTrue(user.share and user.active)
        self.assertEqual(user.partner_id, self.file.partner_id)
        self.assertFalse(user.email or user.partner_id.email or user.partner_id.phone)
        for told in (self.file.identity_number, '501234567', self.file.file_number, 'فاطمة'):
            self.assertNotIn(told, user.login)
        mandate = self.file.sudo()._own_mandate()
        self.assertTrue(mandate.is_valid and mandate.may_apply and mandate.may_follow and mandate.may_receive)
        self.assertEqual(mandate.verified_by_id, self.noura)

    def test_every_number_opens_it_and_none_is_written_down(self):
        user = self.grant()
        self.assertEqual(self.env['res.users']._enter(self.file.identity_number, self.code(user), PASSWORD), user.login)
        arabic = str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩')
        numbers = [
            self.file.identity_number, self.file.identity_number.translate(arabic), '0501234567', '050 123 4567',
            '+966501234567', '٠٥٠١٢٣٤٥٦٧', self.file.file_number, user.login]
        for typed in numbers:
            with self.subTest(typed=typed), patch(LOGGER) as log:
                self.assertEqual(self.login(typed), user.id)
                self.refused(typed, 'wrong')
                self.assertEqual(log.info.call_count, 2)
                text = str(log.mock_calls)
                for number in (self.file.identity_number, '501234567', self.file.file_number):
                    self.assertNotIn(number, text)

    def test_what_opens_nothing_is_not_written_down_either(self):
        stranger = self.next_identity()
        with patch(LOGGER) as log:
            self.refused(stranger)
        self.assertTrue(log.info.call_count)
        self.assertNotIn(stranger, str(log.mock_calls))

    def test_a_shared_mobile_is_answered_like_a_wrong_one(self):
        user = self.grant()
        self.env['res.users']._enter(user.login, self.code(user), PASSWORD)
        other = self.grant(self.make_file("Another Person Of Umluj", phone='0501234567'))
        self.env['res.users']._enter(other.login, self.code(other), PASSWORD)
        self.refused('0501234567')
        self.assertEqual(self.login(self.file.identity_number), user.id)

    def test_employees_enter_as_before(self):
        self.assertEqual(self.login('amlaj_relations', 'amlaj_relations'), self.noura.id)
        self.env['res.users'].browse(self.noura.id).login = '12345'
        self.assertEqual(self.login('12345', 'amlaj_relations'), self.noura.id)

    def test_a_code_opens_once_and_for_its_time(self):
        Users, user = self.env['res.users'], self.grant()
        code = self.code(user)
        self.assertEqual(Users._enter(self.file.identity_number, '0' * 10, PASSWORD), '')
        self.assertEqual(Users._enter(self.next_identity(), code, PASSWORD), '')
        with freeze_time(fields.Datetime.now() + timedelta(hours=73)):
            self.assertEqual(Users._enter(self.file.identity_number, code, PASSWORD), '')
        self.assertEqual(Users._enter(self.file.identity_number, code, PASSWORD), user.login)
        self.assertEqual(Users._enter(self.file.identity_number, code, PASSWORD), '', "used")

    def test_a_new_code_ends_the_old_one_and_makes_no_second_account(self):
        user = self.grant()
        code = self.code(user)
        self.assertEqual(self.grant(), user)
        self.assertNotEqual(self.code(user), code)
        self.assertEqual(self.env['res.users']._enter(user.login, code, PASSWORD), '')

    def test_a_new_code_puts_everybody_else_out(self):
        user = self.grant()
        Users = self.env['res.users']
        Users._enter(user.login, self.code(user), PASSWORD)
        self.env.cr.execute(
            "INSERT INTO auth_passkey_key (name, credential_identifier, create_uid) VALUES ('lost', 'x', %s)", [user.id])
        token = user._compute_session_token('0' * 84)
        self.grant()
        user.invalidate_recordset()
        self.assertFalse(user.auth_passkey_key_ids)
        self.assertNotEqual(user._compute_session_token('0' * 84), token, "whoever was in is out")
        self.refused(user.login)

    def test_a_mobile_of_a_file_nobody_acts_for_is_answered_like_a_wrong_one(self):
        user = self.grant()
        self.env['res.users']._enter(user.login, self.code(user), PASSWORD)
        twin = self.make_file("Another Person Of Umluj", phone='0501234567')
        self.refused('0501234567')
        self.make_mandate(twin, user, capacity='delegate')
        self.assertEqual(self.login('0501234567'), user.id, "one account for both")

    def test_digits_of_a_password_are_the_same_on_every_keyboard(self):
        user = self.grant()
        self.env['res.users']._enter(user.login, self.code(user), '٧٣٥١٩٢٨٤٦')
        self.assertEqual(self.login(user.login, '735192846'), user.id)
        self.assertEqual(self.login(user.login, '٧٣٥١٩٢٨٤٦'), user.id)
        self.refused(user.login, '٧٣٥١٩٢٨٤٧')

    def test_closing_closes_the_login_only(self):
        user = self.grant()
        self.env['res.users']._enter(user.login, self.code(user), PASSWORD)
        user._deactivate_portal_user()
        self.assertFalse(user.active)
        self.assertFalse(self.env['res.users.deletion'].search([('user_id', '=', user.id)]))
        self.assertTrue(user.partner_id.active and self.file.exists())
        self.refused(self.file.identity_number)
        self.assertEqual(self.file.account_state, 'closed')
        self.assertEqual(self.grant(), user, "it is opened anew at the desk")
        self.file.with_user(self.noura).action_close_portal_access()
        self.assertFalse(user.active)

    def test_who_may_give_one(self):
        for role in common.ROLES:
            file = self.make_file(f"Person Of {role}", branch_id=self.branch.id)
            with self.subTest(role=role):
                if role in ('relations', 'representative', 'manager'):
                    self.assertEqual(file.with_user(self.user[role]).action_grant_portal_access()['type'],
                                     'ir.actions.report')
                else:
                    with self.assertRaises(AccessError):
                        file.with_user(self.user[role]).action_grant_portal_access()
        far = self.make_file("Person Far Away", branch_id=self.branch2.id)
        with self.assertRaises(AccessError):
            far.with_user(self.user['representative']).action_grant_portal_access()
        # a mandate on a file of his own office is no key to another office's account, nor to one of Odoo's own
        theirs = self.grant(far)
        before = self.code(theirs)
        for user in (theirs, self.env.ref('base.template_portal_user_id')):
            trick = self.make_mandate(file, user, capacity='delegate')
            for method in ('action_grant_portal_access', 'action_close_portal_access'):
                with self.subTest(user=user.login, method=method), self.assertRaises(UserError):
                    getattr(trick.with_user(self.user['representative']), method)()
        self.assertEqual((self.code(theirs), theirs.active), (before, True))
        portal = self.grant()
        for method in ('action_grant_portal_access', 'action_close_portal_access'):
            with self.assertRaises(AccessError):
                getattr(self.file.with_user(portal), method)()

    def test_why_not(self):
        cases = {
            'not yet matched': self.make_file("Unseen Person Here", registered=False),
            'guardian': self.make_file("A Child Of Umluj", birth_date='2018-01-01'),
            'authorised person': self.make_file("A School", kind='organisation', identity_kind='registration',
                                                identity_number='1234567', birth_date=False),
        }
        for text, file in cases.items():
            with self.subTest(text=text), self.assertRefused(UserError, text):
                file.with_user(self.noura).action_grant_portal_access()

    def test_a_guardian_gets_his_own(self):
        child = self.make_file("A Child Of Umluj", birth_date='2018-01-01')
        mandate = self.make_mandate(child, capacity='guardian', person_name="Salem Alharbi", phone='0559999999')
        mandate.with_user(self.noura).action_grant_portal_access()
        user = mandate.user_id
        self.assertEqual(self.env['res.users']._login_of_number('0559999999'), user.login)
        self.assertTrue(mandate.is_valid, "its verification holds")
        with freeze_time('2036-01-02'):
            self.assertEqual(self.env['res.users']._login_of_number('0559999999'), '-', "the child is of age")
            code = self.env['amlaj.code']._issue(user, 'entry', is_once=True, hours=1)._digits()
            self.assertEqual(self.env['res.users']._enter(user.login, code, PASSWORD), '', "nor by a code")
        unverified = self.make_mandate(child, verified=False, person_name="Somebody")
        with self.assertRefused(UserError, "not verified"):
            unverified.with_user(self.noura).action_grant_portal_access()

    def slip(self, mandate):
        return ' '.join(self.env['ir.actions.report'].with_user(self.noura)._render_qweb_html(
            'amlaj_beneficiary.paper_access_slip', mandate.ids)[0].decode().split())

    def test_the_slip_names_only_numbers_that_open_this_account(self):
        self.grant()
        self.assertIn("with your identity number, your mobile number, or your file number", self.slip(
            self.file.sudo()._own_mandate()))
        son = self.make_mandate(
            self.file, person_name="Saad", capacity='delegate', phone='0509999111', may_receive=False)
        son.with_user(self.noura).action_grant_portal_access()
        slip = self.slip(son)
        self.assertIn("Later you enter with your mobile number.", slip)
        self.assertNotIn("identity number", slip)
        user = son.sudo().user_id
        self.assertEqual(self.env['res.users']._enter('0509999111', self.code(user), PASSWORD), user.login)
        for number in (self.file.identity_number, self.file.file_number):
            self.assertNotEqual(self.env['res.users']._user_of_number(number), user)

    def test_the_slip_of_a_number_that_opens_nothing(self):
        silent = self.make_mandate(self.file, person_name="Saad", capacity='delegate')
        silent.with_user(self.noura).action_grant_portal_access()
        self.assertIn("please give us your mobile number", self.slip(silent))
        # what two people share opens neither account
        self.make_file("Another Person Of Umluj", phone='0501234567')
        self.grant()
        self.assertEqual(self.file.sudo()._own_mandate().user_id._opened_by(), ['identity', 'file'])

    def test_the_slip_says_a_first_name_and_ends_with_its_code(self):
        user = self.grant()
        mandate = self.file.sudo()._own_mandate()
        report = self.env['ir.actions.report'].with_user(self.noura)
        html = report._render_qweb_html('amlaj_beneficiary.paper_access_slip', mandate.ids)[0].decode()
        digits = self.code(user)
        self.assertIn(f'{digits[:3]}-{digits[3:6]}-{digits[6:]}', html)
        for told in (self.file.identity_number, 'الحربي', self.file.file_number):
            self.assertNotIn(told, html)
        self.env['res.users']._enter(user.login, digits, PASSWORD)
        with self.assertRefused(UserError, "give a new one"):
            report._render_qweb_html('amlaj_beneficiary.paper_access_slip', mandate.ids)


@tagged('post_install', '-at_install', 'amlaj')
class TestEntryPages(entry_common.EntryHttpCommon):
    """The pages of getting in: one answer for whatever is wrong, and a wait for whoever guesses."""

    def test_in_with_the_code_and_later_with_the_mobile(self):
        user = self.grant()
        done = self.post(number='٠٥٠ ١٢٣ ٤٥٦٧', code=self.code(user), password=PASSWORD)
        self.assertEqual((done.status_code, done.headers['Location'].endswith('/my/welcome')), (303, True))
        self.assertIn('/my/requests', self.url_open('/my').text)

    def test_whatever_is_wrong_is_answered_alike(self):
        user = self.grant()
        code = self.code(user)
        wrong = str((int(code) + 1) % 10 ** 10).zfill(10)
        answers = [
            self.post(number=self.file.identity_number, code=wrong, password=PASSWORD),
            self.post(number=self.next_identity(), code=code, password=PASSWORD),
            self.post(number='x' * 30, code='y', password=PASSWORD),
            self.post(number='\x00' * 3 + '7' * 9999, code='\x00', password=PASSWORD),
            self.post(number='amlaj_relations', code=code, password=PASSWORD)]
        self.assertEqual({answer.status_code for answer in answers}, {200})
        self.assertEqual(len({self.body(answer) for answer in answers}), 1)

    def test_a_short_password_uses_no_code_up(self):
        user = self.grant()
        self.assertIn('at least', self.post(number='0501234567', code=self.code(user), password='short').text.lower())
        self.assertTrue(self.code(user))

    def test_whoever_guesses_waits_and_nobody_is_locked_out(self):
        user = self.grant()
        code = self.code(user)
        with patch(CLOCK, return_value=1.8e9):
            for _ in range(password_tries.TRIES):
                self.post(number='0501234567', code='0000000000', password=PASSWORD)
            waiting = self.post(number='0501234567', code=code, password=PASSWORD)
        self.assertEqual(waiting.status_code, 429)
        self.assertTrue(int(waiting.headers['Retry-After']) > 0)
        with patch(CLOCK, return_value=1.8e9 + 900):
            self.assertEqual(self.post(number='0501234567', code=code, password=PASSWORD).status_code, 303)

    def test_an_address_that_tries_many_numbers_waits(self):
        user = self.grant()
        with patch(CLOCK, return_value=1.8e9), patch.object(password_tries, 'TRIES_FROM_ADDRESS', 4):
            numbers = [self.next_identity() for _ in range(6)]
            statuses = [self.post(number=number, code='0' * 10, password=PASSWORD).status_code for number in numbers]
            self.assertEqual(statuses, [200] * 4 + [429] * 2)
            known = self.post(number='0501234567', code=self.code(user), password=PASSWORD)
        self.assertEqual(known.status_code, 429, "a known number waits like any other")

    def test_the_login_page_asks_for_a_number(self):
        page = self.url_open('/web/login?redirect=/my/requests').text
        self.assertIn('inputmode="numeric"', page)
        self.assertIn('name="redirect" value="/my/requests"', page)
        self.assertNotIn('inputmode', self.url_open('/web/login?staff=1').text)

    def test_a_wrong_login_stays_on_its_page(self):
        wrong = self.post('/web/login', login='1234567890', password='wrong')
        self.assertIn("Number and password do not belong together", wrong.text)
        self.assertIn('inputmode="numeric"', wrong.text)
        staff = self.post('/web/login', login='1234567890', password='wrong', staff='1')
        self.assertIn("Wrong login/password", staff.text)
        self.assertNotIn('inputmode', staff.text)
