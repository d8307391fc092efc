import math

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean_line, clean_text

MOST_NUMBER = 10 ** 15


class AmlajRequest(models.Model):
    """The service's own questions and the applicant's answers (R18, R53)."""
    _inherit = 'amlaj.request'

    answers = fields.Properties(definition='service_id.question_definition', copy=False)
    answers_form = fields.Json(
        string="Answers in the form", compute='_compute_answers_form', readonly=False,
        help="The questions and the answers for the form; written as {name: answer}.")

    @api.depends('answers', 'service_id')
    def _compute_answers_form(self):
        for request in self:
            request.answers_form = {
                'questions': request._questions(), 'values': request._answers_given()}

    def _questions(self):
        """The questions of the service: list of dicts ``name``, ``string``, ``type``, ``selection``."""
        return [
            {'name': question['name'], 'string': question.get('string') or '', 'type': question['type'],
             'selection': question.get('selection') or []}
            # the catalogue is no secret, and a portal user may see an unpublished service of his own request
            for question in self.service_id.sudo().question_definition or []]

    def _answers_given(self):
        """The answers, without what was left open; a no is like a yes/no question that was left alone."""
        self.ensure_one()
        asked = {question['name'] for question in self._questions()}
        # as stored: read one by one, a zero is False and a choice is its label
        stored = self._fields['answers'].convert_to_export(self.sudo().answers, self) or {}
        return {
            name: value for name, value in stored.items()
            if name in asked and value not in (None, '') and value is not False}

    def _answer_label(self, question, value):
        """An answer as people read it."""
        if question['type'] == 'selection':
            return dict(question['selection']).get(value, '')
        if question['type'] == 'boolean':
            return self.env._("Yes") if value else self.env._("No")
        return '' if value is None or value is False else value

    def _unanswered(self):
        """Labels of the questions without an answer; a yes/no question is answered by being left alone."""
        questions = self._questions()
        given = self._answers_given() if questions else {}
        return [
            question['string'] for question in questions
            if question['type'] != 'boolean' and question['name'] not in given]

    @api.model
    def _clean_answers(self, vals):
        """Accept answers only as ``{name: value}``: as a list Odoo lets the writer change the questions.

        :raise UserError: for another form, an undeclared name or an answer of another type.
        """
        answers = vals['answers'] or {}
        if not isinstance(answers, dict):
            raise UserError(self.env._("Answers are given as a value for each question."))
        service = self.env['amlaj.service'].browse(vals['service_id']) if 'service_id' in vals else self.service_id[:1]
        questions = {question['name']: question for question in service.sudo().question_definition or []}
        kept = self._answers_given() if len(self) == 1 and service == self.service_id else {}
        for name, value in answers.items():
            if name not in questions:
                raise UserError(self.env._("This service does not ask that question."))
            kept[name] = self._clean_answer(questions[name], value)
        return {name: value for name, value in kept.items() if name in questions and value is not False}

    @api.model
    def _clean_answer(self, question, value):
        if value is None or value is False or value == '':
            return False
        kind, label = question['type'], question.get('string') or ''
        if kind == 'selection' and value not in [choice for choice, _label in question.get('selection') or []]:
            raise UserError(self.env._("This answer is not among the choices of “%(question)s”.", question=label))
        if not self._is_answer(kind, value):
            raise UserError(self.env._("This answer does not fit the question “%(question)s”.", question=label))
        return {'char': clean_line, 'text': clean_text}.get(kind, lambda same: same)(value)

    @api.model
    def _is_answer(self, kind, value):
        """Whether ``value`` is one plain value of the question's type."""
        if kind in ('integer', 'float'):
            numbers = int if kind == 'integer' else (int, float)
            # beyond this a number read again is another one
            return isinstance(value, numbers) and not isinstance(value, bool) and math.isfinite(value) \
                and abs(value) < MOST_NUMBER
        if kind == 'date':
            try:
                return isinstance(value, str) and bool(fields.Date.to_date(value))
            except ValueError:
                return False
        return isinstance(value, bool if kind == 'boolean' else str)
