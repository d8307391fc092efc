import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs

import requests
from freezegun import freeze_time

from odoo import fields
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.intake import message_send, sms_provider
from .. import common

PROVIDERS = {'taqnyat': sms_provider.SmsApiTaqnyat, 'unifonic': sms_provider.SmsApiUnifonic}
LOGGER = 'odoo.addons.amlaj_beneficiary.models.intake.message_send'


class Gateway:
    """A provider on this machine: it answers as it is told and remembers what it took."""

    def __init__(self):
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length'])).decode()
                is_json = 'json' in self.headers['Content-Type']
                gateway.taken.append({
                    'token': self.headers.get('Authorization', ''),
                    **(json.loads(body) if is_json else {name: value[0] for name, value in parse_qs(body).items()})})
                status, answer = gateway.answers.pop(0) if gateway.answers else (gateway.status, gateway.answer)
                if status is None:
                    return  # the line drops
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

            def log_message(self, *args):
                """Say nothing on the console."""

        self.taken, self.answers = [], []
        self.status, self.answer = 200, {'success': True, 'data': {'MessageID': 'p77'}}
        self.server = HTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}/'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class SendBuilders(common.AmlajBuilders):
    """A file, a message and a gateway of its own for each test."""

    def set_up_gateway(self):
        self.file = self.make_file("سالم فرج عبد البلوي", phone='0501234567')
        self.gateway = Gateway()
        self.addCleanup(self.gateway.close)
        self.commits = []
        self.patch(type(self.env['ir.cron']), '_commit_progress', self._commit)
        for provider in PROVIDERS.values():
            self.patch(provider, 'URL', self.gateway.url)

    def _commit(self, *args, **kwargs):
        # what other workers and a later run would see from here on
        self.env.flush_all()
        self.commits.append(self.env['amlaj.message'].search([], order='id').mapped('state'))
        return 600

    def use(self, provider='unifonic'):
        self.env.company.write({
            'amlaj_sms_provider': provider, 'amlaj_sms_secret': 'secret-77', 'amlaj_sms_sender': 'AMLAJ'})

    def message(self, **vals):
        return self.env['amlaj.message']._prepare_messages([
            {'beneficiary_id': self.file.id, 'body': "لديكم تحديث على طلبكم رقم 26-00001", **vals}])

    def send(self):
        with mute_logger(LOGGER):
            self.env['amlaj.message']._cron_send()

    def outcomes(self, message):
        return message.attempt_ids.sorted('id').mapped('outcome')


