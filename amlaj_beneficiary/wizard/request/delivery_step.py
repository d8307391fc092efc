from odoo import api, fields, models

NO_PRINT = {'type': 'ir.actions.act_window_close'}


class AmlajDeliveryStep(models.TransientModel):
    """The receipt of a delivery, why one failed, or the plan of one more (R64)."""
    _name = 'amlaj.delivery.step'
    _description = "What a step of a delivery asks"
    _inherit = ['amlaj.step']

    step = fields.Selection([
        ('deliver', "Confirm receipt"),
        ('fail', "Delivery failed"),
        ('plan', "Plan a delivery"),
    ], required=True)
    delivery_id = fields.Many2one('amlaj.delivery', ondelete='cascade')
    request_id = fields.Many2one('amlaj.request', ondelete='cascade')
    beneficiary_id = fields.Many2one('amlaj.beneficiary', compute='_compute_beneficiary_id')
    receiver_name = fields.Char(string="Received by")
    mandate_id = fields.Many2one(
        'amlaj.mandate', string="Authorised person",
        domain="[('beneficiary_id', '=', beneficiary_id), ('may_receive', '=', True), ('is_valid', '=', True)]")
    method = fields.Selection('_selection_method', string="Receipt by", default='paper')
    signature = fields.Binary(attachment=False)
    second_name = fields.Char(string="Second name")
    reason_id = fields.Many2one('amlaj.reason', domain=[('kind', '=', 'delivery_failure')])
    note = fields.Char(string="In your own words")
    planned_on = fields.Date(string="Planned on")
    what = fields.Char(string="What is delivered")
    quantity = fields.Float(default=1)
    amount = fields.Float()
    place = fields.Selection('_selection_place', default='office')

    def _selection_method(self):
        return self.env['amlaj.delivery']._fields['method']._description_selection(self.env)

    def _selection_place(self):
        return self.env['amlaj.delivery']._fields['place']._description_selection(self.env)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        delivery = self.env['amlaj.delivery'].browse(values.get('delivery_id')).exists()
        if delivery:
            values.setdefault('receiver_name', delivery.beneficiary_id.name)
            if delivery.place == 'bank':
                values['method'] = 'transfer'
        return values

    @api.depends('delivery_id', 'request_id')
    def _compute_beneficiary_id(self):
        for step in self:
            step.beneficiary_id = step.delivery_id.beneficiary_id or step.request_id.beneficiary_id

    @api.onchange('mandate_id')
    def _onchange_mandate_id(self):
        if self.mandate_id:
            self.receiver_name = self.mandate_id.person_name

    def action_confirm(self):
        """Do the step by the delivery's own method; a receipt is printed at once.

        :raise UserError: saying what is missing.
        """
        self.ensure_one()
        if self.step == 'deliver':
            self.delivery_id.action_deliver(
                self.receiver_name, self.method, self.signature, self.mandate_id.id or None, self.second_name)
            if self.method == 'transfer':
                return NO_PRINT
            receipt = self.env.ref('amlaj_beneficiary.report_receipt').report_action(self.delivery_id, config=False)
            return {**receipt, 'close_on_report_download': True}
        if self.step == 'fail':
            self.delivery_id.action_fail((self.note or '').strip() or self.reason_id.name, self.planned_on)
        else:
            self.request_id.action_plan_delivery(self.planned_on, self.what, self.quantity, self.amount, self.place)
        return NO_PRINT
