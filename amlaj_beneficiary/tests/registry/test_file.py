from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestFile(common.AmlajCommon):
    """What a file asks of what is typed into it, and its states."""

    def test_a_complete_file_is_registered(self):
        file = self.make_file(registered=False)
        self.assertEqual(file.state, 'provisional')
        file = file.with_user(self.user['relations'])
        file.action_match_identity()
        file.action_register()
        self.assertEqual(file.state, 'registered')
        self.assertTrue(file.registered_at)
