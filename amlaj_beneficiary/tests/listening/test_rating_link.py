from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...tools.code import show_code
from ..request import portal_common
from . import test_rating


@tagged('post_install', '-at_install', 'amlaj')
class TestRatingLink(test_rating.RatingBuilders, portal_common.PortalHttpCommon):
    """The personal link and the tablet: one answer, its own, whoever holds the link; no employee answers (R24, R30, R31)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done, cls.other = cls.make_done(), cls.make_done(service=cls.make_service("Other (test)"))
        cls.path = f'/rate/{cls.invitation(cls.done)._token()}'

    def setUp(self):
        super().setUp()
        # the tests of a minute share one address
        self.startPatcher(patch('odoo.addons.amlaj_beneficiary.tools.rate_limit.RateLimit.wait', return_value=0))
        self.authenticate(None, None)

    def axes(self, request):
        return self.invitation(request)._answer_sudo()._axes()

    def test_the_link_answers_for_its_own_service(self):
        page = self.page(self.path)
        self.assertEqual(page.text.count('type="radio"'), 15)
        self.assertIn('no-store', page.headers['Cache-Control'])
        self.assertNotIn(self.service.name, page.text, "the kind of help is not named")
        self.assertNotIn(self.file.name, page.text)
        self.assertEqual(self.invitation(self.done).state, 'open', "opening it answers nothing")
        self.assertEqual(self.post(self.path, procedure='5', comment='<script>alert(1)</script>').status_code, 303)
        self.assertEqual(self.axes(self.done)['procedure'], 5)
        self.assertFalse(self.axes(self.other), "another's is not touched")
        root = self.env.ref('base.user_root')
        answer = self.invitation(self.done)._answer_sudo()
        self.assertEqual(answer.create_uid | answer.write_uid | answer.user_input_line_ids.create_uid, root)
        # passed on, it shows nothing of what was answered, and changes this answer alone
        passed_on = self.page(self.path).text
        self.assertNotIn('alert(1)', passed_on)
        self.assertNotIn('checked="checked"', passed_on)
        self.post(self.path, procedure='1')
        self.assertEqual(self.axes(self.done), {'procedure': 1})
        self.assertEqual(self.env['survey.user_input'].search_count([('amlaj_request_id', '=', self.done.id)]), 1)

    def test_a_wrong_and_an_ended_link_are_alike(self):
        for path in ('/rate/x', '/rate/' + 'A' * 43, '/rate/' + 'A' * 500, f'{self.path}x'):
            self.assertNotIn('type="radio"', self.page(path).text)
            self.assertNotIn('type="radio"', self.post(path, procedure='1').text)
        self.invitation(self.done).valid_until = fields.Date.today() - timedelta(days=1)
        self.assertIn('no longer valid', self.page(self.path).text)
        self.post(self.path, procedure='1')
        self.assertFalse(self.axes(self.done))

    def test_after_seven_days_nothing_changes(self):
        self.post(self.path, procedure='4')
        self.env.flush_all()
        self.env.cr.execute("UPDATE survey_user_input SET create_date = create_date - interval '8 days'")
        self.env.invalidate_all()
        self.assertIn('alert-warning', self.post(self.path, procedure='1').text)
        self.env['survey.user_input']._cron_part()
        self.assertIn('no longer valid', self.page(self.path).text)

    def test_an_employee_answers_for_nobody(self):
        self.login(self.relations)
        self.assertIn('logged in as an employee', self.page(self.path).text)
        self.post(self.path, procedure='5')
        self.post('/rate', code=self.invitation(self.done)._digits())
        self.post('/rate/form', procedure='5')
        self.assertEqual(self.invitation(self.done).state, 'open')

    def test_declining(self):
        self.assertIn('do not ask you again', self.post(self.path, decline='1').text)
        self.assertEqual(self.invitation(self.done).state, 'declined')
        self.assertNotIn('prefer not', self.page(self.path).text)

    # ------------------------------------------------------------
    # The tablet
    # ------------------------------------------------------------

    def test_the_tablet_is_neutral_for_the_next_person(self):
        digits = self.invitation(self.done)._digits()
        arabic = show_code(digits).translate({ord(str(digit)): chr(0x0660 + digit) for digit in range(10)})
        self.assertEqual(self.post('/rate', code=arabic).headers['Location'].rsplit('/', 1)[-1], 'form')
        form = self.page('/rate/form')
        self.assertEqual(form.text.count('type="radio"'), 15)
        self.assertIn('url=/rate', form.headers['Refresh'])
        thanks = self.post('/rate/form', conduct='2')
        self.assertTrue(thanks.headers['Location'].endswith('/rate?thanks=1'))
        self.assertEqual(self.axes(self.done), {'conduct': 2})
        self.assertEqual(self.page('/rate/form', 303).headers['Location'].rsplit('/', 1)[-1], 'rate', "back shows nothing")
        self.assertEqual(self.post('/rate/form', conduct='5').status_code, 303)
        self.assertEqual(self.axes(self.done), {'conduct': 2})
        self.assertEqual(self.post('/rate', code=digits).status_code, 303)
        self.page('/rate')
        self.assertEqual(self.page('/rate/form', 303).status_code, 303, "the neutral page forgets who opened it")

    def test_left_alone_the_tablet_forgets(self):
        self.post('/rate', code=self.invitation(self.done)._digits())
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self.page('/rate/form', 303)

    def test_wrong_digits_and_many(self):
        for code in ('', '1', 'x' * 60, '0000000000', self.invitation(self.done)._digits()[:9]):
            self.assertIn('alert-warning', self.post('/rate', code=code).text)
        with patch.object(type(self.env['amlaj.throttle']), '_take', return_value=60):
            refused = self.post('/rate', code=self.invitation(self.done)._digits())
        self.assertEqual(refused.status_code, 429)
        self.page('/rate/form', 303)

    def test_the_public_page(self):
        self.env['amlaj.improvement'].create({
            'obstacle': "x", 'state': 'verified', 'public_text': '<script>alert(2)</script> One form',
            'published_on': '2026-01-01'})
        page = self.page('/opinions').text
        self.assertIn('One form', page)
        self.assertNotIn('<script>alert(2)', page)
