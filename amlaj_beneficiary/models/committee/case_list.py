from odoo import api, fields, models
from odoo.exceptions import UserError

from .decision import GRANTED
from .session import COMMITTEE

# which step of the session a step of the list is
STEPS = {'decide_list': 'decide', 'vote_list': 'vote', 'take_out': 'schedule'}


class AmlajCaseList(models.Model):
    """A list of requests of one service that a session decides as one case, such as the help of a season (R60).

    On the agenda it is one item of many rows. One vote and one decision cover all of them, by the session's own step, so
    that each row has its own decision, its own frozen file and its own reply. Whoever is an exception is taken out of the
    list before, and stays on the agenda by himself. The committee's leads make and decide lists; its members read them
    and vote on them in one step.
    """
    _name = 'amlaj.case.list'
    _description = "List decided as one case"
    _inherit = ['amlaj.guarded']
    _order = 'session_id desc, id'

    name = fields.Char(required=True, copy=False)
    session_id = fields.Many2one('amlaj.committee.session', required=True, index=True, ondelete='cascade', copy=False)
    committee_id = fields.Many2one(related='session_id.committee_id', store=True, index='btree_not_null')
    service_id = fields.Many2one('amlaj.service', required=True, ondelete='restrict', copy=False)
    service_kind = fields.Selection(related='service_id.kind')
    session_state = fields.Selection(related='session_id.state', string="State of the session")
    decision_ids = fields.One2many('amlaj.decision', 'list_id', string="Rows", copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    item_count = fields.Integer(string="Files", compute='_compute_totals')
    undecided_count = fields.Integer(string="Undecided", compute='_compute_totals')
    requested_total = fields.Monetary(string="Asked for, in total", compute='_compute_totals')
    amount_total = fields.Monetary(string="Granted, in total", compute='_compute_totals')
    quantity_total = fields.Float(string="Quantity, in total", compute='_compute_totals')

    may_vote = fields.Boolean(compute='_compute_my_votes')
    my_votes = fields.Integer(
        string="My votes", compute='_compute_my_votes', help="On how many rows the reader voted or stood back.")

    _guarded_fields = frozenset({'name', 'session_id', 'service_id', 'decision_ids'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('decision_ids.result', 'decision_ids.amount', 'decision_ids.quantity')
    def _compute_totals(self):
        by_list = self._rows().grouped('list_id')  # totals, whoever may not see one of the files
        for record in self:
            rows = by_list.get(record.sudo(), self.env['amlaj.decision'].sudo())
            granted = rows.filtered(lambda row: row.result in GRANTED)
            record.item_count = len(rows)
            record.undecided_count = len(rows.filtered(lambda row: not row.result))
            record.requested_total = sum(rows.request_id.mapped('amount_requested'))
            record.amount_total = sum(granted.mapped('amount'))
            record.quantity_total = sum(granted.mapped('quantity'))

    @api.depends('session_id.state', 'decision_ids.result', 'decision_ids.my_vote')
    @api.depends_context('uid')
    def _compute_my_votes(self):
        by_list = self._rows().grouped('list_id')
        permitted = self._filtered_actor('vote_list')
        for record in self:
            rows = by_list.get(record.sudo(), self.env['amlaj.decision'].sudo())
            mine = record.sudo().session_id._voters().filtered(lambda member: member.user_id == self.env.user)
            record.my_votes = len(rows.filtered(lambda row, m=mine: m in row.vote_ids.member_id | row.recusal_ids.member_id))
            record.may_vote = bool(mine) and record in permitted and record.session_id.state == 'open' and bool(
                rows.filtered(lambda row: not row.result))

    def _rows(self):
        """The rows that are still on the agenda (superuser; searched, as ``_items`` of the session)."""
        return self.env['amlaj.decision'].sudo().search([
            ('list_id', 'in', self.ids), ('result', 'not in', ['withdrawn'])])

    def _undecided(self):
        """The rows that wait for their decision (superuser).

        :raise UserError: when none waits
        """
        rows = self._rows().filtered(lambda row: not row.result)
        if not rows:
            raise UserError(self.env._("Nothing in this list waits for a decision."))
        return rows

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_decide(self, result, votes=None, reason_id=None, amount=None, defer_to=None, note=None, quantity=None):
        """Decide all rows that wait, in one step: see ``amlaj.committee.session.action_decide`` for what is given.

        A vote that is recorded for a member counts on the rows from which he did not stand back. What does not hold for
        one row changes none; such a row is taken out of the list first.
        """
        self.ensure_one()
        self._do('decide_list')
        rows_sudo = self._undecided()
        rows_sudo.with_env(self.env)._check_strangers()
        rows_sudo._force_recusals()
        by_recused = {}
        for row_sudo in rows_sudo:
            by_recused.setdefault(tuple(sorted(row_sudo.recusal_ids.member_id.ids)), []).append(row_sudo.request_id.id)
        for recused, request_ids in by_recused.items():
            cast = [vote for vote in self.session_id._given_votes(votes) if vote[0] not in recused]
            self.session_id.action_decide(
                request_ids, result, cast, reason_id=reason_id, amount=amount, defer_to=defer_to, note=note,
                quantity=quantity)
        return True

    def action_vote(self, vote):
        """Vote, as a member for himself, on all rows that wait and from which he did not stand back.

        :param vote: ``for``, ``against`` or ``abstain``
        """
        self.ensure_one()
        self._check_actor('vote_list')
        self._check_blockers('vote_list')  # the list itself is not taken: members vote at the same moment
        rows_sudo = self._undecided()
        rows_sudo._force_recusals()
        mine = rows_sudo.with_env(self.env)._my_seats()
        open_to_me = rows_sudo.filtered(lambda row: not row.recusal_ids.member_id & mine.sudo())
        if not open_to_me:
            raise UserError(self.env._("You stood back from all of these files."))
        return self.session_id.action_vote(open_to_me.request_id.ids, vote)

    def action_vote_for(self):
        """Vote for what is proposed on all rows, as a member for himself."""
        return self.action_vote('for')

    def action_vote_against(self):
        """Vote against what is proposed on all rows, as a member for himself."""
        return self.action_vote('against')

    def action_vote_abstain(self):
        """Abstain on all rows, as a member for himself."""
        return self.action_vote('abstain')

    def action_take_out(self, request_ids):
        """Take exceptions out of the list; they stay on the agenda by themselves.

        :param request_ids: ids of requests that are in the list and not decided yet
        """
        self.ensure_one()
        self._do('take_out')
        wanted = {request_ids} if isinstance(request_ids, int) else set(request_ids or ())
        rows_sudo = self._undecided().filtered(lambda row: row.request_id.id in wanted)
        if not wanted or len(rows_sudo) != len(wanted):
            raise UserError(self.env._("Please choose requests that are in the list and not decided yet."))
        rows_sudo.list_id = False
        self.sudo()._drop_empty()  # the step was checked above
        return True

    def _drop_empty(self):
        """A list of which every row was taken out is no item of an agenda any more (superuser)."""
        self.invalidate_recordset(['decision_ids'])
        self.filtered(lambda record: not record.decision_ids).unlink()

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def _file(self):
        return self.env['amlaj.beneficiary']  # a list is of many files: each row asks for its own

    def _actors(self):
        return super()._actors() | dict.fromkeys(STEPS, COMMITTEE)

    def _filtered_actor(self, action):
        lists = super()._filtered_actor(action)
        sessions = lists.sudo().session_id.with_env(self.env)._filtered_actor(STEPS[action])
        return lists.filtered(lambda record: record.sudo().session_id.with_env(self.env) in sessions)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action in STEPS:
            sessions = self.sudo().session_id.with_env(self.env)
            found = sessions._get_blockers(STEPS[action])
            for record in self:
                blockers[record.id] += found[record.sudo().session_id.id]
        return blockers
