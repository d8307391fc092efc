from odoo import api, models
from odoo.fields import Domain

IMPROVEMENTS = 'amlaj_beneficiary.amlaj_improvement_action'


class AmlajHome(models.AbstractModel):
    """What waits for who listens: comments to read, obstacles to take up, improvements to verify (R34-R36)."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        if self._has_role('quality'):
            tiles.append(self._tile(
                'comments', self.env._("Comments to read"), 'amlaj_beneficiary.amlaj_rating_comment_action',
                Domain('state', '=', 'new')))
        if self._has_role('quality', 'manager'):
            not_mine = Domain('owner_id', '!=', self.env.uid) & Domain('done_by_id', '!=', self.env.uid)
            tiles += [
                self._tile('obstacles', self.env._("Obstacles to take up"), IMPROVEMENTS, Domain('state', '=', 'open')),
                self._tile('improvements_done', self.env._("Improvements to verify"), IMPROVEMENTS,
                           Domain('state', '=', 'done') & not_mine),
                self._tile('improvements_late', self.env._("Late improvements"), IMPROVEMENTS,
                           Domain('is_late', '=', True), 'late'),
            ]
        return tiles
