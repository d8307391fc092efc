from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ...models.people.opportunity_public import MOST_ID
from .my_opportunities import HEADERS

DESK = '/volunteering/day'
LOGIN = '/web/login?staff=1&redirect='
STEPS = {'check_in': 'action_check_in', 'check_out': 'action_check_out', 'attended': 'action_attended',
         'absent': 'action_absent'}
MOST_AT_ONCE = 500


class SuperviseController(http.Controller):
    """The supervisor's phone: who comes, checking in by square or from the list, and approving hours, many at once (R42).
    Who supervises nobody finds nothing here."""

    def _opportunities(self):
        Opportunity = request.env['amlaj.volunteer.opportunity']
        if not Opportunity._is_supervisor():
            raise request.not_found()
        return Opportunity

    def _page(self, template, values):
        return request.render(f'amlaj_beneficiary.{template}', values, headers=HEADERS)

    @http.route(DESK, type='http', auth='user', website=True, methods=['GET'])
    def desk(self, **__):
        """The opportunities that the reader supervises."""
        return self._page('supervise_days', {'days': self._opportunities()._my_desk(), 'error_text': ''})

    @http.route(f'{DESK}/<int:opportunity_id>', type='http', auth='user', website=True, methods=['GET'])
    def desk_day(self, opportunity_id, **__):
        """One opportunity that the reader supervises: its people, and the hours to approve."""
        return self._day_page(opportunity_id)

    def _day_page(self, opportunity_id, error=''):
        opportunity = self._opportunities().browse(opportunity_id if opportunity_id <= MOST_ID else 0).exists()
        try:
            told = opportunity and opportunity._desk()
        except AccessError:
            told = None
        if not told:
            raise request.not_found()
        return self._page('supervise_day', {'told': told, 'error_text': error})

    def _ids(self, typed):
        """The ids of a form's boxes."""
        return [int(text) for text in typed if text.isdecimal() and 0 < int(text) <= MOST_ID][:MOST_AT_ONCE]

    def _act(self, opportunity_id, act):
        try:
            with request.env.cr.savepoint():
                act()
        except (AccessError, UserError) as refused:
            return self._day_page(opportunity_id, str(refused))
        return request.redirect(f'{DESK}/{opportunity_id}')

    @http.route(f'{DESK}/<int:opportunity_id>/people', type='http', auth='user', website=True, methods=['POST'])
    def note_people(self, opportunity_id, step='', **__):
        """Notes who came, left or did not come, of one or of many."""
        self._opportunities()
        if step not in STEPS:
            raise request.not_found()
        ids = self._ids(request.httprequest.form.getlist('person'))
        people = request.env['amlaj.volunteer.participation'].search([
            ('id', 'in', ids), ('opportunity_id', '=', opportunity_id if opportunity_id <= MOST_ID else 0)], order='id')
        return self._act(opportunity_id, getattr(people, STEPS[step]))

    @http.route(f'{DESK}/<int:opportunity_id>/hours', type='http', auth='user', website=True, methods=['POST'])
    def approve_hours(self, opportunity_id, step='', reason='', **__):
        """Approves the ticked hours, or refuses them with the reason."""
        self._opportunities()
        ids = self._ids(request.httprequest.form.getlist('line'))
        lines = request.env['amlaj.volunteer.hours'].search([
            ('id', 'in', ids), ('opportunity_id', '=', opportunity_id if opportunity_id <= MOST_ID else 0)])
        return self._act(opportunity_id, lambda: lines.action_refuse(reason) if step == 'refuse' else lines.action_approve())

    @http.route('/volunteering/check-in/<string:code>', type='http', auth='public', website=True, sitemap=False,
                methods=['GET'])
    def scanned(self, code, **__):
        """What a supervisor sees who scans a volunteer's square: the name, and a button; a visitor logs in first, and who
        supervises nobody of that number finds nothing."""
        if request.env.user._is_public():
            return request.redirect(f'{LOGIN}/volunteering/check-in/{self._plain(code)}')
        self._opportunities()
        people = request.env['amlaj.volunteer.participation']._of_code(code[:64])
        return self._page('supervise_scanned', {'people': people._told_scanned(), 'error_text': ''})

    def _plain(self, code):
        return ''.join(letter for letter in code[:64] if letter.isalnum() or letter == '-')
