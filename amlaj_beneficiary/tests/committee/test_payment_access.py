import io
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import payment_common

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models', 'odoo.http')


@tagged('post_install', '-at_install', 'amlaj')
class TestPaymentAccess(payment_common.PaymentCommon):
    """Who may do what with a payment sheet, tried as every other role and by every door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deliveries = cls.planned(2)
        cls.sheet = cls.make_sheet()
        cls.line = cls.sheet.line_ids[0]
        cls.outsiders = [cls.user[role] for role in (
            'representative', 'relations', 'researcher', 'committee', 'volunteer_coordinator', 'privacy_officer',
            'quality')] + [cls.make_portal_user(), cls.make_user('outside'), cls.env.ref('base.public_user')]

    def assertDenied(self, function, *args):
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            function(*args)

    def test_others_see_nothing(self):
        for user in self.outsiders:
            with self.subTest(user=user.login):
                self.assertDenied(self.sheet.with_user(user).read, ['name'])
                self.assertDenied(self.line.with_user(user).read, ['iban'])
                self.assertDenied(self.sheet.with_user(user).search, [])
                self.assertDenied(self.line.with_user(user).search, [])

    def test_each_step_is_its_roles_own(self):
        new = self.env['amlaj.payment.sheet']
        steps = {
            'create': (lambda user: new.with_user(user).create({}), ('delivery', 'manager')),
            'fill': (lambda user: self.sheet.with_user(user).action_fill(), ('delivery', 'manager')),
            'add': (lambda user: self.sheet.with_user(user).action_add([1]), ('delivery', 'manager')),
            'remove': (lambda user: self.line.with_user(user).action_remove(), ('delivery', 'manager')),
            'approve': (lambda user: self.sheet.with_user(user).action_approve(), ('finance',)),
            'pay': (lambda user: self.sheet.with_user(user).action_pay("1"), ('finance',)),
            'return': (lambda user: self.line.with_user(user).action_return("1"), ('finance',)),
            'accept': (lambda user: self.line.with_user(user).action_accept_iban("1"), ('manager',)),
            'cancel': (lambda user: self.sheet.with_user(user).action_cancel("1"), ('delivery', 'manager', 'finance')),
            'check': (lambda user: self.sheet.with_user(user).action_check_again(), ('delivery', 'manager', 'finance')),
            'export': (lambda user: self.sheet.with_user(user)._make_xlsx(), ('finance', 'manager')),
        }
        roles = {role: user for role, user in self.user.items()}
        for name, (step, allowed) in steps.items():
            for role, user in [*roles.items(), *((user.login, user) for user in self.outsiders[-3:])]:
                with self.subTest(step=name, role=role), mute_logger(*QUIET):
                    if role in allowed:
                        with self.env.cr.savepoint() as point:
                            try:
                                step(user)
                            except UserError as error:  # his to do, and something else is missing
                                self.assertNotIsInstance(error, AccessError)
                            point.rollback()
                        self.env.invalidate_all()
                    else:
                        self.assertDenied(step, user)

    def test_finance_sees_no_case(self):
        finance = self.finance
        self.assertTrue(self.line.with_user(finance).read(['request_number', 'holder', 'iban', 'amount', 'stop_reason']))
        for name in ('delivery_id', 'new_iban_shown'):
            self.assertDenied(self.line.with_user(finance).read, [name])
        delivery = self.deliveries[0].sudo()
        for record in (delivery, delivery.request_id, delivery.beneficiary_id, delivery.request_id.decision_id):
            with self.subTest(model=record._name):
                self.assertDenied(record.with_user(finance).read, ['display_name'])
        for domain in ([('delivery_id.beneficiary_id.name', 'ilike', 'Salem')], [('delivery_id', '=', self.deliveries[0].id)]):
            self.assertDenied(self.line.with_user(finance).search, domain)
        seen = self.sheet.with_user(finance).web_read({'line_ids': {'fields': {
            'request_number': {}, 'holder': {}, 'iban_shown': {}, 'amount': {}, 'state': {}, 'allowed_actions': {}}}})
        self.assertEqual(len(seen[0]['line_ids']), 2)

    def test_no_door_writes_state_amount_or_account(self):
        forged = {
            'sheet': {'state': 'paid', 'name': '1', 'bank_reference': 'x', 'approved_by_id': self.officer.id,
                      'prepared_by_id': self.manager.id},
            'line': {'state': 'paid', 'amount': 1, 'iban': payment_common.saudi_iban(66), 'holder': 'x', 'is_open': False,
                     'stop_code': 'x', 'sheet_id': self.sheet.id, 'request_number': 'x'}}
        for role in ('delivery', 'manager', 'finance', 'auditor'):
            user = self.user[role]
            for record, values in ((self.sheet, forged['sheet']), (self.line, forged['line'])):
                mine = record.with_user(user)
                for name, value in values.items():
                    with self.subTest(role=role, field=name):
                        self.assertDenied(mine.write, {name: value})
                        self.assertDenied(mine.web_save, {name: value}, {'id': {}})
                        self.assertDenied(mine.browse().create, {name: value})
            self.assertDenied(self.sheet.with_user(user).write, {'line_ids': [Command.update(
                self.line.id, {'amount': 1})]})
            self.assertDenied(self.sheet.with_user(user).write, {'line_ids': [Command.create({
                'delivery_id': self.deliveries[0].id, 'amount': 9, 'request_number': '1'})]})
            self.assertDenied(self.line.with_user(user).unlink)
            self.assertDenied(self.sheet.with_user(user).unlink)

    def test_wizard_holds_only_what_its_user_reads(self):
        wizard = self.env['amlaj.payment.step'].with_user(self.finance)
        self.sheet.with_user(self.finance).action_approve()
        wizard.create({'step': 'pay', 'sheet_id': self.sheet.id, 'reference': "TRX-5"}).action_confirm()
        self.assertEqual(self.sheet.bank_reference, "TRX-5")
        wizard.create({'step': 'return', 'line_id': self.line.id, 'reason': "Closed"}).action_confirm()
        self.assertEqual(self.line.state, 'returned')
        self.assertDenied(self.env['amlaj.payment.step'].with_user(self.relations).create, {'step': 'pay'})

    # ------------------------------------------------------------
    # Excel and paper
    # ------------------------------------------------------------

    def test_the_excel(self):
        self.deliveries[0].sudo().beneficiary_id.name = "=HYPERLINK(1)"
        self.sheet.with_user(self.manager).action_cancel("x")
        sheet = self.make_sheet(state='approved').with_user(self.finance).with_context(lang='ar_001')
        content = sheet._make_xlsx()
        book = zipfile.ZipFile(io.BytesIO(content))
        page, texts = (book.read(f'xl/{name}').decode() for name in ('worksheets/sheet1.xml', 'sharedStrings.xml'))
        self.assertIn('rightToLeft="1"', page)
        self.assertNotIn('<f>', page, "no formula")
        self.assertIn("'=HYPERLINK(1)", texts)
        self.assertRegex(page, r'<v>1200</v>', "an amount is a number")
        self.assertIn(sheet.line_ids[0].iban_shown, texts)
        self.assertIn("ألفان وأربعمئة ريال سعودي", texts)
        self.assertNotIn(self.cash.name, texts)
        logged = self.env['amlaj.access.log'].search([('model', '=', sheet._name), ('res_ref', '=', sheet.id)])
        self.assertEqual((logged.event, logged.user_ref, logged.res_name), ('export', self.finance.id, sheet.name))
        self.assertTrue(logged.with_context(lang='en_US').detail_shown)

    def test_odoos_own_export_is_logged_too(self):
        allowed = self.env.ref('base.group_allow_export')
        for role in ('finance', 'manager', 'delivery', 'auditor'):
            self.user[role].group_ids = [Command.link(allowed.id)]
        self.line.with_user(self.finance).export_data(['request_number', 'iban'])
        self.sheet.with_user(self.manager).export_data(['name', 'line_ids/iban'])
        logged = self.env['amlaj.access.log'].search([('event', '=', 'export')])
        self.assertEqual(set(logged.mapped('model')), {'amlaj.payment.line', 'amlaj.payment.sheet'})
        for role in ('delivery', 'auditor'):
            with self.subTest(role=role):
                self.assertDenied(self.line.with_user(self.user[role]).export_data, ['iban'])
                self.assertDenied(self.sheet.with_user(self.user[role]).export_data, ['line_ids/iban'])

    def test_finance_reads_a_whole_sheet(self):
        self.assertTrue(self.sheet.with_user(self.finance).read())
        self.assertTrue(self.line.with_user(self.finance).read())
        self.assertDenied(self.sheet.with_user(self.finance).read, ['left_out'])

    def test_nothing_stale_goes_to_the_bank(self):
        self.sheet.with_user(self.finance).action_approve()
        self.deliveries[0].sudo().beneficiary_id.with_user(self.manager).action_suspend("In doubt")
        number = self.deliveries[0].request_id.name
        content = self.sheet.with_user(self.finance)._make_xlsx()
        texts = zipfile.ZipFile(io.BytesIO(content)).read('xl/sharedStrings.xml').decode()
        self.assertNotIn(number, texts)
        self.assertEqual(self.line.state, 'stopped')

    def test_the_paper(self):
        self.sheet.with_user(self.finance).action_approve()
        report = self.env['ir.actions.report'].with_user(self.finance).with_context(lang='ar_001')
        html = report._render_qweb_html('amlaj_beneficiary.paper_payment_sheet', self.sheet.ids)[0].decode()
        for text in (self.line.request_number, self.line.iban_shown, self.line.holder, self.sheet.name):
            self.assertIn(text, html)
        for text in (self.cash.name, "Two months"):
            self.assertNotIn(text, html, "neither the kind of help nor a reason")
        with patch.object(type(report), '_render_paper', lambda self, *args: io.BytesIO(b'%PDF')):
            report.with_context(force_report_rendering=True)._render_qweb_pdf(
                'amlaj_beneficiary.paper_payment_sheet', self.sheet.ids)
        logged = self.env['amlaj.access.log'].search([('model', '=', self.sheet._name), ('event', '=', 'print')])
        self.assertEqual(logged.res_ref, self.sheet.id)
        for role in ('delivery', 'auditor', 'relations'):
            with self.subTest(role=role):
                self.assertDenied(
                    report.with_user(self.user[role])._render_qweb_html,
                    'amlaj_beneficiary.paper_payment_sheet', self.sheet.ids)


@tagged('post_install', '-at_install', 'amlaj')
class TestPaymentDownload(payment_common.PaymentHttpCommon):
    """The Excel file over HTTP: for managers and the financial supervisor; every other number is answered alike."""

    def test_who_downloads(self):
        self.planned()
        sheet = self.make_sheet(state='approved')
        url = f'/amlaj/payment-sheet/{sheet.id}'
        for role in ('finance', 'manager'):
            self.authenticate(f'amlaj_{role}', f'amlaj_{role}')
            answer = self.url_open(url)
            self.assertEqual((answer.status_code, answer.content[:2]), (200, b'PK'))
            self.assertIn('no-store', answer.headers['Cache-Control'])
        portal = self.make_portal_user()
        for login in ('amlaj_delivery', 'amlaj_auditor', 'amlaj_relations', portal.login):
            self.authenticate(login, login)
            with self.subTest(login=login), mute_logger(*QUIET):
                self.assertEqual(self.url_open(url).status_code, 404)
                self.assertEqual(self.url_open('/amlaj/payment-sheet/999999999').status_code, 404)
        self.assertEqual(self.env['amlaj.access.log'].search_count([
            ('model', '=', sheet._name), ('event', '=', 'export')]), 2)
