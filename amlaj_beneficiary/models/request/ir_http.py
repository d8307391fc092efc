from odoo import models


class IrHttp(models.AbstractModel):
    """What the scripts of the applicant's pages say is said in his language too."""
    _inherit = 'ir.http'

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [*super()._get_translation_frontend_modules_name(), 'amlaj_beneficiary']
