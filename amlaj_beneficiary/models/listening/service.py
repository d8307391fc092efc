from odoo import fields, models


class AmlajService(models.Model):
    _inherit = 'amlaj.service'

    survey_id = fields.Many2one(
        'survey.survey', string="Satisfaction survey", domain=[('survey_type', '=', 'beneficiary')],
        ondelete='restrict', help="Empty: the association's usual one.")
