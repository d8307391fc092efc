from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from ..committee import committee_common
from . import research_common

QUIET = ('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model', 'odoo.http')
SEE = ('researcher', 'manager')
OTHERS = (
    'representative', 'relations', 'committee', 'delivery', 'volunteer_coordinator', 'privacy_officer', 'quality', 'finance',
    'auditor')


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseStudyAccess(research_common.ResearchCommon):
    """Nobody reads a study without opening it, and each opening is in the access log (rule 1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.study = cls.make_study(
            debt_total=7000, health_note="Asthma", income_ids=[Command.create({'kind': 'salary', 'amount': 3000})])
        cls.lines = ('amlaj.case.study.income', 'amlaj.case.study.expense', 'amlaj.case.study.need', 'amlaj.case.study.member')

    def test_unopened_it_is_closed_to_every_role(self):
        for user in [*self.user.values(), self.colleague]:
            if user == self.researcher:
                continue
            study = self.study.with_user(user)
            with self.subTest(user=user.login), mute_logger(*QUIET):
                for rank, attempt in enumerate((
                        lambda study=study: study.read(['health_note']), lambda study=study: study.total_income,
                        lambda study=study: study.write({'debt_total': 1}), lambda study=study: study.income_ids.amount,
                        lambda study=study: study.export_data(['number', 'debt_total']))):
                    study.invalidate_recordset()
                    with self.assertRaises(UserError if rank == 4 else AccessError):
                        attempt()
                for model in ('amlaj.case.study', *self.lines):
                    records = self.env[model].with_user(user)
                    if records.has_access('read'):
                        self.assertFalse(records.search([]))
                        self.assertFalse(records._read_group([], [], ['__count'])[0][0])

    def test_opening_logs_and_answers(self):
        for role in SEE:
            user = self.colleague if role == 'researcher' else self.user[role]
            study = self.study.with_user(user)
            with self.subTest(role=role):
                before = len(self.log_of(study))
                answer = study.action_open_study()
                self.assertEqual((answer['health_note'], answer['debt_total']), ("Asthma", 7000))
                self.assertEqual(answer['income'], [['salary', 3000.0, '']])
                self.assertEqual(len(self.log_of(study)), before + 1)
                self.assertEqual(self.log_of(study)[0], user.id)
                self.assertEqual((study.health_note, study.total_income), ("Asthma", 3000))
                with mute_logger(*QUIET), self.assertRaises(AccessError):
                    study.write({'debt_total': 1})
                study.sudo().opening_ids.filtered(lambda row, user=user: row.user_id == user).until = (
                    fields.Datetime.now() - timedelta(seconds=1))
                self.env.invalidate_all()
                with mute_logger(*QUIET), self.assertRaises(AccessError):
                    study.health_note  # noqa: B018

    def test_other_roles_do_not_open_it(self):
        for role in OTHERS:
            study = self.study.with_user(self.user[role])
            with self.subTest(role=role), mute_logger(*QUIET), self.assertRaises(AccessError):
                study.action_open_study()
            with self.subTest(role=role), mute_logger(*QUIET), self.assertRaises(AccessError):
                study.action_take()
        self.assertEqual(set(self.log_of(self.study)), {self.researcher.id}, "who was refused opened nothing")

    def test_what_never_was_is_answered_alike(self):
        never = self.env['amlaj.case.study'].with_user(self.colleague).browse(self.study.id + 1000)
        with self.assertRefused(AccessError, "no such study"):
            never.action_open_study()
        with self.assertRefused(AccessError, "no such study"):
            self.study.with_user(self.user['finance']).action_open_study()

    def test_not_of_a_file_of_his_own(self):
        self.study.with_user(self.colleague).action_open_study()
        self.make_mandate(self.file, self.colleague)
        self.env.invalidate_all()
        mine = self.study.with_user(self.colleague)
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            mine.health_note  # noqa: B018
        with self.assertRefused(AccessError, "file of his own"):
            mine.action_open_study()
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            self.env['amlaj.case.study'].with_user(self.colleague).create({'beneficiary_id': self.file.id})

    def test_only_its_researcher_writes(self):
        mine = self.study.with_user(self.colleague)
        mine.action_open_study()
        tries = [
            lambda: mine.write({'recommendation': "None"}), lambda: mine.income_ids.write({'amount': 1}),
            lambda: mine.income_ids.unlink(),
            lambda: self.env['amlaj.case.study.income'].with_user(self.colleague).create({
                'study_id': mine.id, 'kind': 'other', 'amount': 1}),
            lambda: self.env['amlaj.case.study.opening'].with_user(self.colleague).create({
                'study_id': mine.id, 'user_id': self.colleague.id}),
            lambda: self.env['amlaj.case.study'].with_user(self.relations).create({'beneficiary_id': self.file.id}),
            lambda: self.study.sudo(False).write({'opening_ids': [Command.create({'user_id': self.colleague.id})]}),
            lambda: self.study.sudo(False).write({'user_id': self.colleague.id}),
            lambda: self.study.sudo(False).write({'state': 'done'}),
            lambda: self.env['amlaj.score.rule'].with_user(self.researcher).search([], limit=1).write({'points': 100}),
        ]
        for rank, attempt in enumerate(tries):
            with self.subTest(rank=rank), mute_logger(*QUIET), self.assertRaises(AccessError):
                attempt()

    def test_the_request_tells_no_more_than_how_far_it_is(self):
        request = self.study.request_id.sudo(False).with_user(self.relations)
        self.assertEqual(request.study_state, 'draft')
        applicant = self.make_portal_user('study_applicant')
        self.make_mandate(self.file, applicant)
        mine = request.with_user(applicant)
        for name in ('study_state', 'study_user_id'):
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                mine.read([name])
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            mine.action_show_study()


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseStudyCommittee(research_common.ResearchBuilders, committee_common.CommitteeCommon):
    """Members see the studies of their agenda, from its publication until the session closes (R60)."""

    def raised(self):
        study = self.finish(self.make_study(health_note="Asthma"))
        study.request_id.sudo(False).with_user(self.relations).action_raise()
        return study

    def test_from_publication_to_closing(self):
        study = self.raised()
        member = self.seat['m1'].user_id
        mine = study.with_user(member)

        def closed():
            with mute_logger(*QUIET), self.assertRaises(AccessError):
                mine.action_open_study()
        closed()
        session = self.make_session(study.request_id.sudo(False), 'planned')
        closed()
        session.action_publish()
        self.assertEqual(mine.action_open_study()['health_note'], "Asthma")
        self.assertEqual(mine.health_note, "Asthma")
        self.assertEqual(self.log_of(study)[0], member.id)
        session.action_open()
        action = session.decision_ids.with_user(member).action_open_study()
        self.assertEqual(action['res_id'], study.id)
        dossier = session.decision_ids._dossier()['study']
        self.assertEqual((dossier['number'], dossier['band'], dossier['score']), (study.number, study.band, study.score))
        self.assertNotIn("Asthma", str(session.decision_ids._dossier()))
        self.assertIn(study.number, session.decision_ids.with_user(member).dossier)
        session.sudo().state = 'closed'
        self.env.invalidate_all()
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            mine.health_note  # noqa: B018
        closed()

    def test_sent_back_it_is_a_new_version(self):
        study = self.raised()
        request = study.request_id.sudo(False).with_user(self.relations)
        request.sudo()._defer('research', "Please see the home")
        self.assertEqual((request.state, request.study_state), ('research', 'free'))
        self.assertEqual(self.codes(request, 'raise'), ['study'])
        request.with_user(self.researcher).action_take_study()
        again = request._last_studies()[request.id]
        self.assertEqual((again.version, again.health_note), (study.version + 1, "Asthma"))


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseStudyRpc(research_common.ResearchHttpCommon):
    """The same over the wire, as a client of another's would ask."""

    def call(self, user, method, *args, model='amlaj.case.study', **kwargs):
        self.authenticate(user.login, user.login)
        return self.make_jsonrpc_request(
            '/web/dataset/call_kw', {'model': model, 'method': method, 'args': list(args), 'kwargs': kwargs})

    def test_wrong_users(self):
        study = self.make_study(health_note="Asthma")
        applicant = self.make_portal_user('study_rpc')
        self.make_mandate(self.file, applicant)
        for user in (self.relations, self.user['auditor'], self.user['committee'], self.user['representative'], applicant):
            for method, args in (
                    ('read', [[study.id], ['health_note']]), ('action_open_study', [[study.id]]),
                    ('action_take', [[study.id]]), ('web_search_read', [[], {'health_note': {}}])):
                with self.subTest(user=user.login, method=method), mute_logger(*QUIET):
                    try:
                        answer = self.call(user, method, *args)
                    except JsonRpcException:
                        continue
                    self.assertFalse(answer['records'] if isinstance(answer, dict) else answer)
        self.assertEqual(self.call(self.colleague, 'action_open_study', [study.id])['health_note'], "Asthma")
        for wrong in ('x', {'a': 1}, 2 ** 40, -3):
            with self.subTest(wrong=wrong), mute_logger(*QUIET), self.assertRaises(JsonRpcException):
                self.call(self.colleague, 'action_open_study', [wrong])
