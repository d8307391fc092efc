import re
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .. import common
from . import entry_common
from .entry_common import CLOCK, PASSWORD


@tagged('post_install', '-at_install', 'amlaj')
class TestRegister(entry_common.EntryHttpCommon):
    """A newcomer registers from home, nothing tells who is registered already, and the desk has the last word
    (R18, R19, R54, R69; S3)."""

    def answers(self, **values):
        return {
            'first_name': "سارة", 'father_name': "علي", 'grandfather_name': "حمد", 'family_name': "الجهني",
            'identity_number': self.next_identity(), 'birth_text': '15/7/1410', 'phone': '٠٥٥١٢٣٤٥٦٧',
            'locality_id': str(self.locality.id), 'password': PASSWORD, 'notice': '1', **values}

    def register(self, **values):
        self.leave()
        page = self.url_open('/register').text
        key = re.search(r'name="key" value="([^"]+)"', page)[1]
        return self.post('/register', **{**self.answers(**values), 'key': values.get('key', key)})

    def newest(self):
        return self.env['amlaj.beneficiary'].search([('self_registered_at', '!=', False)], order='id desc', limit=1)

    # ------------------------------------------------------------
    # From home
    # ------------------------------------------------------------

    def test_a_newcomer_gets_in(self):
        number = self.next_identity('iqama')
        done = self.register(identity_number=number)
        self.assertEqual((done.status_code, done.headers['Location'].endswith('/my/welcome')), (303, True))
        file = self.newest()
        self.assertRecordValues(file, [{
            'state': 'provisional', 'name': "سارة علي حمد الجهني", 'identity_number': False, 'claimed_number': number,
            'claimed_kind': 'iqama', 'phone': '+966551234567', 'locality_id': self.locality.id,
            'branch_id': self.branch.id, 'notice_version': '2026-1', 'identity_matched_at': False}])
        self.assertEqual(str(file.birth_date), '1990-02-10')
        mandate = file.mandate_ids
        self.assertRecordValues(mandate, [{
            'capacity': 'self', 'is_self_registered': True, 'is_valid': True, 'may_apply': True, 'may_receive': False,
            'verified_by_id': False}])
        welcome = self.url_open('/my/welcome').text
        self.assertIn(file.file_number, welcome)
        self.assertEqual(self.url_open('/my/requests').status_code, 200)
        self.leave()
        self.assertEqual(self.login(file.file_number), mandate.user_id.id)

    def test_who_is_registered_already_is_answered_alike(self):
        holder = self.grant()
        self.enter(holder)
        known = {'identity_number': self.file.identity_number, 'phone': '0501234567'}
        pages, files = [], []
        for values in ({}, known, {'identity_number': self.file.identity_number}, {'phone': '0501234567'}):
            self.assertEqual(self.register(**values).status_code, 303)
            files.append(self.newest())
            page = self.body(self.url_open('/my/welcome'))
            pages.append(re.sub(r'\b\d{3,}\b', '', page.replace(files[-1].file_number, '')))
        self.assertEqual(len(set(pages)), 1)
        self.assertEqual(len(set(files)), 4)
        self.assertEqual(self.env['amlaj.beneficiary'].search_count(
            [('identity_number', '=', self.file.identity_number)]), 1, "a claim takes no number from anyone")
        self.leave()
        for typed in (self.file.identity_number, '0501234567'):
            self.assertEqual(self.login(typed), holder.id, "nor does it stand in its owner's way")

    def test_a_claimed_number_opens_nothing(self):
        number = self.next_identity()
        self.register(identity_number=number, phone='0551234567')
        self.refused(number, PASSWORD)
        self.refused('0551234567', PASSWORD)

    def test_the_same_click_twice_is_one_file(self):
        key = 'k' * 32
        for _ in range(2):
            self.assertEqual(self.register(key=key).status_code, 303)
        self.assertEqual(self.env['amlaj.beneficiary'].search_count([('registration_key', '=', key)]), 1)

    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(self):
        before = self.env['amlaj.beneficiary'].search_count([])
        cases = {
            'identity_number': ('1000000009', '12', 'x', ''), 'birth_text': ('31/2/1990', '1/1/2099', 'أمس', ''),
            'phone': ('0112345678', '05', "05' OR 1=1", ''), 'first_name': ('', ' \u200f '), 'password': ('short', ''),
            'locality_id': ('', '999999999999', '٣٣٣', "1; DROP"), 'notice': ('',)}
        for name, values in cases.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    page = self.register(**{name: value, 'family_name': "اسم <b>محفوظ</b>"})
                    self.assertEqual(page.status_code, 200)
                    self.assertIn(f'id="{"entry" if name == "password" else "register"}_{name}_fault"', page.text)
                    self.assertIn('اسم &lt;b&gt;محفوظ', page.text)
                    self.assertNotIn(PASSWORD, page.text)
        self.assertEqual(self.env['amlaj.beneficiary'].search_count([]), before)

    def test_a_child_is_led_to_its_guardian(self):
        self.assertIn('guardian', self.register(birth_text='1/1/2020').text)

    def test_a_number_others_know_is_no_password(self):
        number = self.next_identity()
        self.assertIn('Others know', self.register(identity_number=number, password=number).text)

    def test_programs_and_repetition(self):
        before = self.env['amlaj.beneficiary'].search_count([])
        self.assertEqual(self.register(website='x').status_code, 200)
        self.assertEqual(self.register(key='short').status_code, 200)
        self.assertEqual(self.env['amlaj.beneficiary'].search_count([]), before)
        with patch(CLOCK, return_value=1.8e9):
            told = []
            for number in (self.file.identity_number, self.next_identity()):
                told.append([self.register(identity_number=number).status_code for _ in range(4)])
        self.assertEqual(told, [[303, 303, 303, 429]] * 2)

    def test_who_is_in_is_not_asked(self):
        self.register()
        self.assertEqual(self.url_open('/register', allow_redirects=False).status_code, 303)

    # ------------------------------------------------------------
    # At the desk
    # ------------------------------------------------------------

    def test_the_employee_sees_and_confirms_it(self):
        number = self.next_identity()
        self.register(identity_number=number)
        file = self.newest().with_user(self.noura)
        mandate = file.mandate_ids
        self.assertIn(file, file.search([('display_name', 'ilike', number)]))
        self.assertNotIn("The identity number", file.missing)
        with self.assertRefused(UserError, "not yet matched"):
            file.action_grant_portal_access()
        with self.assertRefused(UserError, "No account waits"):
            file.action_confirm_account()
        file.action_match_identity()
        self.assertRecordValues(file, [{
            'identity_number': number, 'identity_kind': 'national_id', 'has_account_to_confirm': True}])
        self.assertFalse(mandate.is_valid, "it rests until the employee has asked the person")
        self.assertFalse(self.env['amlaj.beneficiary'].with_user(mandate.sudo().user_id).search([]))
        file.action_confirm_account()
        self.assertRecordValues(mandate, [{
            'is_valid': True, 'is_self_registered': False, 'may_receive': True, 'verified_by_id': self.noura.id}])
        self.assertFalse(file.has_account_to_confirm)
        self.assertEqual(self.login(number), mandate.sudo().user_id.id, "now its numbers open it")

    def test_a_squatter_is_put_out(self):
        number = self.next_identity()
        self.register(identity_number=number)
        file = self.newest().with_user(self.noura)
        squatter = file.sudo().mandate_ids.user_id
        file.action_match_identity()
        file.action_grant_portal_access()
        self.refused(file.file_number, PASSWORD)
        self.assertFalse(file.has_account_to_confirm)
        code = self.code(squatter)
        self.assertEqual(self.env['res.users']._enter(number, code, "the owner's own"), squatter.login)
        self.assertEqual(self.login(number, "the owner's own"), squatter.id)

    def test_an_account_that_is_nobodys_is_closed(self):
        self.register()
        file = self.newest().with_user(self.noura)
        file.action_match_identity()
        file.action_close_portal_access()
        self.assertFalse(file.has_account_to_confirm)
        self.assertEqual(file.account_state, 'closed')

    def test_a_number_that_has_a_file_is_said_to_the_employee(self):
        self.register(identity_number=self.file.identity_number)
        file = self.newest().with_user(self.noura)
        with self.assertRefused(ValidationError, self.file.file_number):
            file.action_match_identity()

    def test_nobody_writes_a_claim_or_confirms_his_own(self):
        self.register()
        file = self.newest()
        holder = file.mandate_ids.user_id
        for user, values in ((self.noura, {'claimed_number': '1'}), (self.noura, {'self_registered_at': False})):
            with self.assertRaises(AccessError):
                file.with_user(user).write(values)
        with self.assertRaises(AccessError):
            file.mandate_ids.with_user(self.noura).write({'is_self_registered': False})
        for user in (holder, *(self.user[role] for role in common.ROLES
                               if role not in ('relations', 'representative', 'manager'))):
            with self.assertRaises(AccessError):
                file.with_user(user).action_confirm_account()
        with self.assertRefused(UserError, "not yet matched"):
            file.mandate_ids.with_user(self.noura).action_verify()
