from odoo import api, fields, models

from ..registry.settings import PREFIX

UPDATE_MONTHS = 12


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        # ours: a study is made anew after so many months (0: never asked for), and what the per-capita share takes off
        return super()._defaults() | {'study_update_months': UPDATE_MONTHS, 'per_capita_less': 'obligations'}


class ResConfigSettings(models.TransientModel):
    """When a case study is made anew, and how the per-capita share is counted."""
    _inherit = 'res.config.settings'

    amlaj_study_update_months = fields.Integer(
        string="A case study is made anew after (months)", config_parameter=PREFIX + 'study_update_months',
        default=UPDATE_MONTHS)
    amlaj_per_capita_less = fields.Selection([
        ('obligations', "Rent and instalments only"),
        ('expenses', "All expenses"),
    ], string="Taken off the income for the per-capita share", config_parameter=PREFIX + 'per_capita_less',
        default='obligations')
