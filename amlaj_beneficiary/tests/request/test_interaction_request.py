from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestInteractionRequest(request_common.RequestCommon):
    """A contact begins a request; a question about a request comes back to its page (R49, R50, R56)."""

    def _contact(self, user=None, **vals):
        contact = self.env['amlaj.interaction'].with_user(user or self.relations).create({
            'channel_id': self.env['amlaj.channel']._by_code('phone').id, **vals})
        contact.line_ids.create({'interaction_id': contact.id, 'question': "I need help with the rent."})
        return contact

    def told(self, request, **vals):
        """What the page tells whoever holds a mandate with ``vals``."""
        return request.sudo()._told_page(self.make_mandate(self.file, **vals).sudo())

    def test_a_stranger_leaves_with_a_number(self):
        contact = self._contact(visitor_name="Salem Ali Alharbi 0501112223")
        action = contact.action_open_request()
        request = contact.request_id
        self.assertEqual(action['res_id'], request.id)
        self.assertTrue(request.name)
        self.assertEqual((request.beneficiary_id.state, request.entered_by_id), ('provisional', self.relations))
        self.assertEqual(request.description, "I need help with the rent.")
        self.assertEqual(contact.action_open_request()['res_id'], request.id, "twice is once")
        self.assertEqual(len(request.beneficiary_id.request_ids), 1)

    def test_a_visitor_without_a_name_has_none(self):
        with self.assertRefused(UserError, "write the name"):
            self._contact(visitor_name="0501112223").action_open_request()

    def test_who_may_not(self):
        contact = self._contact(beneficiary_id=self.file.id)
        for role in ('auditor', 'privacy_officer', 'researcher'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                contact.with_user(self.user[role]).action_open_request()

    def test_a_question_about_a_request_and_its_answer(self):
        request = self.make_request()
        referral = self.env['amlaj.referral'].with_user(self.relations).create({
            'request_id': request.id, 'question': "Is the lease enough?"})
        self.assertEqual((referral.beneficiary_id, referral.branch_id), (self.file, self.file.branch_id))
        state = request.state
        referral.with_user(self.user['researcher']).action_answer("It is.")
        self.assertEqual(request.state, state, "the file does not start again")
        told = self.told(request)
        self.assertEqual([item['answer'] for item in told['questions']], ["It is."])
        body = request.sudo().message_out_ids[:1].body
        self.assertIn(request.name, body)
        self.assertNotIn("lease", body)

    def test_the_page_asks_when_we_may_call(self):
        request = self.make_request()
        self.assertIn('/my/file/change/reach', self.told(request)['hours_url'])
        self.assertFalse(self.told(request, may_apply=False)['hours_url'])
        self.file.hours_to_call = "After noon"
        self.assertFalse(self.told(request)['hours_url'])

    def test_a_request_of_another_office_is_not_named(self):
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        request = self.ask(file=far)
        representative = self.user['representative']
        for model, vals in (('amlaj.referral', {'question': "x"}),
                            ('amlaj.interaction', {'channel_id': self.interview.id})):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(representative).create({'request_id': request.id, **vals})
