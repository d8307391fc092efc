from odoo import fields, models

PREFIX = 'amlaj_beneficiary.'


class ResConfigSettings(models.TransientModel):
    """The periods of the policy and the association's own limits; see ``amlaj.settings`` for the defaults."""
    _inherit = 'res.config.settings'

    amlaj_calendar_id = fields.Many2one(related='company_id.amlaj_calendar_id', readonly=False)
    amlaj_reply_rule = fields.Selection([
        ('minimum', "Not before the period has passed (the board's text)"),
        ('maximum', "Before the period has passed"),
    ], string="Rule of the reply", config_parameter=PREFIX + 'reply_rule', default='minimum')
    amlaj_reply_days = fields.Integer(
        string="Period of the reply (days)", config_parameter=PREFIX + 'reply_days', default=14)
    amlaj_reply_max_days = fields.Integer(
        string="Longest wait for a reply (days)", config_parameter=PREFIX + 'reply_max_days', default=30)
    amlaj_verify_days = fields.Integer(
        string="Limit for verifying (days)", config_parameter=PREFIX + 'verify_days', default=3)
    amlaj_research_days = fields.Integer(
        string="Limit for the study (days)", config_parameter=PREFIX + 'research_days', default=10)
    amlaj_raise_days = fields.Integer(
        string="Limit for raising (days)", config_parameter=PREFIX + 'raise_days', default=5)
    amlaj_deliver_days = fields.Integer(
        string="Limit for delivering (days)", config_parameter=PREFIX + 'deliver_days', default=10)
    amlaj_declaration_months = fields.Integer(
        string="A declaration serves proactive services for (months)", config_parameter=PREFIX + 'declaration_months',
        default=12)
    amlaj_objection_days = fields.Integer(
        string="Days for an objection", config_parameter=PREFIX + 'objection_days', default=30)
    amlaj_max_upload_mb = fields.Integer(
        string="Largest file (MB)", config_parameter=PREFIX + 'max_upload_mb', default=10)
