from odoo import fields, models


class SurveyQuestion(models.Model):
    """What a question of a satisfaction survey is about: the policy has the procedure and the provider's conduct
    judged apart, and asks after the impression (R25, R28)."""
    _inherit = 'survey.question'

    amlaj_axis = fields.Selection([
        ('procedure', "The procedure"),
        ('conduct', "The provider's conduct"),
        ('impression', "The impression"),
        ('comment', "In one's own words"),
    ], string="Axis of satisfaction")
