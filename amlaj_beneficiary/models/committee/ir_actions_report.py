from odoo import models
from odoo.exceptions import AccessError, UserError


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _papers_to_the_beneficiary(self):
        return super()._papers_to_the_beneficiary() | {'amlaj_beneficiary.paper_decision_letter'}

    def _check_printable(self, records):
        if self.report_name == 'amlaj_beneficiary.paper_decision_letter':
            # nothing carries a decision before its reply
            for request in records.filtered(lambda request: not request.replied_at or not request.decision_id):
                raise UserError(self.env._(
                    "Request %(number)s was not replied yet: its letter is printed with the reply.",
                    number=request.name))
        if self.report_name == 'amlaj_beneficiary.paper_dossier' and records - records._filtered_file_readable():
            raise AccessError(self.env._("This file is seen only while its session lasts."))
        return super()._check_printable(records)
