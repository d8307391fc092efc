from odoo.fields import Command
from odoo.tests import tagged

from . import ticket_common


@tagged('post_install', '-at_install', 'amlaj')
class TestTicketTour(ticket_common.TicketHttpCommon):
    """Writing to the association in a browser of 360 px, in Arabic: a stranger, one without a name, one with an account."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env['website'].search([], limit=1)
        arabic = cls.env['res.lang']._activate_lang('ar_001')
        website.write({'language_ids': [Command.set(arabic.ids)], 'default_lang_id': arabic.id})
        cls.holder.lang = 'ar_001'

    def walk(self, tour, path, user=None):
        self.env.flush_all()
        self.start_tour(path, f'amlaj_ticket_{tour}', login=user and user.login, timeout=180)
        self.env.invalidate_all()

    def test_a_stranger_asks(self):
        self.walk('help', '/help')
        self.assertRecordValues(self.Ticket.search([], limit=1), [{
            'kind': 'enquiry', 'text': 'متى يفتح المكتب؟', 'sender_name': 'علي', 'sender_phone': '+966551112223'}])

    def test_a_complaint_without_a_name(self):
        self.walk('anonymous', '/help')
        ticket = self.Ticket.search([], limit=1)
        self.assertRecordValues(ticket, [{
            'kind': 'complaint', 'about_kind': 'employee', 'about_text': 'موظف النافذة الثانية', 'is_anonymous': True,
            'lane': 'quality', 'state': 'new'}])
        self.assertEqual(ticket.attachment_ids.sudo().mapped('name'), ['1.jpg'])
        self.assertEqual([turn['text'] for turn in ticket.exchange], ['كان ذلك يوم الأحد'])

    def test_ones_own_pages(self):
        self.walk('mine', '/my/tickets', self.holder)
        ticket = self.Ticket.search([], limit=1)
        self.assertEqual((ticket.kind, ticket.sender_id, ticket.beneficiary_id), ('suggestion', self.holder, self.file))
        ticket.with_user(self.relations).action_answer('شكراً لكم على اقتراحكم.')
        self.walk('answered', '/my/tickets', self.holder)
        self.assertEqual(ticket.state, 'open')
