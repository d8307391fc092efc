import math

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean_line
from .case_study import MOST_AMOUNT

LONGEST_TEXT = 4000
MOST_LINES = 30
CHOICES = ('marital_state', 'occupation', 'health', 'housing_kind', 'housing_tenure', 'housing_state')
TEXTS = (
    'opinion_family', 'opinion_money', 'opinion_housing', 'opinion_health', 'opinion_needs', 'health_note', 'recommendation')


class AmlajCaseStudy(models.Model):
    """What a visit's short form puts into the study itself, so that nothing is typed twice (R16, R17).

    The form starts empty on the phone, since the phone takes nothing of a study along: what was left empty there changes
    nothing here; an amount of a kind takes the place of the one before; a need is added.
    """
    _inherit = 'amlaj.case.study'

    @api.model
    def _phone_form(self):
        """The choices of the short form, labels in the reader's language: ``{'fields': [...], 'income', 'expense'}``."""
        def choices(model, name):
            return self.env[model]._fields[name]._description_selection(self.env)
        return {
            'choices': [
                {'name': name, 'label': self._fields[name]._description_string(self.env),
                 'options': choices(self._name, name)} for name in CHOICES],
            'income': choices('amlaj.case.study.income', 'kind'), 'expense': choices('amlaj.case.study.expense', 'kind')}

    def _take_from_phone(self, given):
        """Write what a form of a phone says, as its researcher.

        :param given: ``{'income': [[kind, amount]], 'expense': [...], 'needs': [[name, number]], choices and texts}``
        :raise UserError: naming what cannot be read; nothing is then written
        """
        self.ensure_one()
        vals = {}
        for name in CHOICES:
            if value := given.get(name):
                if not isinstance(value, str) or value not in dict(self._fields[name]._description_selection(self.env)):
                    raise self._unreadable(name)
                vals[name] = value
        for name in TEXTS:
            if name in given and given[name]:
                vals[name] = self._given(given[name])[:LONGEST_TEXT] or self[name]
        if given.get('debt_total'):
            vals['debt_total'] = self._phone_number('debt_total', given['debt_total'])
        for name in ('income', 'expense'):
            vals[f'{name}_ids'] = self._phone_money(f'{name}_ids', given.get(name) or [])
        vals['need_ids'] = self._phone_needs(given.get('needs') or [])
        self.write(vals)

    def _unreadable(self, name):
        return UserError(self.env._(
            "This cannot be read: %(field)s.", field=self._fields[name]._description_string(self.env)))

    def _phone_number(self, name, value, most=MOST_AMOUNT):
        if type(value) not in (int, float) or not math.isfinite(value) or not 0 <= value < most:
            raise self._unreadable(name)
        return value

    def _phone_rows(self, name, rows):
        """``rows`` as pairs.

        :raise UserError: for anything else
        """
        if not isinstance(rows, list) or len(rows) > MOST_LINES or any(
                not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], str) for row in rows):
            raise self._unreadable(name)
        return rows

    def _phone_money(self, name, rows):
        kinds = dict(self[name]._fields['kind']._description_selection(self.env))
        commands = []
        for kind, amount in self._phone_rows(name, rows):
            if kind not in kinds:
                raise self._unreadable(name)
            amount = self._phone_number(name, amount)
            line = self[name].filtered(lambda line, kind=kind: line.kind == kind)[:1]
            commands.append(
                fields.Command.update(line.id, {'amount': amount}) if line
                else fields.Command.create({'kind': kind, 'amount': amount}))
        return commands

    def _phone_needs(self, rows):
        commands = []
        for text, number in self._phone_rows('need_ids', rows):
            if need := clean_line(text)[:200]:
                quantity = self._phone_number('need_ids', number, 10 ** 6) or 1
                commands.append(fields.Command.create({'name': need, 'quantity': quantity}))
        return commands
