from odoo.tests import tagged
from odoo.tools import mute_logger

from . import portal_common


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalServices(portal_common.PortalHttpCommon):
    """The services with their papers, before anybody is asked who he is, and without a script (R11, R18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['amlaj.service'].search([]).is_published = False
        cls.shown = cls.make_service(
            "سداد إيجار", cls.lease, cls.card, is_published=True, description="A part of the rent",
            conditions="Living in Umluj\nA lease in his name", ceiling_amount=4711)
        cls.lease.help = "From the Ejar platform"
        cls.hidden = cls.make_service("Hidden (test)", cls.lease)
        cls.internal = cls.make_service("Internal (test)", is_published=True, beneficiary_scope='internal')

    def test_what_a_visitor_reads(self):
        for path in ('/services', f'/services/{self.shown.id}'):
            text = self.page(path).text
            for shown in ("سداد إيجار", "A part of the rent", "Living in Umluj", "Lease (test)", "From the Ejar platform",
                          "we keep no copy"):
                self.assertIn(shown, text)
            for hidden in ("Hidden (test)", "Internal (test)", "4711"):
                self.assertNotIn(hidden, text)
        self.assertIn(f'/my/requests/new?service={self.shown.id}', self.page(f'/services/{self.shown.id}').text)

    def test_the_search_takes_any_spelling(self):
        other = self.make_service("شتلات", is_published=True)
        for typed in ("ايجار", "إيجار", "سداد ايجار", "part rent"):
            text = self.page(f'/services?search={typed}').text
            with self.subTest(typed=typed):
                self.assertIn(f'/services/{self.shown.id}"', text)
                self.assertNotIn(f'/services/{other.id}"', text)
        self.assertIn("no service with these words", self.page('/services?search=zzz').text)

    @mute_logger('odoo.http')
    def test_what_is_not_offered_is_not_found(self):
        for service_id in (self.hidden.id, self.internal.id, 2 ** 30, 2 ** 70):
            self.page(f'/services/{service_id}', status=404)
        self.shown.active = False
        self.page(f'/services/{self.shown.id}', status=404)

    def test_what_is_kept_in_memory_is_never_old(self):
        path, other = f'/services/{self.shown.id}', self.make_service("Later (test)", self.letter)
        self.assertIn("Living in Umluj", self.page('/services').text)
        self.assertNotIn("Later (test)", self.page('/services').text)
        other.is_published = True
        self.assertIn("Later (test)", self.page('/services').text)
        self.shown.conditions = "Living anywhere"
        self.lease.help = "From a new platform"
        for page in ('/services', path):
            text = self.page(page).text
            self.assertIn("Living anywhere", text)
            self.assertIn("From a new platform", text)
            self.assertNotIn("Living in Umluj", text)
        category = self.env['amlaj.beneficiary.category'].create({'name': "Widows (test)"})
        self.shown.category_ids = category
        self.assertIn("Widows (test)", self.page(path).text)
        category.name = "Orphans (test)"
        self.assertIn("Orphans (test)", self.page(path).text)
        self.shown.requirement_ids.filtered(lambda line: line.document_type_id == self.lease).unlink()
        self.assertNotIn("Lease (test)", self.page(path).text)

    @mute_logger('odoo.http')
    def test_a_withdrawn_service_is_not_shown_from_memory(self):
        self.page('/services')
        self.shown.is_published = False
        self.assertNotIn("سداد إيجار", self.page('/services').text)
        self.page(f'/services/{self.shown.id}', status=404)

    def test_each_language_is_kept_apart(self):
        self.env['res.lang']._activate_lang('ar_001')
        website = self.env['website'].search([], limit=1)
        website.language_ids |= self.env.ref('base.lang_en') | self.env['res.lang']._lang_get('ar_001')
        self.shown.with_context(lang='ar_001').description = "جزء من الإيجار"
        for __ in range(2):
            self.opener.cookies['frontend_lang'] = 'ar_001'
            arabic = self.url_open('/ar/services').text
            self.opener.cookies['frontend_lang'] = 'en_US'
            english = self.url_open('/services').text
            self.assertIn("جزء من الإيجار", arabic)
            self.assertNotIn("جزء من الإيجار", english)
            self.assertIn("A part of the rent", english)

    def test_for_whom_a_paper_holds_is_not_told(self):
        category = self.env['amlaj.beneficiary.category'].create({'name': "Sensitive (test)", 'is_sensitive': True})
        self.shown.requirement_ids[0].category_ids = category
        text = self.page(f'/services/{self.shown.id}').text
        self.assertIn("(in some cases)", text)
        self.assertNotIn("Sensitive (test)", text)

    def test_the_site_s_menu(self):
        menu = self.env.ref('amlaj_beneficiary.website_menu_services')
        self.assertEqual(menu.url, '/services')
        self.assertIn('href="/services"', self.page('/services').text)

    def test_applying_leads_through_the_login(self):
        response = self.page(f'/my/requests/new?service={self.shown.id}', status=303)
        self.assertIn('/web/login', response.headers['Location'])
        self.assertIn(f'service%3D{self.shown.id}', response.headers['Location'], "what was chosen is kept")
        self.login()
        text = self.page(f'/my/requests/new?service={self.shown.id}').text
        self.assertIn("سداد إيجار", text)
        self.assertIn('method="post" action="/my/requests/new"', text)

    def test_who_holds_several_files_chooses_first(self):
        child = self.make_file("Hind Salem Alharbi", birth_date='2020-05-05')
        self.make_mandate(child, self.holder, capacity='guardian')
        self.login()
        text = self.page(f'/my/requests/new?service={self.shown.id}').text
        self.assertIn("For whom do you apply?", text)
        self.assertIn("Hind Salem Alharbi", text)
        chosen = self.page(f'/my/requests/new?service={self.shown.id}&file={child.id}').text
        self.assertIn(f'name="file" value="{child.id}"', chosen)
        self.assertIn("For whom do you apply?", self.page('/my/requests/new?file=999999').text)

    def test_an_internal_file_is_offered_internal_services(self):
        employee = self.make_user('services_employee')
        file = self.make_file("Employee Own File", scope='internal')
        self.make_mandate(file, employee)
        self.login(employee)
        text = self.page('/my/requests/new').text
        self.assertIn("Internal (test)", text)
        self.assertNotIn("سداد إيجار", text)
