from odoo import fields, models


class AmlajInkindCancel(models.TransientModel):
    """Asks why an in-kind receipt is cancelled; the receipt's own step checks who does it."""
    _name = 'amlaj.inkind.cancel'
    _description = "Cancelling an in-kind receipt"
    _inherit = ['amlaj.step']

    receipt_id = fields.Many2one('amlaj.inkind.receipt', required=True, ondelete='cascade')
    reason = fields.Char(string="Why it is cancelled", required=True)

    def action_confirm(self):
        """Cancel the receipt."""
        self.ensure_one()
        self.receipt_id.action_cancel(self.reason)
        return {'type': 'ir.actions.act_window_close'}
