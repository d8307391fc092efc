from odoo import fields, models


class AmlajVisitStep(models.TransientModel):
    """Asks what the end of a visit needs: what was seen, or why it was not possible; the visit's own step checks who says it."""
    _name = 'amlaj.visit.step'
    _description = "End of a visit"
    _inherit = ['amlaj.step']

    visit_id = fields.Many2one('amlaj.visit', required=True, ondelete='cascade')
    step = fields.Selection([('done', "Done"), ('fail', "Not possible")], required=True)
    text = fields.Text(string="What was seen, or why not")

    def action_confirm(self):
        """Close the visit by its own step."""
        self.ensure_one()
        getattr(self.visit_id, f'action_{self.step}')(self.text)
        return {'type': 'ir.actions.act_window_close'}
