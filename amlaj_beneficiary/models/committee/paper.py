from odoo import api, fields, models

from ...tools import counted
from ..registry.mandate import ADULT_AGE

EXPLANATION_LENGTH = 600
SIGNATURES_IN_A_ROW = 3


class AmlajPaper(models.AbstractModel):
    """The sentences and lines of the committee's papers and of the letter that carries its decision (R60, R61).

    Minutes and agenda name a request by its number and a first name. Nothing printed here comes from the case study
    or from a sensitive category.
    """
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {
            'salutation': self._salutation,
            'acceptance_text': self._acceptance_text,
            'apology_text': self._apology_text,
            'objection_text': self._objection_text,
            'age_text': self._age_text,
            'household_text': self._household_text,
            'joined': self._joined,
            'dossier': self._dossier,
            'help_title': self._help_title,
            'result_text': self._result_text,
            'papers_by_state': self._papers_by_state,
            'shortened': self._shortened,
            'attendance': self._attendance_lines,
            'quorum_text': self._quorum_text,
            'session_items': self._session_items,
            'session_recusals': self._session_recusals,
            'session_confirmations': self._session_confirmations,
            'signature_rows': self._signature_rows,
        }

    @api.model
    def _amlaj_verifiable(self):
        return super()._amlaj_verifiable() | {
            'amlaj.committee.session': (self.env._("Minutes of a committee"), 'name', 'date'),
        }

    @api.model
    def _joined(self, words):
        """A list of words as the paper's language writes it."""
        comma = '، ' if (self.env.lang or '').startswith('ar') else ', '
        return comma.join(filter(None, words))

    # --- the letter -------------------------------------------------------------------------

    @api.model
    def _salutation(self, beneficiary):
        """How a letter addresses its reader; the file's gender only where it is known."""
        name = beneficiary.name or ''
        if beneficiary.kind == 'organisation':
            return self.env._("To %(name)s, with our respect", name=name)
        if beneficiary.gender == 'male':
            return self.env._("Dear Mr %(name)s", name=name)
        if beneficiary.gender == 'female':
            return self.env._("Dear Ms %(name)s", name=name)
        return self.env._("Dear %(name)s", name=name)

    @api.model
    def _acceptance_text(self, request, decision):
        number, day = self._ltr(request.name), self._full_date(request.submitted_at)
        if decision.result == 'partial':
            return self.env._(
                "We are pleased to tell you that a part of your request no. %(number)s, submitted on %(day)s, was "
                "accepted, as follows:", number=number, day=day)
        return self.env._(
            "We are pleased to tell you that your request no. %(number)s, submitted on %(day)s, was accepted, as "
            "follows:", number=number, day=day)

    @api.model
    def _apology_text(self, request):
        return self.env._(
            "We thank you for turning to us, and we apologise that your request no. %(number)s could not be accepted, "
            "for the following reason:", number=self._ltr(request.name))

    @api.model
    def _objection_text(self, request):
        """The right to object, with its last day: counted from the reply, never ending on a day of rest."""
        return self.env._(
            "You have the right to object until %(day)s. It does not affect your right to submit another request.",
            day=self._full_date(request._objection_last_day()))

    # --- after an upheld objection ----------------------------------------------------------

    @api.model
    def _reply_dates(self, request):
        if not request.reopened_at:
            return super()._reply_dates(request)
        # the period of the first answer is over, and what counts is the limit of the review
        return (False, request._working_day(request._review_due()))

    @api.model
    def _slip_complete_text(self, request):
        if not request.reopened_at or request.state != 'committee':
            return super()._slip_complete_text(request)
        return self.env._(
            "Your objection was accepted: your request no. %(number)s is studied again by members of the committee who "
            "took no part in the first decision. You will receive the answer on %(latest)s at the latest. You need not "
            "come.", number=self._ltr(request.name), latest=self._full_date(self._reply_dates(request)[1]))

    # --- the dossier ------------------------------------------------------------------------

    @api.model
    def _dossier(self, decision):
        """The dossier of one agenda item: as it was frozen at the decision, or as the file is now."""
        # sudo: the form checked that the reader sees this file; the frozen one is shown through this paper only
        decision_sudo = decision.sudo()
        return (decision_sudo.snapshot or {}).get('dossier') or decision_sudo._dossier()

    @api.model
    def _shortened(self, text):
        """An explanation cut so that a dossier stays one sheet; the whole of it is on the screen."""
        text = (text or '').strip()
        return text if len(text) <= EXPLANATION_LENGTH else text[:EXPLANATION_LENGTH].rsplit(' ', 1)[0] + ' …'

    @api.model
    def _age_text(self, age):
        return counted.counted(age, 'year', self.env.lang or 'en_US') if age else ''

    @api.model
    def _household_text(self, members):
        """How many live in the household; names are not needed to decide."""
        if not members:
            return self.env._("No household members recorded.")
        text = counted.counted(len(members) + 1, 'person', self.env.lang or 'en_US')
        children = sum(isinstance(member['age'], int) and member['age'] < ADULT_AGE for member in members)
        if children:
            text = self.env._(
                "%(persons)s, of whom under 18: %(children)s", persons=text, children=children)
        contributing = sum(bool(member['contributing']) for member in members)
        if contributing:
            text = self.env._(
                "%(persons)s; contributing to the income: %(count)s", persons=text, count=contributing)
        return text

    @api.model
    def _papers_by_state(self, papers):
        """The papers as ``(state, names)``, a line for each state there is."""
        labels = dict(self.env['amlaj.request.document']._fields['state']._description_selection(self.env))
        states = {}
        for paper in papers:
            states.setdefault(paper['state'], []).append(paper['name'])
        return [(labels.get(state, state), self._joined(names)) for state, names in states.items()]

    @api.model
    def _help_title(self):
        months = counted.counted(
            self.env['amlaj.settings']._get('help_months'), 'month', self.env.lang or 'en_US', oblique=True)
        return self.env._("Help in the last %(period)s", period=months)

    @api.model
    def _result_text(self, decision):
        """A result in words, with what a deferral asks for."""
        # sudo: the form checked that its reader sees decisions
        decision_sudo = decision.sudo()
        text = self._label(decision_sudo, 'result')
        if decision_sudo.defer_to:
            return self.env._(
                "%(result)s: %(to)s", result=text, to=self._label(decision_sudo, 'defer_to'))
        return text

    # --- agenda and minutes -----------------------------------------------------------------

    @api.model
    def _attendance_lines(self, session):
        """The members with role and presence; as they were at the closing once the session is closed."""
        roles = dict(self.env['amlaj.committee.member']._fields['role']._description_selection(self.env))
        return [dict(line, role=roles.get(line['role'], '')) for line in session._attendance()]

    @api.model
    def _quorum_text(self, session):
        present = sum(1 for line in session._attendance() if line['present'] and line['is_voting'])
        if session.has_quorum:
            return self.env._(
                "Quorum: %(needed)s voting members; present: %(present)s. The quorum is reached.",
                needed=session.quorum, present=present)
        return self.env._(
            "Quorum: %(needed)s voting members; present: %(present)s. The quorum is not reached.",
            needed=session.quorum, present=present)

    @api.model
    def _session_items(self, session, with_rows=False):
        """The agenda in its order, each item as plain values: number, first name, service, votes, result.

        Who reads a session reads these; the file itself is not opened for it, so it may be closed to him by now.
        """
        if frozen := session._frozen().get('items'):
            lines = [{**line, 'due': fields.Date.to_date(line['due'] or None)} for line in frozen]
            return self._without_own(session, lines)
        lines = []
        for item_sudo in session._items().sudo():
            lines.append({
                'number': item_sudo.request_number,
                'first_name': item_sudo.first_name,
                'service': item_sudo.service_id.name,
                'kind': self._label(item_sudo, 'kind'),
                'due': item_sudo.request_id.reply_due,
                'flags': item_sudo.flag_text,
                'votes': self._votes_text(item_sudo),
                'result': self._result_text(item_sudo),
                'amount': item_sudo.amount,
                'quantity': item_sudo.quantity,
                'reason': self._joined([item_sudo.reason_id.name, item_sudo.note]),
            })
        return self._without_own(session, lines)

    @api.model
    def _without_own(self, session, lines):
        """The lines without what was decided on a file of the reader's own and is not replied yet: he learns it with the
        reply, as everybody."""
        items = session._items()
        own = {item.id for item in items._own_files() if not item.sudo().replied_at} if not self.env.su else set()
        hidden = {'votes': '', 'result': '', 'amount': 0, 'quantity': 0, 'reason': '', 'flags': ''}
        return [{**line, **hidden} if item.id in own else line for item, line in zip(items, lines, strict=True)]

    @api.model
    def _votes_text(self, item):
        if not item.vote_ids:
            return ''
        text = self.env._(
            "For %(for)s, against %(against)s, abstaining %(abstain)s",
            **{'for': item.votes_for, 'against': item.votes_against, 'abstain': item.votes_abstain})
        recorded = len(item.vote_ids.filtered(lambda vote: not vote.confirmed_at))
        if not recorded:
            return text
        return self._joined([text, self.env._("recorded and not confirmed by the member: %(count)s", count=recorded)])

    @api.model
    def _session_recusals(self, session):
        return [{
            'name': recusal_sudo.member_id.user_id.name,
            'number': recusal_sudo.decision_id.request_number,
            'why': recusal_sudo.reason,
        } for recusal_sudo in session._items().sudo().recusal_ids]

    @api.model
    def _session_confirmations(self, session):
        return [{
            'number': item_sudo.request_number,
            'amount': item_sudo.amount,
            'by': item_sudo.confirmed_by_id.name,
        } for item_sudo in session._items().sudo() if item_sudo.needs_confirmation]

    @api.model
    def _signature_rows(self, session):
        """Boxes for those present, three in a row, the last row filled up."""
        present = [line for line in self._attendance_lines(session) if line['present']]
        present += [None] * (-len(present) % SIGNATURES_IN_A_ROW)
        return [present[start:start + SIGNATURES_IN_A_ROW] for start in range(0, len(present), SIGNATURES_IN_A_ROW)]
