from odoo import api, fields, models


class AmlajRequestStep(models.TransientModel):
    """The steps of the committee's room: the reply with its channel, an earlier reply with a reason (R61, R62)."""
    _inherit = 'amlaj.request.step'

    step = fields.Selection(selection_add=[
        ('reply', "Send the reply"),
        ('allow_early_reply', "Allow an earlier reply"),
    ], ondelete={'reply': 'cascade', 'allow_early_reply': 'cascade'})

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        request = self.env['amlaj.request'].browse(values.get('request_id')).exists()
        if request and values.get('step') == 'reply' and 'channel_id' in fields_list:
            values['channel_id'] = (request.beneficiary_id.preferred_channel_id or request.channel_id).id
        return values

    def _do_reply(self):
        return self.request_id.action_reply(self.channel_id.id)

    def _do_allow_early_reply(self):
        return self.request_id.action_allow_early_reply(self._reason())
