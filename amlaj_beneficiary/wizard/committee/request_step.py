from odoo import api, fields, models


class AmlajRequestStep(models.TransientModel):
    """The committee's steps of a request: the reply, its earlier day, and a department's decision (R61, R62)."""
    _inherit = 'amlaj.request.step'

    step = fields.Selection(selection_add=[
        ('reply', "Send reply"),
        ('early_reply', "Allow an early reply"),
        ('annul', "Take the decision back"),
        ('department', "Decide for the department"),
    ], ondelete=dict.fromkeys(('reply', 'early_reply', 'annul', 'department'), 'cascade'))
    result = fields.Selection([
        ('approved', "Approved"),
        ('partial', "Partly approved"),
        ('rejected', "Rejected"),
    ])
    amount = fields.Float(string="Amount granted")
    is_told = fields.Boolean(string="I told the person just now, by this channel")
    refusal_reason_id = fields.Many2one(
        'amlaj.reason', string="Reason of the refusal", domain=[('kind', '=', 'refusal')])

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        request = self.env['amlaj.request'].browse(values.get('request_id')).exists()
        if request and values.get('step') == 'reply' and 'channel_id' in fields:
            values['channel_id'] = (request.beneficiary_id.preferred_channel_id or request.channel_id).id
        return values

    def _do_reply(self):
        return self.request_id.action_reply(self.channel_id.id or None, self.is_told)

    def _do_early_reply(self):
        return self.request_id.action_allow_early_reply(self._reason())

    def _do_annul(self):
        return self.request_id.action_annul_decision(self._reason())

    def _do_department(self):
        return self.request_id.action_decide_by_department(
            self.result, self.refusal_reason_id.id or None, self.amount or None)
