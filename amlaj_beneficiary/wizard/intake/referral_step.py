from odoo import fields, models


class AmlajReferralStep(models.TransientModel):
    """Asks for the words of an answer; the referral's own step checks who gives it (R56)."""
    _name = 'amlaj.referral.step'
    _description = "Answer to a referral"
    _inherit = ['amlaj.step']

    referral_id = fields.Many2one('amlaj.referral', required=True, ondelete='cascade')
    partner_body_id = fields.Many2one(related='referral_id.partner_body_id')
    question = fields.Text(related='referral_id.question')
    text = fields.Text(string="Answer, in words for the person", required=True)
    outcome = fields.Selection([
        ('served', "Served"),
        ('partly', "Partly served"),
        ('not_served', "Not served"),
        ('no_answer', "No answer came"),
    ])

    def action_confirm(self):
        """Give the answer by the referral's own step."""
        self.ensure_one()
        self.referral_id.action_answer(self.text, self.outcome or None)
        return {'type': 'ir.actions.act_window_close'}
