from odoo import api, fields, models


class AmlajRequest(models.Model):
    """What comes next, and by when, in a few words for whoever opens a list (R49)."""
    _inherit = 'amlaj.request'

    next_step = fields.Char(string="Next step", compute='_compute_next_step')
    next_date = fields.Date(string="Next date", compute='_compute_next_step')

    @api.depends('state', 'verified_at', 'informed_at', 'stage_due', 'reply_shown_on', 'is_aside')
    @api.depends_context('lang')
    def _compute_next_step(self):
        for request in self:
            request.next_step = request._next_step()
            request.next_date = request._next_date()

    def _next_step(self):
        """The next step as a label; the committee's room says what its own state waits for."""
        self.ensure_one()
        if self.is_aside:
            return self.env._("Kept aside")
        if self.state == 'submitted':
            if not self.verified_at:
                return self.env._("Match the papers and verify")
            if not self.informed_at:
                return self.env._("Tell the applicant of the period")
            if self.sudo().service_id.requires_case_study:  # a setting of the catalogue
                return self.env._("Start the study")
            return self.env._("Raise to the committee")
        return {
            'draft': self.env._("Sign and submit"),
            'incomplete': self.env._("Wait for the missing items"),
            'research': self.env._("Finish the study and raise"),
            'committee': self.env._("Wait for the decision"),
            'approved': self.env._("Start the delivery"),
            'delivery': self.env._("Deliver"),
        }.get(self.state, False)

    def _next_date(self):
        """The day by which, or from which, the next step is due; none where nothing is awaited of the association."""
        self.ensure_one()
        if self.is_aside or self.state in ('draft', 'incomplete', 'done', 'rejected', 'cancelled'):
            return False
        return self.stage_due
