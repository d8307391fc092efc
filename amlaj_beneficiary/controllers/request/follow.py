import time

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...tools.text import clean_line
from .portal import HEADERS
from .upload import PaperUpload

MOST = 64
# a phone that was left lying on a counter shows nothing for longer than that
MINUTES_OPEN = 30
TICKET = 'amlaj_follow'
PAGE = '/follow-up/request'


def followed_request():
    """The request that this visitor opened by number and code, in superuser mode; empty once the time or the code ended.

    Every page asks anew, so a code that the desk ends ends all pages that it opened.
    """
    kept = request.session.get(TICKET) or {}
    if kept.get('until', 0) < time.time():
        return request.env['amlaj.request'].sudo()
    # the code was checked when the ticket was made, and is looked up again here
    request_sudo = request.env['amlaj.request'].sudo()._followed_by_ticket(kept.get('ticket'))
    if request_sudo and kept['until'] - time.time() < (MINUTES_OPEN - 1) * 60:
        keep_followed(request_sudo)
    return request_sudo


def keep_followed(request_sudo):
    """Let this visitor's next pages open without the code, for a while."""
    request.session[TICKET] = {'ticket': request_sudo._follow_ticket(), 'until': time.time() + MINUTES_OPEN * 60}


def follow_page(template, values, wait=0):
    """A page of following: kept by nobody, named to no other site."""
    response = request.render(f'amlaj_beneficiary.{template}', values, headers=HEADERS, status=429 if wait else 200)
    if wait:
        response.headers['Retry-After'] = str(wait)
    return response


class FollowController(PaperUpload, http.Controller):
    """Following a request without an account, by its number and the code on its papers (R22, R61)."""

    paper_door = 'follow'

    def _followed(self):
        """The request that was opened, or the way back to the door."""
        request_sudo = followed_request()
        if not request_sudo:
            request.session.pop(TICKET, None)
        return request_sudo

    @http.route('/follow-up', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def follow_door(self, **__):
        """Ask for number and code."""
        return self._door({})

    @http.route('/follow-up', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def follow(self, number='', code='', **__):
        """Open the request; a wrong number, a wrong code and one that has ended are answered alike."""
        number, code = clean_line(number)[:MOST], clean_line(code)[:MOST]
        Requests, throttle = request.env['amlaj.request'], request.env['amlaj.throttle']
        limits = request.env['res.users']._code_limits(number, request.httprequest.remote_addr)
        if wait := throttle._take('follow', *limits):
            return self._door({'number': number, 'error_text': request.env['res.users']._message_wait(wait)}, wait)
        request_sudo = Requests._followed(number, code)
        if not request_sudo:
            return self._door({'number': number, 'error_text': request.env._(
                "Number and code do not belong together, or the code is no longer valid. Please check them, or call us.")})
        throttle._give_back('follow', *limits)
        request.session.should_rotate = True  # the visitor is somebody from here on
        keep_followed(request_sudo)
        return request.redirect(PAGE)

    def _door(self, values, wait=0):
        return follow_page('follow_door', {'number': '', 'error_text': '', **values}, wait)

    @http.route(PAGE, type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def followed(self, **__):
        """Where the request is, what is missing and, after the reply, the answer."""
        request_sudo = self._followed()
        if not request_sudo:
            return request.redirect('/follow-up')
        return follow_page('follow_request', {'told': request_sudo._followed_page()})

    @http.route('/follow-up/papers', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def followed_papers(self, **__):
        """The papers that can be sent from here."""
        request_sudo = self._followed()
        if not request_sudo:
            return request.redirect('/follow-up')
        return self._papers_page(request_sudo)

    def _papers_page(self, request_sudo, **values):
        return follow_page('follow_papers', {
            'papers': request_sudo._followed_papers(), 'errors': {}, 'typed': {},
            'call_phone': request_sudo.branch_id._call_phone(), **values})

    @http.route('/follow-up/papers/<int:document_id>', type='http', auth='public', website=True, sitemap=False,
                methods=['POST'])
    def followed_paper(self, document_id, **post):
        """Take what is sent for one paper; with a script it answers how the paper stands."""
        request_sudo = self._followed()
        document_sudo = request_sudo.document_ids.filtered(lambda document: document.id == document_id)
        if request_sudo and not document_sudo:
            raise request.not_found()
        if not request_sudo:
            if self._wants_json():
                return request.make_json_response({'error': request.env._(
                    "Please enter the number and the code again: the page was open for a long time."), 'html': ''})
            return request.redirect('/follow-up')
        error = self._take_paper(document_sudo, post)
        if self._wants_json():
            return self._paper_answer(document_sudo, error, f'/follow-up/papers/{document_id}')
        if not error:
            return request.redirect(f'/follow-up/papers#paper-{document_id}')
        return self._papers_page(request_sudo, errors={document_id: error}, typed={document_id: post})

    @http.route('/follow-up/submit', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def followed_submit(self, **__):
        """Send the request again once it is complete."""
        request_sudo = self._followed()
        if not request_sudo:
            return request.redirect('/follow-up')
        try:
            with request.env.cr.savepoint():
                request_sudo._send_by_follower()
        except UserError as error:
            return follow_page('follow_request', {'told': request_sudo._followed_page(), 'error': str(error)})
        return request.redirect(PAGE)

    @http.route('/follow-up/leave', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def leave(self, **__):
        """Close the request on this phone."""
        request.session.pop(TICKET, None)
        return request.redirect('/follow-up')
