import base64
import io

import xlsxwriter

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.cells import safe_cell
from ...tools.sheet import cell_text
from .guarded import GROUP

PLAIN_BOOK = {'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False, 'strings_to_numbers': False}
WIDTH = 22
TEMPLATE_ROWS = 2000


class AmlajImport(models.Model):
    """The Excel files of taking over: the empty template, and the rows to mend with the reason beside each (R60)."""
    _inherit = 'amlaj.import'

    @api.model
    def _make_template(self):
        """The bytes of the template in the reader's language: a sheet for each kind, numbers as text, choices to pick.

        :raise AccessError: for whom taking over is not
        """
        if not self.env.user.has_group(GROUP % 'manager'):
            raise AccessError(self.env._("Your role does not take over tables."))
        Column = self.env['amlaj.import.column']
        stream = io.BytesIO()
        book, styles = self._new_book(stream)
        for kind in self._kinds():
            labels = Column._targets(kind)
            sheet = self._new_sheet(book, Column._kind_labels()[kind])
            for at, (key, label) in enumerate(labels.items()):
                is_needed = key in Column._needed(kind)
                sheet.write_string(0, at, label, styles['needed' if is_needed else 'head'])
                if choices := self._template_choices(key):
                    sheet.data_validation(
                        1, at, TEMPLATE_ROWS, at, {'validate': 'list', 'source': choices, 'error_type': 'warning'})
            sheet.set_column(0, len(labels) - 1, WIDTH, styles['text'])  # a number keeps its zeros
            sheet.freeze_panes(1, 0)
        book.close()
        return stream.getvalue()

    @api.model
    def _template_choices(self, key):
        """The words that a column of the template offers."""
        models_of = {'file': 'amlaj.beneficiary', 'member': 'amlaj.household.member'}
        model, _sep, name = key.partition('_')
        field = model in models_of and self.env[models_of[model]]._fields.get(name)
        if not field or field.type != 'selection':
            return []
        return [label for _value, label in field._description_selection(self.env)]

    def _make_report(self):
        """The rows that were not taken over, as they stand in the table, with the reason beside each; False for none."""
        faults = {}
        for fault in self.sudo().fault_ids:
            faults.setdefault(fault.kind, {})[fault.row] = fault
        if not faults:
            return False
        verdicts = dict(self.env['amlaj.import.fault']._fields['verdict']._description_selection(self.env))
        stream = io.BytesIO()
        book, styles = self._new_book(stream)
        try:
            table = self._book()
            names = dict(self._sheets(table))
        except ValidationError:
            names = {}  # what cannot be read is told in the list of rows
        for kind, rows in faults.items():
            if kind in names:
                self._write_faults(book, styles, table, names[kind], kind, rows, verdicts)
        if not book.worksheets():
            self._new_sheet(book, self.env._("Rows to mend"))
        book.close()
        return base64.b64encode(stream.getvalue())

    def _write_faults(self, book, styles, table, name, kind, rows, verdicts):
        sheet = self._new_sheet(book, self.env['amlaj.import.column']._kind_labels()[kind])
        _number, head = table.head(name)
        for at, text in enumerate([self.env._("Row"), self.env._("What became of it"), self.env._("Reason"), *head]):
            sheet.write_string(0, at, safe_cell(text), styles['head'])
        sheet.set_column(0, 1, 14)
        sheet.set_column(2, 2, 60)
        sheet.set_column(3, len(head) + 2, WIDTH)
        sheet.freeze_panes(1, 3)
        row = 1
        for number, values in table.rows(name):
            if fault := rows.get(number):
                sheet.write_number(row, 0, number)
                for at, text in enumerate([verdicts[fault.verdict], fault.reason, *map(cell_text, values)], 1):
                    sheet.write_string(row, at, safe_cell(text), styles['text'])
                row += 1

    def _new_book(self, stream):
        book = xlsxwriter.Workbook(stream, PLAIN_BOOK)
        return book, {
            'head': book.add_format({'bold': True, 'border': 1, 'bg_color': '#EEF4F0', 'text_wrap': True}),
            'needed': book.add_format({'bold': True, 'border': 1, 'bg_color': '#F7E3B0', 'text_wrap': True}),
            'text': book.add_format({'num_format': '@', 'valign': 'top', 'text_wrap': True})}

    def _new_sheet(self, book, name):
        sheet = book.add_worksheet(name[:31])
        if (self.env.lang or '').startswith('ar'):
            sheet.right_to_left()
        return sheet
