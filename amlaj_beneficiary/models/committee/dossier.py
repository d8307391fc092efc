from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.text import name_tokens
from .decision import VOTE_READERS

DOSSIER_SCHEMA = 1


class AmlajDecision(models.Model):
    """The dossier of one file: all that a member needs on one screen, and nothing sensitive (R60).

    Sensitive categories are seen through ``action_reveal`` alone, which keeps a record of the look. Members see
    dossiers from the planning of a session to its closing.
    """
    _inherit = 'amlaj.decision'

    dossier = fields.Html(compute='_compute_dossier', sanitize=False, groups=VOTE_READERS)
    name_hint = fields.Boolean(
        string="Same family name", compute='_compute_name_hint',
        help="Some member bears the applicant's family name. It recuses nobody: the member is only asked.")
    flag_text = fields.Char(string="To note", compute='_compute_flag_text', groups=VOTE_READERS)

    @api.depends_context('uid', 'lang')
    def _compute_dossier(self):
        shown = self._filtered_file_readable()
        dossiers = shown._dossiers()
        for decision in self:
            decision.dossier = decision in shown and self.env['ir.qweb']._render(
                'amlaj_beneficiary.committee_dossier', decision._dossier_values(dossiers[decision.id]))

    @api.depends_context('uid', 'lang')
    def _compute_flag_text(self):
        shown = self._filtered_file_readable()
        dossiers = shown._dossiers()
        for decision in self:
            flags = dossiers[decision.id]['flags'] if decision in shown else []
            decision.flag_text = " · ".join(flag['text'] for flag in flags) or False

    @api.depends_context('uid')
    def _compute_name_hint(self):
        for decision in self:
            decision.name_hint = bool(decision.sudo()._namesakes())  # a yes or no, asked of the house

    def _filtered_file_readable(self):
        """The items whose request the current user may still read."""
        readable = self.sudo().request_id.with_env(self.env)._filtered_access('read')
        ids = set(readable.ids)
        return self.filtered(lambda decision: decision.sudo().request_id.id in ids)

    def action_reveal_sensitive(self):
        """Show the sensitive categories of the applicant to who may see them; the look is recorded."""
        self.ensure_one()
        self.check_access('read')
        if not self._filtered_file_readable():
            raise UserError(self.env._("This file is seen only while its session lasts."))
        file = self.sudo().request_id.beneficiary_id.with_env(self.env)
        names = [category['name'] for category in file.action_reveal('sensitive_categories')]
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'title': self.env._("Sensitive categories"), 'sticky': True, 'type': 'info',
                'message': ", ".join(names) or self.env._("None is noted."),
            }}

    # ------------------------------------------------------------
    # The content
    # ------------------------------------------------------------

    def _dossier(self):
        """The dossier of one item as plain values; see ``_dossiers``."""
        self.ensure_one()
        return self._dossiers()[self.id]

    def _dossiers(self):
        """``{id: dossier}`` with a constant number of queries.

        A dossier has ``request``, ``applicant``, ``household``, ``papers``, ``help`` (newest first), ``earlier`` (what
        was decided on the same request before) and ``flags`` (``code``, ``text``); all values are plain, so that it can
        be frozen.
        """
        decisions_sudo = self.sudo()  # the caller has checked who looks
        given = decisions_sudo._help_given()
        dossiers = {}
        for decision in decisions_sudo:
            request = decision.request_id
            helped = given[request.beneficiary_id.id]
            dossiers[decision.id] = {
                'schema': DOSSIER_SCHEMA,
                'request': decision._request_part(),
                'applicant': decision._applicant_part(),
                'household': [decision._member_part(member) for member in request.beneficiary_id.member_ids],
                'papers': [decision._paper_part(paper) for paper in request.document_ids],
                'help': [decision._help_part(delivery) for delivery in decision._recent(helped)],
                'earlier': [decision._earlier_part(item) for item in decision._earlier()],
                'flags': decision._flags(helped),
            }
        return dossiers

    def _help_given(self):
        """``{beneficiary id: deliveries made, newest first}``, as far back as any flag or list looks."""
        months = self.env['amlaj.settings']._get('help_months')
        days = max(self.service_id.mapped('repeat_after_days'), default=0)
        today = self.env['amlaj.request']._today()
        since = min(today - relativedelta(months=months), today - relativedelta(days=days))
        deliveries = self.env['amlaj.delivery'].sudo().search([
            ('beneficiary_id', 'in', self.request_id.beneficiary_id.ids), ('state', '=', 'delivered'),
            ('delivered_at', '>=', since)], order='delivered_at desc, id desc')
        given = defaultdict(lambda: deliveries[:0])
        for delivery in deliveries:
            given[delivery.beneficiary_id.id] |= delivery
        return given

    def _recent(self, deliveries):
        since = self._today() - relativedelta(months=self.env['amlaj.settings']._get('help_months'))
        return deliveries.filtered(lambda delivery: self._local_day(delivery.delivered_at) >= since)

    def _request_part(self):
        request = self.request_id
        day = lambda moment: str(self._local_day(moment)) if moment else ''
        labels = {question['name']: question['string'] for question in request._questions()}
        return {
            'number': request.name, 'service': request.service_id.name or '',
            'service_kind': request.service_kind or '', 'item_kind': self.kind,
            'description': request.description or '', 'amount': f'{request.amount_requested:.2f}',
            'ceiling': f'{request.service_id.ceiling_amount:.2f}', 'origin': request.origin,
            'answers': [
                [labels.get(name) or name, self._plain(value)] for name, value in request._answers_given().items()],
            'urgent': request.priority == '1', 'urgent_reason': request.priority_reason or '',
            'submitted_on': day(request.submitted_at), 'informed_on': day(request.informed_at),
            'raised_on': day(request.raised_at), 'reply_not_before': str(request.reply_not_before or ''),
            'reply_due': str(request.reply_due or ''), 'branch': request.branch_id.name or '',
            'raise_exception_reason': request.raise_exception_reason or '',
        }

    def _plain(self, value):
        return {True: self.env._("Yes"), False: self.env._("No")}[value] if isinstance(value, bool) else str(value)

    def _applicant_part(self):
        file = self.request_id.beneficiary_id
        return {
            'id': file.id, 'name': file.name, 'first_name': self.first_name or '',
            'file_number': file.file_number or '',
            'kind': file.kind, 'scope': file.scope, 'state': file.state, 'age': file._age() or 0,
            'gender': file.gender or '', 'locality': file.locality_id.name or '', 'branch': file.branch_id.name or '',
            'categories': file.category_ids.mapped('name'),
        }

    def _member_part(self, member):
        age = relativedelta(self._today(), member.birth_date).years if member.birth_date else None
        return {
            'name': member.name, 'relationship': member.relationship, 'age': age if age is not None else '',
            'gender': member.gender or '', 'contributing': member.is_contributing}

    def _paper_part(self, paper):
        return {
            'name': paper.document_type_id.name or '', 'state': paper.state, 'required': paper.is_required,
            'received_on': str(paper.received_on or ''), 'expiry_date': str(paper.expiry_date or ''),
            'fault': paper.fault or ''}

    def _help_part(self, delivery):
        return {
            'on': str(self._local_day(delivery.delivered_at)), 'service': delivery.request_id.service_id.name or '',
            'number': delivery.request_id.name, 'what': delivery.what or '', 'quantity': f'{delivery.quantity:.2f}',
            'amount': f'{delivery.amount:.2f}'}

    def _earlier(self):
        """What was decided on the same request before."""
        return self.request_id.decision_ids.filtered(lambda item: item.result) - self

    def _earlier_part(self, item):
        return {
            'on': str(self._local_day(item.decided_at)) if item.decided_at else '', 'result': item.result,
            'kind': item.kind, 'note': item.note or ''}

    # ------------------------------------------------------------
    # What is to be noted
    # ------------------------------------------------------------

    def _flags(self, helped):
        """What the committee should not overlook, each as ``{'code', 'text'}``; none of it decides (superuser).

        :param helped: the deliveries made to the file, newest first
        """
        request, service = self.request_id, self.request_id.service_id
        texts = {}
        if service.ceiling_amount and request.amount_requested > service.ceiling_amount:
            texts['above_ceiling'] = self.env._("Above the ceiling")
        last = helped.filtered(lambda delivery: delivery.request_id.service_id == service)[:1]
        if last and service.repeat_after_days and self._local_day(last.delivered_at) + relativedelta(
                days=service.repeat_after_days) > self._today():
            texts['too_soon'] = self.env._("Sooner than the repetition interval")
        if request.raise_exception_reason:
            texts['paper_lacking'] = self.env._("Raised without a paper")
        if request.priority == '1':
            texts['urgent'] = self.env._("Urgent")
        if self.kind == 'objection':
            texts['objection'] = self.env._("Objection")
        if request.reply_due and request.reply_due < self._today():
            texts['late'] = self.env._("Reply overdue")
        if self._namesakes():
            texts['namesake'] = self.env._("A member bears the same family name")
        return [{'code': code, 'text': text} for code, text in texts.items()]

    def _namesakes(self):
        """The members who bear the applicant's family name: they are asked, never recused for it (superuser)."""
        file = self.request_id.beneficiary_id
        family = (name_tokens(file.family_name or file.name or '') or [''])[-1]
        if not family or file.kind == 'organisation':
            return self.env['amlaj.committee.member']
        return self.committee_id._current_members().filtered(
            lambda member: (name_tokens(member.user_id.name or '') or [''])[-1] == family)
