from odoo import api, fields, models
from odoo.exceptions import UserError


class AmlajRequestStep(models.TransientModel):
    """Asks what one step of a request needs: a reason, a colleague, a channel (R49, R53, R59, R63).

    Each step ends in the request's own method, which checks the actor and the guard. Rooms that add steps add a
    choice and a ``_do_<step>``.
    """
    _name = 'amlaj.request.step'
    _description = "What a step of a request asks"
    _inherit = ['amlaj.step']

    request_id = fields.Many2one('amlaj.request', required=True, ondelete='cascade')
    step = fields.Selection([
        ('handover', "Hand over"),
        ('ask_completion', "Ask for completion"),
        ('inform', "Inform of the period"),
        ('raise_exception', "Raise without a paper"),
        ('set_aside', "Keep aside"),
        ('cancel', "Cancel the request"),
        ('allow_delivery', "Allow the delivery"),
    ], required=True)
    user_id = fields.Many2one('res.users', string="Colleague", domain=[('share', '=', False)])
    channel_id = fields.Many2one('amlaj.channel')
    reason_id = fields.Many2one('amlaj.reason', domain=[('kind', '=', 'cancellation')])
    note = fields.Text()
    told_to = fields.Char(related='request_id.beneficiary_id.told_to')

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        request = self.env['amlaj.request'].browse(values.get('request_id')).exists()
        if request and values.get('step') == 'inform' and 'channel_id' in fields:
            values['channel_id'] = (request.beneficiary_id.preferred_channel_id or request.channel_id).id
        if request and values.get('step') == 'ask_completion' and 'note' in fields:
            values['note'] = request.missing  # what lacks by the list; the employee adds his own words
        return values

    def action_confirm(self):
        """Do the step.

        :raise UserError: naming what is missing or why the step is not possible now.
        """
        self.ensure_one()
        result = getattr(self, f'_do_{self.step}')()
        return result if isinstance(result, dict) else {'type': 'ir.actions.act_window_close'}

    def _reason(self):
        """:raise UserError: without a reason."""
        reason = (self.note or '').strip() or self.reason_id.name
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        return reason

    def _do_handover(self):
        if not self.user_id:
            raise UserError(self.env._("Please choose the colleague."))
        if not (self.note or '').strip():
            raise UserError(self.env._("Please write a note for the colleague."))
        return self.request_id.action_handover(self.user_id.id, self.note)

    def _do_ask_completion(self):
        self.request_id.action_ask_completion(self._reason())
        return self.request_id.action_print_slip()  # the notice that the applicant takes home

    def _do_inform(self):
        self.request_id.action_inform(self.channel_id.id)
        return self.request_id.action_print_slip()

    def _do_raise_exception(self):
        return self.request_id.action_raise(self._reason())

    def _do_set_aside(self):
        return self.request_id.action_set_aside(self._reason())

    def _do_cancel(self):
        return self.request_id.action_cancel(self._reason())

    def _do_allow_delivery(self):
        return self.request_id.action_allow_delivery(self._reason())
