from odoo import http
from odoo.addons.portal.controllers.portal import pager
from odoo.exceptions import UserError
from odoo.http import request

from ...tools.follow_code import clean_follow_code, show_follow_code
from ...tools.text import clean_line
from ..request.follow import MOST, FollowController, follow_page
from ..request.upload import PaperUpload

HOUR = 60 * 60
# who writes without an account: from one phone, from one network, in total
TRIES_OF_PHONE, TRIES_FROM_NETWORK, TRIES_IN_TOTAL = 5, 30, 400
TRIES_OF_USER = 10
TYPED = ('kind', 'about_kind', 'about_text', 'text', 'name', 'phone', 'is_anonymous')
LONGEST_TYPED = 8000


def network_of(address):
    """The neighbourhood of an address: enough to slow a flood down, too coarse to say from whom a word came."""
    parts = (address or '').split(':' if ':' in (address or '') else '.')
    return ':'.join(parts[:3]) if ':' in (address or '') else '.'.join(parts[:3])


class TicketPages(PaperUpload):
    """What the doors for words to the association share."""

    def _typed(self, post):
        return {name: str(post.get(name) or '')[:LONGEST_TYPED] for name in TYPED}

    def _wait(self, typed, is_user=False):
        """Count one try; without a name neither account nor phone is counted, since a count too would be a trace."""
        limits = []
        if is_user:
            limits.append((f'user:{request.env.uid}', TRIES_OF_USER, HOUR))
        else:
            limits.append((f'network:{network_of(request.httprequest.remote_addr)}', TRIES_FROM_NETWORK, HOUR))
        if typed['phone'] and not typed['is_anonymous']:
            limits.append((f"phone:{clean_line(typed['phone'])[:MOST]}", TRIES_OF_PHONE, HOUR))
        return request.env['amlaj.throttle']._take('help', *limits, ('all', TRIES_IN_TOTAL, HOUR))

    def _send_form(self, template, values, typed=None, error_text='', key='', wait=0):
        return follow_page(template, {
            'form': request.env['amlaj.ticket']._send_page(), 'typed': dict.fromkeys(TYPED, '') | (typed or {}),
            'error_text': error_text, 'submission_key': key or request.env['amlaj.ticket']._new_key(), **values}, wait)


