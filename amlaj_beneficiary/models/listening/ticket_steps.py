from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker
from .ticket import OPEN_STATES

LONGEST = 4000
LONGEST_NOTE = 200
# which of them may handle which kind, see _may_be_handled_by
RECEIVERS = frozenset({'relations', 'representative', 'quality', 'manager', 'board'})


class AmlajTicket(models.Model):
    """The steps: take, answer, uphold or dismiss, close (R14, A20). What is late is answered late, and never closes by
    itself."""
    _inherit = 'amlaj.ticket'

    review_hint = fields.Char(
        string="Who can review it", compute='_compute_review_hint', groups='amlaj_beneficiary.group_manager')

    def _compute_review_hint(self):
        for ticket in self:
            waits = ticket.kind == 'objection' and ticket.state in OPEN_STATES
            ticket.review_hint = waits and ticket.sudo()._review_problem()  # who sits where, for who decides on it

    def _review_problem(self):
        """Why the committee of the decision cannot decide anew as it is; False where it can (superuser)."""
        committee = self.decision_id.committee_id
        voters = committee._current_members().filtered('is_voting')
        left = len(voters.filtered(lambda member: member.user_id not in self.decision_id._took_part()))
        if not committee or left >= committee._quorum():
            return False
        return self.env._(
            "Of the committee's voting members %(left)s took no part in this decision; %(needed)s are needed. Please name "
            "further members, or let another committee study it.", left=left, needed=committee._quorum())

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_take(self):
        """Take it in hand as its owner."""
        return self._do('take', {'state': 'open', 'user_id': self.env.uid})

    def action_answer(self, text):
        """Answer what needs no decision; an objection is upheld or dismissed.

        :param text: the answer, in words for the person
        """
        self._check_actor('answer')
        vals = self._answered(text)
        for ticket in self:
            ticket._do('answer', vals)
            ticket.sudo()._after_answer()  # the step was checked
        return True

    def action_uphold(self, text):
        """Uphold an objection: its request goes back to the committee, without those who took part in the decision.

        :param text: why, in words for the applicant
        :raise UserError: for who took part in the decision himself, and where the request can no longer be reopened
        """
        self._check_actor('uphold')
        vals = self._answered(text, 'upheld')
        for ticket in self:
            ticket._do('uphold', vals)
            ticket.sudo()._count_answer()  # the step was checked
            request_sudo = ticket.sudo().request_id  # the step was checked: who upholds reopens
            request_sudo.action_reopen(ticket.id)
            request_sudo._prepare_notice('update')
        return True

    def action_dismiss(self, text):
        """Dismiss an objection: the decision stands, and the applicant is told that there is news and reads why.

        :param text: why, in words for the applicant
        :raise UserError: for who took part in the decision himself
        """
        self._check_actor('dismiss')
        self._do('dismiss', self._answered(text, 'dismissed'))
        self.sudo()._count_answer()  # the step was checked
        self.sudo().request_id._prepare_notice('update')  # the step was checked
        return True

    def action_close(self, note=None):
        """Close what was answered, once the person was told.

        :param note: a closing note for colleagues
        """
        note = self._given(note)[:LONGEST_NOTE]
        return self._do('close', {'state': 'closed', 'closing_note': note or False, **self._stamp('closed')})

    def _count_answer(self):
        """Note how long the first answer took, and whether it or a later one was late (superuser)."""
        today = self._today()
        for ticket in self:
            is_late = ticket.was_late or bool(ticket.due_date and today > ticket.due_date)
            ticket.write({
                'was_late': is_late, 'late_count': int(is_late),
                'answer_days': ticket.answer_days or (today - ticket.received_on).days})

    def _answered(self, text, outcome=False):
        """What an answer writes.

        :raise UserError: without words, or with too many
        """
        return {'state': 'answered', 'answer': self._checked_text(text), 'outcome': outcome, **self._stamp('answered')}

    def _checked_text(self, text):
        text = self._given(text)
        if not text:
            raise UserError(self.env._("Please write the answer, in words for the person."))
        if len(text) > LONGEST:
            raise UserError(self.env._("This text is too long: %(most)s characters at most.", most=LONGEST))
        return text

    def _withdraw(self):
        """Close what nobody answered yet: its request was cancelled (superuser)."""
        self.filtered(lambda ticket: ticket.state in OPEN_STATES).write({
            'state': 'closed', 'outcome': 'withdrawn', **self._stamp('closed')})

    def _lock(self):
        self.sudo().request_id._lock()  # always the request first, whoever reads it
        return super()._lock()

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        decider = Actors(frozenset({'manager', 'board'}))
        return super()._actors() | {
            'take': Actors(RECEIVERS), 'answer': Actors(RECEIVERS), 'uphold': decider, 'dismiss': decider,
            'close': Actors(RECEIVERS)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        tickets_sudo = self.sudo()  # the actor is checked apart
        if action in ('uphold', 'dismiss'):
            requests_sudo = tickets_sudo.request_id
            deciders, reopen = requests_sudo._deciders(), requests_sudo._get_blockers('reopen')
        for ticket in tickets_sudo:
            mine = blockers[ticket.id]
            if action in ('take', 'answer', 'uphold', 'dismiss') and ticket.state not in OPEN_STATES:
                mine.append(Blocker('state', self.env._("%(number)s is answered already.", number=ticket.name)))
            elif action == 'take' and ticket.user_id == self.env.user:
                mine.append(Blocker('state', self.env._("%(number)s is in your hands already.", number=ticket.name)))
            elif action == 'answer' and ticket.kind == 'objection':
                mine.append(Blocker('state', self.env._("An objection is upheld or dismissed, with the reason.")))
            elif action in ('uphold', 'dismiss'):
                mine += ticket._decide_blockers(deciders, reopen if action == 'uphold' else {})
            elif action == 'close' and ticket.state != 'answered':
                mine.append(Blocker('state', self.env._("%(number)s waits for its answer.", number=ticket.name)))
        return blockers

    def _decide_blockers(self, deciders, reopen):
        if self.kind != 'objection':
            return [Blocker('state', self.env._("Only an objection is upheld or dismissed."))]
        found = []
        if self.env.user in deciders[self.request_id.id]:
            found.append(Blocker('decider', self.env._(
                "You took part in the decision: another manager decides on the objection.")))
        Relation = self.env['amlaj.relation']
        if Relation.search_count(
                Relation._recusing_domain() & Domain('user_id', '=', self.env.uid)
                & Domain('beneficiary_id', '=', self.beneficiary_id.id), limit=1):
            found.append(Blocker('relation', self.env._(
                "You declared a relation to this beneficiary: another manager decides on the objection.")))
        # without their codes: an objection stays open, and its buttons visible, whatever became of the request
        return found + [Blocker('request', blocker.text) for blocker in reopen.get(self.request_id.id, ())]
