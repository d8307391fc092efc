from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestContactTour(common.AmlajHttpCommon):
    """A browser, in Arabic, with the employee at the telephone: clicks are counted, nothing is typed twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.noura = cls.user['relations']
        cls.noura.lang = 'ar_001'

    def test_a_stranger_calls_and_leaves_with_a_number(self):
        self.env['amlaj.service'].create({'name': 'شتلات للتجربة', 'kind': 'in_kind'})
        self.start_tour('/odoo/waiting-for-you', 'amlaj_contact_stranger', login=self.noura.login)
        contact = self.env['amlaj.interaction'].search([('visitor_phone', '=', '+966557778899')])
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.beneficiary_id.phone, '+966557778899')
        request = contact.request_id
        self.assertTrue(request.name)
        self.assertIn('شتلات', request.description)
        self.assertEqual(request.entered_by_id, self.noura)

    def test_an_anonymous_question_in_two_clicks(self):
        for code, question in (('hours', 'متى تفتحون أبوابكم؟'), ('place', 'أين المكتب؟')):
            self.env['amlaj.faq'].create({'code': code, 'question': question, 'answer': 'من الثامنة.'}).action_approve()
        self.start_tour('/odoo/desk-tools', 'amlaj_contact_two_clicks', login=self.noura.login)
        line = self.env['amlaj.interaction.line'].search([('faq_id.code', '=', 'hours')])
        self.assertEqual((len(line), line.interaction_id.state), (1, 'closed'))
