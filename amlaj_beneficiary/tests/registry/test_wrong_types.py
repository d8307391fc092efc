from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import common
from ..request import request_common

WORDS = (None, False, True, [], {}, -1, 2 ** 63, [[1, 2]], {'a': 1}, '   ', '\u200f')


@tagged('post_install', '-at_install', 'amlaj')
class TestWrongTypes(request_common.RequestBuilders, common.AmlajCommon):
    """Public methods are called by anything that a client sends: what is no text, no id and no day is told so."""

    def test_what_is_no_reason(self):
        request = self.make_request('incomplete')
        delivery, manager = self.make_delivery(), self.user['manager']
        steps = [
            request.action_cancel, request.action_ask_completion, request.with_user(manager).action_set_aside,
            request.with_user(manager).action_allow_early_reply, self.file.action_suspend, self.file.action_end,
            delivery.action_fail, request.document_ids.action_mismatch]
        for step in steps:
            for word in WORDS:
                with self.subTest(step=step.__name__, word=word), self.assertRefused(UserError, "."):
                    step(word)

    def test_characters_that_no_database_takes(self):
        request = self.make_request('incomplete')
        request.action_cancel("he\x00 moved\ud800 away")
        self.env.flush_all()
        self.assertEqual(request.cancel_reason, "he moved away")

    def test_what_is_no_day_and_no_record(self):
        request = self.make_request('incomplete')
        for day in ('x', '\x00', True, 5, {'a': 1}, '2026-13-40'):
            with self.subTest(day=day), self.assertRefused(UserError, "check the day"):
                request.document_ids.action_receive(day)
        for model_id in ('x', '\x00', True, -1, 2 ** 63, [1], {'a': 1}):
            with self.subTest(id=model_id):
                self.assertFalse(request._picked('amlaj.channel', model_id))
                with self.assertRefused(UserError, "colleague"):
                    request.action_handover(model_id, "Please")

    def test_what_is_no_text_finds_nothing(self):
        desk = self.file.with_user(self.relations)
        for text in (True, -1, [1], {'a': 1}, None):
            self.assertEqual(desk.find(text), desk.find(''))
