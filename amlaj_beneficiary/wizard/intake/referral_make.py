from odoo import api, fields, models


class AmlajReferralMake(models.TransientModel):
    """Shows what a partner body would be told, before anything is sent; the question's own step sends it (R7)."""
    _name = 'amlaj.referral.make'
    _description = "Referral to a partner body"
    _inherit = ['amlaj.step']

    line_id = fields.Many2one('amlaj.interaction.line', string="Question of a contact", required=True, ondelete='cascade')
    partner_body_id = fields.Many2one('amlaj.partner.body', string="Partner body", required=True, ondelete='cascade')
    serves = fields.Text(related='partner_body_id.serves')
    share_phone = fields.Boolean(string="Share the phone", default=True)
    share_locality = fields.Boolean(string="Share the village or district")
    preview = fields.Text(string="The partner body is told this, and nothing else", compute='_compute_preview')
    has_agreed = fields.Boolean(string="Agreed before", compute='_compute_preview')
    agreed = fields.Selection([
        ('written', "Written"),
        ('verbal', "Spoken"),
        ('phone', "By phone"),
    ], string="The person agrees", help="How he agreed just now; without his consent nothing is passed on.")
    due_on = fields.Date(string="Answer due")

    @api.depends('line_id', 'share_phone', 'share_locality')
    def _compute_preview(self):
        Referral = self.env['amlaj.referral']
        for step in self:
            file = step.line_id.interaction_id.beneficiary_id
            step.preview = Referral._shared_lines(file, step.line_id.question, step._share())
            step.has_agreed = bool(Referral._consent_to_share(file))

    def _share(self):
        return [name for name in ('phone', 'locality') if self[f'share_{name}']]

    @api.onchange('partner_body_id')
    def _onchange_partner_body_id(self):
        if self.partner_body_id:
            self.due_on = fields.Date.add(self.env['amlaj.referral']._today(), days=self.partner_body_id.answer_days)

    def action_confirm(self):
        """Send it by the question's own step, and print the letter."""
        self.ensure_one()
        return self.line_id.action_send_to_body(
            self.partner_body_id.id, self._share(), self.agreed or None, self.due_on or None)
