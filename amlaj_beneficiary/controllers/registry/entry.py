import time

from odoo import http
from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.http import request
from odoo.tools.translate import get_translation

from ...models.registry.password_tries import DEVICE
from ...tools.text import clean_line

MOST = 64
DEVICE_SECONDS = 400 * 24 * 60 * 60
RESET_TRIES, RESET_SECONDS = 5, 60 * 60
HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-Robots-Tag': 'noindex, nofollow',
}


def answer(template, values, wait=0):
    """A page of getting in: kept by nobody, named to no other site; with ``wait`` it says so to programs too."""
    response = request.render(f'amlaj_beneficiary.{template}', values, headers=HEADERS, status=429 if wait else 200)
    if wait:
        response.headers['Retry-After'] = str(wait)
    return response


def go_in(login, password):
    """Log in whoever has just chosen this password, and lead him to the page of his first entry."""
    request.env.cr.flush()
    request.session.authenticate(request.env, {'type': 'password', 'login': login, 'password': password})
    # he has just shown that it is he: a passkey may be made without asking for the password once more
    request.session['identity-check-last'] = time.time()
    return know_device(request.redirect('/my/welcome'))


def know_device(response):
    """Let this browser show next time that the account was opened with it: nobody else's tries keep it waiting then."""
    user = request.env['res.users'].browse(request.session.uid)
    if user and user.sudo().share:  # of the user himself
        response.set_cookie(
            DEVICE, user._device_token(), max_age=DEVICE_SECONDS, httponly=True, samesite='Lax',
            secure=request.httprequest.scheme == 'https')
    return response


class EntryController(AuthSignupHome):
    """Getting in with a number and a code; a forgotten password (R19, R70)."""

    @http.route()
    def web_login(self, *args, **kw):
        """The login page for numbers, on the phone; employees ask for Odoo's own (R19, R70)."""
        request.update_context(**{DEVICE: request.cookies.get(DEVICE)})
        response = super().web_login(*args, **kw)
        if request.params.get('login_success'):
            return know_device(response)
        if getattr(response, 'template', None) == 'web.login' and not request.params.get('staff'):
            response.template = 'amlaj_beneficiary.entry_login'
            if response.qcontext.get('error') == get_translation(
                    'web', request.env.lang or 'en_US', "Wrong login/password", ()):
                response.qcontext['error'] = request.env._(
                    "Number and password do not belong together. Please check them, or ask for a new code.")
        return response

    @http.route('/enter', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def entry_page(self, **__):
        """The first entry: number, code, a password of one's own."""
        return self._entry_answer({})

    @http.route('/enter', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def entry(self, number='', code='', password='', **__):
        """Take number, code and password; whatever does not fit is answered alike."""
        number, code = clean_line(number)[:MOST], clean_line(code)[:MOST]
        Users, throttle = request.env['res.users'], request.env['amlaj.throttle']
        if fault := Users._password_fault(password, number, code):
            return self._entry_answer({'number': number, 'code': code, 'error_text': fault})
        limits = Users._code_limits(number, request.httprequest.remote_addr)
        if wait := throttle._take('entry', *limits):
            return self._entry_answer({'number': number, 'error_text': Users._message_wait(wait)}, wait)
        login = Users._enter(number, code, password)
        if not login:
            return self._entry_answer({'number': number, 'error_text': request.env._(
                "Number and code do not belong together, or the code is no longer valid. Please check them, or come to us "
                "or call.")})
        throttle._give_back('entry', *limits)
        return go_in(login, password)

    def _entry_answer(self, values, wait=0):
        shortest = request.env['res.users']._shortest_password()
        return answer('entry_page', {'number': '', 'code': '', 'shortest': shortest, **values}, wait)

    @http.route()
    def web_auth_reset_password(self, *args, **kw):
        """A forgotten password: known, unknown and e-mail-less logins are answered alike, and no name is shown."""
        if kw.get('token') or request.session.get('auth_signup_token'):
            return super().web_auth_reset_password(*args, **kw)
        number, wait = clean_line(kw.get('login') or '')[:MOST], 0
        if is_asked := request.httprequest.method == 'POST' and bool(number):
            by_address, by_number, in_total = request.env['res.users']._entry_limits(
                number, request.httprequest.remote_addr)
            wait = request.env['amlaj.throttle']._take(
                'forgotten', by_address, (by_number[0], RESET_TRIES, RESET_SECONDS), in_total)
            if not wait:
                request.env['amlaj.forgotten']._ask(number)
        return answer('entry_forgotten', {
            'is_asked': is_asked and not wait, 'can_send': request.env['amlaj.code']._can_send(),
            'error_text': request.env['res.users']._message_wait(wait) if wait else ''}, wait)

    @http.route()
    def web_auth_signup(self, *args, **kw):
        """An account by invitation alone, as Odoo does; it does not tell whether an e-mail has one."""
        request.params.pop('signup_email', None)
        return super().web_auth_signup(*args, **kw)
