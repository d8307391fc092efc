import json
import re

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common
from .distribution_common import DistributionBuilders, milliseconds

NOISE = ('odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')


@tagged('post_install', '-at_install', 'amlaj')
class TestFieldRoutes(DistributionBuilders, request_common.RequestHttpCommon):
    """The page of a distribution day over HTTP: for its team alone, with nothing in it, and an API that believes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env['amlaj.distribution'].with_context(tz='Asia/Riyadh'))
        cls.deliveries = cls.make_deliveries(3)
        cls.day = cls.env['amlaj.distribution'].with_user(cls.officer).create({
            'date': cls.today, 'branch_id': cls.branch.id, 'place': "The school",
            'team_ids': [Command.set(cls.helper.ids)]})
        cls.deliveries.distribution_id = cls.day
        cls.day.action_open()

    def call(self, route, user=None, **params):
        """What the server answers to a phone's call: the result, or the name of the error."""
        if user:
            self.authenticate(user.login, user.login)
        response = self.url_open(route, data=json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}),
                                 headers={'Content-Type': 'application/json'})
        self.env.invalidate_all()
        answer = response.json()
        return answer['error']['data']['name'] if 'error' in answer else answer['result']

    def now_entry(self, delivery, **vals):
        now = fields.Datetime.to_string(fields.Datetime.now())
        return {'key': f'key-{delivery.id}', 'day': self.day.id, 'delivery': delivery.id, 'mandate': None,
                'at': milliseconds(now), **vals}

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    def test_a_visitor_logs_in_first(self):
        response = self.url_open('/field', allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers['Location'].endswith('/web/login?staff=1&redirect=/field'))

    def test_the_page_holds_nothing_of_anybody(self):
        self.authenticate(self.helper.login, self.helper.login)
        response = self.url_open('/field')
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        for word in (self.helper.name, self.day.name, "The school", "Name0", 'csrf', self.session.sid,
                     *self.deliveries.request_id.mapped('name')):
            self.assertNotIn(word, response.text)
        self.authenticate(self.officer.login, self.officer.login)
        self.assertEqual(self.url_open('/field').text, response.text, "the same page for every member")

    def test_the_worker(self):
        self.authenticate(self.helper.login, self.helper.login)
        response = self.url_open('/field/sw.js')
        self.assertEqual(response.headers['Service-Worker-Allowed'], '/field')
        self.assertIn('javascript', response.headers['Content-Type'])
        self.assertNotIn('__', response.text.replace('__proto__', ''))
        files = json.loads(re.search(r'FILES = (\[.*\])', response.text)[1])
        self.assertTrue(files)
        for path in files:
            self.assertEqual(self.url_open(path).status_code, 200)

    def test_nobody_else_finds_it(self):
        portal = self.make_portal_user()
        for user in (portal, self.user['auditor'], self.user['manager'], self.relations, self.make_user('amlaj_outsider')):
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.login), mute_logger(*NOISE):
                for path in ('/field', '/field/sw.js'):
                    self.assertEqual(self.url_open(path).status_code, 404)
                for route in ('/field/days', '/field/list', '/field/send'):
                    self.assertEqual(self.call(route), 'werkzeug.exceptions.NotFound')
        self.authenticate(None, None)
        with mute_logger(*NOISE):
            for route in ('/field/days', '/field/list', '/field/send'):
                self.assertEqual(self.call(route), 'odoo.http.SessionExpiredException')

    # ------------------------------------------------------------
    # The calls of a phone
    # ------------------------------------------------------------

    def test_a_day_of_a_phone(self):
        days = self.call('/field/days', self.helper)
        self.assertEqual((days['user'], [day['id'] for day in days['days']]), (self.helper.id, [self.day.id]))
        taken = self.call('/field/list', day=self.day.id)
        self.assertEqual([item['id'] for item in taken['items']], self.deliveries.ids)
        self.assertEqual(self.opener.cookies.get('amlaj_field'), '1')
        entries = [self.now_entry(delivery) for delivery in self.deliveries]
        first = self.call('/field/send', entries=entries, days=[self.day.id])
        self.assertEqual([answer['state'] for answer in first['answers']], ['delivered'] * 3)
        self.assertEqual(set(first['days'][str(self.day.id)]['done']), set(map(str, self.deliveries.ids)))
        self.assertEqual(self.call('/field/send', entries=entries, days=[self.day.id])['answers'], first['answers'])
        self.assertEqual(self.day.delivered_count, 3)
        self.assertEqual(len(self.day.entry_ids), 3)

    def test_who_is_on_no_team_of_it(self):
        stranger = self.make_user('amlaj_stranger', 'delivery')
        self.assertEqual(self.call('/field/days', stranger)['days'], [])
        with mute_logger(*NOISE):
            self.assertEqual(self.call('/field/list', day=self.day.id), 'odoo.exceptions.UserError')
        sent = self.call('/field/send', entries=[self.now_entry(self.deliveries[0])], days=[self.day.id])
        self.assertEqual(sent['answers'][0]['state'], 'refused')
        self.assertEqual(sent['days'][str(self.day.id)], {'open': False, 'done': {}})
        self.assertEqual(set(self.deliveries.mapped('state')), {'planned'})

    def test_abuse(self):
        self.authenticate(self.helper.login, self.helper.login)
        good = self.now_entry(self.deliveries[0], receiver="<script>alert(1)</script>", receiver_name="<b>x</b>")
        with mute_logger(*NOISE):
            for params in ({}, {'entries': "x"}, {'entries': [good] * 51}, {'entries': {'key': 1}}):
                self.assertEqual(self.call('/field/send', **params), 'odoo.exceptions.UserError')
            for day in (None, "1 OR 1=1", [1], {'id': 1}, -1, 10 ** 30):
                self.assertEqual(self.call('/field/list', day=day), 'odoo.exceptions.UserError')
        bad = [None, [], {'key': "<script>"}, dict(good, at=10 ** 30), dict(good, day=10 ** 12)]
        sent = self.call('/field/send', entries=bad, days=[[], {}, "x", 10 ** 30, True])
        self.assertEqual({answer['state'] for answer in sent['answers']}, {'refused'})
        forged = self.call('/field/send', entries=[dict(good, at=milliseconds('2031-01-01 00:00:00'))], days=None)
        self.assertEqual(forged['answers'][0]['state'], 'delivered')
        self.assertLessEqual(self.deliveries[0].delivered_at, fields.Datetime.now())
        self.assertEqual(self.deliveries[0].receiver_name, self.deliveries[0].beneficiary_id.name)

    def test_the_methods_behind_are_no_api(self):
        self.authenticate(self.helper.login, self.helper.login)
        for model, method, args in (('amlaj.distribution', '_field_list', [self.day.id]),
                                    ('amlaj.distribution.entry', '_receive', [[]]),
                                    ('amlaj.delivery', '_authorised', [])):
            with mute_logger(*NOISE):
                self.assertEqual(self.call('/web/dataset/call_kw', model=model, method=method, args=args, kwargs={}),
                                 'odoo.exceptions.AccessError')

    # ------------------------------------------------------------
    # Leaving
    # ------------------------------------------------------------

    def test_logout_leads_over_the_erasing_page(self):
        self.authenticate(self.helper.login, self.helper.login)
        plain = self.url_open('/web/session/logout?redirect=/web/login', allow_redirects=False)
        self.assertIn('/web/login', plain.headers['Location'])
        self.call('/field/list', self.helper, day=self.day.id)
        self.opener.cookies['amlaj_field'] = '1'
        response = self.url_open('/web/session/logout?redirect=/web/login', allow_redirects=False)
        self.assertIn('/field/leave?next=', response.headers['Location'])
        with mute_logger(*NOISE):
            self.assertEqual(self.call('/field/days'), 'odoo.http.SessionExpiredException', "he is out already")

    def test_the_erasing_page_leads_nowhere_else(self):
        for address, path in (('/odoo', '/odoo'), ('https://evil.example/x', '/x'), ('//evil.example/x', '/x'),
                              ('/\\evil.example', '/evil.example'), ('javascript:alert(1)', '/alert(1)'), ('', '/'),
                              ('///evil.example/y', '/evil.example/y'), ('"><script>', '/&#34;&gt;&lt;script&gt;')):
            with self.subTest(address=address):
                response = self.url_open('/field/leave', params={'next': address})
                self.assertIn(f'data-next="{path}"', response.text)
