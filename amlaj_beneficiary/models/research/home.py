from odoo import api, models
from odoo.fields import Domain

STUDIES = 'amlaj_beneficiary.amlaj_case_study_action'
FILES = 'amlaj_beneficiary.amlaj_beneficiary_action'
VISITS = 'amlaj_beneficiary.amlaj_visit_action'


class AmlajHome(models.AbstractModel):
    """What waits for a researcher: his studies, those to renew, and for every visitor his visits up to today."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles_research(self):
        tiles = super()._tiles_research()
        if self._has_role('researcher'):
            tiles += [
                self._tile('studies', self.env._("My studies in work"), STUDIES,
                           Domain('state', '=', 'draft') & Domain('user_id', '=', self.env.uid)),
                self._tile('studies_due', self.env._("Case studies to renew"), FILES, Domain('is_study_due', '=', True)),
            ]
        if self._has_role('researcher', 'representative'):
            last = self.env['amlaj.visit']._day_hours()[1]
            tiles.append(self._tile('visits', self.env._("My visits up to today"), VISITS, (
                Domain('state', '=', 'planned') & Domain('user_id', '=', self.env.uid) & Domain('planned_at', '<=', last))))
        return tiles
