from odoo import fields, models

STEPS = [('5', "Excellent"), ('4', "Very good"), ('3', "Good"), ('2', "Acceptable"), ('1', "Weak")]


class AmlajRatingPaper(models.TransientModel):
    """Types what a person wrote on paper about a service; the request's own step checks who does it (R24, R30; rule 5)."""
    _name = 'amlaj.rating.paper'
    _description = "Rating from paper"
    _inherit = ['amlaj.step']

    request_id = fields.Many2one('amlaj.request', required=True, ondelete='cascade')
    procedure = fields.Selection(STEPS, string="The procedure")
    conduct = fields.Selection(STEPS, string="The provider's conduct")
    impression = fields.Selection(STEPS, string="The impression")
    comment = fields.Text(string="In the person's words")

    def action_confirm(self):
        """Enter the rating by the request's own step; what was typed is kept nowhere else."""
        self.ensure_one()
        given = {name: self[name] for name in ('procedure', 'conduct', 'impression', 'comment')}
        self.request_id.action_rate_on_paper(given)
        self.sudo().unlink()  # his own row, which would still say who said what
        return {'type': 'ir.actions.act_window_close'}
