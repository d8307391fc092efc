from odoo import fields, models


class AmlajPaymentStep(models.TransientModel):
    """Asks for the words of a payment's step: the bank's reference, or a reason; the step checks who gives them (R64)."""
    _name = 'amlaj.payment.step'
    _description = "What a step of a payment asks"
    _inherit = ['amlaj.step']

    step = fields.Selection([
        ('pay', "The bank has paid"),
        ('cancel', "Cancel the sheet"),
        ('return', "Returned by the bank"),
        ('accept_iban', "Accept the other IBAN"),
    ], required=True)
    sheet_id = fields.Many2one('amlaj.payment.sheet', ondelete='cascade')
    line_id = fields.Many2one('amlaj.payment.line', ondelete='cascade')
    text = fields.Char(string="In a few words", required=True)

    def action_confirm(self):
        """Do the step by the sheet's, or the line's, own method."""
        self.ensure_one()
        record = self.line_id if self.step in ('return', 'accept_iban') else self.sheet_id
        getattr(record, f'action_{self.step}')(self.text)
        return {'type': 'ir.actions.act_window_close'}
