from odoo import fields, models


class AmlajTicketStep(models.TransientModel):
    """Asks for the words of an answer; the ticket's own step checks who gives it (A20)."""
    _name = 'amlaj.ticket.step'
    _description = "Answer to an objection"
    _inherit = ['amlaj.step']

    ticket_id = fields.Many2one('amlaj.ticket', string="Number", required=True, ondelete='cascade')
    step = fields.Selection([
        ('answer', "Answer"),
        ('uphold', "Uphold the objection"),
        ('dismiss', "Dismiss the objection"),
    ], required=True)
    text = fields.Text(string="In words for the applicant", required=True)

    def action_confirm(self):
        """Give the answer by the ticket's own step."""
        self.ensure_one()
        getattr(self.ticket_id, f'action_{self.step}')(self.text)
        return {'type': 'ir.actions.act_window_close'}
