from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .. import common
from . import interaction_common


@tagged('post_install', '-at_install', 'amlaj')
class TestTools(interaction_common.InteractionBuilders, common.AmlajCommon):
    """The employee's tools on one screen."""

    def tools(self, *args, role='relations'):
        return self.env['amlaj.desk'].with_user(self.user[role]).get_tools(*args)

    def test_what_is_shipped_are_drafts_to_approve(self):
        shipped = self.env['ir.model.data'].search([('module', '=', 'amlaj_beneficiary')])
        for model, least in (('amlaj.faq', 30), ('amlaj.notion', 15)):
            texts = self.env[model].browse(shipped.filtered(lambda row, model=model: row.model == model).mapped('res_id'))
            self.assertGreaterEqual(len(texts), least)
            self.assertEqual(set(texts.mapped('state')), {'draft'})
            arabic = texts.with_context(lang='ar_001')
            field = 'answer' if model == 'amlaj.faq' else 'correction'
            for text, translated in zip(texts, arabic, strict=True):
                self.assertRegex(translated[field], '[\u0621-\u064a]', text.code)
        self.assertFalse(self.tools()['faqs'])

    def test_found_in_any_spelling(self):
        self.make_faq('hours', question="متى تفتحون أبوابكم؟", answer="من الثامنة.")
        self.make_faq('place', question="أين المكتب؟", answer="على الكورنيش.")
        for text, found in (('ابوابكم', 1), ('المَكتَب', 1), ('', 2), ('لا يوجد', 0), ([1], 2), (None, 2)):
            with self.subTest(text=text):
                self.assertEqual(len(self.tools(text)['faqs']), found)

    def test_a_contact_of_another_office_is_not_named(self):
        contact = self.make_contact(beneficiary_id=self.make_file("Far Person", branch_id=self.branch2.id).id)
        self.assertEqual(self.tools('', contact.id)['contact']['id'], contact.id)
        self.assertFalse(self.tools('', contact.id, role='representative')['contact'])
        for word in ('x', -1, 2 ** 63, [contact.id]):
            self.assertFalse(self.tools('', word)['contact'])
        contact.action_close()
        self.assertFalse(self.tools('', contact.id)['contact'])

    def test_services_and_documents(self):
        self.env['amlaj.service'].create({'name': "Seedlings (test)", 'conditions': "A garden\nWater"})
        [service] = self.tools('seedlings test')['services']
        self.assertEqual(service['conditions'], ["A garden", "Water"])
        self.assertEqual({row['kind'] for row in self.tools()['documents']},
                         {'bylaw', 'research_guide', 'support_policy', 'request_form', 'rights'})
        for role in ('finance', 'committee', 'delivery'):
            self.assertFalse(any(self.tools(role=role).values()))

    def test_the_cost_is_the_same_for_many(self):
        def cost():
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.tools()
            return self.cr.sql_log_count - start
        self.make_faq('first')
        cost()
        few = cost()
        for rank in range(10):
            self.make_faq(f'more-{rank}')
        self.assertEqual(cost(), few)

    def test_a_document_in_versions(self):
        manager = self.user['manager']
        rights = self.env.ref('amlaj_beneficiary.guide_rights').with_user(manager)
        self.assertFalse(rights._rights_version())
        rights.action_approve()
        self.assertEqual(rights._rights_version(), '1')
        draft = rights.browse(rights.action_new_version()['res_id'])
        draft.text = "One line."
        draft.action_approve()
        self.assertEqual(rights._rights_version(), '2')
        self.assertEqual(rights.state, 'superseded')
        with self.assertRefused(ValidationError, "https"):
            draft.create({'kind': 'bylaw', 'name': "Bylaw", 'link': 'javascript:1'})
        with self.assertRaises(AccessError):
            draft.with_user(self.relations).action_new_version()
        with self.assertRefused(ValidationError, "."):
            draft.create({'kind': 'bylaw', 'name': "Bylaw", 'file': 'PHNjcmlwdD4=', 'file_name': 'a.pdf'})


@tagged('post_install', '-at_install', 'amlaj')
class TestPoliciesPages(interaction_common.InteractionBuilders, common.AmlajHttpCommon):
    """What everybody may read without a login."""

    def test_rights_once_approved(self):
        page = self.url_open('/policies')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("You are received with courtesy", page.text)
        self.env.ref('amlaj_beneficiary.guide_rights').action_approve()
        self.env['amlaj.guide'].create({
            'kind': 'bylaw', 'name': "Our bylaw", 'link': 'https://example.com/bylaw.pdf'}).action_approve()
        page = self.url_open('/policies').text
        self.assertIn("You are received with courtesy", page)
        self.assertIn('https://example.com/bylaw.pdf', page)

    def test_answers_once_approved(self):
        faq = self.make_faq(approved=False)
        self.assertEqual(self.url_open(f'/answers/{faq.code}').status_code, 404)
        faq.action_approve()
        self.assertIn(faq.answer, self.url_open(f'/answers/{faq.code}').text)
        self.assertIn(faq.question, self.url_open('/answers').text)
        for code in ('none', 'a' * 200, '%20', "x' or '1", 'ABC'):
            with self.subTest(code=code):
                self.assertEqual(self.url_open(f'/answers/{code}', allow_redirects=False).status_code // 100, 4)