@tagged('post_install', '-at_install', 'amlaj')
class TestMessageSend(SendBuilders, TransactionCase):
    """A provider in the Kingdom: each text is sent once, tried again where nothing was taken, and never blindly (R22)."""

    def setUp(self):
        super().setUp()
        self.env['amlaj.message'].search([]).unlink()
        self.set_up_gateway()

    def test_without_a_provider_nothing_leaves_and_an_employee_calls(self):
        with patch.object(SmsApi, '_contact_iap', side_effect=AssertionError("abroad")):
            message = self.message()
            self.send()
            text = self.env['sms.sms'].create({'number': '+966501234567', 'body': "x"})
            text.send(unlink_failed=False)
        self.assertFalse(self.gateway.taken)
        self.assertEqual((message.state, bool(message.call_from)), ('ready', True))
        self.assertEqual(text.state, 'error')
        self.assertIn(message, self.env['amlaj.message'].search(self.env['amlaj.message']._to_call_domain()))

    def test_unifonic(self):
        self.use()
        message = self.message()
        self.assertFalse(self.gateway.taken, "never within the employee's own click")
        self.send()
        self.send()
        [taken] = self.gateway.taken
        self.assertEqual(taken, {
            'token': '', 'AppSid': 'secret-77', 'Recipient': '966501234567', 'Body': message.body, 'SenderID': 'AMLAJ',
            'responseType': 'JSON', 'CorrelationID': message.reference})
        self.assertEqual((message.state, message.provider_ref, bool(message.call_from)), ('sent', 'p77', False))
        self.assertFalse(message.reached_at, "taken is not arrived")
        self.assertIn(['sending'], self.commits, "claimed before the provider is asked")

    def test_taqnyat(self):
        self.use('taqnyat')
        self.gateway.status, self.gateway.answer = 201, {'statusCode': 201, 'messageId': 4711}
        message = self.message()
        self.send()
        [taken] = self.gateway.taken
        self.assertEqual(taken, {
            'token': 'Bearer secret-77', 'recipients': ['966501234567'], 'body': message.body, 'sender': 'AMLAJ'})
        self.assertEqual((message.state, message.provider_ref), ('sent', '4711'))

    def test_down_and_up_again(self):
        self.use()
        message = self.message()
        self.gateway.answers = [(503, {}), (429, {}), (200, self.gateway.answer)]
        with freeze_time('2026-03-02 09:00:00'):
            self.send()
            self.assertEqual((message.state, message.tries), ('ready', 1))
            self.assertEqual(str(message.next_try_at), '2026-03-02 09:05:00')
            self.send()
            self.assertEqual(len(self.gateway.taken), 1, "not before its time")
        with freeze_time('2026-03-02 09:05:00'):
            self.send()
        with freeze_time('2026-03-02 09:35:00'):
            self.send()
        self.assertEqual(message.state, 'sent')
        self.assertEqual(self.outcomes(message), ['failed', 'failed', 'sent'])

    def test_nobody_there_at_all(self):
        self.use()
        message = self.message()
        self.patch(sms_provider.SmsApiUnifonic, 'URL', 'http://127.0.0.1:9/')
        for day in range(1, len(message_send.WAITS) + 2):
            self.assertFalse(message.call_from)
            with freeze_time(f'2026-03-{day:02} 09:00:00'):
                self.send()
        self.assertEqual((message.state, bool(message.call_from)), ('ready', True))
        self.assertEqual(self.outcomes(message), ['failed'] * (len(message_send.WAITS) + 1))

    def test_refused(self):
        self.use()
        for status, answer in ((400, {}), (200, {'success': False, 'errorCode': 'ER-01'})):
            message = self.message()
            self.gateway.answers = [(status, answer)]
            self.send()
            self.assertEqual((message.state, bool(message.call_from)), ('ready', True))
        self.send()
        self.assertEqual(len(self.gateway.taken), 2)

    def test_what_is_unclear_is_not_sent_again_by_itself(self):
        self.use()
        for answer in ((None, {}), (200, b'<html>'), (200, [])):
            message = self.message()
            self.gateway.answers = [answer]
            self.send()
            self.assertEqual((message.state, message.is_unclear, bool(message.call_from)), ('ready', True, True), answer)
            self.assertEqual(self.outcomes(message), ['unclear'])
        with patch.object(sms_provider.requests, 'post', side_effect=requests.exceptions.ReadTimeout):
            slow = self.message()
            self.send()
        self.assertEqual((slow.state, slow.is_unclear), ('ready', True))
        self.send()
        self.assertEqual(len(self.gateway.taken), 3)
        message.with_user(self.user['relations']).action_send_again()
        self.send()
        self.assertEqual((message.state, message.is_unclear), ('sent', False))

    def test_the_sender_dies_in_the_middle(self):
        self.use()
        message = self.message()
        with freeze_time('2026-03-02 09:00:00'):
            self.assertTrue(message._claim())
            self.assertFalse(message._claim(), "nobody else takes it")
        with freeze_time('2026-03-02 09:10:00'):
            self.send()
            self.assertEqual(message.state, 'sending')
        with freeze_time('2026-03-02 09:16:00'):
            self.send()
        self.assertFalse(self.gateway.taken)
        self.assertEqual((message.state, message.is_unclear, bool(message.call_from)), ('ready', True, True))

    def test_without_a_phone_the_desk_finds_a_way(self):
        self.use()
        self.file.phone = False
        message = self.message()
        self.send()
        self.assertFalse(self.gateway.taken)
        self.assertTrue(message.call_from)

    def test_a_report_proves_it_once(self):
        self.use()
        message = self.message()
        self.send()
        Message = self.env['amlaj.message']
        for report in (
                {'MessageID': 'p77', 'Status': 'Sent'}, {'MessageID': 'other', 'Status': 'Delivered'}, {}, {'Status': 'x'}):
            Message._take_report(report)
        self.assertFalse(message.reached_at)
        for _ in range(2):
            Message._take_report({'CorrelationID': message.reference, 'Status': 'Delivered'})
        self.assertTrue(message.reached_at)
        Message._take_report({'MessageID': 'p77', 'Status': 'Failed'})
        self.assertEqual(self.outcomes(message), ['sent', 'delivered'])
        self.assertEqual((message.state, bool(message.call_from)), ('sent', False))

    def test_a_report_of_failure_brings_it_to_the_desk(self):
        self.use()
        message = self.message()
        self.send()
        for _ in range(2):
            self.env['amlaj.message']._take_report({'messageId': 'p77', 'status': 'REJECTED'})
        self.assertEqual(self.outcomes(message), ['sent', 'failed'])
        self.assertTrue(message.call_from)
        message.with_user(self.user['relations']).action_spoken()
        self.assertTrue(message.reached_at)

    def test_what_must_be_proved_comes_to_the_desk_after_two_days(self):
        self.use()
        with freeze_time('2026-03-02 09:00:00'):
            answer, other = self.message(kind='update'), self.message()
            self.send()
        with freeze_time('2026-03-04 08:00:00'):
            self.send()
            self.assertFalse(answer.call_from)
        with freeze_time('2026-03-04 09:01:00'):
            self.send()
        self.assertTrue(answer.call_from)
        self.assertFalse(other.call_from)

    def test_a_code_goes_out_at_once_and_stands_nowhere(self):
        Code = self.env['amlaj.code']
        self.assertFalse(Code._can_send())
        self.use()
        self.assertTrue(Code._can_send())
        code = Code._issue(self.file, 'test', hours=1)
        self.assertTrue(code._send('+966501234567', f"Code {code._digits()}"))
        self.assertIn(code._digits(), self.gateway.taken[0]['Body'])
        self.assertFalse(self.env['sms.sms'].search_count([('body', 'ilike', code._digits())]))
        self.gateway.answers = [(500, {})]
        self.assertFalse(code._send('+966501234567', "x"))

    def test_odoo_s_own_texts_go_by_the_same_provider(self):
        self.use()
        with patch.object(SmsApi, '_contact_iap', side_effect=AssertionError("abroad")):
            text = self.env['sms.sms'].create({'number': '+966501234567', 'body': "Event"})
            text.send()
        self.assertEqual(self.gateway.taken[0]['Body'], "Event")
        self.assertEqual(text.state, 'pending')

    def test_a_provider_needs_its_secret_and_nobody_reads_it(self):
        with self.assertRaises(ValidationError):
            self.env.company.amlaj_sms_provider = 'taqnyat'
        self.use()
        for user in (*self.user.values(), self.make_portal_user('sms_portal')):
            for name in ('amlaj_sms_secret', 'amlaj_sms_report_url', 'amlaj_sms_provider'):
                with self.assertRaises(AccessError):
                    self.env.company.with_user(user).read([name])
        with self.assertLogs('odoo', 'DEBUG') as logs:
            self.message()
            self.env['amlaj.message']._cron_send()
            self.gateway.answers = [(500, {})]
            self.message()
            self.env['amlaj.message']._cron_send()
        for secret in ('secret-77', '501234567'):
            self.assertNotIn(secret, '\n'.join(line for line in logs.output if 'odoo.sql_db' not in line))

    def test_a_message_costs_the_same_queries_among_many(self):
        self.message()
        base = self._queries()
        for _ in range(20):
            self.message()
        self.assertLessEqual(self._queries(), base)

    def _queries(self):
        self.env.invalidate_all()
        relations = self.env['amlaj.message'].with_user(self.user['relations'])
        start = self.env.cr.sql_log_count
        relations.web_search_read(list(relations._to_call_domain()), {
            'recipient_name': {}, 'phone': {}, 'allowed_actions': {}, 'state': {},
            'beneficiary_id': {'fields': {'display_name': {}}}}, limit=80)
        return self.env.cr.sql_log_count - start


