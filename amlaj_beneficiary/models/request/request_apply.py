from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.amount import to_decimal
from ...tools.errors import BadInput
from ...tools.hijri import parse_date
from ...tools.text import clean_line, clean_text, number_text
from .request import EDITABLE_STATES
from .request_told import PAPER_FIELDS

LONGEST_TEXT = 5000
LONGEST_LINE = 500
# what the applicant himself may still change
OWN_STATES = ('draft', 'incomplete')


class AmlajRequest(models.Model):
    """Applying by oneself, one thing after the other: a draft from the first step on, saved by each, taken up where it
    was left (R18, R41, R53, R57).

    The caller has checked a mandate to apply and calls in superuser mode, as the applicant: these methods are no API.
    """
    _inherit = 'amlaj.request'

    # ------------------------------------------------------------
    # Beginning
    # ------------------------------------------------------------

    @api.model
    def _files_to_apply(self):
        """The files for which the current user may make a new request, in superuser mode."""
        return self._holder_files('may_apply').filtered(lambda file: file.state != 'ended')

    @api.model
    def _applies_for(self, file):
        """For whom a new request for ``file`` is: see ``amlaj.mandate._acts_for``."""
        return bool(file) and self.env['amlaj.mandate']._held_by(
            self.env.user, Domain('beneficiary_id', '=', file.id))._acts_for(file)

    @api.model
    def _begin(self, file_id, service_id):
        """The draft of the current user for this file and service: the one that he began before, or a new one.

        :return: the request in superuser mode; empty where he may not apply for the file, or nobody offers the service
        """
        file_sudo = self._files_to_apply().filtered(lambda file: file.id == file_id)
        service_sudo = self.env['amlaj.service']._public_service(
            service_id, 'internal' if file_sudo.scope == 'internal' else 'external')
        Request_sudo = self.sudo()  # the mandate was just checked
        if not file_sudo or not service_sudo:
            return Request_sudo.browse()
        last = Request_sudo.search([
            ('create_uid', '=', self.env.uid), ('beneficiary_id', '=', file_sudo.id),
            ('service_id', '=', service_sudo.id)], limit=1)
        if last.state == 'draft':
            return last
        return Request_sudo.create({
            'beneficiary_id': file_sudo.id, 'service_id': service_sudo.id,
            'channel_id': self.env['amlaj.channel'].sudo()._by_code('website').id,  # the policy's own list
            # two tabs, or a double click, make the same key and so one request
            'submission_key': f'portal-{file_sudo.id}-{service_sudo.id}-{last.id}'})

    # ------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------

    def _apply_steps(self, papers=None):
        """The steps of this request in their order, as ``{key: label}``; one that has nothing to ask is left out."""
        self.ensure_one()
        papers = self._apply_papers() if papers is None else papers
        steps = {
            'questions': self.env._("A few questions"),
            'need': self.env._("What you ask for"),
            'household': self.env._("Your household"),
            'papers': self.env._("Your papers"),
            'sign': self.env._("Declaration and signature"),
            'review': self.env._("Check and send"),
        }
        left_out = {
            'questions': not self._questions(), 'household': not self.beneficiary_id.member_ids,
            'papers': not papers}
        return {key: label for key, label in steps.items() if not left_out.get(key)}

    def _apply_now(self):
        """The step at which the applicant goes on: the first one that still asks for something."""
        self.ensure_one()
        steps = self._apply_steps()
        if self._unanswered():
            return 'questions'
        if not self.description:
            return 'need'
        if 'papers' in steps and any(item['document_id'] for item in self._told_missing()):
            return 'papers'
        return 'review' if self.is_declared else 'sign'

    def _is_step_open(self, step):
        """Whether the step may still be shown: papers and signature as long as the desk has the request."""
        return self.state in OWN_STATES or (step in ('papers', 'sign') and self.state in EDITABLE_STATES)

    def _check_own_state(self):
        """:raise UserError: when the applicant can no longer change what he asks for."""
        self._lock()
        if self.state not in OWN_STATES:
            raise UserError(self.env._("Your request was sent already. What was asked for stays as it is."))

    # ------------------------------------------------------------
    # Saving what was typed
    # ------------------------------------------------------------

    def _save_questions(self, form):
        """Save the answers as they were typed.

        :return: ``(errors, lacks)``: ``{question: text}`` of what cannot be read, where nothing was saved, and of what
            is still open
        """
        self._check_own_state()
        answers, errors = {}, {}
        for question in self._questions():
            try:
                answers[question['name']] = self._typed_answer(question, form.get(question['name']))
            except UserError as error:
                errors[question['name']] = str(error)
        if not errors:
            self.write({'answers': answers})
        return errors, {
            name: self.env._("Please answer this question.")
            for name, answer in answers.items() if answer is False and not self._is_yes_or_no(name)}

    def _is_yes_or_no(self, name):
        """A question that is answered by being left alone."""
        return any(question['name'] == name and question['type'] == 'boolean' for question in self._questions())

    def _typed_answer(self, question, typed):
        """What was typed in a form as a value of the question's type; False where nothing was."""
        kind = question['type']
        if kind == 'boolean':
            return bool(typed)
        if not clean_line(typed):
            return False
        if kind == 'date':
            return str(self._cleaned(parse_date, typed, self._today())[0])
        if kind in ('integer', 'float'):
            number = self._cleaned(self._plain_number, typed, kind == 'integer')
            return self._clean_answer(question, number)
        return self._clean_answer(question, typed[:LONGEST_TEXT if kind == 'text' else LONGEST_LINE])

    @api.model
    def _plain_number(self, typed, is_whole):
        text = number_text(typed)
        if is_whole and '.' in text:
            raise BadInput('number_invalid', value=clean_line(typed)[:40])
        return int(text) if is_whole else float(text)

    def _save_need(self, form):
        """Save what is asked and why, the amount and the urgency; ``(errors, lacks)`` as ``_save_questions``."""
        self._check_own_state()
        is_urgent = bool(form.get('urgent'))
        vals = {
            'description': clean_text(form.get('description'))[:LONGEST_TEXT],
            'priority': '1' if is_urgent else '0',
            'priority_reason': is_urgent and clean_line(form.get('priority_reason'))[:LONGEST_LINE],
        }
        errors = {}
        if is_urgent and not vals['priority_reason']:
            errors['priority_reason'] = self.env._("Please say why the request is urgent.")
        if self.service_id.kind == 'cash':
            try:
                vals['amount_requested'] = self._typed_amount(form.get('amount_requested'))
            except UserError as error:
                errors['amount_requested'] = str(error)
        if not errors:
            self.write(vals)
        return errors, {} if vals['description'] else {
            'description': self.env._("Please write in a few words what you need, and why.")}

    def _typed_amount(self, typed):
        amount = float(self._cleaned(to_decimal, typed)) if clean_line(typed) else 0.0
        if not 0 <= amount < 10 ** 12:
            raise UserError(self.env._("Please check the amount asked for."))
        return amount

    # ------------------------------------------------------------
    # Signing, sending, taking back
    # ------------------------------------------------------------

    def _sign_by_holder(self, signature, name):
        """Sign with the finger as whom the mandate names: the applicant, or his guardian.

        :raise UserError: when the drawing or the name is missing, or somebody else has to sign
        """
        self.ensure_one()
        mandates_sudo = self.env['amlaj.mandate']._held_for_request(self.env.user, self.id)
        capacities = mandates_sudo.filtered('may_apply').mapped('capacity')
        is_guardian = 'guardian' in capacities and 'self' not in capacities
        return self.action_sign('guardian' if is_guardian else 'portal', signature, name)

    def _send_by_holder(self):
        """Send the request, or send it again once it is complete; what was sent already is sent once.

        :raise UserError: with what has to be done before
        """
        self.ensure_one()
        self._lock()
        if self.state in OWN_STATES:
            self.action_submit()
        return True

    def _cancel_by_holder(self, reason):
        """Cancel the request with a reason; a draft that was never sent needs none."""
        self.ensure_one()
        reason = clean_text(reason)[:LONGEST_LINE]
        if self.state == 'draft':
            reason = reason or self.env._("Withdrawn before it was sent")
        return self.action_cancel(reason)

    # ------------------------------------------------------------
    # What the steps show
    # ------------------------------------------------------------

    def _apply_papers(self):
        return self._fetched('document_ids', *PAPER_FIELDS)

    def _apply_values(self, step, mandates=None):
        """What a step shows (superuser), or False for a step that this request has not.

        :param mandates: those of its reader for this file, where they were asked for already
        """
        self.ensure_one()
        if mandates is None:
            mandates = self.env['amlaj.mandate']._held_for_request(self.env.user, self.id)
        papers = self._apply_papers()
        keys = list(steps := self._apply_steps(papers))
        if step not in steps:
            return False
        rank = keys.index(step)
        own = getattr(self, f'_apply_{step}_values')(papers, mandates)
        return {
            'id': self.id, 'number': self.name, 'state': self.state, 'service': self.service_id.name,
            'is_draft': self.state == 'draft', 'step': step, 'label': steps[step], 'rank': rank + 1, 'count': len(keys),
            'progress': self.env._("Step %(rank)s of %(count)s", rank=rank + 1, count=len(keys)),
            'back': keys[rank - 1] if rank else False, 'next': keys[rank + 1] if rank + 1 < len(keys) else False,
            'call_phone': self.branch_id._call_phone(),
            'acts_for': mandates._acts_for(self.beneficiary_id), **own}

    def _apply_questions_values(self, _papers, _mandates):
        given = self._answers_given()
        return {'questions': [
            {**question, 'value': self._typed_form(question, given.get(question['name']))}
            for question in self._questions()]}

    def _typed_form(self, question, value):
        """A stored answer as people type it."""
        if value is None or value is False:
            return ''
        if question['type'] == 'date':
            year, month, day = str(value).split('-')
            return f'{int(day)}/{int(month)}/{year}'
        return f'{value:.15g}' if question['type'] == 'float' else value

    def _apply_need_values(self, _papers, _mandates):
        amount = self.amount_requested
        return {
            'asks_amount': self.service_id.kind == 'cash',
            'values': {
                'description': self.description or '', 'urgent': self.priority == '1',
                'priority_reason': self.priority_reason or '',
                'amount_requested': f'{amount:.2f}'.removesuffix('.00') if amount else ''}}

    def _apply_household_values(self, _papers, _mandates):
        members = self.beneficiary_id.member_ids
        return {'members': [
            {'name': member.name, 'relationship': member._told_relationship(), 'birth': self._told_day(member.birth_date)}
            for member in members]}

    def _apply_papers_values(self, papers, _mandates):
        return {'papers': [document._told_paper() for document in papers]}

    def _apply_sign_values(self, _papers, mandates):
        return {
            'signer': mandates.filtered('may_apply')[:1].person_name,
            'lines': self._declared_lines(), 'text': self._declaration_text(), 'is_declared': self.is_declared,
            'button': self.env._("I sign this declaration")}

    def _apply_review_values(self, papers, _mandates):
        return {
            'lines': self._declared_lines(), 'is_declared': self.is_declared,
            'papers': [document._told_line() for document in papers]}
