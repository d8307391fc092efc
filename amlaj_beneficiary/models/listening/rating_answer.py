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


class AmlajRatingInvitation(models.Model):
    """Answering, whichever the door: one answer for one invitation, changeable for seven days, naming nobody (R25, R30)."""
    _inherit = 'amlaj.rating.invitation'

    def _answer_sudo(self):
        """The answer that can still be told to be this invitation's, in superuser mode; else an empty record."""
        return self.env['survey.user_input'].sudo().search([('amlaj_invitation_id', 'in', self.ids)], limit=1)

    def _may_answer(self):
        """Whether the person may answer now, or change what he answered in the last seven days (superuser).

        A link has its time, which ``_by_token`` knows; from his own page he may rate at any time after the delivery.
        """
        self.ensure_one()
        if self.state != 'answered':
            return True
        answer = self._answer_sudo()
        return bool(answer) and answer.create_date > fields.Datetime.now() - timedelta(days=CHANGEABLE_DAYS)

    def _answer(self, values, entered_by=None):
        """Take the answer of the person (as the superuser; the door has checked the mandate, the link or the code).

        :param values: as posted: each of ``AXES`` one of 1 to 5, ``comment`` a text
        :param entered_by: the employee who enters it from paper; his name stays on the invitation
        :raise UserError: when nothing usable was chosen, or the time is over
        """
        self.ensure_one()
        self._lock()
        if not self._may_answer():
            raise UserError(self.env._("This rating can no longer be changed. Thank you for your time."))
        if entered_by and self.state == 'answered':
            raise UserError(self.env._("The person has rated already: nobody else changes it."))
        given = self._clean(values)
        if not given:
            raise UserError(self.env._("Please choose an answer, or write to us in your own words."))
        answer = self._answer_sudo() or self._new_answer()
        answer.with_context(**UNNOTED)._save_axes(given)
        self.write({'state': 'answered', 'entered_by_id': entered_by and entered_by.id})
        # what waits to be sent asks for nothing any more
        self.env['amlaj.message'].search([
            ('rating_invitation_id', '=', self.id), ('state', '=', 'ready')]).write({'state': 'cancelled'})
        self.env.flush_all()  # now, as the superuser: what is computed later would be noted as written by the person

    def _new_answer(self):
        """An empty answer, under a number that does not tell when it was made (superuser)."""
        facts = self._facts()
        answer = self.env['survey.user_input'].with_context(**UNNOTED).create({
            'survey_id': self.survey_id.id, 'state': 'done', 'amlaj_invitation_id': self.id,
            'amlaj_request_id': self.request_id.id,
            'predefined_question_ids': [],  # they serve Odoo's own page, which these surveys do not use
            **{
                f'amlaj_{name}': facts.get(name) for name in (
                    'service_id', 'branch_id', 'department_id', 'channel_id', 'provider_id', 'scope')}})
        return answer._under_random_id()

    @api.model
    def _clean(self, values):
        given = {}
        for axis in AXES:
            text = str(values.get(axis) or '')
            if text.isascii() and text.isdigit() and len(text) == 1 and int(text) in STEPS:
                given[axis] = int(text)
        comment = clean_text(str(values.get('comment') or ''))[:LONGEST_COMMENT]
        return {**given, 'comment': comment} if comment else given

    def _form(self, is_own_page=True):
        """What the page shows (superuser): the questions with their five steps, and what was answered before.

        :param is_own_page: False behind a link or a code, which may have been passed on: what was answered is not shown
        """
        self.ensure_one()
        labels = {1: self.env._("Weak"), 2: self.env._("Acceptable"), 3: self.env._("Good"),
                  4: self.env._("Very good"), 5: self.env._("Excellent")}
        known = self._answer_sudo()._axes() if is_own_page else {}
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
