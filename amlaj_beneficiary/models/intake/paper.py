from odoo import models

MESSAGE = 'amlaj_beneficiary.paper_message'


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _get_paper_lang(self, record):
        lang = super()._get_paper_lang(record)
        if record and self.report_name == MESSAGE:
            wanted = record.beneficiary_id.lang
            return wanted if wanted in dict(self.env['res.lang'].get_installed()) else lang
        return lang
