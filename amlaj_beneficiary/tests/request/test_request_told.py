from odoo.tests import tagged

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestTold(request_common.RequestCommon):
    """What the applicant's page says of a request, state by state."""

    def told(self, request, door='portal'):
        return request.sudo()._told(door)

    def test_draft(self):
        told = self.told(self.ask())
        self.assertEqual(told['state_text'], "Draft, not sent yet")
        self.assertEqual([item['code'] for item in told['missing']], ['paper_missing', 'declaration'])
        self.assertFalse(told['needs_nothing'])
        self.assertEqual([step['is_now'] for step in told['steps']], [True, False, False, False])
        self.assertFalse(told['result'])
