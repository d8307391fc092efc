import io

from PyPDF2 import PdfReader

from odoo.tests import tagged

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestSlipRights(request_common.RequestCommon):
    """The rights and duties in force: on the back of the slip, and their version with the declaration (R45-R48, R57)."""

    def test_the_back_of_the_slip(self):
        self.file.lang = 'en_US'  # the slip is in its reader's language
        request = self.make_request(informed=True)
        report = self.env['ir.actions.report'].with_context(force_report_rendering=True)
        self.assertFalse(request.declaration_ids.rights_version)
        rights = self.env.ref('amlaj_beneficiary.guide_rights')
        rights.action_approve()
        pages = PdfReader(io.BytesIO(report._render_qweb_pdf('amlaj_beneficiary.paper_slip', request.ids)[0])).pages
        self.assertEqual(len(pages), 2)
        self.assertIn("courtesy", pages[1].extract_text())
        roll = PdfReader(io.BytesIO(report._render_qweb_pdf('amlaj_beneficiary.paper_slip_roll', request.ids)[0])).pages
        self.assertNotIn("courtesy", ''.join(page.extract_text() for page in roll))

    def test_a_declaration_keeps_the_version(self):
        rights = self.env.ref('amlaj_beneficiary.guide_rights')
        rights.action_approve()
        request = self.make_request()
        self.assertEqual(request.declaration_ids.rights_version, '1')
        rights.browse(rights.action_new_version()['res_id']).action_approve()
        self.assertEqual(request.declaration_ids.rights_version, '1', "as it was when it was signed")
