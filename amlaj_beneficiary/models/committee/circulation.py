from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Blocker
from .decision import VOTE_READERS


class AmlajCommitteeSession(models.Model):
    """A resolution by circulation: a session without a meeting, numbered in the same series (R60).

    Every voting member who did not stand back votes himself, on his own screen; nobody is present and nobody records a
    vote for another. Once all have voted it is decided by the same step as in a meeting. What not all have voted on when
    the time is over is not adopted, and goes to the next meeting.
    """
    _inherit = 'amlaj.committee.session'

    kind = fields.Selection([
        ('meeting', "Meeting"),
        ('circulation', "By circulation"),
    ], string="How it is held", required=True, default='meeting', copy=False)
    answer_by = fields.Date(
        string="Answers until", compute='_compute_answer_by', store=True, readonly=False, precompute=True, copy=False,
        help="What not every member has voted on by then is not adopted, and goes to the next meeting.")

    waiting_for = fields.Char(
        string="Not voted yet", compute='_compute_waiting_for', groups=VOTE_READERS,
        help="Who has not voted himself yet on every file from which he did not stand back.")

    @api.depends('kind', 'state', 'decision_ids.result', 'decision_ids.vote_ids', 'decision_ids.recusal_ids')
    def _compute_waiting_for(self):
        for session in self:
            missing = self.env['amlaj.committee.member'].sudo()
            if session.kind == 'circulation' and session.state == 'open':
                for item_sudo in session._items().sudo().filtered(lambda item: not item.result):
                    missing |= item_sudo._missing_voters()
            session.waiting_for = self.env['amlaj.paper']._joined(missing.user_id.mapped('name')) or False

    @api.depends('kind')
    def _compute_answer_by(self):
        days = self.env['amlaj.settings']._get('circulation_days')
        for session in self:
            if session.kind != 'circulation':
                session.answer_by = False
            elif not session.answer_by:
                session.answer_by = self._today() + timedelta(days=days)

    def write(self, vals):
        self.check_access('write')  # before anything is told of it
        if {'kind', 'answer_by'} & vals.keys() and any(session.state != 'planned' for session in self):
            raise UserError(self.env._("How a session is held, and until when, is settled before it is opened."))
        return super().write(vals)

    def action_open(self):
        """A circulation is published as it is opened: the members are told, and asked about relatives, before they vote."""
        for session in self.filtered(lambda session: session.kind == 'circulation' and not session.published_at):
            session._check_blockers('open')
            session.action_publish()
        return super().action_open()

    def _voters(self):
        circulated = self.filtered(lambda session: session.kind == 'circulation')
        voters = super(AmlajCommitteeSession, self - circulated)._voters()
        return voters | circulated.sudo().committee_id._current_members().filtered('is_voting').with_env(self.env)

    def _attendance(self):
        """By circulation nobody is present: the line says whether the member voted himself."""
        lines = super()._attendance()
        if self.kind != 'circulation' or self._frozen():
            return lines
        voted = self._items().sudo().vote_ids.filtered('is_own').member_id.ids
        return [{**line, 'present': line['member_id'] in voted} for line in lines]

    # ------------------------------------------------------------
    # The end
    # ------------------------------------------------------------

    @api.model
    def _cron_end_circulations(self):
        """Give to the next meeting what not all members voted on in time, and close what has nothing left to decide."""
        over = self.search([('kind', '=', 'circulation'), ('state', '=', 'open'), ('answer_by', '<', self._today())])
        for rank, session in enumerate(over, 1):
            if session.try_lock_for_update(allow_referencing=True):
                session._end_circulation()
            if not self.env['ir.cron']._commit_progress(1, remaining=len(over) - rank):
                break

    def _end_circulation(self):
        """See the cron; what all have voted on waits for its decision to be recorded (superuser)."""
        undecided = self._items().filtered(lambda item: not item.result)
        unanswered = undecided.filtered(lambda item: item._missing_voters())
        unanswered._defer_undecided()
        if unanswered == undecided:
            self.action_close()

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'open':
            items = self._items().sudo().grouped('session_id')
            for session in self.filtered(lambda session: session.kind == 'circulation'):
                mine = blockers[session.id]
                if not session.answer_by or session.answer_by < self._today():
                    mine.append(Blocker('answer_by', self.env._("Please say until when the members answer.")))
                if session.sudo() not in items:
                    mine.append(Blocker('empty', self.env._("There is nothing to be decided yet.")))
        return blockers


class AmlajDecision(models.Model):
    """Own votes of all, where it is decided by circulation (R60)."""
    _inherit = 'amlaj.decision'

    def _missing_voters(self):
        """Who has not voted himself yet on what is proposed (superuser)."""
        self.ensure_one()
        voted = self.vote_ids.filtered(lambda row: row.is_own and row._counts_as(self.proposed_result)).member_id
        return self._eligible().sudo() - voted

    def _record_votes(self, votes, result):
        if votes and any(item.session_id.kind == 'circulation' for item in self.sudo()):
            raise UserError(self.env._("By circulation each member votes himself: no vote is recorded for him."))
        return super()._record_votes(votes, result)

    def _prepare_decision(self, result, reason_id=None, amount=None, *args, **kwargs):
        vals = super()._prepare_decision(result, reason_id, amount, *args, **kwargs)
        for item in self.sudo() if vals['amount'] else ():  # the members voted on what they had before them
            if item.session_id.kind == 'circulation' and vals['amount'] > item.request_id.amount_requested:
                raise UserError(self.env._(
                    "Request %(number)s: by circulation the members voted on what was asked for: %(amount)s. More is decided "
                    "in a meeting.", number=item.request_id.name,
                    amount=self.env['amlaj.paper']._show_amount(item.request_id.amount_requested) or '0'))
        return vals

    def _decide_blockers(self, decisions_sudo):
        found = super()._decide_blockers(decisions_sudo)
        for decision in decisions_sudo.filtered(lambda item: item.session_id.kind == 'circulation'):
            if missing := decision._missing_voters():
                found[decision.id].append(Blocker('votes', self.env._(
                    "Request %(number)s: by circulation every member votes himself. Not yet: %(names)s.",
                    number=decision.request_id.name, names=self.env['amlaj.paper']._joined(missing.user_id.mapped('name')))))
        return found

    def _vote_blockers(self, decisions_sudo):
        found = super()._vote_blockers(decisions_sudo)
        for decision in decisions_sudo:
            session = decision.session_id
            if session.kind == 'circulation' and session.answer_by and session.answer_by < session._today():
                found[decision.id].append(Blocker('late', self.env._("The time to answer is over.")))
        return found

    def _defer_undecided(self):
        result = super()._defer_undecided()
        self.sudo().filtered(lambda item: item.session_id.kind == 'circulation').write({
            'note': self.env._("Not adopted by circulation.")})
        return result
