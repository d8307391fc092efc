import io
import zipfile
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common, test_fund

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models', 'odoo.http')


def iban(rank):
    """A Saudi IBAN that passes its check."""
    account = f'80{rank:018d}'
    return f'SA{98 - int(account + "281000") % 97:02d}{account}'


class PaymentBuilders(committee_common.CommitteeBuilders):
    """Cash requests in delivery, planned to bank accounts, and sheets of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deliverer, cls.finance = cls.user['delivery'], cls.user['finance']
        cls.fund = cls.env['amlaj.fund'].create({'name': "Cash (test)", 'entry_ids': [
            Command.create({'amount': 1000000, 'reference': "Resolution 7"})]})
        cls.cash.fund_id = cls.fund
        cls.second = cls.make_user('amlaj_second', 'relations')
        cls.ranks = iter(range(1, 10000))

    @classmethod
    def planned(cls, count=1, amount=1200):
        """Deliveries planned to bank accounts, of one session's decision, seen as the delivery officer."""
        requests = cls.env['amlaj.request'].with_user(cls.relations)
        for _ in range(count):
            file = cls.make_file(f"Salem Alharbi {next(cls.ranks)}")
            file.with_user(cls.relations).iban = iban(next(cls.ranks))
            requests |= cls.make_request(file, cls.cash)
        cls.make_session(requests).action_decide(requests.ids, 'approved', cls.all_for(), amount=amount)
        requests.with_user(cls.manager).action_allow_early_reply("The rent is due")
        for request in requests:
            request.action_reply()
        requests.with_user(cls.deliverer).action_start_delivery()
        return requests.with_user(cls.deliverer).delivery_ids

    @classmethod
    def make_sheet(cls, deliveries=None, state='draft', user=None):
        sheet = cls.env['amlaj.payment.sheet'].with_user(user or cls.deliverer).create({})
        sheet.action_gather(deliveries.ids if deliveries is not None else None)
        if state != 'draft':
            sheet.with_user(cls.finance).action_approve()
        if state == 'paid':
            sheet.with_user(cls.finance).action_pay("BANK-1")
        return sheet

    def states(self, records):
        self.env.invalidate_all()
        return records.sudo().mapped('state')


