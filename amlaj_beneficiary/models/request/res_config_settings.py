from odoo import models


class ResConfigSettings(models.TransientModel):
    """Settings of the beneficiary app (administrators); each room adds its own block.

    Managers, who do not open Odoo's settings, find the same two buttons above the list of services.
    """
    _inherit = 'res.config.settings'

    def action_load_social_catalogue(self):
        """Load the social services; see ``amlaj.service``."""
        return self.env['amlaj.service'].action_load_social_catalogue()

    def action_load_environmental_catalogue(self):
        """Load the environmental services; see ``amlaj.service``."""
        return self.env['amlaj.service'].action_load_environmental_catalogue()
