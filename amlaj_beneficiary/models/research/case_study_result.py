import hashlib
import json

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models

from .case_study_lines import OBLIGATIONS

ELDERLY_AGE = 60
ADULT_AGE = 18
RESULTS = ('person_count', 'total_income', 'total_expense', 'obligations', 'net_income', 'per_capita', 'score', 'band')


class AmlajCaseStudy(models.Model):
    """What is counted from a study: totals, the per-capita share, points with the reason for each, and the class.

    While the study is in work they follow its lines and the association's rules; with its end they are kept as they
    were, whatever becomes of the rules (design rule 4: none of it decides).
    """
    _inherit = 'amlaj.case.study'

    result = fields.Json(string="Result at the end", copy=False)
    content_hash = fields.Char(string="Hash of the study", copy=False)
    person_count = fields.Integer(string="Persons", compute='_compute_result')
    total_income = fields.Monetary(string="Total income", compute='_compute_result')
    total_expense = fields.Monetary(string="Total expenses", compute='_compute_result')
    obligations = fields.Monetary(compute='_compute_result', help="Rent and instalments.")
    net_income = fields.Monetary(string="Net income", compute='_compute_result')
    per_capita = fields.Monetary(string="Per-capita share", compute='_compute_result')
    score = fields.Integer(string="Need points", compute='_compute_result')
    band = fields.Char(string="Class of need", compute='_compute_result')
    explanation = fields.Html(string="How the points were counted", compute='_compute_result', sanitize=False)

    @api.depends(
        'result', 'income_ids.amount', 'expense_ids.amount', 'expense_ids.kind', 'member_ids.birth_date', 'member_ids.health',
        'member_ids.occupation', 'health', 'occupation', 'housing_tenure', 'housing_state', 'debt_total')
    @api.depends_context('lang')
    def _compute_result(self):
        for study in self:
            result = study.result or study._count_result()
            for name in RESULTS:
                study[name] = result[name]
            study.explanation = study._explain(result)

    def _count_result(self):
        """All that is counted from the lines as they stand, as plain values."""
        self.ensure_one()
        figures = self._figures()
        measures = self._measures(figures)
        lines = []
        rules_sudo = self.env['amlaj.score.rule'].sudo().search([('active', '=', True)])  # the association's: no secret
        for rule in rules_sudo:
            value = measures[rule.measure](rule)
            lines.append({
                'name': rule.name, 'condition': rule._condition(), 'value': round(value, 2),
                'points': rule._points_for(value), 'each': rule.is_each})
        score = sum(line['points'] for line in lines)
        return {**figures, 'score': score, 'band': self.env['amlaj.score.band'].sudo()._name_for(score), 'lines': lines,
                'less': self._per_capita_less()}

    def _figures(self):
        """The sums. The per-capita share is what is left of the income, divided by the persons of the household; what is
        taken off is a setting: rent and instalments, or all expenses (as associations of the sector publish it)."""
        income = sum(self.income_ids.mapped('amount'))
        expense = sum(self.expense_ids.mapped('amount'))
        obligations = sum(line.amount for line in self.expense_ids if line.kind in OBLIGATIONS)
        persons = len(self.member_ids) + 1
        less = obligations if self._per_capita_less() == 'obligations' else expense
        return {
            'person_count': persons, 'total_income': round(income, 2), 'total_expense': round(expense, 2),
            'obligations': round(obligations, 2), 'net_income': round(income - expense, 2),
            'per_capita': round((income - less) / persons, 2)}

    @api.model
    def _per_capita_less(self):
        return self.env['amlaj.settings']._get('per_capita_less')

    def _measures(self, figures):
        """``{measure: function of the rule that answers the number it looks at}``."""
        ages = [age for member in self.member_ids if (age := member._age_at_study()) is not None]
        own_age = self.sudo().beneficiary_id._age()
        everybody = ages + ([own_age] if own_age is not None else [])
        healths = [*self.member_ids.mapped('health'), self.health]
        works = [*self.member_ids.mapped('occupation'), self.occupation]
        found = {
            'per_capita': figures['per_capita'], 'total_income': figures['total_income'],
            'persons': figures['person_count'], 'children': sum(age < ADULT_AGE for age in ages),
            'elderly': sum(age >= ELDERLY_AGE for age in everybody), 'ill': healths.count('chronic'),
            'disabled': healths.count('disabled'), 'jobless': works.count('jobless'),
            'rented': int(self.housing_tenure == 'rented'),
            'poor_housing': int(self.housing_state in ('repair', 'unfit')), 'debt': self.debt_total or 0}
        measures = {name: lambda rule, value=value: value for name, value in found.items()}
        measures['category'] = lambda rule: int(rule.category_id in self.beneficiary_id._all_categories())
        return measures

    def _explain(self, result):
        """Every rule with what it found and the points it gave, also where these are none."""
        row = Markup('<tr><td>{name}</td><td>{condition}</td><td><bdi>{value}</bdi></td><td><b><bdi>{points}</bdi></b></td></tr>')
        shown = self.env['amlaj.paper']._show_number
        rows = Markup().join(
            row.format(name=line['name'], condition=line['condition'], value=shown(line['value']) or '0', points=line['points'])
            for line in result['lines'])
        head = Markup('<tr>{cells}</tr>').format(cells=Markup().join(
            Markup('<th>{}</th>').format(text) for text in (
                self.env._("Rule"), self.env._("Condition"), self.env._("Found"), self.env._("Points"))))
        return Markup('<p class="text-muted">{note}</p><table class="table table-sm">{head}{rows}</table>').format(
            note=self._per_capita_text(result), head=head, rows=rows)

    def _per_capita_text(self, result):
        """How the per-capita share was counted, in one sentence."""
        less = result['obligations'] if result['less'] == 'obligations' else result['total_expense']
        what = (self.env._("rent and instalments") if result['less'] == 'obligations' else self.env._("all expenses"))
        shown = lambda value: self.env['amlaj.paper']._show_number(value) or '0'
        return self.env._(
            "Per-capita share: (income %(income)s − %(what)s %(less)s) ÷ %(persons)s persons = %(share)s riyals. "
            "Points inform the committee; they decide nothing.",
            income=shown(result['total_income']), what=what, less=shown(less), persons=result['person_count'],
            share=shown(result['per_capita']))

    # ------------------------------------------------------------
    # The end
    # ------------------------------------------------------------

    def _freeze(self):
        """Keep what was counted, with a hash of the whole study, and let the earlier one be an earlier one (superuser)."""
        months = self.env['amlaj.settings']._get('study_update_months')
        for study in self:
            study.search([('beneficiary_id', '=', study.beneficiary_id.id), ('is_current', '=', True)]).is_current = False
            study.write({
                'result': study._count_result(), 'is_current': True,
                'next_update_on': study._today() + relativedelta(months=months) if months > 0 else False})
            study.content_hash = study._hash(study._content())

    @api.model
    def _hash(self, content):
        """SHA-256 of ``content`` written in one only way."""
        content = {name: value for name, value in content.items() if name != 'number'}  # a file gets its number later
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':'), default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def _is_genuine(self):
        """Whether a finished study is what it was at its end."""
        self.ensure_one()
        study_sudo = self.sudo()  # the answer shows nothing of it
        return bool(study_sudo.content_hash) and study_sudo._hash(study_sudo._content()) == study_sudo.content_hash

    def _content(self):
        """The whole study as plain values, the same whoever asks and in whatever language."""
        self.ensure_one()
        names = (
            'marital_state', 'occupation', 'education', 'opinion_family', 'debt_total', 'debt_reason', 'debt_months',
            'opinion_money', 'housing_kind', 'housing_tenure', 'housing_rooms', 'housing_state', 'opinion_housing', 'health',
            'health_note', 'opinion_health', 'opinion_needs', 'recommendation')
        return {
            **{name: self[name] or '' for name in names},
            'id': self.id, 'number': self.number, 'version': self.version, 'state': self.state,
            'income': [[line.kind, line.amount, line.note or ''] for line in self.income_ids],
            'expense': [[line.kind, line.amount, line.note or ''] for line in self.expense_ids],
            'needs': [[need.name, need.quantity, need.note or ''] for need in self.need_ids],
            'members': [[member.name, member.relationship, str(member.birth_date or ''), member.gender or '',
                         member.is_contributing, member.occupation or '', member.health or '', member.note or '']
                        for member in self.member_ids],
            'result': self.result or self._count_result(),
        }
