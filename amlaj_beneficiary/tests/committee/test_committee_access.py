from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models')


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeAccess(committee_common.CommitteeCommon):
    """Members see the files of their own agendas, while these last, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file()
        cls.env['amlaj.household.member'].create({
            'beneficiary_id': cls.file.id, 'name': "Noura", 'relationship': 'child'})
        cls.request = cls.make_request(cls.file)
        cls.other = cls.make_request()
        cls.make_committee('other_')

    def files(self, name):
        """What a member may read of each kind of record."""
        user = self.seat[name].user_id
        self.env.invalidate_all()
        return {
            model: self.env[model].with_user(user).search([]).ids
            for model in ('amlaj.request', 'amlaj.beneficiary', 'amlaj.household.member', 'amlaj.request.document',
                          'amlaj.declaration', 'amlaj.request.transition')}

    def test_from_planning_to_closing(self):
        self.assertFalse(any(self.files('m1').values()))
        session = self.make_session(self.request, 'planned')
        for state in ('planned', 'open'):
            if state == 'open':
                session.action_open()
            seen = self.files('m1')
            self.assertEqual(seen['amlaj.request'], self.request.ids)
            self.assertEqual(seen['amlaj.beneficiary'], self.file.ids)
            self.assertEqual(seen['amlaj.household.member'], self.file.member_ids.ids)
            self.assertEqual(seen['amlaj.declaration'], self.request.sudo().declaration_ids.ids)
            self.assertEqual(seen['amlaj.request.transition'], self.request.sudo().transition_ids.ids)
            self.assertFalse(any(self.files('other_m1').values()))
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.as_member('other_m1', session).read(['name'])
        item = self.as_member('m1', session.decision_ids)
        self.assertIn("Noura", item.dossier)
        self.assertTrue(item.action_reveal_sensitive())
        session.action_decide(self.request.ids, 'approved', self.all_for())
        self.assertTrue(self.files('m1')['amlaj.request'])
        session.action_close()
        self.assertFalse(any(self.files('m1').values()))
        item.invalidate_recordset()
        self.assertEqual(item.result, 'approved')  # the minutes stay theirs
        self.assertEqual(item.first_name, "Salem")
        self.assertFalse(item.dossier)
        self.assertFalse(item.flag_text)
        with self.assertRaises(UserError):
            item.action_reveal_sensitive()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            item.read(['snapshot'])

    def test_members_change_nothing_of_a_file(self):
        self.make_session(self.request)
        member = self.seat['chair'].user_id
        with mute_logger(*QUIET):
            for record in (self.request, self.file, self.file.member_ids):
                self.assertFalse(record.with_user(member).has_access('write'))
            with self.assertRaises(AccessError):
                self.request.with_user(member).action_reply()
            with self.assertRaises(AccessError):
                self.request.with_user(member).action_cancel("Mine")

    def test_a_withdrawn_file_is_closed_again(self):
        self.make_session(self.request | self.other)
        self.request.action_cancel("Withdrew")
        self.assertEqual(self.files('m1')['amlaj.request'], self.other.ids)

    def test_only_leads_plan_sessions(self):
        Session = self.env['amlaj.committee.session']
        for user in (self.seat['m1'].user_id, self.seat['other_chair'].user_id, self.relations, self.manager):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                Session.with_user(user).create({'committee_id': self.committee.id})
        session = Session.with_user(self.seat['deputy'].user_id).create({})
        self.assertEqual(session.committee_id, self.committee)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.with_user(self.seat['m1'].user_id).write({'place': "Home"})
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.with_user(self.seat['m1'].user_id).action_add_candidates()

    def test_only_managers_form_committees(self):
        for user in (self.seat['chair'].user_id, self.relations):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.committee.with_user(user).write({'confirmation_amount': 9})
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.seat['m1'].with_user(user).write({'role': 'member'})
        self.committee.with_user(self.manager).write({'confirmation_amount': 9})

    def test_relations_are_each_member_s_own(self):
        Relation = self.env['amlaj.relation']
        mine, others = Relation.create([
            {'user_id': self.seat[name].user_id.id, 'beneficiary_id': self.file.id} for name in ('m1', 'm2')])
        member = self.seat['m1'].user_id
        self.assertEqual(Relation.with_user(member).search([]), mine)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            Relation.with_user(member).create({'user_id': self.seat['m3'].user_id.id, 'beneficiary_id': self.file.id})
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            others.with_user(member).until = '2026-01-01'
        self.assertEqual(Relation.with_user(self.manager).search([]), mine | others)

    def test_roles_outside_see_no_votes(self):
        session = self.make_session(self.request)
        session.action_decide(self.request.ids, 'approved', self.all_for())
        vote = session.decision_ids.vote_ids[0]
        for role in ('relations', 'researcher', 'representative', 'delivery', 'privacy_officer', 'quality', 'finance'):
            with self.subTest(role=role), self.assertRaises(AccessError), mute_logger(*QUIET):
                vote.with_user(self.user[role]).read(['vote'])
        for role in ('auditor', 'manager'):
            self.assertTrue(vote.with_user(self.user[role]).read(['vote']))
        self.assertTrue(session.decision_ids.with_user(self.relations).read(['result', 'reason_id']))

    def test_terms(self):
        vals = {'committee_id': self.committee.id, 'user_id': self.seat['m1'].user_id.id, 'role': 'member'}
        with self.assertRaises(UserError):
            self.env['amlaj.committee.member'].create(vals)
        with self.assertRaises(UserError):
            self.env['amlaj.committee.member'].create({
                **vals, 'user_id': self.relations.id, 'role': 'chair'})
        self.seat['m1'].date_to = '2021-01-01'
        again = self.env['amlaj.committee.member'].create({**vals, 'date_from': '2021-01-02'})
        self.assertTrue(again.is_current)
        self.assertFalse(self.seat['m1'].is_current)
        session = self.make_session(self.request, present=('chair', 'm2', 'm3'))
        session.action_decide(self.request.ids, 'approved', self.all_for('m2', 'm3'))
        with self.assertRaises(UserError):
            self.seat['m2'].unlink()
