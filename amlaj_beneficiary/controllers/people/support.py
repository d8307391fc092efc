from odoo import http
from odoo.http import request

from ...models.people.supporter import LONGEST_OFFER, SUPPORT_TEXTS
from ...tools.text import clean_text
from .volunteer import DAY, HOUR, MOST_FIELDS, page

TRIES_OF_NUMBER, TRIES_FROM_ADDRESS, TRIES_IN_TOTAL = 3, 20, 300


class SupportController(http.Controller):
    """Offering goods or services; no answer depends on who is known already, and no money is taken (R5)."""

    @http.route('/support', type='http', auth='public', website=True, methods=['GET'])
    def support_page(self, **__):
        """What helps, where money is given officially, and a short form."""
        return self._form({}, [], {})

    @http.route('/support', type='http', auth='public', website=True, methods=['POST'])
    def offer_support(self, notice='', **posted):
        """Take an offer: every well-formed one is thanked alike, known or not."""
        typed = {name: clean_text(posted.get(name) or '')[:LONGEST_OFFER] for name in SUPPORT_TEXTS}
        interest_ids = request.httprequest.form.getlist('interest')[:MOST_FIELDS]
        Supporters = request.env['amlaj.supporter']
        vals, faults = Supporters._checked_offer(typed, interest_ids)
        if not notice:
            faults['notice'] = request.env._("Please read this and tick the box.")
        if faults:
            return self._form(typed, interest_ids, faults, notice=bool(notice))
        if wait := self._wait(vals):
            return self._form(typed, interest_ids, {}, wait, notice=bool(notice))
        # a person does not see this field: a program is thanked, and nothing is kept
        if not posted.get('website'):
            Supporters._offer(vals)
        return request.redirect('/support/sent')

    @http.route('/support/sent', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def support_sent(self, **__):
        """Thanks, and what happens next."""
        return page('support_sent', {})

    def _wait(self, vals):
        return request.env['amlaj.throttle']._take(
            'support', (f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, HOUR),
            (f"number:{vals['phone']}", TRIES_OF_NUMBER, DAY), ('all', TRIES_IN_TOTAL, HOUR))

    def _form(self, typed, interest_ids, faults, wait=0, notice=False):
        url = request.env['amlaj.settings']._get('giving_url')
        # what there is to choose, and where money is given, is no secret
        interests_sudo = request.env['amlaj.supporter.interest'].sudo().search_fetch([], ['name'])
        return page('support_page', {
            'typed': dict.fromkeys(SUPPORT_TEXTS, '') | typed, 'faults': faults, 'interests': interests_sudo,
            'chosen': set(interest_ids), 'notice': notice, 'longest': LONGEST_OFFER,
            'giving_url': url if url.startswith('https://') else '',
            'error_text': request.env['res.users']._message_wait(wait) if wait else ''}, wait)
