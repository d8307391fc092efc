from odoo import api, models

from ..registry.home import DESK_ROLES


class AmlajHome(models.AbstractModel):
    _inherit = 'amlaj.home'

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        if self._has_role(*DESK_ROLES):
            tiles.append(self._tile(
                'messages', self.env._("To tell today"), 'amlaj_beneficiary.amlaj_message_action',
                self.env['amlaj.message']._to_call_domain()))
        return tiles
