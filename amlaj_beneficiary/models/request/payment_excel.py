import io

import xlsxwriter

from odoo import models

from ...tools.amount import amount_words
from ...tools.cells import safe_cell
from ...tools.iban import show_iban

FIRST_ROW = 3


class AmlajPaymentSheet(models.Model):
    """The payment sheet as Excel: real numbers, IBANs in groups, no cell that becomes a formula (R64)."""
    _inherit = 'amlaj.payment.sheet'

    def _workbook(self):
        """The bytes of the workbook: one row a payment that goes, or went, to the bank."""
        self.ensure_one()
        lang = self.env.lang or 'en_US'
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False}) as book:
            page = book.add_worksheet(self.env._("Payment sheet")[:31])
            if self.env['res.lang']._get_data(code=lang).direction == 'rtl':
                page.right_to_left()
            self._write_head(book, page)
            self._write_payments(book, page, lang)
            page.freeze_panes(FIRST_ROW, 0)
        return stream.getvalue()

    def _write_head(self, book, page):
        bold, day = book.add_format({'bold': True}), book.add_format({'num_format': 'yyyy-mm-dd', 'align': 'right'})
        head = book.add_format({'bold': True, 'bottom': 1, 'text_wrap': True})
        page.write_string(0, 0, self.env._("Sheet number"), bold)
        page.write_string(0, 1, safe_cell(self.name))
        page.write_string(0, 2, self.env._("Date"), bold)
        page.write_datetime(0, 3, self.date, day)
        columns = ((self.env._("Request number"), 16), (self.env._("Account holder"), 34), (self.env._("IBAN"), 34),
                   (self.env._("Amount"), 14))
        for column, (title, width) in enumerate(columns):
            page.set_column(column, column, width)
            page.write_string(FIRST_ROW - 1, column, title, head)

    def _write_payments(self, book, page, lang):
        money = book.add_format({'num_format': '#,##0.00'})
        bold, total = book.add_format({'bold': True}), book.add_format({'num_format': '#,##0.00', 'bold': True, 'top': 1})
        lines = self._payments()
        for row, line in enumerate(lines, FIRST_ROW):
            page.write_string(row, 0, safe_cell(line.request_number))
            page.write_string(row, 1, safe_cell(line.holder or ''))
            page.write_string(row, 2, safe_cell(show_iban(line.iban)))
            page.write_number(row, 3, line.amount, money)
        last, amount = FIRST_ROW + len(lines), sum(lines.mapped('amount'))
        page.write_string(last, 2, self.env._("Total"), bold)
        page.write_number(last, 3, amount, total)
        page.write_string(last + 1, 1, amount_words(amount, lang) if amount else '')
