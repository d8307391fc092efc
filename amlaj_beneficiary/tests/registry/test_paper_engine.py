import io
import re
import subprocess
from unittest.mock import patch

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tests.common import new_test_user

from ...tools import paper

SENTENCE = (
    "اكتمل طلبكم رقم \u206626-01234\u2069 ابتداء من الأحد 26 جمادى الآخرة 1448 هـ (6/12/2026 م)، "
    "ونعمل على ألا يتأخر عن الثلاثاء 13 رجب 1448 هـ (22/12/2026 م)."
)
TEMPLATE = """
<t t-name="amlaj_beneficiary.test_paper">
    <t t-foreach="docs or [docs]" t-as="doc">
        <t t-set="paper_title" t-value="'ورقة تجربة'"/>
        <t t-set="paper_record" t-value="doc"/>
        <t t-set="paper_number" t-value="doc.ref"/>
        <t t-set="paper_format" t-value="doc.function or 'a4'"/>
        <t t-call="amlaj_beneficiary.paper_layout">
            <p t-out="doc.name"/>
            <p t-foreach="range(doc.color)" t-as="line">سطر <t t-out="line"/></p>
        </t>
    </t>
</t>
"""
PAGE = r'Page%sof%s'
BIDI_CONTROLS = dict.fromkeys(map(ord, '\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'))


def pdf_text(pdf):
    """The text of a PDF in reading order, without direction marks and spaces (pdftotext moves both)."""
    # poppler-utils, one of the Debian packages that the tests need
    done = subprocess.run(['pdftotext', '-', '-'], input=pdf, capture_output=True, check=True)
    return ''.join(done.stdout.decode().translate(BIDI_CONTROLS).split())


