from base64 import b64decode

from odoo import api, fields, models

from ...tools import counted, hijri
from ...tools.paper import image_data_uri


class AmlajPaper(models.AbstractModel):
    """The sentences and lines of the papers about a request (R53-R59, R64).

    The portal and the messages may use the same sentences: they say a number, dates and what lacks, and never the kind
    of help, a reason or a need.
    """
    _inherit = 'amlaj.paper'

    @api.model
    def _amlaj_verifiable(self):
        return super()._amlaj_verifiable() | {
            'amlaj.request': (self.env._("Request"), 'name', 'submitted_at'),
            'amlaj.delivery': (self.env._("Delivery receipt"), 'receipt_number', 'delivered_at'),
            'amlaj.payment.sheet': (self.env._("Payment sheet"), 'name', 'date'),
        }

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {
            'label': self._label,
            'picture': lambda raw: image_data_uri(b64decode(raw)),
            'show_number': self._show_number,
            'answers': self._answers,
            'consent_purposes': lambda: self.env['amlaj.consent']._selection_purpose(),
            'consents_given': self._consents_given,
            'valid_declaration': lambda request: request.declaration_ids.filtered('is_valid')[:1],
            'declaration_text': self.env['amlaj.request']._declaration_text(),
            'missing_lines': self._missing_lines,
            'missing_items': self._missing_items,
            'reply_dates': self._reply_dates,
            'slip_complete_text': self._slip_complete_text,
            'slip_incomplete_text': self._slip_incomplete_text,
            'slip_completion_text': self._slip_completion_text,
            'receipt_text': self._receipt_text,
            'receiver_capacity': self._receiver_capacity,
        }

    @api.model
    def _label(self, record, name):
        """The label of a selection's value, in the paper's language."""
        value = record[name]
        return dict(record._fields[name]._description_selection(self.env)).get(value, '') if value else ''

    @api.model
    def _full_date(self, day):
        """A day in both calendars, in the paper's language."""
        return self._unbroken(hijri.full_date(self._day(day), self.env.lang or 'en_US')) if day else ''

    # --- the request form -------------------------------------------------------------------

    @api.model
    def _answers(self, request):
        """The answers to the service's own questions as pairs of text; unanswered ones are left out."""
        given = request._answers_given() if request else {}
        pairs = []
        for question in request._questions() if request else []:
            value = given.get(question['name'])
            if question['type'] == 'boolean':
                value = self.env._("Yes") if value else self.env._("No")
            elif question['type'] == 'selection':
                value = dict(question['selection']).get(value)
            elif question['type'] == 'date' and value:
                value = hijri.short_date(fields.Date.to_date(value), self.env.lang or 'en_US')
            elif question['type'] in ('float', 'integer') and value not in (None, False):
                value = self._show_number(value)
            if value:
                pairs.append((question['string'], value))
        return pairs

    @api.model
    def _consents_given(self, beneficiary):
        """The purposes the person agreed to; whoever prints the form was let read the file."""
        # sudo: the form states consents, also to a role that keeps none
        return beneficiary.sudo().consent_ids.filtered(lambda consent: not consent.withdrawn_at).mapped('purpose')

    @api.model
    def _show_number(self, value):
        """A number without a needless fraction: 3, not 3.0."""
        return f'{value:,.2f}'.rstrip('0').rstrip('.')

    # --- slip and notice --------------------------------------------------------------------

    @api.model
    def _missing_items(self, request):
        """What the applicant still has to bring or to do, each with what it is: ``{'text', 'help', 'seen'}``."""
        if request.state != 'incomplete':
            return []
        items = []
        for document in request.document_ids:
            blocker = document._blocker() if document.is_required or document.state == 'mismatch' else None
            if blocker and blocker.whom == 'applicant':
                kind = document.document_type_id
                items.append({
                    'text': kind.name if blocker.code == 'paper_missing' else blocker.text,
                    'help': ' '.join(filter(None, (document.note, kind.help))),
                    'seen': kind.proof == 'seen',
                })
        others = [
            blocker.text for blocker in request._get_blockers('submit')[request.id] if blocker.whom == 'applicant']
        others += (request.completion_reason or '').splitlines()
        return items + [{'text': text, 'help': '', 'seen': False} for text in dict.fromkeys(others) if text.strip()]

    @api.model
    def _missing_lines(self, request):
        """The same as plain lines; none once the request is complete."""
        return [item['text'] for item in self._missing_items(request)]

    @api.model
    def _period(self):
        """The policy's period in words that follow «تقل عن» or «تزيد على»: two weeks, unless the setting differs."""
        days = self.env['amlaj.settings']._get('reply_days')
        number, noun = (days // 7, 'week') if days % 7 == 0 else (days, 'day')
        if (number, noun) == (2, 'week'):
            return self.env._("two weeks")
        return counted.counted(number, noun, self.env.lang or 'en_US', oblique=True)

    @api.model
    def _reply_dates(self, request):
        """The first and the last day of the answer as people are told them; the first only under a least period."""
        if not request.reply_not_before:
            return (False, False)
        has_least_period = self.env['amlaj.settings']._get('reply_rule') == 'minimum'
        return (has_least_period and request.reply_shown_on, request._working_day(request.reply_due))

    @api.model
    def _slip_complete_text(self, request):
        """What the applicant is told once his request is complete: who decides, the period and its dates."""
        number, period = self._ltr(request.name), self._period()
        earliest, latest = map(self._full_date, self._reply_dates(request))
        if request.service_id.decided_by == 'department':
            if not request._is_told_complete():
                return self.env._(
                    "We received your request no. %(number)s and review its data. We will tell you when it goes to the "
                    "department in charge. You need not come.", number=number)
            return self.env._(
                "Your request no. %(number)s is complete and goes to the department in charge. We will tell you its "
                "answer. You need not come.", number=number)
        if not latest:
            return self.env._(
                "We received your request no. %(number)s and review its data. We will tell you when it goes up to the "
                "research committee. You need not come.", number=number)
        where = self._slip_where_text(request, number)
        if not earliest:
            return self.env._(
                "%(where)s You will receive the answer, acceptance or apology, in a period of not more than %(period)s: on "
                "%(latest)s at the latest. You need not come.", where=where, period=period, latest=latest)
        return self.env._(
            "%(where)s You will receive the answer, acceptance or apology, in a period of not less than %(period)s: from "
            "%(earliest)s on, and we work so that it is not later than %(latest)s. You need not come.",
            where=where, period=period, earliest=earliest, latest=latest)

    @api.model
    def _slip_where_text(self, request, number):
        """Where a complete request is now, as the first sentence of what its applicant is told."""
        if request.state == 'committee':
            return self.env._("Your request no. %(number)s is with the research committee, which studies it.", number=number)
        if request.state == 'research':
            return self.env._(
                "Your request no. %(number)s is complete; we study it, then it goes up to the research committee.",
                number=number)
        return self.env._(
            "Your request no. %(number)s is complete and goes up to the research committee for study.", number=number)

    @api.model
    def _slip_incomplete_text(self, request):
        """The sentence before the list of what lacks."""
        return self.env._(
            "We received your request no. %(number)s. It still lacks:", number=self._ltr(request.name))

    @api.model
    def _send_link(self, request):
        """Where the applicant sends what lacks by himself; the portal's room gives an address."""
        return False

    @api.model
    def _slip_completion_text(self, request):
        """The sentence after the list: where to bring what lacks, and when the period begins."""
        if self._send_link(request):
            return self.env._(
                "You can send it by the link or hand it to the representative of the office. The period of the answer "
                "begins when the request is complete.")
        return self.env._(
            "You can hand it to the representative of the office. The period of the answer begins when the request is "
            "complete.")

    # --- receipt ----------------------------------------------------------------------------

    @api.model
    def _receipt_text(self, delivery):
        """What the receiver signs."""
        return self.env._(
            "I confirm that I received what is written above from the association, for request no. %(number)s.",
            number=self._ltr(delivery.request_id.name))

    @api.model
    def _receiver_capacity(self, delivery):
        """As whom the receiver received: the beneficiary himself, or by which mandate."""
        # sudo: a receipt names in which capacity it was signed, also to a role that keeps no mandates
        mandate_sudo = delivery.receiver_mandate_id.sudo()
        if mandate_sudo:
            capacity = self._label(mandate_sudo, 'capacity')
            if mandate_sudo.proof_number:
                return self.env._(
                    "%(capacity)s, proof no. %(number)s",
                    capacity=capacity, number=self._ltr(mandate_sudo.proof_number))
            return capacity
        return self.env._("The beneficiary") if delivery.receiver_name else ''
