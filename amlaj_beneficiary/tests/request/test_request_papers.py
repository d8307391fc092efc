import io
import json
from datetime import date

from PyPDF2 import PdfReader

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .. import common
from ..registry import test_paper_engine as engine

NOW = '2026-11-22 08:00:00'
LONG_NAME = "عبد الرحمن بن عبد العزيز بن محمد آل عبد اللطيف الجهني"


def squeezed(text):
    """A text as ``pdf_text`` gives it back."""
    return ''.join(text.translate(engine.BIDI_CONTROLS).split())


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestPapers(common.AmlajCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('ar_001')
        cls.paper_kinds = cls.env['amlaj.document.type'].create([
            {'name': "Family register <b>", 'help': "From the civil register.", 'proof': 'seen'},
            {'name': "Lease", 'help': "From the platform.", 'proof': 'file', 'has_expiry': True},
        ])
        cls.service = cls.env['amlaj.service'].create({
            'name': "Discreet service", 'kind': 'in_kind',
            'document_type_ids': [Command.set(cls.paper_kinds.ids)],
        })
        cls.file = cls.make_file(LONG_NAME, first_name=False, lang='en_US', kind='household')
        cls.relations = cls.user['relations']

    def _request(self, **vals):
        request = self.env['amlaj.request'].with_user(self.relations).create({
            'beneficiary_id': self.file.id, 'service_id': self.service.id, 'description': "<script>x</script>", **vals})
        request.action_sign('paper', name=LONG_NAME)
        return request

    def _complete(self, request):
        request.document_ids.action_receive_and_match()
        request.action_submit()
        request.action_verify()
        request.action_inform()
        return request

    def _html(self, what, records, user=None):
        report = self.env.ref(f'amlaj_beneficiary.report_{what}')
        printer = self.env['ir.actions.report'].with_user(user or self.relations)
        return printer._render_qweb_html(report.report_name, records.ids)[0].decode()

    def _pdf(self, what, records, user=None):
        report = self.env.ref(f'amlaj_beneficiary.report_{what}')
        printer = self.env['ir.actions.report'].with_user(user or self.relations).with_context(
            force_report_rendering=True)
        return printer._render_qweb_pdf(report.report_name, records.ids)[0]

    def test_the_slip_says_committee_period_and_both_dates(self):
        with freeze_time(NOW):
            request = self._complete(self._request())
            text = engine.pdf_text(self._pdf('slip', request))
        self.assertEqual(request.reply_not_before, date(2026, 12, 6))
        for words in (
            request.name, "not less than two weeks", "Sunday 6 December 2026", "Tuesday 22 December 2026",
            "research committee", "You need not come.",
        ):
            self.assertIn(squeezed(words), text)

    def test_the_slip_names_a_first_name_and_no_kind_of_help(self):
        request = self._complete(self._request())
        for size in ('slip', 'slip_a5', 'slip_roll'):
            html = self._html(size, request)
            self.assertIn("عبد الرحمن", html)
            for secret in ("الجهني", "Discreet service", self.file.identity_number, self.file.phone[-9:]):
                self.assertNotIn(secret, html)

    def test_slips_have_three_sizes(self):
        request = self._complete(self._request())
        widths = {}
        for size in ('slip', 'slip_a5', 'slip_roll'):
            pages = PdfReader(io.BytesIO(self._pdf(size, request))).pages
            self.assertEqual(len(pages), 1)
            widths[size] = round(float(pages[0].mediabox.width) / 72 * 25.4)
        self.assertEqual(widths, {'slip': 210, 'slip_a5': 148, 'slip_roll': 80})

    def test_an_incomplete_slip_lists_what_lacks_and_promises_no_date(self):
        request = self._request()
        request.document_ids.filtered(lambda d: d.document_type_id.name == "Lease").action_receive_and_match()
        request.action_submit()
        self.assertEqual(request.state, 'incomplete')
        html = self._html('slip', request)
        self.assertIn("Family register &lt;b&gt;", html)
        self.assertNotIn("Lease", html)
        self.assertIn("begins when the request is complete", html)
        self.assertNotIn("not later than", html)

    def test_the_notice_explains_each_missing_paper(self):
        request = self._request()
        request.action_submit()
        html = self._html('missing', request)
        self.assertIn("From the civil register.", html)
        self.assertIn("no copy is taken", html)
        self.assertIn("keeps its number and its date", html)
        self.assertNotIn("Discreet service", html)
        self.assertNotIn("الجهني", html)

    def test_the_other_reading_of_the_period(self):
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.reply_rule', 'maximum')
        self.assertEqual(self.env['amlaj.settings']._get('reply_rule'), 'maximum')
        request = self._complete(self._request())
        html = self._html('slip', request)
        self.assertIn("not more than two weeks", html)
        self.assertNotIn("The answer comes from", html)

    def test_a_department_decides_without_the_two_weeks(self):
        self.service.write({
            'kind': 'service', 'decided_by': 'department',
            'department_id': self.env['hr.department'].create({'name': "Advice"}).id})
        request = self._request()
        request.document_ids.action_receive_and_match()
        request.action_submit()
        html = self._html('slip', request)
        self.assertIn("department in charge", html)
        self.assertNotIn("committee", html)

    def test_the_filled_form_shows_what_was_declared_and_escapes_it(self):
        self.file.member_ids = [Command.create({
            'name': "Member <i>", 'relationship': 'child', 'birth_date': '2015-01-01'})]
        request = self._complete(self._request(amount_requested=1250))
        html = self._html('request', request)
        for words in (
            LONG_NAME, "Discreet service", "SAR 1,250", "Member &lt;i&gt;", "&lt;script&gt;x", self.relations.name,
        ):
            self.assertIn(words, html)
        self.assertNotIn("<script>", html)

    def test_the_blank_form_needs_no_record(self):
        blank = self._pdf('request_blank', self.env['amlaj.request'])
        text = engine.pdf_text(blank)
        self.assertIn(squeezed("Declaration and undertaking"), text)
        self.assertIn(squeezed("not less than two weeks"), text)
        self.assertNotIn("False", text)

    def test_nothing_is_printed_before_its_time(self):
        draft = self._request()
        for what in ('slip', 'missing'):
            with self.assertRaises(UserError):
                self._html(what, draft)

    def test_a_paper_speaks_the_language_of_its_reader(self):
        request = self._complete(self._request())
        self.file.lang = 'ar_001'
        report = self.env.ref('amlaj_beneficiary.report_slip').with_user(self.relations)
        self.assertEqual(report._get_paper_lang(request), 'ar_001')
        self.assertEqual(self.env.ref('amlaj_beneficiary.report_request_blank')._get_paper_lang(None), self.env.lang)

    def test_roles_that_do_not_print(self):
        request = self._complete(self._request())
        for role in ('auditor', 'finance', 'quality', 'volunteer_coordinator'):
            with self.assertRaises(AccessError):
                self._html('slip', request, self.user[role])

    def test_another_office_prints_nothing(self):
        other = self.make_file("Hidden Person", branch_id=self.branch2.id, registered=False)
        request = self.env['amlaj.request'].create({'beneficiary_id': other.id, 'service_id': self.service.id})
        with self.assertRaises(AccessError):
            self._html('request', request, self.user['representative'])

    def test_each_print_is_written_down(self):
        request = self._complete(self._request())
        self._pdf('slip', request)
        line = self.env['amlaj.access.log'].search([
            ('model', '=', 'amlaj.request'), ('res_ref', '=', request.id), ('event', '=', 'print')])
        self.assertEqual((line.user_ref, line.detail), (self.relations.id, 'paper_slip'))

    def test_the_receipt_has_its_own_number_and_no_picture_of_a_person(self):
        request = self._complete(self._request())
        delivery = self.env['amlaj.delivery'].create({
            'request_id': request.id, 'what': "Two baskets", 'quantity': 2, 'amount': 300})
        planned = self._html('receipt', delivery)
        self.assertIn("Two baskets", planned)
        self.assertIn(request.name, planned)
        delivery.write({
            'state': 'delivered', 'receipt_number': '26-77777', 'receiver_name': "A receiver", 'method': 'paper',
            'delivered_at': NOW})
        done = self._html('receipt', delivery)
        self.assertIn('26-77777', done)
        self.assertIn("The beneficiary", done)
        issued = self.env['amlaj.paper']._find_issued(self.env['amlaj.paper']._get_code(delivery))
        self.assertEqual((issued['number'], issued['date']), ('26-77777', date(2026, 11, 22)))

    def test_a_request_is_verified_by_its_day_of_submission(self):
        with freeze_time('2026-11-22 22:30:00'):
            request = self._complete(self._request())
        paper = self.env['amlaj.paper']
        issued = paper._find_issued(paper._get_code(request))
        self.assertEqual(issued, {'number': request.name, 'kind': "Request", 'date': date(2026, 11, 23)})


@tagged('post_install', '-at_install', 'amlaj')
class TestBlankFormDownload(common.AmlajHttpCommon):

    def test_the_button_stands_above_the_list_for_who_may_print(self):
        view = self.env.ref('amlaj_beneficiary.amlaj_request_view_list')
        for role, shown in (('relations', True), ('representative', True), ('auditor', False)):
            arch = self.env['amlaj.request'].with_user(self.user[role]).get_view(view.id, 'list')['arch']
            self.assertEqual("Blank form" in arch, shown, role)

    def test_it_is_downloaded_without_a_record(self):
        self.authenticate('amlaj_relations', 'amlaj_relations')
        # the list's button sends an empty selection, a menu sends none
        for address in ('/report/pdf/amlaj_beneficiary.paper_request_blank/',
                        '/report/pdf/amlaj_beneficiary.paper_request_blank'):
            response = self.url_open('/report/download', data={
                'data': json.dumps([address, 'qweb-pdf']),
                'context': json.dumps({'force_report_rendering': True}),
                'csrf_token': http.Request.csrf_token(self),
            })
            self.assertEqual(response.status_code, 200)
            self.assertTrue(response.content.startswith(b'%PDF-'))
