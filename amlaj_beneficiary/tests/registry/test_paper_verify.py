from unittest.mock import patch

from odoo.tests import BaseCase, HttpCase, tagged

from ...controllers.registry import verify
from ...tools.rate_limit import RateLimit


@tagged('post_install', '-at_install', 'amlaj')
class TestPaperVerify(HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env['res.partner'].create({'name': "Nobody To Be Named", 'ref': '26-09876'})
        cls.classPatch(
            type(cls.env['amlaj.paper']), '_amlaj_verifiable',
            lambda self: {'res.partner': ("Kind of the test", 'ref', 'create_date')})
        cls.classPatch(verify, 'PER_ADDRESS', RateLimit(1000, 60))
        cls.code = cls.env['amlaj.paper']._get_code(cls.partner)

    def _page(self, code):
        page = self.url_open(f'/verify/{code}')
        self.assertEqual(page.status_code, 200)
        return page

    def test_the_right_code_says_number_kind_and_date_only(self):
        page = self._page(self.code)
        self.assertIn('26-09876', page.text)
        self.assertIn('Kind of the test', page.text)
        self.assertNotIn("Nobody To Be Named", page.text)
        self.assertIn('noindex', page.headers['X-Robots-Tag'])
        self.assertIn('no-store', page.headers['Cache-Control'])

    def test_arabic_digits_are_read(self):
        typed = self.code.translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩'))
        self.assertIn("Kind of the test", self._page(typed).text)

    def test_wrong_and_unknown_are_answered_alike(self):
        paper = self.env['amlaj.paper']
        wrong = self.code[:-1] + ('1' if self.code[-1] != '1' else '2')
        unknown = f"26-00000-{paper._check_digits('res.partner', '26-00000')}"
        other_number = '26-09875' + self.code[len('26-09876'):]
        other_model = f"26-09876-{paper._check_digits('res.users', '26-09876')}"
        answers = set()
        for code in (wrong, unknown, other_number, other_model, '26-09876', '26-09876-', "x'--"):
            text = self._page(code).text
            self.assertNotIn("Kind of the test", text)
            answers.add("We could not confirm this code" in text)
        self.assertEqual(answers, {True})

    def test_only_a_record_with_a_number_has_a_code(self):
        self.partner.ref = False
        self.assertFalse(self.env['amlaj.paper']._get_code(self.partner))
        self.assertFalse(self.env['amlaj.paper']._get_verify_url(self.env['res.users'].browse(1)))

    def test_guessing_has_to_wait(self):
        with patch.object(verify, 'PER_ADDRESS', RateLimit(2, 60)):
            self._page(self.code)
            self._page(self.code)
            third = self.url_open(f'/verify/{self.code}')
        self.assertEqual(third.status_code, 429)
        self.assertTrue(int(third.headers['Retry-After']) > 0)
        self.assertNotIn("Kind of the test", third.text)


@tagged('post_install', '-at_install', 'amlaj')
class TestRateLimit(BaseCase):

    def test_a_window_slides(self):
        limit = RateLimit(2, 10)
        self.assertEqual([limit.wait('a', 0), limit.wait('a', 4)], [0, 0])
        self.assertEqual(limit.wait('a', 5), 5)
        self.assertEqual(limit.wait('b', 5), 0, "one address never makes another wait")
        self.assertEqual(limit.wait('a', 10), 0)

    def test_memory_is_bounded(self):
        limit = RateLimit(1, 10, keys=3)
        for key in range(50):
            limit.wait(key, 0)
        self.assertLessEqual(len(limit._seen), 3)
