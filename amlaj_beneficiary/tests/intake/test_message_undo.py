from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common

STATE = ('state', 'call_from', 'is_unclear', 'channel_id', 'sent_by_id', 'sent_at', 'reached_at', 'missed')


@tagged('post_install', '-at_install', 'amlaj')
class TestMessageUndo(common.AmlajCommon):
    """A mistaken tap is taken back by whoever made it, for a quarter of an hour; the attempt stays, marked (R22, R61)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file(phone='0501234567')
        cls.relations = cls.user['relations']

    def message(self):
        return self.env['amlaj.message']._prepare_messages([
            {'beneficiary_id': self.file.id, 'body': "26-01234"}]).with_user(self.relations)

    def state(self, message):
        return [message.sudo()[name] for name in STATE]

    def test_told_by_mistake(self):
        message = self.message()
        before = self.state(message)
        answer = message.action_spoken()
        self.assertEqual((answer['tag'], answer['params']['ids']), ('amlaj_noted', message.ids))
        self.assertIn(',withdraw_attempt,', message.allowed_actions)
        message.action_withdraw_attempt()
        self.assertEqual(self.state(message), before)
        [attempt] = message.attempt_ids
        self.assertEqual((attempt.outcome, attempt.user_id), ('spoken', self.relations))
        self.assertTrue(attempt.withdrawn_at)
        self.assertIn(message, message.search(message._to_call_domain()))
        message.action_spoken()
        self.assertTrue(message.reached_at)
        self.assertEqual(len(message.attempt_ids), 2)

    def test_a_chat_and_a_letter(self):
        message = self.message()
        message.action_record_attempt('chat', 'sent')
        sent = self.state(message)
        self.assertEqual(message.state, 'sent')
        message.action_withdraw_attempt()
        self.assertEqual(message.state, 'ready')
        self.assertNotEqual(self.state(message), sent)

    def test_the_third_miss_takes_its_visit_along(self):
        message = self.message()
        for _ in range(3):
            message.action_no_answer()
        self.assertEqual(len(self.file.activity_ids), 1)
        message.action_withdraw_attempt()
        self.assertFalse(self.file.activity_ids)
        self.assertEqual(message.missed, 2)
        message.action_no_answer()
        self.assertEqual(len(self.file.activity_ids), 1)

    def test_another_cannot(self):
        message = self.message()
        message.action_spoken()
        for role, user in self.user.items():
            if role == 'relations':
                continue
            is_desk = role in ('representative', 'manager')
            with self.subTest(role=role), self.assertRaises(UserError if is_desk else AccessError):
                message.with_user(user).action_withdraw_attempt()
        portal = self.make_portal_user('undo_portal')
        self.make_mandate(self.file, portal)
        with self.assertRaises(AccessError):
            message.with_user(portal).action_withdraw_attempt()
        self.assertTrue(message.reached_at)

    def test_once_and_for_a_quarter_of_an_hour(self):
        message = self.message()
        with self.assertRaises(UserError):
            message.action_withdraw_attempt()
        message.action_no_answer()
        message.action_withdraw_attempt()
        with self.assertRaises(UserError):
            message.action_withdraw_attempt()
        message.action_spoken()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=16)), self.assertRaises(UserError):
            message.action_withdraw_attempt()
        message.action_withdraw_attempt()

    def test_not_once_something_has_happened_since(self):
        message = self.message()
        message.action_no_answer()
        message.with_user(self.user['representative']).action_no_answer()
        with self.assertRaises(UserError):
            message.action_withdraw_attempt()
        other = self.message()
        other.action_no_answer()
        other.sudo().state = 'cancelled'
        with self.assertRaises(UserError):
            other.action_withdraw_attempt()

    def test_what_was_before_is_nobody_s_to_read_or_write(self):
        message = self.message()
        message.action_spoken()
        attempt = message.attempt_ids.with_user(self.user['manager'])
        for attack in (lambda: attempt.read(['before']), lambda: attempt.write({'before': {}}),
                       lambda: attempt.write({'withdrawn_at': fields.Datetime.now()})):
            with self.assertRaises(AccessError):
                attack()

    def test_the_list_costs_the_same_for_many(self):
        messages = self.env['amlaj.message'].browse()
        for _ in range(12):
            messages |= self.message()
        messages.action_no_answer()
        few, many = messages[:2].with_user(self.relations), messages.with_user(self.relations)
        few.mapped('allowed_actions')
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        few.mapped('allowed_actions')
        cost = self.cr.sql_log_count - start
        self.env.invalidate_all()
        with self.assertQueryCount(cost):
            many.mapped('allowed_actions')
