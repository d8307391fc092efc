from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal import RequestPortal

LONGEST_SEARCH = 80
SAVED_STEPS = ('questions', 'need')


class ApplyPortal(RequestPortal):
    """Applying by oneself in short steps; each is saved as it is left (R18, R41, R53, R57)."""

    @http.route('/my/requests/new', type='http', auth='user', website=True, methods=['GET'])
    def new_request(self, file='', service='', search='', **__):
        """Choose the file, where the account acts for several, then the service."""
        files_sudo = request.env['amlaj.request']._files_to_apply()
        chosen_sudo = files_sudo if len(files_sudo) == 1 else files_sudo.filtered(lambda held: str(held.id) == file)
        scope = 'internal' if chosen_sudo.scope == 'internal' else 'external'
        Services = request.env['amlaj.service']
        service_sudo = Services._public_service(int(service) if service.isdecimal() else 0, scope)
        values = {
            'files': [{'id': held.id, 'name': held.name, 'number': held.file_number} for held in files_sudo],
            'acts_for': request.env['amlaj.request']._applies_for(chosen_sudo), 'file_id': chosen_sudo.id,
            'service': bool(service_sudo) and service_sudo._told_services()[0],
            'search': search[:LONGEST_SEARCH]}
        if chosen_sudo and not service_sudo:
            values['services'] = Services._catalogue(values['search'], scope)
        return self._page('apply_new', values)

    @http.route('/my/requests/new', type='http', auth='user', website=True, methods=['POST'])
    def begin_request(self, file='', service='', **__):
        """Begin a draft, or go on with the one begun before; the same click twice makes one."""
        request_sudo = request.env['amlaj.request']._begin(*(
            int(typed) if typed.isdecimal() else 0 for typed in (file, service)))
        if not request_sudo:
            raise request.not_found()
        return request.redirect(f'/my/requests/{request_sudo.id}/step/{request_sudo._apply_now()}')

    @http.route('/my/requests/<int:request_id>/step', type='http', auth='user', website=True, methods=['GET'])
    def go_on(self, request_id, **__):
        """Go on where the draft was left."""
        request_sudo = self._held_request(request_id, 'may_apply')
        return request.redirect(f'/my/requests/{request_id}/step/{request_sudo._apply_now()}')

    @http.route('/my/requests/<int:request_id>/step/<string:step>', type='http', auth='user', website=True,
                methods=['GET'])
    def show_step(self, request_id, step, **__):
        """One step of a request that the applicant may still change."""
        request_sudo, mandates_sudo = self._held_request_by(request_id, 'may_apply')
        shown = request_sudo._apply_values(step, mandates_sudo)
        if not shown:
            raise request.not_found()
        if not request_sudo._is_step_open(step):
            return request.redirect(f'/my/requests/{request_id}')
        return self._step_page(shown)

    def _step_page(self, shown, **values):
        return self._page(f"apply_{shown['step']}", {
            **shown, 'files_url': self._files_url(shown['id']), 'errors': {}, 'typed': {}, **values})

    @http.route('/my/requests/<int:request_id>/step/<string:step>', type='http', auth='user', website=True,
                methods=['POST'])
    def save_step(self, request_id, step, **post):
        """Save what was typed and show the next step; what is wrong is said at its field, and nothing is lost."""
        request_sudo = self._held_request(request_id, 'may_apply')
        steps = list(request_sudo._apply_steps())
        if step not in SAVED_STEPS or step not in steps:
            raise request.not_found()
        try:
            with request.env.cr.savepoint():
                save = request_sudo._save_questions if step == 'questions' else request_sudo._save_need
                errors, lacks = save(post)
        except UserError as error:
            return self._step_page(request_sudo._apply_values(step), error=str(error), typed=post)
        is_later = 'later' in post
        if errors or (lacks and not is_later):
            return self._step_page(request_sudo._apply_values(step), errors={**lacks, **errors}, typed=post)
        if is_later:
            return request.redirect('/my/requests')
        return request.redirect(f'/my/requests/{request_id}/step/{steps[steps.index(step) + 1]}')

    @http.route('/my/requests/<int:request_id>/accept', type='jsonrpc', auth='user', website=True)
    def accept_declaration(self, request_id, name=None, signature=None, **__):
        """Take the signature; the answer is what Odoo's signature form shows."""
        request_sudo = self._held_request(request_id, 'may_apply')
        try:
            with request.env.cr.savepoint():
                request_sudo._sign_by_holder(signature, name)
        except UserError as error:
            return {'error': str(error)}
        is_step = request_sudo.state in ('draft', 'incomplete')
        return {
            'force_refresh': True,
            'redirect_url': f'/my/requests/{request_id}/step/review' if is_step else f'/my/requests/{request_id}'}

    @http.route('/my/requests/<int:request_id>/submit', type='http', auth='user', website=True, methods=['POST'])
    def submit_request(self, request_id, **__):
        """Send the request, or send it again once it is complete."""
        request_sudo = self._held_request(request_id, 'may_apply')
        try:
            with request.env.cr.savepoint():
                request_sudo._send_by_holder()
        except UserError as error:
            return self._step_page(request_sudo._apply_values('review'), error=str(error))
        return request.redirect(f'/my/requests/{request_id}')
