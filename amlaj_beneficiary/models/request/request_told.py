from odoo import models

from ...tools import hijri
from .request import EDITABLE_STATES

PAPER_FIELDS = (
    'request_id', 'document_type_id', 'state', 'is_required', 'received_on', 'issued_on', 'expiry_date',
    'mismatch_reason', 'proof', 'reused_from_id', 'note', 'number')
DELIVERY_FIELDS = (
    'state', 'place', 'delivered_at', 'planned_on', 'what', 'amount', 'receiver_name', 'receipt_number')
# between these the association works and the applicant waits
WAITING_STATES = ('submitted', 'research', 'committee', 'approved', 'delivery')
# the part of a step's way that a state has reached
REACHED = {
    'draft': 'sent', 'submitted': 'checked', 'incomplete': 'checked', 'research': 'study', 'committee': 'answer',
    'approved': 'delivery', 'delivery': 'delivery',
}


class AmlajRequest(models.Model):
    """What the applicant is told of his request, in one place for all doors: the portal and the follow-up by code
    (R22, R59, R61, R69).

    The caller has checked the mandate or the code, and calls in superuser mode. What a decision changes stands here
    only once it was replied: the committee's room adds the result then. Through the door ``follow`` neither the kind
    of help nor an amount is told, and no name.
    """
    _inherit = 'amlaj.request'

    def _told(self, door):
        """All that the applicant's page shows.

        :param door: ``portal`` or ``follow``
        :return: dict: ``id``, ``number``, ``title``, ``state``, ``state_text``, ``dates`` (list of ``(label, text)``),
            ``missing`` (list of ``{'text', 'document_id' or False, 'may_send', 'code'}``), ``needs_nothing``, ``steps``
            (list of ``{'label', 'date', 'is_done', 'is_now'}``), ``result`` (False, or after the reply ``{'text',
            'reason', 'amount_text'}``), ``deliveries``, ``actions``
        """
        self.ensure_one()
        missing = self._told_missing()
        return {
            'id': self.id,
            'number': self.name,
            'title': self.env._("Request no. %(number)s", number=self.env['amlaj.paper']._ltr(self.name)),
            'state': self.state,
            'state_text': self._told_state_text(),
            'dates': self._told_dates(),
            'missing': missing,
            'needs_nothing': not missing and self.state in WAITING_STATES,
            'steps': self._told_steps(),
            'result': self._told_result(door),
            'deliveries': self._told_deliveries(door),
            'actions': self._told_actions(door),
        }

    def _fetched(self, name, *field_names):
        """The lines of a one2many with what a page shows of them, in one query."""
        field = self._fields[name]
        return self.env[field.comodel_name].search_fetch([(field.inverse_name, '=', self.id)], field_names)

    # ------------------------------------------------------------
    # Where it is
    # ------------------------------------------------------------

    def _told_state_text(self):
        """Where the request is, in words for the beneficiary (domain.md 14.1)."""
        self.ensure_one()
        if self.state == 'committee':
            return self._told_committee_text()
        if self.state == 'submitted' and self._is_told_complete():
            return self._told_complete_text()
        return {
            'draft': self.env._("Draft, not sent yet"),
            'submitted': self.env._("We received your request and are reviewing its data"),
            'incomplete': self.env._("Waiting for something from you"),
            'research': self.env._("Under study"),
            'approved': self.env._("Your request was approved"),
            'rejected': self.env._("We apologise for not accepting the request"),
            'delivery': self.env._("The service is on its way to you"),
            'done': self.env._("The service was provided"),
            'cancelled': self.env._("Cancelled at your request"),
        }[self.state]

    def _told_committee_text(self):
        earliest, latest = self.env['amlaj.paper']._reply_dates(self)
        today = self._today()
        if earliest and earliest > today:
            return self.env._(
                "With the research committee; the answer reaches you from %(day)s on", day=self._told_day(earliest))
        if latest and latest >= today:
            return self.env._(
                "With the research committee; the answer reaches you by %(day)s", day=self._told_day(latest))
        return self.env._("With the research committee")

    def _is_told_complete(self):
        """Whether the desk has found everything there, and said so: a department's requests need no further word."""
        return bool(self.informed_at or (self.verified_at and self.service_id.decided_by == 'department'))

    def _told_complete_text(self):
        if self.service_id.decided_by == 'department':
            return self.env._("Your request is complete and goes to the department in charge")
        return self.env._("Your request is complete and goes up to the research committee")

    def _told_day(self, day):
        """A day, or the association's day of a moment, in both calendars and in the reader's language."""
        if not day:
            return ''
        day = self._local_day(day) if hasattr(day, 'hour') else day
        return self.env['amlaj.paper']._unbroken(hijri.full_date(day, self.env.lang or 'en_US'))

    def _told_dates(self):
        """The dates that matter to the applicant, as ``(label, text)``; none that a decision would change."""
        self.ensure_one()
        earliest, latest = self.env['amlaj.paper']._reply_dates(self)
        waits = self.state in ('submitted', 'incomplete', 'research', 'committee')
        dates = [
            (self.env._("Begun on"), self.state == 'draft' and self.create_date),
            (self.env._("Received on"), self.submitted_at),
            (self.env._("The answer from"), waits and earliest),
            (self.env._("The answer by"), waits and latest),
        ]
        return [(label, self._told_day(day)) for label, day in dates if day]

    def _told_steps(self):
        """The way of this request, step by step, as far as it was told."""
        self.ensure_one()
        entered = {}
        if self.state not in EDITABLE_STATES:  # before the committee no step is dated by a move
            for move in self._fetched('transition_ids', 'to_state', 'at'):
                entered[move.to_state] = move.at
        steps = [
            ('sent', self.env._("Your request is sent"), self.submitted_at),
            ('checked', self.env._("We match the data and the papers"), self.informed_at or self.verified_at),
        ]
        if self.service_id.requires_case_study:
            steps.append(('study', self.env._("We study the need"), entered.get('committee')))
        replied = entered.get('approved') or entered.get('rejected')
        steps.append(('answer', self.env._("You receive the answer"), replied))
        if self.state != 'rejected':
            steps.append(('delivery', self.env._("The service is provided"), self.state == 'done' and entered.get('done')))
        if self.state == 'cancelled':
            steps = [step for step in steps if step[2]] + [
                ('cancelled', self.env._("Cancelled at your request"), entered.get('cancelled'))]
        return self._told_marks(steps)

    def _told_marks(self, steps):
        """Say of each step whether it is done, and which one is now."""
        keys = [key for key, _label, _date in steps]
        is_over = self.state in ('rejected', 'done', 'cancelled')
        now = REACHED.get(self.state)
        if self.state == 'submitted' and self._is_told_complete():
            now = 'study'  # what was matched is behind him
        if now not in keys and not is_over:
            now = 'answer'
        reached = len(keys) if is_over else keys.index(now)
        return [
            {'label': label, 'date': self._told_day(date) if rank < reached else '', 'is_done': rank < reached,
             'is_now': rank == reached}
            for rank, (_key, label, date) in enumerate(steps)]

    # ------------------------------------------------------------
    # What is missing
    # ------------------------------------------------------------

    def _told_missing(self):
        """What the applicant himself has still to send or to do; nothing once it cannot be brought any more."""
        self.ensure_one()
        if self.state not in EDITABLE_STATES:
            return []
        items = []
        for document in self._fetched('document_ids', *PAPER_FIELDS):
            blocker = document._blocker() if document.is_required or document.state == 'mismatch' else None
            if blocker and blocker.whom == 'applicant':
                items.append({
                    'text': document.document_type_id.name if blocker.code == 'paper_missing' else blocker.text,
                    'document_id': document.id, 'may_send': document._may_be_sent(), 'code': blocker.code})
        asked = self._unsaid_blockers() if self.state in ('draft', 'incomplete') else self._undeclared_blockers()
        others = [(blocker.text, blocker.code) for blocker in asked if blocker.whom == 'applicant']
        if self.state == 'incomplete':
            others += [(line, 'completion') for line in (self.completion_reason or '').splitlines() if line.strip()]
        return items + [
            {'text': text, 'document_id': False, 'may_send': False, 'code': code}
            for text, code in dict.fromkeys(others)]

    # ------------------------------------------------------------
    # After the reply
    # ------------------------------------------------------------

    def _told_result(self, door):
        """What was decided, once it was replied: ``{'text', 'reason', 'amount_text'}`` or False; see the committee."""
        return False

    def _told_deliveries(self, door):
        """What is planned or was delivered, as dicts; through the follow-up's door only when and where."""
        self.ensure_one()
        if self.state in EDITABLE_STATES:
            return []
        deliveries = self._fetched('delivery_ids', *self._delivery_fields())
        places = dict(self.env['amlaj.delivery']._fields['place']._description_selection(self.env))
        places['home'] = self.env._("At your place")
        states = dict(self.env['amlaj.delivery']._fields['state']._description_selection(self.env))
        return [{
            'id': delivery.id,
            'state': delivery.state,
            'state_text': states[delivery.state],
            'next': delivery.state == 'failed' and self.state in ('approved', 'delivery') and self.env._(
                "We will contact you to agree on another time. Nothing of your right is lost."),
            'place': places[delivery.place],
            'date': self._told_day(delivery.delivered_at or delivery.planned_on),
            'what': door == 'portal' and delivery.what or '',
            'amount_text': self.env['amlaj.paper']._show_amount(delivery.amount) if door == 'portal' else '',
            'receiver': door == 'portal' and delivery.receiver_name or '',
            'receipt_number': delivery.state == 'delivered' and delivery.receipt_number or '',
        } for delivery in deliveries]

    def _delivery_fields(self):
        """What a page shows of deliveries; later rooms add what they need besides."""
        return list(DELIVERY_FIELDS)

    def _told_actions(self, door):
        """What the applicant can do after the reply: list of ``{'key', 'label', 'help', 'url'}``; later rooms add."""
        return []

    def _told_url(self, door, key):
        """The address of an action of ``_told_actions``."""
        return f'/my/requests/{self.id}/{key}' if door == 'portal' else f'/follow-up/{key}'
