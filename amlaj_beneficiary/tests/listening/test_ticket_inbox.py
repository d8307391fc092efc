import base64
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.listening import ticket_inbox
from . import ticket_common
from .test_ticket_anonymous import MAKER, pdf

MAIL = """MIME-Version: 1.0
From: Ali Saleh <ali@example.net>
To: {to}
Subject: Opening hours
Message-Id: <{key}@example.net>
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/html; charset=utf-8

<p>When do you open?<script>alert("x")</script></p>
--b
Content-Type: application/pdf; name="letter.pdf"
Content-Disposition: attachment; filename="letter.pdf"
Content-Transfer-Encoding: base64

{pdf}
--b
Content-Type: application/octet-stream; name="run.exe"
Content-Disposition: attachment; filename="run.exe"
Content-Transfer-Encoding: base64

TVqQAAMAAAAEAAAA
--b--
"""


@tagged('post_install', '-at_install', 'amlaj')
class TestTicketInbox(ticket_common.TicketCommon):
    """A mail to the association's address becomes an enquiry, and nothing else of it is kept (R38, R41)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env['mail.alias.domain'].create({'name': 'association.example'})
        cls.env.company.alias_domain_id = cls.domain
        cls.env['res.config.settings'].create({'amlaj_inbox_alias': 'questions'}).set_values()
        cls.inbox = cls.env.ref('amlaj_beneficiary.ticket_inbox')

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def mail(self, key='1'):
        self.env['mail.thread'].message_process(False, MAIL.format(
            to=self.inbox.alias_email, key=key, pdf=base64.b64encode(pdf()).decode()))
        self.env.flush_all()
        return self.Ticket.search([('sender_email', '=', 'ali@example.net')])

    def test_a_mail_becomes_an_enquiry(self):
        messages = self.env['mail.message'].search_count([])
        partners = self.env['res.partner'].search_count([])
        ticket = self.mail()
        self.assertRecordValues(ticket, [{
            'kind': 'enquiry', 'state': 'new', 'sender_name': "Ali Saleh", 'beneficiary_id': False, 'origin': 'applicant'}])
        self.assertIn("When do you open?", ticket.text)
        self.assertTrue(ticket.text.startswith("Opening hours"))
        self.assertIn("run.exe", ticket.text)
        self.assertEqual(ticket.channel_id.code, 'letter')
        self.assertEqual(ticket.attachment_ids.sudo().mapped('name'), ['letter.pdf'])
        self.assertNotIn(MAKER.encode(), ticket.attachment_ids.sudo().raw)
        self.assertEqual(self.env['mail.message'].search_count([]), messages)
        self.assertEqual(self.env['res.partner'].search_count([]), partners)
        self.assertEqual(self.mail(), ticket, "the same mail twice is one")

    def test_a_flood_is_left_aside(self):
        with patch.object(ticket_inbox, 'MAILS_OF_SENDER', 2), \
                mute_logger('odoo.addons.amlaj_beneficiary.models.listening.ticket_inbox'):
            for rank in range(4):
                tickets = self.mail(f'flood{rank}')
        self.assertLessEqual(len(tickets), 2)

    def test_the_answer_is_a_mail_with_a_number_alone(self):
        ticket = self.mail()
        ticket.with_user(self.relations).action_answer("From eight to two.")
        sent = self.env['mail.mail'].search([('email_to', '=', 'ali@example.net')])
        self.assertIn(ticket.name, sent.subject)
        self.assertNotIn("eight", sent.body_html)
        digits = ''.join(char for char in sent.body_html.rpartition('code')[2] if char.isdigit())
        self.assertEqual(self.Ticket._opened_by_code(ticket.name, digits[:16]), ticket)

    def test_nobody_outside_the_administration_sets_the_address(self):
        for user in (self.manager, self.relations, self.holder):
            with self.subTest(user=user.login):
                self.assertFalse(self.env['amlaj.ticket.inbox'].with_user(user).has_access('read'))
