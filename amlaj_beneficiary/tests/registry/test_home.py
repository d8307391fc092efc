from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestHome(common.AmlajCommon):
    """The first screen: each number is the length of the list that it opens, for every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        relations = cls.user['relations']
        cls.draft = cls.env['amlaj.beneficiary'].with_user(relations).create({'name': "Draft One"})
        cls.make_file("Other Draft", registered=False)
        cls.file = cls.make_file("With Account", iban='SA0380000000608010167519', iban_holder="His Brother")
        cls.make_mandate(cls.file, verified=False)
        cls.env['amlaj.message']._prepare_messages([{'beneficiary_id': cls.file.id, 'body': "Call us."}])

    def tiles(self, role):
        return {tile['key']: tile for tile in self.env['amlaj.home'].with_user(self.user[role]).get_tiles()}

    def test_each_number_is_its_list(self):
        for role, user in self.user.items():
            for key, tile in self.tiles(role).items():
                action = tile['action']
                with self.subTest(role=role, tile=key):
                    rows = self.env[action['res_model']].with_user(user).web_search_read(action['domain'], {'id': {}})
                    self.assertEqual(tile['count'], rows['length'])
                    self.assertEqual(action['type'], 'ir.actions.act_window')
                    self.assertFalse(action['context'], "a default filter would show another number of rows")

    def test_what_waits_for_the_desk(self):
        tiles = self.tiles('relations')
        self.assertEqual(tiles['files_draft']['count'], 1)
        self.assertEqual(tiles['files_provisional']['count'], 1)
        self.assertEqual(tiles['mandates']['count'], 1)
        self.assertEqual(tiles['ibans']['count'], 1)
        self.assertEqual(tiles['messages']['count'], 1)

    def test_a_representative_counts_his_own_office(self):
        self.make_file("Far Away", registered=False, branch_id=self.branch2.id)
        self.assertEqual(self.tiles('representative')['files_provisional']['count'], 1)

    def test_nobody_confirms_his_own_change(self):
        self.file.with_user(self.user['relations']).iban_holder = "Her Sister"
        self.assertEqual(self.tiles('relations')['ibans']['count'], 0)
        self.assertEqual(self.tiles('manager')['ibans']['count'], 1)

    def test_other_roles_see_nothing_of_the_desk(self):
        desk = {'files_draft', 'files_provisional', 'mandates', 'ibans', 'messages'}
        for role in ('committee', 'volunteer_coordinator', 'quality', 'auditor'):
            self.assertFalse(desk & self.tiles(role).keys(), role)

    def test_the_number_of_queries_does_not_grow(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.tiles('relations')
            return self.env.cr.sql_log_count - before

        queries()  # caches of rules and groups
        few = queries()
        for number in range(5):
            self.make_file(f"Many {number}", registered=False)
        self.env.flush_all()
        self.assertEqual(queries(), few)

    def test_who_may_search_and_open(self):
        def find(role):
            return self.env['amlaj.home'].with_user(self.user[role]).get_find()
        self.assertTrue(find('relations')['may_create'])
        self.assertTrue(find('auditor')['may_search'])
        self.assertFalse(find('auditor')['may_create'])
        self.assertFalse(find('finance')['may_search'])
