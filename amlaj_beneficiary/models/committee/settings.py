from odoo import api, models


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        return super()._defaults() | {
            'relation_degrees': 4,          # a declared relation up to this degree recuses
            'help_months': 24,              # how far back the committee sees what was given
            'objection_review_days': 15,    # ours: an upheld objection is decided anew within these days
        }
