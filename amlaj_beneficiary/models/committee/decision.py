from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..registry.guarded import Actors, Blocker

FINAL = ('approved', 'partial', 'rejected')
GRANTED = ('approved', 'partial')
PROPOSALS = [
    ('approved', "Approved"),
    ('partial', "Partly approved"),
    ('rejected', "Rejected"),
    ('deferred', "Deferred"),
]
# who sees more of a decision than its result: not whoever delivers
READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in (
    'relations', 'researcher', 'committee', 'privacy_officer', 'auditor', 'manager'))
# who sees how it came about
VOTE_READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in ('committee', 'auditor', 'manager'))
# who sees the frozen file: members see a file only while its session lasts
FILE_READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in ('auditor', 'manager'))


class AmlajDecision(models.Model):
    """One file on an agenda, and what was decided on it; or a department's decision, without a session (R60, R61, A21).

    Written by the session's steps, and by a department's manager, alone. A final decision does not move its request:
    the reply does, so that nothing reaches the applicant before its day. Members of the committee read the decisions of
    their own committee, roles that follow requests read all, delivery officers and representatives the result of what
    was replied; portal users nothing.
    """
    _name = 'amlaj.decision'
    _description = "Decision"
    _inherit = ['amlaj.guarded']
    _order = 'session_id desc, sequence, id'
    _log_name = 'request_number'

    session_id = fields.Many2one(
        'amlaj.committee.session', index='btree_not_null', ondelete='cascade',
        help="Empty for a decision of a department.", copy=False)
    committee_id = fields.Many2one(related='session_id.committee_id', store=True, index='btree_not_null')
    sequence = fields.Integer(default=10, copy=False)
    request_id = fields.Many2one(
        'amlaj.request', required=True, index=True, ondelete='restrict', copy=False)
    request_number = fields.Char(string="Request number", related='request_id.name')
    first_name = fields.Char(string="First name", compute='_compute_first_name', compute_sudo=True)
    service_id = fields.Many2one(related='request_id.service_id', store=True, index='btree_not_null')
    kind = fields.Selection([
        ('first', "First time"),
        ('again', "Again"),
        ('objection', "Objection"),
    ], string="How it comes", required=True, default='first', copy=False)

    # the decision
    proposed_result = fields.Selection(
        PROPOSALS, string="Voted on", required=True, default='approved', groups=READERS, copy=False)
    result = fields.Selection([*PROPOSALS, ('withdrawn', "Withdrawn")], index=True, copy=False)
    defer_to = fields.Selection([
        ('completion', "The applicant, for what is missing"),
        ('research', "The social research"),
        ('session', "A next session"),
    ], string="Deferred to", groups=READERS, copy=False)
    reason_id = fields.Many2one(
        'amlaj.reason', ondelete='restrict', domain=[('kind', '=', 'refusal')], groups=READERS,
        copy=False)
    note = fields.Text(groups=READERS, copy=False)
    amount = fields.Monetary(copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    quantity = fields.Float(copy=False)
    decided_at = fields.Datetime(string="Decided on", copy=False)
    decided_by_id = fields.Many2one('res.users', string="Recorded by", groups=READERS, copy=False)
    needs_confirmation = fields.Boolean(string="Needs confirmation", copy=False)
    confirmed_by_id = fields.Many2one('res.users', string="Confirmed by", groups=READERS, copy=False)
    confirmed_at = fields.Datetime(string="Confirmed on", copy=False)
    replied_at = fields.Datetime(
        string="Replied on", help="From then on it is no secret to whoever serves the person.", copy=False)

    # how it came about
    vote_ids = fields.One2many('amlaj.vote', 'decision_id', string="Votes", groups=VOTE_READERS, copy=False)
    recusal_ids = fields.One2many('amlaj.recusal', 'decision_id', string="Recusals", groups=VOTE_READERS, copy=False)
    votes_for = fields.Integer(string="For", compute='_compute_votes', groups=VOTE_READERS)
    votes_against = fields.Integer(string="Against", compute='_compute_votes', groups=VOTE_READERS)
    votes_abstain = fields.Integer(string="Abstentions", compute='_compute_votes', groups=VOTE_READERS)
    eligible_count = fields.Integer(
        string="May vote", compute='_compute_eligible', groups=VOTE_READERS,
        help="Voting members who are present and not recused.")
    has_quorum = fields.Boolean(string="Quorum reached", compute='_compute_eligible', groups=VOTE_READERS)
    my_vote = fields.Selection(
        [('for', "For"), ('against', "Against"), ('abstain', "Abstains"), ('recused', "Stood back")],
        string="My vote", compute='_compute_my_vote')
    last_vote_at = fields.Datetime(groups=VOTE_READERS, copy=False)

    _one_open_item = models.UniqueIndex('(request_id) WHERE result IS NULL', "This request is on an agenda already.")

    _guarded_fields = frozenset({
        'session_id', 'sequence', 'request_id', 'kind', 'proposed_result', 'result', 'defer_to', 'reason_id', 'note',
        'amount', 'quantity', 'decided_at', 'decided_by_id', 'needs_confirmation', 'confirmed_by_id', 'confirmed_at',
        'replied_at', 'vote_ids', 'recusal_ids', 'last_vote_at', 'snapshot', 'snapshot_schema', 'snapshot_hash',
        'snapshot_pdf', 'snapshot_pdf_hash'})

    # ------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------

    def _compute_currency_id(self):
        # not env.ref, which asks the database for each amount that is written whether the currency still exists
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('request_id.name')
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = decision.sudo().request_id.name  # a number is all that is shown of the request

    @api.depends('request_id.beneficiary_id.name', 'request_id.beneficiary_id.first_name')
    def _compute_first_name(self):
        for decision in self:
            decision.first_name = decision.request_id._first_name()

    @api.depends('vote_ids.vote')
    def _compute_votes(self):
        for decision in self:
            votes = decision.vote_ids.mapped('vote')
            decision.votes_for = votes.count('for')
            decision.votes_against = votes.count('against')
            decision.votes_abstain = votes.count('abstain')

    @api.depends('session_id.present_ids', 'recusal_ids')
    def _compute_eligible(self):
        for decision in self:
            decision.eligible_count = len(decision._eligible())
            decision.has_quorum = decision.eligible_count >= decision.session_id.quorum

    @api.depends('vote_ids.vote', 'recusal_ids')
    @api.depends_context('uid')
    def _compute_my_vote(self):
        user = self.env.user
        for decision in self:
            decision_sudo = decision.sudo()  # the user's own vote, whatever he may read of the others
            mine = decision_sudo.vote_ids.filtered(lambda vote: vote.member_id.user_id == user)
            stood_back = any(recusal.member_id.user_id == user for recusal in decision_sudo.recusal_ids)
            decision.my_vote = 'recused' if stood_back else mine[:1].vote

    # ------------------------------------------------------------
    # The chair's confirmation
    # ------------------------------------------------------------

    def action_confirm(self):
        """Confirm, as the chair, a decision above the committee's amount or the service's ceiling.

        The reply waits for it. Where the chair is recused, or there is none, the deputy confirms; a department's
        decision is confirmed by a manager.
        """
        return self._do('confirm', self._stamp('confirmed'))

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _file(self):
        return self.request_id.beneficiary_id

    def _my_seats(self):
        """The current user's seats in the committees of these items."""
        return self.sudo().committee_id._current_members().filtered(lambda member: member.user_id == self.env.user)

    def _actors(self):
        # the other steps are the session's, which names the items
        return super()._actors() | {'confirm': Actors(frozenset({'committee', 'manager'}))}

    def _filtered_actor(self, action):
        decisions = super()._filtered_actor(action)
        if self.env.su:
            return decisions
        return decisions.filtered(lambda decision: decision._is_confirmer())

    def _own_files(self):
        """The items on files for which the current user holds a mandate."""
        held_sudo = self.env['amlaj.mandate']._files_held(self.sudo()._file(), self.env.user)
        return self.filtered(lambda decision: decision.sudo()._file() & held_sudo)

    def _check_strangers(self):
        """:raise AccessError: when the current user holds a mandate for one of the files."""
        if not self.env.su and self._own_files():
            raise AccessError(self.env._("Nobody works on a file of his own. Please ask a colleague."))

    def _is_confirmer(self):
        """Whether the current user is who confirms this decision."""
        decision_sudo = self.sudo()
        if not decision_sudo.session_id:
            return self.env.user.has_group('amlaj_beneficiary.group_manager')
        return self.env.user in decision_sudo._presiding().user_id

    def _presiding(self):
        """The member who confirms: the chair, or the deputy where he is recused or none is in office (superuser)."""
        self.ensure_one()
        recused = self.recusal_ids.member_id
        members = self.committee_id._current_members() - recused
        return members.filtered(lambda member: member.role == 'chair') \
            or members.filtered(lambda member: member.role == 'deputy')[:1]

    def _leading(self):
        """The member whose vote breaks a tie at the table: the chair, or the deputy where the chair is absent or stood back
        (superuser)."""
        voters = self._eligible()
        return voters.filtered(lambda member: member.role == 'chair') or voters.filtered(
            lambda member: member.role == 'deputy')[:1]

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        guard = {
            'decide': self._decide_blockers, 'propose': self._undecided_blockers, 'vote': self._vote_blockers,
            'recuse': self._recuse_blockers, 'confirm': self._confirm_blockers,
        }.get(action)
        if guard:
            # whoever asks: the actor is checked apart, and the reasons are the same for everyone
            for decision_id, mine in guard(self.sudo()).items():
                blockers[decision_id] += mine
        return blockers

    def _confirm_blockers(self, decisions_sudo):
        found = {}
        for decision in decisions_sudo:
            found[decision.id] = mine = []
            if decision.result not in GRANTED or not decision.needs_confirmation:
                mine.append(Blocker('state', self.env._("This decision needs no confirmation.")))
            elif decision.confirmed_at:
                mine.append(Blocker('state', self.env._("This decision is confirmed already.")))
            elif decision.replied_at:
                mine.append(Blocker('state', self.env._("This decision was replied already.")))
        return found
