import unittest
from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.hijri import hijri_parts, parse_date
from . import committee_common

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models', 'odoo.sql_db')


class HelpPlanCommon(committee_common.CommitteeCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user['delivery']
        cls.today = cls.env['amlaj.request']._today()

    def setUp(self):
        super().setUp()
        self.commits = []
        self.startPatcher(patch.object(
            type(self.env['ir.cron']), '_commit_progress', side_effect=lambda *args, **kwargs: self.commits.append(1) or 600))

    def granted(self, amount=1200, quantity=0, service=None, **vals):
        return self.decided(
            request=self.make_request(service=service or self.cash, **vals), reply=True, amount=amount,
            quantity=quantity)

    def start(self, request=None, user=None, **vals):
        request = request or self.granted()
        terms = {'interval': 'monthly', 'first_date': self.today + timedelta(days=30), 'times': 12, 'amount': 100} | vals
        return self.env['amlaj.help.plan'].with_user(user or self.officer).action_start(request.id, **terms)

    def run_cron(self, day=None):
        """What the cron plans on ``day``."""
        known = self.env['amlaj.delivery'].search([])
        self.on(day or self.today)
        self.env['amlaj.help.plan']._cron_plan_deliveries()
        self.env.flush_all()
        return self.env['amlaj.delivery'].search([]) - known

    def on(self, day):
        """From now on it is ``day`` in the association."""
        if getattr(self, 'clock', None):
            self.clock.stop()
        self.clock = patch.object(type(self.env['amlaj.help.plan']), '_today', lambda record: day)
        self.clock.start()

    def tearDown(self):
        if getattr(self, 'clock', None):
            self.clock.stop()
        super().tearDown()


@tagged('post_install', '-at_install', 'amlaj')
class TestHelpPlan(HelpPlanCommon):
    """Recurring help: planned a week ahead, each date once, never more than was decided (R64)."""

    # --- starting -----------------------------------------------------------------------

    def test_an_approved_request_goes_into_delivery(self):
        request = self.granted()
        plan = self.start(request)
        self.assertEqual(request.state, 'delivery')
        self.assertEqual((plan.state, plan.next_date, plan.place), ('running', self.today + timedelta(days=30), 'bank'))
        self.assertFalse(request.sudo().delivery_ids, "the first date is a month away")

    def test_a_first_date_within_the_week_is_planned_at_once(self):
        plan = self.start(first_date=self.today)
        delivery = plan.sudo().delivery_ids
        self.assertEqual((delivery.planned_on, delivery.amount, delivery.state), (self.today, 100, 'planned'))
        self.assertEqual(plan.next_date, self.today + relativedelta(months=1))

    def test_terms_that_cannot_be(self):
        request, yesterday = self.granted(), self.today - timedelta(days=1)
        first = self.today + timedelta(days=30)
        for vals in (
            {'interval': 0}, {'interval': ''}, {'interval': None}, {'interval': 'weekly'}, {'interval': ['monthly']},
            {'first_date': yesterday}, {'first_date': None}, {'first_date': 'soon'},
            {'times': 0}, {'times': None}, {'times': -1}, {'times': 121}, {'times': True}, {'times': '12'}, {'times': 1.5},
            {'times': None, 'end_date': yesterday}, {'end_date': first - timedelta(days=1)}, {'end_date': 'never'},
            {'times': None, 'end_date': first + relativedelta(years=11)},
            {'amount': 0}, {'amount': -100}, {'amount': float('nan')}, {'amount': float('inf')}, {'amount': 'much'},
            {'quantity': 0}, {'quantity': -1}, {'place': 'moon'}, {'place': ['bank']},
            {'interval': 'seasonal', 'times': 100},
        ):
            with self.assertRefused(UserError):
                self.start(request, **vals)
        self.assertEqual(request.state, 'approved')
        for foreign in (None, 0, -1, 'x', 2 ** 40, [request.id]):
            with self.assertRefused(UserError):
                self.env['amlaj.help.plan'].with_user(self.officer).action_start(foreign, 'monthly', first, times=1)

    def test_only_an_approved_request_and_once(self):
        with self.assertRefused(UserError, "approved"):
            self.start(self.make_request(service=self.cash), user=self.manager)
        with self.assertRefused(UserError, "approved"):
            self.start(self.decided('rejected', reply=True), user=self.manager)
        request = self.granted()
        self.start(request)
        with self.assertRefused(UserError, "runs for this request"):
            self.start(request)
        waiting = self.granted()
        waiting.with_user(self.officer).action_start_delivery()
        with self.assertRefused(UserError, "planned already"):
            self.start(waiting)

    def test_not_before_the_reply_and_not_for_a_suspended_file(self):
        with self.assertRefused(UserError, "approved"):
            self.start(self.decided(request=self.make_request(service=self.cash), amount=1200), user=self.manager)
        request = self.granted()
        request.sudo().beneficiary_id.action_suspend("Moved")
        with self.assertRefused(UserError, "suspended"):
            self.start(request)

    def test_who_decided_does_not_start_it(self):
        request = self.granted()
        self.seat['m1'].user_id.group_ids += self.env.ref('amlaj_beneficiary.group_delivery')
        with self.assertRefused(UserError, "took part"):
            self.start(request, user=self.seat['m1'].user_id)

    # --- not above what was decided ------------------------------------------------------

    def test_all_times_together_stay_within_the_decision(self):
        with self.assertRefused(UserError, "more than what is left"):
            self.start(self.granted(1199))
        with self.assertRefused(UserError, "more than what is left"):
            self.start(self.granted(1199), times=None, end_date=self.today + timedelta(days=30) + relativedelta(months=11))
        self.assertTrue(self.start(self.granted(1200)))
        baskets = self.granted(0, 3, service=self.service)
        with self.assertRefused(UserError, "more than what is left"):
            self.start(baskets, amount=0, times=4)
        with self.assertRefused(UserError, "no amount"):
            self.start(baskets, amount=1, times=1)
        self.assertTrue(self.start(baskets, amount=0, times=3))

    def test_what_was_given_by_hand_meanwhile_counts(self):
        request = self.granted(250)
        plan = self.start(request, times=2, first_date=self.today)
        request.with_user(self.officer).action_plan_delivery(self.today, amount=100, place='bank')
        made = self.run_cron(self.today + timedelta(days=40))
        self.assertEqual(made.mapped('amount'), [50], "what is left")
        self.assertEqual(plan.state, 'ended')

    def test_nothing_is_left(self):
        request = self.granted(200)
        plan = self.start(request, times=2, first_date=self.today)
        request.with_user(self.officer).action_plan_delivery(self.today, amount=100, place='bank')
        self.assertFalse(self.run_cron(self.today + timedelta(days=40)))
        self.assertEqual((plan.state, plan.next_date), ('ended', False))

    # --- the cron ------------------------------------------------------------------------

    def test_each_date_is_planned_once_a_week_ahead(self):
        plan = self.start(times=2)
        first = plan.start_date
        self.assertFalse(self.run_cron(first - timedelta(days=8)))
        made = self.run_cron(first - timedelta(days=7))
        self.assertEqual(made.mapped('planned_on'), [first])
        self.assertFalse(self.run_cron(first - timedelta(days=7)), "the cron runs twice")
        self.assertFalse(self.run_cron(first))
        made = self.run_cron(first + relativedelta(months=1))
        self.assertEqual(made.mapped('planned_on'), [first + relativedelta(months=1)])
        self.assertEqual((plan.state, plan.next_date, plan.planned_times), ('ended', False, 2))
        self.assertFalse(self.run_cron(first + relativedelta(years=1)))

    def test_the_last_date_ends_it(self):
        first = self.today + timedelta(days=30)
        plan = self.start(times=None, end_date=first + relativedelta(months=2))
        made = self.run_cron(first + relativedelta(years=1))
        self.assertEqual(len(made), 3, "the server slept: what is owed is made up for, to the end and not beyond")
        self.assertEqual(plan.state, 'ended')

    def test_months_are_counted_from_the_first_day(self):
        first = fields.Date.to_date(f'{self.today.year + 1}-01-31')
        self.start(first_date=first, times=4)
        made = self.run_cron(first + relativedelta(months=6))
        self.assertEqual([day.day for day in made.sorted('planned_on').mapped('planned_on')][0], 31)
        self.assertEqual([day.month for day in made.sorted('planned_on').mapped('planned_on')], [1, 2, 3, 4])
        self.assertEqual(made.sorted('planned_on')[2].planned_on.day, 31, "February shortened nothing after it")

    def test_a_season_is_the_same_hijri_day(self):
        year = hijri_parts(self.today)[0] + 1
        first = parse_date(f'1/9/{year}')[0]
        self.start(first_date=first, times=3, interval='seasonal')
        made = self.run_cron(first + relativedelta(years=4))
        self.assertEqual(
            [hijri_parts(day) for day in made.sorted('planned_on').mapped('planned_on')],
            [(year, 9, 1), (year + 1, 9, 1), (year + 2, 9, 1)])

    def test_killed_in_the_middle(self):
        plans = [self.start(first_date=self.today + timedelta(days=20)) for __ in range(3)]
        day = self.today + timedelta(days=14)
        planning, calls = type(plans[0])._plan_due, []

        def killed(record):
            calls.append(record)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return planning(record)

        with patch('odoo.addons.amlaj_beneficiary.models.committee.help_plan_run.BATCH', 1):
            with patch.object(type(plans[0]), '_plan_due', killed):
                with unittest.TestCase.assertRaises(self, KeyboardInterrupt):  # Odoo's would take back what is committed
                    self.run_cron(day)
            self.assertEqual(len(self.commits), 1, "what is done is kept")
            self.assertEqual(len(self.run_cron(day)), 2, "and it goes on with the rest")
        self.assertEqual([plan.planned_times for plan in plans], [1, 1, 1])

    @mute_logger(*QUIET)
    def test_the_database_keeps_a_date_once(self):
        plan = self.start(first_date=self.today)
        vals = {'request_id': plan.request_id.id, 'plan_id': plan.id, 'plan_date': self.today}
        with self.assertRefused(Exception, "once_a_date"):
            self.env['amlaj.delivery'].create(vals)
        with self.assertRefused(Exception, "one_running"):
            self.env['amlaj.help.plan'].create({
                'request_id': plan.request_id.id, 'interval': 'monthly', 'start_date': self.today})

    def test_as_many_queries_for_many_plans_as_for_few(self):
        day = self.today + timedelta(days=25)

        def cost(number):
            self.on(self.today)
            for __ in range(number):
                self.start(first_date=self.today + timedelta(days=30))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.run_cron(day)), number)
            return self.env.cr.sql_log_count - before

        cost(1)
        few, many = cost(2), cost(12)
        self.assertLessEqual(many, few + 3)

    # --- pauses, papers ------------------------------------------------------------------

    def test_a_suspended_file_waits(self):
        plan = self.start(first_date=self.today + timedelta(days=10), times=3)
        file = plan.sudo().beneficiary_id
        file.action_suspend("Moved")
        self.assertTrue(plan.is_paused)
        self.assertIn(plan, plan.search([('is_paused', '=', True)]))
        self.assertFalse(self.run_cron(self.today + timedelta(days=15)))
        self.assertEqual(plan.next_date, self.today + timedelta(days=10) + relativedelta(months=1))
        file.action_reactivate("Came back")
        self.assertFalse(plan.is_paused)
        self.assertNotIn(plan, plan.search([('is_paused', '=', True)]))
        self.assertEqual(len(self.run_cron(plan.next_date)), 1, "it goes on; the date that passed is not made up for")
        self.assertEqual((plan.state, plan.planned_times), ('running', 1), "and counts as no time")

    def test_papers_are_looked_at_again(self):
        kind = self.env['amlaj.document.type'].create({'name': "Lease (test)", 'proof': 'seen', 'has_expiry': True})
        request = self.granted()
        paper = self.env['amlaj.request.document'].create({
            'request_id': request.id, 'document_type_id': kind.id, 'state': 'matched',
            'received_on': self.today, 'expiry_date': self.today + timedelta(days=20)})
        plan = self.start(request)
        self.assertTrue(plan.has_papers_due)
        made = self.run_cron(plan.start_date)
        self.assertEqual(len(made), 1, "late papers never punish")
        task = request.sudo().activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.relations))
        self.run_cron(plan.start_date)
        self.assertEqual(len(request.sudo().activity_ids), 1)
        paper.expiry_date = self.today + timedelta(days=900)
        self.assertFalse(plan.has_papers_due)

    def test_papers_are_not_looked_at_where_the_setting_says_so(self):
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.recheck_papers', 'never')
        request = self.granted()
        self.env['amlaj.request.document'].create({
            'request_id': request.id, 'state': 'matched', 'expiry_date': self.today + timedelta(days=20),
            'document_type_id': self.env['amlaj.document.type'].create({'name': "Lease (test)", 'proof': 'seen'}).id})
        plan = self.start(request)
        self.run_cron(plan.start_date)
        self.assertFalse(plan.has_papers_due)
        self.assertFalse(request.sudo().activity_ids)

    # --- stopping, failing, closing -------------------------------------------------------

    def test_the_request_stays_in_delivery_while_it_runs(self):
        plan = self.start(first_date=self.today, times=2)
        request, delivery = plan.request_id, plan.sudo().delivery_ids.with_user(self.officer)
        delivery.sudo().beneficiary_id.write({'iban': 'SA0380000000608010167519', 'iban_state': 'confirmed'})
        delivery.sudo().action_deliver(method='transfer')  # as a payment sheet does
        with self.assertRefused(UserError, "Recurring help runs"):
            request.with_user(self.officer).action_close()
        plan.action_stop("He found work")
        request.with_user(self.officer).action_close()
        self.assertEqual(request.state, 'done')

    def test_stopping_takes_what_is_planned_with_it_and_tells_without_telling(self):
        plan = self.start(first_date=self.today)
        delivery = plan.sudo().delivery_ids
        for reason in ('', '  ', None, 5):
            with self.assertRefused(UserError):
                plan.action_stop(reason)
        plan.action_stop("He found work")
        self.assertEqual((plan.state, plan.stop_reason, plan.next_date), ('stopped', "He found work", False))
        self.assertEqual((delivery.state, delivery.is_stopped), ('failed', True))
        message = plan.sudo().request_id.message_out_ids.filtered(lambda m: m.kind == 'update' and m.state == 'ready')
        self.assertEqual(len(message), 1)
        self.assertNotIn("work", message.body)
        self.assertFalse(plan.sudo().request_id._told_deliveries('portal'), "what was stopped did not fail")
        with self.assertRefused(UserError, "does not run"):
            plan.action_stop("Again")
        self.assertFalse(self.run_cron(self.today + timedelta(days=90)))
        self.on(self.today)
        self.assertEqual(self.start(plan.request_id, times=3).state, 'running', "another plan may follow")

    def test_cancelling_the_request_stops_it(self):
        plan = self.start(first_date=self.today)
        plan.request_id.with_user(self.relations).action_cancel("No need")
        self.assertEqual((plan.state, plan.sudo().delivery_ids.state), ('stopped', 'failed'))

    def test_a_failed_time_is_planned_again_once(self):
        plan = self.start(first_date=self.today)
        later = self.today + timedelta(days=3)
        plan.sudo().delivery_ids.with_user(self.officer).action_fail("Nobody was there", later)
        again = plan.sudo().delivery_ids.filtered(lambda row: row.state == 'planned').with_user(self.officer)
        self.assertEqual((again.plan_try, again.plan_date, again.planned_on), (1, self.today, later))
        self.assertEqual(plan.planned_times, 1)
        with self.assertRefused(UserError, "once only"):
            again.action_fail("Again nobody", later)
        again.action_fail("Again nobody")
        for failed in plan.sudo().delivery_ids.with_user(self.officer):
            with self.assertRefused(UserError, "once only"):
                failed.action_plan_again(later)

    def test_a_failed_time_is_planned_again_later(self):
        plan = self.start(first_date=self.today)
        failed = plan.sudo().delivery_ids.with_user(self.officer)
        with self.assertRefused(UserError, "Only a failed"):
            failed.action_plan_again(self.today)
        failed.action_fail("Nobody was there")
        for day in (None, 'soon', self.today - timedelta(days=1)):
            with self.assertRefused(UserError):
                failed.action_plan_again(day)
        failed.action_plan_again(self.today)
        self.assertEqual(plan.sudo().delivery_ids.mapped('plan_try'), [0, 1])
        with self.assertRefused(AccessError):
            failed.with_user(self.relations).action_plan_again(self.today)

    # --- what is told --------------------------------------------------------------------

    def test_the_beneficiary_is_told_the_day_alone(self):
        plan = self.start(what="Food basket")
        request = plan.sudo().request_id
        for door in ('portal', 'follow'):
            told = request._told(door)
            day = dict(told['dates'])["The next help"]
            self.assertIn(str(plan.next_date.year), day)
            self.assertNotIn("Food", str(told))
        request.beneficiary_id.action_suspend("Moved")
        self.assertNotIn("The next help", dict(request._told('portal')['dates']))
        request.beneficiary_id.action_reactivate("Came back")
        plan.action_stop("He found work")
        self.assertNotIn("The next help", dict(request._told('portal')['dates']))


