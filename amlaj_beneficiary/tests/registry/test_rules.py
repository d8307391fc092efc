from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestRules(common.AmlajCommon):
    """Who sees which rows; the generic tests hold for the models of every room."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.make_file("Own Person")
        cls.far = cls.make_file("Far Person", branch_id=cls.branch2.id)
        cls.guarded = [
            name for name, Model in cls.env.registry.items()
            if not Model._abstract and not Model._transient and issubclass(Model, cls.env.registry['amlaj.guarded'])]
        for file in (cls.own, cls.far):
            file.member_ids = [Command.create({'name': "A son", 'relationship': 'child'})]
            file.consent_ids = [Command.create({'purpose': 'awareness'})]
            cls.make_mandate(file)
            cls.env['amlaj.message']._prepare_messages([{'beneficiary_id': file.id, 'body': "12345"}])

    def test_no_role_sees_all_by_omission(self):
        """A role that may read a model with files behind it, but that no rule names, would see every row."""
        rules = self.env['ir.rule'].search([('model_id.model', 'in', self.guarded)])
        for model in self._models_of_cases():
            mine = rules.filtered(lambda rule, model=model: rule.model_id.model == model)
            with self.subTest(model=model):
                self.assertTrue(
                    mine.filtered(lambda rule: self.env.ref('base.group_user') in rule.groups and rule.perm_read),
                    f"{model} needs a rule for base.group_user that shows nothing; each role's rule opens its rows.")

    def _models_of_cases(self):
        """The guarded models whose records belong to a person's file, straight or through another."""
        cases, count = {'amlaj.beneficiary'}, 0
        while len(cases) > count:
            count = len(cases)
            cases.update(
                model for model in self.guarded for field in self.env[model]._fields.values()
                if field.type == 'many2one' and field.required and field.comodel_name in cases)
        self.assertIn('amlaj.request', cases)
        return sorted(cases)

    def test_no_rule_asks_the_clients_clock(self):
        rules = self.env['ir.rule'].search([('model_id.model', '=like', 'amlaj.%')])
        self.assertTrue(rules)
        for rule in rules:
            with self.subTest(rule=rule.name):
                self.assertNotRegex(
                    rule.domain_force or '', r"""['"](?:today|now)\b""",
                    "'today' in a rule is the day of the time zone that the client sends: search a field of the model, "
                    "as mandates do with is_valid.")
                self.assertNotIn('.ids', rule.domain_force or '', "Domains are cached per user.")

    def test_an_employee_without_a_role_sees_nothing(self):
        outsider = self.make_user('amlaj_outsider')
        for name, Model in self.env.registry.items():
            if name.startswith('amlaj.') and not Model._abstract and not Model._transient:
                with self.subTest(model=name):
                    self.assertFalse(self.env[name].with_user(outsider).has_access('read'))
                    with self.assertRaises(AccessError):
                        self.env[name].with_user(outsider).search_count([])

    def test_a_representative_sees_his_offices_only(self):
        user = self.user['representative']
        for name in ('amlaj.beneficiary', 'amlaj.household.member', 'amlaj.mandate', 'amlaj.consent', 'amlaj.message'):
            with self.subTest(model=name):
                seen = self.env[name].with_user(user).search([])
                self.assertIn(self.own, seen.sudo()._file())
                self.assertEqual(seen.sudo()._file().branch_id, self.branch)
                everything = self.env[name].search([])
                self.assertIn(self.far, everything._file())
                with self.assertRaises(AccessError):
                    (everything - seen.sudo()).with_user(user).read(['display_name'])
                counted = sum(row[-1] for row in self.env[name].with_user(user)._read_group([], ['id'], ['__count']))
                self.assertEqual(counted, len(seen))

    def test_a_removed_representative_sees_nothing_at_once(self):
        Files = self.env['amlaj.beneficiary'].with_user(self.user['representative'])
        self.assertIn(self.own.id, Files.search([]).ids)
        self.branch.representative_ids -= self.user['representative']
        self.assertFalse(Files.search([]))
        with self.assertRaises(AccessError):
            Files.browse(self.own.id).name  # noqa: B018

    def test_a_representative_writes_nothing_elsewhere(self):
        representative = self.user['representative']
        for attempt in (
            lambda: self.far.with_user(representative).write({'phone': '0551234567'}),
            lambda: self.far.with_user(representative).action_register(),
            lambda: self.far.mandate_ids.with_user(representative).action_verify(),
            lambda: self.env['amlaj.message'].search([
                ('beneficiary_id', '=', self.far.id)]).with_user(representative).action_mark_sent(),
            lambda: self.env['amlaj.household.member'].with_user(representative).create({
                'beneficiary_id': self.far.id, 'name': "X", 'relationship': 'child'}),
            lambda: self.env['amlaj.beneficiary'].with_user(representative).create({
                'name': "X", 'identity_number': self.next_identity(), 'branch_id': self.branch2.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_roles_add_up(self):
        both = self.make_user('amlaj_both', 'representative', 'relations')
        seen = self.env['amlaj.beneficiary'].with_user(both).search([])
        self.assertLessEqual({self.own.id, self.far.id}, set(seen.ids))

    def test_committee_and_delivery_see_no_file_before_it_is_theirs(self):
        for role in ('committee', 'delivery'):
            with self.subTest(role=role):
                self.assertFalse(self.env['amlaj.beneficiary'].with_user(self.user[role]).search([]))
                with self.assertRaises(AccessError):
                    self.own.with_user(self.user[role]).read(['name'])
