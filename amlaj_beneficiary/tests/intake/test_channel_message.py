from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestChannelMessage(common.AmlajCommon):
    """The policy's eight channels stay; a message is sent once, by the desk, and nobody changes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file(phone='0501234567')
        cls.Channel = cls.env['amlaj.channel']

    def _message(self, **vals):
        return self.env['amlaj.message']._prepare_messages([
            {'beneficiary_id': self.file.id, 'body': "26-01234: https://example.org", **vals}])

    # ------------------------------------------------------------
    # Channels
    # ------------------------------------------------------------

    def test_the_policys_eight_are_there_in_its_order(self):
        shipped = self.Channel.search([('code', '!=', False)])
        self.assertEqual(tuple(shipped.mapped('code')), self.Channel._policy_codes())
        self.assertEqual(self.Channel._by_code('phone').name, "Phone calls")

    def test_they_are_renamed_but_not_removed(self):
        phone = self.Channel._by_code('phone').with_user(self.user['manager'])
        phone.name = "Calls"
        phone.sequence = 5
        for attempt in (phone.unlink, phone.action_archive, lambda: phone.write({'code': 'other'}),
                        lambda: phone.write({'active': False}), lambda: phone.write({'code': False})):
            with self.assertRaises(UserError):
                attempt()
        self.assertTrue(phone.active)

    def test_a_channel_of_ones_own_comes_and_goes(self):
        own = self.Channel.with_user(self.user['manager']).create({'name': "Market stand"})
        own.action_archive()
        own.unlink()
        with self.assertRaises(AccessError):
            self.Channel.with_user(self.user['relations']).create({'name': "X"})

    # ------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------

    def test_a_message_is_sent_once(self):
        message = self._message()
        self.assertEqual(message.state, 'ready')
        mine = message.with_user(self.user['relations'])
        self.file.preferred_channel_id = self.Channel._by_code('phone')
        mine.action_mark_sent()
        self.assertEqual(
            (message.state, message.sent_by_id, message.channel_id.code), ('sent', self.user['relations'], 'phone'))
        self.assertTrue(message.sent_at)
        for again in (mine.action_mark_sent, mine.action_open_chat):
            with self.assertRaises(UserError):
                again()

    def test_the_channel_may_be_another(self):
        message = self._message()
        message.with_user(self.user['representative']).action_mark_sent(self.Channel._by_code('interview').id)
        self.assertEqual(message.channel_id.code, 'interview')
        other = self._message()
        other.with_user(self.user['representative']).action_mark_sent(987654321)
        self.assertEqual(other.state, 'sent')
        self.assertFalse(other.channel_id)

    def test_only_the_desk_sends(self):
        for role, user in self.user.items():
            message = self._message().with_user(user)
            with self.subTest(role=role):
                if role in ('representative', 'relations', 'manager'):
                    message.action_mark_sent()
                    self.assertEqual(message.sudo().state, 'sent')
                else:
                    with self.assertRaises(AccessError):
                        message.action_mark_sent()

    def test_nobody_writes_to_himself(self):
        self.make_mandate(self.file, self.user['relations'])
        message = self._message().with_user(self.user['relations'])
        for attempt in (message.action_mark_sent, message.action_open_chat):
            with self.assertRaises(AccessError):
                attempt()

    def test_nobody_invents_or_changes_a_message(self):
        message = self._message()
        for role, user in self.user.items():
            with self.subTest(role=role):
                for attempt in (
                    lambda u=user: message.with_user(u).write({'body': "x"}),
                    lambda u=user: message.with_user(u).unlink(),
                    lambda u=user: message.with_user(u).create({'beneficiary_id': self.file.id, 'body': "x"}),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_the_chat_opens_with_the_text(self):
        action = self._message().with_user(self.user['relations']).action_open_chat()
        self.assertEqual(action['url'], "https://wa.me/966501234567?text=26-01234%3A%20https%3A//example.org")
        self.file.phone = False
        with self.assertRaises(UserError):
            self._message().with_user(self.user['relations']).action_open_chat()
