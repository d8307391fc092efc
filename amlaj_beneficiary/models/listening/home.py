from odoo import api, models
from odoo.fields import Domain

from .ticket import OPEN_STATES

OBJECTIONS = 'amlaj_beneficiary.amlaj_ticket_action_objection'


class AmlajHome(models.AbstractModel):
    """Who objects is answered: received by the relations employee, decided by the manager (A20)."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        objections = Domain('kind', '=', 'objection')
        if self._has_role('manager'):
            tiles.append(self._tile(
                'objections', self.env._("Objections to decide"), OBJECTIONS,
                objections & Domain('state', 'in', OPEN_STATES)))
        if self._has_role('relations'):
            tiles += [
                self._tile('objections_new', self.env._("Objections to take in hand"), OBJECTIONS,
                           objections & Domain('state', '=', 'new')),
                self._tile('objections_told', self.env._("Objections answered, to close"), OBJECTIONS,
                           objections & Domain('state', '=', 'answered')),
            ]
        if self._has_role('manager', 'relations'):
            tiles.append(self._tile(
                'objections_late', self.env._("Late answers to objections"), OBJECTIONS,
                objections & Domain('is_late', '=', True), 'late'))
        return tiles
