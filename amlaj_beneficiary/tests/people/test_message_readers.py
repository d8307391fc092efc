from odoo.tests import tagged

from ..listening import ticket_common


@tagged('post_install', '-at_install', 'amlaj')
class TestMessageReaders(ticket_common.TicketCommon):
    """News for a stranger who wrote to us are the desk's; the volunteer coordinator reads what goes to people who help."""

    def test_each_reads_his_own(self):
        written = self.visit(name="Saad", phone='0551112233')[0]
        written.with_user(self.relations).action_answer("Tomorrow at nine.")
        message = self.env['amlaj.message'].search([('ticket_id', '=', written.id)])
        self.assertTrue(message and not message.beneficiary_id)
        application = self.env['amlaj.volunteer.application'].create({
            'name': "Reem Saad", 'phone': '0551234567', 'birth_date': '1990-01-01'})
        other = self.env['amlaj.message'].create({'application_id': application.id, 'body': "Welcome"})
        for role, expected in {'relations': message, 'manager': message, 'volunteer_coordinator': other}.items():
            with self.subTest(role=role):
                found = self.env['amlaj.message'].with_user(self.user[role]).search([('id', 'in', (message | other).ids)])
                self.assertEqual(found.sudo(), expected)
