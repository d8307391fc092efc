from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the printed forms."""

    _inherit = 'res.config.settings'

    amlaj_licence_number = fields.Char(related='company_id.amlaj_licence_number', readonly=False)
    amlaj_paper_phone = fields.Char(related='company_id.amlaj_paper_phone', readonly=False)
