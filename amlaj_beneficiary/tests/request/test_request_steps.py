from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import request_common

MOMENT = '2026-03-02 09:00:00'  # a Monday


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestSteps(request_common.RequestCommon):
    """What each step leaves behind: moves with their times, stamps, the dates of the reply, notices."""

    def setSetting(self, key, value):
        self.env['ir.config_parameter'].set_param(f'amlaj_beneficiary.{key}', value)

    # ------------------------------------------------------------
    # Moves
    # ------------------------------------------------------------

    def test_every_move_is_a_row(self):
        with freeze_time('2026-03-02 09:00:00'):
            request = self.sign(self.ask(self.make_service("Two papers", self.lease, self.letter)))
        with freeze_time('2026-03-02 11:30:00'):
            request.action_submit()
        with freeze_time('2026-03-05 11:30:00'):
            self.match(request)
            request.action_submit()
        with freeze_time('2026-03-06 11:30:00'):
            request.action_verify()
            request.action_inform()
            request.action_raise()
        with freeze_time('2026-03-08 12:00:00'):
            request.action_cancel("He moved away")
        moves = request.transition_ids
        self.assertEqual(moves.mapped(lambda move: (move.from_state, move.to_state)), [
            (False, 'draft'), ('draft', 'incomplete'), ('incomplete', 'submitted'), ('submitted', 'committee'),
            ('committee', 'cancelled')])
        self.assertEqual(moves.mapped('lasted_hours'), [0, 2.5, 72, 24, 48.5])
        self.assertEqual(moves.user_id, self.relations)
        self.assertEqual(moves[1].at, datetime(2026, 3, 2, 11, 30))
        self.assertEqual(request.submitted_at, datetime(2026, 3, 2, 11, 30), "the first submission never moves")

    def test_superuser_code_is_not_silent(self):
        request = self.make_request('approved')
        before = len(request.transition_ids)
        request.sudo().write({'state': 'rejected'})
        self.assertEqual(len(request.transition_ids), before + 1)
        self.assertEqual(request.transition_ids[-1].from_state, 'approved')
        request.sudo().write({'state': 'rejected', 'priority': '0'})
        self.assertEqual(len(request.transition_ids), before + 1, "no move, no row")

    def test_several_requests_move_at_once(self):
        requests = self.make_request('submitted', informed=True) | self.make_request('submitted', informed=True)
        requests.action_raise()
        self.assertEqual(requests.mapped('state'), ['committee', 'committee'])
        self.assertEqual([request.transition_ids[-1].to_state for request in requests], ['committee', 'committee'])

    # ------------------------------------------------------------
    # Incomplete and back
    # ------------------------------------------------------------

    def test_incomplete_clears_the_verification_and_keeps_the_dates(self):
        request = self.make_request('research')
        kept = ('informed_at', 'informed_by_id', 'reply_not_before', 'reply_due', 'submitted_at')
        before = {name: request[name] for name in kept}
        request.with_user(self.user['researcher']).action_ask_completion("  The new lease ")
        self.assertEqual((request.state, request.completion_reason), ('incomplete', "The new lease"))
        self.assertFalse(request.verified_at or request.verified_by_id)
        self.assertEqual({name: request[name] for name in kept}, before)
        request.action_submit()
        self.assertEqual(request.state, 'submitted')
        with self.assertRefused(UserError, "not yet verified"):
            request.action_start_research()
        request.action_verify()
        with self.assertRefused(UserError, "was informed before"):
            request.action_inform()
        request.action_start_research()

    def test_incomplete_by_another_path_clears_the_verification(self):
        request = self.make_request('committee')
        request.sudo().state = 'incomplete'  # as a deferral does
        self.assertFalse(request.verified_at or request.verified_by_id)
        self.assertTrue(request.informed_at)

    def test_a_reason_is_needed(self):
        cases = [
            (self.make_request('submitted'), lambda r: r.action_ask_completion("  ")),
            (self.make_request('submitted'), lambda r: r.action_cancel(None)),
            (self.make_request('incomplete').with_user(self.user['manager']), lambda r: r.action_set_aside(" ")),
            (self.make_request('approved').with_user(self.user['manager']), lambda r: r.action_allow_delivery("")),
            (self.make_request('submitted'), lambda r: r.action_handover(self.user['researcher'].id, " ")),
        ]
        for request, call in cases:
            with self.assertRefused(UserError, "give the reason"):
                call(request)

    def test_desk_in_one_button(self):
        request = self.match(self.sign(self.ask()))
        request.action_receive_at_desk(self.interview.id)
        self.assertEqual(request.state, 'submitted')
        self.assertTrue(request.verified_at and request.informed_at and request.reply_not_before)
        self.assertEqual(request.informed_channel_id, self.interview)
        lacking = self.sign(self.ask(self.make_service("Letter only", self.letter)))
        lacking.action_receive_at_desk()
        self.assertEqual(lacking.state, 'incomplete')
        self.assertFalse(lacking.verified_at or lacking.informed_at)
        unsigned = self.match(self.ask())
        with self.assertRefused(UserError, "declaration is not signed"):
            unsigned.action_receive_at_desk()

    def test_study_or_not(self):
        plain = self.make_request('submitted', informed=True)
        with self.assertRefused(UserError, "asks for no case study"):
            plain.action_start_research()
        studied = self.make_request('submitted', informed=True, service=self.studied)
        with self.assertRefused(UserError, "start the research first"):
            studied.action_raise()

    def test_told_before_raised(self):
        request = self.make_request('submitted', verified=True)
        with self.assertRefused(UserError, "was not yet told"):
            request.action_raise()

    def test_the_manager_who_raises_without_a_paper_has_told_the_applicant(self):
        request = self.make_request('incomplete')
        self.assertFalse(request.verified_at or request.informed_at)
        request.with_user(self.user['manager']).action_raise("The paper will never come")
        self.assertEqual((request.state, request.informed_by_id), ('committee', self.user['manager']))
        self.assertTrue(request.reply_not_before and request.reply_due)

    def test_raised_without_a_paper_by_a_manager(self):
        request = self.make_request('submitted', informed=True)
        request.action_ask_completion("One more paper")
        request.with_user(self.user['manager']).action_raise(" The owner is abroad ")
        self.assertEqual((request.state, request.raise_exception_reason), ('committee', "The owner is abroad"))
        self.assertTrue(request.raised_at)
        blank = self.make_request('submitted', informed=True)
        with self.assertRaises(AccessError):  # a blank reason is no reason: the ordinary step is not the manager's
            blank.with_user(self.user['manager']).action_raise("  ")

    def test_what_changed_after_the_verification_stops_the_raise(self):
        changed = self.make_request('submitted', informed=True)
        changed.description = "Three months are due"
        with self.assertRefused(UserError, "declaration is not signed"):
            changed.action_raise()
        with self.assertRefused(UserError, "declaration is not signed"):
            changed.with_user(self.user['manager']).action_raise("Urgent")
        self.sign(changed).action_raise()
        doubted = self.make_request('submitted', informed=True)
        doubted.document_ids.action_mismatch("Another address")
        with self.assertRefused(UserError, "does not agree"):
            doubted.action_raise()
        mistaken = self.make_request('submitted', informed=True, file=self.make_file())
        mistaken.beneficiary_id.identity_number = self.next_identity()
        with self.assertRefused(UserError, "identity is not yet matched"):
            mistaken.action_raise()

    def test_closed_file_is_not_submitted(self):
        request = self.sign(self.ask(file=self.make_file()))
        request.beneficiary_id.action_end("Moved away")
        with self.assertRefused(UserError, "file is closed"):
            request.action_submit()

    def test_verification_completes_the_registration(self):
        file = self.make_file(registered=False)
        request = self.match(self.sign(self.ask(file=file)))
        request.action_submit()
        with self.assertRefused(UserError, "identity is not yet matched"):
            request.action_verify()
        file.with_user(self.relations).action_match_identity()
        request.action_verify()
        self.assertEqual(file.state, 'registered')
        self.assertEqual(request.verified_by_id, self.relations)

    # ------------------------------------------------------------
    # The dates of the reply
    # ------------------------------------------------------------

    @freeze_time(MOMENT)
    def test_reply_not_before_two_weeks(self):
        request = self.make_request('submitted', informed=True)
        self.assertEqual(request.reply_not_before, date(2026, 3, 16))
        self.assertEqual(request.reply_due, date(2026, 4, 1))
        self.setSetting('reply_days', 20)
        self.setSetting('reply_max_days', 10)
        request = self.make_request('submitted', informed=True)
        self.assertEqual(request.reply_not_before, date(2026, 3, 22))
        self.assertEqual(request.reply_due, date(2026, 3, 22), "the longest wait is never before the earliest reply")

    @freeze_time(MOMENT)
    def test_reply_within_two_weeks(self):
        self.setSetting('reply_rule', 'maximum')
        request = self.make_request('submitted', informed=True)
        self.assertEqual(request.reply_not_before, date(2026, 3, 2))
        self.assertEqual(request.reply_due, date(2026, 3, 16))

    def test_days_are_the_associations(self):
        with freeze_time('2026-03-02 20:59:59'):  # 23:59:59 in Riyadh
            self.assertEqual(self.make_request('submitted', informed=True).reply_not_before, date(2026, 3, 16))
        with freeze_time('2026-03-02 21:00:00'):  # the third of March there
            request = self.make_request('submitted', informed=True)
            self.assertEqual(request.reply_not_before, date(2026, 3, 17))
            self.assertEqual(request.document_ids.received_on, date(2026, 3, 3))
            abroad = request.with_context(tz='America/New_York')
            self.assertEqual(abroad._today(), date(2026, 3, 3), "nor is it the reader's day")

    def test_nothing_moves_the_dates(self):
        with freeze_time(MOMENT):
            request = self.make_request('submitted', informed=True)
        dates = (request.reply_not_before, request.reply_due)
        with freeze_time('2026-03-10 09:00:00'):
            request.action_ask_completion("A paper")
            request.action_submit()
            request.action_verify()
            request.service_id = self.studied
            self.match(request)
            self.sign(request)
            request.action_start_research()
            self.finish_study(request)
            request.with_user(self.user['researcher']).action_raise()
        self.assertEqual((request.reply_not_before, request.reply_due), dates)
        with self.assertRaises(AccessError):
            request.reply_not_before = date(2026, 3, 3)

    def test_shown_day_is_a_working_day(self):
        request = self.ask()
        cases = [  # reply_not_before, shown
            (date(2026, 3, 12), date(2026, 3, 12)),  # Thursday
            (date(2026, 3, 13), date(2026, 3, 15)),  # Friday: Sunday
            (date(2026, 3, 14), date(2026, 3, 15)),  # Saturday
            (date(2026, 3, 15), date(2026, 3, 15)),  # Sunday
        ]
        for day, shown in cases:
            request.sudo().reply_not_before = day
            self.assertEqual(request.reply_shown_on, shown)
        self.env['resource.calendar.leaves'].create({
            'name': "Feast", 'calendar_id': self.env.company.amlaj_calendar_id.id,
            'date_from': '2026-03-18 21:00:00', 'date_to': '2026-03-25 20:59:59'})  # the 19th to the 25th in Riyadh
        for day, shown in [(date(2026, 3, 18), date(2026, 3, 18)), (date(2026, 3, 19), date(2026, 3, 26)),
                           (date(2026, 3, 25), date(2026, 3, 26))]:
            request.sudo().reply_not_before = day
            self.assertEqual(request.reply_shown_on, shown)
        request.sudo().reply_not_before = False
        self.assertFalse(request.reply_shown_on)

    # ------------------------------------------------------------
    # Cancel, hand over
    # ------------------------------------------------------------

    def test_cancel(self):
        request = self.make_request('committee')
        request.action_cancel(" He found work ")
        self.assertEqual((request.state, request.cancel_reason), ('cancelled', "He found work"))
        with self.assertRaises(UserError):
            request.action_cancel("Again")

    def test_cancel_in_delivery(self):
        delivery = self.make_delivery()
        request = delivery.request_id.with_user(self.relations)
        request.action_cancel("No longer needed")
        self.assertEqual(request.state, 'cancelled')
        self.assertEqual(delivery.sudo().state, 'failed')
        delivery = self.make_delivery()
        request = delivery.request_id.with_user(self.relations)
        request.with_user(self.user['delivery']).action_plan_delivery(planned_on='2026-05-01', what="Second part")
        delivery.action_deliver("Salem Alharbi")
        request.action_cancel("The first part was enough")
        self.assertEqual(request.state, 'done', "what was delivered stays")
        self.assertEqual(request.delivery_ids.mapped('state'), ['delivered', 'failed'])

    def test_handover(self):
        request = self.make_request('research')
        colleague = self.user['researcher']
        request.action_handover(colleague.id, "Please visit")
        self.assertEqual(request.user_id, colleague)
        self.assertIn("Please visit", request.message_ids[0].body)
        self.assertEqual(request.message_ids[0].author_id, self.relations.partner_id)
        request.with_user(colleague).action_handover(self.relations.id, "Visited")
        self.assertEqual(request.user_id, self.relations)
        portal = self.make_portal_user('steps_portal')
        gone = self.make_user('steps_gone', 'relations', active=False)
        for user_id in (portal.id, gone.id, False, self.env['res.users'].search([], order='id desc')[0].id + 1000):
            with self.subTest(user_id=user_id), self.assertRefused(UserError, "choose the colleague"):
                request.action_handover(user_id, "Take it")
        self.assertEqual(request.user_id, self.relations)
        with self.assertRaises(AccessError):
            request.with_user(self.user['auditor']).action_handover(colleague.id, "Mine")
