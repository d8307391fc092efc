from odoo import api, fields, models

from ..registry.settings import PREFIX

# ours: working days in which whoever wrote has his answer
ENQUIRY_DAYS, SUGGESTION_DAYS, COMPLAINT_DAYS, OBJECTION_DAYS = 3, 15, 10, 10
# ours: days in which a finished service is rated; below which average an obstacle is opened, and the days to act on it
RATING_DAYS, RATING_LOW, IMPROVEMENT_DAYS = 90, 3.0, 30


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        return super()._defaults() | {
            'enquiry_answer_days': ENQUIRY_DAYS, 'suggestion_answer_days': SUGGESTION_DAYS,
            'complaint_answer_days': COMPLAINT_DAYS, 'objection_answer_days': OBJECTION_DAYS, 'board_chair_id': 0,
            'rating_days': RATING_DAYS, 'rating_low': RATING_LOW, 'improvement_days': IMPROVEMENT_DAYS}

    @api.model
    def _board_chair(self):
        """The user who receives complaints about the executive director, in superuser mode; empty where none is set."""
        chair_sudo = self.env['res.users'].sudo().browse(self._get('board_chair_id')).exists()  # who it is, is a setting
        return chair_sudo.filtered(lambda user: user.active and user._is_internal())


class ResConfigSettings(models.TransientModel):
    """In how many working days each kind of word is answered, and to whom a complaint about the director goes."""
    _inherit = 'res.config.settings'

    amlaj_enquiry_answer_days = fields.Integer(
        string="Answer to an enquiry (working days)", config_parameter=PREFIX + 'enquiry_answer_days',
        default=ENQUIRY_DAYS)
    amlaj_suggestion_answer_days = fields.Integer(
        string="Answer to a suggestion (working days)", config_parameter=PREFIX + 'suggestion_answer_days',
        default=SUGGESTION_DAYS)
    amlaj_complaint_answer_days = fields.Integer(
        string="Answer to a complaint (working days)", config_parameter=PREFIX + 'complaint_answer_days',
        default=COMPLAINT_DAYS)
    amlaj_objection_answer_days = fields.Integer(
        string="Answer to an objection (working days)", config_parameter=PREFIX + 'objection_answer_days',
        default=OBJECTION_DAYS)
    amlaj_board_chair_id = fields.Many2one(
        'res.users', string="Chair of the board", config_parameter=PREFIX + 'board_chair_id',
        domain=[('share', '=', False)])
    amlaj_rating_days = fields.Integer(
        string="Days to rate a service", config_parameter=PREFIX + 'rating_days', default=RATING_DAYS)
    amlaj_rating_low = fields.Float(
        string="Low satisfaction, of 5", config_parameter=PREFIX + 'rating_low', default=RATING_LOW)
    amlaj_improvement_days = fields.Integer(
        string="Days to act on an obstacle", config_parameter=PREFIX + 'improvement_days', default=IMPROVEMENT_DAYS)

    def set_values(self):
        result = super().set_values()
        self.env['amlaj.ticket'].sudo()._hand_to_board()  # administrators alone save settings
        return result
