from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .. import common

SAUDI_IBAN = 'SA0380000000608010167519'
SECOND_IBAN = 'SA4420000001234567891234'


@tagged('post_install', '-at_install', 'amlaj')
class TestFile(common.AmlajCommon):
    """What a file makes of what is typed into it, its states and its consents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Beneficiary = cls.env['amlaj.beneficiary'].with_user(cls.user['relations'])
        cls.file = cls.make_file()
        cls.mine = cls.file.with_user(cls.user['relations'])

    # ------------------------------------------------------------
    # Names, numbers, dates
    # ------------------------------------------------------------

    def test_a_name_is_made_of_its_parts(self):
        file = self.Beneficiary.create({
            'first_name': " سالم ", 'father_name': "علي", 'grandfather_name': "سعد", 'family_name': "الحربي",
            'identity_number': self.next_identity()})
        self.assertEqual(file.name, "سالم علي سعد الحربي")
        file.family_name = "الجهني"
        self.assertEqual(file.name, "سالم علي سعد الجهني")
        self.assertTrue(file.file_number.isdigit())
        self.assertEqual(file.state, 'provisional')

    def test_an_identity_number_is_checked(self):
        good = common.identity(4000)
        for typed, kind, message in (
            (good[:-1] + str((int(good[-1]) + 1) % 10), 'national_id', "mistyped"),
            (good[:-1], 'national_id', "10 digits; 9"),
            ('3' + good[1:], 'national_id', "starts with 1"),
            (common.identity(1, 'iqama'), 'national_id', "resident ID"),
            (good, 'iqama', "national ID"),
            ('12345a7890', 'national_id', "digits only"),
        ):
            with self.subTest(typed=typed, kind=kind), self.assertRefused(ValidationError, message):
                self.Beneficiary.create({'name': "A person", 'identity_kind': kind, 'identity_number': typed})

    def test_arabic_digits_and_signs_are_accepted(self):
        good = common.identity(4001)
        arabic = good.translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩'))
        for typed in (arabic, f'\u200f{good[:4]} {good[4:]}\u200e', f'{good[:3]}-{good[3:]}'):
            with self.subTest(typed=typed):
                file = self.Beneficiary.create({'name': "A person", 'identity_number': typed})
                self.assertEqual(file.identity_number, good)
                file.sudo().action_end("A test")

    def test_a_kind_changed_alone_is_checked_too(self):
        with self.assertRefused(ValidationError, "national ID"):
            self.mine.identity_kind = 'iqama'
        with self.assertRaises(ValidationError):
            self.mine.identity_kind = 'none'
        self.env['ir.default'].set('amlaj.beneficiary', 'identity_kind', 'iqama', user_id=self.user['relations'].id)
        with self.assertRaises(ValidationError):
            self.Beneficiary.create({'name': "A person", 'identity_number': common.identity(4002)})

    def test_files_without_a_number_do_not_collide(self):
        files = self.Beneficiary.create([
            {'name': "First", 'identity_kind': 'none', 'identity_number': ''},
            {'name': "Second", 'identity_kind': 'none', 'identity_number': ''},
            {'name': "Third", 'identity_number': ''},
        ])
        self.env.flush_all()
        self.assertEqual(set(files.mapped('identity_number')), {False})

    def test_phones_are_stored_in_one_form(self):
        for typed in ('0501234567', '٠٥٠١٢٣٤٥٦٧', '+966 50 123 4567', '00966501234567', '501234567', '050-123-4567'):
            with self.subTest(typed=typed):
                self.mine.phone = typed
                self.assertEqual(self.mine.phone, '+966501234567')
        for typed, message in (
            ('0521234567', "exists"), ('05012', "short"), ('050123456789', "long"), ('ask at home', "digits"),
        ):
            with self.subTest(typed=typed), self.assertRefused(ValidationError, message):
                self.mine.phone2 = typed

    def test_a_birth_date_is_typed_in_either_calendar(self):
        for typed, expected in (
            ('15/7/1410', date(1990, 2, 10)), ('١٥/٧/١٤١٠', date(1990, 2, 10)), ('12/2/1990', date(1990, 2, 12)),
            ('1990-02-12', date(1990, 2, 12)), ('15 رجب 1410', date(1990, 2, 10)),
        ):
            with self.subTest(typed=typed):
                self.mine.birth_text = typed
                self.assertEqual(self.mine.birth_date, expected)
        self.assertIn('1410', self.mine.birth_shown)

    def test_a_day_that_the_month_does_not_have_is_named(self):
        with self.assertRefused(ValidationError, "29 days"):
            self.mine.birth_text = '30/6/1410'
        self.mine.birth_text = '29/6/1410'
        self.assertEqual(self.mine.birth_date, date(1990, 1, 26))
        with self.assertRefused(ValidationError, ": 29"):
            self.mine.with_context(lang='ar_001').birth_text = '30/6/1410'

    def test_a_birth_date_is_neither_in_the_future_nor_too_old(self):
        with freeze_time('2026-03-01 21:30:00'):  # the second of March in Riyadh
            self.mine.birth_date = '2026-03-02'
            with self.assertRaises(ValidationError):
                self.mine.birth_date = '2026-03-03'
            with self.assertRaises(ValidationError):
                self.mine.birth_date = '1900-01-01'

    def test_a_members_number_says_what_is_wrong(self):
        member = {'name': "A son", 'relationship': 'child', 'identity_number': '12345'}
        with self.assertRefused(ValidationError, "10 digits; 5"):
            self.mine.member_ids = [Command.create(member)]
        with self.assertRefused(ValidationError, "future"):
            self.mine.member_ids = [Command.create({
                'name': "A son", 'relationship': 'child', 'birth_date': '2999-01-01'})]

    # ------------------------------------------------------------
    # One person, one file
    # ------------------------------------------------------------

    def test_a_second_file_names_the_first_to_who_may_see_it(self):
        with self.assertRefused(ValidationError, self.file.file_number):
            self.Beneficiary.create({'name': "Another", 'identity_number': self.file.identity_number})

    def test_a_second_file_shows_a_stranger_only_the_office(self):
        stranger = self.make_file("Hidden Person", branch_id=self.branch2.id)
        representative = self.Beneficiary.with_user(self.user['representative'])
        own = self.make_file("Own Person", registered=False)
        for attempt in (
            lambda: representative.create({'name': "Another", 'identity_number': stranger.identity_number}),
            lambda: own.with_user(self.user['representative']).write({'identity_number': stranger.identity_number}),
        ):
            with self.assertRaises(ValidationError) as caught:
                attempt()
            self.assertIn("South office", str(caught.exception))
            for secret in (stranger.file_number, "Hidden", stranger.identity_number, stranger.phone):
                self.assertNotIn(secret, str(caught.exception))

    def test_who_may_not_open_files_learns_nothing(self):
        """The answer is the same for a number that has a file and one that has none."""
        portal = self.make_portal_user()
        outsider = self.make_user('amlaj_outsider')
        for user in (portal, outsider, self.user['auditor'], self.user['quality']):
            answers = set()
            for number in (self.file.identity_number, self.next_identity()):
                for attempt in (
                    lambda n=number, u=user: self.env['amlaj.beneficiary'].with_user(u).create(
                        {'name': "X", 'identity_number': n}),
                    lambda n=number, u=user: self.file.with_user(u).write({'identity_number': n}),
                ):
                    with self.subTest(user=user.login), self.assertRaises(AccessError) as caught:
                        attempt()
                    answers.add((attempt.__code__.co_names, str(caught.exception)))
            self.assertEqual(len(answers), 2)

    def test_a_number_becomes_free_when_its_file_is_closed(self):
        number = self.file.identity_number
        self.mine.action_end("Moved away")
        second = self.Beneficiary.create({'name': "Another", 'identity_number': number})
        with self.assertRefused(ValidationError, second.file_number):
            self.mine.action_reactivate("He is back")

    def test_another_number_must_be_matched_again(self):
        self.assertTrue(self.file.identity_matched_at)
        self.mine.phone = '0551234567'
        self.assertTrue(self.file.identity_matched_at)
        self.mine.identity_number = self.next_identity()
        self.assertFalse(self.file.identity_matched_at)
        self.assertFalse(self.file.identity_matched_by_id)

    def test_another_country_must_be_matched_again(self):
        file = self.make_file(
            "A guest", identity_kind='passport', identity_number='A1234567',
            identity_country_id=self.env.ref('base.eg').id)
        file.with_user(self.user['relations']).identity_country_id = self.env.ref('base.jo')
        self.assertFalse(file.identity_matched_at)

    # ------------------------------------------------------------
    # IBAN
    # ------------------------------------------------------------

    def test_ones_own_first_iban_needs_nobody_else(self):
        self.mine.iban = 'sa03 8000 0000 6080 1016 7519'
        self.assertEqual((self.file.iban, self.file.iban_state), (SAUDI_IBAN, 'confirmed'))

    def test_a_wrong_iban_is_refused(self):
        with self.assertRefused(ValidationError, "not right"):
            self.mine.iban = 'SA0380000000608010167591'

    def test_anothers_iban_needs_a_second_person(self):
        self.mine.write({'iban': SAUDI_IBAN, 'iban_holder': "A Brother"})
        self._assert_second_person()

    def test_a_changed_iban_needs_a_second_person(self):
        self.mine.iban = SAUDI_IBAN
        self.mine.iban = SECOND_IBAN
        self._assert_second_person()

    def test_an_emptied_iban_does_not_forget(self):
        self.mine.iban = SAUDI_IBAN
        self.mine.iban = False
        self.assertEqual(self.file.iban_state, 'none')
        self.mine.iban = SECOND_IBAN
        self._assert_second_person()

    def _assert_second_person(self):
        self.assertEqual(self.file.iban_state, 'to_confirm')
        with self.assertRefused(UserError, "second person"):
            self.mine.action_confirm_iban()
        self.file.with_user(self.user['manager']).action_confirm_iban()
        self.assertEqual(self.file.iban_state, 'confirmed')
        self.assertEqual(self.file.iban_confirmed_by_id, self.user['manager'])

    # ------------------------------------------------------------
    # States
    # ------------------------------------------------------------

    def test_a_provisional_file_says_what_is_missing(self):
        file = self.Beneficiary.create({'name': "A person"})
        self.assertEqual(len(file.missing.splitlines()), 5, file.missing)
        with self.assertRaises(UserError) as caught:
            file.action_register()
        for line in file.missing.splitlines():
            self.assertIn(line, str(caught.exception))
        file.write({
            'identity_number': self.next_identity(), 'birth_text': '1/1/1400', 'phone': '0501234567',
            'locality_id': self.locality.id, 'branch_id': self.branch.id})
        self.assertEqual(len(file.missing.splitlines()), 1)
        file.action_match_identity()
        self.assertFalse(file.missing)
        file.action_register()
        self.assertEqual(file.state, 'registered')
        self.assertTrue(file.registered_at)

    def test_states_move_with_a_reason_only(self):
        reason = self.env['amlaj.reason'].create({
            'name': "Wishes it", 'letter_text': "As you wished.", 'kind': 'suspension'})
        for empty in (None, False, '', '   ', 987654321):
            with self.subTest(reason=empty), self.assertRaises(UserError):
                self.mine.action_suspend(empty)
        self.assertEqual(self.file.state, 'registered')
        self.mine.action_suspend(reason.id)
        self.assertEqual((self.file.state, self.file.state_reason_id), ('suspended', reason))
        with self.assertRaises(UserError):
            self.mine.action_suspend(reason.id)
        self.mine.action_reactivate("Came back")
        self.assertEqual((self.file.state, self.file.state_note), ('registered', "Came back"))
        self.mine.action_end(reason.id)
        self.assertEqual(self.file.state, 'ended')
        self.mine.action_reactivate("A mistake")
        self.assertEqual(self.file.state, 'registered')

    def test_a_file_never_registered_returns_as_provisional(self):
        file = self.make_file(registered=False)
        file.with_user(self.user['relations']).action_suspend("A reason")
        file.with_user(self.user['relations']).action_reactivate("A reason")
        self.assertEqual(file.state, 'provisional')

    def test_each_step_belongs_to_its_roles(self):
        actors = self.file._actors()
        for role, user in self.user.items():
            for step in ('register', 'suspend', 'end', 'confirm_iban', 'match_identity'):
                with self.subTest(role=role, step=step):
                    file = self.file.with_user(user)
                    may = role in actors[step].groups
                    self.assertEqual(bool(file._filtered_actor(step)), may)
        with self.assertRaises(AccessError):
            self.file.with_user(self.user['auditor']).action_suspend("A reason")
        with self.assertRaises(AccessError):
            self.file.with_user(self.user['representative']).action_suspend("A reason")

    def test_nobody_deletes_a_file(self):
        for role in common.ROLES:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.file.with_user(self.user[role]).unlink()

    def test_reasons_are_asked_at_a_constant_cost(self):
        files = self.env['amlaj.beneficiary'].concat(*(
            self.make_file(f"Person {number}", registered=False) for number in range(20)))
        counts = []
        for some in (files[:1], files):
            self.env.invalidate_all()
            some = some.with_user(self.user['relations'])
            some.mapped('state')
            before = self.env.cr.sql_log_count
            some._get_blockers('register')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------
    # Consent
    # ------------------------------------------------------------

    def test_a_consent_is_given_once_and_withdrawn_once(self):
        self.mine.consent_ids = [Command.create({'purpose': 'awareness', 'method': 'verbal'})]
        consent = self.mine.consent_ids
        self.assertEqual(consent.captured_by_id, self.user['relations'])
        self.assertTrue(consent.given_at)
        with self.assertRaises(AccessError):
            consent.method = 'written'
        consent.action_withdraw()
        self.assertTrue(consent.withdrawn_at)
        with self.assertRaises(UserError):
            consent.action_withdraw()
        with self.assertRaises(AccessError):
            consent.unlink()

    def test_who_holds_the_file_withdraws_its_consent(self):
        holder, stranger = self.make_portal_user('amlaj_holder'), self.make_portal_user('amlaj_stranger')
        self.make_mandate(self.file, holder)
        consent = self.env['amlaj.consent'].create({'beneficiary_id': self.file.id, 'purpose': 'awareness'})
        with self.assertRaises(AccessError):
            consent.with_user(stranger).action_withdraw()
        consent.with_user(holder).action_withdraw()
        self.assertTrue(consent.withdrawn_at)
