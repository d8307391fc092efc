from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessDenied
from odoo.http import request

from .entry import answer


class AccountController(CustomerPortal):
    """The account of whoever acts on a file: his first page, his password, his passkeys, closing it (R19)."""

    def _holds_mandate(self):
        return request.env.user.sudo().holds_mandate  # of the user himself

    @http.route('/my/welcome', type='http', auth='user', website=True, sitemap=False, methods=['GET'])
    def welcome(self, **__):
        """After the first entry: with what one enters next time, and a passkey where the phone has them."""
        if not self._holds_mandate():
            return request.redirect('/my')
        return answer('entry_welcome', {
            'newcomer': request.env['amlaj.beneficiary']._newcomers_file(),
            'opens': request.env.user.sudo()._opened_by_text()})  # of the user himself

    @http.route()
    def security(self, **post):
        """Password and passkeys of whoever acts on a file; other accounts have Odoo's page."""
        if not self._holds_mandate():
            return super().security(**post)
        values = {}
        if request.httprequest.method == 'POST':
            values = self._change_own_password(post.get('old') or '', post.get('new') or '')
        return self._security_answer(values)

    def _change_own_password(self, old, new):
        Users = request.env['res.users']
        if fault := Users._password_fault(new, *Users._own_numbers()):
            return {'fault': fault}
        try:
            Users._check_own_password(old)
        except AccessDenied as error:
            return {'old_fault': self._text_of(error)}
        # the password was asked for just above
        request.env.user.sudo()._change_password(new)
        request.session.session_token = request.env.user._compute_session_token(request.session.sid)
        return {'is_changed': True}

    @http.route()
    def deactivate_account(self, validation='', password='', **post):
        """Closing one's account closes the login only: the file, its requests and its answers stay."""
        if not self._holds_mandate():
            return super().deactivate_account(validation, password, **post)
        try:
            request.env['res.users']._check_own_password(password)
        except AccessDenied as error:
            return self._security_answer({'close_fault': self._text_of(error)})
        request.env.user.sudo()._deactivate_portal_user()
        request.session.logout()
        request.update_env(user=request.website.user_id)  # nobody is in any more: the page offers no way out
        return answer('entry_closed', {})

    def _text_of(self, error):
        plain = error.args == AccessDenied().args
        return request.env._("This is not your password. Please try again.") if plain else error.args[0]

    def _security_answer(self, values):
        user = request.env.user
        return answer('entry_security', {
            'passkeys': user.auth_passkey_key_ids, 'shortest': user._shortest_password(), **values})
