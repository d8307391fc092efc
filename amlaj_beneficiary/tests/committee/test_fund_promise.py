import random
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from . import test_fund

PATIENCE = 20  # seconds; both arrive at once


@tagged('post_install', '-at_install', 'amlaj')
class TestFundPromise(test_fund.FundCommon):
    """When a promise is given back, and that taking it again is a promise like any other (R60, R64)."""

    def planned(self, amount):
        request = self.grant(amount)
        request.with_user(self.manager).action_allow_early_reply("Today")
        request.action_reply()
        request.with_user(self.deliverer).action_start_delivery()
        return request, request.with_user(self.deliverer).delivery_ids

    def test_what_failed_and_is_not_planned_again_is_free(self):
        request, delivery = self.planned(4000)
        delivery.action_fail("Nobody there")
        self.assertEqual(self.figures(), (10000, 0, 0, 10000))
        self.grant(4000, count=2)
        with self.assertRefused(r"Available: 2,000\.00"):
            request.with_user(self.deliverer).action_plan_delivery(amount=4000, place='bank')
        self.fund.entry_ids = [Command.create({'amount': 2000, 'reference': "R2"})]
        request.with_user(self.deliverer).action_plan_delivery(amount=4000, place='bank')
        self.assertEqual(self.figures(), (12000, 12000, 0, 0))

    def test_what_is_planned_again_stays_promised(self):
        request, delivery = self.planned(4000)
        delivery.action_fail("Nobody there", fields.Date.today())
        self.assertEqual(self.figures(), (10000, 4000, 0, 6000))

    def test_a_department_promises_too(self):
        department = self.env['hr.department'].create({'name': "Training", 'manager_id': self.env['hr.employee'].create({
            'name': "Head", 'user_id': self.manager.id}).id})
        service = self.make_service("Workshop", kind='service', decided_by='department', department_id=department.id)
        service.fund_id = self.fund
        requests = self.make_request(service=service, raised=False) | self.make_request(service=service, raised=False)
        requests[0].with_user(self.manager).action_decide_by_department('approved', amount=6000)
        self.assertEqual(self.figures(), (10000, 6000, 0, 4000))
        with self.assertRefused(r"Available: 4,000\.00"):
            requests[1].with_user(self.manager).action_decide_by_department('approved', amount=4001)

    def test_the_figures_equal_a_recount_of_what_was_done(self):
        chance = random.Random(11)
        held = {}
        for _ in range(10):
            amount = chance.randrange(50, 900)
            request, delivery = self.planned(amount)
            end = chance.choice(['waits', 'failed', 'again', 'paid', 'part', 'cancelled'])
            held[request] = {'waits': (amount, 0), 'failed': (0, 0), 'again': (amount, 0), 'paid': (0, amount),
                             'part': (amount - amount // 2, amount // 2), 'cancelled': (0, 0)}[end]
            if end == 'failed':
                delivery.action_fail("Nobody there")
            elif end == 'again':
                delivery.action_fail("Nobody there", fields.Date.today())
            elif end in ('paid', 'part'):
                delivery.write({'place': 'office', 'amount': held[request][1]})
                delivery.action_deliver("Salem", 'paper', second_name="Huda")
            elif end == 'cancelled':
                request.action_cancel("No longer needed")
        promised, spent = (sum(values) for values in zip(*held.values(), strict=True))
        self.assertEqual(self.figures(), (10000, promised, spent, 10000 - promised - spent))


@tagged('post_install', '-at_install', 'amlaj')
class TestFundTwoDecisions(TransactionCase):
    """Two decisions at the same moment, in two real connections: a fund never promises more than there is.

    What is made here is committed, since another connection sees nothing else, and removed again.
    """

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            self.ids = self._make(env)
            env.cr.commit()
        self.addCleanup(self._remove)

    @contextmanager
    def connection(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
            cr.rollback()

    def _make(self, env):
        branch = env['amlaj.branch'].create({'name': "Two decisions (test)"})
        fund = env['amlaj.fund'].create({
            'name': "Two decisions (test)", 'entry_ids': [Command.create({'amount': 1000, 'reference': "R"})]})
        service = env['amlaj.service'].create({'name': "Two decisions (test)", 'kind': 'cash', 'fund_id': fund.id})
        files = env['amlaj.beneficiary'].create([
            {'name': f"Two Decisions {rank}", 'identity_kind': 'none', 'branch_id': branch.id} for rank in (1, 2)])
        requests = env['amlaj.request'].create([
            {'beneficiary_id': file.id, 'service_id': service.id} for file in files])
        requests.state = 'research'
        return {'branch': branch.ids, 'fund': fund.ids, 'service': service.ids, 'file': files.ids,
                'request': requests.ids}

    def _remove(self):
        with self.connection() as env:
            cr, ids = env.cr, self.ids
            cr.execute("UPDATE amlaj_request SET decision_id = NULL WHERE id = ANY(%s)", [ids['request']])
            cr.execute("DELETE FROM amlaj_decision WHERE request_id = ANY(%s)", [ids['request']])
            cr.execute("DELETE FROM amlaj_message WHERE beneficiary_id = ANY(%s)", [ids['file']])
            for model, key in (('amlaj.request', 'request'), ('amlaj.beneficiary', 'file')):
                cr.execute("DELETE FROM mail_message WHERE model = %s AND res_id = ANY(%s)", [model, ids[key]])
            cr.execute("DELETE FROM amlaj_fund_entry WHERE fund_id = ANY(%s)", [ids['fund']])
            for table, key in (('amlaj_request', 'request'), ('amlaj_beneficiary', 'file'), ('amlaj_service', 'service'),
                               ('amlaj_fund', 'fund'), ('amlaj_branch', 'branch')):
                cr.execute(f'DELETE FROM {table} WHERE id = ANY(%s)', [ids[key]])
            env.cr.commit()

    def _decide(self, env, request_id):
        item = env['amlaj.decision'].create({'request_id': request_id})
        item._settle(item._prepare_decision('approved', amount=700))

    def test_one_of_two_is_told_what_is_left(self):
        outcome = []
        both = threading.Barrier(2, timeout=PATIENCE)

        def decide(request_id):
            with self.connection() as env:
                env['amlaj.fund'].browse(self.ids['fund']).available  # noqa: B018 each has looked before the other ends
                both.wait()
                try:
                    retrying(lambda: self._decide(env, request_id), env)
                    outcome.append('granted')
                except UserError as error:
                    outcome.append(str(error))

        threads = [threading.Thread(target=decide, args=(request_id,)) for request_id in self.ids['request']]
        # once for both: two threads that patch the same name leave it patched for the whole process
        with patch('odoo.service.model.time.sleep'), mute_logger('odoo.sql_db'):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
        self.assertEqual(len(outcome), 2)
        self.assertEqual(outcome.count('granted'), 1)
        self.assertIn("Available: 300.00 riyals", next(text for text in outcome if text != 'granted'))
        with self.connection() as env:
            self.assertEqual(env['amlaj.fund'].browse(self.ids['fund']).available, 300)
