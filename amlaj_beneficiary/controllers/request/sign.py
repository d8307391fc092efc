from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...tools.rate_limit import RateLimit
from ...tools.text import clean_line

MOST = 64
# at most so many wrong codes for one link, and from one address, in so many seconds
TRIES, TRIES_FROM_ADDRESS, SECONDS = 10, 30, 15 * 60
OPENED = 'amlaj_sign'
PER_ADDRESS = RateLimit(tries=60, seconds=60)
# The link belongs to one person for a short time: no cache, no search engine, no referrer keeps it.
HEADERS = {
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
}


class SignController(http.Controller):
    """The page on which an applicant signs on a phone or tablet, at the desk or at home (R57, R58)."""

    def _link(self, token):
        """The link of ``token`` in superuser mode, or an empty record: wrong, used and expired links are alike."""
        if PER_ADDRESS.wait(request.httprequest.remote_addr):
            return request.env['amlaj.signature.link'].sudo().browse()
        # the token is the right: random, hashed at rest, for one request, once, for some minutes
        return request.env['amlaj.signature.link'].sudo()._find(token)

    def _is_open(self, link_sudo):
        """Whether this visitor has typed the code that a link for home needs."""
        return not link_sudo.is_from_home or request.session.get(OPENED) == link_sudo.id

    @http.route('/sign/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def sign_page(self, token, **__):
        """Show what is declared and the place to sign; a link for home asks for its code first."""
        return self._sign_answer(self._link(token), token)

    def _sign_answer(self, link_sudo, token, error_text='', wait=0):
        asks_code = bool(link_sudo) and not self._is_open(link_sudo)
        values = {
            'summary': link_sudo._summary() if link_sudo and not asks_code else False, 'asks_code': asks_code,
            'call_url': f'/sign/{token}/accept', 'error_text': error_text}
        return request.render('amlaj_beneficiary.sign_page', values, headers=HEADERS, status=429 if wait else 200)

    @http.route('/sign/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def sign_code(self, token, code='', **__):
        """Take the code of a link for home."""
        link_sudo = self._link(token)
        if not link_sudo or self._is_open(link_sudo):
            return self._sign_answer(link_sudo, token)
        throttle = request.env['amlaj.throttle']
        limits = ((f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, SECONDS),
                  (f'link:{link_sudo.id}', TRIES, SECONDS))
        if wait := throttle._take('sign', *limits):
            return self._sign_answer(link_sudo, token, request.env['res.users']._message_wait(wait), wait)
        if not link_sudo._is_right_code(clean_line(code)[:MOST]):
            return self._sign_answer(link_sudo, token, request.env._(
                "This is not the code. Please check it, or call us."))
        throttle._give_back('sign', *limits)
        request.session[OPENED] = link_sudo.id
        return request.redirect(f'/sign/{token}')

    @http.route('/sign/<string:token>/accept', type='jsonrpc', auth='public', website=True)
    def sign_accept(self, token, name=None, signature=None, **__):
        """Take the signature; the answer is what Odoo's signature form shows."""
        link_sudo = self._link(token)
        if not link_sudo or not self._is_open(link_sudo):
            return {'error': self.env._("This link is no longer valid. Please ask us for a new one.")}
        try:
            link_sudo._sign(signature, name)
        except UserError as error:
            return {'error': str(error)}
        return {'message': self.env._("Thank you. Your declaration is signed.")}
