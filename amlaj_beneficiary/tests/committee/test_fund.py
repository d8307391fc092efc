import random
from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from . import committee_common

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models')


class FundCommon(committee_common.CommitteeCommon):
    """A fund of 10,000 riyals from which the cash service is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fund = cls.make_fund(10000)
        cls.cash.fund_id = cls.fund
        cls.deliverer = cls.user['delivery']

    @classmethod
    def make_fund(cls, amount=0, **vals):
        fund = cls.env['amlaj.fund'].create({'name': "Zakat (test)", 'restriction': 'zakat', **vals})
        if amount:
            fund.entry_ids = [Command.create({'amount': amount, 'reference': "Resolution 7"})]
        return fund

    @contextmanager
    def assertRefused(self, words):
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

    def figures(self, fund=None):
        fund = fund or self.fund
        fund.invalidate_recordset()
        return fund.allotted, fund.promised, fund.spent, fund.available

    def grant(self, amount, count=1, **options):
        """One decision on ``count`` requests, and the requests."""
        requests = self.env['amlaj.request'].with_user(self.relations)
        for _ in range(count):
            requests |= self.make_request(service=self.cash)
        session = self.make_session(requests)
        session.action_decide(requests.ids, 'approved', self.all_for(), amount=amount, **options)
        return requests

    def deliver(self, request, amount=None):
        """Pay a decided request to its end by hand, at the office."""
        request.with_user(self.manager).action_allow_early_reply("Today")
        request.action_reply()
        request.with_user(self.deliverer).action_start_delivery()
        delivery = request.with_user(self.deliverer).delivery_ids
        delivery.write({'place': 'office', **({'amount': amount} if amount else {})})
        delivery.action_deliver("Salem", 'paper', second_name="Huda")
        return delivery


@tagged('post_install', '-at_install', 'amlaj')
class TestFund(FundCommon):
    """What a fund holds, what is promised of it, and that nobody promises more (R60)."""

    def test_the_way_of_an_amount(self):
        self.assertEqual(self.figures(), (10000, 0, 0, 10000))
        request = self.grant(1500)
        self.assertEqual(request.sudo().decision_id.fund_id, self.fund)
        self.assertEqual(self.figures(), (10000, 1500, 0, 8500), "from the decision, before any reply")
        delivery = self.deliver(request, 1000)
        self.assertEqual(delivery.sudo().fund_id, self.fund)
        self.assertEqual(self.figures(), (10000, 500, 1000, 8500), "the rest is promised still")
        request.with_user(self.deliverer).action_close()
        self.assertEqual(self.figures(), (10000, 0, 1000, 9000), "a request that ended keeps no promise")

    def test_a_cancelled_request_gives_it_back(self):
        request = self.grant(1500)
        request.action_cancel("Moved away")
        self.assertEqual(self.figures(), (10000, 0, 0, 10000))

    def test_never_more_than_there_is(self):
        requests = self.make_request(service=self.cash) | self.make_request(service=self.cash)
        session = self.make_session(requests)
        with self.assertRefused(r"does not hold that much: 2,000\.00 riyals are missing. Available: 10,000\.00 riyals"):
            session.action_decide(requests.ids, 'approved', self.all_for(), amount=6000)
        self.assertEqual(self.figures(), (10000, 0, 0, 10000))
        session.action_decide(requests.ids, 'approved', self.all_for(), amount=5000)
        self.assertEqual(self.figures(), (10000, 10000, 0, 0), "all of it may be promised")
        with self.assertRefused("does not hold"):
            self.grant(0.01)

    def test_what_is_no_money_draws_on_nothing(self):
        self.service.fund_id = self.make_fund(0, name="Empty")
        request = self.make_request()
        self.make_session(request).action_decide(request.ids, 'approved', self.all_for(), quantity=2)
        self.assertEqual(request.sudo().decision_id.result, 'approved')
        rejected = self.make_request(service=self.cash)
        self.make_session(rejected).action_decide(rejected.ids, 'rejected', self.all_for(), reason_id=self.refusal.id)
        self.assertEqual(self.figures(), (10000, 0, 0, 10000))

    def test_another_fund(self):
        other = self.make_fund(500, name="Donor", restriction='donor')
        request = self.grant(400, fund_id=other.id)
        self.assertEqual(request.sudo().decision_id.fund_id, other)
        self.assertEqual((self.figures()[1], self.figures(other)[1]), (0, 400))
        other.service_ids = self.service
        with self.assertRefused("is not for the service"):
            self.grant(50, fund_id=other.id)
        other.write({'service_ids': False, 'active': False})
        with self.assertRefused("not known"):
            self.grant(50, fund_id=other.id)
        with self.assertRefused("not known"):
            self.grant(50, fund_id=2 ** 30)

    def test_nothing_beyond_the_decision_is_delivered(self):
        request = self.grant(1500)
        with self.assertRefused("more than what was decided"):
            self.deliver(request, 1501)

    def test_allotments_stay(self):
        entry = self.fund.with_user(self.user['finance']).entry_ids
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            entry.write({'amount': 1})
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            entry.unlink()
        self.grant(9000)
        with self.assertRefused("does not hold"):
            self.fund.with_user(self.user['finance']).entry_ids = [Command.create(
                {'amount': -1001, 'reference': "Back"})]
        self.fund.with_user(self.user['finance']).entry_ids = [Command.create({'amount': -1000, 'reference': "Back"})]
        self.assertEqual(self.figures(), (9000, 9000, 0, 0))

    def test_the_figures_equal_a_recount(self):
        chance = random.Random(7)
        allotted, decided, delivered = 10000, {}, {}
        for _ in range(8):
            amount = chance.randrange(50, 900)
            request = self.grant(amount)
            decided[request] = amount
            end = chance.choice(['open', 'cancelled', 'part', 'all', 'closed'])
            if end == 'cancelled':
                request.action_cancel("No longer needed")
            elif end != 'open':
                paid = amount if end == 'all' else amount // 2
                self.deliver(request, paid)
                delivered[request] = paid
                if end == 'closed':
                    request.with_user(self.deliverer).action_close()
        spent = sum(delivered.values())
        promised = sum(
            amount - delivered.get(request, 0) for request, amount in decided.items()
            if request.state not in ('cancelled', 'done'))
        self.assertEqual(self.figures(), (allotted, promised, spent, allotted - promised - spent))

    def test_many_funds_cost_as_one(self):
        funds = self.fund
        for rank in range(20):
            funds |= self.make_fund(100, name=f"Fund {rank}", code=f'F{rank}')
        self.grant(500)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            self.assertEqual(sum(funds.mapped('available')), 11500)

    def test_the_wizard_shows_what_is_there(self):
        request = self.make_request(service=self.cash)
        session = self.make_session(request)
        wizard = self.env['amlaj.session.decide'].with_user(session.env.user).with_context(
            default_session_id=session.id, default_others_vote='for', amlaj_with_balance=True).create({})
        self.assertTrue(wizard.has_funds)
        self.assertEqual(wizard.fund_id.display_name, "Zakat (test) (available: 10,000.00)")
        wizard.action_confirm()
        self.assertEqual(self.figures(), (10000, 1200, 0, 8800))

    def test_who(self):
        for role in ('committee', 'finance', 'auditor', 'manager'):
            self.assertEqual(self.fund.with_user(self.user[role]).available, 10000)
        for role in ('relations', 'researcher', 'delivery', 'representative', 'quality', 'privacy_officer'):
            with self.subTest(role=role), self.assertRaises(AccessError), mute_logger(*QUIET):
                self.fund.with_user(self.user[role]).read(['name'])
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.fund.with_user(self.user['committee']).entry_ids.read(['amount'])
        for role in ('committee', 'auditor'):
            with self.subTest(role=role), self.assertRaises(AccessError), mute_logger(*QUIET):
                self.env['amlaj.fund.entry'].with_user(self.user[role]).create({
                    'fund_id': self.fund.id, 'amount': 5, 'reference': "x"})
        request = self.grant(500)
        decision = request.sudo().decision_id.with_user(self.manager)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            decision.write({'fund_id': False})
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.fund.with_user(self.user['finance']).write({'held_at': '2026-01-01 00:00:00'})


@tagged('post_install', '-at_install', 'amlaj')
class TestFundConcurrency(TransactionCase):
    """Two decisions on one fund at the same moment, in two real connections."""

    @contextmanager
    def connection(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()

    def test_the_later_one_counts_anew(self):
        with self.connection() as env:
            fund_id = env['amlaj.fund'].create({'name': "Concurrency (test)"}).id
            env.cr.commit()
        self.addCleanup(self._remove, fund_id)
        with self.connection() as first, self.connection() as second:
            self.assertEqual(second['amlaj.fund'].browse(fund_id).available, 0)  # it has looked before the other ended
            first['amlaj.fund'].browse(fund_id)._hold()
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger('odoo.sql_db'):
                second['amlaj.fund'].browse(fund_id)._hold()  # Odoo plays such a request again

    def _remove(self, fund_id):
        with self.connection() as env:
            env.cr.execute("DELETE FROM amlaj_fund WHERE id = %s", [fund_id])
            env.cr.commit()
