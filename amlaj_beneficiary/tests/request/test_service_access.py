from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

MODULE = 'amlaj_beneficiary'
MODELS = ['amlaj.service', 'amlaj.service.requirement', 'amlaj.document.type']
ROLES = [
    'representative', 'relations', 'researcher', 'committee', 'delivery', 'volunteer_coordinator', 'privacy_officer',
    'quality', 'finance', 'auditor',
]


@tagged('post_install', '-at_install', 'amlaj')
class TestServiceAccess(TransactionCase):
    """Who reads and who changes services and papers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.papers = cls.env['amlaj.document.type'].create([{'name': "Shown"}, {'name': "Hidden"}])
        category = cls.env['amlaj.beneficiary.category'].create({'name': "Someone", 'is_sensitive': True})
        cls.published, cls.draft, cls.internal = cls.env['amlaj.service'].create([
            {'name': "Published", 'is_published': True, 'requirement_ids': [Command.create({
                'document_type_id': cls.papers[0].id, 'category_ids': [Command.set(category.ids)]})]},
            {'name': "Draft", 'document_type_ids': [Command.set(cls.papers[1].ids)]},
            {'name': "Internal", 'is_published': True, 'beneficiary_scope': 'internal',
             'document_type_ids': [Command.set(cls.papers[1].ids)]},
        ])
        cls.services = cls.published | cls.draft | cls.internal
        cls.portal = new_test_user(cls.env, 'service_portal', groups='base.group_portal')

    def test_roles_read_and_do_not_write(self):
        records = [self.draft, self.draft.requirement_ids, self.papers[1]]
        for role in ROLES:
            user = new_test_user(self.env, f'service_{role}', groups=f'{MODULE}.group_{role}')
            for record in records:
                with self.subTest(role=role, model=record._name):
                    record = record.with_user(user)
                    self.assertTrue(record.read(['display_name', 'sequence']))
                    for operation in ('write', 'create', 'unlink'):
                        self.assertFalse(record.has_access(operation))
                    with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                        record.write({'sequence': 1})

    def test_questions_are_not_changed_through_a_sample(self):
        relations = new_test_user(self.env, 'service_asks', groups=f'{MODULE}.group_relations')
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.draft.with_user(relations).question_sample = [
                {'name': 'q', 'type': 'char', 'string': "Q", 'definition_changed': True}]

    def test_manager_changes_everything(self):
        manager = new_test_user(self.env, 'service_manager', groups=f'{MODULE}.group_manager')
        paper = self.env['amlaj.document.type'].with_user(manager).create({'name': "Form"})
        service = self.env['amlaj.service'].with_user(manager).create({
            'name': "New", 'document_type_ids': [Command.link(paper.id)]})
        service.requirement_ids.is_required = False
        service.copy()
        service.unlink()

    def test_clerk_outside_the_app_reads_nothing(self):
        clerk = new_test_user(self.env, 'service_clerk', groups='base.group_user')
        for model in MODELS:
            self.assertFalse(self.env[model].with_user(clerk).has_access('read'))

    def test_portal_finds_what_is_published_for_outsiders(self):
        Service = self.env['amlaj.service'].with_user(self.portal)
        self.assertEqual(Service.search([('id', 'in', self.services.ids)]), self.published)
        self.assertEqual(
            self.env['amlaj.document.type'].with_user(self.portal).search([('id', 'in', self.papers.ids)]),
            self.papers[0])
        lines = self.env['amlaj.service.requirement'].with_user(self.portal).search([
            ('service_id', 'in', self.services.ids)])
        self.assertEqual(lines, self.published.requirement_ids)
        for hidden in (self.draft, self.internal):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                hidden.with_user(self.portal).read(['name'])
        self.published.active = False
        self.assertFalse(Service.with_context(active_test=False).search([('id', 'in', self.services.ids)]))
        self.assertFalse(lines.search([('service_id', 'in', self.services.ids)]))

    def test_portal_reads_listed_fields_only(self):
        service = self.published.with_user(self.portal)
        self.assertEqual(service.read(['name', 'document_type_ids'])[0]['document_type_ids'], self.papers[0].ids)
        for record, fname in [
            (service, 'decided_by'), (service, 'ceiling_amount'), (service, 'category_ids'),
            (service.requirement_ids, 'category_ids'),
        ]:
            with self.subTest(fname=fname), self.assertRaises(AccessError), mute_logger('odoo.orm.models'):
                record.read([fname])
        with self.assertRaises(AccessError), mute_logger('odoo.orm.models'):
            service.search([('ceiling_amount', '>', 0)])
        self.assertFalse(service.has_access('write'))
