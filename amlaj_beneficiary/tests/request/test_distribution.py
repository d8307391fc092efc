import io
import re
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import distribution_common, request_common


class DistributionCommon(distribution_common.DistributionBuilders, request_common.RequestCommon):
    """Base of the tests of distribution days."""


@tagged('post_install', '-at_install', 'amlaj')
class TestDistribution(DistributionCommon):
    """A day from its planning to its closing: what comes on the list, who organises it, what is left (R64)."""

    def gather(self, day, **filters):
        count = day.action_gather(**filters)
        self.env.invalidate_all()
        return count

    # ------------------------------------------------------------
    # The list
    # ------------------------------------------------------------

    def test_number(self):
        first, second = self.make_day(state='planned'), self.make_day(state='planned')
        self.assertRegex(first.name, r'^26-\d{4}$')
        self.assertNotEqual(first.name, second.name)

    def test_gathers_what_is_planned_and_free(self):
        cash = self.make_service("Cash (test)", self.lease, kind='cash')
        wanted = self.make_deliveries(2)
        elsewhere = self.make_delivery(file=self.make_file(branch_id=self.branch2.id)).sudo()
        bank = self.make_delivery(service=cash, file=self.make_file()).sudo()
        done = self.make_delivery(file=self.make_file())
        done.action_deliver("Salem")
        taken = self.make_deliveries(1)
        self.make_day(taken)
        closed = self.make_delivery(file=self.make_file()).sudo()
        closed.request_id.state = 'done'
        day = self.make_day(state='planned')
        self.assertEqual(self.gather(day), 2)
        self.assertEqual(day.sudo().delivery_ids, wanted)
        self.assertEqual(self.gather(day), 0, "a second time there is nothing more")
        self.assertFalse((elsewhere | bank | done.sudo() | closed) & day.sudo().delivery_ids)
        self.assertNotEqual(taken.distribution_id, day.sudo())

    def test_filters(self):
        village = self.env['amlaj.locality'].create({'name': "Another village"})
        baskets = self.make_service("Baskets (test)", self.lease)
        by_service = self.make_delivery(service=baskets, file=self.make_file()).sudo()
        by_place = self.make_delivery(file=self.make_file(locality_id=village.id)).sudo()
        by_day = self.make_delivery(file=self.make_file()).sudo()
        by_day.planned_on = '2026-04-03'
        for filters, found in (
                ({'service_id': baskets.id}, by_service), ({'locality_id': village.id}, by_place),
                ({'planned_from': '2026-04-02', 'planned_to': date(2026, 4, 3)}, by_day)):
            with self.subTest(filters=filters):
                day = self.make_day(state='planned')
                self.assertEqual(self.gather(day, **filters), 1)
                self.assertEqual(day.sudo().delivery_ids, found)
        with self.assertRefused(UserError, "check the day"):
            self.make_day(state='planned').action_gather(planned_from="no day")

    def test_a_later_months_help_stays_where_it_is(self):
        deliveries = self.make_deliveries(3)
        for delivery, planned_on in zip(deliveries, ('2026-03-20', '2026-04-01', '2026-05-01'), strict=True):
            delivery.planned_on = planned_on
        day = self.make_day(state='planned')
        self.assertEqual(self.gather(day), 2)
        self.assertEqual(day.sudo().delivery_ids, deliveries[:2])
        self.assertEqual(self.gather(day, planned_to='2026-05-01'), 1)

    def test_on_a_list_nothing_goes_to_the_bank(self):
        delivery = self.make_deliveries(1)
        day = self.make_day(delivery)
        with self.assertRefused(UserError, "take it off first"):
            delivery.with_user(self.officer).place = 'bank'
        delivery.with_user(self.officer).place = 'home'
        day.action_take_off(delivery.ids)
        delivery.with_user(self.officer).place = 'bank'
        self.assertEqual(self.gather(day), 0)

    def test_a_day_of_all_offices_is_for_officers(self):
        self.make_deliveries(1)
        self.make_delivery(file=self.make_file(branch_id=self.branch2.id))
        day = self.make_day(state='planned', branch_id=False)
        self.assertEqual(self.gather(day), 2)
        self.assertFalse(self.env['amlaj.distribution'].with_user(self.user['representative']).search([('id', '=', day.id)]))

    def test_what_another_works_on_is_left(self):
        deliveries = self.make_deliveries(2)
        day = self.make_day(state='planned')
        deliveries_class = type(self.env['amlaj.delivery'])
        with patch.object(deliveries_class, 'try_lock_for_update', lambda self, **kwargs: self[:1]):
            self.assertEqual(self.gather(day), 1)
        self.assertEqual(len(deliveries.filtered('distribution_id')), 1)

    def test_take_off(self):
        deliveries = self.make_deliveries(3)
        day = self.make_day(deliveries)
        deliveries[0].with_user(self.officer).action_deliver("Salem")
        other = self.make_deliveries(1)
        other_day = self.make_day(other)
        day.action_take_off([deliveries[0].id, deliveries[1].id, other.id, "x", True, [1], None])
        day.action_take_off("nonsense")
        self.assertEqual(day.sudo().delivery_ids, deliveries[0] | deliveries[2], "what was delivered stays on its list")
        self.assertEqual(other.distribution_id, other_day.sudo())
        deliveries[2].with_user(self.officer).action_take_off()
        self.assertFalse(deliveries[2].distribution_id)

    # ------------------------------------------------------------
    # Open and close
    # ------------------------------------------------------------

    def test_open_needs_a_list_and_a_team(self):
        day = self.make_day(state='planned', team_ids=[])
        with self.assertRefused(UserError, "list is empty.*\n.*name the team"):
            day.action_open()
        self.make_deliveries(1).distribution_id = day
        day.team_ids = self.helper
        day.action_open()
        self.assertRecordValues(day, [{'state': 'open', 'opened_by_id': self.officer.id}])
        with self.assertRefused(UserError, "not possible any more"):
            day.action_open()

    def test_close_frees_what_is_left(self):
        deliveries = self.make_deliveries(4)
        day = self.make_day(deliveries)
        deliveries[0].with_user(self.officer).action_deliver("Salem")
        deliveries[1].with_user(self.officer).action_fail("Away")
        self.env.invalidate_all()
        self.assertRecordValues(day, [{'total_count': 4, 'delivered_count': 1, 'left_count': 2}])
        day.action_close()
        self.env.invalidate_all()
        self.assertRecordValues(day, [{
            'state': 'closed', 'left_at_close': 2, 'total_count': 4, 'delivered_count': 1, 'left_count': 2,
            'closed_by_id': self.officer.id}])
        self.assertEqual(deliveries.mapped('state'), ['delivered', 'failed', 'planned', 'planned'])
        self.assertFalse(deliveries[2:].distribution_id)
        again = self.make_day(state='planned')
        self.assertEqual(self.gather(again), 2)
        self.env.invalidate_all()
        self.assertEqual(day.left_count, 2, "what was counted stays, wherever it goes")
        for vals in ({'place': "Elsewhere"}, {'team_ids': [Command.clear()]}):
            with self.assertRefused(UserError, "day is closed"):
                day.write(vals)
        for step in (day.action_gather, day.action_open, day.action_close):
            with self.assertRefused(UserError, "not possible"):
                step()

    def test_date_and_office_are_fixed_with_the_list(self):
        day = self.make_day(state='planned')
        day.date = '2026-04-02'
        self.make_deliveries(1).distribution_id = day
        for vals in ({'date': '2026-04-03'}, {'branch_id': self.branch2.id}):
            with self.assertRefused(UserError, "fixed once"):
                day.write(vals)
        day.place = "The hall"

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_team(self):
        for user in (self.user['relations'], self.user['auditor'], self.make_portal_user(),
                     self.make_user('amlaj_other_rep', 'representative')):
            with self.subTest(user=user.login), self.assertRefused(ValidationError, "can be on this team only"):
                self.make_day(state='planned', team_ids=[Command.set(user.ids)])
        self.make_day(state='planned', team_ids=[Command.set(self.user['representative'].ids)])

    def test_who_organises(self):
        deliveries = self.make_deliveries(1)
        for role in request_common.ROLES:
            user = self.user[role]
            day = self.make_day(state='planned').with_user(user)
            with self.subTest(role=role), mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                if role in ('delivery', 'representative', 'manager'):
                    self.assertEqual(day.action_gather(), 1)
                    day.action_take_off(deliveries.ids)
                    continue
                for step in (day.action_gather, day.action_open, day.action_close, lambda day=day: day.action_take_off([1]),
                             lambda day=day: day.write({'place': "X"}),
                             lambda user=user: self.env['amlaj.distribution'].with_user(user).create({'place': "X"})):
                    with self.assertRaises(AccessError):
                        step()

    def test_a_representative_has_his_own_office_alone(self):
        representative = self.user['representative']
        Days = self.env['amlaj.distribution'].with_user(representative)
        own = self.make_day(state='planned', user=representative)
        self.assertEqual(Days.create({'place': "Here"}).branch_id, self.branch, "his own office stands there already")
        foreign = self.make_day(state='planned', branch_id=self.branch2.id)
        self.assertEqual(Days.search([('id', 'in', (own | foreign).ids)]), own)
        with mute_logger('odoo.addons.base.models.ir_rule'):
            for action in (lambda: foreign.with_user(representative).action_gather(),
                           lambda: foreign.with_user(representative).read(['name']),
                           lambda: Days.create({'branch_id': self.branch2.id}),
                           lambda: Days.create({'branch_id': False}),
                           lambda: own.write({'branch_id': self.branch2.id})):
                with self.assertRaises(AccessError):
                    action()

    def test_others_see_nothing(self):
        day = self.make_day(self.make_deliveries(1))
        portal = self.make_portal_user()
        self.make_mandate(day.sudo().delivery_ids.beneficiary_id, portal)
        with mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'):
            for user in (portal, self.env.ref('base.public_user'), self.make_user('amlaj_outsider'), self.relations):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self.env['amlaj.distribution'].with_user(user).search([])
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self.env['amlaj.distribution.entry'].with_user(user).search([])
            with self.assertRaises(AccessError):
                day.sudo().delivery_ids.with_user(portal).read(['distribution_id'])

    def test_guarded_doors(self):
        deliveries = self.make_deliveries(2)
        day, free = self.make_day(deliveries[0], state='planned'), deliveries[1]
        for vals in ({'state': 'open'}, {'name': "1"}, {'left_at_close': 1}, {'opened_at': '2026-01-01'},
                     {'delivery_ids': [Command.set(free.ids)]}, {'delivery_ids': [Command.link(free.id)]},
                     {'entry_ids': [Command.create({'submission_key': "x"})]}):
            with self.subTest(vals=vals), self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                day.write(vals)
        for record, vals in ((free, {'distribution_id': day.id}), (deliveries[0], {'last_distribution_id': day.id})):
            with self.assertRaises(AccessError):
                record.with_user(self.officer).write(vals)
        with self.assertRaises(AccessError):
            day.with_context(default_state='open').create({'state': 'open', 'branch_id': self.branch.id})
        with self.assertRaises(AccessError):
            day.with_context(default_state='open').create({'branch_id': self.branch.id})
        copied = day.copy()
        self.assertRecordValues(copied, [{'state': 'planned', 'total_count': 0}])
        self.assertNotEqual(copied.name, day.name)

    # ------------------------------------------------------------
    # The sheet
    # ------------------------------------------------------------

    def test_sheet(self):
        service = self.make_service("Winter blankets (test)", self.lease)
        deliveries = self.make_deliveries(2, service=service)
        deliveries.what = "Blankets"
        day = self.make_day(deliveries)
        report = self.env['ir.actions.report'].with_user(self.officer)
        html = report._render_qweb_html('amlaj_beneficiary.paper_distribution', day.ids)[0].decode()
        text = re.sub(r'<style>.*?</style>', '', html, flags=re.S)
        for delivery in deliveries:
            self.assertIn(delivery.request_id.name, text)
            self.assertIn(delivery.beneficiary_id.first_name or delivery.beneficiary_id.name.split()[0], text)
            for secret in (delivery.beneficiary_id.name, delivery.beneficiary_id.identity_number, "Blankets", "blankets",
                           delivery.beneficiary_id.phone, delivery.beneficiary_id.file_number):
                self.assertNotIn(secret, text)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            report.with_user(self.user['auditor'])._render_qweb_html('amlaj_beneficiary.paper_distribution', day.ids)

    def test_sheet_of_three_hundred(self):
        first = self.make_deliveries(1)
        day = self.make_day(first)
        self.env['amlaj.delivery'].create([
            {'request_id': first.request_id.id, 'distribution_id': day.id} for __ in range(299)])
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env['ir.actions.report'].with_user(self.officer).with_context(force_report_rendering=True)
        pdf = report._render_qweb_pdf('amlaj_beneficiary.paper_distribution', day.ids)[0]
        pages = PdfReader(io.BytesIO(pdf)).pages
        self.assertGreater(len(pages), 12)
        for rank, page in enumerate(pages, 1):
            text = re.sub(r'\s', '', page.extract_text())
            self.assertIn(f'Page{rank}of{len(pages)}', text)
            if 'Name0' in text:
                self.assertEqual(text.count("Firstname"), 1, "the head is repeated on each page")

    def test_wizard(self):
        self.make_deliveries(2)
        day = self.make_day(state='planned')
        wizard = self.env['amlaj.distribution.gather'].with_user(self.officer).create({'distribution_id': day.id})
        self.assertIn("2", wizard.action_confirm()['params']['message'])
        self.assertIn("No planned delivery", wizard.action_confirm()['params']['message'])
        foreign = self.make_day(state='planned', branch_id=self.branch2.id)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.env['amlaj.distribution.gather'].with_user(self.user['representative']).create({
                'distribution_id': foreign.id}).action_confirm()

    def test_the_number_of_queries_of_a_list_of_days_is_constant(self):
        def queries(days):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            days.with_user(self.officer).web_read({name: {} for name in (
                'name', 'place_text', 'total_count', 'delivered_count', 'left_count', 'conflict_count', 'allowed_actions')})
            return self.env.cr.sql_log_count - before

        with freeze_time(distribution_common.MORNING):
            days = self.env['amlaj.distribution'].union(*(self.make_day(self.make_deliveries(1)) for __ in range(6)))
            queries(days)
            self.assertLessEqual(queries(days), queries(days[:2]))
