import re
import socket
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlsplit

import requests

from odoo.addons.iap.tools import iap_tools
from odoo.tests import tagged
from odoo.tools import mute_logger

from ... import hooks
from .. import common

HERE = {'127.0.0.1', '::1', 'localhost', '0.0.0.0', '', None}
PAGES = ('/', '/contactus', '/web/login', '/verify', '/services')
# what a page makes the browser fetch by itself; links that a person clicks are not meant
FETCHED = re.compile(r'''<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc\s*=\s*["']([^"']+)|'''
                     r'''<link\b(?=[^>]*\brel\s*=\s*["'](?:stylesheet|preload|icon|preconnect|dns-prefetch))'''
                     r'''[^>]*?\bhref\s*=\s*["']([^"']+)''')
STYLE_FETCHED = re.compile(r'''(?:@import\s+(?:url\()?|url\()\s*["']?((?:https?:)?//[^"')]+)''')


@tagged('post_install', '-at_install', 'amlaj')
class TestNoCallAbroad(common.AmlajHttpCommon):
    """With the network cut, nothing notices: no page, action or cron calls another machine (design rule 9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calls = []
        cls.administrator = cls.make_user('amlaj_administrator')
        cls.administrator.group_ids += cls.env.ref('base.group_system') + cls.env.ref('sales_team.group_sale_manager')

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's own block raises a sort of error that some callers swallow: write the call down as well
        if urlsplit(r.url).hostname not in HERE:
            cls.calls.append(f'{r.method} {r.url}')
        return super()._request_handler(s, r, **kw)

    @contextmanager
    def _network_cut(self):
        """Refuse and write down each connection, name look-up and IAP call elsewhere; fail if there was one."""
        self.calls.clear()
        connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

        def refuse(what):
            self.calls.append(what)
            raise OSError("The network is cut.")

        def guarded_connect(this, address):
            if this.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HERE:
                refuse(f'connect {address[0]}')
            return connect(this, address)

        def guarded_getaddrinfo(host, *args, **kwargs):
            if (host.decode() if isinstance(host, bytes) else host) not in HERE:
                refuse(f'look up {host}')
            return getaddrinfo(host, *args, **kwargs)

        def guarded_iap(url, *args, **kwargs):
            if urlsplit(url).hostname not in HERE:
                refuse(f'iap {url}')
            raise iap_tools.exceptions.AccessError("The door is closed.")

        with (
            patch.object(socket.socket, 'connect', guarded_connect),
            patch.object(socket, 'getaddrinfo', guarded_getaddrinfo),
            patch.object(iap_tools, 'iap_jsonrpc', guarded_iap),
        ):
            yield
        self.assertEqual(self.calls, [], "Something called another machine.")

    def _rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            '/web/dataset/call_kw', {'model': model, 'method': method, 'args': args, 'kwargs': kwargs})

    # ------------------------------------------------------------
    # The trap itself
    # ------------------------------------------------------------

    def test_the_trap_catches(self):
        for call in (
            lambda: requests.get('https://example.org/', timeout=1),
            lambda: socket.create_connection(('192.0.2.1', 80), timeout=0.1),
            lambda: socket.create_connection(('example.org', 80), timeout=0.1),
            lambda: iap_tools.iap_jsonrpc('https://iap.example.org/', params={}),
        ):
            with self.assertRaises(AssertionError), self._network_cut(), mute_logger('odoo.tests.common.requests'):
                with self.assertRaises(Exception):  # noqa: B017 each library has its own
                    call()
            self.assertTrue(self.calls)

    # ------------------------------------------------------------
    # The switches
    # ------------------------------------------------------------

    def test_the_hook_switched_everything_off(self):
        self._assert_off()

    def test_the_hook_may_run_twice(self):
        parameters = self.env['ir.config_parameter']
        for key in hooks.PARAMETERS:
            parameters.set_param(key, 'https://example.org')
        for xmlid in hooks.CRONS:
            self.env.ref(xmlid).active = True
        hooks.post_init_hook(self.env)
        hooks.post_init_hook(self.env)
        self._assert_off()

    def _assert_off(self):
        parameters = self.env['ir.config_parameter']
        for key, value in hooks.PARAMETERS.items():
            with self.subTest(parameter=key):
                self.assertEqual(parameters.get_param(key), value)
        for xmlid in hooks.CRONS:
            with self.subTest(cron=xmlid):
                self.assertFalse(self.env.ref(xmlid).active)
        self.assertFalse(self.env['digest.digest'].search_count([('state', '=', 'activated')]))
        self.assertTrue(all(self.env['res.company'].search([]).mapped('iap_enrich_auto_done')))
        self.assertEqual(self.env['res.config.settings'].get_values()['lead_enrich_auto'], 'manual')

    def test_no_key_of_a_service_abroad_is_set(self):
        for key in ('unsplash.access_key', 'unsplash.app_id', 'google_maps.signed_static_api_key',
                    'recaptcha_public_key', 'discuss.tenor_api_key', 'mail.google_translate_api_key'):
            with self.subTest(key=key):
                self.assertFalse(self.env['ir.config_parameter'].get_param(key))

    # ------------------------------------------------------------
    # With the network cut
    # ------------------------------------------------------------

    def test_website_pages(self):
        with self._network_cut():
            for page in PAGES:
                with self.subTest(page=page):
                    answer = self.url_open(page)
                    self.assertEqual(answer.status_code, 200)
                    self._assert_fetches_nothing_abroad(answer.text)

    def test_backend_pages(self):
        self.authenticate('amlaj_manager', 'amlaj_manager')
        with self._network_cut():
            for page in ('/odoo', '/web/webclient/load_menus', '/my', '/my/requests', '/my/requests/new'):
                with self.subTest(page=page):
                    answer = self.url_open(page)
                    self.assertEqual(answer.status_code, 200)
                    self._assert_fetches_nothing_abroad(answer.text)

    def test_every_menu_of_the_app(self):
        self.authenticate('amlaj_manager', 'amlaj_manager')
        actions = self.env['ir.actions.act_window'].search([('res_model', '=like', 'amlaj.%')])
        self.assertTrue(actions)
        with self._network_cut():
            for action in actions:
                with self.subTest(action=action.name):
                    if self.env[action.res_model].with_user(self.user['manager']).has_access('read'):
                        views = [[False, mode] for mode in action.view_mode.split(',')]
                        self._rpc(action.res_model, 'get_views', views=[*views, [False, 'search']])
                        self._rpc(action.res_model, 'web_search_read', [], {'display_name': {}}, limit=80)

    def test_what_the_administrator_opens(self):
        """The companies, the contacts, the leads and the settings: where Odoo's own services look for an occasion."""
        self.authenticate('amlaj_administrator', 'amlaj_administrator')
        company = self.env.company
        with self._network_cut():
            self.url_open('/odoo')
            self._rpc('res.company', 'iap_enrich_auto', [company.id])
            for model in ('res.company', 'res.partner', 'crm.lead', 'res.config.settings', 'iap.account'):
                self._rpc(model, 'get_views', views=[[False, 'list'], [False, 'form']])
            self._rpc('res.partner', 'autocomplete_by_name', "Umluj", False)
            self._rpc('res.config.settings', 'onchange', [], {}, [], {'lead_enrich_auto': {}})
            self._rpc('crm.lead', 'web_save', [], {'name': "A lead", 'email_from': "someone@umluj.example"}, {'id': {}})

    def test_notes_with_an_address_are_not_fetched(self):
        partner = self.env['res.partner'].create({'name': "A contact"})
        message = partner.message_post(body="https://example.org/page", message_type='comment')
        self.authenticate('amlaj_administrator', 'amlaj_administrator')
        with self._network_cut():
            self.make_jsonrpc_request('/mail/link_preview', {'message_id': message.id})

    def test_crons_that_stay_active(self):
        crons = self.env['ir.cron'].search([])
        self.assertTrue(crons)
        self.env['crm.lead'].create({'name': "A lead", 'email_from': "someone@umluj.example"})
        with self._network_cut(), patch.object(self.env.cr, 'commit'), patch.object(self.env.cr, 'rollback'):
            for cron in crons:
                with self.subTest(cron=cron.cron_name), self.env.cr.savepoint():
                    cron.with_user(cron.user_id).with_context(cron_id=cron.id).ir_actions_server_id.run()

    def test_styles_fetch_nothing_abroad(self):
        assets = self.env['ir.qweb']._get_asset_bundle('web.assets_frontend', css=True, js=False)
        style = assets.preprocess_css()
        self.assertIn('font-family', style)
        self.assertEqual(STYLE_FETCHED.findall(style), [])

    def _assert_fetches_nothing_abroad(self, html):
        for found in FETCHED.finditer(html):
            url = found[1] or found[2]
            self.assertIn(urlsplit(url).hostname, HERE | {urlsplit(self.base_url()).hostname}, url)
