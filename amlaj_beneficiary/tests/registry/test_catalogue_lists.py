from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

MODULE = 'amlaj_beneficiary'
ROLES = [
    'representative', 'relations', 'researcher', 'committee', 'delivery', 'volunteer_coordinator', 'privacy_officer',
    'quality', 'finance', 'auditor',
]
LISTS = ['amlaj.locality', 'amlaj.beneficiary.category', 'amlaj.reason']


@tagged('post_install', '-at_install', 'amlaj')
class TestCatalogueLists(TransactionCase):
    """What ships of localities, categories and reasons, and who may change it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('ar_001')
        cls.env['ir.module.module']._load_module_terms([MODULE], ['ar_001'])

    def _shipped(self, model):
        data = self.env['ir.model.data'].search([('module', '=', MODULE), ('model', '=', model)])
        return self.env[model].browse(data.mapped('res_id')).exists()

    def test_counts(self):
        by_kind = self._shipped('amlaj.reason').grouped('kind')
        self.assertGreaterEqual(len(by_kind['refusal']), 12)
        self.assertGreaterEqual(len(by_kind['suspension']), 10)
        self.assertTrue(by_kind['cancellation'])
        self.assertTrue(by_kind['delivery_failure'])
        self.assertGreaterEqual(len(self._shipped('amlaj.locality')), 10)
        self.assertTrue(self._shipped('amlaj.beneficiary.category').filtered('is_sensitive'))

    def test_arabic_is_complete(self):
        for model, names in [
            ('amlaj.locality', ['name']),
            ('amlaj.beneficiary.category', ['name', 'description']),
            ('amlaj.reason', ['name', 'letter_text']),
        ]:
            for record in self._shipped(model).with_context(lang='ar_001'):
                for name in names:
                    self.assertRegex(record[name], '^[«0-9]*[\u0621-\u064a]', f"{model} {record.code}: {name}")

    def test_letters_are_whole_sentences(self):
        for lang in ('en_US', 'ar_001'):
            for reason in self._shipped('amlaj.reason').with_context(lang=lang):
                self.assertTrue(reason.letter_text.endswith('.'), reason.code)
                self.assertNotEqual(reason.letter_text, reason.name)

    def test_expired_or_missing_papers_refuse_and_suspend_nobody(self):
        for reason in self._shipped('amlaj.reason').filtered(lambda r: r.kind in ('refusal', 'suspension')):
            for word in ("missing", "expired", "incomplete"):
                self.assertNotIn(word, f"{reason.name} {reason.letter_text}".lower(), reason.code)

    def test_code_is_unique_and_may_be_empty(self):
        Reason = self.env['amlaj.reason']
        vals = {'name': "A", 'letter_text': "A.", 'kind': 'refusal'}
        Reason.create([dict(vals), dict(vals), dict(vals, code='mine')])
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            Reason.create(dict(vals, code='mine'))

    def test_shipped_is_archived_not_deleted(self):
        reason = self.env.ref(f'{MODULE}.reason_refusal_outside_area')
        with self.assertRaises(UserError) as refused:
            reason.unlink()
        self.assertIn(reason.name, str(refused.exception))
        reason.active = False
        own = self.env['amlaj.reason'].create({'name': "Own", 'letter_text': "Own.", 'kind': 'refusal'})
        own.unlink()
        self.env.ref(f'{MODULE}.locality_markh').unlink()
        self.assertFalse(own.exists())

    def test_every_role_reads_and_only_managers_write(self):
        for role in ROLES:
            user = new_test_user(self.env, f'catalogue_{role}', groups=f'{MODULE}.group_{role}')
            for model in LISTS:
                with self.subTest(role=role, model=model):
                    record = self._shipped(model)[0].with_user(user)
                    self.assertTrue(record.name)
                    for operation in (
                        lambda record=record: record.write({'name': "X"}),
                        lambda record=record: record.copy(),
                        lambda record=record: record.unlink(),
                    ):
                        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                            operation()
        manager = new_test_user(self.env, 'catalogue_manager', groups=f'{MODULE}.group_manager')
        for model in LISTS:
            record = self._shipped(model)[0].with_user(manager)
            record.name = "Renamed"
            self.assertEqual(record.name, "Renamed")

    def test_others_read_nothing(self):
        users = [
            new_test_user(self.env, 'catalogue_clerk', groups='base.group_user'),
            new_test_user(self.env, 'catalogue_portal', groups='base.group_portal'),
        ]
        for user in users:
            for model in LISTS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access('read'))
