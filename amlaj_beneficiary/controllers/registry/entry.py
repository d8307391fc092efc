import logging

from odoo import http
from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from ...models.registry.account import SHORTEST_PASSWORD
from ...tools.counted import counted
from ...tools.text import bare, clean_line

_logger = logging.getLogger(__name__)

MOST = 64
LONGEST_PASSWORD = 200
TRIES = 5
SECONDS = 15 * 60
TRIES_FROM_ADDRESS = 30
TRIES_IN_TOTAL = 2000
HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-Robots-Tag': 'noindex, nofollow',
}


class EntryController(AuthSignupHome):
    """Getting in with a number and the code from the desk; a forgotten password (R19, R70)."""

    @http.route('/enter', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def entry_page(self, **__):
        """The first entry: number, code, a password of one's own."""
        return self._entry_answer({})

    @http.route('/enter', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def entry(self, number='', code='', password='', **__):
        """Take number, code and password; whatever does not fit is answered alike."""
        number, code = clean_line(number)[:MOST], clean_line(code)[:MOST]
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            return self._entry_answer({'number': number, 'code': code}, 'password')
        users_sudo = request.env['res.users'].sudo()  # nobody is logged in yet: the model asks for the code
        throttle = request.env['amlaj.throttle'].sudo()
        limits = (
            # what was typed, not whom it means: a known number must not wait otherwise than an unknown one
            (f'number:{bare(number)}', TRIES, SECONDS),
            (f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, SECONDS),
            ('all', TRIES_IN_TOTAL, SECONDS))
        if wait := throttle._take('entry', *limits):
            return self._entry_answer({'number': number}, 'wait', wait)
        login = users_sudo._enter(number, code, password)
        if not login:
            return self._entry_answer({'number': number}, 'wrong')
        throttle._give_back('entry', *limits)
        request.env.cr.flush()
        request.session.authenticate(request.env, {'type': 'password', 'login': login, 'password': password})
        return request.redirect('/my')

    def _entry_answer(self, values, error='', wait=0):
        lang = (request.env.lang or 'en')[:2]
        error_text = {
            'wrong': self.env._(
                "Number and code do not belong together, or the code is no longer valid. Please check them, or come to us "
                "or call."),
            'wait': self.env._(
                "Many codes were tried just now. Please try again in %(time)s, or call us.",
                time=counted(-(-wait // 60), 'minute', lang, oblique=True)),
            'password': self.env._("The password needs at least 8 letters or digits."),
        }.get(error)
        response = request.render('amlaj_beneficiary.entry_page', {
            'number': '', 'code': '', 'error_text': error_text, 'shortest': SHORTEST_PASSWORD, **values},
            headers=HEADERS, status=429 if wait else 200)
        if wait:
            response.headers['Retry-After'] = str(wait)
        return response

    @http.route()
    def web_auth_reset_password(self, *args, **kw):
        """A forgotten password: known, unknown and e-mail-less logins are answered alike, and no name is shown."""
        if request.httprequest.method != 'POST' or kw.get('token'):
            return super().web_auth_reset_password(*args, **kw)
        login = kw.get('login') or ''
        if not request.env['amlaj.throttle'].sudo()._take(
                'reset', (f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, SECONDS)):
            # staff have an e-mail; a beneficiary gets his code at the desk
            user_sudo = request.env['res.users'].sudo().search(
                [('login', '=', login), ('share', '=', False), ('email', '!=', False)], limit=1)
            if user_sudo:
                try:
                    with request.env.cr.savepoint():
                        user_sudo.action_reset_password()
                except (UserError, MailDeliveryException):
                    # told to who looks after the server, not to who asked: every login is answered alike
                    _logger.exception("The message on a forgotten password could not be sent")
        return request.render('amlaj_beneficiary.entry_forgotten', {}, headers=HEADERS)


class EntryPortal(CustomerPortal):

    @http.route()
    def deactivate_account(self, validation, password, **post):
        """Closing one's account closes the login only: the file, its requests and its answers stay."""
        if not request.env['amlaj.mandate'].sudo().search_count([('user_id', '=', request.env.uid)], limit=1):
            return super().deactivate_account(validation, password, **post)
        try:
            request.env['res.users']._check_credentials(
                {'login': request.env.user.login, 'password': password, 'type': 'password'}, {'interactive': True})
        except AccessDenied:
            return super().deactivate_account(validation, password, **post)  # says that the password is wrong
        request.env.user.sudo()._deactivate_portal_user()
        request.session.logout()
        return request.render('amlaj_beneficiary.entry_closed', {}, headers=HEADERS)
