from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request

from ..registry.entry import answer

CHARTER = 'amlaj_beneficiary.paper_agreement'


class VolunteeringPortal(CustomerPortal):
    """A volunteer's own pages: his number, and the agreements that he signs (R42)."""

    def _prepare_portal_layout_values(self):
        return {
            **super()._prepare_portal_layout_values(),
            'amlaj_is_volunteer': bool(request.env['amlaj.volunteer']._of_user(request.env.user))}

    @http.route()
    def home(self, **kw):
        """``/my`` of a volunteer who acts for no file is his volunteering; others see it as before."""
        values = self._prepare_portal_layout_values()
        if (values['amlaj_is_volunteer'] and not values.get('amlaj_may_follow')
                and request.httprequest.path.rstrip('/').endswith('/my')):
            return request.redirect('/my/volunteering')
        return super().home(**kw)

    def _own_volunteer(self):
        """The reader's own record in superuser mode; whoever is no volunteer finds no page."""
        volunteer_sudo = request.env['amlaj.volunteer']._of_user(request.env.user)
        if not volunteer_sudo:
            raise request.not_found()
        return volunteer_sudo

    def _find_agreement(self, agreement_id):
        """The reader's own agreement of this id, in superuser mode; else an empty record."""
        agreements_sudo = request.env['amlaj.volunteer']._of_user(request.env.user).agreement_ids
        return agreements_sudo.filtered(lambda agreement: agreement.id == agreement_id)

    def _own_agreement(self, agreement_id):
        agreement_sudo = self._find_agreement(agreement_id)
        if not agreement_sudo:
            raise request.not_found()
        return agreement_sudo

    @http.route('/my/volunteering', type='http', auth='user', website=True, methods=['GET'])
    def volunteering(self, **__):
        """To a volunteer: his number and his agreements, those that wait for his signature first."""
        return answer('portal_volunteering', self._volunteering_values(self._own_volunteer()))

    def _volunteering_values(self, volunteer_sudo):
        """What the page shows; a hook for more."""
        agreements_sudo = volunteer_sudo.agreement_ids
        return {
            'volunteer': volunteer_sudo,
            'to_sign': agreements_sudo.filtered(lambda agreement: agreement.state == 'draft'),
            'signed': agreements_sudo.filtered(lambda agreement: agreement.state != 'draft')}

    @http.route('/my/volunteering/agreements/<int:agreement_id>', type='http', auth='user', website=True, methods=['GET'])
    def agreement(self, agreement_id, **__):
        """To the volunteer whose agreement it is: its text, and the place to sign while it is not signed."""
        return answer('portal_agreement', {
            'agreement': self._own_agreement(agreement_id), 'signer': request.env.user.name})

    @http.route('/my/volunteering/agreements/<int:agreement_id>/accept', type='jsonrpc', auth='user', website=True)
    def agreement_accept(self, agreement_id, name=None, signature=None, **__):
        """Take the signature of the volunteer whose agreement it is."""
        agreement = self._find_agreement(agreement_id).with_env(request.env)
        if not agreement:
            return {'error': self.env._("There is no such agreement.")}
        try:
            with request.env.cr.savepoint():
                agreement.action_sign(signature, name)
        except UserError as error:
            return {'error': str(error)}
        return {'force_refresh': True, 'redirect_url': f'/my/volunteering/agreements/{agreement.id}'}

    @http.route('/my/volunteering/agreements/<int:agreement_id>/paper', type='http', auth='user', website=True, methods=['GET'])
    def agreement_paper(self, agreement_id, **__):
        """The signed agreement of the reader as a PDF."""
        agreement_sudo = self._own_agreement(agreement_id)
        if agreement_sudo.state == 'draft':
            raise request.not_found()
        # it is the reader's own, as was just checked
        report_sudo = request.env['ir.actions.report'].sudo().with_context(force_report_rendering=True)
        content = report_sudo._render_qweb_pdf(CHARTER, agreement_sudo.ids)[0]
        return request.make_response(content, headers=[
            ('Cache-Control', 'no-store'), ('Content-Type', 'application/pdf'), ('Content-Length', len(content)),
            ('Content-Disposition', http.content_disposition(f'{agreement_sudo.number}.pdf'))])
