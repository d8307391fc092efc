from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..request.follow import PAGE, follow_page, followed_request


class RatingController(http.Controller):
    """Rating a finished service (R24, R30), in one's own pages or with number and code: offered, never asked for twice,
    never a condition; one answer, whichever the door."""

    def _invitation(self, request_sudo):
        """The invitation of a request, in superuser mode after the mandate or the code was checked."""
        # without the reader as its user: nothing that is written says who rated
        invitation_sudo = request_sudo and request_sudo._rating_invitation()
        if not invitation_sudo:
            raise request.not_found()
        return invitation_sudo

    def _held(self, request_id):
        return request.env['amlaj.request']._for_holder(request_id, 'may_follow')

    @http.route('/my/requests/<int:request_id>/rating', type='http', auth='user', website=True, methods=['GET'])
    def rating_page(self, request_id, sent=None, **__):
        """The questions with their five steps, and what was answered before."""
        invitation_sudo = self._invitation(self._held(request_id))
        return self._rating_page(invitation_sudo, f'/my/requests/{request_id}', {'is_sent': bool(sent)})

    @http.route('/my/requests/<int:request_id>/rating', type='http', auth='user', website=True, methods=['POST'])
    def rate(self, request_id, decline=None, **answers):
        """Take the answer, or that the person prefers not to rate."""
        invitation_sudo = self._invitation(self._held(request_id))
        return self._rate(invitation_sudo, f'/my/requests/{request_id}', decline, answers)

    @http.route('/follow-up/rating', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def followed_rating_page(self, sent=None, **__):
        """To who opened the request by number and code: the same questions; the kind of help is not named."""
        request_sudo = followed_request()
        if not request_sudo:
            return request.redirect('/follow-up')
        return self._rating_page(self._invitation(request_sudo), PAGE, {'is_sent': bool(sent)})

    @http.route('/follow-up/rating', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def followed_rate(self, decline=None, **answers):
        """Take the answer of who opened the request by number and code."""
        request_sudo = followed_request()
        if not request_sudo:
            return request.redirect('/follow-up')
        return self._rate(self._invitation(request_sudo), PAGE, decline, answers)

    def _rate(self, invitation_sudo, page, decline, answers):
        if decline:
            invitation_sudo._decline()
            return request.redirect(page)
        try:
            invitation_sudo._answer(answers)
        except UserError as error:
            return self._rating_page(invitation_sudo, page, {'error_text': str(error), 'typed': answers})
        return request.redirect(f'{self._rating_url(page)}?sent=1')

    def _rating_url(self, page):
        return '/follow-up/rating' if page == PAGE else f'{page}/rating'

    def _rating_page(self, invitation_sudo, page, values):
        return follow_page('rating_page', {
            'form': invitation_sudo._form(), 'back_url': page, 'rating_url': self._rating_url(page),
            'home_url': '/' if page == PAGE else '/my', 'typed': {}, 'error_text': '', 'is_sent': False, **values})
