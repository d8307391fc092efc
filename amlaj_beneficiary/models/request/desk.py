from odoo import api, models


class AmlajDesk(models.AbstractModel):
    """The service catalogue among the employee's tools: conditions and papers, as everybody may read them."""
    _inherit = 'amlaj.desk'

    @api.model
    def _told_services(self):
        Service = self.env['amlaj.service']
        # what is offered, with its papers, is no secret; internal services are for colleagues and these are colleagues
        services_sudo = Service.sudo().search_fetch([], ['name', 'description', 'kind', 'conditions', 'is_published'])
        return [{
            'id': told['id'], 'name': told['name'], 'kind': told['kind'], 'description': told['description'],
            'conditions': told['conditions'],
            'papers': [paper['name'] for paper in told['papers'] if paper['is_required']],
            'other_papers': [paper['name'] for paper in told['papers'] if not paper['is_required']],
        } for told in services_sudo._told_services()]
