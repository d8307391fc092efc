from odoo import fields, models


class AmlajAgreementStep(models.TransientModel):
    """Asks for the words of a step on an agreement; the agreement's own step checks who does it (R5, R6)."""
    _name = 'amlaj.agreement.step'
    _description = "Step on an agreement"
    _inherit = ['amlaj.step']

    agreement_id = fields.Many2one('amlaj.agreement', required=True, ondelete='cascade')
    step = fields.Selection([
        ('note_paper', "Signed on paper"),
        ('note_breach', "Note a breach"),
        ('dispute', "Take a dispute"),
        ('end', "End the agreement"),
    ], required=True)
    text = fields.Text(string="In a few words", required=True)
    day = fields.Date(default=lambda self: self.env['amlaj.guarded']._today())
    outcome = fields.Selection([
        ('none', "Nothing more"),
        ('warning', "A warning"),
        ('ended', "The end of the agreement"),
    ], string="What followed", default='none')

    def action_confirm(self):
        """Do the step by the agreement's own method."""
        self.ensure_one()
        if self.step == 'note_breach':
            self.agreement_id.action_note_breach(self.text, self.outcome, self.day)
        elif self.step == 'dispute':
            return self.agreement_id.action_dispute(self.text)
        else:
            getattr(self.agreement_id, f'action_{self.step}')(self.text)
        return {'type': 'ir.actions.act_window_close'}
