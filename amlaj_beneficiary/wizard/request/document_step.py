from odoo import fields, models


class AmlajRequestDocumentStep(models.TransientModel):
    """Asks for the day on which a paper really came, or for what does not agree in it (R53-R55)."""
    _name = 'amlaj.request.document.step'
    _description = "What a step of a paper asks"
    _inherit = ['amlaj.step']

    document_id = fields.Many2one('amlaj.request.document', string="Paper", required=True, ondelete='cascade')
    step = fields.Selection([
        ('receive', "Received earlier"),
        ('mismatch', "Does not agree"),
    ], required=True)
    received_on = fields.Date(string="Received on", default=lambda self: self.env['amlaj.guarded']._today())
    note = fields.Char(string="Reason")

    def action_confirm(self):
        """Receive the paper as of that day, or record what does not agree."""
        self.ensure_one()
        if self.step == 'mismatch':
            self.document_id.action_mismatch(self.note)
        else:
            self.document_id.action_receive(self.received_on, self.note)
        return {'type': 'ir.actions.act_window_close'}