@tagged('post_install', '-at_install', 'amlaj')
class TestMessageByHand(SendBuilders, TransactionCase):
    """Who is told, and what an employee notes with one tap."""

    def setUp(self):
        super().setUp()
        self.set_up_gateway()

    def told(self, messages):
        return [(message.recipient_name, message.phone) for message in messages.sorted('id')]

    def test_the_person_is_told_and_whoever_he_wishes(self):
        self.make_mandate(self.file, person_name="خالد سالم", capacity='delegate', phone='0551112223', tells_too=True)
        self.make_mandate(self.file, person_name="غريب", capacity='delegate', phone='0551112224')
        told = {'capacity': 'delegate', 'tells_too': True}
        self.make_mandate(self.file, person_name="Old", phone='0551112225', valid_until='2020-01-01', **told)
        self.make_mandate(self.file, person_name="Unseen", phone='0551112226', verified=False, **told)
        self.assertEqual(self.told(self.message()), [('سالم', '+966501234567'), ('خالد', '+966551112223')])
        self.assertIn('خالد', self.file.told_to)
        self.assertNotIn('غريب', self.file.told_to)

    def test_a_child_s_guardian_is_told_instead_of_the_child(self):
        child = self.make_file("نورة علي", birth_date='2020-01-01', phone='0551112227')
        self.make_mandate(child, person_name="هدى سعد", capacity='guardian', phone='0551112228', proof_number='5')
        messages = self.env['amlaj.message']._prepare_messages([{'beneficiary_id': child.id, 'body': "x"}])
        self.assertEqual(self.told(messages), [('هدى', '+966551112228')])

    def test_one_tap_says_who_when_and_how(self):
        message = self.message().with_user(self.user['relations'])
        message.action_spoken()
        [attempt] = message.attempt_ids
        self.assertEqual((attempt.user_id, attempt.how, attempt.outcome), (self.user['relations'], 'call', 'spoken'))
        self.assertTrue(message.reached_at and attempt.at)
        self.assertEqual((message.state, message.sent_by_id, message.channel_id.code), ('sent', self.user['relations'], 'phone'))
        with self.assertRaises(UserError):
            message.action_spoken()

    def test_three_missed_attempts_ask_for_one_visit(self):
        message = self.message().with_user(self.user['relations'])
        for _ in range(4):
            message.action_no_answer()
        activities = self.file.activity_ids
        self.assertEqual(activities.user_id, self.user['representative'])
        self.assertEqual(len(activities), 1)
        self.assertIn(self.file.file_number, activities.summary)
        self.assertNotIn('سالم', activities.summary)
        self.assertEqual((message.state, message.missed), ('ready', 4))
        message.with_user(self.user['representative']).action_record_attempt('visit', 'spoken', "At home")
        self.assertTrue(message.reached_at)

    def test_a_chat_is_sent_and_not_proved(self):
        message = self.message().with_user(self.user['relations'])
        self.file.preferred_channel_id = self.env['amlaj.channel']._by_code('social')
        message.action_mark_sent()
        self.assertEqual((message.state, bool(message.reached_at)), ('sent', False))

    def test_bad_words_are_refused(self):
        message = self.message().with_user(self.user['relations'])
        for how, outcome in (
                ('sms', 'spoken'), ('call', 'delivered'), ('x', 'spoken'), (None, None), ({}, []), ('call', 'failed')):
            with self.subTest(how=how, outcome=outcome), self.assertRaises(UserError):
                message.action_record_attempt(how, outcome)
        message.action_record_attempt('call', 'no_answer', {'a': 1})
        self.assertFalse(message.attempt_ids.note)

    def test_nobody_invents_an_attempt(self):
        message = self.message()
        for user in self.user.values():
            Attempt = self.env['amlaj.message.attempt'].with_user(user)
            with self.assertRaises(AccessError):
                Attempt.create({'message_id': message.id, 'how': 'call', 'outcome': 'spoken'})
        message.with_user(self.user['relations']).action_no_answer()
        for user in self.user.values():
            with self.assertRaises(AccessError):
                message.attempt_ids.with_user(user).write({'outcome': 'spoken'})
            with self.assertRaises(AccessError):
                message.attempt_ids.with_user(user).unlink()

    def test_only_the_desk_notes_attempts(self):
        for role, user in self.user.items():
            message = self.message().with_user(user)
            if role in ('relations', 'representative', 'manager'):
                message.action_no_answer()
                continue
            for method in ('action_spoken', 'action_no_answer', 'action_send_again', 'action_print'):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    getattr(message, method)()

    def test_a_note_to_hand_over(self):
        message = self.message()
        report = self.env['ir.actions.report'].with_user(self.user['relations'])
        html = str(report._render_qweb_html('amlaj_beneficiary.paper_message', message.ids)[0], 'utf-8')
        self.assertIn('26-00001', html)
        self.assertIn('سالم', html)
        self.assertNotIn('البلوي', html)


