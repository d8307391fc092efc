from odoo import fields, http
from odoo.http import request

from ...tools import hijri
from ...tools.rate_limit import RateLimit

PER_ADDRESS = RateLimit(tries=20, seconds=60)
IN_TOTAL = RateLimit(tries=600, seconds=60)
# Nothing of a paper belongs in a search engine, a cache or another site's log.
HEADERS = {
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
}


class VerifyController(http.Controller):
    """Tells whoever scans a paper's QR that the association issued its number, and nothing about a person."""

    @http.route(['/verify', '/verify/<string:code>'], type='http', auth='public', website=True,
                sitemap=False, methods=['GET'])
    def verify(self, code='', **__):
        """The page behind the QR. A wrong code and an unknown number get the same answer."""
        code = code.strip()[:64]
        values = {'code': code, 'issued': False, 'wait': 0}
        if code:
            values['wait'] = PER_ADDRESS.wait(request.httprequest.remote_addr) or IN_TOTAL.wait('all')
            if not values['wait']:
                # sudo: visitors own no right on any record; the model checks the code and gives a date
                values['issued'] = self._issued(request.env['amlaj.paper'].sudo()._find_issued(code))
        status = 429 if values['wait'] else 200
        response = request.render('amlaj_beneficiary.verify_page', values, headers=HEADERS, status=status)
        if values['wait']:
            response.headers['Retry-After'] = str(values['wait'])
        return response

    def _issued(self, found):
        """What was found, with its date in both calendars."""
        if not found:
            return False
        day = fields.Date.to_date(found['date'])
        return {**found, 'date': hijri.full_date(day, request.env.lang) if day else ''}
