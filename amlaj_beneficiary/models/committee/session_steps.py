from odoo import fields, models
from odoo.exceptions import UserError

VOTES = ('for', 'against', 'abstain')


class AmlajCommitteeSession(models.Model):
    """The steps of a session: open, propose, vote, recuse, decide, close (R60, A21).

    Several files are decided in one step; each has its own decision, votes, reason and frozen dossier. A step that does
    not hold for one of them changes none.
    """
    _inherit = 'amlaj.committee.session'

    def action_open(self):
        """Open the session; whoever must not vote on a file is recused from it."""
        for session in self:
            # the minutes say the day on which it was held
            session._do('open', {'state': 'open', 'opened_at': fields.Datetime.now(), 'date': session._today()})
            session._items()._force_recusals()
        return True

    def action_close(self):
        """Close the session: what is undecided is deferred to a next session, and nothing changes any more."""
        for session in self:
            session._check_actor('close')
            session._lock()
            session._check_blockers('close')
            session = session.with_context(lang=session._house_lang())  # what is kept speaks the house's language
            session._items().filtered(lambda item: not item.sudo().result)._defer_undecided()
            session._do('close', {
                'state': 'closed', 'closed_at': fields.Datetime.now(),
                'closed_record': session._closed_record()})
        return True

    def _frozen(self):
        """What was kept at the closing; {} before. It holds every file's votes, so no field shows it: the papers do."""
        return self.sudo().closed_record or {}

    def _closed_record(self):
        """What is kept of a session at its closing."""
        return {'quorum': self.quorum, 'attendance': self._attendance()}

    def action_propose(self, request_ids, result):
        """Say which result the members vote on; without it they vote on the approval.

        :param result: ``approved``, ``partial``, ``rejected`` or ``deferred``
        """
        items = self._start('propose', request_ids)
        items._check_result(result)
        items.sudo().write({'proposed_result': result})  # the actor and the blockers were checked just above
        return True

    def action_vote(self, request_ids, vote):
        """Vote, as a member for himself, on what is proposed; until the decision he may vote otherwise.

        :param vote: ``for``, ``against`` or ``abstain``
        """
        self._check_vote_value(vote)
        items = self._start('vote', request_ids)
        items._touch()
        items._cast(self._my_members(), vote)
        return True

    def action_recuse(self, request_ids, reason, relation=None):
        """Stand back, as a member for himself, from files; a vote already given on them is taken out.

        :param reason: why
        :param relation: ``{'kind', 'degree'}`` to be remembered for later requests of the same files
        """
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        items = self._start('recuse', request_ids)
        items._touch()
        items._recuse(self._my_members(), 'own', reason)
        if relation:
            items._remember_relation(relation)
        return True

    def action_decide(self, request_ids, result, votes=None, reason_id=None, amount=None, defer_to=None, note=None,
                      quantity=None, fund_id=None):
        """Record the decision on files, as chair, deputy or secretary.

        :param result: ``approved``, ``partial``, ``rejected`` or ``deferred``
        :param votes: list of ``[member id, 'for' | 'against' | 'abstain']`` on this result, for those who did not vote
            themselves; each of them confirms his own
        :param reason_id: an ``amlaj.reason`` of refusal
        :param amount: what is granted to each file
        :param defer_to: ``completion`` (``note`` tells the applicant what is asked for), ``research`` or ``session``
        :param quantity: how many are granted to each file
        :param fund_id: an ``amlaj.fund`` from which it is granted; by default the service's
        :raise UserError: with every reason why it does not hold
        """
        items = self._start('decide', request_ids)
        vals = items._prepare_decision(result, reason_id, amount, defer_to, note, quantity, fund_id=fund_id)
        items._record_votes(votes or [], result)
        items._check_majority(result)
        items._settle(vals)
        return True

    # ------------------------------------------------------------
    # Means
    # ------------------------------------------------------------

    def _start(self, action, request_ids):
        """The items of a step after every check of who and when, their rows taken.

        :raise AccessError: when the step is not the user's
        :raise UserError: with every reason why it is not possible now
        """
        self.ensure_one()
        self._check_actor(action)
        self._check_blockers(action)
        items = self._items([] if request_ids is None else request_ids)  # a forgotten argument is not the whole agenda
        items._check_strangers()
        if action == 'decide':
            self._lock()
            items.sudo().request_id._lock()
            items._lock()
        if action in ('vote', 'decide'):
            items._force_recusals()  # a relation may have been declared, or a mandate given, since the opening
        items._check_blockers(action)
        return items

    def _check_vote_value(self, vote):
        if not isinstance(vote, str) or vote not in VOTES:
            raise UserError(self.env._("A vote is for, against, or an abstention."))

    def _given_votes(self, votes):
        """The recorded votes as ``[[member id, vote], ...]``.

        :raise UserError: for what is none
        """
        votes = votes or []
        if not isinstance(votes, list | tuple) or not all(isinstance(row, list | tuple) and len(row) == 2 for row in votes):
            raise UserError(self.env._("A recorded vote names no member, or one member twice."))
        for _member_id, vote in votes:
            self._check_vote_value(vote)
        return votes

    def _voters(self):
        """The members who vote in this session: those who are present."""
        return self.sudo().present_ids.filtered('is_voting').with_env(self.env)

    def _attendance(self):
        """Members with role and presence, for the minutes; as it was at the closing once the session is closed."""
        self.ensure_one()
        if frozen := self._frozen():
            return frozen['attendance']
        # whoever voted was there, also where he left before the end
        left_sudo = self.sudo().decision_ids.filtered('result').vote_ids.member_id - self.sudo().present_ids
        present_sudo = self.sudo().present_ids | left_sudo
        members_sudo = self.sudo().committee_id._current_members() | present_sudo
        return [{
            'member_id': member.id, 'name': member.user_id.name, 'role': member.role, 'is_voting': member.is_voting,
            'present': member in present_sudo, 'left': member in left_sudo,
        } for member in members_sudo]

    def _next_session(self):
        """The next planned session of the same committee, or none."""
        return self.sudo().search([
            ('committee_id', '=', self.committee_id.id), ('kind', '=', 'meeting'), ('state', '=', 'planned'),
            ('date', '>=', self.date), ('id', '!=', self.id)], order='date, id', limit=1)
