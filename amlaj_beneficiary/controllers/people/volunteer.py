from odoo import http
from odoo.http import request

from ...models.people.sign_up import SIGN_UP_TEXTS
from ...tools.text import clean_line
from ..registry.entry import HEADERS

LONGEST = 400
HOUR, DAY = 60 * 60, 24 * 60 * 60
TRIES_OF_NUMBER, TRIES_FROM_ADDRESS, TRIES_IN_TOTAL = 3, 20, 300
# whoever signs young people up with a stranger's mobile shall not fill it with messages
TRIES_OF_GUARDIAN = 3
MOST_FIELDS = 30


def page(template, values, wait=0):
    """A page that search engines may know, and that no cache keeps with what somebody typed."""
    headers = {name: value for name, value in HEADERS.items() if name != 'X-Robots-Tag'}
    response = request.render(f'amlaj_beneficiary.{template}', values, headers=headers, status=429 if wait else 200)
    if wait:
        response.headers['Retry-After'] = str(wait)
    return response


class VolunteerController(http.Controller):
    """Signing up to help, in two minutes on a phone; no answer depends on who is known already (R42)."""

    @http.route('/volunteer', type='http', auth='public', website=True, methods=['GET'])
    def volunteer_page(self, **__):
        """The code of ethics, the privacy notice and a short form."""
        return self._form({}, [], {})

    @http.route('/volunteer', type='http', auth='public', website=True, methods=['POST'])
    def sign_up(self, ethics='', notice='', **posted):
        """Take a sign-up: every well-formed one is thanked alike, known or not."""
        typed = {name: clean_line(posted.get(name) or '')[:LONGEST] for name in SIGN_UP_TEXTS}
        field_ids = request.httprequest.form.getlist('field')[:MOST_FIELDS]
        Applications = request.env['amlaj.volunteer.application']
        vals, faults, asks_guardian = Applications._checked_sign_up(typed, field_ids)
        for name, ticked in (('ethics', ethics), ('notice', notice)):
            if not ticked:
                faults[name] = request.env._("Please read this and tick the box.")
        boxes = {'ethics': bool(ethics), 'notice': bool(notice)}
        if faults:
            return self._form(typed, field_ids, faults, asks_guardian=asks_guardian, **boxes)
        if wait := self._wait(vals):
            return self._form(typed, field_ids, {}, wait, asks_guardian=asks_guardian, **boxes)
        # a person does not see this field: a program is thanked, and nothing is kept
        if not posted.get('website'):
            user = request.env.user
            Applications._sign_up(vals, user if not user._is_public() else None)
        return request.redirect('/volunteer/sent?guardian=1' if asks_guardian else '/volunteer/sent')

    @http.route('/volunteer/sent', type='http', auth='public', website=True, sitemap=False, methods=['GET'])
    def sent(self, guardian='', **__):
        """Thanks, and what happens next."""
        return page('volunteer_sent', {'asks_guardian': guardian == '1'})

    def _wait(self, vals):
        limits = [
            (f'address:{request.httprequest.remote_addr}', TRIES_FROM_ADDRESS, HOUR),
            (f"number:{vals['phone']}", TRIES_OF_NUMBER, HOUR)]
        if vals.get('guardian_phone'):
            limits.append((f"guardian:{vals['guardian_phone']}", TRIES_OF_GUARDIAN, DAY))
        return request.env['amlaj.throttle']._take('volunteer', *limits, ('all', TRIES_IN_TOTAL, HOUR))

    def _form(self, typed, field_ids, faults, wait=0, asks_guardian=False, ethics=False, notice=False):
        # what there is to choose is no secret
        fields_sudo = request.env['amlaj.volunteer.field'].sudo().search_fetch([], ['name'])
        Application = request.env['amlaj.volunteer.application']
        return page('volunteer_page', {
            'typed': dict.fromkeys(SIGN_UP_TEXTS, '') | typed, 'faults': faults, 'fields': fields_sudo,
            'chosen': set(field_ids), 'availabilities': Application._fields['availability']._description_selection(request.env),
            'asks_guardian': asks_guardian, 'ethics': ethics, 'notice': notice,
            'error_text': request.env['res.users']._message_wait(wait) if wait else ''}, wait)
