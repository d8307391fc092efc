import uuid
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import BaseCase, tagged

from ...tools.code import clean_code, code_of, show_code
from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestCodeTool(BaseCase):
    """Ten digits as people write them."""

    def test_any_digits_and_separators(self):
        for text in ('1234567890', '123-456-7890', ' 123 456 7890 ', '١٢٣-٤٥٦-٧٨٩٠', '۱۲۳۴۵۶۷۸۹۰', '\u200f123.456.7890'):
            self.assertEqual(clean_code(text), '1234567890', repr(text))

    def test_what_is_no_code(self):
        for text in ('', None, False, 123, '123', '12345678901', 'abc', '1' * 1000, ['1234567890'], '²' * 10, '१' * 10):
            self.assertEqual(clean_code(text), '', repr(text))

    def test_shown_in_threes(self):
        self.assertEqual(show_code(code_of(1234567890)), '123-456-7890')
        self.assertEqual(code_of(7), '0000000007')
        self.assertEqual(show_code(''), '')


@tagged('post_install', '-at_install', 'amlaj')
class TestCode(common.AmlajCommon):
    """A code is right for its own record and purpose, while it is in force, and stands nowhere."""

    def setUp(self):
        super().setUp()
        self.Code = self.env['amlaj.code']
        self.file, self.other = self.make_file(), self.make_file("Another Person Of Umluj")

    def test_right_for_its_record_and_purpose_alone(self):
        digits = self.Code._issue(self.file, 'follow', days=180)._digits()
        self.assertTrue(self.Code._is_right(self.file, 'follow', show_code(digits)))
        self.assertTrue(self.Code._is_right(self.file, 'follow', digits), "it may be used again")
        self.assertFalse(self.Code._is_right(self.other, 'follow', digits))
        self.assertFalse(self.Code._is_right(self.file, 'entry', digits))
        self.assertFalse(self.Code._is_right(self.file.browse(), 'follow', digits))
        for wrong in ('', None, '0', str((int(digits) + 1) % 10 ** 10).zfill(10)):
            self.assertFalse(self.Code._is_right(self.file, 'follow', wrong))

    def test_ends_after_its_time(self):
        code = self.Code._issue(self.file, 'entry', hours=72)
        digits = code._digits()
        with freeze_time(fields.Datetime.now() + timedelta(hours=71)):
            self.assertEqual(self.Code._in_force(self.file, 'entry')._digits(), digits, "it can be printed again")
        with freeze_time(fields.Datetime.now() + timedelta(hours=73)):
            self.assertFalse(self.Code._is_right(self.file, 'entry', digits))

    def test_for_one_use(self):
        digits = self.Code._issue(self.file, 'entry', is_once=True, hours=72)._digits()
        self.assertTrue(self.Code._is_right(self.file, 'entry', digits))
        self.assertFalse(self.Code._is_right(self.file, 'entry', digits))

    def test_a_newer_one_ends_it(self):
        first = self.Code._issue(self.file, 'follow', days=1)._digits()
        second = self.Code._issue(self.file, 'follow', days=1)._digits()
        self.assertNotEqual(first, second)
        self.assertFalse(self.Code._is_right(self.file, 'follow', first))
        self.Code._revoke(self.file, 'follow')
        self.assertFalse(self.Code._is_right(self.file, 'follow', second))

    def test_stands_nowhere(self):
        code = self.Code._issue(self.file, 'follow', days=1)
        self.env.cr.execute("SELECT row_to_json(c)::text FROM amlaj_code c WHERE id = %s", [code.id])
        self.assertNotIn(code._digits(), self.env.cr.fetchone()[0])


@tagged('post_install', '-at_install', 'amlaj')
class TestThrottle(common.AmlajCommon):
    """Whoever tries too often waits; what succeeded does not count; nothing can be read from the table."""

    def setUp(self):
        super().setUp()
        # the counts outlive the test, as they outlive a request that is taken back
        self.scope = uuid.uuid4().hex

    def take(self, *limits):
        return self.env['amlaj.throttle']._take(self.scope, *limits)

    def test_waits_and_goes_on(self):
        limit = ('05 0000', 3, 600)
        with freeze_time('2026-01-01 10:00:00'):
            self.assertEqual([self.take(limit) for _ in range(3)], [0, 0, 0])
            self.assertEqual(self.take(limit), 600)
            self.assertEqual(self.take(('another', 3, 600)), 0)
        with freeze_time('2026-01-01 10:10:00'):
            self.assertEqual(self.take(limit), 0)

    def test_who_is_refused_makes_nobody_else_wait(self):
        world = ('all', 3, 3600)
        with freeze_time('2026-01-01 10:00:00'):
            self.assertEqual(self.take(('address', 1, 60), world), 0)
            self.assertEqual([self.take(('address', 1, 60), world) for _ in range(5)], [60] * 5)
            self.assertEqual([self.take((f'other {rank}', 1, 60), world) for rank in range(2)], [0, 0])
            with self.assertLogs('odoo.addons.amlaj_beneficiary', 'WARNING') as logs:
                self.assertEqual([self.take((f'more {rank}', 1, 60), world) for rank in range(2)], [3600, 3600])
        self.assertEqual(len(logs.output), 1, "somebody is told once")

    def test_success_is_no_guess(self):
        limit = ('office', 2, 60)
        with freeze_time('2026-01-01 10:00:00'):
            for _ in range(10):
                self.assertEqual(self.take(limit), 0)
                self.env['amlaj.throttle']._give_back(self.scope, limit)

    def test_keys_cannot_be_read(self):
        self.take(('0501234567', 3, 60))
        self.env.cr.execute("SELECT count(*) FROM amlaj_throttle WHERE key LIKE '%0501234567%'")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
