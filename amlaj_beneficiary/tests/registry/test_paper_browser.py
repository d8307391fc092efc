import json
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

PRINT = """
(async () => {
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    try {
        await action.doAction({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: "amlaj_beneficiary.test_browser_paper",
            context: { active_ids: [%d], force_report_rendering: true },
        });
        console.log("test successful");
    } catch (error) {
        console.error(`printing failed: ${error.message}`);
    }
})();
"""


@tagged('post_install', '-at_install', 'amlaj')
class TestPaperBrowser(HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.ui.view'].create({
            'name': "Test paper", 'type': 'qweb', 'key': 'amlaj_beneficiary.test_browser_paper',
            'arch': """<t t-name="amlaj_beneficiary.test_browser_paper">
                <t t-set="paper_title" t-value="'A paper'"/>
                <t t-call="amlaj_beneficiary.paper_layout"><p t-out="docs.name"/></t></t>"""})
        cls.report = cls.env['ir.actions.report'].create({
            'name': "Test paper", 'model': 'res.partner', 'report_type': 'qweb-pdf',
            'report_name': 'amlaj_beneficiary.test_browser_paper', 'print_report_name': "'paper-%s' % object.ref"})
        cls.partner = cls.env['res.partner'].create({'name': "A Name", 'ref': '26-01234'})

    def test_the_web_client_prints_without_wkhtmltopdf(self):
        reports = type(self.env['ir.actions.report'])
        drawn = []
        render_paper = reports._render_paper

        def spy(self, report, data, record=None):
            drawn.append(record.id)
            return render_paper(self, report, data, record)

        with patch.object(reports, '_render_paper', spy), \
                patch.object(reports, 'get_wkhtmltopdf_state', side_effect=AssertionError("asked")) as asked:
            self.browser_js(
                '/odoo', PRINT % self.partner.id, login='admin',
                ready="odoo.isReady === true && !!odoo.__WOWL_DEBUG__")
        self.assertEqual(drawn, self.partner.ids)
        self.assertFalse(asked.called)

    def test_a_download_is_a_pdf_whose_name_names_nobody(self):
        self.authenticate('admin', 'admin')
        response = self.url_open('/report/download', data={
            'data': json.dumps([f'/report/pdf/{self.report.report_name}/{self.partner.id}', 'qweb-pdf']),
            'context': json.dumps({'force_report_rendering': True}),
            'csrf_token': http.Request.csrf_token(self),
        })
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers['Content-Type'], 'application/pdf')
        self.assertTrue(response.content.startswith(b'%PDF-'))
        self.assertIn('paper-26-01234.pdf', response.headers['Content-Disposition'])
