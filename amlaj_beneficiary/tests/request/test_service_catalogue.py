import re

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ...models.request.service_questions import QUESTIONS

MODULE = 'amlaj_beneficiary'
ARABIC = re.compile('^[«0-9]*[\u0621-\u064a]')
# Words that label a person by need or by a lack (domain.md 8.4 says what to write instead).
PITY = re.compile(
    r'فقير|فقراء|معدم|مسكين|مساكين|بائس|عانس|معاق|عاجز|متسول|محتاج|محروم|'
    r'\b(poor|needy|destitute|beggars?|misery|miserable|handicapped|cripples?|helpless|unfortunate)\b',
    re.IGNORECASE)


@tagged('post_install', '-at_install', 'amlaj')
class TestServiceCatalogue(TransactionCase):
    """The shipped papers, and the two catalogues of services that are loaded by choice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('ar_001')
        cls.env['ir.module.module']._load_module_terms([MODULE], ['ar_001'])
        # A database where someone loaded them already is as good as a new one: these two loads then add nothing.
        cls.env['amlaj.service']._load_catalogue('social')
        cls.env['amlaj.service']._load_catalogue('environmental')
        cls.services = cls.env['amlaj.service'].concat(*cls.env['amlaj.service']._shipped_services().values())
        data = cls.env['ir.model.data'].search([('module', '=', MODULE), ('model', '=', 'amlaj.document.type')])
        cls.papers = cls.env['amlaj.document.type'].browse(data.mapped('res_id'))

    def test_counts(self):
        by_catalogue = self.services.grouped('catalogue')
        self.assertGreaterEqual(len(by_catalogue['social']), 15)
        self.assertGreaterEqual(len(by_catalogue['environmental']), 8)
        self.assertGreaterEqual(len(self.papers), 25)

    def test_services_are_whole(self):
        for service in self.services:
            with self.subTest(service=service.code):
                self.assertTrue(service.description)
                self.assertTrue(service.conditions)
                self.assertTrue(service.requirement_ids)
                self.assertTrue(service.question_definition)
                self.assertFalse(service.category_ids.filtered('is_sensitive'))
        self.assertEqual(set(QUESTIONS), set(self.env['amlaj.service']._shipped_services()))

    def test_what_is_added_waits_for_review(self):
        added = self.services.filtered(lambda service: service.create_date == self.env.cr.now())
        self.assertFalse(added.filtered('is_published'))

    def test_arabic_is_complete(self):
        for service in self.services.with_context(lang='ar_001'):
            with self.subTest(service=service.code):
                for text in (service.name, service.description, *service.conditions.split('\n')):
                    self.assertRegex(text, ARABIC)
        for paper in self.papers.with_context(lang='ar_001'):
            with self.subTest(paper=paper.code):
                self.assertRegex(paper.name, ARABIC)
                self.assertRegex(paper.help, ARABIC)

    def test_questions_are_arabic(self):
        for service in self.services:
            for question in service.question_definition:
                labels = [label for _value, label in question.get('selection') or []]
                for text in (question['string'], *labels):
                    self.assertRegex(text, ARABIC, f"{service.code} {question['name']}")

    def test_papers_are_whole(self):
        for paper in self.papers:
            self.assertTrue(paper.help, paper.code)
        self.assertTrue(all(paper.proof == 'seen' for paper in self.papers.filtered('identifies_person')))
        for attribute in ('identifies_person', 'has_expiry', 'max_age_days'):
            self.assertTrue(self.papers.filtered(attribute), attribute)
        self.assertEqual(set(self.papers.mapped('proof')), {'seen', 'file', 'lookup'})

    def test_no_word_of_pity(self):
        texts = {
            'amlaj.service': ['name', 'description', 'conditions', 'question_definition'],
            'amlaj.document.type': ['name', 'help'],
            'amlaj.beneficiary.category': ['name', 'description'],
            'amlaj.reason': ['name', 'letter_text'],
        }
        for model, names in texts.items():
            data = self.env['ir.model.data'].search([('module', '=', MODULE), ('model', '=', model)])
            for lang in ('en_US', 'ar_001'):
                for record in self.env[model].with_context(lang=lang).browse(data.mapped('res_id')):
                    for name in names:
                        self.assertNotRegex(str(record[name]), PITY, f"{model} {record.code}")

    def test_second_load_changes_nothing(self):
        service = self.env.ref(f'{MODULE}.service_rent')
        seedlings = self.env.ref(f'{MODULE}.service_seedlings')
        service.requirement_ids[0].unlink()
        service.write({'name': "Edited", 'is_published': True, 'question_definition': False, 'category_ids': False})
        service.with_context(lang='ar_001').name = "معدّل"
        seedlings.active = False
        papers = service.document_type_ids
        count = self.env['amlaj.service'].with_context(active_test=False).search_count([])
        lines = self.env['amlaj.service.requirement'].search_count([])
        self.assertFalse(self.env['amlaj.service']._load_catalogue('social'))
        self.assertFalse(self.env['amlaj.service']._load_catalogue('environmental'))
        self.env.invalidate_all()
        self.assertRecordValues(service, [
            {'name': "Edited", 'is_published': True, 'question_definition': [], 'document_type_ids': papers.ids}])
        self.assertEqual(service.with_context(lang='ar_001').name, "معدّل")
        self.assertFalse(seedlings.active)
        self.assertEqual(self.env['amlaj.service'].with_context(active_test=False).search_count([]), count)
        self.assertEqual(self.env['amlaj.service.requirement'].search_count([]), lines)

    def test_update_of_the_addon_leaves_them(self):
        """An update removes what is not in the manifest's data, unless it is marked ``noupdate``."""
        data = self.env['ir.model.data'].search([
            ('module', '=', MODULE),
            ('model', 'in', ['amlaj.service', 'amlaj.service.requirement', 'amlaj.document.type', 'amlaj.reason',
                             'amlaj.locality', 'amlaj.beneficiary.category']),
        ])
        self.assertGreater(len(data), 150)
        self.assertTrue(all(data.mapped('noupdate')))

    def test_managers_and_administrators_load(self):
        manager = new_test_user(self.env, 'loads_manager', groups=f'{MODULE}.group_manager')
        admin = new_test_user(self.env, 'loads_admin', groups='base.group_system')
        for user in (manager, admin):
            action = self.env['amlaj.service'].with_user(user).action_load_social_catalogue()
            self.assertEqual(action['tag'], 'display_notification')
        settings = self.env['res.config.settings'].with_user(admin).create({})
        self.assertEqual(settings.action_load_environmental_catalogue()['tag'], 'display_notification')

    def test_nobody_else_loads(self):
        for role in ('relations', 'researcher', 'committee', 'auditor'):
            user = new_test_user(self.env, f'loads_{role}', groups=f'{MODULE}.group_{role}')
            for method in ('action_load_social_catalogue', 'action_load_environmental_catalogue'):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    getattr(self.env['amlaj.service'].with_user(user), method)()
