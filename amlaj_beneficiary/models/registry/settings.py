from odoo import api, models

PREFIX = 'amlaj_beneficiary.'


class AmlajSettings(models.AbstractModel):
    """The association's settings as values with defaults; managers change them in the settings page."""
    _name = 'amlaj.settings'
    _description = "Settings of the beneficiary app"

    @api.model
    def _defaults(self):
        """``{key: default}``; rooms add theirs by ``super()._defaults() | {...}``."""
        return {'max_upload_mb': 10}

    @api.model
    def _get(self, key):
        """The value of a setting, of its default's type; a missing or unreadable one counts as the default."""
        default = self._defaults()[key]
        # settings are no secret; the reader's right to parameters is not in question
        text = self.env['ir.config_parameter'].sudo().get_param(PREFIX + key)
        if not text:
            return default
        try:
            return type(default)(text)
        except ValueError:
            return default
