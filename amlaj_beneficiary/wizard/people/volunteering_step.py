from odoo import api, fields, models


class AmlajVolunteerOpportunityStep(models.TransientModel):
    """Asks for what a step of an opportunity needs: why it is cancelled, or who joins by telephone (R42)."""
    _name = 'amlaj.volunteer.opportunity.step'
    _description = "Step of a volunteering opportunity"
    _inherit = ['amlaj.step']

    opportunity_id = fields.Many2one('amlaj.volunteer.opportunity', required=True, ondelete='cascade')
    step = fields.Selection([('cancel', "Cancel the opportunity"), ('join', "A volunteer joins")], required=True)
    reason = fields.Char(string="Why it is cancelled")
    volunteer_id = fields.Many2one('amlaj.volunteer', domain="[('state', '=', 'active')]", ondelete='cascade')
    has_shifts = fields.Boolean(compute='_compute_has_shifts')
    shift_id = fields.Many2one(
        'amlaj.volunteer.shift', domain="[('opportunity_id', '=', opportunity_id)]", ondelete='cascade')

    @api.depends('opportunity_id')
    def _compute_has_shifts(self):
        for step in self:
            step.has_shifts = bool(step.opportunity_id.shift_ids)

    def action_confirm(self):
        """Do the step by the opportunity's own method."""
        self.ensure_one()
        if self.step == 'cancel':
            self.opportunity_id.action_cancel(self.reason)
        else:
            self.opportunity_id.action_join_for(self.volunteer_id.id, self.shift_id.id)
        return {'type': 'ir.actions.act_window_close'}


class AmlajVolunteerHoursStep(models.TransientModel):
    """Asks for the right times, or for the reason why hours are refused (R42)."""
    _name = 'amlaj.volunteer.hours.step'
    _description = "Step of volunteering hours"
    _inherit = ['amlaj.step']

    hours_id = fields.Many2one('amlaj.volunteer.hours', required=True, ondelete='cascade')
    step = fields.Selection([('correct', "Correct the times"), ('refuse', "Refuse the hours")], required=True)
    start_at = fields.Datetime(string="From")
    end_at = fields.Datetime(string="To")
    reason = fields.Char(string="Why, in words for the volunteer")

    def action_confirm(self):
        """Do the step by the hours' own method."""
        self.ensure_one()
        if self.step == 'correct':
            self.hours_id.action_correct(self.start_at, self.end_at)
        else:
            self.hours_id.action_refuse(self.reason)
        return {'type': 'ir.actions.act_window_close'}


class AmlajVolunteerConduct(models.TransientModel):
    """Asks the supervisor for a word on the volunteer's conduct; the coordinator alone reads it (R42)."""
    _name = 'amlaj.volunteer.conduct'
    _description = "A word on a volunteer's conduct"
    _inherit = ['amlaj.step']

    participation_id = fields.Many2one(
        'amlaj.volunteer.participation', required=True, ondelete='cascade')
    text = fields.Text(string="How was it to work with the volunteer?", required=True)

    def action_confirm(self):
        """Say it by the participation's own method."""
        self.ensure_one()
        self.participation_id.action_conduct(self.text)
        return {'type': 'ir.actions.act_window_close'}


class AmlajVolunteerVisitAssign(models.TransientModel):
    """Asks whom of the volunteers who may visit, and when; the desk sees their names and numbers alone (R42, R70)."""
    _name = 'amlaj.volunteer.visit.assign'
    _description = "Ask a volunteer to visit"
    _inherit = ['amlaj.step']

    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, ondelete='cascade')
    volunteer = fields.Selection(selection='_selection_volunteer', required=True)
    planned_on = fields.Date(required=True)

    @api.model
    def _selection_volunteer(self):
        if not self.env['amlaj.volunteer.visit'].has_access('read'):
            return []
        volunteers_sudo = self.env['amlaj.volunteer']._visitors()  # names and numbers of those who offered to visit
        return [(str(volunteer.id), f'{volunteer.name} ({volunteer.number})') for volunteer in volunteers_sudo]

    def action_confirm(self):
        """Assign the visit by the file's own method."""
        self.ensure_one()
        self.beneficiary_id.action_assign_visit(int(self.volunteer), self.planned_on)
        return {'type': 'ir.actions.act_window_close'}
