from odoo import models


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    _log_name = 'file_number'
