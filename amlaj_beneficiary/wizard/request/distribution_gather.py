from odoo import fields, models


class AmlajDistributionGather(models.TransientModel):
    """Which planned deliveries are put on the list of a distribution day (R64)."""
    _name = 'amlaj.distribution.gather'
    _description = "Gather deliveries"
    _inherit = ['amlaj.step']

    distribution_id = fields.Many2one('amlaj.distribution', required=True, ondelete='cascade')
    service_id = fields.Many2one('amlaj.service', string="Only this service")
    locality_id = fields.Many2one('amlaj.locality', string="Only people of")
    planned_from = fields.Date(string="Planned from")
    planned_to = fields.Date(string="Planned till")

    def action_confirm(self):
        """Gather by the day's own method, and say how many deliveries were put on the list."""
        self.ensure_one()
        count = self.distribution_id.action_gather(
            self.service_id.id, self.locality_id.id, self.planned_from, self.planned_to)
        if count:
            message = self.env._("Deliveries put on the list: %(count)s", count=count)
        else:
            message = self.env._("No planned delivery fits, or all of them are on a list already.")
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'message': message, 'type': 'success' if count else 'warning',
                       'next': {'type': 'ir.actions.act_window_close'}}}
