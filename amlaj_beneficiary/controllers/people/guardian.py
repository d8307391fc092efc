from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...models.people.volunteer import first_name
from ...tools.rate_limit import RateLimit
from ...tools.text import clean_line
from ..registry.entry import answer

PER_ADDRESS = RateLimit(tries=60, seconds=60)
LONGEST = 200


class GuardianController(http.Controller):
    """The page behind the link that a young volunteer's guardian gets on his own mobile (R42)."""

    def _application(self, token):
        """The application of ``token`` in superuser mode, or an empty record: wrong, used and ended links are alike."""
        Applications = request.env['amlaj.volunteer.application']
        # who works here answers for nobody: the link is in a message that he may have sent himself
        if request.env.user._is_internal() or PER_ADDRESS.wait(request.httprequest.remote_addr):
            return Applications.sudo().browse()
        # the token is the right: random, hashed at rest, for one person, once
        return Applications.sudo()._find_for_guardian(token)

    @http.route('/guardian/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def guardian_page(self, token, **__):
        """To the holder of the link: who signed up, and what the guardian consents to."""
        return self._page(token)

    @http.route('/guardian/<string:token>', type='http', auth='public', website=True, sitemap=False, methods=['POST'])
    def guardian_answer(self, token, name='', answer='', **__):  # noqa: A002 - the form's own names
        """Take the guardian's answer, once."""
        application_sudo, name = self._application(token), clean_line(name)[:LONGEST]
        if not application_sudo:
            return self._page(token)
        if answer not in ('yes', 'no'):
            return self._page(token, name, request.env._("Please choose an answer."))
        try:
            application_sudo._take_guardians_answer(name, answer == 'yes')
        except UserError as error:
            return self._page(token, name, str(error))
        return request.redirect('/guardian/done')

    @http.route('/guardian/done', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def guardian_done(self, **__):
        """Thanks for the answer; it names nobody."""
        return answer('guardian_done', {})

    def _page(self, token, name='', error_text=''):
        application_sudo = self._application(token)
        return answer('guardian_page', {
            'first_name': first_name(application_sudo.name),
            'birth': application_sudo.birth_shown if application_sudo else '',
            'field_names': application_sudo.field_ids.mapped('name'), 'token': token, 'name': name,
            'error_text': error_text})
