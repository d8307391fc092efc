import io

import xlsxwriter

from odoo import models
from odoo.exceptions import AccessError

from ...tools import hijri
from ...tools.cells import safe_cell
from ...tools.iban import show_iban
from .payment_line import PERSONAL
from .payment_sheet import SENT

LEFT_TO_RIGHT = 1
A4 = 9
WIDTHS = (6, 16, 34, 34, 16, 18)


class AmlajPaymentSheet(models.Model):
    """The payment sheet for the bank, as an Excel file: real numbers, an IBAN as text in groups of four, no formula."""
    _inherit = 'amlaj.payment.sheet'

    def export_data(self, fields_to_export):
        self.env['amlaj.payment.line']._check_may_export()
        self._record_access('export', 'line_ids')
        return super().export_data(fields_to_export)

    def action_export(self):
        """Download the sheet as an Excel file; the download is written in the access log."""
        self.ensure_one()
        self._do('export')
        return {'type': 'ir.actions.act_url', 'url': f'/amlaj/payment-sheet/{self.id}', 'target': 'download'}

    def _make_xlsx(self):
        """The bytes of the Excel file for whoever may have it.

        :raise AccessError: for whom it is not
        """
        self.ensure_one()
        self._do('export')
        if self.state == 'approved':
            self._ready()._check_again(PERSONAL)  # the bank gets no account that was changed meanwhile
        self._note_export()
        self._record_access('export', 'line_ids')
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {
            'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False, 'strings_to_numbers': False})
        book.set_properties({'title': f"{self.env._('Payment sheet')} {self.name}"})
        sheet = book.add_worksheet(self.name)
        styles = {
            'title': book.add_format({'bold': True, 'font_size': 14}),
            'text': book.add_format({'border': 1, 'text_wrap': True, 'valign': 'top'}),
            'plain': book.add_format({}),
            'head': book.add_format({'bold': True, 'border': 1, 'bg_color': '#EEF4F0', 'text_wrap': True}),
            'number': book.add_format({'border': 1, 'align': 'center', 'reading_order': LEFT_TO_RIGHT}),
            'amount': book.add_format({'border': 1, 'num_format': '#,##0.00'}),
            'total': book.add_format({'border': 1, 'bold': True, 'num_format': '#,##0.00'}),
            'bold': book.add_format({'border': 1, 'bold': True}),
        }
        if (self.env.lang or '').startswith('ar'):
            sheet.right_to_left()
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        row = self._write_head(sheet, styles)
        self._write_lines(sheet, styles, row)
        book.close()
        return stream.getvalue()

    def _write_head(self, sheet, styles):
        """Write what stands above the table; return the row of the table's own head."""
        lang = self.env.lang or 'en_US'
        label = dict(self._fields['state']._description_selection(self.env))[self.state]
        rows = [
            (self.env.company.name, None),
            (self.env._("Payment sheet"), self.name),
            (self.env._("Payment day"), hijri.full_date(self.date, lang)),
            (self.env._("State"), label),
            (self.env._("Approved by"), self.sudo().approved_by_id.name),  # names of colleagues, no secret on a sheet
            (self.env._("The bank's reference"), self.bank_reference),
        ]
        row = 0
        for name, value in rows:
            if value is None or value:
                sheet.write_string(row, 0, safe_cell(name), styles['plain' if row else 'title'])
                if value:
                    sheet.write_string(row, 2, safe_cell(value), styles['plain'])
                row += 1
        return row + 1

    def _write_lines(self, sheet, styles, row):
        heads = [self.env._("No."), self.env._("Request number"), self.env._("Account holder"), self.env._("IBAN"),
                 self.env._("Amount"), self.env._("State")]
        for column, text in enumerate(heads):
            sheet.write_string(row, column, text, styles['head'])
        sheet.repeat_rows(row)
        sheet.freeze_panes(row + 1, 0)
        labels = dict(self.env['amlaj.payment.line']._fields['state']._description_selection(self.env))
        for rank, line in enumerate(self.line_ids.filtered(lambda line: line.state in SENT), 1):
            row += 1
            sheet.write_number(row, 0, rank, styles['number'])
            sheet.write_string(row, 1, safe_cell(line.request_number), styles['number'])
            sheet.write_string(row, 2, safe_cell(line.holder or ''), styles['text'])
            sheet.write_string(row, 3, safe_cell(show_iban(line.iban or '')), styles['number'])
            sheet.write_number(row, 4, line.amount, styles['amount'])
            sheet.write_string(row, 5, labels[line.state], styles['text'])
        sheet.write_string(row + 1, 3, self.env._("Total"), styles['bold'])
        sheet.write_number(row + 1, 4, self.total, styles['total'])
        sheet.write_string(row + 2, 3, self.env._("Total in words"), styles['bold'])
        sheet.merge_range(row + 2, 4, row + 2, 5, '', styles['text'])
        sheet.write_string(row + 2, 4, safe_cell(self.total_words or ''), styles['text'])
        sheet.set_row(row + 2, 45)


class AmlajPaymentLine(models.Model):
    _inherit = 'amlaj.payment.line'

    def export_data(self, fields_to_export):
        self._check_may_export()
        self._record_access('export', 'iban')
        return super().export_data(fields_to_export)

    def _check_may_export(self):
        """:raise AccessError: for a role that takes no accounts out of the app, by Odoo's own export either."""
        if not self.env.su and not any(
                self.env.user.has_group(f'amlaj_beneficiary.group_{role}') for role in ('finance', 'manager')):
            raise AccessError(self.env._("Payment sheets are exported by managers and the financial supervisor."))
