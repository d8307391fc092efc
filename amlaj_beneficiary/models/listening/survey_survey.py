from odoo import api, fields, models
from odoo.exceptions import UserError

TYPE = 'beneficiary'


class SurveySurvey(models.Model):
    """Odoo's survey, for the satisfaction of beneficiaries (R24, R30).

    Survey's own rules show the answers of its own types alone, so those of ours stay hidden from survey users and
    managers. That holds as long as the type does: once somebody answered nobody changes it, nor deletes the survey, not
    the administrator either.
    """
    _inherit = 'survey.survey'

    # with the addon the surveys go, or their answers would pass to the survey users
    survey_type = fields.Selection(
        selection_add=[(TYPE, "Beneficiary satisfaction")], ondelete={TYPE: 'cascade'})

    @api.depends('survey_type')
    @api.depends_context('uid')
    def _compute_allowed_survey_types(self):
        result = super()._compute_allowed_survey_types()
        if self.env.user.has_group('survey.group_survey_user'):
            self.allowed_survey_types = (self.allowed_survey_types or []) + [TYPE]
        return result

    def write(self, vals):
        if 'survey_type' in vals:
            self.filtered(lambda survey: survey.survey_type != vals['survey_type'])._check_unanswered()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        self._check_unanswered()

    def _check_unanswered(self):
        """:raise UserError: when one of these is a beneficiary survey that somebody answered."""
        ours = self.filtered(lambda survey: survey.survey_type == TYPE)
        # whoever asks may not see that there are answers, and must still not change what protects them
        if ours and self.env['survey.user_input'].sudo().search_count([('survey_id', 'in', ours.ids)], limit=1):
            raise UserError(self.env._(
                "Beneficiaries have answered this survey: what protects their answers stays as it is."))
