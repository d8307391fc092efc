from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models')
VOTERS = ('chair', 'deputy', 'm1', 'm2', 'm3')


@tagged('post_install', '-at_install', 'amlaj')
class TestCirculation(committee_common.CommitteeCommon):
    """A resolution by circulation needs every voting member's own vote, and is numbered with the meetings (R60)."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=600))

    def circulate(self, requests, opened=True, **vals):
        """A circulation of these requests, seen as the secretary."""
        session = self.env['amlaj.committee.session'].with_user(self.seat['secretary'].user_id).create({
            'committee_id': self.committee.id, 'kind': 'circulation', 'request_ids': [Command.set(requests.ids)], **vals})
        if opened:
            session.action_open()
            for name in VOTERS:  # it is published with its opening: each says first whether he is related to anybody
                if self.seat[name] in session.sudo()._unanswered_members():
                    self.as_member(name, session).action_answer_relations()
        return session

    def vote(self, session, requests, *names, vote='for'):
        for name in names:
            self.as_member(name, session).action_vote(requests.ids, vote)

    def passed(self, session):
        """A day after the time to answer."""
        return patch.object(
            type(session), '_today', lambda record: session.answer_by + timedelta(days=1))

    def test_the_members_are_told_and_asked_as_it_is_opened(self):
        session = self.circulate(self.make_request(), opened=False)
        self.assertFalse(session.published_at)
        session.action_open()
        self.assertTrue(session.published_at)
        with self.assertRefused(UserError, "related"):
            self.as_member('m1', session).action_vote(session.request_ids.ids, 'for')

    def test_no_more_than_the_members_voted_on(self):
        request = self.make_request(service=self.cash, amount_requested=900)
        session = self.circulate(request)
        self.vote(session, request, *VOTERS)
        with self.assertRefused(UserError, "asked for"):
            session.action_decide(request.ids, 'approved', amount=901)
        self.assertTrue(session.action_decide(request.ids, 'approved', amount=900))

    # --- its beginning ---------------------------------------------------------------------

    def test_one_series_of_numbers(self):
        names = [
            session.name for session in (
                self.make_session(state='planned'), self.circulate(self.make_request()), self.make_session(state='planned'))]
        self.assertEqual([int(name.split('-')[1]) - int(names[0].split('-')[1]) for name in names], [0, 1, 2])

    def test_it_has_a_last_day_and_something_to_decide(self):
        session = self.circulate(self.make_request(), opened=False)
        self.assertEqual(session.answer_by, session._today() + timedelta(days=3))
        self.assertFalse(self.make_session(state='planned').answer_by)
        for day in (False, session._today() - timedelta(days=1)):
            session.answer_by = day
            with self.assertRefused(UserError, "until when"):
                session.action_open()
        with self.assertRefused(UserError, "nothing to be decided"):
            self.circulate(self.env['amlaj.request'])

    def test_what_it_is_changes_no_more_once_it_is_open(self):
        request = self.make_request()
        session, meeting = self.circulate(request), self.make_session(self.make_request())
        for record, vals in (
            (session, {'kind': 'meeting'}), (session, {'answer_by': '2099-01-01'}), (meeting, {'kind': 'circulation'}),
        ):
            with self.assertRefused(UserError, "settled before"):
                record.write(vals)

    # --- every member's own vote -------------------------------------------------------------

    def test_every_member_votes_himself(self):
        request = self.make_request()
        session = self.circulate(request)
        self.vote(session, request, 'chair', 'deputy', 'm1', 'm2')
        self.assertEqual(session.waiting_for, 'amlaj_m3')
        with self.assertRefused(UserError, "amlaj_m3"):
            session.action_decide(request.ids, 'approved')
        self.vote(session, request, 'm3', vote='abstain')
        self.assertFalse(session.waiting_for)
        session.action_decide(request.ids, 'approved', amount=900)
        decision = request.sudo().decision_id
        self.assertEqual((decision.result, decision.amount, decision.votes_for), ('approved', 900, 4))
        self.assertTrue(decision._is_snapshot_genuine())
        self.assertEqual(request.state, 'committee', "the reply alone moves it")
        with self.assertRefused(UserError, "from"):
            request.action_reply()

    def test_nobody_votes_for_another(self):
        request = self.make_request()
        session = self.circulate(request)
        self.vote(session, request, 'deputy', 'm1', 'm2', 'm3')
        for votes in (self.all_for(), self.votes(chair='for'), self.votes(secretary='for')):
            with self.assertRefused(UserError, "Not yet: amlaj_chair"):
                session.action_decide(request.ids, 'approved', votes)
        with self.assertRefused(UserError, "Not yet: amlaj_chair"):
            self.as_member('chair', session).action_decide(request.ids, 'approved', self.votes(chair='for'))
        with self.assertRefused(UserError, "has no vote"):
            self.as_member('secretary', session).action_vote(request.ids, 'for')
        self.vote(session, request, 'chair')
        for votes in (self.all_for(), self.votes(chair='for'), self.votes(secretary='for')):
            with self.assertRefused(UserError, "no vote is recorded"):
                session.action_decide(request.ids, 'approved', votes)
        self.as_member('chair', session).action_decide(request.ids, 'approved')

    def test_presence_means_nothing(self):
        request = self.make_request()
        session = self.circulate(request, present_ids=[Command.set([self.seat['m1'].id])])
        self.vote(session, request, 'm1')
        with self.assertRefused(UserError, "Not yet"):
            session.action_decide(request.ids, 'approved')
        self.vote(session, request, 'chair', 'deputy', 'm2', 'm3')
        session.action_decide(request.ids, 'approved')

    def test_a_member_who_stood_back_is_not_waited_for(self):
        request = self.make_request()
        session = self.circulate(request)
        self.as_member('m3', session).action_recuse(request.ids, "My neighbour")
        self.vote(session, request, 'chair', 'deputy', 'm1', 'm2')
        with self.assertRefused(UserError, "stood back"):
            self.vote(session, request, 'm3')
        session.action_decide(request.ids, 'approved')
        self.assertEqual(request.sudo().decision_id.recusal_ids.member_id, self.seat['m3'])

    def test_too_few_are_left(self):
        request = self.make_request()
        session = self.circulate(request)
        for name in ('m1', 'm2', 'm3'):
            self.as_member(name, session).action_recuse(request.ids, "My neighbour")
        self.vote(session, request, 'chair', 'deputy')
        with self.assertRefused(UserError, "no quorum"):
            session.action_decide(request.ids, 'approved')

    def test_votes_on_another_proposal_are_not_votes_on_this_one(self):
        request = self.make_request()
        session = self.circulate(request)
        self.vote(session, request, *VOTERS)
        session.action_propose(request.ids, 'partial')
        with self.assertRefused(UserError, "Not yet"):
            session.action_decide(request.ids, 'partial', amount=100)
        self.vote(session, request, *VOTERS)
        with self.assertRefused(UserError, "nobody has voted"):
            session.action_decide(request.ids, 'approved', amount=100)
        session.action_decide(request.ids, 'partial', amount=100)

    def test_no_majority(self):
        request = self.make_request()
        session = self.circulate(request)
        self.vote(session, request, 'chair', 'deputy')
        self.vote(session, request, 'm1', 'm2', 'm3', vote='against')
        with self.assertRefused(UserError, "no majority"):
            session.action_decide(request.ids, 'approved')
        with self.assertRefused(UserError, "reason"):
            session.action_decide(request.ids, 'rejected')
        session.action_decide(request.ids, 'rejected', reason_id=self.refusal.id)

    # --- its end -----------------------------------------------------------------------------

    def test_the_time_is_over(self):
        late, voted, decided = self.make_request(), self.make_request(), self.make_request()
        session = self.circulate(late | voted | decided)
        self.vote(session, voted | decided, *VOTERS)
        self.vote(session, late, 'chair', 'deputy', 'm1', 'm2')
        session.action_decide(decided.ids, 'approved')
        meeting = self.make_session(state='planned')
        other = self.circulate(self.make_request(), opened=False)
        self.env['amlaj.committee.session']._cron_end_circulations()
        self.assertFalse(late.sudo().decision_ids.result, "the time is not over yet")
        with self.passed(session):
            meeting.date = other.date = session.answer_by + timedelta(days=2)
            with self.assertRefused(UserError, "time to answer is over"):
                self.vote(session, late, 'm3')
            self.env['amlaj.committee.session']._cron_end_circulations()
            self.assertEqual(session.state, 'open', "what all voted on waits for its decision")
            item = session._items(late.ids).sudo()
            self.assertEqual((item.result, item.defer_to), ('deferred', 'session'))
            self.assertIn("circulation", item.note)
            self.assertIn(late, meeting.sudo().request_ids, "the next meeting, not another circulation")
            session.action_decide(voted.ids, 'approved')
            self.env['amlaj.committee.session']._cron_end_circulations()
            self.assertEqual(session.state, 'closed')
            self.env['amlaj.committee.session']._cron_end_circulations()
        self.assertEqual(len(late.sudo().decision_ids), 2)

    def test_without_a_meeting_the_file_waits_for_one(self):
        request = self.make_request()
        session = self.circulate(request)
        with self.passed(session):
            self.env['amlaj.committee.session']._cron_end_circulations()
        self.assertEqual(session.state, 'closed')
        self.assertIn(request.sudo(), session._candidates())

    def test_closed_by_hand_before_its_time(self):
        request = self.make_request()
        session = self.circulate(request)
        self.vote(session, request, 'chair')
        session.action_close()
        lines = {line['member_id']: line['present'] for line in session._attendance()}
        self.assertEqual([key for key, present in lines.items() if present], [self.seat['chair'].id])

    # --- what holds in a meeting holds here ----------------------------------------------------

    def test_the_chair_confirms_above_the_amount(self):
        self.committee.confirmation_amount = 1000
        request = self.make_request(service=self.cash, amount_requested=1500)
        session = self.circulate(request)
        self.vote(session, request, *VOTERS)
        session.action_decide(request.ids, 'approved', amount=1500)
        decision = request.sudo().decision_id
        self.assertTrue(decision.needs_confirmation)
        session.action_close()
        request.with_user(self.manager).action_allow_early_reply("The roof is gone")
        with self.assertRefused(UserError, "confirmation"):
            request.action_reply()
        for name in ('m1', 'deputy', 'secretary'):
            with self.assertRefused(AccessError):
                self.as_member(name, decision).action_confirm()
        self.as_member('chair', decision).action_confirm()
        request.action_reply()
        self.assertEqual(request.state, 'approved')

    def test_an_objection_is_decided_by_who_took_no_part(self):
        self.committee.quorum_rule, self.committee.quorum_number = 'number', 2
        request = self.make_request()
        first = self.make_session(request, present=('chair', 'm1'))
        first.action_decide(request.ids, 'rejected', self.all_for('chair', 'm1'), reason_id=self.refusal.id)
        first.action_close()
        request.with_user(self.manager).action_allow_early_reply("Said so")
        request.action_reply()
        request.sudo().action_reopen(1)
        session = self.circulate(request)
        item = session._items().sudo()
        self.assertEqual(item.kind, 'objection')
        self.assertEqual(item.recusal_ids.member_id, self.seat['chair'] | self.seat['m1'])
        with self.assertRefused(UserError, "stood back"):
            self.vote(session, request, 'chair')
        self.vote(session, request, 'deputy', 'm2')
        with self.assertRefused(UserError, "amlaj_m3"):
            session.action_decide(request.ids, 'approved')
        self.vote(session, request, 'm3')
        session.action_decide(request.ids, 'approved')
        self.assertEqual(item.result, 'approved')

    def test_an_objection_that_all_voted_on_before_has_no_body(self):
        request = self.decided('rejected', reply=True)
        request.sudo().action_reopen(1)
        session = self.circulate(request)
        with self.assertRefused(UserError, "no quorum"):
            session.action_decide(request.ids, 'approved')

    # --- papers, access ------------------------------------------------------------------------

    def test_the_minutes_say_so(self):
        request = self.make_request()
        session = self.circulate(request)
        self.vote(session, request, *VOTERS)
        session.action_decide(request.ids, 'approved')
        session.action_close()
        html, __ = self.env['ir.actions.report'].with_user(self.seat['chair'].user_id)._render_qweb_html(
            'amlaj_beneficiary.report_minutes', session.ids)
        text = html.decode()
        self.assertIn("Minutes of a resolution by circulation", text)
        self.assertEqual(text.count("Voted himself"), 5)
        self.assertIn("By circulation, without a meeting", text)
        meeting = self.make_session(self.make_request())
        html, __ = self.env['ir.actions.report'].with_user(self.seat['chair'].user_id)._render_qweb_html(
            'amlaj_beneficiary.report_minutes', meeting.ids)
        self.assertNotIn("circulation", html.decode())

    @mute_logger(*QUIET)
    def test_the_wrong_people(self):
        request = self.make_request()
        session = self.circulate(request)
        self.make_committee('other_')
        for user in (self.relations, self.manager, self.user['auditor'], self.user['committee'],
                     self.seat['other_chair'].user_id, self.make_portal_user()):
            for call in (
                lambda record: record.action_vote(request.ids, 'for'),
                lambda record: record.action_decide(request.ids, 'approved'),
                lambda record: record.action_close(),
                lambda record: record.write({'answer_by': '2099-01-01'}),
            ):
                with self.assertRefused(AccessError):
                    call(session.with_user(user))
        with self.assertRefused(AccessError):
            self.as_member('m1', session).action_decide(request.ids, 'approved')

    def test_the_wizard_has_no_line_for_a_vote(self):
        request = self.make_request()
        session = self.circulate(request)
        wizard = self.env['amlaj.session.decide'].with_user(session.env.user).with_context(
            default_session_id=session.id).create({})
        self.assertFalse(wizard.line_ids)
        self.vote(session, request, *VOTERS)
        wizard.action_confirm()
        self.assertEqual(request.sudo().decision_id.result, 'approved')
