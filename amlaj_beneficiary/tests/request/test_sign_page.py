import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.addons.amlaj_beneficiary.controllers.request import sign
from odoo.addons.amlaj_beneficiary.tools.rate_limit import RateLimit
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common

NO_LONGER_VALID = "no longer valid"


@tagged('post_install', '-at_install', 'amlaj')
class TestSignPage(request_common.RequestHttpCommon):
    """Signing on a phone at the desk: one link, one request, one use, a quarter of an hour."""

    def setUp(self):
        super().setUp()
        self.patch(sign, 'PER_ADDRESS', RateLimit(tries=60, seconds=60))
        self.request = self.ask(file=self.make_file(first_name="Salem", email="s@example.com"))
        self.drawing = request_common.signature()

    def open_link(self, request=None, user=None):
        """The token of a new link, made by the relations employee."""
        url = (request or self.request).with_user(user or self.relations).action_open_signature_link()['url']
        self.env.flush_all()
        return url.rpartition('/')[2]

    def page(self, token):
        return self.url_open(f'/sign/{token}')

    def accept(self, token, name="Salem Alharbi", signature=None):
        return self.make_jsonrpc_request(
            f'/sign/{token}/accept', {'name': name, 'signature': self.drawing if signature is None else signature})

    def test_sign(self):
        token = self.open_link()
        page = self.page(token)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.request.name, page.text)
        self.assertIn("I declare that all data", page.text)
        self.assertIn("Thank you", self.accept(token)['message'])
        self.env.invalidate_all()
        self.assertRecordValues(self.request.declaration_ids, [{
            'method': 'drawn', 'signer_name': "Salem Alharbi", 'captured_by_id': self.relations.id, 'is_valid': True}])

    def test_once(self):
        token = self.open_link()
        self.accept(token)
        self.assertIn(NO_LONGER_VALID, self.page(token).text)
        self.assertIn(NO_LONGER_VALID, self.accept(token)['error'])
        self.env.invalidate_all()
        self.assertEqual(len(self.request.declaration_ids), 1)

    def test_a_newer_link_ends_the_older(self):
        first, second = self.open_link(), self.open_link()
        self.assertIn(NO_LONGER_VALID, self.accept(first)['error'])
        self.assertIn('message', self.accept(second))

    def test_a_quarter_of_an_hour(self):
        Link = self.env['amlaj.signature.link']
        with freeze_time('2026-03-02 09:00:00'):
            token = self.open_link()
            self.assertTrue(Link._find(token))
        with freeze_time('2026-03-02 09:14:59'):
            self.assertTrue(Link._find(token))
        with freeze_time('2026-03-02 09:15:00'):
            self.assertFalse(Link._find(token))
        # over HTTP by the link's own time, since the server's clock is not ours to move
        Link._find(fresh := self.open_link()).expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        self.assertIn(NO_LONGER_VALID, self.page(fresh).text)
        self.assertIn(NO_LONGER_VALID, self.accept(fresh)['error'])

    def test_wrong_used_and_expired_are_alike(self):
        used, expired = self.open_link(), None
        self.accept(used)
        other = self.ask(file=self.make_file())
        expired = self.open_link(other)
        self.env['amlaj.signature.link']._find(expired).expires_at = fields.Datetime.now() - timedelta(days=1)
        self.env.flush_all()
        tokens = [used, expired, 'x' * 43, 'q', 'z' * 200]
        pages, answers = set(), set()
        for token in tokens:
            page = self.page(token)
            body = re.search(r'<div id="wrap".*?</main>', page.text, re.DOTALL)
            pages.add((page.status_code, (body[0] if body else page.text).replace(token, '')))
            answers.add(str(self.accept(token)))
        self.assertEqual(len(pages), 1)
        self.assertEqual(len(answers), 1)

    def test_bad_signatures_do_not_use_the_link_up(self):
        token = self.open_link()
        for name, drawing in [("", self.drawing), ("Salem", ""), ("Salem", request_common.signature(ink=False)),
                              ("Salem", "garbage"), (None, None), ("Salem", {'a': 1}), ({'a': 1}, self.drawing)]:
            with self.subTest(name=name), mute_logger('odoo.http'):
                answer = self.make_jsonrpc_request(f'/sign/{token}/accept', {'name': name, 'signature': drawing})
                self.assertIn('error', answer)
        self.env.invalidate_all()
        self.assertFalse(self.request.declaration_ids)
        self.assertIn('message', self.accept(token))

    def test_what_was_shown_is_what_is_signed(self):
        token = self.open_link()
        self.page(token)
        self.request.amount_requested = 99999  # the employee, meanwhile
        self.env.flush_all()
        self.assertIn(NO_LONGER_VALID, self.accept(token)['error'])
        self.assertIn(NO_LONGER_VALID, self.page(token).text)
        self.env.invalidate_all()
        self.assertFalse(self.request.declaration_ids)

    def test_nothing_more_than_what_is_declared(self):
        file = self.request.beneficiary_id
        text = self.page(self.open_link()).text
        for secret in (file.identity_number, file.phone, file.phone.removeprefix('+966'), file.file_number, file.email,
                       file.family_name or 'Alharbi', file.branch_id.name, file.locality_id.name,
                       self.relations.name, self.relations.login):
            with self.subTest(secret=secret):
                self.assertNotIn(secret, text)

    def test_headers_and_no_trace_of_the_token(self):
        token = self.open_link()
        headers = self.page(token).headers
        self.assertEqual(headers['Cache-Control'], 'no-store')
        self.assertEqual(headers['Referrer-Policy'], 'no-referrer')
        self.assertIn('noindex', headers['X-Robots-Tag'])
        self.env.cr.execute("SELECT token_hash FROM amlaj_signature_link WHERE request_id = %s", [self.request.id])
        self.assertNotIn(token, str(self.env.cr.fetchall()))
        for role in (*request_common.ROLES,):
            with self.subTest(role=role), mute_logger('odoo.addons.base.models.ir_model'), \
                    self.assertRaises(AccessError):
                self.env['amlaj.signature.link'].with_user(self.user[role]).search([])

    def test_too_many_tries(self):
        token = self.open_link()
        with patch.object(sign, 'PER_ADDRESS', RateLimit(tries=3, seconds=60)):
            for __ in range(3):
                self.page('x' * 43)
            self.assertIn(NO_LONGER_VALID, self.page(token).text)
        self.assertIn(self.request.name, self.page(token).text)

    def test_who_opens(self):
        applicant = self.make_portal_user('sign_applicant')
        self.make_mandate(self.request.beneficiary_id, applicant)
        for user in (applicant, self.user['auditor'], self.user['researcher'], self.user['manager']):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.open_link(user=user)
        decided = self.make_request('committee')
        with self.assertRaises(UserError):
            self.open_link(decided)

    def test_the_employee_lost_his_role(self):
        colleague = self.make_user('sign_colleague', 'relations')
        token = self.open_link(user=colleague)
        colleague.sudo().group_ids = self.env.ref('base.group_user')
        self.env.flush_all()
        with mute_logger('odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
            self.assertIn('error', self.accept(token))
        self.env.invalidate_all()
        self.assertFalse(self.request.sudo().declaration_ids)

    def test_old_links_are_swept(self):
        self.open_link()
        link = self.env['amlaj.signature.link'].search([('request_id', '=', self.request.id)])
        link.expires_at = fields.Datetime.now() - timedelta(days=2)
        link._gc_links()
        self.assertFalse(link.exists())

    # ------------------------------------------------------------
    # At home
    # ------------------------------------------------------------

    def open_home(self, request=None):
        """The token and the code of a link for home."""
        link = (request or self.request).with_user(self.relations).action_open_home_link()
        self.env.flush_all()
        return re.search(r'/sign/([\w-]+)', link['text'])[1], link['code']

    def type_code(self, token, code):
        page = self.page(token)
        token_csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        return self.url_open(
            f'/sign/{token}', data={'csrf_token': token_csrf and token_csrf[1], 'code': code}, allow_redirects=False)

    def test_at_home_the_code_opens_the_link(self):
        token, code = self.open_home()
        for answer in (self.page(token).text, self.type_code(token, '1234567890').text):
            self.assertNotIn("I declare", answer)
            self.assertNotIn(self.request.name, answer)
        self.assertIn('error', self.accept(token))
        self.assertEqual(self.type_code(token, code.translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩'))).status_code, 303)
        self.assertIn("I declare", self.page(token).text)
        self.assertIn('message', self.accept(token))
        self.env.invalidate_all()
        self.assertRecordValues(self.request.declaration_ids, [{
            'method': 'home', 'signer_name': "Salem Alharbi", 'captured_by_id': self.relations.id, 'is_valid': True}])
        self.assertIn('error', self.accept(token), "once")

    def test_another_visitor_types_the_code_himself(self):
        token, code = self.open_home()
        self.type_code(token, code)
        self.opener.cookies.clear()
        self.assertNotIn("I declare", self.page(token).text)
        self.assertIn('error', self.accept(token))

    def test_whoever_guesses_the_code_waits(self):
        token, code = self.open_home()
        with patch('odoo.addons.amlaj_beneficiary.models.registry.throttle.time.time', return_value=1.8e9):
            for _ in range(sign.TRIES):
                self.type_code(token, '1234567890')
            self.assertEqual(self.type_code(token, code).status_code, 429)
        self.assertNotIn("I declare", self.page(token).text)

    def test_at_home_three_days(self):
        with freeze_time('2026-03-02 09:00:00'):
            token, _code = self.open_home()
        with freeze_time('2026-03-05 08:59:00'):
            self.assertTrue(self.env['amlaj.signature.link']._find(token))
        with freeze_time('2026-03-05 09:00:00'):
            self.assertFalse(self.env['amlaj.signature.link']._find(token))

    def test_the_message_says_a_number_and_no_code(self):
        link = self.request.with_user(self.relations).action_open_home_link()
        self.assertIn(self.request.name, link['text'])
        for secret in (link['code'], self.request.service_id.name, self.request.description, self.request.beneficiary_id.name):
            self.assertNotIn(secret, link['text'])

    def test_nobody_signs_at_home_without_the_link(self):
        for user in (self.relations, self.user['representative']):
            with self.assertRaises(UserError):
                self.request.with_user(user).action_sign('home', self.drawing, "Salem Alharbi")
        self.assertFalse(self.request.declaration_ids)

    def test_for_a_child_the_guardian_signs_at_home(self):
        child = self.make_file("Nora Ali", birth_date='2020-01-01')
        request = self.ask(file=child)
        token, code = self.open_home(request)
        self.type_code(token, code)
        self.assertIn('error', self.accept(token), "no guardian yet")
        self.make_mandate(child, capacity='guardian', proof_number='55')
        self.env.flush_all()
        self.assertIn('message', self.accept(token, name="Huda"))
        self.env.invalidate_all()
        self.assertEqual(request.declaration_ids.method, 'guardian')
