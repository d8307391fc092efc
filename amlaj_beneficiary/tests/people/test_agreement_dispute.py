from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import people_common


@tagged('post_install', '-at_install', 'amlaj')
class TestAgreementDispute(people_common.PeopleCommon):
    """What the other party of an agreement disputes is answered by somebody else than who keeps the agreement (R6, R14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.env['amlaj.agreement'].with_user(cls.coordinator).create({
            'kind': 'partner', 'title': "The hall", 'party_name': "The school", 'party_phone': '0501234567',
            'text': "The hall is given every Wednesday."})

    def dispute(self, text="You left the hall dirty.", user=None):
        return self.env['amlaj.agreement.step'].with_user(user or self.coordinator).create({
            'agreement_id': self.agreement.id, 'step': 'dispute', 'text': text}).action_confirm()

    def test_a_dispute_is_a_complaint_with_a_number(self):
        with self.assertRefused(UserError, "Only what was signed"):
            self.dispute()
        self.agreement.action_note_paper("The headmaster")
        answer = self.dispute()
        ticket = self.env['amlaj.ticket'].search([('agreement_id', '=', self.agreement.id)])
        self.assertRecordValues(ticket, [{
            'kind': 'complaint', 'lane': 'quality', 'text': "You left the hall dirty.", 'origin': 'staff',
            'sender_name': "The school", 'sender_phone': '+966501234567', 'state': 'new', 'user_id': False}])
        self.assertIn(ticket.name, answer['params']['message'])
        self.assertTrue(ticket.due_date)
        self.assertEqual(self.agreement.dispute_count, 1)
        self.assertEqual(self.agreement.with_user(self.user['manager']).dispute_ids, ticket)
        self.agreement.party_phone = "ask at the gate"
        self.dispute("Again.")
        again = self.env['amlaj.ticket'].search([('agreement_id', '=', self.agreement.id)], limit=1)
        self.assertFalse(again.sender_phone, "a number that cannot be called stops nobody")
        ticket.with_user(self.user['quality']).action_answer("We cleaned it the next day.")
        self.assertEqual(ticket.state, 'answered')

    def test_who_keeps_the_agreement_does_not_answer(self):
        self.agreement.action_note_paper("The headmaster")
        self.dispute()
        ticket = self.env['amlaj.ticket'].search([('agreement_id', '=', self.agreement.id)])
        for door in (lambda: ticket.with_user(self.coordinator).read(['text']),
                     lambda: ticket.with_user(self.coordinator).action_answer("x"),
                     lambda: self.agreement.read(['dispute_ids']),
                     lambda: self.agreement.write({'dispute_ids': [(5,)]})):
            with self.assertRaises(AccessError):
                door()
        for role in ('relations', 'auditor', 'quality', 'finance'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.agreement.with_user(self.user[role]).action_dispute("x")
        for text in ('', '  ', None, 5, 'x' * 5000):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.agreement.action_dispute(text)
