from odoo import api, fields, models
from odoo.fields import Command

from ...models.committee.decision import GRANTED, PROPOSALS

VOTE_CHOICES = [('for', "For"), ('against', "Against"), ('abstain', "Abstains")]


class AmlajSessionDecide(models.TransientModel):
    """The decision on one file, or one decision on several: the result, what it grants, and the votes of those who did
    not vote themselves (R60). It ends in ``amlaj.committee.session.action_decide``."""
    _name = 'amlaj.session.decide'
    _description = "Record a decision"

    session_id = fields.Many2one('amlaj.committee.session', required=True, ondelete='cascade')
    item_ids = fields.Many2many(
        'amlaj.decision', 'amlaj_session_decide_item_rel', 'decide_id', 'decision_id', string="Files",
        domain="[('session_id', '=', session_id), ('result', '=', False)]")
    services_shown = fields.Char(string="Service", compute='_compute_services_shown')
    service_kind = fields.Selection(related='item_ids.service_id.kind')
    result = fields.Selection(PROPOSALS, required=True, default='approved')
    is_as_asked = fields.Boolean(string="Each what it asked for", help="Otherwise all of them get the same amount.")
    asked_differs = fields.Boolean(compute='_compute_asked_differs')
    amount = fields.Monetary()
    currency_id = fields.Many2one('res.currency', default=lambda self: self.env.ref('base.SAR'))
    quantity = fields.Float()
    has_funds = fields.Boolean(compute='_compute_has_funds')
    fund_id = fields.Many2one('amlaj.fund')
    reason_id = fields.Many2one('amlaj.reason', domain=[('kind', '=', 'refusal')])
    defer_to = fields.Selection('_selection_defer_to', string="Deferred to")
    note = fields.Text()
    others_vote = fields.Selection(
        VOTE_CHOICES, string="The others said at the table",
        help="Recorded for each who did not vote himself, until he confirms it. Whoever said nothing has not voted.")
    line_ids = fields.One2many('amlaj.session.decide.line', 'decide_id', string="Votes")

    @api.onchange('others_vote')
    def _onchange_others_vote(self):
        if self.others_vote:
            self.line_ids.filtered(lambda line: not line.is_own).vote = self.others_vote

    def _selection_defer_to(self):
        return self.env['amlaj.decision']._fields['defer_to']._description_selection(self.env)

    @api.depends('item_ids')
    def _compute_services_shown(self):
        paper = self.env['amlaj.paper']
        for wizard in self:
            names = wizard.item_ids.service_id.mapped('name')
            wizard.services_shown = names and f"{paper._joined(names)} ({paper._files_text(len(wizard.item_ids))})"

    @api.depends('item_ids')
    def _compute_asked_differs(self):
        for wizard in self:
            # he leads the session of these files
            wizard.asked_differs = len(set(wizard.item_ids.sudo().request_id.mapped('amount_requested'))) > 1

    def _compute_has_funds(self):
        self.has_funds = bool(self.env['amlaj.fund'].search_count([], limit=1))

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        session = self.env['amlaj.committee.session'].browse(values.get('session_id')).exists()
        if not session:
            return values
        session._check_actor('decide')
        items = self._default_items(session, values.get('item_ids'))
        values['item_ids'] = [Command.set(items.ids)]
        # the service's own, where all are of one: he leads the session of these files
        if len(funds := items.sudo().service_id.fund_id) == 1:
            values['fund_id'] = funds.id
        asked = set(items.sudo().request_id.mapped('amount_requested'))
        is_cash = set(items.service_id.mapped('kind')) == {'cash'}
        values['is_as_asked'] = is_cash and len(asked) > 1 and all(asked)
        if len(asked) == 1:
            values['amount'] = asked.pop()
        if len(proposed := set(items.mapped('proposed_result'))) == 1:
            values['result'] = proposed.pop()
        if 'line_ids' in fields:
            values['line_ids'] = [
                Command.create(self._default_line(items, member, values.get('others_vote')))
                for member in self._voters(items, session)]
        return values

    @api.model
    def _default_items(self, session, commands):
        """The named items; else those undecided ones of the first service that can be decided alike."""
        # a file of the user's own is not shown to him, and its decision is not his to record
        own = session._items()._own_files()
        undecided = (session._items() - own).filtered(lambda item: not item.result)
        named = [
            item_id for command in commands or ()
            for item_id in ([command] if isinstance(command, int) else command[2] or [command[1]])]
        if named:
            return undecided.filtered(lambda item: item.id in named)
        groups = undecided.filtered(lambda item: item.service_id == undecided[:1].service_id).grouped(
            lambda item: item._how_it_stands())
        # what nobody stood back from and is proposed to be approved comes first, the larger group before the exceptions
        order = sorted(groups, key=lambda stands: (bool(stands.recused), stands.proposed != 'approved', -len(groups[stands])))
        return groups[order[0]] if order else undecided

    @api.model
    def _voters(self, items, session):
        voters = session.present_ids.filtered('is_voting')
        return voters - items.recusal_ids.member_id if items else voters

    @api.model
    def _default_line(self, items, member, others_vote=False):
        """A member's line: the vote he gave himself on all of these files, or one to be recorded: silence is no consent."""
        votes = items.vote_ids.filtered(lambda row: row.member_id == member and row.is_own)
        is_everywhere, cast = len(votes.decision_id) == len(items), set(votes.mapped('vote'))
        if is_everywhere and votes:
            # his votes differ: none of them is shown as if it were all
            return {'member_id': member.id, 'vote': cast.pop() if len(cast) == 1 else False, 'is_own': True}
        # where he has voted on some of them his vote counts there; this one is recorded for the others
        return {'member_id': member.id, 'vote': cast.pop() if len(cast) == 1 else False if cast else others_vote, 'is_own': False}

    def action_confirm(self):
        """Record the decision.

        :raise UserError: with every reason why it does not hold
        """
        self.ensure_one()
        votes = [[line.member_id.id, line.vote] for line in self.line_ids if line.vote and not line.is_own]
        for amount, request_ids in self._by_amount():
            self.session_id.action_decide(
                request_ids, self.result, votes, reason_id=self.reason_id.id, amount=amount, defer_to=self.defer_to,
                note=self.note, quantity=self.quantity, fund_id=self.fund_id.id)
        return {'type': 'ir.actions.act_window_close'}

    def _by_amount(self):
        """``(amount, request ids)``: all the same, or each what it asked for."""
        requests_sudo = self.item_ids.sudo().request_id  # the items are his agenda's own; the step checks each
        if not (self.is_as_asked and self.result in GRANTED):
            return [(self.amount, requests_sudo.ids)]
        return [(amount, rows.ids) for amount, rows in requests_sudo.grouped('amount_requested').items()]

    def action_confirm_next(self):
        """Record the decision and go on with what is undecided still, service by service."""
        done = self.action_confirm()
        session = self.session_id
        left = session._items() - session._items()._own_files()
        if not left.filtered(lambda item: not item.result):
            return done
        return {
            **self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_session_decide_action'),
            'context': {'default_session_id': session.id, 'default_others_vote': self.others_vote}}


class AmlajSessionDecideLine(models.TransientModel):
    """One member's vote as it is recorded; his own vote is only shown."""
    _name = 'amlaj.session.decide.line'
    _description = "Vote to be recorded"

    decide_id = fields.Many2one('amlaj.session.decide', required=True, ondelete='cascade')
    member_id = fields.Many2one('amlaj.committee.member', required=True, ondelete='cascade')
    vote = fields.Selection(VOTE_CHOICES)
    is_own = fields.Boolean(string="Given by himself")