@tagged('post_install', '-at_install', 'amlaj')
class TestReports(SendBuilders, HttpCase):
    """The address to which the provider reports."""

    def setUp(self):
        super().setUp()
        self.set_up_gateway()
        self.use()
        self.text = self.message()
        self.send()
        self.path = '/amlaj/sms/' + self.env['res.company']._amlaj_report_token()

    def report(self, path=None, **options):
        self.env.flush_all()
        answer = self.url_open(path or self.path, **options)
        self.env.invalidate_all()
        return answer.status_code, answer.text

    def test_json_form_list_and_twice(self):
        good = {'MessageID': 'p77', 'Status': 'Delivered'}
        json_header = {'Content-Type': 'application/json'}
        for options in ({'data': json.dumps([good]), 'headers': json_header}, {'data': good}):
            self.assertEqual(self.report(**options), (200, 'OK'))
        self.assertTrue(self.text.reached_at)
        self.assertEqual(self.outcomes(self.text), ['sent', 'delivered'])

    def test_whoever_does_not_know_the_address_changes_nothing_and_learns_nothing(self):
        good = {'MessageID': 'p77', 'Status': 'Delivered'}
        for path in ('/amlaj/sms/x', '/amlaj/sms/' + '0' * 40):
            self.assertEqual(self.report(path, data=good), (200, 'OK'))
        for data in (b'[', b'7', b'[7, null, "x"]', b'{"MessageID": {"a": 1}, "Status": ["Delivered"]}', b'x' * 100000):
            self.assertEqual(self.report(data=data, headers={'Content-Type': 'application/json'}), (200, 'OK'))
        self.assertFalse(self.text.reached_at)
        self.assertEqual(self.text.create_date, fields.Datetime.to_datetime(self.text.create_date))
