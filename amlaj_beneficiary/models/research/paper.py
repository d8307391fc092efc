from itertools import zip_longest

from odoo import api, models


class AmlajPaper(models.AbstractModel):
    """The lines of the case study's form (domain: «نموذج دراسة حالة»)."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {
            'study_rows': self._study_rows,
            'study_points': lambda study: (study.result or study._count_result())['lines'],
            # nothing is written as 0: an empty cell of a study could mean that nobody asked
            'money': lambda value: self._show_amount(value) or self.env._("SAR %(amount)s", amount='0'),
            'beside': self._beside,
        }

    @api.model
    def _beside(self, texts):
        return '، '.join(filter(None, texts)) if (self.env.lang or '').startswith('ar') else ', '.join(filter(None, texts))

    @api.model
    def _study_rows(self, study):
        """Income and expenses side by side: label and amount of each."""
        return [
            (*(self._money_cells(income) if income else ('', '')), *(self._money_cells(expense) if expense else ('', '')))
            for income, expense in zip_longest(study.income_ids, study.expense_ids)]

    @api.model
    def _money_cells(self, line):
        return ' · '.join(filter(None, (self._label(line, 'kind'), line.note))), self._show_amount(line.amount) or '0'
