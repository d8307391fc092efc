from odoo import api, fields, models

from ..registry.settings import PREFIX


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        return super()._defaults() | {
            'relation_degrees': 4,          # a declared relation up to this degree recuses
            'agenda_days': 2,               # ours: how many days before its session an agenda reaches the members
            'help_months': 24,              # how far back the committee sees what was given
            'circulation_days': 3,          # ours: how long members have to answer a resolution by circulation
            'recheck_papers': 'always',     # papers are looked at again before each time of recurring help (A23)
            'objection_review_days': 15,    # ours: an upheld objection is decided anew within these days
        }


class ResConfigSettings(models.TransientModel):
    """Whether papers are looked at again before each time of recurring help, and when agendas go out."""
    _inherit = 'res.config.settings'

    amlaj_agenda_days = fields.Integer(
        string="Agenda before its session (days)", config_parameter=PREFIX + 'agenda_days', default=2)

    amlaj_recheck_papers = fields.Selection([
        ('always', "Before each time"),
        ('never', "No"),
    ], string="Papers of recurring help", config_parameter=PREFIX + 'recheck_papers', default='always')
