import secrets

from odoo import http
from odoo.http import request

from ...models.registry.registration import REGISTERED_FIELDS
from ...models.registry.throttle import ALL
from ...tools.text import clean_line
from .entry import answer, go_in

LONGEST = 120
HOUR = 60 * 60
TRIES_OF_NUMBER, TRIES_FROM_ADDRESS, TRIES_IN_TOTAL = 3, 20, 1000
KEY_BYTES = 24


class RegisterController(http.Controller):
    """A newcomer registers from home; no answer depends on who is registered already (R18, R19)."""

    @http.route('/register', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def register_page(self, **__):
        """The privacy notice, then the form in short steps."""
        if not request.env.user._is_public():
            return request.redirect('/my')
        return self._register_answer({}, {})

    @http.route('/register', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def register(self, password='', notice='', key='', **typed):
        """Register: every well-formed answer opens a provisional file and an account of its own."""
        if not request.env.user._is_public():
            return request.redirect('/my')
        typed = {name: clean_line(typed.get(name) or '')[:LONGEST] for name in (*REGISTERED_FIELDS, 'website')}
        Files, Users = request.env['amlaj.beneficiary'], request.env['res.users']
        vals, faults = Files._checked_registration(typed)
        if fault := Users._password_fault(password, typed['identity_number'], typed['phone']):
            faults['password'] = fault
        if not notice:
            faults['notice'] = request.env._("Please read the notice and tick the box.")
        if len(key) != len(secrets.token_urlsafe(KEY_BYTES)):
            faults['key'] = request.env._("Please send the form once more.")
        # a person does not see this field
        if faults or typed['website']:
            return self._register_answer(typed, faults, notice=bool(notice))
        if wait := self._wait(vals['claimed_number']):
            return self._register_answer(typed, {}, wait, notice=True)
        return go_in(Files._register_newcomer(vals, password, key), password)

    def _wait(self, number):
        return request.env['amlaj.throttle']._take(
            'register', (f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, HOUR),
            (f'number:{number}', TRIES_OF_NUMBER, HOUR), (ALL, TRIES_IN_TOTAL, HOUR))

    def _register_answer(self, typed, faults, wait=0, notice=False):
        # which places there are is no secret
        localities_sudo = request.env['amlaj.locality'].sudo().search_fetch([], ['name'])
        return answer('register_page', {
            'typed': dict.fromkeys(REGISTERED_FIELDS, '') | typed, 'faults': faults, 'notice': notice,
            'localities': localities_sudo, 'key': secrets.token_urlsafe(KEY_BYTES),
            'shortest': request.env['res.users']._shortest_password(),
            'error_text': request.env['res.users']._message_wait(wait) if wait else ''}, wait)
