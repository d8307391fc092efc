from odoo import fields, models


class AmlajTicketMerge(models.TransientModel):
    """Asks with which message these are answered; the ticket's own step checks whether they belong together (R14)."""
    _name = 'amlaj.ticket.merge'
    _description = "Answer messages together"
    _inherit = ['amlaj.step']

    ticket_id = fields.Many2one('amlaj.ticket', string="This message", required=True, ondelete='cascade')
    kind = fields.Selection(related='ticket_id.kind')
    into_id = fields.Many2one('amlaj.ticket', string="Answered with", required=True, ondelete='cascade')

    def action_confirm(self):
        """Close this message with the other one, which is answered."""
        self.ensure_one()
        self.ticket_id.action_merge(self.into_id.id)
        return {'type': 'ir.actions.act_window_close'}
