from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .survey_survey import TYPE

CHANGEABLE_DAYS = 7


class SurveyUserInput(models.Model):
    """A beneficiary's answer (R30, R31; design rule 3).

    It is made by the superuser without contact, e-mail or nickname, with copies of what is counted by. Its link to the
    request exists for seven days, in which the person may change it; then a cron empties the link and truncates the
    times, and nobody can tell any more whose it is. The quality officer reads it; nobody changes or deletes one.
    """
    _inherit = 'survey.user_input'

    amlaj_request_id = fields.Many2one(
        'amlaj.request', string="Request", index='btree_not_null', copy=False, ondelete='set null',
        groups='amlaj_beneficiary.group_quality')
    amlaj_service_id = fields.Many2one('amlaj.service', string="Service", copy=False, ondelete='restrict')
    amlaj_branch_id = fields.Many2one('amlaj.branch', string="Sub-office", copy=False, ondelete='restrict')
    amlaj_department_id = fields.Many2one('hr.department', string="Unit", copy=False, ondelete='restrict')
    amlaj_channel_id = fields.Many2one('amlaj.channel', string="Channel", copy=False, ondelete='restrict')
    amlaj_scope = fields.Selection(
        [('external', "External beneficiary"), ('internal', "Internal beneficiary")], string="Scope", copy=False)
    amlaj_procedure = fields.Integer(string="Procedure", compute='_compute_axes')
    amlaj_conduct = fields.Integer(string="Conduct", compute='_compute_axes')
    amlaj_impression = fields.Integer(string="Impression", compute='_compute_axes')
    amlaj_comment = fields.Text(string="In one's own words", compute='_compute_axes')

    @api.depends('user_input_line_ids.value_scale', 'user_input_line_ids.value_text_box')
    def _compute_axes(self):
        for answer in self:
            given = answer._axes()
            answer.amlaj_procedure = given.get('procedure', 0)
            answer.amlaj_conduct = given.get('conduct', 0)
            answer.amlaj_impression = given.get('impression', 0)
            answer.amlaj_comment = given.get('comment', False)

    def _save_axes(self, values):
        """Write the answers of one person (superuser), what he left out is emptied.

        :param values: ``{axis: 1..5, or the comment's text}``
        """
        self.ensure_one()
        lines = {line.question_id: line for line in self.user_input_line_ids}
        for question in self.survey_id.question_ids.filtered('amlaj_axis'):
            value = values.get(question.amlaj_axis)
            field = 'value_text_box' if question.amlaj_axis == 'comment' else 'value_scale'
            kind = 'text_box' if question.amlaj_axis == 'comment' else 'scale'
            vals = {'answer_type': kind, field: value, 'skipped': False} if value else {
                'answer_type': False, 'value_text_box': False, 'value_scale': 0, 'skipped': True}
            if question in lines:
                lines[question].write(vals)
            else:
                self.env['survey.user_input.line'].create({
                    'user_input_id': self.id, 'question_id': question.id, **vals})

    def _axes(self):
        """What was answered, as ``{axis: value}``."""
        return {
            line.question_id.amlaj_axis: line.value_text_box or line.value_scale
            for line in self.user_input_line_ids if line.question_id.amlaj_axis and not line.skipped}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_beneficiary(self):
        if any(answer.survey_id.survey_type == TYPE for answer in self):
            raise UserError(self.env._("What a beneficiary answered is never deleted by hand."))

    @api.model
    def _cron_part(self):
        """Part answers older than seven days from their requests for good; any number of times, at any moment.

        Plain SQL, since the ORM would write the very time that is to be forgotten. Rounded to the quarter, in which the
        answers are counted; the invitations' times with them, or they would say when each was answered.
        """
        self.env.flush_all()
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=CHANGEABLE_DAYS)
        rows = self.env.execute_query(SQL(
            """SELECT i.id, i.amlaj_request_id FROM survey_user_input i JOIN survey_survey s ON s.id = i.survey_id
                WHERE s.survey_type = %s AND i.amlaj_request_id IS NOT NULL AND i.create_date < %s
                  FOR UPDATE OF i SKIP LOCKED""", TYPE, limit))
        if rows:
            answers, requests = (tuple(ids) for ids in zip(*rows, strict=True))
            for table, column, ids in (
                    ('survey_user_input', 'id', answers), ('survey_user_input_line', 'user_input_id', answers),
                    ('amlaj_rating_invitation', 'request_id', requests)):
                self.env.execute_query(SQL(
                    """UPDATE %s SET create_date = date_trunc('quarter', create_date),
                                     write_date = date_trunc('quarter', create_date) WHERE %s IN %s RETURNING id""",
                    SQL.identifier(table), SQL.identifier(column), ids))
            self.env.execute_query(SQL(
                "UPDATE survey_user_input SET amlaj_request_id = NULL WHERE id IN %s RETURNING id", answers))
            self.env.invalidate_all(flush=False)
        return len(rows)