@tagged('post_install', '-at_install', 'amlaj')
class TestPaperEngine(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('ar_001')
        cls.env = cls.env(context=dict(cls.env.context, force_report_rendering=True, lang='ar_001'))
        cls.env['ir.ui.view'].create({
            'name': "Test paper", 'type': 'qweb', 'key': 'amlaj_beneficiary.test_paper', 'arch': TEMPLATE})
        cls.report = cls.env['ir.actions.report'].create({
            'name': "Test paper", 'model': 'res.partner', 'report_type': 'qweb-pdf',
            'report_name': 'amlaj_beneficiary.test_paper'})
        cls.partner = cls.env['res.partner'].create({'name': SENTENCE, 'ref': '26-01234', 'function': 'a4'})

    def _pdf(self, records, report=None):
        report = report or self.report
        pdf, kind = self.env['ir.actions.report']._render_qweb_pdf(report.report_name, records.ids)
        self.assertEqual(kind, 'pdf')
        return pdf

    def test_numbers_stay_where_they_belong(self):
        text = pdf_text(self._pdf(self.partner))
        self.assertIn(''.join(SENTENCE.translate(BIDI_CONTROLS).split()), text)

    def test_pages_of_each_paper_are_counted_alone(self):
        long = self.partner.create({'name': "ثانية", 'color': 40})
        self.env = self.env(context=dict(self.env.context, lang='en_US'))
        pdf = self._pdf(self.partner + long)
        pages = PdfReader(io.BytesIO(pdf)).pages
        self.assertEqual(len(pages), 3)
        text = pdf_text(pdf)
        places = []
        for page, pages in ((1, 1), (1, 2), (2, 2)):
            found = [match.start() for match in re.finditer(PAGE % (page, pages), text)]
            self.assertEqual(len(found), 1, f"page {page} of {pages} once")
            places += found
        self.assertEqual(places, sorted(places))

    def test_records_are_merged_in_the_order_asked_for(self):
        first, second, third = (self.partner.create({'name': name}) for name in ("ألف", "باء", "جيم"))
        text = pdf_text(self._pdf(third + first + second))
        self.assertEqual(sorted(("جيم", "ألف", "باء"), key=text.index), ["جيم", "ألف", "باء"])

    def test_what_people_type_is_text(self):
        self.partner.name = 'ا <img src="file:///etc/hostname"/><script>1</script>'
        html = self.env['ir.actions.report']._render_qweb_html(self.report.report_name, self.partner.ids)[0].decode()
        self.assertIn('&lt;img src=', html)
        self.assertNotIn('<script>', html)

    def test_the_address_bar_changes_nothing(self):
        html = self.env['ir.actions.report']._render_qweb_html(
            self.report.report_name, self.partner.ids, data={'paper_css': 'forged-css', 'docs': 'x'})[0].decode()
        self.assertNotIn('forged-css', html)

    def test_direction_follows_the_language(self):
        render = self.env['ir.actions.report']._render_qweb_html
        self.assertIn('dir="rtl"', render(self.report.report_name, self.partner.ids)[0].decode())
        self.env = self.env(context=dict(self.env.context, lang='en_US'))
        html = self.env['ir.actions.report']._render_qweb_html(self.report.report_name, self.partner.ids)[0].decode()
        self.assertIn('dir="ltr"', html)

    def test_sizes_of_the_sheets(self):
        sizes = {}
        for paper_format in ('a4', 'a5', 'roll'):
            self.partner.function = paper_format
            page = PdfReader(io.BytesIO(self._pdf(self.partner))).pages
            self.assertEqual(len(page), 1)
            sizes[paper_format] = tuple(round(float(side) / 72 * 25.4) for side in page[0].mediabox.upper_right)
        self.assertEqual(sizes['a4'], (210, 297))
        self.assertEqual(sizes['a5'], (148, 210))
        self.assertEqual(sizes['roll'][0], 80)
        self.assertLess(sizes['roll'][1], 200, "a roll is cut where the text ends")

    def test_a_report_of_another_module_goes_its_own_way(self):
        other = self.env.ref('web.action_report_internalpreview', raise_if_not_found=False) or self.env[
            'ir.actions.report'].create({
                'name': "Other", 'model': 'res.partner', 'report_type': 'qweb-pdf', 'report_name': 'base.other_paper'})
        module = 'odoo.addons.amlaj_beneficiary.models.registry.ir_actions_report.IrActionsReport._render_paper'
        reports = type(self.env['ir.actions.report'])
        with patch(module) as ours, \
                patch.object(reports, '_run_wkhtmltopdf', return_value=b'%PDF-') as theirs, \
                patch.object(reports, 'get_wkhtmltopdf_state', return_value='ok'), \
                patch.object(reports, '_render_qweb_html', return_value=(b'<html><main>x</main></html>', 'html')):
            self.env['ir.actions.report']._render_qweb_pdf_prepare_streams(other.report_name, {})
        self.assertTrue(theirs.called)
        self.assertFalse(ours.called)

    def test_wkhtmltopdf_is_never_asked_for_ours(self):
        reports = type(self.env['ir.actions.report'])
        with patch.object(reports, '_run_wkhtmltopdf', side_effect=AssertionError("wkhtmltopdf was called")), \
                patch.object(reports, 'get_wkhtmltopdf_state', return_value='install'):
            self.assertTrue(self._pdf(self.partner).startswith(b'%PDF-'))

    def test_only_the_groups_of_a_form_print_it(self):
        user = new_test_user(self.env, 'paper_reader', groups='base.group_user')
        self.report.group_ids = self.env.ref('base.group_erp_manager')
        printer = self.env['ir.actions.report'].with_user(user)
        with self.assertRaises(AccessError):
            printer._render_qweb_pdf(self.report.report_name, self.partner.ids)
        with self.assertRaises(AccessError):
            printer._render_qweb_html(self.report.report_name, self.partner.ids)
        self.report.group_ids = self.env.ref('base.group_user')
        self.assertTrue(printer._render_qweb_pdf(self.report.report_name, self.partner.ids)[0])

    def test_a_frozen_attachment_is_given_back(self):
        self.report.write({'attachment': "'frozen.pdf'", 'attachment_use': True})
        first = self._pdf(self.partner)
        self.partner.name = "غيره"
        self.assertEqual(self._pdf(self.partner), first)

    def test_a_missing_library_is_said_in_words(self):
        error = OSError("cannot load library 'libpango'")
        with patch.object(paper, 'render_pdf', side_effect=error), \
                self.assertLogs('odoo.addons.amlaj_beneficiary.models.registry.ir_actions_report', 'ERROR'), \
                self.assertRaises(UserError):
            self._pdf(self.partner)


@tagged('post_install', '-at_install', 'amlaj')
class TestPaperFetcher(TransactionCase):

    def test_every_other_address_is_refused(self):
        fetcher = paper.fetcher_class()()
        for url in (
            'file:///etc/hostname',
            'http://127.0.0.1:8069/web/login',
            'https://example.com/x.png',
            'ftp://example.com/x',
            'https://paper.invalid/web/static/img/logo.png',
            'https://paper.invalid/amlaj_beneficiary/static/../__manifest__.py',
            'https://paper.invalid/amlaj_beneficiary/static/%2e%2e/__manifest__.py',
            'https://paper.invalid/amlaj_beneficiary/static/..%2f..%2f..%2fetc/hostname',
            'https://paper.invalid//etc/hostname',
            'https://paper.invalid/amlaj_beneficiary/static/nothing.png',
            'FILE:///etc/hostname',
        ):
            with self.subTest(url=url), self.assertRaises(ValueError):
                fetcher(url)

    def test_its_own_files_and_data_are_given(self):
        fetcher = paper.fetcher_class()()
        css = fetcher('https://paper.invalid/amlaj_beneficiary/static/src/paper/paper.css')
        self.assertEqual(css.content_type, 'text/css')
        self.assertIn(b'@page a4', css.read())
        self.assertEqual(fetcher('data:text/plain,salam').read(), b'salam')

    def test_a_picture_in_a_picture_is_refused(self):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
            '<image href="file:///etc/hostname" width="9" height="9"/></svg>'
        )
        fetched = []
        real = paper.static_path

        def spy(url):
            fetched.append(url)
            return real(url)

        with patch.object(paper, 'static_path', spy), self.assertLogs('weasyprint', 'ERROR'):
            paper.render_pdf(f'<img src="{paper.image_data_uri(svg.encode())}"/>')
        self.assertEqual(fetched, ['file:///etc/hostname'])

    def test_the_qr_is_a_picture_of_its_own(self):
        uri = paper.qr_data_uri('https://example.org/verify/26-01234-0123456789')
        self.assertTrue(uri.startswith('data:image/svg+xml;base64,'))
        self.assertTrue(paper.render_pdf(f'<img src="{uri}"/>').startswith(b'%PDF-'))
