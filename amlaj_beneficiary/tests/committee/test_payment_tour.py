from odoo.tests import tagged

from . import payment_common


@tagged('post_install', '-at_install', 'amlaj')
class TestPaymentTour(payment_common.PaymentHttpCommon):
    """A payment sheet in a browser, in Arabic, by the people whose steps they are (R64)."""

    def walk(self, step, user):
        user.lang = 'ar_001'
        self.start_tour('/odoo/payment-sheets', f'amlaj_payment_{step}', login=user.login, timeout=180)
        self.env.invalidate_all()

    def test_prepared_approved_paid_stopped_and_returned(self):
        deliveries = self.planned(3)
        self.walk('prepare', self.officer)
        sheet = self.env['amlaj.payment.sheet'].search([])
        self.assertEqual((len(sheet.line_ids), sheet.prepared_by_id), (3, self.officer))
        self.change_iban(deliveries[1].with_context(lang='ar_001'))  # as an Arabic screen sends it
        self.env.flush_all()
        self.walk('approve', self.finance)
        self.assertEqual((sheet.state, sheet.approved_by_id), ('approved', self.finance))
        self.walk('pay', self.finance)
        self.assertEqual((sheet.state, sheet.bank_reference), ('paid', 'TRX-2026'))
        self.assertEqual(deliveries.mapped('state'), ['delivered', 'planned', 'delivered'])
        self.walk('returned', self.finance)
        self.assertEqual(deliveries.mapped('state'), ['failed', 'planned', 'delivered'])
        self.assertEqual(len(deliveries[0].request_id.delivery_ids), 2, "it is planned again")
        again = self.make_sheet()
        self.assertEqual(sorted(again.line_ids.mapped('state')), ['ready', 'stopped'])
        self.env.flush_all()
        self.walk('accept', self.manager)
        self.assertEqual(again.line_ids.mapped('state'), ['ready', 'ready'])
        self.assertTrue(self.env['amlaj.access.log'].search([('event', '=', 'accept'), ('user_ref', '=', self.manager.id)]))
