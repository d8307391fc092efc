from odoo import api, fields, models


class AmlajHelpPlanStep(models.TransientModel):
    """What recurring help needs to begin, why it stops, the new day of a failed time (R64). It ends in the records' own
    methods."""
    _name = 'amlaj.help.plan.step'
    _description = "What recurring help asks"
    _inherit = ['amlaj.step']

    step = fields.Selection([
        ('start', "Start recurring help"),
        ('stop', "Stop the help"),
        ('again', "Plan again"),
    ], required=True, default='start')
    request_id = fields.Many2one('amlaj.request', ondelete='cascade')
    plan_id = fields.Many2one('amlaj.help.plan', ondelete='cascade')
    delivery_id = fields.Many2one('amlaj.delivery', ondelete='cascade')
    new_date = fields.Date(string="New day")
    granted_text = fields.Char(string="What was decided", compute='_compute_granted_text')
    service_kind = fields.Selection(related='request_id.service_kind')
    interval = fields.Selection('_selection_interval', string="How often", default='monthly')
    first_date = fields.Date(string="First date")
    end_by = fields.Selection([('times', "After a number of times"), ('date', "On a date")], string="Ends", default='times')
    times = fields.Integer(string="Number of times", default=12)
    end_date = fields.Date(string="Last date at the latest")
    amount = fields.Float(string="Amount each time")
    quantity = fields.Float(string="Quantity each time", default=1)
    what = fields.Char(string="What is delivered")
    place = fields.Selection('_selection_place', default='office')
    note = fields.Char(string="Reason")

    def _selection_interval(self):
        return self.env['amlaj.help.plan']._fields['interval']._description_selection(self.env)

    def _selection_place(self):
        return self.env['amlaj.help.plan']._fields['place']._description_selection(self.env)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        request = self.env['amlaj.request'].browse(values.get('request_id')).exists()
        if request:
            values['place'] = 'bank' if request.service_kind == 'cash' else 'office'
            values['first_date'] = request._today()
        return values

    @api.depends('request_id')
    def _compute_granted_text(self):
        for step in self:
            decision_sudo = step.request_id.sudo().decision_id  # who delivers knows what was replied
            told = decision_sudo.replied_at and decision_sudo
            step.granted_text = told and " · ".join(filter(None, [
                self.env['amlaj.paper']._show_amount(told.amount), told.quantity and f'{told.quantity:g}'])) or False

    def action_confirm(self):
        """Start the help, stop it, or plan a failed time again.

        :raise UserError: saying what does not hold
        """
        self.ensure_one()
        if self.step == 'stop':
            self.plan_id.action_stop(self.note)
        elif self.step == 'again':
            self.delivery_id.action_plan_again(self.new_date)
        else:
            by_times = self.end_by == 'times'
            self.request_id.action_start_help(
                self.interval, self.first_date, None if by_times else self.end_date,
                self.times if by_times else None, self.amount, self.quantity, self.what, self.place)
        return {'type': 'ir.actions.act_window_close'}