class HelpController(TicketPages, http.Controller):
    """Writing to the association without an account, with a name or without (R14, R35-R44; rule 10)."""

    @http.route('/help', type='http', auth='public', website=True, sitemap=True, methods=['GET'])
    def help_page(self, kind='', **__):
        """The form for a question, a suggestion or a complaint."""
        return self._send_form('help_page', {}, {'kind': kind[:MOST]})

    @http.route('/help', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def help_send(self, submission_key='', website='', **post):
        """Take it, the same click twice once; answer with the number and the code that open it."""
        typed = self._typed(post)
        if website:  # a person does not see this field
            return self._send_form('help_page', {}, typed)
        if wait := self._wait(typed):
            return self._send_form(
                'help_page', {}, typed, request.env['res.users']._message_wait(wait), submission_key, wait)
        try:
            with request.env.cr.savepoint():
                ticket_sudo, code = request.env['amlaj.ticket']._send_by_visitor(typed, self._posted_files(), submission_key)
        except UserError as refused:
            return self._send_form('help_page', {}, typed, str(refused), submission_key)
        return follow_page('help_sent', {
            'number': ticket_sudo.name, 'code': show_follow_code(code), 'told': ticket_sudo._told_page()})


class TicketFollowController(TicketPages, FollowController):
    """Reading the answer and writing further by number and code: nothing is kept in a session, so no login meets it."""

    @http.route()
    def follow(self, number='', code='', **post):
        """Open the request; a wrong number, a wrong code and one that has ended are answered alike."""
        if clean_follow_code(code):
            return self.followed_message(number, code)
        return super().follow(number, code, **post)

    @http.route('/help/follow', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def follow_help(self, **__):
        """Lead to the one door for number and code."""
        return request.redirect('/follow-up')

    @http.route('/follow-up/message', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def followed_message(self, number='', code='', text='', submission_key='', **post):
        """To who has number and code of a message: what was said; takes what he writes further."""
        number, code = clean_line(number)[:MOST], clean_line(code)[:MOST]
        throttle, Tickets = request.env['amlaj.throttle'], request.env['amlaj.ticket']
        limits = request.env['res.users']._code_limits(number, network_of(request.httprequest.remote_addr))
        if wait := throttle._take('follow', *limits):
            return self._door({'number': number, 'error_text': request.env['res.users']._message_wait(wait)}, wait)
        ticket_sudo = Tickets._opened_by_code(number, code)
        if not ticket_sudo:
            return self._door({'number': number, 'error_text': request.env._(
                "Number and code do not belong together, or the code is no longer valid. Please check them, or call us.")})
        throttle._give_back('follow', *limits)
        values = {'text': '', 'error_text': '', 'is_sent': False}
        if submission_key:
            try:
                with request.env.cr.savepoint():
                    ticket_sudo._reply_by_person(text, self._posted_files(), submission_key)
                values['is_sent'] = True
            except UserError as refused:
                values |= {'text': text[:LONGEST_TYPED], 'error_text': str(refused)}
        return follow_page('ticket_followed', {
            'told': ticket_sudo._told_page(), 'number': number, 'code': code, 'reply_url': '/follow-up/message',
            'submission_key': Tickets._new_key(), 'home_url': '/', 'back_url': False, **values})


class MyTicketController(TicketPages, http.Controller):
    """A person's words to the association on his own pages (R14, R22)."""

    @http.route(['/my/tickets', '/my/tickets/page/<int:page>'], type='http', auth='user', website=True, methods=['GET'])
    def my_tickets(self, page=1, **__):
        """What the reader wrote, and what was entered for the files that he follows."""
        listed = request.env['amlaj.ticket']._holder_tickets(min(page, 10 ** 6))
        pages = pager(url='/my/tickets', total=listed['total'], page=page, step=listed['step'])
        return follow_page('portal_tickets', {**listed, 'pager': pages})

    @http.route('/my/tickets/new', type='http', auth='user', website=True, methods=['GET'])
    def my_ticket_form(self, kind='', **__):
        """The form for a question, a suggestion or a complaint."""
        return self._new_form({'kind': kind[:MOST]})

    @http.route('/my/tickets/new', type='http', auth='user', website=True, methods=['POST'])
    def my_ticket_send(self, submission_key='', file_id='', **post):
        """Take it, the same click twice once; without a name it answers with number and code."""
        typed = self._typed(post)
        if wait := self._wait(typed, not typed['is_anonymous']):
            return self._new_form(typed, request.env['res.users']._message_wait(wait), submission_key, wait)
        try:
            with request.env.cr.savepoint():
                ticket_sudo, code = request.env['amlaj.ticket']._send_by_holder(
                    typed, self._posted_files(), submission_key, int(file_id) if file_id.isdecimal() else None)
        except UserError as refused:
            return self._new_form({**typed, 'file_id': file_id}, str(refused), submission_key)
        if code:
            return follow_page('help_sent', {
                'number': ticket_sudo.name, 'code': show_follow_code(code), 'told': ticket_sudo._told_page()})
        return request.redirect(f'/my/tickets/{ticket_sudo.id}')

    def _new_form(self, typed, error_text='', key='', wait=0):
        files_sudo = request.env['amlaj.request']._holder_files()
        return self._send_form('portal_ticket_new', {
            'files': [(str(file.id), file.name) for file in files_sudo] if len(files_sudo) > 1 else [],
        }, {'file_id': '', **typed}, error_text, key, wait)

    def _mine(self, ticket_id):
        ticket_sudo = request.env['amlaj.ticket']._held_ticket(ticket_id)
        if not ticket_sudo:
            raise request.not_found()
        return ticket_sudo

    @http.route('/my/tickets/<int:ticket_id>', type='http', auth='user', website=True, methods=['GET', 'POST'])
    def my_ticket(self, ticket_id, text='', submission_key='', **__):
        """One word: where it stands and what was said; takes what its writer adds."""
        ticket_sudo = self._mine(ticket_id)
        values = {'text': '', 'error_text': '', 'is_sent': False}
        if request.httprequest.method == 'POST':
            try:
                with request.env.cr.savepoint():
                    ticket_sudo._reply_by_person(text, self._posted_files(), submission_key)
                return request.redirect(f'/my/tickets/{ticket_id}')
            except UserError as refused:
                values |= {'text': text[:LONGEST_TYPED], 'error_text': str(refused)}
        return follow_page('ticket_followed', {
            'told': ticket_sudo._told_page(), 'number': '', 'code': '', 'reply_url': f'/my/tickets/{ticket_id}',
            'submission_key': request.env['amlaj.ticket']._new_key(), 'home_url': '/my', 'back_url': '/my/tickets', **values})
