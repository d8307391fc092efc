import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from . import payment_common

MANY = 300
PATIENCE = 20  # seconds in which the second connection reaches the lock; it does so at once
MOST_QUERIES_OF_A_LINE = 30


@tagged('post_install', '-at_install', 'amlaj')
class TestPaymentMany(payment_common.PaymentCommon):
    """Three hundred transfers on one sheet: the same few queries for each, all paid by one step (rule 11)."""

    @classmethod
    def make_many(cls, count):
        """As many transfers, without each step of their way."""
        first = cls.planned(files=[cls.make_account_file()])
        requests = cls.env['amlaj.request'].create([
            {'beneficiary_id': cls.make_account_file(f"Salem Ali {rank}", registered=False).id,
             'service_id': cls.cash.id, 'description': "Rent"} for rank in range(count - 1)])
        requests.write({'state': 'delivery', 'decision_id': False})
        deliveries = cls.env['amlaj.delivery'].create([
            {'request_id': request.id, 'amount': 100, 'place': 'bank'} for request in requests])
        return deliveries.with_user(cls.officer) | first

    def queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def pay(self, count):
        """The queries of filling, approving and paying a sheet of ``count`` transfers."""
        deliveries = self.make_many(count)
        sheet = self.env['amlaj.payment.sheet'].with_user(self.officer).create({})
        money = sheet.with_user(self.finance)
        counts = [self.queries(step) for step in (
            sheet.action_fill, money.action_approve, lambda: money.action_pay("TRX-1"))]
        self.assertEqual(set(deliveries.mapped('state')), {'delivered'})
        self.assertEqual((len(sheet.line_ids), sheet.state), (count, 'paid'))
        self.assertEqual(sheet.total, 1200 + 100 * (count - 1))
        self.assertEqual(len(set(deliveries.mapped('receipt_number'))), count)
        return counts

    def test_three_hundred_lines(self):
        few, some, many = self.pay(2), self.pay(12), self.pay(MANY)
        for step, two, twelve, all_of_them in zip(('fill', 'approve', 'pay'), few, some, many, strict=True):
            each = (twelve - two) / 10
            with self.subTest(step=step):
                self.assertLessEqual(each, MOST_QUERIES_OF_A_LINE)
                self.assertLessEqual(all_of_them, two + (each + 1) * MANY, "each line costs what one of twelve does")


@tagged('post_install', '-at_install', 'amlaj')
class TestPaymentConcurrency(TransactionCase):
    """Two people pay the same sheet at the same moment: two real connections, one payment.

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
        branch = env['amlaj.branch'].create({'name': "Payment (test)"})
        service = env['amlaj.service'].create({'name': "Payment (test)", 'kind': 'cash'})
        file = env['amlaj.beneficiary'].create({
            'name': "Payment Test", 'identity_kind': 'none', 'branch_id': branch.id,
            'iban': payment_common.saudi_iban(5)})
        request = env['amlaj.request'].create({'beneficiary_id': file.id, 'service_id': service.id})
        request.state = 'delivery'
        delivery = env['amlaj.delivery'].create({'request_id': request.id, 'amount': 500, 'place': 'bank'})
        sheet = env['amlaj.payment.sheet'].create({})
        sheet.action_add(delivery.ids)
        # who pays recorded the request too: somebody else stands beside him
        sheet.write({'state': 'approved', 'approved_by_id': env.ref('base.user_admin').id})
        return {'branch': branch.id, 'service': service.id, 'file': file.id, 'request': request.id,
                'delivery': delivery.id, 'sheet': sheet.id}

    def _remove(self):
        with self.connection() as env:
            cr, ids = env.cr, self.ids
            cr.execute("DELETE FROM amlaj_payment_sheet WHERE id = %s", [ids['sheet']])
            cr.execute("DELETE FROM amlaj_delivery WHERE request_id = %s", [ids['request']])
            cr.execute("DELETE FROM amlaj_message WHERE beneficiary_id = %s", [ids['file']])
            for model, key in (('amlaj.request', 'request'), ('amlaj.beneficiary', 'file')):
                cr.execute("DELETE FROM mail_message WHERE model = %s AND res_id = %s", [model, ids[key]])
            for table, key in (('amlaj_request', 'request'), ('amlaj_beneficiary', 'file'), ('amlaj_service', 'service'),
                               ('amlaj_branch', 'branch')):
                cr.execute(f'DELETE FROM {table} WHERE id = %s', [ids[key]])
            env.cr.commit()

    def sheet(self, env):
        return env['amlaj.payment.sheet'].browse(self.ids['sheet'])

    def test_the_second_is_told_while_the_first_pays(self):
        with self.connection() as mine:
            self.sheet(mine).action_pay("TRX-1")
            mine.flush_all()
            with self.connection() as theirs, mute_logger('odoo.sql_db'):
                for step in (lambda s: s.action_pay("TRX-2"), lambda s: s.action_cancel("x"),
                             lambda s: s.action_check_again()):
                    with self.assertRaises(UserError) as caught:
                        step(self.sheet(theirs))
                    self.assertIn("Someone else is working", str(caught.exception))

    def test_two_threads_pay_once(self):
        outcome = []
        both = threading.Barrier(2, timeout=PATIENCE)

        def pay(reference):
            with self.connection() as env:
                env.cr.execute("SELECT 1")  # its view of the database is from before either paid
                both.wait()
                try:
                    retrying(lambda: self.sheet(env).action_pay(reference), env)
                    outcome.append(reference)
                except UserError:
                    outcome.append(None)

        threads = [threading.Thread(target=pay, args=(reference,)) for reference in ("TRX-1", "TRX-2")]
        # once for both: two threads that patch the same name leave it patched for the whole process
        with patch('odoo.service.model.time.sleep'), mute_logger('odoo.sql_db'):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
        self.assertEqual(len(outcome), 2)
        paid = [reference for reference in outcome if reference]
        self.assertEqual(len(paid), 1, "one of the two pays")
        with self.connection() as env:
            self.assertEqual(self.sheet(env).bank_reference, paid[0])
            delivery = env['amlaj.delivery'].browse(self.ids['delivery'])
            self.assertEqual((delivery.state, len(delivery.request_id.delivery_ids)), ('delivered', 1))
