from odoo import api, models

TO_SUPPORTERS = ('amlaj_beneficiary.paper_inkind_receipt', 'amlaj_beneficiary.paper_supporter_thanks')


class AmlajPaper(models.AbstractModel):
    """The receipt and the letter of thanks that a supporter takes home; what the receipt's square confirms."""
    _inherit = 'amlaj.paper'

    @api.model
    def _amlaj_verifiable(self):
        return super()._amlaj_verifiable() | {
            'amlaj.inkind.receipt': (self.env._("In-kind receipt"), 'valid_number', 'received_on')}


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _get_paper_lang(self, record):
        if self.report_name in TO_SUPPORTERS:
            # shown to others of the place: in its language, whoever prints it
            return 'ar_001' if self.env['res.lang']._get_data(code='ar_001') else self.env.lang
        return super()._get_paper_lang(record)

    def _check_printable(self, records):
        if self.report_name in TO_SUPPORTERS:
            records._check_issued()
        return super()._check_printable(records)
