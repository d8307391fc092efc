from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.text import clean_line
from ..registry.guarded import AddedFields, Blocker
from .decision import READERS


class AmlajRequest(models.Model):
    """What the committee's room adds to a request: its decisions, its reply, and what they forbid (R60-R64).

    Between decision and reply nothing that the applicant, or a portal user, can read changes: neither state, dates,
    messages nor what is missing.
    """
    _inherit = 'amlaj.request'

    decision_ids = fields.One2many('amlaj.decision', 'request_id', string="Decisions", copy=False, groups=READERS)
    decision_id = fields.Many2one(
        'amlaj.decision', string="Final decision", copy=False, index='btree_not_null', ondelete='restrict',
        groups=READERS)
    is_awaiting_reply = fields.Boolean(
        string="Decided, not replied", compute='_compute_is_awaiting_reply', search='_search_is_awaiting_reply',
        groups=READERS)
    is_on_agenda = fields.Boolean(string="On an agenda", compute='_compute_is_on_agenda', groups=READERS)
    decision_result = fields.Selection(
        [('approved', "Approved"), ('partial', "Partly approved"), ('rejected', "Rejected")], string="Result",
        compute='_compute_decision_result', compute_sudo=True, help="Shown once it was replied.")
    decision_amount = fields.Monetary(
        string="Amount granted", compute='_compute_decision_result', compute_sudo=True,
        help="Shown once it was replied.")
    replied_at = fields.Datetime(string="Replied on", copy=False)
    replied_by_id = fields.Many2one('res.users', string="Replied by", copy=False)
    reply_channel_id = fields.Many2one('amlaj.channel', string="Replied by channel", copy=False)
    reply_early_reason = fields.Char(string="Early reply because", copy=False, groups=READERS)
    reply_early_by_id = fields.Many2one('res.users', string="Early reply allowed by", copy=False, groups=READERS)
    reply_early_at = fields.Datetime(string="Early reply allowed on", copy=False, groups=READERS)
    reopened_at = fields.Datetime(
        string="Reopened on", copy=False, help="When an objection to the decision was upheld.")

    _awaiting_reply = models.Index('(reply_not_before) WHERE decision_id IS NOT NULL AND replied_at IS NULL')

    _guarded_fields = AddedFields(
        'decision_id', 'decision_ids', 'replied_at', 'replied_by_id', 'reply_channel_id', 'reply_early_reason',
        'reply_early_by_id', 'reply_early_at', 'reopened_at')

    @api.depends('decision_id', 'replied_at', 'state')
    def _compute_is_awaiting_reply(self):
        for request in self:
            request.is_awaiting_reply = bool(
                request.decision_id and not request.replied_at and request.state != 'cancelled')

    @api.depends('decision_ids.result')
    def _compute_is_on_agenda(self):
        on_agenda = self._decisions_sudo().filtered(lambda item: not item.result).request_id
        for request in self:
            request.is_on_agenda = request.sudo() in on_agenda

    def _search_is_awaiting_reply(self, operator, value):
        if operator != 'in':
            return NotImplemented
        waiting = Domain('decision_id', '!=', False) & Domain('replied_at', '=', False) & Domain(
            'state', '!=', 'cancelled')
        return waiting if True in value else ~waiting

    @api.depends('decision_id.result', 'decision_id.amount', 'replied_at')
    def _compute_decision_result(self):
        for request in self:
            told = request.decision_id if request.replied_at else request.decision_id.browse()
            request.decision_result = told.result
            request.decision_amount = told.amount

    # ------------------------------------------------------------
    # On and off the agenda
    # ------------------------------------------------------------

    def _first_name(self):
        """What an agenda and minutes call the applicant (superuser)."""
        self.ensure_one()
        file = self.beneficiary_id
        words = clean_line(file.name or '').split() or ['']
        return file.name if file.kind == 'organisation' else file.first_name or words[0]

    def _next_item_kind(self):
        """How this request comes to its next session (superuser)."""
        self.ensure_one()
        earlier = self.decision_ids.filtered(lambda item: item.result and item.result != 'withdrawn')
        if self.reopened_at:
            return 'objection'
        return 'again' if earlier else 'first'

    def _defer(self, defer_to, note):
        """Do what a deferral asks for, at once: it is no answer, and moves no date of the reply (superuser)."""
        if defer_to == 'completion':
            self.write({'state': 'incomplete', 'completion_reason': note})
            self._prepare_notice('incomplete')
        elif defer_to == 'research':
            self.write({'state': 'research'})

    def _do(self, action, vals=None):
        result = super()._do(action, vals)
        if action == 'cancel':
            # the applicant may not see agendas, but his withdrawal reaches them
            self.sudo().decision_ids.filtered(lambda item: not item.result)._withdraw()
        return result

    def _check_still_editable(self):
        result = super()._check_still_editable()
        if any(request.decision_id for request in self.sudo()):
            raise UserError(self.env._(
                "The request is with the committee or beyond: what was asked for stays as it is."))
        return result

    # ------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------

    def action_start_delivery(self):
        """Take an approved request into delivery; what was decided, and was not delivered yet, is planned where nothing
        is planned."""
        super().action_start_delivery()
        for request_sudo in self.sudo():  # the step was checked; a reopened request has only its old deliveries
            if any(delivery.state == 'planned' for delivery in request_sudo.delivery_ids):
                continue
            if remaining := request_sudo._remaining_delivery():
                request_sudo.delivery_ids = [fields.Command.create(remaining)]
        return True

    def _remaining_delivery(self):
        """The values of a delivery of what the decision granted, less what was delivered before it was reviewed; None
        where all of it was: nothing is given twice (superuser)."""
        self.ensure_one()
        vals = self._first_delivery()
        delivered = self.delivery_ids.filtered(lambda delivery: delivery.state == 'delivered')
        if not delivered:
            return vals
        quantity = (vals.get('quantity') or 1) - sum(delivered.mapped('quantity'))
        if not vals['amount']:
            return {**vals, 'quantity': quantity} if quantity > 0 else None
        amount = round(vals['amount'] - sum(delivered.mapped('amount')), 2)
        return {**vals, 'amount': amount, 'quantity': quantity if quantity > 0 else 1} if amount > 0 else None

    def _first_delivery(self):
        vals = super()._first_delivery()
        decision_sudo = self.sudo().decision_id  # the amount is no secret once it was replied
        if decision_sudo:
            vals = {**vals, 'amount': decision_sudo.amount, 'quantity': decision_sudo.quantity or 1}
        return vals

    def _decisions_sudo(self):
        """All decisions on these requests, for the house's own rules; searched, since rows read as the superuser
        through ``decision_ids`` would stay in the user's cache."""
        return self.env['amlaj.decision'].sudo().search([('request_id', 'in', self.ids)])

    def _deciders(self):
        """``{request id: users}`` who voted on each request, decided it as a department, or confirmed it."""
        users = {request.id: self.env['res.users'] for request in self}
        for decision_sudo in self._decisions_sudo():  # who decided is asked for every user alike
            users[decision_sudo.request_id.id] |= decision_sudo._took_part()
        return users

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action in ('raise', 'raise_exception', 'ask_completion', 'start_research'):
            on_agenda = self._decisions_sudo().filtered(lambda item: not item.result).request_id
            for request in self.sudo():  # the actor is checked apart
                if request.decision_id or request in on_agenda:
                    blockers[request.id].append(Blocker('decided', self.env._(
                        "Request %(number)s is on an agenda or decided already.", number=request.name)))
        if action == 'start_delivery':
            for request_id, users in self._deciders().items():
                if self.env.user in users:
                    blockers[request_id].append(Blocker('decider', self.env._(
                        "You took part in the decision: somebody else delivers.")))
        return blockers

    # ------------------------------------------------------------
    # What comes next
    # ------------------------------------------------------------

    @api.depends('decision_id', 'replied_at', 'decision_ids.result', 'decision_id.confirmed_at')
    @api.depends_context('uid')
    def _compute_next_step(self):
        return super()._compute_next_step()

    def _next_step(self):
        if not self._knows_decision():
            return super()._next_step()
        request_sudo = self.sudo()  # only for who may see decisions
        if request_sudo.is_awaiting_reply:
            decision = request_sudo.decision_id
            waits = decision.needs_confirmation and not decision.confirmed_at
            return self.env._("Confirm the decision") if waits else self.env._("Reply")
        if self.state == 'committee' and not self.is_on_agenda:
            return self.env._("Put on an agenda")
        return super()._next_step()

    def _next_date(self):
        if self._knows_decision() and self.sudo().is_awaiting_reply:
            return self.stage_due if self.reopened_at else self.reply_shown_on
        return super()._next_date()

    def _knows_decision(self):
        """Whether the current user may know that a request is decided before it is replied."""
        return self.env.su or self._has_field_access(self._fields['decision_id'], 'read')
