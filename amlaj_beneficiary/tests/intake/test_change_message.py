from odoo.tests import tagged

from ..registry import change_common
from ..registry.change_common import SECOND_IBAN


@tagged('post_install', '-at_install', 'amlaj')
class TestChangeMessage(change_common.ChangeCommon):
    """The person is told that there is an answer: a number, never what changed; also at the number that was there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file.lang = 'en_US'

    def messages(self):
        return self.env['amlaj.message'].search([('beneficiary_id', '=', self.file.id)], order='id')

    def test_a_new_phone_is_told_to_the_old_one_too(self):
        self.staff(self.ask(phone='0559876543')).action_accept()
        new, old = self.messages()
        self.assertEqual((new.phone, old.phone), ('+966559876543', '+966501234567'))
        self.assertIn("If you did not ask for that", old.body)
        chat = old.with_user(self.user['relations']).action_open_chat()
        self.assertTrue(chat['url'].startswith('https://wa.me/966501234567?'))

    def test_no_message_says_what_changed(self):
        changes = [
            self.ask(phone='0559876543'), self.ask('iban', iban=SECOND_IBAN, iban_holder="His Brother"),
            self.ask('name', first_name="Newname", family_name="Otherfamily")]
        self.staff(changes[1]).action_see_certificate()
        for change in changes:
            self.staff(change, 'manager').action_accept()
        self.staff(self.ask('email', email='a@example.com')).action_refuse("A canary reason.")
        self.assertEqual(len(self.messages()), 5)
        for message in self.messages():
            self.assertIn(self.file.file_number, message.body)
            for hidden in ("Salem", "Newname", "Otherfamily", "Brother", 'SA44', '559876543', "canary", "IBAN", "a@example"):
                self.assertNotIn(hidden, message.body)

    def test_nobody_is_told_of_what_he_did_himself(self):
        self.ask('reach', hours_to_call="Evening")
        self.ask().with_env(self.env).with_user(self.holder).action_withdraw()
        self.assertFalse(self.messages())

    def test_a_number_that_stays_gets_one_message(self):
        self.staff(self.ask('email', email='a@example.com')).action_accept()
        self.assertEqual(len(self.messages()), 1)
        self.assertEqual(self.messages().phone, '+966501234567')