@tagged('post_install', '-at_install', 'amlaj')
class TestPayment(PaymentBuilders, test_fund.FundCommon):
    """Money that is paid once, to the account that was known, by who has not prepared it (R64, R68)."""

    def test_from_the_plan_to_the_bank(self):
        deliveries = self.planned(3)
        sheet = self.make_sheet()
        self.assertEqual(sheet.line_ids.delivery_id, deliveries)
        self.assertEqual((sheet.total, sheet.ready_count), (3600, 3))
        line = sheet.line_ids[0]
        self.assertEqual((line.request_number, line.holder, line.iban, line.amount), (
            deliveries[0].request_id.name, deliveries[0].beneficiary_id.name, deliveries[0].beneficiary_id.iban, 1200))
        self.assertRegex(line.iban_shown, r'^SA\d\d( \d{4}){5}$')
        paid = sheet.with_user(self.finance)
        paid.action_approve()
        self.assertEqual(self.figures(), (1000000, 3600, 0, 996400))
        paid.action_pay(" FT-٢٠٢٦ ")
        self.assertEqual((sheet.state, sheet.paid_by_id, sheet.total), ('paid', self.finance, 3600))
        self.assertEqual(self.states(deliveries), ['delivered'] * 3)
        self.assertEqual(deliveries.mapped('method'), ['transfer'] * 3)
        self.assertEqual(self.states(deliveries.request_id), ['done'] * 3)
        self.assertEqual(self.figures(), (1000000, 0, 3600, 996400))

    def test_paid_once(self):
        deliveries = self.planned(2)
        sheet = self.make_sheet(state='paid')
        receipts = deliveries.mapped('receipt_number')
        with self.assertRefused("only once"):
            sheet.with_user(self.finance).action_pay("BANK-2")
        self.assertEqual(deliveries.mapped('receipt_number'), receipts)
        self.assertEqual(sheet.bank_reference, "BANK-1")
        with self.assertRefused("Nothing on this sheet"):
            self.make_sheet(state='approved')

    def test_on_one_open_sheet(self):
        self.planned()
        self.make_sheet()
        self.assertFalse(self.make_sheet().line_ids)
        line = self.env['amlaj.payment.line'].search([], limit=1)
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'):
            line.copy({'sheet_id': line.sheet_id.id, 'delivery_id': line.delivery_id.id, 'request_number': 'x', 'amount': 1})

    def test_another_iban_after_the_decision_stops(self):
        first, second = self.planned(2)
        file = first.beneficiary_id
        file.with_user(self.relations).iban = iban(5001)
        file.with_user(self.second).action_confirm_iban()
        sheet = self.make_sheet()
        self.assertEqual(self.states(sheet.line_ids), ['stopped', 'ready'])
        stopped = sheet.line_ids[0]
        self.assertIn("another one than when the help was decided", stopped.reason)
        self.assertEqual(sheet.total, 1200)
        for user in (self.deliverer, self.finance):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                stopped.with_user(user).action_accept_iban("Seen")
        with self.assertRefused("how the account was checked"):
            stopped.with_user(self.manager).action_accept_iban("")
        stopped.with_user(self.manager).action_accept_iban("Certificate of the bank")
        self.assertEqual((stopped.state, stopped.iban), ('ready', iban(5001)))
        self.assertTrue(self.env['amlaj.access.log'].sudo().search_count([('detail', '=', 'iban_accepted')]))
        sheet.with_user(self.finance).action_approve()
        sheet.with_user(self.finance).action_pay("BANK-1")
        self.assertEqual(self.states(first | second), ['delivered', 'delivered'])

    def test_who_changed_the_iban_does_not_accept_it(self):
        delivery = self.planned()
        delivery.beneficiary_id.with_user(self.relations).iban = iban(5002)
        delivery.beneficiary_id.with_user(self.manager).action_confirm_iban()
        sheet = self.make_sheet()
        with self.assertRefused("another manager"):
            sheet.line_ids.with_user(self.manager).action_accept_iban("Seen")

    def test_another_iban_after_the_approval_stops(self):
        first, second = self.planned(2)
        sheet = self.make_sheet(state='approved')
        first.beneficiary_id.with_user(self.relations).iban = iban(5003)
        first.beneficiary_id.with_user(self.second).action_confirm_iban()
        sheet.with_user(self.finance).action_pay("BANK-1")
        self.assertEqual(self.states(first | second), ['planned', 'delivered'])
        self.assertEqual(self.states(sheet.line_ids), ['dropped', 'paid'])
        self.assertEqual(sheet.total, 1200)
        self.assertEqual(self.states(self.make_sheet().line_ids), ['stopped'], "it comes on the next one, and stops there")

    def test_what_stops_a_line(self):
        deliveries = self.planned(4)
        unconfirmed, broken, suspended, smaller = deliveries
        unconfirmed.beneficiary_id.with_user(self.relations).iban = iban(5004)
        self.env.flush_all()
        bad = 'SA0380000000608010167510'
        self.env.cr.execute("UPDATE amlaj_beneficiary SET iban = %s WHERE id = %s", [bad, broken.beneficiary_id.id])
        self.env.cr.execute("UPDATE amlaj_request SET iban_at_decision = %s WHERE id = %s", [bad, broken.request_id.id])
        self.env.invalidate_all()
        suspended.beneficiary_id.with_user(self.manager).action_suspend("Moved")
        sheet = self.make_sheet()
        reasons = sheet.line_ids.mapped('reason')
        for words, reason in zip(("not confirmed", "fails its check", "suspended"), reasons, strict=False):
            self.assertIn(words, reason)
        self.assertEqual(self.states(sheet.line_ids), ['stopped'] * 3 + ['ready'])
        smaller.write({'amount': 1000})
        sheet.with_user(self.finance).action_approve()
        self.assertEqual(sheet.total, 1000, "a sheet in preparation takes it over")
        with self.assertRaises(ValidationError):
            smaller.write({'amount': 1100})

    def test_returned_by_the_bank(self):
        delivery = self.planned()
        sheet = self.make_sheet(state='paid')
        line = sheet.line_ids.with_user(self.finance)
        with self.assertRefused("what the bank says"):
            line.action_return(" ")
        line.action_return("Account closed")
        request = delivery.request_id
        self.assertEqual((delivery.state, request.state), ('failed', 'delivery'))
        again = request.delivery_ids - delivery
        self.assertEqual((again.state, again.place, again.amount, again.planned_on), ('planned', 'bank', 1200, False))
        self.assertEqual(self.figures(), (1000000, 1200, 0, 998800), "promised again, spent no more")
        self.assertTrue(request.sudo().activity_ids)
        with self.assertRefused("Only what was paid"):
            line.action_return("Again")
        self.assertEqual(self.make_sheet().line_ids.delivery_id, again)

    def test_two_persons(self):
        self.planned()
        both = self.make_user('amlaj_both', 'delivery')
        both.group_ids += self.env.ref('amlaj_beneficiary.group_finance')
        sheet = self.make_sheet(user=both)
        with self.assertRefused("You prepared this sheet"):
            sheet.action_approve()
        sheet.with_user(self.finance).action_approve()

    def test_of_his_own_file(self):
        delivery = self.planned()
        sheet = self.make_sheet()
        self.make_mandate(delivery.beneficiary_id, self.finance, capacity='delegate')
        with self.assertRefused("file of your own"):
            sheet.with_user(self.finance).action_approve()

    def test_bad_input(self):
        sheet = self.make_sheet()
        with self.assertRefused("Nothing on this sheet"):
            sheet.with_user(self.finance).action_approve()
        self.planned()
        sheet.action_gather()
        with self.assertRefused("Only an approved sheet"):
            sheet.with_user(self.finance).action_pay("BANK-1")
        sheet.with_user(self.finance).action_approve()
        for reference in ("", "  ", None, 7, ['x']):
            with self.subTest(reference=reference), self.assertRefused("bank's reference"):
                sheet.with_user(self.finance).action_pay(reference)
        with self.assertRefused("in preparation"):
            sheet.action_gather()
        with self.assertRefused("Please give the reason"):
            sheet.action_cancel("")
        sheet.action_cancel("The bank is closed")
        self.assertEqual(self.states(sheet.line_ids), ['dropped'])
        self.assertEqual(len(self.make_sheet().line_ids), 1)
        later = self.env['amlaj.payment.sheet'].with_user(self.deliverer).create({})
        self.env['amlaj.delivery'].search([]).planned_on = self.env['amlaj.request']._today() + timedelta(days=3)
        self.assertEqual(later.action_gather(), 0, "what is planned for later waits")

    def test_who(self):
        delivery = self.planned()
        sheet = self.make_sheet()
        for role in ('relations', 'researcher', 'committee', 'representative', 'quality', 'privacy_officer'):
            with self.subTest(role=role), self.assertRaises(AccessError), mute_logger(*QUIET):
                sheet.with_user(self.user[role]).read(['total'])
        for role in ('delivery', 'manager', 'auditor'):
            with self.subTest(role=role), self.assertRaises(AccessError), mute_logger(*QUIET):
                sheet.with_user(self.user[role]).action_approve()
        finance = sheet.with_user(self.finance)
        self.assertEqual(finance.line_ids.read(['holder', 'iban', 'amount'])[0]['amount'], 1200)
        for model in ('amlaj.request', 'amlaj.delivery', 'amlaj.beneficiary', 'amlaj.decision'):
            with self.subTest(model=model), self.assertRaises(AccessError), mute_logger(*QUIET):
                self.env[model].with_user(self.finance).search_read([], ['id'])
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            finance.line_ids.read(['delivery_id'])
        for values in ({'state': 'paid'}, {'name': 'X'}, {'line_ids': [Command.clear()]}, {'prepared_by_id': 1}):
            with self.subTest(values=values), self.assertRaises(AccessError), mute_logger(*QUIET):
                sheet.write(values)
            with self.subTest(values=values), self.assertRaises(AccessError), mute_logger(*QUIET):
                sheet.create(values)
        for values in ({'iban': iban(1)}, {'amount': 1}, {'state': 'ready'}):
            with self.subTest(values=values), self.assertRaises(AccessError), mute_logger(*QUIET):
                sheet.line_ids.write(values)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.env['amlaj.payment.line'].with_user(self.deliverer).create({
                'sheet_id': sheet.id, 'delivery_id': delivery.id, 'amount': 5, 'request_number': 'x'})
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            delivery.request_id.with_user(self.manager).read(['iban_at_decision'])

    def test_many_cost_the_same_each(self):
        def queries(count):
            self.planned(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            sheet = self.make_sheet()
            sheet.with_user(self.finance).action_approve()
            middle = self.cr.sql_log_count
            sheet.with_user(self.finance).action_pay("BANK-1")
            self.env.flush_all()
            return middle - before, self.cr.sql_log_count - middle
        queries(2)
        few, many = queries(2), queries(12)
        self.assertLessEqual(many[0] - few[0], 40, "made and approved: at most four more for each payment")
        self.assertLessEqual((many[1] - few[1]) / 10, 45, "paid: a bounded number for each payment")

    def test_the_paper(self):
        self.planned(2)
        sheet = self.make_sheet(state='paid')
        report = self.env['ir.actions.report'].with_user(self.finance)
        html = report._render_qweb_html('amlaj_beneficiary.paper_payment_sheet', sheet.ids)[0].decode()
        for line in sheet.line_ids:
            self.assertIn(line.iban_shown, html)
            self.assertIn(line.holder, html)
        self.assertIn("two thousand, four hundred", html.lower())
        self.assertNotIn(self.cash.name, html)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.env['ir.actions.report'].with_user(self.relations)._render_qweb_html(
                'amlaj_beneficiary.paper_payment_sheet', sheet.ids)


@tagged('post_install', '-at_install', 'amlaj')
class TestPaymentExcel(PaymentBuilders, committee_common.CommitteeHttpCommon):
    """The sheet as Excel, over HTTP."""

    def test_excel(self):
        delivery = self.planned()
        delivery.beneficiary_id.with_user(self.relations).name = '=HYPERLINK("http://x") Salem'
        sheet = self.make_sheet(state='approved')
        path = f'/amlaj/payment-sheet/{sheet.id}'
        self.env.flush_all()
        self.authenticate('amlaj_finance', 'amlaj_finance')
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            texts = book.read('xl/sharedStrings.xml').decode()
            page = book.read('xl/worksheets/sheet1.xml').decode()
        self.assertIn(sheet.line_ids.iban_shown, texts)
        self.assertIn("'=HYPERLINK", texts)
        self.assertNotIn('<f>', page)
        self.assertIn('<v>1200</v>', page)
        self.assertTrue(self.env['amlaj.access.log'].sudo().search_count([
            ('event', '=', 'export'), ('model', '=', 'amlaj.payment.sheet')]))
        self.assertEqual(self.url_open('/amlaj/payment-sheet/999999999').status_code, 404)
        for role in ('relations', 'auditor', 'committee'):
            self.authenticate(f'amlaj_{role}', f'amlaj_{role}')
            with self.subTest(role=role), mute_logger(*QUIET):
                self.assertEqual(self.url_open(path).status_code, 403)
        self.authenticate(None, None)
        self.assertIn('/web/login', self.url_open(path).url)
