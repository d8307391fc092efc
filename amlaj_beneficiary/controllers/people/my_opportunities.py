from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

from ...models.people.opportunity_public import MOST_ID
from .volunteering import VolunteeringPortal

HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
}
PAGE = '/my/volunteering'
CARD = 'amlaj_beneficiary.paper_volunteer_card'
CERTIFICATE = 'amlaj_beneficiary.paper_volunteer_certificate'
SAID = ('joined', 'waiting', 'left', 'noted', 'rated', 'visited', 'signed')


class MyOpportunities(VolunteeringPortal):
    """A volunteer's own pages: what he joined and can join, his hours, his card and certificates, his visits (R42, R70).
    Another's participation and one that never was are answered alike: not found."""

    def _volunteer(self):
        """The reader's volunteer in superuser mode.

        :raise NotFound: for who is none
        """
        volunteer_sudo = request.env['amlaj.volunteer']._my_volunteer()
        if not volunteer_sudo:
            raise request.not_found()
        return volunteer_sudo

    def _participation(self, participation_id):
        """One of the reader's own participations in superuser mode."""
        found_sudo = self._volunteer()._my_participation(participation_id)
        if not found_sudo:
            raise request.not_found()
        return found_sudo

    def _volunteering_page(self, template, values, status=200):
        response = request.render(f'amlaj_beneficiary.{template}', values, headers=HEADERS)
        response.status_code = status
        return response

    def _volunteering_act(self, act, page, said):
        """Do one step as the reader; what is refused is said on the page, in words."""
        try:
            with request.env.cr.savepoint():
                outcome = act()
        except AccessError:
            raise request.not_found() from None
        except UserError as refused:
            return page(str(refused))
        return request.redirect(f'{said(outcome)}')

    def _volunteering_values(self, volunteer_sudo):
        said = request.params.get('said')
        return {
            **super()._volunteering_values(volunteer_sudo), 'mine': volunteer_sudo._my_volunteering(), 'error_text': '',
            'said': said if said in SAID else ''}

    # ------------------------------------------------------------
    # Seeing
    # ------------------------------------------------------------

    @http.route(f'{PAGE}/<int:participation_id>', type='http', auth='user', website=True, methods=['GET'])
    def volunteering_participation(self, participation_id, said='', **__):
        """One of the reader's participations: the details, his square for checking in, his hours."""
        return self._participation_page(participation_id, said=said)

    def _participation_page(self, participation_id, error='', said='', typed=None):
        deed_sudo = self._participation(participation_id)
        return self._volunteering_page('my_participation', {
            'told': deed_sudo._my_page(), 'error_text': error, 'said': said if said in SAID else '', 'typed': typed or {}})

    @http.route(f'{PAGE}/<int:participation_id>/calendar.ics', type='http', auth='user', methods=['GET'])
    def volunteering_calendar(self, participation_id, **__):
        """The calendar file of one of the reader's participations."""
        content = self._participation(participation_id)._calendar()
        if not content:
            raise request.not_found()
        return request.make_response(content, headers=[
            ('Content-Type', 'text/calendar; charset=utf-8'), ('Cache-Control', 'no-store'),
            ('Content-Disposition', content_disposition('volunteering.ics'))])

    @http.route(f'{PAGE}/card', type='http', auth='user', methods=['GET'])
    def volunteering_card(self, **__):
        """The reader's volunteer card as a PDF."""
        return self._volunteering_paper(CARD, self._volunteer(), 'volunteer-card')

    @http.route(f'{PAGE}/<int:participation_id>/certificate', type='http', auth='user', methods=['GET'])
    def volunteering_certificate(self, participation_id, **__):
        """The certificate of one of the reader's participations as a PDF; issued when it is first asked for."""
        deed_sudo = self._participation(participation_id)
        try:
            certificate_sudo = deed_sudo.with_user(request.env.user)._certificate()
        except (AccessError, UserError):
            raise request.not_found() from None
        return self._volunteering_paper(CERTIFICATE, certificate_sudo, f'certificate-{certificate_sudo.number}')

    def _volunteering_paper(self, report, record_sudo, name):
        try:
            # the record is the reader's own
            report_sudo = request.env['ir.actions.report'].sudo().with_context(force_report_rendering=True)
            content = report_sudo._render_qweb_pdf(report, record_sudo.ids)[0]
        except UserError:
            raise request.not_found() from None
        return request.make_response(content, headers=[
            ('Content-Type', 'application/pdf'), ('Content-Length', len(content)), ('Cache-Control', 'no-store'),
            ('Content-Disposition', content_disposition(f'{name}.pdf'))])

    # ------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------

    @http.route(f'{PAGE}/join/<int:opportunity_id>', type='http', auth='user', website=True, methods=['GET'])
    def volunteering_join_form(self, opportunity_id, **__):
        """To a volunteer: one open opportunity, and what is to be chosen before joining."""
        return self._join_page(opportunity_id)

    @http.route(f'{PAGE}/join/<int:opportunity_id>', type='http', auth='user', website=True, methods=['POST'])
    def volunteering_join(self, opportunity_id, shift='', **__):
        """Takes the joining of the reader; says at once whether he has a seat or waits."""
        self._volunteer()
        opportunity = request.env['amlaj.volunteer.opportunity'].browse(opportunity_id if opportunity_id <= MOST_ID else 0)
        shift_id = int(shift) if shift.isdecimal() and len(shift) < 10 else None
        return self._volunteering_act(
            lambda: opportunity.action_join(shift_id),
            lambda error: self._join_page(opportunity_id, error),
            lambda seat: f"{PAGE}?said={'joined' if seat == 'taken' else 'waiting'}")

    def _join_page(self, opportunity_id, error=''):
        self._volunteer()
        opportunity_sudo = request.env['amlaj.volunteer.opportunity']._public_opportunity(opportunity_id)
        if not opportunity_sudo:
            raise request.not_found()
        return self._volunteering_page('join_page', {'told': opportunity_sudo._told_opportunities()[0], 'error_text': error})

    @http.route(f'{PAGE}/<int:participation_id>/leave', type='http', auth='user', website=True, methods=['POST'])
    def volunteering_leave(self, participation_id, **__):
        """Gives one of the reader's seats back."""
        return self._deed_act(participation_id, lambda deed: deed.action_leave(), 'left', PAGE)

    @http.route(f'{PAGE}/<int:participation_id>/hours', type='http', auth='user', website=True, methods=['POST'])
    def volunteering_enter_hours(self, participation_id, day='', time_from='', time_to='', **__):
        """Takes hours that the reader enters himself."""
        return self._deed_act(
            participation_id, lambda deed: deed.action_enter_hours(day, time_from, time_to), 'noted',
            typed={'day': day, 'time_from': time_from, 'time_to': time_to})

    @http.route(f'{PAGE}/<int:participation_id>/rate', type='http', auth='user', website=True, methods=['POST'])
    def volunteering_rate(self, participation_id, rating='', note='', **__):
        """Takes the reader's rating of what he took part in."""
        return self._deed_act(participation_id, lambda deed: deed.action_rate(rating, note), 'rated', typed={'note': note})

    def _deed_act(self, participation_id, act, said, page='', typed=None):
        deed = self._participation(participation_id).with_user(request.env.user)
        return self._volunteering_act(
            lambda: act(deed), lambda error: self._participation_page(participation_id, error, typed=typed),
            lambda __: f'{page or f"{PAGE}/{participation_id}"}?said={said}')

    @http.route(f'{PAGE}/undertaking', type='http', auth='user', website=True, methods=['GET', 'POST'])
    def volunteering_undertaking(self, name='', agreed='', **__):
        """The undertaking of confidentiality; takes the reader's signature."""
        volunteer = self._volunteer().with_user(request.env.user)
        if request.httprequest.method != 'POST':
            return self._volunteering_page('undertaking_page', {'error_text': '', 'name': ''})

        def page(error):
            return self._volunteering_page('undertaking_page', {'error_text': error, 'name': name})

        if agreed != '1':
            return page(request.env._("Please confirm that you have read it."))
        return self._volunteering_act(lambda: volunteer.action_sign_undertaking(name), page, lambda __: f'{PAGE}?said=signed')

    @http.route(f'{PAGE}/visits/<int:visit_id>', type='http', auth='user', website=True, methods=['POST'])
    def volunteering_note_visit(self, visit_id, outcome='', note='', **__):
        """Takes the note of a visit that was assigned to the reader."""
        self._volunteer()
        visit = request.env['amlaj.volunteer.visit'].browse(visit_id if visit_id <= MOST_ID else 0)
        return self._volunteering_act(
            lambda: visit.action_note(outcome, note), self._visit_refused, lambda __: f'{PAGE}?said=visited')

    def _visit_refused(self, error):
        values = self._volunteering_values(self._volunteer())
        return self._volunteering_page('portal_volunteering', {**values, 'error_text': error})
