from odoo import fields, models


class AmlajPaymentStep(models.TransientModel):
    """What a step of a payment sheet or of one of its transfers asks: the bank's reference, or a reason (R64)."""
    _name = 'amlaj.payment.step'
    _description = "What a step of a payment asks"
    _inherit = ['amlaj.step']

    step = fields.Selection([
        ('pay', "Record the payment"),
        ('cancel', "Cancel the sheet"),
        ('return', "Returned by the bank"),
        ('accept_iban', "Accept the new account"),
    ], required=True)
    sheet_id = fields.Many2one('amlaj.payment.sheet', string="Payment sheet", ondelete='cascade')
    line_id = fields.Many2one('amlaj.payment.line', string="Transfer", ondelete='cascade')
    currency_id = fields.Many2one(related='sheet_id.currency_id')
    total = fields.Monetary(related='sheet_id.total')
    sent_count = fields.Integer(related='sheet_id.sent_count')
    old_iban = fields.Char(related='line_id.iban_shown', string="IBAN on the sheet")
    new_iban = fields.Char(
        related='line_id.new_iban_shown', string="IBAN in the file now", related_sudo=False,
        groups='amlaj_beneficiary.group_manager')
    reference = fields.Char(string="The bank's reference")
    reason = fields.Char()
    planned_on = fields.Date(string="Planned on")

    def action_confirm(self):
        """Do the step by the sheet's, or the transfer's, own method.

        :raise UserError: saying what is missing
        """
        self.ensure_one()
        if self.step == 'pay':
            self.sheet_id.action_pay(self.reference)
        elif self.step == 'cancel':
            self.sheet_id.action_cancel(self.reason)
        elif self.step == 'return':
            self.line_id.action_return(self.reason, self.planned_on)
        else:
            self.line_id.action_accept_iban(self.reason)
        return {'type': 'ir.actions.act_window_close'}
