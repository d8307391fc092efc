from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...tools.rate_limit import RateLimit

PER_ADDRESS = RateLimit(tries=60, seconds=60)
# The link belongs to one person for a quarter of an hour: no cache, no search engine, no referrer keeps it.
HEADERS = {
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
}


class SignController(http.Controller):
    """The page on which an applicant signs on a phone or tablet at the desk (R57, R58)."""

    def _link(self, token):
        """The link of ``token`` in superuser mode, or an empty record: wrong, used and expired links are alike."""
        if PER_ADDRESS.wait(request.httprequest.remote_addr):
            return request.env['amlaj.signature.link'].sudo().browse()
        # the token is the right: random, hashed at rest, for one request, once, for some minutes
        return request.env['amlaj.signature.link'].sudo()._find(token)

    @http.route('/sign/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def sign_page(self, token, **__):
        """Show what is declared and the place to sign."""
        link_sudo = self._link(token)
        values = {'summary': link_sudo._summary() if link_sudo else False, 'call_url': f'/sign/{token}/accept'}
        return request.render('amlaj_beneficiary.sign_page', values, headers=HEADERS)

    @http.route('/sign/<string:token>/accept', type='jsonrpc', auth='public', website=True)
    def sign_accept(self, token, name=None, signature=None, **__):
        """Take the signature; the answer is what Odoo's signature form shows."""
        link_sudo = self._link(token)
        if not link_sudo:
            return {'error': self.env._("This link is no longer valid. Please ask the employee for a new one.")}
        try:
            link_sudo._sign(signature, name)
        except UserError as error:
            return {'error': str(error)}
        return {'message': self.env._("Thank you. Your declaration is signed.")}