@tagged('post_install', '-at_install', 'amlaj')
class TestHelpPlanAccess(HelpPlanCommon):
    """Who starts, stops and reads recurring help."""

    @mute_logger(*QUIET)
    def test_the_wrong_roles(self):
        request = self.granted()
        portal = self.make_portal_user()
        self.make_mandate(request.sudo().beneficiary_id, portal)
        others = [self.user[role] for role in self.user if role not in ('delivery', 'manager')]
        for user in (*others, portal, self.seat['chair'].user_id, self.env.ref('base.user_admin')):
            with self.assertRefused(AccessError):
                self.start(request, user=user)
        plan = self.start(request)
        for user in (*others, portal, self.seat['chair'].user_id):
            with self.assertRefused(AccessError):
                plan.with_user(user).action_stop("No")
        plan.with_user(self.user['manager']).action_stop("He found work")

    @mute_logger(*QUIET)
    def test_nobody_writes_it(self):
        plan = self.start()
        for user in (self.officer, self.user['manager'], self.relations):
            with self.assertRefused(AccessError):
                plan.with_user(user).write({'amount': 5000})
            with self.assertRefused(AccessError):
                plan.with_user(user).create({
                    'request_id': plan.request_id.id, 'interval': 'monthly', 'start_date': self.today})
            with self.assertRefused(AccessError):
                plan.with_user(user).unlink()
        with self.assertRefused(AccessError):
            self.make_planned(plan).with_user(self.officer).write({'plan_id': False})

    def make_planned(self, plan):
        self.run_cron(plan.start_date)
        return plan.sudo().delivery_ids

    def test_who_reads(self):
        plan = self.start()
        elsewhere = self.start(self.granted(file=self.make_file(branch_id=self.branch2.id)))
        Plan = self.env['amlaj.help.plan']
        for role in ('relations', 'researcher', 'delivery', 'privacy_officer', 'auditor', 'manager'):
            self.assertEqual(Plan.with_user(self.user[role]).search([]), plan | elsewhere, role)
        self.assertEqual(Plan.with_user(self.user['representative']).search([]), plan, "his own sub-offices")
        for user in (self.user['committee'], self.user['finance'], self.user['quality'], self.make_portal_user()):
            with self.assertRefused(AccessError):
                Plan.with_user(user).search([])

    def test_nobody_stops_the_help_of_his_own_file(self):
        plan = self.start()
        self.make_mandate(plan.sudo().beneficiary_id, self.user['manager'])
        with self.assertRefused(AccessError):
            plan.with_user(self.user['manager']).action_stop("Mine")

    def test_the_wizard_ends_in_the_same_methods(self):
        request = self.granted()
        step = self.env['amlaj.help.plan.step'].with_user(self.officer).create({
            'request_id': request.id, 'step': 'start', 'interval': 'monthly', 'first_date': self.today + timedelta(days=9),
            'times': 12, 'amount': 100, 'place': 'bank'})
        self.assertIn('1,200', step.granted_text)
        step.action_confirm()
        plan = request.sudo().help_plan_ids
        self.assertEqual((plan.state, plan.times, plan.end_date), ('running', 12, False))
        with self.assertRefused(UserError):
            self.env['amlaj.help.plan.step'].with_user(self.officer).create({
                'plan_id': plan.id, 'step': 'stop'}).action_confirm()
        self.env['amlaj.help.plan.step'].with_user(self.officer).create({
            'plan_id': plan.id, 'step': 'stop', 'note': "He found work"}).action_confirm()
        self.assertEqual(plan.state, 'stopped')

    def test_the_wizard_plans_a_failed_time_again(self):
        plan = self.start(first_date=self.today)
        delivery = plan.sudo().delivery_ids.with_user(self.officer)
        delivery.action_fail("Nobody was there")
        representative = self.user['representative']
        self.env['amlaj.help.plan.step'].with_user(representative).create({
            'delivery_id': delivery.id, 'step': 'again', 'new_date': self.today}).action_confirm()
        self.assertEqual(len(plan.sudo().delivery_ids), 2)
