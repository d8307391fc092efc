from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import tagged

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestLate(request_common.RequestCommon, MockEmail):
    """Every week owner and managers hear what is late, by number and link (R23, R64)."""

    def setUp(self):
        super().setUp()
        self.env['amlaj.request'].search([]).stage_due = False
        self.owner = self.make_user('late_owner', 'relations')
        self.late, self.other, self.in_time = (self.make_request('submitted') for _ in range(3))
        (self.late | self.other).sudo().stage_due = '2020-01-01'
        self.late.sudo().user_id = self.owner
        (self.other | self.in_time).sudo().user_id = self.user['relations']

    def sent(self):
        """``{user: mail}`` of what the cron sends."""
        before = self.env['mail.message'].search([], order='id desc', limit=1).id
        self.env['amlaj.request']._cron_tell_late()
        messages = self.env['mail.message'].search([('id', '>', before), ('message_type', '=', 'user_notification')])
        return {message.notified_partner_ids.user_ids or message.partner_ids.user_ids: message for message in messages}

    def test_the_owner_hears_of_his_and_the_manager_of_all(self):
        sent = self.sent()
        self.assertIn(self.late.name, sent[self.owner].body)
        self.assertNotIn(self.other.name, sent[self.owner].body)
        self.assertIn(self.other.name, sent[self.user['relations']].body)
        for request in (self.late, self.other):
            self.assertIn(request.name, sent[self.user['manager']].body)
        for message in sent.values():
            self.assertNotIn(self.in_time.name, message.body)
        self.assertIn(f'/{self.late.id}"', sent[self.owner].body)

    def test_no_name_and_no_matter(self):
        for message in self.sent().values():
            for secret in (self.file.name, self.file.family_name or "Alharbi", self.service.name, self.late.description):
                self.assertNotIn(secret, message.body + message.subject)
            self.assertNotIn(self.late.name, message.subject)

    def test_the_mail_is_ours_and_reads_as_its_reader_does(self):
        self.env['res.lang']._activate_lang('ar_001')
        self.owner.lang = 'ar_001'
        self.env.flush_all()  # Odoo asks for the recipients' languages in SQL
        before = self.env['mail.mail'].sudo().search([], order='id desc', limit=1).id or 0
        with self.mock_mail_gateway():
            self.env['amlaj.request']._cron_tell_late()
        mails = {mail.recipient_ids.user_ids: mail for mail in self.env['mail.mail'].sudo().search([('id', '>', before)])}
        for user, direction in ((self.owner, 'rtl'), (self.user['relations'], 'ltr')):
            body = mails[user].body_html
            self.assertIn(f'dir="{direction}"', body)
            self.assertIn(self.env.company.name, body)
            self.assertNotIn("Your document", body)

    def test_who_has_no_address_is_not_mailed(self):
        self.owner.email = False
        self.assertNotIn(self.owner, self.sent())
        self.assertIn(self.user['manager'], self.sent())

    def test_nothing_late_nothing_sent(self):
        (self.late | self.other).sudo().stage_due = False
        self.assertFalse(self.sent())
