import random
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import request_common

STATES = (
    'draft', 'submitted', 'incomplete', 'research', 'committee', 'approved', 'rejected', 'delivery', 'done',
    'cancelled')


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestTime(request_common.RequestCommon):
    """Limits of the association, who is waited for, requests kept aside, reminders and messages."""

    # ------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------

    def test_limit_of_each_stage(self):
        with freeze_time('2026-03-02 09:00:00'):
            request = self.match(self.sign(self.ask(self.studied)))
            self.assertFalse(request.stage_due, "nobody waits for a draft but its writer")
            request.action_submit()
            self.assertEqual(request.stage_due, date(2026, 3, 5), "3 days to verify")
        with freeze_time('2026-03-03 09:00:00'):
            request.action_verify()
            self.assertEqual(request.stage_due, date(2026, 3, 8), "5 days to raise")
            request.action_inform()
            request.action_start_research()
            self.assertEqual(request.stage_due, date(2026, 3, 13), "10 days to study")
        with freeze_time('2026-03-04 09:00:00'):
            self.finish_study(request)
            request.action_raise()
            self.assertEqual(request.stage_due, date(2026, 4, 2), "30 days from the day he was informed")
            request.sudo().state = 'approved'
            self.assertEqual(request.stage_due, date(2026, 3, 14), "10 days to deliver")
            request.with_user(self.user['delivery']).action_start_delivery()
            self.assertEqual(request.stage_due, date(2026, 3, 14))
            request.sudo().state = 'done'
            self.assertFalse(request.stage_due)

    def test_limits_are_settings(self):
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.verify_days', '7')
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.raise_days', 'many')
        with freeze_time('2026-03-02 09:00:00'):
            request = self.make_request('submitted')
            self.assertEqual(request.stage_due, date(2026, 3, 9))
            request.action_verify()
            self.assertEqual(request.stage_due, date(2026, 3, 7), "what cannot be read counts as the default")

    def test_waiting_for_the_applicant_is_not_late(self):
        with freeze_time('2026-03-02 09:00:00'):
            request = self.make_request('incomplete')
        with freeze_time('2026-12-02 09:00:00'):
            self.assertFalse(request.is_late)
            self.assertEqual(request.waiting_for, 'applicant')

    def test_the_maximum_pauses_while_he_is_asked(self):
        with freeze_time('2026-03-02 09:00:00'):
            request = self.make_request('submitted', informed=True)  # due on the first of April
        with freeze_time('2026-03-05 09:00:00'):
            request.action_ask_completion("One more paper")
        with freeze_time('2026-03-12 21:00:00'):  # seven days and a half
            request.action_submit()
            request.action_verify()
            request.action_raise()
        self.assertEqual(request.stage_due, date(2026, 4, 8))
        self.assertEqual(request.reply_due, date(2026, 4, 1), "what he was told does not move")
        with freeze_time('2026-03-02 09:00:00'):
            before = self.make_request('incomplete')
        with freeze_time('2026-03-12 09:00:00'):
            self.match(before)
            before.action_submit()
            before.action_verify()
            before.action_inform()
            before.action_raise()
        self.assertEqual(before.stage_due, before.reply_due, "waiting before he was told is not counted")

    def random_requests(self, seed=7):
        """Requests in all states with limits around today, some without, some kept aside."""
        chance = random.Random(seed)
        requests = self.requests_of(60)
        today = requests._today()
        for request in requests.sudo():
            request.state = chance.choice(STATES)
            request.write({
                'stage_due': chance.choice([False, *(today + timedelta(days=days) for days in (-9, -1, 0, 1, 9))]),
                'is_aside': chance.random() < 0.3})
        self.env.flush_all()
        self.env.invalidate_all()
        return requests

    def requests_of(self, count):
        return self.env['amlaj.request'].with_user(self.relations).create(
            [{'beneficiary_id': self.file.id, 'service_id': self.service.id} for __ in range(count)])

    def assertSearches(self, requests, field, values):
        for operator, value in values:
            with self.subTest(field=field, operator=operator, value=value):
                found = requests.search([('id', 'in', requests.ids), (field, operator, value)])
                wanted = value if isinstance(value, (list, tuple)) else [value]
                expected = requests.filtered(
                    lambda request, wanted=wanted, negative=operator in ('!=', 'not in'):
                    (request[field] in wanted) != negative)
                self.assertEqual(found.sorted('id'), expected.sorted('id'))

    def test_late_is_found_as_it_is_shown(self):
        requests = self.random_requests()
        self.assertEqual({request.is_late for request in requests}, {True, False})
        self.assertSearches(requests, 'is_late', [
            ('=', True), ('=', False), ('!=', True), ('!=', False), ('in', [True, False]), ('in', [True]),
            ('not in', [True, False])])

    def test_waiting_is_found_as_it_is_shown(self):
        requests = self.random_requests(8)
        self.assertSearches(requests, 'waiting_for', [
            ('=', 'us'), ('=', 'applicant'), ('=', 'nobody'), ('!=', 'us'), ('in', ['us', 'nobody']),
            ('not in', ['us', 'applicant']), ('=', False), ('!=', False)])

    def test_late_in_riyadh(self):
        request = self.make_request('submitted')
        request.sudo().stage_due = date(2026, 3, 2)
        for moment, late in [('2026-03-02 20:59:00', False), ('2026-03-02 21:00:00', True)]:
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(request.is_late, late)
                self.assertEqual(bool(request.search([('id', '=', request.id), ('is_late', '=', True)])), late)

    # ------------------------------------------------------------
    # Aside
    # ------------------------------------------------------------

    def test_aside_and_back(self):
        request = self.make_request('incomplete')
        request.with_user(self.user['manager']).action_set_aside(" No answer since May ")
        self.assertEqual((request.is_aside, request.aside_reason), (True, "No answer since May"))
        self.assertEqual(request.state, 'incomplete', "nothing is refused by it")
        with self.assertRaises(UserError):
            request.with_user(self.user['manager']).action_set_aside("Again")
        for role in ('researcher', 'auditor'):
            with self.assertRaises(AccessError):
                request.with_user(self.user[role]).action_resume()
        request.with_user(self.user['representative']).action_resume()
        self.assertFalse(request.is_aside or request.aside_reason)
        with self.assertRefused(UserError, "not kept aside"):
            request.action_resume()

    def test_who_completes_it_takes_it_up(self):
        request = self.make_request('incomplete')
        request.with_user(self.user['manager']).action_set_aside("No answer")
        self.match(request)
        request.action_submit()
        self.assertFalse(request.is_aside or request.aside_reason)
        with freeze_time('2040-01-01'):
            self.env.invalidate_all()
            self.assertTrue(request.is_late, "it is late again like any other")

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    def reminders(self, request):
        return request.message_out_ids.filtered(lambda message: message.kind == 'reminder')

    def remind(self, moment):
        """The scheduled action as the scheduler runs it, commits included."""
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref('amlaj_beneficiary.cron_remind').method_direct_trigger()
        self.env.invalidate_all()

    def test_reminders_after_7_21_and_45_days(self):
        with freeze_time('2026-03-01 09:00:00'):
            request = self.make_request('incomplete')
        for moment, count in [
            ('2026-03-08 08:59:00', 0), ('2026-03-08 09:00:00', 1), ('2026-03-08 20:00:00', 1),
            ('2026-03-21 09:00:00', 1), ('2026-03-22 09:00:00', 2), ('2026-04-15 09:00:00', 3),
            ('2026-04-15 09:00:00', 3), ('2026-09-01 09:00:00', 3),
        ]:
            self.remind(moment)
            with self.subTest(moment=moment):
                self.assertEqual(len(self.reminders(request)), count)
        ready = request.message_out_ids.filtered(lambda message: message.state == 'ready')
        self.assertEqual(sorted(ready.mapped('kind')), ['incomplete', 'reminder'], "a newer one replaces the older")

    def test_a_cron_that_slept_reminds_once(self):
        with freeze_time('2026-03-01 09:00:00'):
            request = self.make_request('incomplete')
        for __ in range(3):
            self.remind('2026-05-01 09:00:00')
        self.assertEqual(len(self.reminders(request)), 1)

    def test_no_reminder_aside_or_moved_on(self):
        with freeze_time('2026-03-01 09:00:00'):
            aside, moved, cancelled = (self.make_request('incomplete') for __ in range(3))
            aside.with_user(self.user['manager']).action_set_aside("Abroad")
            self.match(moved)
            moved.action_submit()
            cancelled.action_cancel("He asked for it")
        self.remind('2026-05-01 09:00:00')
        for request in (aside, moved, cancelled):
            self.assertFalse(self.reminders(request))

    def test_another_waiting_counts_anew(self):
        with freeze_time('2026-03-01 09:00:00'):
            request = self.make_request('incomplete')
        self.remind('2026-03-09 09:00:00')
        with freeze_time('2026-03-10 09:00:00'):
            request.action_submit()  # still not all there: the same waiting goes on
        self.remind('2026-03-10 10:00:00')
        self.assertEqual(len(self.reminders(request)), 1)
        with freeze_time('2026-03-11 09:00:00'):
            self.match(request)
            request.action_submit()
            request.action_ask_completion("Another paper")
        self.remind('2026-03-12 09:00:00')
        self.assertEqual(len(self.reminders(request)), 1)
        self.remind('2026-03-18 09:00:00')
        self.assertEqual(len(self.reminders(request)), 2)

    # ------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------

    def test_messages_say_a_number_and_what_to_do(self):
        self.env['res.lang']._activate_lang('ar_001')
        for lang in ('en_US', 'ar_001'):
            request = self.make_request('incomplete', file=self.make_file(lang=lang))
            request.action_submit()
            self.remind('2040-01-01')
            request.sudo()._prepare_notice('update')
            bodies = request.message_out_ids.mapped('body')
            self.assertEqual(len(set(bodies)), 2)
            for body in bodies:
                with self.subTest(lang=lang, body=body):
                    self.assertIn(request.name, body)
                    for secret in (request.service_id.name, "Bill", request.beneficiary_id.name, "Rent", "1200",
                                   request.description):
                        self.assertNotIn(secret, body)

    def test_what_waits_is_dropped_when_nothing_is_missing(self):
        request = self.make_request('incomplete')
        notice = request.message_out_ids
        self.assertRecordValues(notice, [{'kind': 'incomplete', 'state': 'ready'}])
        self.match(request)
        request.action_submit()
        self.assertEqual(notice.state, 'cancelled', "nobody is told that something is missing when nothing is")

    def test_what_was_sent_stays(self):
        request = self.make_request('incomplete')
        notice = request.message_out_ids.with_user(self.relations)
        notice.action_mark_sent(self.interview.id)
        self.match(request)
        request.action_submit()
        self.assertEqual(notice.state, 'sent')

    # ------------------------------------------------------------
    # What is missing
    # ------------------------------------------------------------

    def test_missing_is_what_the_applicant_can_bring(self):
        request = self.ask(file=self.make_file(registered=False))
        self.assertEqual(request.missing.splitlines(), ["The declaration is not signed.", "Lease (test): missing"])
        self.sign(request)
        request.action_submit()
        self.assertEqual(request.missing, "Lease (test): missing")
        request.document_ids.action_receive()
        self.assertFalse(request.missing, "matching, and the identity, are the association's part")
        request.document_ids.action_mismatch("Another address")
        self.assertIn("Another address", request.missing)
        request.action_cancel("He asked for it")
        self.assertFalse(request.missing, "nobody waits for anything any more")
