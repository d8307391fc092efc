from odoo import api, fields, models

from ..registry.settings import PREFIX

GUARDIAN_AGE = 18
YOUNGEST_AGE = 15


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        # the executive regulation of the Volunteer Work Law: under 18 the guardian consents first
        # ours: the law names no lowest age
        return super()._defaults() | {
            'volunteer_guardian_age': GUARDIAN_AGE, 'volunteer_youngest_age': YOUNGEST_AGE,
            'giving_url': ''}


class ResConfigSettings(models.TransientModel):
    """From which age a volunteer needs no guardian's consent."""
    _inherit = 'res.config.settings'

    amlaj_volunteer_guardian_age = fields.Integer(
        string="Age from which a volunteer needs no guardian", config_parameter=PREFIX + 'volunteer_guardian_age',
        default=GUARDIAN_AGE)
    amlaj_volunteer_youngest_age = fields.Integer(
        string="Age from which one can sign up to help", config_parameter=PREFIX + 'volunteer_youngest_age',
        default=YOUNGEST_AGE)
    amlaj_giving_url = fields.Char(
        string="Where money is given officially", config_parameter=PREFIX + 'giving_url')
