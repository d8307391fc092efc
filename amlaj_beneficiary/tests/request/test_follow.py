import logging
import re
import time
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.registry import password_tries
from . import portal_common, request_common

CLOCK = 'odoo.addons.amlaj_beneficiary.models.registry.throttle.time.time'
NOT_TOGETHER = "do not belong together"


class FollowCommon(portal_common.PortalHttpCommon):
    """``self.request`` waits for papers; ``self.open()`` opens it as a visitor with number and code."""

    def setUp(self):
        super().setUp()
        self.opener.cookies['frontend_lang'] = 'en_US'
        bill = self.env['amlaj.document.type'].create({'name': "Bill (test)", 'proof': 'file'})
        self.request = self.make_request('incomplete', service=self.make_service("Mixed (test)", bill, self.letter, self.card))

    def digits(self, request=None):
        return (request or self.request)._follow_code()._digits()

    def visit(self, path):
        self.env.flush_all()
        response = self.url_open(path, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def post(self, path, files=None, headers=None, **form):
        """Post a form as a visitor does, with the token of a page that he sees."""
        form['csrf_token'] = re.search(r'name="csrf_token" value="([^"]+)"', self.visit('/follow-up').text)[1]
        response = self.url_open(path, data=form, files=files, headers=headers, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def open(self, request=None, code=None):
        request = request or self.request
        return self.post('/follow-up', number=request.name, code=self.digits(request) if code is None else code)

    def followed(self, request=None):
        """The page of an opened request."""
        self.assertEqual(self.open(request).status_code, 303)
        page = self.visit('/follow-up/request')
        self.assertEqual(page.status_code, 200)
        return page.text


@tagged('post_install', '-at_install', 'amlaj')
class TestFollow(FollowCommon):
    """Number and code open a request and nothing else; who guesses waits; the desk ends the code."""

    def test_number_and_code_show_where_it_is(self):
        page = self.followed()
        self.assertIn("Waiting for something from you", page)
        self.assertIn("Bill (test)", page)
        self.assertIn('/follow-up/papers#paper-', page)

    def test_in_arabic_digits_and_with_any_signs(self):
        arabic = str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩')
        code = self.digits()
        answer = self.post(
            '/follow-up', number=self.request.name.translate(arabic),
            code=f' {code[:3]} {code[3:6]}-{code[6:]} '.translate(arabic))
        self.assertEqual(answer.status_code, 303)

    def test_no_name_and_no_kind_of_help(self):
        request = self.make_request('approved')
        file = request.beneficiary_id
        for page in (self.followed(), self.visit('/follow-up/papers').text, self.followed(request)):
            for secret in (file.name, file.first_name, file.family_name, file.identity_number, file.phone, file.file_number,
                           request.service_id.name, "Two months are due", self.relations.name):
                self.assertNotIn(secret or '-?-', page)

    def test_what_does_not_fit_is_answered_alike(self):
        other = self.make_request('submitted')
        code, ended = self.digits(), self.make_request('submitted')
        ended_code = self.digits(ended)
        ended.action_revoke_follow_code()
        draft = self.ask()
        bodies = set()
        for number, typed in ((self.request.name, '1234567890'), (other.name, code), ('99-99999', code), ('', code),
                              (self.request.name, ''), (ended.name, ended_code), (draft.name, code), ('%', code),
                              (self.request.name, code + '1')):
            answer = self.post('/follow-up', number=number, code=typed)
            self.assertEqual(answer.status_code, 200)
            self.assertIn(NOT_TOGETHER, answer.text)
            bodies.add(answer.text.count('\n'))
            self.assertEqual(self.visit('/follow-up/request').status_code, 303)
        self.assertEqual(len(bodies), 1)

    def test_nothing_without_the_code(self):
        for path in ('/follow-up/request', '/follow-up/papers'):
            self.assertEqual(self.visit(path).headers['Location'].rpartition('/')[2], 'follow-up')
        document = self.request.document_ids[0]
        for path in (f'/follow-up/papers/{document.id}', '/follow-up/submit'):
            self.assertEqual(self.post(path, number='77').status_code, 303)
        self.assertFalse(self.request.document_ids.filtered('number'))

    def test_only_papers_of_the_opened_request(self):
        foreign = self.make_request('incomplete').document_ids[0]
        self.open()
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(f'/follow-up/papers/{foreign.id}', number='1').status_code, 404)
        self.assertEqual(foreign.state, 'missing')

    def test_whoever_guesses_waits_and_nobody_is_locked_out(self):
        code = self.digits()
        with patch(CLOCK, return_value=1.8e9):
            for _ in range(password_tries.TRIES):
                self.open(code='1234567890')
            answer = self.open(code=code)
            self.assertEqual(answer.status_code, 429)
            self.assertTrue(answer.headers['Retry-After'])
            other = self.make_request('submitted')
            self.assertEqual(self.open(other).status_code, 303, "another number is not concerned")
        with patch(CLOCK, return_value=1.8e9 + password_tries.SECONDS):
            self.assertEqual(self.open(code=code).status_code, 303)

    def test_the_page_closes_by_itself_and_by_hand(self):
        self.open()
        self.assertEqual(self.visit('/follow-up/request').status_code, 200)
        with patch('odoo.addons.amlaj_beneficiary.controllers.request.follow.time.time', return_value=time.time() + 31 * 60):
            self.assertEqual(self.visit('/follow-up/request').status_code, 303)
        self.open()
        self.post('/follow-up/leave')
        self.assertEqual(self.visit('/follow-up/request').status_code, 303)

    def test_a_code_that_the_desk_ends_closes_the_page(self):
        self.open()
        self.request.with_user(self.relations).action_revoke_follow_code()
        self.assertEqual(self.visit('/follow-up/request').status_code, 303)
        self.assertFalse(self.request._follow_code(), "no paper gives it again")
        self.assertNotIn('follow-up', self.env['amlaj.paper']._slip_completion_text(self.request))

    def test_a_new_code_ends_the_old_one(self):
        old = self.digits()
        action = self.request.with_user(self.relations).action_renew_follow_code()
        self.assertEqual(action['type'], 'ir.actions.report')
        self.assertNotEqual(self.digits(), old)
        self.assertIn(NOT_TOGETHER, self.open(code=old).text)
        self.assertEqual(self.open().status_code, 303)

    def test_the_code_is_one_on_all_papers_and_holds_half_a_year(self):
        with freeze_time('2026-03-02 09:00:00'):
            code = self.digits()
        with freeze_time('2026-05-02 09:00:00'):
            self.assertEqual(self.digits(), code)  # the notice
        with freeze_time('2026-10-20 09:00:00'):
            self.assertEqual(self.env['amlaj.request']._followed(self.request.name, code), self.request)
        with freeze_time('2026-10-30 09:00:00'):
            self.assertFalse(self.env['amlaj.request']._followed(self.request.name, code))
            self.assertNotEqual(self.digits(), code)

    def test_who_gives_and_ends_the_code(self):
        self.digits()
        holder = self.request.with_user(self.holder)
        for request in (holder, *(self.request.with_user(self.user[role]) for role in ('researcher', 'auditor', 'delivery'))):
            with self.subTest(user=request.env.user.login), self.assertRaises(AccessError):
                request.action_renew_follow_code()
            with self.assertRaises(AccessError):
                request.action_revoke_follow_code()
        with self.assertRaises(UserError):
            self.ask().with_user(self.relations).action_renew_follow_code()
        self.request.with_user(self.relations).action_renew_follow_code()
        self.assertEqual(self.env['amlaj.access.log'].search([('event', '=', 'follow')]).mapped('res_ref'), [self.request.id])

    def test_no_code_stands_in_the_database_or_a_log(self):
        code = self.digits()
        with self.assertLogs('odoo', logging.INFO) as logs, self.assertLogs('werkzeug', logging.INFO) as pages:
            logging.getLogger('odoo').info("begun")
            self.followed()
            self.visit(f'/follow-up?number={self.request.name}&code={code}')
        self.assertIn('/follow-up', text := '\n'.join(logs.output + pages.output))
        self.assertNotIn(code, text)
        self.env.cr.execute("SELECT string_agg(c::text, '') FROM amlaj_code c")
        self.assertNotIn(code, self.env.cr.fetchone()[0])

    def test_headers(self):
        self.open()
        for path in ('/follow-up', '/follow-up/request', '/follow-up/papers'):
            headers = self.visit(path).headers
            self.assertEqual(headers['Cache-Control'], 'no-store')
            self.assertIn('noindex', headers['X-Robots-Tag'])


@tagged('post_install', '-at_install', 'amlaj')
class TestFollowSending(FollowCommon):
    """What is missing is sent from home without an account."""

    def waiting(self):
        return self.request.document_ids.filtered(lambda document: document.is_required and document.state != 'matched')

    def today(self):
        day = self.env['amlaj.request']._today()
        return f'{day.day}/{day.month}/{day.year}'

    def send_all(self):
        for document in self.waiting():
            way = document._way_to_send()
            answer = self.post(
                f'/follow-up/papers/{document.id}', number='77' if way == 'number' else '', issued_on=self.today(),
                expiry_date='1/2/2030',
                files={'files': ('p.png', request_common.picture(), 'image/png')} if way == 'file' else None)
            self.assertEqual(answer.status_code, 303, document.document_type_id.name)

    def test_sent_and_sent_again(self):
        self.open()
        self.assertEqual(self.post('/follow-up/submit').status_code, 200, "papers are missing")
        self.assertEqual(self.request.state, 'incomplete')
        self.send_all()
        self.assertFalse(self.request._told_missing())
        self.assertIn('Send the request again', self.visit('/follow-up/request').text)
        for _ in range(2):
            self.assertEqual(self.post('/follow-up/submit').status_code, 303)
        self.assertEqual(self.request.state, 'submitted')
        self.assertEqual(len(self.request.transition_ids.filtered(lambda move: move.to_state == 'submitted')), 1)

    def test_what_was_typed_stays_when_it_is_refused(self):
        self.open()
        document = self.waiting().filtered(lambda document: document._way_to_send() == 'file')[:1]
        answer = self.post(
            f'/follow-up/papers/{document.id}', issued_on='1/1/1500',
            files={'files': ('p.png', b'<script>alert(1)</script>', 'image/png')})
        self.assertEqual(answer.status_code, 200)
        self.assertIn('alert-danger', answer.text)
        self.assertEqual(document.state, 'missing')
        answer = self.post(f'/follow-up/papers/{document.id}', headers={'Accept': 'application/json'}).json()
        self.assertTrue(answer['error'])

    def test_with_the_committee_nothing_is_sent_any_more(self):
        request = self.make_request('committee')
        self.open(request)
        self.post(f'/follow-up/papers/{request.document_ids[0].id}', number='99')
        self.assertNotEqual(request.document_ids[0].number, '99')

    def test_it_costs_a_dozen_queries_at_most(self):
        self.open()
        for path in ('/follow-up', '/follow-up/request', '/follow-up/papers'):
            for _ in range(3):
                self.visit(path)
            profiling = self.profile(collectors=['sql'], db=False)
            with profiling:
                self.visit(path)
            [route] = profiling._profiler__.sub_profilers
            entries = [entry['full_query'].strip()[:200] for entry in route.collectors[0].entries]
            self.assertLessEqual(len(entries), 12, '\n'.join([path, *entries]))
