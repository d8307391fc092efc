from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..request.portal import HEADERS


class RatingController(http.Controller):
    """Rating a finished service in one's own pages (R24, R30): offered, never asked for twice, never a condition."""

    def _invitation(self, request_id):
        """The invitation of a request of the reader, in superuser mode after the mandate was checked."""
        request_sudo = request.env['amlaj.request']._for_holder(request_id, 'may_follow')
        # without the reader as its user: nothing that is written says who rated
        invitation_sudo = request_sudo and request_sudo._rating_invitation()
        if not invitation_sudo:
            raise request.not_found()
        return invitation_sudo

    @http.route('/my/requests/<int:request_id>/rating', type='http', auth='user', website=True, methods=['GET'])
    def rating_page(self, request_id, sent=None, **__):
        """The questions with their five steps, and what was answered before."""
        return self._rating_answer(request_id, self._invitation(request_id), {'is_sent': bool(sent)})

    @http.route('/my/requests/<int:request_id>/rating', type='http', auth='user', website=True, methods=['POST'])
    def rate(self, request_id, decline=None, **answers):
        """Take the answer, or that the person prefers not to rate."""
        invitation_sudo = self._invitation(request_id)
        if decline:
            invitation_sudo._decline()
            return request.redirect(f'/my/requests/{request_id}')
        try:
            invitation_sudo._answer(answers)
        except UserError as error:
            return self._rating_answer(request_id, invitation_sudo, {'error_text': str(error), 'typed': answers})
        return request.redirect(f'/my/requests/{request_id}/rating?sent=1')

    def _rating_answer(self, request_id, invitation_sudo, values):
        return request.render('amlaj_beneficiary.rating_page', {
            'form': invitation_sudo._form(), 'request_id': request_id, 'typed': {}, 'error_text': '', 'is_sent': False,
            **values}, headers=HEADERS)
