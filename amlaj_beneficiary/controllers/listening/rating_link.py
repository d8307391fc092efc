import time

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...tools.rate_limit import RateLimit
from ...tools.text import clean_line
from ..request.portal import HEADERS

MOST = 64
# the tablet on the counter: what it opened is over after so long, and its page returns to the neutral one
TABLET = 'amlaj_rate'
SECONDS_OPEN, SECONDS_ERROR, SECONDS_THANKS = 5 * 60, 60, 8
# at most so many tries of ten digits in so many seconds: from one address, in total
TRIES_FROM_ADDRESS, TRIES_IN_TOTAL, SECONDS = 30, 2000, 15 * 60
PER_ADDRESS = RateLimit(tries=60, seconds=60)


class RatingLinkController(http.Controller):
    """Rating without an account: by the personal link of a message or of the square on the receipt, or by ten digits on the
    tablet of the desk (R24, R30, R31). An employee who is logged in answers for nobody: he enters what is on paper."""

    def _page(self, template, values, refresh=0, status=200):
        headers = dict(HEADERS)
        if refresh:
            headers['Refresh'] = f'{refresh}; url=/rate'
        return request.render(f'amlaj_beneficiary.{template}', values, headers=headers, status=status)

    def _is_employee(self):
        return request.env.user._is_internal()

    def _form(self, invitation, rating_url, refresh=0, **values):
        return self._page('rating_page', {
            'form': invitation._form(is_own_page=False), 'back_url': False, 'home_url': '/', 'rating_url': rating_url,
            'typed': {}, 'error_text': '', 'is_sent': False, 'is_tablet': bool(refresh), **values}, refresh)

    def _closed(self, refresh=0):
        return self._page('rating_closed', {'home_url': '/', 'is_employee': self._is_employee()}, refresh)

    # ------------------------------------------------------------
    # The personal link
    # ------------------------------------------------------------

    def _linked(self, token):
        """The invitation of a link, as the superuser; wrong and ended links are alike, an employee's visit is none."""
        if self._is_employee() or PER_ADDRESS.wait(request.httprequest.remote_addr):
            token = ''
        return request.env['amlaj.rating.invitation']._by_token(token)

    @http.route('/rate/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def link_page(self, token, sent=None, **__):
        """The questions about one service; opening the page answers nothing."""
        invitation = self._linked(token)
        return self._form(invitation, f'/rate/{token}', is_sent=bool(sent)) if invitation else self._closed()

    @http.route('/rate/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def link_rate(self, token, decline=None, **answers):
        """Take the answer, or that the person prefers not to rate."""
        invitation = self._linked(token)
        if not invitation:
            return self._closed()
        if decline:
            invitation._decline()
            return self._page('rating_closed', {'home_url': '/', 'is_declined': True})
        try:
            invitation._answer(answers)
        except UserError as error:
            return self._form(invitation, f'/rate/{token}', error_text=str(error), typed=answers)
        return request.redirect(f'/rate/{token}?sent=1')

    # ------------------------------------------------------------
    # The tablet of the desk
    # ------------------------------------------------------------

    def _opened(self):
        """The invitation that was opened on this tablet, as the superuser; empty once its time is over."""
        kept = request.session.get(TABLET) or {}
        Invitation = request.env['amlaj.rating.invitation']
        if self._is_employee() or kept.get('until', 0) < time.time():
            return Invitation.browse()
        return Invitation._by_code(kept.get('code'))

    @http.route('/rate', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def tablet_door(self, thanks=None, **__):
        """The neutral page: it asks for ten digits and shows nothing of whoever was here before."""
        request.session.pop(TABLET, None)
        return self._door(thanks=bool(thanks))

    def _door(self, error_text='', thanks=False, wait=0):
        return self._page('rating_door', {
            'home_url': '/', 'error_text': error_text, 'thanks': thanks, 'is_employee': self._is_employee()},
            SECONDS_THANKS if thanks else SECONDS_ERROR if error_text else 0, 429 if wait else 200)

    @http.route('/rate', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def tablet_open(self, code='', **__):
        """Open the questions by the digits of the receipt, or by those that the employee reads out."""
        if self._is_employee():
            return self._door()
        throttle, code = request.env['amlaj.throttle'], clean_line(code)[:MOST]
        limits = ((f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, SECONDS),
                  ('all', TRIES_IN_TOTAL, SECONDS))
        if wait := throttle._take('rate', *limits):
            return self._door(request.env['res.users']._message_wait(wait), wait=wait)
        if not request.env['amlaj.rating.invitation']._by_code(code):
            return self._door(request.env._("This is not the code, or its time is over. Please check it, or ask us."))
        throttle._give_back('rate', *limits)
        request.session[TABLET] = {'code': code, 'until': time.time() + SECONDS_OPEN}
        return request.redirect('/rate/form')

    @http.route('/rate/form', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def tablet_page(self, **__):
        """The questions on the tablet; left alone it returns to the neutral page."""
        invitation = self._opened()
        return self._form(invitation, '/rate/form', SECONDS_OPEN) if invitation else request.redirect('/rate')

    @http.route('/rate/form', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def tablet_rate(self, decline=None, **answers):
        """Take the answer, thank, and be neutral again for the next person."""
        invitation = self._opened()
        if not invitation:
            return request.redirect('/rate')
        if decline:
            invitation._decline()
        else:
            try:
                invitation._answer(answers)
            except UserError as error:
                return self._form(invitation, '/rate/form', SECONDS_OPEN, error_text=str(error), typed=answers)
        request.session.pop(TABLET, None)
        return request.redirect('/rate?thanks=1')

    # ------------------------------------------------------------
    # What beneficiaries say, and what it changed
    # ------------------------------------------------------------

    @http.route('/opinions', type='http', auth='public', website=True, sitemap=True, methods=['GET'])
    def opinions(self, **__):
        """The published figures of the last quarter, and what the opinions of beneficiaries changed."""
        return request.render('amlaj_beneficiary.opinions_page', {
            'page': request.env['amlaj.rating.release']._opinions()})
