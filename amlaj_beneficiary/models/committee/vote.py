from odoo import api, fields, models

from ..registry.guarded import Actors, Blocker
from .decision import PROPOSALS

OPPOSITE = {'for': 'against', 'against': 'for', 'abstain': 'abstain'}


class AmlajVote(models.Model):
    """A member's vote on one file: his own, or recorded by the secretary until he confirms it himself (R60).

    Written by the session's steps alone. Members of the committee, auditors and managers read the votes.
    """
    _name = 'amlaj.vote'
    _description = "Vote"
    _inherit = ['amlaj.guarded']
    _order = 'decision_id, id'
    _rec_name = 'member_id'

    decision_id = fields.Many2one('amlaj.decision', required=True, index=True, ondelete='cascade', copy=False)
    member_id = fields.Many2one('amlaj.committee.member', required=True, index=True, ondelete='restrict', copy=False)
    vote = fields.Selection(
        [('for', "For"), ('against', "Against"), ('abstain', "Abstains")], required=True, copy=False)
    question = fields.Selection(
        PROPOSALS, string="On", required=True, help="The result that was voted on.", copy=False)
    cast_by_id = fields.Many2one('res.users', string="Recorded by", required=True, copy=False)
    confirmed_at = fields.Datetime(
        string="Confirmed on", help="When the member gave or confirmed it himself.", copy=False)
    is_own = fields.Boolean(string="Given by himself", compute='_compute_is_own', compute_sudo=True)

    _once = models.UniqueIndex('(decision_id, member_id)', "This member has voted on this file already.")

    _guarded_fields = frozenset({'decision_id', 'member_id', 'vote', 'question', 'cast_by_id', 'confirmed_at'})

    @api.depends('cast_by_id', 'member_id.user_id')
    def _compute_is_own(self):
        for vote in self:
            vote.is_own = vote.cast_by_id == vote.member_id.user_id

    def action_confirm(self):
        """Confirm, as the member himself, the vote that was recorded for him."""
        return self._do('confirm_vote', {'confirmed_at': fields.Datetime.now()})

    def _file(self):
        return self.decision_id.request_id.beneficiary_id

    def _actors(self):
        return super()._actors() | {'confirm_vote': Actors(frozenset({'committee'}))}

    def _filtered_actor(self, action):
        votes = super()._filtered_actor(action)
        if self.env.su:
            return votes
        return votes.filtered(lambda vote: vote.sudo().member_id.user_id == self.env.user)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'confirm_vote':
            for vote in self:
                if vote.confirmed_at:
                    blockers[vote.id].append(Blocker('state', self.env._("This vote is confirmed already.")))
        return blockers

    def _counts_as(self, result):
        """What this vote says on ``result``: a vote on the approval says the opposite on the refusal, and nothing on
        anything else."""
        self.ensure_one()
        if self.question == result:
            return self.vote
        return OPPOSITE[self.vote] if {self.question, result} == {'approved', 'rejected'} else False
