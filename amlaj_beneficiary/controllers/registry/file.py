import json
import uuid

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ...tools.counted import counted

# Nobody's file belongs in a shared cache, a search engine or another site's log.
HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'SAMEORIGIN',
    'X-Robots-Tag': 'noindex, nofollow',
}
# enough for a large household in one sitting; beyond it one waits, and nobody is locked out
CHANGES, SECONDS = 40, 60 * 60
OWN_FIELDS = frozenset({'csrf_token', 'file', 'member', 'submission_key', 'photo'})


class FilePortal(CustomerPortal):
    """What the association holds about a person, and asking for a change of it (R19, R21, R70).

    Each page asks for the valid mandates of the reader; another's file, one whose mandate has ended and one that never
    was are answered alike: not found.
    """

    def _prepare_portal_layout_values(self):
        mandates_sudo = request.env['amlaj.beneficiary']._files_followed()
        return {
            **super()._prepare_portal_layout_values(), 'amlaj_may_follow': bool(mandates_sudo),
            'amlaj_may_apply': any(mandates_sudo.mapped('may_apply'))}

    def _file_page(self, template, values):
        return request.render(f'amlaj_beneficiary.{template}', values, headers=HEADERS)

    def _number(self, typed):
        return int(typed) if isinstance(typed, str) and typed.isdecimal() and len(typed) < 10 else 0

    # ------------------------------------------------------------
    # Seeing
    # ------------------------------------------------------------

    @http.route('/my/file', type='http', auth='user', website=True, methods=['GET'])
    def my_file(self, file='', sent='', **__):
        """The file of the reader, or one of those that he follows: what the association holds about the person."""
        page = request.env['amlaj.beneficiary']._file_page(self._number(file) if file else None)
        if not page:
            raise request.not_found()
        if 'told' not in page:
            return self._file_page('portal_files', page)
        return self._file_page('portal_file', {**page, 'sent': sent if sent in ('1', 'now', 'newer') else ''})

    # ------------------------------------------------------------
    # Asking for a change
    # ------------------------------------------------------------

    @http.route('/my/file/change/<string:subject>', type='http', auth='user', website=True, methods=['GET'])
    def change_form(self, subject, file='', member='', **__):
        """The short form of one change, with what the file says now."""
        return self._change_page(subject, file, member)

    @http.route('/my/file/change/<string:subject>', type='http', auth='user', website=True, methods=['POST'])
    def ask_change(self, subject, file='', member='', submission_key='', **post):
        """Take the change that is asked for; what is wrong is said at its field, and nothing typed is lost."""
        limit = (f'user:{request.env.uid}', CHANGES, SECONDS)
        if wait := request.env['amlaj.throttle']._take('change', limit):
            return self._change_page(subject, file, member, typed=post, key=submission_key, error=self.env._(
                "Many changes were sent just now. Please try again in %(time)s, or call us.",
                time=counted(-(-wait // 60), 'minute', (request.env.lang or 'en')[:2], oblique=True)), status=429)
        typed = {name: value for name, value in post.items() if name not in OWN_FIELDS}
        try:
            with request.env.cr.savepoint():
                change_sudo, errors = request.env['amlaj.beneficiary'].browse(self._number(file))._ask_change(
                    subject, typed, self._number(member) or None, submission_key, self._posted_photos())
        except AccessError:
            raise request.not_found() from None
        except UserError as error:
            return self._change_page(subject, file, member, typed=typed, key=submission_key, error=str(error))
        if errors:
            return self._change_page(subject, file, member, typed=typed, key=submission_key, errors=errors)
        return request.redirect(f'/my/file?file={self._number(file)}&sent={change_sudo._sent_as()}#changes')

    def _change_page(self, subject, file, member, typed=None, key='', errors=None, error='', status=200):
        form = request.env['amlaj.beneficiary']._change_form(
            self._number(file), subject, self._number(member) or None)
        if not form:
            raise request.not_found()
        response = self._file_page('portal_file_change', {
            'form': form, 'typed': typed, 'errors': errors or {}, 'error_text': error,
            'submission_key': key or uuid.uuid4().hex})
        response.status_code = status
        return response

    def _posted_photos(self):
        photos = []
        for upload in request.httprequest.files.getlist('photo'):
            if upload.filename:
                upload.seek(0)  # Odoo repeats a request that met another one, with only the first file rewound
                photos.append((upload.filename, upload.read()))
        return photos

    @http.route('/my/file/changes/<int:change_id>/withdraw', type='http', auth='user', website=True, methods=['POST'])
    def withdraw_change(self, change_id, **__):
        """Withdraw a change that still waits."""
        change = request.env['amlaj.change.request'].browse(change_id if change_id < 2 ** 31 else 0)
        try:
            with request.env.cr.savepoint():
                change.action_withdraw()
        except AccessError:
            raise request.not_found() from None
        except UserError:
            request.env.invalidate_all()  # answered meanwhile: the page says how
        return request.redirect(f'/my/file?file={change.beneficiary_id.id}#changes')

    # ------------------------------------------------------------
    # Odoo's own account pages
    # ------------------------------------------------------------

    def _keeps_own_contact(self):
        """Whether the reader's contact is a beneficiary's, or of someone who acts for one: changes go by the file."""
        return request.env.user._holds_mandate()

    def _own_page(self):
        """Where his data stand: his file, or his first page where he has none, as a volunteer."""
        return '/my/file' if request.env['amlaj.mandate']._held_by(request.env.user) else '/my'

    @http.route()
    def account(self, **kwargs):
        """Odoo's account page asks for e-mail and address: whoever acts for a file is led to it instead."""
        return request.redirect(self._own_page()) if self._keeps_own_contact() else super().account(**kwargs)

    @http.route()
    def my_addresses(self, **query_params):
        """Odoo's list of addresses: whoever acts for a file is led to it instead."""
        return request.redirect(self._own_page()) if self._keeps_own_contact() else super().my_addresses(**query_params)

    @http.route()
    def portal_address(self, *args, **query_params):
        """Odoo's form of an address: whoever acts for a file is led to it instead."""
        if self._keeps_own_contact():
            return request.redirect(self._own_page())
        return super().portal_address(*args, **query_params)

    @http.route()
    def portal_address_submit(self, *args, **form_data):
        """Takes an address for a contact; nothing for whoever acts for a file, who is led to it."""
        if self._keeps_own_contact():
            return json.dumps({'redirectUrl': self._own_page()})
        return super().portal_address_submit(*args, **form_data)

    def _create_or_update_address(self, partner_sudo, *args, **form_data):
        # other apps of Odoo take addresses by routes of their own, which end here
        if self._keeps_own_contact():
            return partner_sudo, {'redirectUrl': self._own_page()}
        return super()._create_or_update_address(partner_sudo, *args, **form_data)
