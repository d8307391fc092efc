from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import clean_text
from .survey_user_input import CHANGEABLE_DAYS

AXES = ('procedure', 'conduct', 'impression')
STEPS = (1, 2, 3, 4, 5)
LONGEST_COMMENT = 2000
# an answer made by the superuser, of whom nothing is noted besides
UNNOTED = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True, 'mail_notrack': True}


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        return super()._defaults() | {'rating_days': 90}


class AmlajRatingInvitation(models.Model):
    """One invitation to rate one finished service: whether it was taken, never what was answered (R24, R30, R31).

    Made when a request is completed with something delivered. Only the quality officer reads who was asked and whether
    he answered: no provider learns it. The answer stands apart in ``survey.user_input``.
    """
    _name = 'amlaj.rating.invitation'
    _description = "Invitation to rate a service"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'state'

    request_id = fields.Many2one('amlaj.request', required=True, ondelete='cascade', copy=False)
    survey_id = fields.Many2one('survey.survey', required=True, ondelete='restrict', copy=False)
    state = fields.Selection([
        ('open', "Open"),
        ('answered', "Answered"),
        ('declined', "Declined"),
    ], required=True, default='open', copy=False)
    valid_until = fields.Date(string="Valid until", required=True, copy=False)

    _once = models.UniqueIndex('(request_id)', "This service has its invitation already.")

    _guarded_fields = frozenset({'request_id', 'survey_id', 'state', 'valid_until'})

    def _file(self):
        return self.request_id.beneficiary_id

    def _answer_sudo(self):
        """The answer that can still be told to be this request's, in superuser mode; else an empty record."""
        return self.env['survey.user_input'].sudo().search([('amlaj_request_id', 'in', self.request_id.ids)], limit=1)

    def _may_answer(self):
        """Whether the person may answer now, or change what he answered in the last seven days (superuser)."""
        self.ensure_one()
        if self.state != 'answered':
            return self.valid_until >= self._today()
        answer = self._answer_sudo()
        return bool(answer) and answer.create_date > fields.Datetime.now() - timedelta(days=CHANGEABLE_DAYS)

    def _answer(self, values):
        """Take the answer of the person (as the superuser; the door has checked the mandate or the code).

        :param values: as posted: each of ``AXES`` one of 1 to 5, ``comment`` a text
        :raise UserError: when nothing usable was chosen, or the time is over
        """
        self.ensure_one()
        self._lock()
        if not self._may_answer():
            raise UserError(self.env._("This rating can no longer be changed. Thank you for your time."))
        given = self._clean(values)
        if not given:
            raise UserError(self.env._("Please choose an answer, or write to us in your own words."))
        Answer = self.env['survey.user_input'].with_context(**UNNOTED)
        answer = self._answer_sudo() or Answer.create(self._answer_vals())
        answer.with_context(**UNNOTED)._save_axes(given)
        self.state = 'answered'
        self.env.flush_all()  # now, as the superuser: what is computed later would be noted as written by the person

    def _answer_vals(self):
        request = self.request_id
        return {
            'survey_id': self.survey_id.id, 'state': 'done', 'amlaj_request_id': request.id,
            'amlaj_service_id': request.service_id.id, 'amlaj_branch_id': request.branch_id.id,
            'amlaj_department_id': request.department_id.id, 'amlaj_channel_id': request.channel_id.id,
            'amlaj_scope': request.beneficiary_id.scope}

    @api.model
    def _clean(self, values):
        given = {}
        for axis in AXES:
            text = str(values.get(axis) or '')
            if text.isascii() and text.isdigit() and len(text) == 1 and int(text) in STEPS:
                given[axis] = int(text)
        comment = clean_text(str(values.get('comment') or ''))[:LONGEST_COMMENT]
        return {**given, 'comment': comment} if comment else given

    def _decline(self):
        """The person prefers not to rate: nobody asks him again, and he may still do so (superuser)."""
        self.filtered(lambda invitation: invitation.state == 'open').state = 'declined'

    def _form(self):
        """What the page shows (superuser): the questions with their five steps, and what was answered before."""
        self.ensure_one()
        labels = {1: self.env._("Weak"), 2: self.env._("Acceptable"), 3: self.env._("Good"),
                  4: self.env._("Very good"), 5: self.env._("Excellent")}
        known = self._answer_sudo()._axes()
        questions = self.survey_id.question_ids.filtered('amlaj_axis')
        return {
            'questions': [
                {'axis': question.amlaj_axis, 'title': question.title, 'value': known.get(question.amlaj_axis),
                 'steps': [(step, labels[step]) for step in reversed(STEPS)]}
                for question in questions if question.amlaj_axis in AXES],
            'comment': {
                'title': questions.filtered(lambda question: question.amlaj_axis == 'comment')[:1].title,
                'value': known.get('comment', '')},
            'is_answered': self.state == 'answered',
            'may_answer': self._may_answer(),
            'may_decline': self.state == 'open',
        }
