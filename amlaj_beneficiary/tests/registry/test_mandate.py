from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .. import common

NEW_MEMBER = {'name': "Another", 'relationship': 'child'}


@tagged('post_install', '-at_install', 'amlaj')
class TestMandate(common.AmlajCommon):
    """A mandate is the one answer to "may this user act on this file?"."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file()
        cls.holder = cls.make_portal_user()
        cls.Mandate = cls.env['amlaj.mandate']

    def _held(self, right=None, user=None):
        return bool(self.Mandate._files_held(self.file, user or self.holder, right))

    # ------------------------------------------------------------
    # When it counts
    # ------------------------------------------------------------

    def test_only_a_verified_mandate_counts(self):
        mandate = self.make_mandate(self.file, self.holder, verified=False)
        self.assertFalse(self._held())
        mandate.with_user(self.user['relations']).action_verify()
        self.assertTrue(self._held())
        self.assertEqual(mandate.verified_by_id, self.user['relations'])
        with self.assertRaises(UserError):
            mandate.with_user(self.user['relations']).action_verify()

    def test_it_ends_with_its_last_day_in_riyadh(self):
        mandate = self.make_mandate(self.file, self.holder, valid_until='2026-03-01')
        for moment, valid in (('2026-03-01 20:59:59', True), ('2026-03-01 21:00:00', False)):
            with self.subTest(moment=moment), freeze_time(moment):
                mandate.invalidate_recordset()
                self.assertEqual(self._held(), valid)
                self.assertEqual(mandate.is_valid, valid)
                for value, expected in ((True, valid), (False, not valid)):
                    found = self.Mandate.search([('is_valid', '=', value), ('id', '=', mandate.id)])
                    self.assertEqual(bool(found), expected)
                self.assertTrue(self.Mandate.search([('is_valid', 'in', [True, False]), ('id', '=', mandate.id)]))

    def test_no_time_zone_of_a_client_makes_it_longer(self):
        self.make_mandate(self.file, self.holder, valid_until='2026-03-01')
        Files = self.env['amlaj.beneficiary'].with_user(self.holder)
        with freeze_time('2026-03-01 20:59:59'):
            self.assertTrue(Files.search([]))
        with freeze_time('2026-03-01 21:00:00'):
            for tz in ('Asia/Riyadh', 'UTC', 'Pacific/Honolulu'):
                with self.subTest(tz=tz):
                    self.holder.tz = tz
                    self.assertFalse(Files.with_context(tz=tz).search([]))
                    self.assertFalse(Files.with_context(tz=tz).browse(self.file.id).has_access('read'))

    def test_each_right_counts_for_itself(self):
        self.make_mandate(self.file, self.holder, may_apply=False, may_receive=False, capacity='delegate')
        rights = ('may_apply', 'may_follow', 'may_receive')
        self.assertEqual([self._held(right) for right in rights], [False, True, False])

    def test_ending_is_at_once_and_never_later_than_before(self):
        mandate = self.make_mandate(self.file, self.holder)
        mandate.with_user(self.user['relations']).action_end()
        self.assertFalse(self._held())
        old = self.make_mandate(self.file, self.holder, capacity='delegate', valid_until='2020-05-01')
        old.with_user(self.user['relations']).action_end()
        self.assertEqual(old.valid_until, date(2020, 5, 1))

    def test_a_change_of_what_was_verified_asks_again(self):
        relations = self.user['relations']
        other_file, other_user = self.make_file(), self.make_portal_user('amlaj_other')
        self.make_mandate(other_file, other_user)  # of a file that the employee sees
        changes = {
            'beneficiary_id': other_file.id, 'user_id': other_user.id, 'person_name': "Somebody else",
            'capacity': 'delegate', 'proof_number': '77', 'valid_until': '2050-01-01', 'may_apply': False,
            'may_follow': False, 'may_receive': False,
        }
        self.assertEqual(changes.keys(), self.Mandate._verified_fields)
        for number, (name, value) in enumerate(changes.items()):
            with self.subTest(field=name):
                mandate = self.make_mandate(self.file, self.make_portal_user(f'amlaj_change_{number}'))
                mandate.with_user(relations).write({'phone': '0501234567'})
                self.assertTrue(mandate.verified_at, "a phone number is not what was verified")
                mandate.with_user(relations).write({name: value})
                self.assertFalse(mandate.verified_at)
                self.assertFalse(mandate.verified_by_id)

    def test_nobody_verifies_his_own(self):
        both = self.make_user('amlaj_both', 'relations')
        mandate = self.make_mandate(self.file, both, verified=False).with_user(both)
        with self.assertRefused(UserError, "own"):
            mandate.action_verify()
        mandate.with_user(self.user['relations']).action_verify()
        with self.assertRaises(AccessError):
            mandate.valid_until = '2050-01-01'

    def test_whose_account_an_employee_may_name(self):
        """A mandate is no key to the account of a stranger: a supplier's, a volunteer's, another office's."""
        mine, rep = self.make_file("Second File Of The North", phone='0507654321'), self.user['representative']
        foreign = self.make_file("File Of The South", branch_id=self.branch2.id, phone='0507654322')
        supplier, other, own = (self.make_portal_user(f'account_{name}') for name in ('supplier', 'other', 'own'))
        self.make_mandate(foreign, other)
        self.make_mandate(self.make_file("Third File", phone='0507654323'), own)
        Mandates = self.env['amlaj.mandate'].with_user(rep)
        vals = {'beneficiary_id': mine.id, 'person_name': "A helper", 'capacity': 'delegate', 'phone': '0507654399'}
        plain = Mandates.create(vals)
        for account in (supplier, other):
            for act in (lambda u=account: Mandates.create(vals | {'user_id': u.id}),
                        lambda u=account: Mandates.with_context(default_user_id=u.id).create(vals),
                        lambda u=account: plain.write({'user_id': u.id}),
                        lambda u=account: mine.with_user(rep).write({'mandate_ids': [(1, plain.id, {'user_id': u.id})]}),
                        lambda u=account: plain.web_save({'user_id': u.id}, {})):
                with self.assertRefused(ValidationError, "not one of your beneficiaries"):
                    act()
        self.assertFalse(plain.user_id)
        for account in (own, self.user['delivery']):
            self.assertTrue(Mandates.create(vals | {'user_id': account.id}).user_id)

    def test_only_the_desk_verifies(self):
        for role in common.ROLES:
            mandate = self.make_mandate(self.file, verified=False, capacity='delegate').with_user(self.user[role])
            with self.subTest(role=role):
                if role in ('representative', 'relations', 'manager'):
                    self.assertTrue(mandate.action_verify())
                else:
                    with self.assertRaises(AccessError):
                        mandate.action_verify()

    # ------------------------------------------------------------
    # Guardians, proxies
    # ------------------------------------------------------------

    def test_an_adult_acts_for_herself(self):
        with self.assertRefused(ValidationError, "court"):
            self.make_mandate(self.file, self.holder, capacity='guardian')
        self.make_mandate(self.file, self.holder, capacity='guardian', proof_number='440/12')
        with self.assertRefused(ValidationError, "court"):
            self.make_mandate(self.make_file(birth_date=False, registered=False), self.holder, capacity='guardian')

    def test_a_proxy_has_a_deed(self):
        with self.assertRefused(ValidationError, "power of attorney"):
            self.make_mandate(self.file, self.holder, capacity='agent')

    def test_a_guardian_without_a_deed_acts_until_majority(self):
        with freeze_time('2026-03-01 09:00:00'):
            child = self.make_file("A child", birth_date='2010-06-15')
            mandate = self.make_mandate(child, self.holder, capacity='guardian')
            self.assertEqual(mandate.valid_until, date(2028, 6, 14))
            by_court = self.make_mandate(
                child, self.make_portal_user('amlaj_court'), capacity='guardian', proof_number='1')
            self.assertFalse(by_court.valid_until)
            child.with_user(self.user['relations']).birth_date = '2008-03-01'
            self.assertEqual(mandate.valid_until, date(2026, 2, 28))
            self.assertFalse(mandate.is_valid)
            self.assertFalse(by_court.valid_until)

    # ------------------------------------------------------------
    # Nobody works on a file of his own
    # ------------------------------------------------------------

    def test_nobody_edits_his_own_file_by_any_door(self):
        for role in ('relations', 'representative', 'manager'):
            both = self.make_user(f'amlaj_own_{role}', role)
            self.branch.representative_ids += both
            mandate = self.make_mandate(self.file, both)
            own, other = self.file.with_user(both), self.make_file().with_user(both)
            member = self.env['amlaj.household.member'].create({
                'beneficiary_id': other.id, 'name': "A son", 'relationship': 'child'}).with_user(both)
            doors = {
                'write': lambda f=own: f.write({'phone': '0551234567'}),
                'web_save': lambda f=own: f.web_save({'phone': '0551234567'}, {'id': {}}),
                'member through the file': lambda f=own: f.write({'member_ids': [Command.create(NEW_MEMBER)]}),
                'new member': lambda m=member: m.create({**NEW_MEMBER, 'beneficiary_id': self.file.id}),
                'default member': lambda m=member: m.with_context(
                    default_beneficiary_id=self.file.id).create(NEW_MEMBER),
                'member moved': lambda m=member: m.write({'beneficiary_id': self.file.id}),
                'member linked': lambda f=own, m=member: f.write({'member_ids': [Command.link(m.id)]}),
                'mandate': lambda m=mandate, u=both: m.with_user(u).write({'phone': '0551234567'}),
                'mandate ended': lambda m=mandate, u=both: m.with_user(u).action_end(),
                'consent': lambda u=both: self.env['amlaj.consent'].with_user(u).create({
                    'beneficiary_id': self.file.id, 'purpose': 'awareness'}),
                'register': lambda f=own: f.action_register(),
                'match': lambda f=own: f.action_match_identity(),
                'suspend': lambda f=own: f.action_suspend("A reason"),
                'import': lambda f=own: self._import(f),
            }
            for door, attempt in doors.items():
                with self.subTest(role=role, door=door), self.assertRaises(AccessError):
                    attempt()
            other.write({'phone': '0551234567'})  # the role itself works
            mandate.unlink()

    def _import(self, file):
        answer = file.browse().load(['.id', 'phone'], [[str(file.id), '0551234567']])
        if any(message['type'] == 'error' for message in answer['messages']):
            raise AccessError("refused")

    def test_an_ended_mandate_gives_the_file_back_to_the_colleague(self):
        both = self.make_user('amlaj_ended', 'relations')
        mandate = self.make_mandate(self.file, both)
        mandate.with_user(self.user['relations']).action_end()
        self.file.with_user(both).write({'phone': '0551234567'})

    def test_a_line_does_not_move_out_of_sight(self):
        elsewhere = self.make_file("Elsewhere", branch_id=self.branch2.id)
        representative = self.user['representative']
        member = self.env['amlaj.household.member'].create({
            'beneficiary_id': self.file.id, 'name': "A son", 'relationship': 'child'})
        mandate = self.make_mandate(self.file, self.holder)
        for line in (member, mandate):
            with self.subTest(model=line._name), self.assertRaises(AccessError):
                line.with_user(representative).write({'beneficiary_id': elsewhere.id})

    def test_files_held_costs_one_query(self):
        files = self.env['amlaj.beneficiary'].concat(*(self.make_file(registered=False) for __ in range(10)))
        self.env.flush_all()
        for some in (files[:1], files):
            with self.assertQueryCount(1):
                self.Mandate._files_held(some, self.holder)
