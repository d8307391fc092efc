from odoo import http
from odoo.http import request


class OpportunitiesController(http.Controller):
    """What volunteers can help with, before anybody is asked who he is (R3, R42)."""

    @http.route('/volunteer/opportunities', type='http', auth='public', website=True, methods=['GET'], sitemap=True,
                readonly=True)
    def opportunities(self, **__):
        """The open opportunities, the next first, and how many seats are left."""
        opportunities_sudo = request.env['amlaj.volunteer.opportunity']._public_opportunities()
        return request.render('amlaj_beneficiary.opportunities_page', {
            'opportunities': opportunities_sudo._told_opportunities()})

    @http.route('/volunteer/opportunities/<int:opportunity_id>', type='http', auth='public', website=True,
                methods=['GET'], sitemap=False, readonly=True)
    def opportunity(self, opportunity_id, **__):
        """One open opportunity: what is done, when, for whom, what to mind; and the way to join."""
        opportunity_sudo = request.env['amlaj.volunteer.opportunity']._public_opportunity(opportunity_id)
        if not opportunity_sudo:
            raise request.not_found()
        return request.render('amlaj_beneficiary.opportunity_page', {'told': opportunity_sudo._told_opportunities()[0]})
