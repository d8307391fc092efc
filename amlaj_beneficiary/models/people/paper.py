from odoo import api, models


class AmlajPaper(models.AbstractModel):
    """The papers of this room whose number anybody may verify."""
    _inherit = 'amlaj.paper'

    @api.model
    def _amlaj_verifiable(self):
        return super()._amlaj_verifiable() | {
            'amlaj.agreement': (self.env._("Agreement"), 'number', 'signed_at'),
        }
