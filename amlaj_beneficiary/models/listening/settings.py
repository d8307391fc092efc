from odoo import api, fields, models

from ..registry.settings import PREFIX

ANSWER_DAYS = 10


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        # ours: working days in which whoever objects has his answer
        return super()._defaults() | {'objection_answer_days': ANSWER_DAYS}


class ResConfigSettings(models.TransientModel):
    """In how many working days an objection is answered."""
    _inherit = 'res.config.settings'

    amlaj_objection_answer_days = fields.Integer(
        string="Answer to an objection (working days)", config_parameter=PREFIX + 'objection_answer_days',
        default=ANSWER_DAYS)
