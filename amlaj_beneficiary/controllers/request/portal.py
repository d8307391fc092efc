from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.exceptions import UserError
from odoo.http import request

from .upload import PaperUpload

# Nobody's request belongs in a shared cache, a search engine or another site's log.
HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
}
RECEIPT = 'amlaj_beneficiary.paper_receipt'


class RequestPortal(PaperUpload, CustomerPortal):
    """The applicant's own requests: the list, one request, its papers, files and receipts (R22, R69, R70).

    Each page asks for the request of a valid mandate; another's, one whose mandate has ended and one that never was
    are answered alike: not found.
    """

    @http.route()
    def home(self, **kw):
        """``/my`` of who acts for a file: what he has with the association, on one short page; ``/my/home`` is Odoo's."""
        values = self._prepare_portal_layout_values()
        if values['amlaj_may_follow'] and request.httprequest.path.rstrip('/').endswith('/my'):
            return self._page('portal_own_home', values)
        return super().home(**kw)

    def _held_request(self, request_id, right='may_follow'):
        """The request in superuser mode, after the mandate was checked."""
        return self._held_request_by(request_id, right)[0]

    def _held_request_by(self, request_id, right='may_follow'):
        """The request and the reader's mandates for it, in superuser mode, after they were checked."""
        request_sudo, mandates_sudo = request.env['amlaj.request']._for_holder_by(request_id, right)
        if not request_sudo:
            raise request.not_found()
        return request_sudo, mandates_sudo

    def _page(self, template, values):
        return request.render(f'amlaj_beneficiary.{template}', values, headers=HEADERS)

    # ------------------------------------------------------------
    # Seeing
    # ------------------------------------------------------------

    @http.route(['/my/requests', '/my/requests/page/<int:page>'], type='http', auth='user', website=True,
                methods=['GET'])
    def my_requests(self, page=1, **__):
        """The requests of the files for which the reader holds a mandate to follow."""
        listed = request.env['amlaj.request']._holder_list(min(page, 10 ** 6))
        pages = pager(url='/my/requests', total=listed['total'], page=page, step=listed['step'])
        return self._page('portal_requests', {**listed, 'pager': pages})

    @http.route('/my/requests/<int:request_id>', type='http', auth='user', website=True, methods=['GET'])
    def my_request(self, request_id, **__):
        """One request: where it is, what is missing, messages, and after the reply the result and the receipts."""
        told = request.env['amlaj.request']._holder_page(request_id)
        if not told:
            raise request.not_found()
        return self._page('portal_request', {'told': told})

    @http.route('/my/requests/<int:request_id>/receipts/<int:delivery_id>', type='http', auth='user', website=True,
                methods=['GET'])
    def my_receipt(self, request_id, delivery_id, **__):
        """The receipt of a delivery of this request as a PDF; printing it is written in the access log."""
        delivery_sudo = self._held_request(request_id).delivery_ids.filtered(
            lambda delivery: delivery.id == delivery_id and delivery.state == 'delivered')
        if not delivery_sudo:
            raise request.not_found()
        # the mandate was checked: the paper is the applicant's own
        report_sudo = request.env['ir.actions.report'].sudo().with_context(force_report_rendering=True)
        content = report_sudo._render_qweb_pdf(RECEIPT, delivery_sudo.ids)[0]
        return request.make_response(content, headers=[
            *HEADERS.items(), ('Content-Type', 'application/pdf'), ('Content-Length', len(content)),
            ('Content-Disposition', http.content_disposition(f'{delivery_sudo.receipt_number}.pdf'))])

    @http.route('/my/requests/<int:request_id>/files/<int:file_id>', type='http', auth='user', website=True,
                methods=['GET'])
    def my_request_file(self, request_id, file_id, **__):
        """A file that the reader sent himself for a paper of this request; nothing in it can run."""
        papers_sudo = self._held_request(request_id).document_ids
        file_sudo = papers_sudo._own_files().filtered(lambda file: file.id == file_id)
        if not file_sudo:
            raise request.not_found()
        is_picture = file_sudo.mimetype in ('image/jpeg', 'image/png', 'image/webp')
        response = file_sudo._to_http_stream().get_response(
            as_attachment=not is_picture, content_security_policy="default-src 'none'; sandbox")
        response.headers.update({**HEADERS, 'X-Content-Type-Options': 'nosniff'})
        return response

    # ------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------

    @http.route('/my/requests/<int:request_id>/papers/<int:document_id>', type='http', auth='user', website=True,
                methods=['POST'])
    def my_request_paper(self, request_id, document_id, **post):
        """Take what is sent for one paper, or take one file back; with a script it answers how the paper stands."""
        request_sudo = self._held_request(request_id, 'may_apply')
        document_sudo = request_sudo.document_ids.filtered(lambda document: document.id == document_id)
        if not document_sudo:
            raise request.not_found()
        error = self._take_paper(document_sudo, post)
        if self._wants_json():
            return self._paper_answer(
                document_sudo, error, f'/my/requests/{request_id}/papers/{document_id}', self._files_url(request_id))
        if not error:
            return request.redirect(f'/my/requests/{request_id}/step/papers#paper-{document_id}')
        return self._page('apply_papers', {
            **request_sudo._apply_values('papers'), 'files_url': self._files_url(request_id),
            'errors': {document_id: error}, 'typed': {document_id: post}})

    def _files_url(self, request_id):
        return f'/my/requests/{request_id}/files/'

    @http.route('/my/requests/<int:request_id>/cancel', type='http', auth='user', website=True, methods=['GET', 'POST'])
    def my_request_cancel(self, request_id, reason='', **__):
        """Cancel the request with a reason, or withdraw a draft."""
        request_sudo, mandates_sudo = self._held_request_by(request_id, 'may_apply')
        error = ''
        if request.httprequest.method == 'POST':
            try:
                with request.env.cr.savepoint():
                    request_sudo._cancel_by_holder(reason)
                return request.redirect(f'/my/requests/{request_id}')
            except UserError as refused:
                error = str(refused)
        values = {'told': request_sudo._told_page(mandates_sudo), 'error': error, 'reason': reason}
        return self._page('portal_request_cancel', values)
