from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestDeskTour(common.AmlajHttpCommon):
    """A browser, in Arabic, with the employee at the desk: clicks are counted, nothing is typed twice or lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.noura = cls.user['relations']
        cls.noura.lang = 'ar_001'
        cls.file = cls.make_file('فاطمة سعد محمد الحربي')
        kinds = cls.env['amlaj.document.type'].create([
            {'name': f'مستند {number}', 'proof': 'seen'} for number in range(1, 6)])
        cls.service = cls.env['amlaj.service'].create({
            'name': 'خدمة بخمسة مستندات', 'kind': 'in_kind',
            'requirement_ids': [Command.create({'document_type_id': kind.id}) for kind in kinds]})
        cls.home = '/odoo/waiting-for-you'

    def start_printing_tour(self, tour):
        """Start a tour that prints: in tests Odoo draws no PDF unless it is asked to."""
        reports = type(self.env['ir.actions.report'])
        render = reports._render_qweb_pdf

        def render_truly(self, *args, **kwargs):
            return render(self.with_context(force_report_rendering=True), *args, **kwargs)

        with patch.object(reports, '_render_qweb_pdf', render_truly):
            self.start_tour(self.home, tour, login=self.noura.login)

    def assertToldAndPrinted(self):
        request = self.file.request_ids
        self.assertEqual(len(request), 1, "one click, one request")
        self.assertEqual(request.state, 'submitted')
        self.assertTrue(request.verified_at and request.informed_at)
        self.assertEqual(request.entered_by_id, self.noura)
        printed = self.env['amlaj.access.log'].search([
            ('event', '=', 'print'), ('model', '=', 'amlaj.request'), ('res_ref', '=', request.id)])
        self.assertTrue(printed, "the slip was printed")

    def test_at_most_twelve_clicks_from_search_to_slip(self):
        self.start_printing_tour('amlaj_desk_twelve_clicks')
        self.assertToldAndPrinted()

    def test_one_tap_for_all_papers(self):
        self.start_printing_tour('amlaj_desk_one_tap_for_all_papers')
        self.assertToldAndPrinted()

    def test_new_file_with_what_was_searched(self):
        self.start_tour(self.home, 'amlaj_desk_new_file', login=self.noura.login)
        file = self.env['amlaj.beneficiary'].search([('identity_number', '=', '2000000006')])
        self.assertEqual(file.name, 'عبد الله سعد محمد البلوي')
        self.assertEqual((file.identity_kind, file.phone), ('iqama', '+966501234567'))
        self.assertEqual(str(file.birth_date), '1990-02-10')
        self.assertEqual(file.identity_matched_by_id, self.noura)
        self.assertTrue(file.consent_ids.withdrawn_at)

    def test_dates_are_typed_and_shown_with_latin_digits(self):
        mandate = self.make_mandate(self.file, verified=False)
        url = f'/odoo/action-amlaj_beneficiary.amlaj_mandate_action/{mandate.id}'
        self.start_tour(url, 'amlaj_desk_dates_in_arabic', login=self.noura.login)
        self.assertEqual(str(mandate.valid_until), '2030-12-25')

    def test_what_was_typed_comes_back_after_an_expired_session(self):
        url = f'/odoo/action-amlaj_beneficiary.amlaj_beneficiary_action/{self.file.id}'
        self.start_tour(url, 'amlaj_desk_unsaved_comes_back', login=self.noura.login)
        self.assertEqual(self.file.address_note, 'خلف المسجد')

    def test_the_screens_own_functions(self):
        self.start_tour(self.home, 'amlaj_desk_units', login=self.noura.login)
