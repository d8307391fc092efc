from odoo import api, fields, models
from odoo.fields import Command

from ...models.committee.decision import PROPOSALS


class AmlajSessionDecide(models.TransientModel):
    """By circulation each member votes himself: there is no line to record a vote on."""
    _inherit = 'amlaj.session.decide'

    @api.model
    def _voters(self, items, session):
        voters = super()._voters(items, session)
        return voters if session.kind == 'meeting' else voters.browse()


class AmlajCaseListMake(models.TransientModel):
    """Put the requests of one service that wait on an agenda, as one list (R60). It ends in
    ``amlaj.committee.session.action_make_list``."""
    _name = 'amlaj.case.list.make'
    _description = "Make a list for an agenda"

    session_id = fields.Many2one('amlaj.committee.session', required=True, ondelete='cascade')
    service_ids = fields.Many2many('amlaj.service', compute='_compute_service_ids')
    service_id = fields.Many2one('amlaj.service', domain="[('id', 'in', service_ids)]")
    name = fields.Char(string="Name of the list")
    count = fields.Integer(string="Files", compute='_compute_count')

    def _waiting(self, session):
        """The requests that a list of this session may hold (superuser)."""
        session._check_actor('schedule')
        items = session._items().sudo().filtered(lambda item: not item.result and not item.list_id)
        return session._candidates() | items.request_id

    @api.depends('session_id')
    def _compute_service_ids(self):
        for wizard in self:
            wizard.service_ids = self._waiting(wizard.session_id).service_id.with_env(self.env)

    @api.depends('session_id', 'service_id')
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(self._waiting(wizard.session_id).filtered(
                lambda request, w=wizard: request.service_id.id == w.service_id.id))

    def action_confirm(self):
        """Make the list and open it."""
        self.ensure_one()
        made = self.session_id.action_make_list(self.service_id.id, self.name)
        return {'type': 'ir.actions.act_window', 'res_model': 'amlaj.case.list', 'view_mode': 'form', 'res_id': made.id}


class AmlajCaseListDecide(models.TransientModel):
    """One decision on all rows of a list, with the votes of those who did not vote themselves (R60). It ends in
    ``amlaj.case.list.action_decide``."""
    _name = 'amlaj.case.list.decide'
    _description = "Decide a list"

    list_id = fields.Many2one('amlaj.case.list', required=True, ondelete='cascade')
    service_kind = fields.Selection(related='list_id.service_kind')
    undecided_count = fields.Integer(related='list_id.undecided_count')
    result = fields.Selection(PROPOSALS, required=True, default='approved')
    amount = fields.Monetary(string="Amount for each file")
    currency_id = fields.Many2one('res.currency', related='list_id.currency_id')
    quantity = fields.Float(string="Quantity for each file")
    amount_total = fields.Monetary(string="Amount in total", compute='_compute_totals')
    quantity_total = fields.Float(string="Quantity in total", compute='_compute_totals')
    reason_id = fields.Many2one('amlaj.reason', domain=[('kind', '=', 'refusal')])
    defer_to = fields.Selection('_selection_defer_to', string="Deferred to")
    note = fields.Text()
    line_ids = fields.One2many('amlaj.case.list.decide.line', 'decide_id', string="Votes")

    def _selection_defer_to(self):
        return self.env['amlaj.decision']._fields['defer_to']._description_selection(self.env)

    @api.depends('amount', 'quantity', 'undecided_count')
    def _compute_totals(self):
        for wizard in self:
            wizard.amount_total = wizard.amount * wizard.undecided_count
            wizard.quantity_total = wizard.quantity * wizard.undecided_count

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        record = self.env['amlaj.case.list'].browse(values.get('list_id')).exists()
        if not record:
            return values
        record._check_actor('decide_list')
        rows_sudo = record._rows().filtered(lambda row: not row.result)
        values['result'] = rows_sudo[:1].proposed_result or 'approved'
        if 'line_ids' in fields and record.session_id.kind == 'meeting':
            votes = rows_sudo.vote_ids.filtered('is_own').grouped('member_id')
            values['line_ids'] = [
                Command.create(self._default_line(member, votes)) for member in record.session_id._voters().sudo()]
        return values

    @api.model
    def _default_line(self, member, votes):
        """A member's line: the one vote that he gave himself, or one to be recorded."""
        own = set(votes[member].mapped('vote')) if member in votes else set()
        return {'member_id': member.id, 'vote': own.pop() if len(own) == 1 else 'for', 'is_own': member in votes}

    def action_confirm(self):
        """Record the decision on every row.

        :raise UserError: with every reason why it does not hold
        """
        self.ensure_one()
        self.list_id.action_decide(
            self.result, [[line.member_id.id, line.vote] for line in self.line_ids if line.vote and not line.is_own],
            reason_id=self.reason_id.id, amount=self.amount, defer_to=self.defer_to, note=self.note,
            quantity=self.quantity)
        return {'type': 'ir.actions.act_window_close'}


class AmlajCaseListDecideLine(models.TransientModel):
    """One member's vote as it is recorded; his own vote is only shown."""
    _name = 'amlaj.case.list.decide.line'
    _description = "Vote to be recorded on a list"

    decide_id = fields.Many2one('amlaj.case.list.decide', required=True, ondelete='cascade')
    member_id = fields.Many2one('amlaj.committee.member', required=True, ondelete='cascade')
    vote = fields.Selection([('for', "For"), ('against', "Against"), ('abstain', "Abstains")])
    is_own = fields.Boolean(string="Given by himself")
