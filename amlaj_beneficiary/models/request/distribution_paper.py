from odoo import api, models


class AmlajPaper(models.AbstractModel):
    """The sheet on which people sign at a distribution day: a number and a first name, nothing of what they receive."""
    _inherit = 'amlaj.paper'

    @api.model
    def _amlaj_verifiable(self):
        return super()._amlaj_verifiable() | {'amlaj.distribution': (self.env._("Distribution sheet"), 'name', 'date')}

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'sheet_rows': self._sheet_rows}

    @api.model
    def _sheet_rows(self, day):
        """The rows in the order of their numbers: ``{'number', 'first_name'}``; what failed is not on the sheet."""
        deliveries = day.delivery_ids.filtered(lambda delivery: delivery.state != 'failed')
        rows = [{
            'number': delivery_sudo.request_id.name,
            'first_name': self._first_name(delivery_sudo.beneficiary_id),
        } for delivery_sudo in deliveries.sudo()]  # whoever prints the day's sheet reads its deliveries
        return sorted(rows, key=lambda row: row['number'])
