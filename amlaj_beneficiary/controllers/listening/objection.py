import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..request.follow import PAGE, follow_page, followed_request


class ObjectionController(http.Controller):
    """Objecting to a decision (A20): in one's own pages, and with number and code without an account."""

    @http.route('/my/requests/<int:request_id>/objection', type='http', auth='user', website=True,
                methods=['GET', 'POST'])
    def my_objection(self, request_id, text='', submission_key='', **__):
        """To the holder of a mandate to apply: the form for an objection; takes it, the same click twice once."""
        request_sudo = request.env['amlaj.request']._for_holder(request_id, 'may_apply')
        if not request_sudo:
            raise request.not_found()
        return self._objection(request_sudo, 'portal', f'/my/requests/{request_id}', text, submission_key)

    @http.route('/follow-up/objection', type='http', auth='public', website=True, sitemap=False,
                methods=['GET', 'POST'])
    def followed_objection(self, text='', submission_key='', **__):
        """To who opened the request by number and code: the form for an objection; takes it, the same click twice once."""
        request_sudo = followed_request()
        if not request_sudo:
            return request.redirect('/follow-up')
        return self._objection(request_sudo, 'follow', PAGE, text, submission_key)

    @http.route('/my/objections/<string:what>/<int:record_id>', type='http', auth='user', website=True,
                methods=['GET', 'POST'])
    def my_other_objection(self, what, record_id, text='', submission_key='', **__):
        """To the holder of a mandate to apply: the form for objecting to a suspension of his file or a failed delivery."""
        record_sudo = request.env['amlaj.ticket']._objectionable(what, record_id)
        if not record_sudo:
            raise request.not_found()
        error_text = ''
        back_url = '/my/file' if what == 'suspension' else f'/my/requests/{record_sudo.request_id.id}'
        if request.httprequest.method != 'POST':
            text = submission_key = ''  # what a person writes stands in no address
        else:
            try:
                with request.env.cr.savepoint():
                    ticket = request.env['amlaj.ticket']._objected(
                        what, record_sudo.with_user(request.env.user), text, submission_key=submission_key)
                return request.redirect(f'/my/tickets/{ticket.id}')
            except UserError as refused:
                error_text = str(refused)
        return follow_page('objection_page', {
            'form': request.env['amlaj.ticket']._objection_form(what, record_sudo, back_url), 'error_text': error_text,
            'text': text, 'submission_key': submission_key or uuid.uuid4().hex})

    def _objection(self, request_sudo, door, page, text, submission_key):
        """The answer to either door (the mandate or the code was checked)."""
        error_text = ''
        if request.httprequest.method != 'POST':
            text = submission_key = ''  # what a person writes stands in no address
        else:
            try:
                with request.env.cr.savepoint():
                    request_sudo._object_by_applicant(text, submission_key)
                return request.redirect(page)
            except UserError as refused:
                error_text = str(refused)
        return follow_page('objection_page', {
            'form': request_sudo._objection_page(door), 'error_text': error_text, 'text': text,
            'submission_key': submission_key or uuid.uuid4().hex})
