from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestCreate(request_common.RequestCommon):
    """One way in: number, key, office, who entered it, and whose file it may be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant = cls.make_portal_user('create_applicant')
        cls.make_mandate(cls.file, cls.applicant)
        cls.vals = {'beneficiary_id': cls.file.id, 'service_id': cls.service.id}

    def requests(self, user=None):
        return self.env['amlaj.request'].with_user(user or self.relations)

    # ------------------------------------------------------------
    # Number
    # ------------------------------------------------------------

    def test_number(self):
        with freeze_time('2041-12-31 20:59:59'):  # the last second of the year in Riyadh
            first, second = self.ask(), self.ask()
            self.assertRegex(first.name, r'^41-\d{5}$')
            self.assertEqual(int(second.name[3:]), int(first.name[3:]) + 1)
        with freeze_time('2041-12-31 21:00:00'):
            self.assertEqual(self.ask().name, '42-00001')
            self.assertEqual(self.ask().name, '42-00002')
        with self.assertRaises(AccessError):
            first.name = '42-00001'
        self.assertEqual(first.display_name, first.name, "a link or a subject tells the number and nothing else")

    def test_number_at_once_and_for_good(self):
        request = self.ask()
        number = request.name
        self.match(self.sign(request)).action_submit()
        self.assertEqual(request.name, number)
        with mute_logger('odoo.addons.base.models.ir_model'), self.assertRaises(AccessError):
            request.unlink()
        with self.assertRefused(UserError, "has a number and stays"):
            request.sudo().unlink()

    # ------------------------------------------------------------
    # The key of a submission
    # ------------------------------------------------------------

    def test_the_second_arrival_is_the_first_record(self):
        first = self.ask(submission_key='k-1', description="First")
        again = self.ask(submission_key='k-1', description="Second")
        self.assertEqual(again, first)
        self.assertEqual(again.env, first.env)
        self.assertEqual(first.description, "First")
        self.assertEqual(len(first.transition_ids), 1)
        self.assertNotEqual(self.ask(submission_key='k-2'), first)
        self.assertEqual(self.ask(submission_key=' k-1\u200f '), first, "what nobody sees does not count")

    def test_the_second_arrival_after_the_request_moved_on(self):
        first = self.ask(submission_key='k-1', user=self.user['representative'])
        first.sudo().branch_id = self.branch2
        again = self.ask(submission_key='k-1', user=self.user['representative'])
        self.assertEqual(again, first, "also when its maker does not see it any more")

    def test_each_user_has_his_own_keys(self):
        mine = self.ask(submission_key='k-1')
        theirs = self.ask(submission_key='k-1', user=self.applicant)
        self.assertNotEqual(mine, theirs)
        self.assertEqual(self.ask(submission_key='k-1', user=self.applicant), theirs)

    def test_many_at_once_keep_their_order(self):
        known = self.ask(submission_key='known')
        keys = ['a', 'known', None, 'b', 'a', None]
        made = self.requests().create([
            {**self.vals, 'submission_key': key, 'description': str(rank)} for rank, key in enumerate(keys)])
        self.assertEqual(len(made), len(keys))
        self.assertEqual(made[1], known)
        self.assertEqual(made[0], made[4], "twice in one sending is once")
        self.assertEqual(
            [request.description for request in made], ['0', known.description, '2', '3', '0', '5'])
        self.assertEqual(len(set(made.mapped('name'))), 5)
        self.assertFalse(self.requests().create([]))

    def test_without_a_key(self):
        made = self.requests().with_context(default_submission_key='same').create([dict(self.vals), dict(self.vals)])
        self.assertEqual(len(made), 2)
        self.assertEqual(len(set(made.mapped('submission_key'))), 2)

    def test_a_long_key(self):
        self.assertEqual(len(self.ask(submission_key='x' * 5000).submission_key), 64)
        self.assertTrue(self.ask(submission_key=5))

    # ------------------------------------------------------------
    # Who and where
    # ------------------------------------------------------------

    def test_stamps(self):
        by_desk = self.ask()
        self.assertRecordValues(by_desk, [{
            'state': 'draft', 'entered_by_id': self.relations.id, 'user_id': self.relations.id,
            'branch_id': self.branch.id, 'origin': 'applicant'}])
        outreach = self.ask(origin='outreach', branch_id=self.branch2.id, user_id=self.user['researcher'].id)
        self.assertRecordValues(outreach, [{
            'origin': 'outreach', 'branch_id': self.branch2.id, 'user_id': self.user['researcher'].id}])
        by_applicant = self.ask(user=self.applicant).sudo()
        self.assertRecordValues(by_applicant, [{
            'state': 'draft', 'entered_by_id': False, 'user_id': False, 'branch_id': self.branch.id,
            'origin': 'applicant'}])

    def test_an_employee_for_himself(self):
        own = self.make_file("Employee Saad Ali")
        self.make_mandate(own, self.relations)
        request = self.ask(file=own, origin='outreach')
        self.assertRecordValues(request, [{'entered_by_id': False, 'user_id': False, 'origin': 'applicant'}])

    def test_the_representatives_office(self):
        request = self.ask(user=self.user['representative'])
        self.assertEqual(request.branch_id, self.branch)
        form = request.browse().with_context(default_beneficiary_id=self.file.id)
        self.assertEqual(form.create({'service_id': self.service.id}).branch_id, self.branch)

    def test_another_file_is_like_no_file(self):
        """The same answer for a file that exists elsewhere and for one that never was."""
        other = self.make_file(branch_id=self.branch2.id)
        nothing = other.id + 100000
        for user in (self.user['representative'], self.applicant):
            mine = self.ask(user=user)
            said = {}
            for file_id in (other.id, nothing):
                doors = {
                    'create': lambda i=file_id, u=user: self.requests(u).create({**self.vals, 'beneficiary_id': i}),
                    'context': lambda i=file_id, u=user: self.requests(u).with_context(default_beneficiary_id=i).create(
                        {'service_id': self.service.id}),
                    'write': lambda i=file_id, m=mine: m.write({'beneficiary_id': i}),
                    'known office': lambda i=file_id, u=user: self.requests(u).create(
                        {**self.vals, 'beneficiary_id': i, 'branch_id': self.branch.id}),
                }
                for name, door in doors.items():
                    if name == 'known office' and user == self.applicant:
                        continue  # not a field that he writes
                    with mute_logger('odoo.sql_db', 'odoo.addons.base.models.ir_rule'), \
                            self.assertRaises(AccessError) as caught:
                        door()
                    said.setdefault(name, set()).add(str(caught.exception))
            for name, texts in said.items():
                with self.subTest(door=name, user=user.login):
                    self.assertEqual(len(texts), 1)
                    self.assertNotIn('amlaj.', texts.pop())

    def test_mandates(self):
        follower, ended = self.make_portal_user('create_follower'), self.make_portal_user('create_ended')
        self.make_mandate(self.file, follower, capacity='delegate', may_apply=False)
        self.make_mandate(self.file, ended, valid_until='2020-01-01')
        with self.assertRefused(UserError, "does not let you apply"):
            self.ask(user=follower)
        with self.assertRaises(AccessError):
            self.ask(user=ended)
        with self.assertRaises(AccessError):
            self.ask(user=self.make_portal_user('create_stranger'))
        self.make_mandate(self.file, unverified := self.make_portal_user('create_unverified'), verified=False)
        with self.assertRaises(AccessError):
            self.ask(user=unverified)

    def test_roles_that_make_none(self):
        for role in ('researcher', 'committee', 'delivery', 'privacy_officer', 'auditor', 'finance', 'quality',
                     'volunteer_coordinator'):
            with self.subTest(role=role), mute_logger('odoo.addons.base.models.ir_model'), \
                    self.assertRaises(AccessError):
                self.ask(user=self.user[role])

    # ------------------------------------------------------------
    # What a client may say
    # ------------------------------------------------------------

    def test_forged_context(self):
        forged = {
            'default_state': 'approved', 'default_name': '26-99999', 'default_verified_at': '2026-01-01 08:00:00',
            'default_submitted_at': '2020-01-01 08:00:00', 'default_reply_not_before': '2020-01-01',
            'default_entered_by_id': self.user['manager'].id}
        for name, value in forged.items():
            with self.subTest(key=name), self.assertRaises(AccessError):
                self.requests().with_context(**{name: value}).create(dict(self.vals))
        for name, value in {'default_user_id': self.user['manager'].id, 'default_branch_id': self.branch2.id,
                            'default_origin': 'outreach', 'default_department_id': 1}.items():
            with self.subTest(key=name, user='portal'), self.assertRaises(AccessError):
                self.requests(self.applicant).with_context(**{name: value}).create(dict(self.vals))
        switches = {
            'tracking_disable': True, 'mail_notrack': True, 'install_mode': True, 'import_file': True, 'su': True,
            'active_test': False, 'tz': 'Pacific/Kiritimati', 'uid': 1,
            'mail_create_nolog': True, 'no_reset_password': True, 'skip_blockers': True}
        request = self.requests().with_context(**switches).create(dict(self.vals))
        self.assertRecordValues(request, [{
            'state': 'draft', 'entered_by_id': self.relations.id, 'create_uid': self.relations.id}])
        self.assertEqual(len(request.transition_ids), 1)
        with self.assertRefused(UserError, "declaration is not signed"):
            request.action_submit()
        with self.assertRaises(AccessError):
            request.state = 'approved'
        with self.assertRaises(AccessError):
            request.with_user(self.user['auditor']).with_context(**switches).action_cancel("x")

    def test_guarded_values_are_refused(self):
        for name, value in {'state': 'submitted', 'name': '26-00001', 'entered_by_id': 1, 'is_aside': True,
                            'stage_due': '2030-01-01', 'reminders_sent': 3}.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.ask(**{name: value})

    def test_portal_writes_listed_fields_of_a_draft(self):
        request = self.ask(user=self.applicant, channel_id=self.interview.id)
        request.write({'description': "More", 'amount_requested': 5, 'priority': '1', 'priority_reason': "Soon"})
        for name, value in {'user_id': 1, 'branch_id': self.branch2.id, 'origin': 'outreach', 'department_id': False,
                            'state': 'approved', 'document_ids': [], 'declaration_ids': []}.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                request.write({name: value})
        request.sudo().state = 'submitted'
        self.env.invalidate_all()
        with mute_logger('odoo.addons.base.models.ir_rule'), self.assertRaises(AccessError):
            request.description = "After it was received"
        request.sudo().state = 'incomplete'
        self.env.invalidate_all()
        request.description = "While it is completed"

    def test_a_copy_begins_anew(self):
        request = self.make_request('committee')
        copy = request.copy()
        self.assertRecordValues(copy, [{
            'state': 'draft', 'submitted_at': False, 'verified_at': False, 'reply_not_before': False,
            'declaration_ids': [], 'delivery_ids': [], 'is_declared': False}])
        self.assertNotEqual(copy.name, request.name)
        self.assertNotEqual(copy.submission_key, request.submission_key)
