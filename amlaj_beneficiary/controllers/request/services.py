from odoo import http
from odoo.http import request

LONGEST_SEARCH = 80


class ServicesController(http.Controller):
    """The services, their conditions and their papers, before anybody is asked who he is (R11, R18)."""

    @http.route('/services', type='http', auth='public', website=True, methods=['GET'], sitemap=True, readonly=True)
    def services(self, search='', **__):
        """The published services; the search needs no script."""
        search = search[:LONGEST_SEARCH]
        services = request.env['amlaj.service']._catalogue(search)
        return request.render('amlaj_beneficiary.services_page', {'services': services, 'search': search})

    @http.route('/services/<int:service_id>', type='http', auth='public', website=True, methods=['GET'],
                sitemap=False, readonly=True)
    def service(self, service_id, **__):
        """One published service: for whom, on what conditions, with which papers; and the button to apply."""
        for service in request.env['amlaj.service']._catalogue():
            if service['id'] == service_id:
                return request.render('amlaj_beneficiary.service_page', {'service': service})
        raise request.not_found()
