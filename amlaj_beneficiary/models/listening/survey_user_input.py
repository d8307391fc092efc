import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ..registry.guarded import ASSOCIATION_TZ
from .survey_survey import TYPE

CHANGEABLE_DAYS = 7
# numbers of answers are drawn above what Odoo counts up to
LEAST_ID, MOST_ID = 2 ** 30, 2 ** 31


class SurveyUserInput(models.Model):
    """A beneficiary's answer (R30, R31; design rule 3).

    It is made by the superuser without contact, e-mail or nickname, with copies of what is counted by, which nobody
    reads but the release table's own function. Its number is drawn at random, so that it tells neither when the answer
    came nor which ones came before. Its links to what was rated exist for seven days, in which the person may change
    it; then a cron empties them and truncates the times, and nobody can tell any more whose it is. The quality officer
    reads what was said, without the case; nobody changes or deletes an answer.
    """
    _inherit = 'survey.user_input'

    amlaj_request_id = fields.Many2one(
        'amlaj.request', string="Request", index='btree_not_null', copy=False, ondelete='set null',
        groups='amlaj_beneficiary.group_quality')
    amlaj_invitation_id = fields.Many2one(
        'amlaj.rating.invitation', index='btree_not_null', copy=False, ondelete='set null', groups=NO_ACCESS)
    amlaj_service_id = fields.Many2one('amlaj.service', copy=False, ondelete='restrict', groups=NO_ACCESS)
    amlaj_branch_id = fields.Many2one('amlaj.branch', copy=False, ondelete='restrict', groups=NO_ACCESS)
    amlaj_department_id = fields.Many2one('hr.department', copy=False, ondelete='restrict', groups=NO_ACCESS)
    amlaj_channel_id = fields.Many2one('amlaj.channel', copy=False, ondelete='restrict', groups=NO_ACCESS)
    amlaj_provider_id = fields.Many2one('res.users', copy=False, ondelete='set null', groups=NO_ACCESS)
    amlaj_scope = fields.Selection(
        [('external', "External beneficiary"), ('internal', "Internal beneficiary")], copy=False, groups=NO_ACCESS)
    amlaj_counted_in = fields.Date(
        copy=False, groups=NO_ACCESS, help="The first day of the quarter whose published figures count it.")
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

    def _under_random_id(self):
        """This answer, just made and with nothing that points to it, under a number drawn at random (superuser)."""
        self.ensure_one()
        self.env.flush_all()
        taken = True
        while taken:
            number = LEAST_ID + secrets.randbelow(MOST_ID - LEAST_ID)
            taken = self.browse(number).exists()
        self.env.execute_query(SQL("UPDATE survey_user_input SET id = %s WHERE id = %s RETURNING id", number, self.id))
        self.env.invalidate_all(flush=False)
        return self.browse(number)

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
        self._number_lines()

    def _number_lines(self):
        """The lines' numbers follow from the answer's own, and tell nothing of their own (superuser)."""
        self.env.flush_all()
        self.env.execute_query(SQL(
            """UPDATE survey_user_input_line SET id = %(least)s + (random() * %(span)s)::int
                WHERE user_input_id = %(answer)s AND id < %(least)s RETURNING id""",
            least=LEAST_ID, span=MOST_ID - LEAST_ID - 1, answer=self.id))
        self.env.invalidate_all(flush=False)

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

        Plain SQL, since the ORM would write the very time that is to be forgotten. Rounded to the association's quarter,
        in which the answers are counted; the invitations' times with them, or they would say when each was answered. The
        invitation's link and digits end as well.
        """
        self.env.flush_all()
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=CHANGEABLE_DAYS)
        rows = self.env.execute_query(SQL(
            """SELECT i.id, i.amlaj_invitation_id FROM survey_user_input i JOIN survey_survey s ON s.id = i.survey_id
                WHERE s.survey_type = %s AND i.create_date < %s
                  AND (i.amlaj_request_id IS NOT NULL OR i.amlaj_invitation_id IS NOT NULL
                       OR i.create_date <> date_trunc('quarter', i.create_date)) -- what it was about was deleted
                  FOR UPDATE OF i SKIP LOCKED""", TYPE, limit))
        if rows:
            answers = tuple(answer for answer, __ in rows)
            invitations = tuple(invitation for __, invitation in rows if invitation) or (0,)
            quarter = SQL("date_trunc('quarter', create_date AT TIME ZONE 'UTC' AT TIME ZONE %s)", ASSOCIATION_TZ)
            for table, column, ids in (
                    ('survey_user_input', 'id', answers), ('survey_user_input_line', 'user_input_id', answers),
                    ('amlaj_rating_invitation', 'id', invitations)):
                self.env.execute_query(SQL(
                    "UPDATE %s SET create_date = %s, write_date = %s WHERE %s IN %s RETURNING id",
                    SQL.identifier(table), quarter, quarter, SQL.identifier(column), ids))
            self.env.execute_query(SQL(
                """UPDATE survey_user_input SET amlaj_request_id = NULL, amlaj_invitation_id = NULL, start_datetime = NULL,
                          end_datetime = NULL WHERE id IN %s RETURNING id""", answers))
            self.env.execute_query(SQL(
                """UPDATE amlaj_rating_invitation SET token_hash = NULL, code_hash = NULL, nonce = ''
                    WHERE id IN %s RETURNING id""", invitations))
            self.env.invalidate_all(flush=False)
        return len(rows)
