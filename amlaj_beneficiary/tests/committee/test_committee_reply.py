from ast import literal_eval
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import committee_common

# 1 January 2026 at noon in Riyadh
INFORMED = '2026-01-01 09:00:00'


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeReply(committee_common.CommitteeCommon):
    """From the decision to the reply and the delivery: its day, its exceptions, deferrals, departments, objections."""

    def assertRefused(self, text, function, *args, **kwargs):
        with self.assertRaises(UserError) as refusal:
            function(*args, **kwargs)
        self.assertIn(text, str(refusal.exception))

    def old_decision(self, result='approved', **options):
        with freeze_time(INFORMED):
            return self.decided(result, **options)

    # --- the day ----------------------------------------------------------------------------

    def test_a_decision_does_not_move_the_request(self):
        request = self.old_decision()
        self.assertEqual(request.state, 'committee')
        self.assertEqual(request.decision_id.result, 'approved')
        self.assertTrue(request.is_awaiting_reply)
        self.assertFalse(request.message_out_ids)
        self.assertFalse(request.decision_result)
        self.assertIn(request, request.search([('is_awaiting_reply', '=', True)]))

    def test_the_reply_waits_for_its_day_in_riyadh(self):
        request = self.old_decision('rejected')
        self.assertEqual(request.reply_not_before, date(2026, 1, 15))
        with freeze_time('2026-01-14 20:59:59'):  # a second before midnight in Riyadh
            self.assertRefused("from 15/01/2026 on", request.action_reply)
        with freeze_time('2026-01-14 21:00:00'):
            request.action_reply(self.interview.id)
        self.assertEqual(request.state, 'rejected')
        self.assertEqual(request.replied_by_id, self.relations)
        self.assertEqual(request.replied_at, datetime(2026, 1, 14, 21, 0))
        self.assertEqual(request.reply_channel_id, self.interview)
        self.assertEqual(request.decision_id.replied_at, request.replied_at)
        self.assertEqual(request.message_out_ids.mapped('kind'), ['update'])
        self.assertFalse(request.is_awaiting_reply)
        with freeze_time('2026-01-20'):
            self.assertRefused("does not allow this step", request.action_reply)

    def test_in_the_other_reading_the_reply_does_not_wait(self):
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.reply_rule', 'maximum')
        request = self.old_decision()
        self.assertEqual(request.reply_due, date(2026, 1, 15))
        with freeze_time('2026-01-01 10:00:00'):
            request.action_reply()
        self.assertEqual(request.state, 'approved')

    def test_only_a_manager_allows_an_early_reply(self):
        request = self.old_decision()
        with freeze_time('2026-01-03 09:00:00'):
            with self.assertRaises(AccessError):
                request.action_allow_early_reply("The roof is gone")
            self.assertRefused("reason", request.with_user(self.manager).action_allow_early_reply, "  ")
            request.with_user(self.manager).action_allow_early_reply("The roof is gone")
            request.action_reply()
        self.assertEqual(request.state, 'approved')
        self.assertEqual(request.reply_early_reason, "The roof is gone")
        self.assertEqual(request.reply_early_by_id, self.manager)
        action = self.env.ref('amlaj_beneficiary.amlaj_request_action_early_reply')
        self.assertIn(request, request.search(literal_eval(action.domain)))

    def test_who_replies(self):
        request = self.old_decision()
        with freeze_time('2026-02-01'):
            for role in ('researcher', 'representative', 'auditor', 'delivery'):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    request.with_user(self.user[role]).action_reply()
            request.with_user(self.manager).action_reply()
        self.assertEqual(request.state, 'approved')

    def test_nothing_is_replied_undecided(self):
        with freeze_time(INFORMED):
            request = self.make_request()
        with freeze_time('2026-02-01'):
            self.assertRefused("not decided yet", request.action_reply)
        self.assertRefused(
            "with the committee",
            self.make_request(raised=False).with_user(self.manager).action_allow_early_reply, "Now")

    # --- deferral ---------------------------------------------------------------------------

    def defer(self, request, defer_to, **options):
        session = self.make_session(request)
        session.action_decide(request.ids, 'deferred', self.all_for(), defer_to=defer_to, **options)
        session.action_close()
        return session.decision_ids

    def test_deferral_for_a_paper_moves_at_once_and_no_date(self):
        request = self.make_request()
        dates = request.reply_not_before, request.reply_due
        self.defer(request, 'completion', note="Please bring the lease")
        self.assertEqual(request.state, 'incomplete')
        self.assertEqual(request.completion_reason, "Please bring the lease")
        self.assertFalse(request.verified_at)
        self.assertTrue(request.informed_at)
        self.assertEqual(request.message_out_ids.mapped('kind'), ['incomplete'])
        self.assertFalse(request.decision_id)
        request.action_submit()
        request.action_verify()
        request.action_raise()
        self.assertEqual((request.state, (request.reply_not_before, request.reply_due)), ('committee', dates))
        session = self.make_session(request)
        self.assertEqual(session.decision_ids.kind, 'again')

    def test_deferral_to_the_research(self):
        request = self.make_request()
        self.defer(request, 'research')
        self.assertEqual(request.state, 'research')
        self.assertTrue(request.verified_at)
        request.action_raise()
        self.assertEqual(request.state, 'committee')

    def test_deferral_to_a_next_session_stays(self):
        request = self.make_request()
        self.defer(request, 'session')
        self.assertEqual(request.state, 'committee')
        self.assertFalse(request.message_out_ids)
        self.assertEqual(self.make_session(request, 'planned').decision_ids.kind, 'again')

    # --- cancelling -------------------------------------------------------------------------

    def test_cancelling_withdraws_the_open_item(self):
        request = self.make_request()
        session = self.make_session(request)
        item = session.decision_ids
        request.action_cancel("The applicant withdrew")
        self.assertEqual((item.result, request.state), ('withdrawn', 'cancelled'))
        self.assertFalse(session.request_ids)
        self.assertRefused("not on the agenda", session.action_decide, request.ids, 'approved', self.all_for())

    # --- delivery ---------------------------------------------------------------------------

    def test_what_was_decided_is_planned(self):
        request = self.decided(request=self.make_request(service=self.cash), amount=750, reply=True)
        self.assertEqual((request.decision_result, request.decision_amount), ('approved', 750))
        request.with_user(self.user['delivery']).action_start_delivery()
        delivery = request.sudo().delivery_ids
        self.assertEqual((delivery.amount, delivery.quantity, delivery.place), (750, 1, 'bank'))

    def test_who_decided_does_not_deliver(self):
        voter = self.seat['m1'].user_id
        voter.group_ids += self.env.ref('amlaj_beneficiary.group_delivery')
        request = self.decided('partial', quantity=3, reply=True)
        self.assertRefused("took part in the decision", request.with_user(voter).action_start_delivery)
        request.with_user(self.user['delivery']).action_start_delivery()
        delivery = request.sudo().delivery_ids
        self.assertEqual(delivery.quantity, 3)
        self.assertRefused(
            "took part in the decision", delivery.with_user(voter).action_deliver,
            receiver_name="Salem", method='paper')
        delivery.with_user(self.user['delivery']).action_deliver(receiver_name="Salem", method='paper')
        self.assertEqual(delivery.state, 'delivered')

    # --- a department -----------------------------------------------------------------------

    def department_request(self, **service):
        head = self.env['hr.employee'].create({'name': "Head", 'user_id': self.user['researcher'].id})
        department = self.env['hr.department'].create({'name': "Planting", 'manager_id': head.id})
        advice = self.make_service(
            "Advice (test)", kind='service', decided_by='department', department_id=department.id, **service)
        return self.make_request(service=advice, raised=False)

    def test_a_department_decides_without_two_weeks(self):
        request = self.department_request()
        head = request.with_user(self.user['researcher'])
        for user in (self.manager, self.relations):
            with self.assertRaises(AccessError):
                request.with_user(user).action_decide_by_department('approved')
        self.assertRefused("A refusal needs", head.action_decide_by_department, 'rejected')
        self.assertRefused("approves", head.action_decide_by_department, 'deferred')
        head.action_decide_by_department('approved')
        self.assertEqual(request.state, 'submitted')
        self.assertFalse(request.decision_id.session_id)
        self.assertRefused("does not allow", head.action_decide_by_department, 'approved')
        self.assertRefused("decided already", request.action_raise)
        self.assertRefused("stays as it is", request.write, {'description': "Something else"})
        request.action_reply()  # at once
        self.assertEqual(request.state, 'approved')
        self.user['researcher'].group_ids += self.env.ref('amlaj_beneficiary.group_delivery')
        self.assertRefused("took part", head.action_start_delivery)

    def test_a_department_does_not_decide_on_support(self):
        head = self.env['hr.employee'].create({'name': "Head", 'user_id': self.user['researcher'].id})
        department = self.env['hr.department'].create({'name': "Help", 'manager_id': head.id})
        request = self.make_request(raised=False, department_id=department.id)
        self.assertRefused(
            "research committee decides",
            request.with_user(self.user['researcher']).action_decide_by_department, 'approved')

    def test_a_department_above_the_ceiling_waits_for_a_manager(self):
        request = self.department_request(ceiling_amount=100)
        request.with_user(self.user['researcher']).action_decide_by_department('approved', amount=150)
        self.assertRefused("confirmation", request.action_reply)
        request.decision_id.with_user(self.manager).action_confirm()
        request.action_reply()
        self.assertEqual(request.state, 'approved')

    # --- an objection -----------------------------------------------------------------------

    def test_reopening_belongs_to_the_objection(self):
        request = self.decided('rejected', reply=True)
        for user in (self.manager, self.relations, self.seat['chair'].user_id):
            with self.assertRaises(AccessError):
                request.with_user(user).action_reopen(1)
        first = request.decision_id
        request.sudo().action_reopen(1)
        self.assertEqual(request.state, 'committee')
        self.assertFalse(request.decision_id)
        self.assertFalse(request.replied_at)
        self.assertIn(first, request.decision_ids)
        self.assertTrue(first.replied_at)
        self.assertRefused("waits for no period", request.with_user(self.manager).action_allow_early_reply, "Sooner")

    def test_nobody_who_voted_votes_on_the_objection(self):
        request = self.make_request()
        session = self.make_session(request)
        session.action_decide(
            request.ids, 'rejected', self.votes(chair='for', m1='for'), reason_id=self.refusal.id)
        session.action_close()
        request.with_user(self.manager).action_allow_early_reply("Urgent")
        request.action_reply()
        request.sudo().action_reopen(1)
        review = self.make_session(request)
        item = review.decision_ids
        self.assertEqual(item.kind, 'objection')
        self.assertEqual(item.recusal_ids.member_id, self.seat['chair'] | self.seat['m1'])
        self.assertEqual(set(item.recusal_ids.mapped('cause')), {'voted'})
        review.action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        with freeze_time('2035-01-01'):  # no new two weeks: the first period has passed
            request.action_reply()
        self.assertEqual(request.state, 'approved')

    def test_reopening_stops_what_was_planned(self):
        request = self.decided(request=self.make_request(service=self.cash), amount=750, reply=True)
        request.with_user(self.user['delivery']).action_start_delivery()
        request.sudo().action_reopen(1)
        self.assertEqual(request.sudo().delivery_ids.state, 'failed')
        self.committee.member_ids.write({'date_to': '2021-01-01'})
        self.committee = self.make_committee('second_')
        session = self.make_session(
            request, committee=self.committee, present=('second_chair', 'second_deputy', 'second_m1'))
        session.action_decide(request.ids, 'partial', self.all_for('second_chair', 'second_m1'), amount=300)
        with freeze_time('2035-01-01'):
            request.action_reply()
        request.with_user(self.user['delivery']).action_start_delivery()
        self.assertEqual(
            [(delivery.state, delivery.amount) for delivery in request.sudo().delivery_ids],
            [('failed', 750), ('planned', 300)])
