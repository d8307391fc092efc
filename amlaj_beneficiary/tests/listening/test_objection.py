from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import objection_common
from .objection_common import WHY


@tagged('post_install', '-at_install', 'amlaj')
class TestObjection(objection_common.ObjectionCommon):
    """Who may object to what, and until when; who decides on it (A20)."""

    def later(self, request, days):
        return freeze_time(fields.Datetime.add(request.sudo().replied_at, days=days))

    def test_by_the_holder(self):
        request = self.refused()
        ticket = self.objection(request)
        self.assertRegex(ticket.name, r'^\d\d-\d{4,}$')
        self.assertEqual(
            (ticket.kind, ticket.state, ticket.text, ticket.origin, ticket.beneficiary_id, ticket.decision_id),
            ('objection', 'new', WHY, 'applicant', self.file, request.sudo().decision_id))
        self.assertEqual(ticket.channel_id.code, 'website')
        self.assertFalse(ticket.entered_by_id)

    def test_the_answer_is_due_in_ten_working_days(self):
        self.assertEqual(  # a Thursday: Friday and Saturday are days of rest
            self.env['amlaj.ticket']._answer_due(fields.Date.to_date('2026-01-01')), fields.Date.to_date('2026-01-15'))
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.objection_answer_days', '1')
        self.assertEqual(
            self.env['amlaj.ticket']._answer_due(fields.Date.to_date('2026-01-01')), fields.Date.to_date('2026-01-04'))

    def test_the_same_click_twice_is_one(self):
        request = self.refused()
        first = self.objection(request, submission_key='k1')
        self.assertEqual(self.objection(request, submission_key='k1'), first)
        with self.assertRefused(UserError, f"received already: number {first.name}"):
            self.objection(request, submission_key='k2')
        other = self.objection(self.refused(), submission_key='k1')
        self.assertNotEqual(other, first, "a key that was made for another request tells nothing of it")

    def test_until_the_day_that_the_letter_names(self):
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.objection_days', '30')
        request = self.refused()
        last = request.sudo()._objection_last_day()
        text = self.env['amlaj.paper']._objection_text(request.sudo())
        self.assertIn(self.env['amlaj.paper']._full_date(last), text)
        noon = fields.Datetime.add(fields.Datetime.to_datetime(last), hours=9)
        with freeze_time(fields.Datetime.add(noon, days=1)), self.assertRefused(UserError, "time for an objection ended"):
            self.objection(request)
        with freeze_time(noon):
            self.assertTrue(self.objection(request))

    def test_only_what_was_refused_in_whole_or_in_part(self):
        with self.assertRefused(UserError, "no refusal"):
            self.objection(self.decided('approved', self.make_request(self.file), reply=True))
        part = self.refused('partial', request=self.make_request(self.file, self.cash), amount=100)
        self.assertTrue(self.objection(part))
        cancelled = self.refused('partial', request=self.make_request(self.file, self.cash), amount=100)
        cancelled.action_cancel("Helped by others")
        with self.assertRefused(UserError, "closed"):
            self.objection(cancelled)

    def test_what_a_department_refused(self):
        boss = self.user['researcher']
        head = self.env['hr.employee'].create({'name': "Head", 'user_id': boss.id})
        department = self.env['hr.department'].create({'name': "Help", 'manager_id': head.id})
        service = self.make_service("Advice", kind='service', decided_by='department', department_id=department.id)
        request = self.make_request(self.file, service, raised=False)
        request.with_user(boss).action_decide_by_department('rejected', reason_id=self.refusal.id)
        request.action_reply()
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        item = self.make_session(request).decision_ids
        self.assertEqual((request.state, item.kind), ('committee', 'objection'))
        boss.group_ids += self.env.ref('amlaj_beneficiary.group_committee')
        self.seat['boss'] = self.env['amlaj.committee.member'].create({
            'committee_id': self.committee.id, 'user_id': boss.id, 'role': 'member', 'date_from': '2020-01-01'})
        item._force_recusals()
        self.assertEqual(item.sudo().recusal_ids.member_id, self.seat['boss'], "who decided as a department too")

    def test_before_the_reply_every_answer_is_alike(self):
        undecided, decided = self.make_request(self.file), self.refused(reply=False)
        texts = set()
        for request in (undecided, decided, self.make_request(self.file, raised=False)):
            with self.assertRefused(UserError, "once you have received our answer") as caught:
                self.objection(request)
            texts.add(str(caught.exception))
        self.assertEqual(len(texts), 1)

    def test_what_is_no_text(self):
        request = self.refused()
        for text in ('', '   ', None, False, 7, ['x'], {'a': 1}, '\u202e\u200b'):
            with self.subTest(text=text), self.assertRefused(UserError, "write why you object"):
                request.with_user(self.holder).action_object(text)
        with self.assertRefused(UserError, "too long"):
            request.with_user(self.holder).action_object('x' * 4001)
        self.assertFalse(request.sudo()._objections_sudo())

    # ------------------------------------------------------------
    # By staff for the applicant
    # ------------------------------------------------------------

    def test_entered_by_staff_with_the_day_on_which_it_came(self):
        request = self.refused()
        with self.later(request, 50):
            day = fields.Date.add(request.sudo().replied_at.date(), days=10)
            wizard = self.env['amlaj.request.step'].with_user(self.relations).create({
                'request_id': request.id, 'step': 'objection', 'note': WHY, 'received_on': day,
                'channel_id': self.env['amlaj.channel']._by_code('letter').id})
            ticket = self.env['amlaj.ticket'].browse(wizard.action_confirm()['res_id'])
        self.assertEqual((ticket.origin, ticket.entered_by_id, ticket.received_on, ticket.channel_id.code),
                         ('staff', self.relations, day, 'letter'))

    def test_the_day_is_staffs_and_lies_between_reply_and_today(self):
        request = self.refused()
        today = self.env['amlaj.request']._today()
        for days in (-3, 3):
            with self.assertRefused(UserError, "check the day"):
                request.with_user(self.relations).action_object(WHY, received_on=fields.Date.add(today, days=days))
        with self.later(request, 50), self.assertRefused(UserError, "ended"):
            request.with_user(self.holder).action_object(WHY, received_on=today)

    def test_a_representative_for_his_offices(self):
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        self.assertTrue(self.objection(user=self.user['representative']))
        request = self.refused(request=self.make_request(far))
        with self.assertRaises(AccessError):
            self.objection(request, self.user['representative'])

    def test_who_may_not(self):
        request = self.refused()
        for user in (self.follower, self.stranger, self.former, self.seat['m2'].user_id, *(
                self.user[role] for role in ('delivery', 'researcher', 'quality', 'auditor', 'finance', 'manager'))):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.objection(request, user)
        self.file.mandate_ids.filtered(lambda mandate: mandate.user_id == self.holder).action_end()
        with self.assertRaises(AccessError):
            self.objection(request)

    def test_a_guardian_after_the_eighteenth_birthday(self):
        today = self.env['amlaj.request']._today()
        child = self.make_file("Young Person")
        request, other = self.refused(request=self.make_request(child)), self.refused(request=self.make_request(child))
        child.birth_date = fields.Date.add(fields.Date.subtract(today, years=18), days=25)
        guardian = self.make_portal_user('objection_guardian')
        self.make_mandate(child, guardian, capacity='guardian')
        with self.later(request, 20):
            self.assertTrue(self.objection(request, guardian))
        with self.later(other, 27), self.assertRaises(AccessError):
            self.objection(other, guardian)
        with self.later(other, 27):
            self.assertTrue(self.objection(other, self.relations), "the time itself is not over")

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def test_upheld_it_goes_back_without_the_voters(self):
        request = self.refused()
        first = request.sudo().decision_id
        frozen, not_before = (first.snapshot_hash, first.replied_at), request.reply_not_before
        ticket = self.objection(request)
        ticket.with_user(self.relations).action_take()
        ticket.with_user(self.manager).action_uphold("We look again.")
        self.assertEqual((ticket.state, ticket.outcome, ticket.answered_by_id), ('answered', 'upheld', self.manager))
        self.assertEqual((request.state, request.reply_not_before), ('committee', not_before))
        self.assertTrue(first._is_snapshot_genuine())
        self.assertEqual((first.snapshot_hash, first.replied_at), frozen)
        session = self.make_session(request)
        item = session.decision_ids
        self.assertEqual(item.kind, 'objection')
        self.assertEqual(item.recusal_ids.member_id, self.seat['chair'] | self.seat['m1'])
        for name in ('chair', 'm1'):
            with self.subTest(member=name), self.assertRefused(UserError, "stood back"):
                self.as_member(name, session).action_vote(request.ids, 'for')
            with self.assertRefused(UserError, "stood back"):
                session.action_decide(request.ids, 'approved', self.all_for(name, 'm2', 'm3'))
        session.action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        self.assertLess(request._today(), not_before, "the first period still runs")
        request.action_reply()
        self.assertEqual(request.state, 'approved')
        request.with_user(self.user['delivery']).action_start_delivery()
        delivery = request.sudo().delivery_ids.with_user(self.user['delivery'])
        delivery.action_deliver("Salem", 'paper')
        request.with_user(self.user['delivery']).action_close()
        self.assertEqual(request.state, 'done')

    def test_quorum_is_counted_after_the_recusals(self):
        request = self.decided('rejected', self.make_request(self.file), reply=True)  # all five voted
        ticket = self.objection(request)
        self.assertIn("0 took no part in this decision; 3 are needed", ticket.with_user(self.manager).review_hint)
        ticket.with_user(self.manager).action_uphold("We look again.")
        session = self.make_session(request)
        with self.assertRefused(UserError, "no quorum. 0 voting members"):
            session.action_decide(request.ids, 'approved', self.all_for())
        other = self.objection(self.refused())
        self.assertFalse(other.with_user(self.manager).review_hint)

    def test_dismissed_the_decision_stands(self):
        request = self.refused()
        ticket = self.objection(request)
        ticket.with_user(self.manager).action_dismiss("The papers were looked at again.")
        self.assertEqual((ticket.state, ticket.outcome, request.state), ('answered', 'dismissed', 'rejected'))
        self.assertTrue(request.sudo().decision_id)
        with self.assertRefused(UserError, "answered already"):
            ticket.with_user(self.manager).action_uphold("Changed my mind")
        with self.assertRefused(UserError, "received already"):
            self.objection(request)
        ticket.with_user(self.relations).action_close()
        self.assertEqual((ticket.state, ticket.closed_by_id), ('closed', self.relations))

    def test_who_voted_decides_on_no_objection(self):
        voter = self.seat['m1'].user_id
        voter.group_ids += self.env.ref('amlaj_beneficiary.group_manager')
        ticket = self.objection()
        for step in (ticket.with_user(voter).action_uphold, ticket.with_user(voter).action_dismiss):
            with self.assertRefused(UserError, "took part in the decision"):
                step("I was right")
        self.assertEqual(ticket.state, 'new')

    def test_nobody_decides_on_his_own_file(self):
        ticket = self.objection()
        self.make_mandate(self.file, self.manager, capacity='delegate')
        for step in (ticket.with_user(self.manager).action_uphold, ticket.with_user(self.manager).action_dismiss):
            with self.assertRaises(AccessError):
                step("Mine")

    def test_deciding_is_the_managers_and_needs_words(self):
        ticket = self.objection()
        for user in (self.relations, self.holder, self.user['quality'], self.user['auditor'], self.user['representative'],
                     self.seat['m2'].user_id):
            for method in ('action_uphold', 'action_dismiss'):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(ticket.with_user(user), method)("Yes")
        for text in ('', '  ', None, 5, 'x' * 4001):
            with self.subTest(text=text), self.assertRaises(UserError):
                ticket.with_user(self.manager).action_uphold(text)
        for method in ('action_answer', 'action_close'):
            with self.assertRaises(UserError):
                getattr(ticket.with_user(self.manager), method)(*(["Yes"] if method == 'action_answer' else []))
        self.assertEqual((ticket.state, ticket.answer), ('new', False))

    def test_the_applicant_is_told_by_a_number_alone(self):
        for method in ('action_uphold', 'action_dismiss'):
            request = self.refused()
            request.sudo().message_out_ids.write({'state': 'sent'})
            getattr(self.objection(request).with_user(self.manager), method)("CANARY words")
            [message] = request.sudo().message_out_ids.filtered(lambda message: message.state == 'ready')
            self.assertIn(request.name, message.body)
            for secret in ("CANARY", "bjection", self.service.name, "Salem", "committee"):
                self.assertNotIn(secret, message.body)

    def test_closing_waits_for_the_answer_and_cancelling_ends_it(self):
        request = self.refused('partial', request=self.make_request(self.file), amount=100)
        request.with_user(self.user['delivery']).action_start_delivery()
        request.sudo().delivery_ids.with_user(self.user['delivery']).action_deliver("Salem", 'paper')
        ticket = self.objection(request)
        with self.assertRefused(UserError, "waits for its answer"):
            request.with_user(self.user['delivery']).action_close()
        request.action_cancel("Helped by others")
        self.assertEqual((ticket.state, ticket.outcome), ('closed', 'withdrawn'))
        with self.assertRefused(UserError, "answered already"):
            ticket.with_user(self.manager).action_uphold("Late")

    def test_what_was_delivered_is_not_delivered_twice(self):
        request = self.refused('partial', request=self.make_request(self.file), amount=300)
        deliverer = self.user['delivery']
        request.with_user(deliverer).action_start_delivery()
        request.sudo().delivery_ids.with_user(deliverer).action_deliver("Salem", 'paper')
        request.with_user(deliverer).action_plan_delivery(what="More", amount=50)
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        self.assertEqual(request.sudo().delivery_ids.mapped('state'), ['delivered', 'failed'])
        session = self.make_session(request)
        session.action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'), amount=1000)
        request.action_reply()
        request.with_user(deliverer).action_start_delivery()
        self.assertEqual([(row.state, row.amount) for row in request.sudo().delivery_ids],
                         [('delivered', 300), ('failed', 50), ('planned', 700)])

    def test_where_all_was_delivered_nothing_is_planned(self):
        request = self.refused('partial', request=self.make_request(self.file), amount=300)
        deliverer = self.user['delivery']
        request.with_user(deliverer).action_start_delivery()
        request.sudo().delivery_ids.with_user(deliverer).action_deliver("Salem", 'paper')
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        session = self.make_session(request)
        session.action_decide(request.ids, 'partial', self.all_for('deputy', 'm2', 'm3'), amount=300,
                              reason_id=self.refusal.id)
        request.action_reply()
        request.with_user(deliverer).action_start_delivery()
        self.assertEqual(request.sudo().delivery_ids.mapped('state'), ['delivered'])
        with self.assertRefused(UserError, "not open"):
            request.sudo().delivery_ids.with_user(deliverer).action_deliver("Salem", 'paper')

    # ------------------------------------------------------------
    # What a review found
    # ------------------------------------------------------------

    def reviewed(self, result='approved', **options):
        """A request that was refused, objected to, and decided and answered again."""
        request = self.refused()
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        self.make_session(request).action_decide(request.ids, result, self.all_for('deputy', 'm2', 'm3'), **options)
        request.action_reply()
        return request

    def test_after_the_second_answer_nothing_is_being_studied(self):
        for request in (self.reviewed(), self.reviewed('rejected', reason_id=self.refusal.id)):
            told = request.sudo()._told('portal')
            self.assertNotIn("studies your request again", told['objection']['state_text'])

    def test_the_right_that_the_letter_names_outlives_the_delivery(self):
        request = self.refused('partial', request=self.make_request(self.file), amount=100)
        deliverer = self.user['delivery']
        request.with_user(deliverer).action_start_delivery()
        request.sudo().delivery_ids.with_user(deliverer).action_deliver("Salem", 'paper')
        request.with_user(deliverer).action_close()
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        self.assertEqual(request.state, 'committee')
        self.make_session(request).action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'), amount=300)
        request.action_reply()
        request.with_user(deliverer).action_start_delivery()
        planned = request.sudo().delivery_ids.filtered(lambda delivery: delivery.state == 'planned')
        self.assertEqual(planned.amount, 200, "what was given is not given twice")

    def test_a_manager_who_declared_a_relation_decides_nothing(self):
        ticket = self.objection()
        self.env['amlaj.relation'].sudo().create({
            'user_id': self.manager.id, 'beneficiary_id': self.file.id, 'kind': 'kin', 'degree': 1})
        for step in (ticket.with_user(self.manager).action_dismiss, ticket.with_user(self.manager).action_uphold):
            with self.assertRaises(UserError):
                step("Mine")

    def test_a_delivery_that_failed_before_the_review_stays_told(self):
        request = self.refused('partial', request=self.make_request(self.file), amount=300)
        deliverer = self.user['delivery']
        request.with_user(deliverer).action_start_delivery()
        request.sudo().delivery_ids.with_user(deliverer).action_fail("Nobody was at home")
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        self.make_session(request).action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'), amount=300)
        request.action_reply()
        told = request.sudo()._told('portal')['deliveries']
        self.assertIn('failed', [delivery['state'] for delivery in told])
        self.assertFalse({delivery['id'] for delivery in told} & set(request.sudo().delivery_ids.filtered('is_stopped').ids))

    def test_a_complaint_may_name_the_decision_too(self):
        ticket = self.objection()
        self.env['amlaj.ticket'].create({
            'kind': 'complaint', 'text': "x", 'beneficiary_id': self.file.id, 'decision_id': ticket.decision_id.id})
        self.env.flush_all()
