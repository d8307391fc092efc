from odoo import models
from odoo.exceptions import UserError

# Papers that a beneficiary takes away are in his language, whoever prints them.
TO_THE_BENEFICIARY = frozenset({
    'amlaj_beneficiary.paper_missing',
    'amlaj_beneficiary.paper_receipt',
    'amlaj_beneficiary.paper_request',
    'amlaj_beneficiary.paper_slip',
    'amlaj_beneficiary.paper_slip_a5',
    'amlaj_beneficiary.paper_slip_roll',
})
# What is said there holds until the reply.
BEFORE_THE_REPLY = frozenset({
    'amlaj_beneficiary.paper_missing',
    'amlaj_beneficiary.paper_slip',
    'amlaj_beneficiary.paper_slip_a5',
    'amlaj_beneficiary.paper_slip_roll',
})
WAITING_STATES = ('submitted', 'incomplete', 'research', 'committee')


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _check_printable(self, records):
        if self.report_name in BEFORE_THE_REPLY:
            for request in records.filtered(lambda request: request.state not in WAITING_STATES):
                raise UserError(self.env._(
                    "Request %(number)s is not waiting for a reply: this form is for requests that were received and "
                    "not yet answered.", number=request.name))
        return super()._check_printable(records)

    def _papers_to_the_beneficiary(self):
        """The report names of papers that a beneficiary takes away; later rooms add theirs."""
        return TO_THE_BENEFICIARY

    def _get_paper_lang(self, record):
        lang = super()._get_paper_lang(record)
        if not record or self.report_name not in self._papers_to_the_beneficiary():
            return lang
        request = record if record._name == 'amlaj.request' else record.request_id
        wanted = request.beneficiary_id.lang
        installed = dict(self.env['res.lang'].get_installed())
        return wanted if wanted in installed else lang
