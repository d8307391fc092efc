import hashlib
import json
from urllib.parse import urlsplit

from odoo import http
from odoo.addons.web.controllers.session import Session
from odoo.http import request
from odoo.tools import file_open

PAGE = '/field'
BUNDLE = 'amlaj_beneficiary.assets_field'
WORKER = 'amlaj_beneficiary/static/src/field/worker/service_worker.js'
LOGIN = '/web/login?staff=1&redirect=/field'
# this browser holds a list: its logout has to erase it
HOLDS_LIST = 'amlaj_field'
HELD_SECONDS = 30 * 24 * 60 * 60
HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'X-Robots-Tag': 'noindex, nofollow',
}


class FieldController(http.Controller):
    """The page for distribution days that works without line (rule 8): its shell, its service worker, and what the phone
    asks and sends. The shell holds no data of anybody; each answer is made by one method as the user himself."""

    def _days(self):
        """The days' model for a user who can be on a team.

        :raise NotFound: for everybody else; the page exists for nobody else
        """
        days = request.env['amlaj.distribution']
        if not days._is_field_user():
            raise request.not_found()
        return days

    def _shell(self):
        return request.env['ir.qweb']._render('amlaj_beneficiary.field_page', self._shell_values())

    def _shell_values(self, next_url=''):
        """What the page is made of: words and addresses, nothing of anybody; rooms add theirs."""
        lang = request.env['res.lang']._get_data(code=request.env.lang or 'en_US')
        return {
            'page_lang': lang.code.split('_')[0], 'direction': lang.direction or 'ltr', 'login_url': LOGIN,
            'next_url': next_url, 'company_name': request.env.company.sudo().name}

    @http.route(PAGE, type='http', auth='public', methods=['GET'])
    def field(self, **__):
        """The page; a visitor logs in first, who is on no team finds nothing."""
        if request.env.user._is_public():
            return request.redirect(LOGIN)
        self._days()
        return request.make_response(self._shell(), headers=list(HEADERS.items()))

    @http.route('/field/sw.js', type='http', auth='user', methods=['GET'])
    def field_worker(self, **__):
        """The page's service worker; it differs whenever the page or one of its files does, so phones renew both."""
        self._days()
        nodes = request.env['ir.qweb']._get_asset_nodes(BUNDLE)
        files = [path for __, node in nodes if (path := node.get('src') or node.get('href'))]
        version = hashlib.sha256(f'{files} {self._shell()}'.encode()).hexdigest()[:16]
        with file_open(WORKER) as worker:
            text = worker.read().replace('__VERSION__', version).replace('"__FILES__"', json.dumps(files))
        return request.make_response(text, headers=[
            ('Content-Type', 'text/javascript'), ('Service-Worker-Allowed', PAGE), ('Cache-Control', 'no-cache')])

    @http.route('/field/days', type='jsonrpc', auth='user')
    def field_days(self, **__):
        """Who asks, and the open days of his teams around today."""
        return {'user': request.env.uid, 'days': self._days()._field_days()}

    @http.route('/field/list', type='jsonrpc', auth='user')
    def field_list(self, day=None, **__):
        """The list of one day, for a member of its team; taking it along is written in the access log."""
        taken = self._days()._field_list(day)
        self._remember_list()
        return {'user': request.env.uid, **taken}

    def _remember_list(self):
        """This browser holds names now: its logout leads over the page that erases them."""
        request.future_response.set_cookie(HOLDS_LIST, '1', max_age=HELD_SECONDS, httponly=True, samesite='Lax')

    @http.route('/field/send', type='jsonrpc', auth='user')
    def field_send(self, entries=None, days=None, **__):
        """Takes the entries of a phone, each once, and tells how its lists stand."""
        return {'user': request.env.uid, **self._days()._field_send(entries, days)}

    @http.route('/field/leave', type='http', auth='public', methods=['GET'])
    def field_leave(self, next='/', **__):  # noqa: A002 (the word of the address)
        """Nothing of anybody; erases what this browser holds of a list, then leads on within this site."""
        values = self._shell_values(self._within(next))
        response = request.make_response(
            request.env['ir.qweb']._render('amlaj_beneficiary.field_page', values), headers=list(HEADERS.items()))
        response.delete_cookie(HOLDS_LIST)
        return response

    def _within(self, address):
        """``address`` as a path of this site."""
        path = urlsplit(address).path.replace('\\', '/')
        return '/' + path.lstrip('/')


class FieldSession(Session):
    """Whoever logs out leaves no list in the browser."""

    @http.route()
    def logout(self, redirect='/odoo'):
        """As Odoo does; where the browser holds the list of a distribution day, it is erased on the way."""
        response = super().logout(redirect)
        if request.httprequest.cookies.get(HOLDS_LIST):
            return request.redirect_query('/field/leave', {'next': redirect}, code=303)
        return response
