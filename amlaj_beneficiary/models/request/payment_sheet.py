from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools.text import clean_line
from ..registry.guarded import Actors, Blocker

OPEN_SHEETS = ('draft', 'approved')
SENT_LINES = ('ready', 'paid', 'returned')


class AmlajPaymentSheet(models.Model):
    """A payment sheet: what goes to the bank in one file, approved by the financial supervisor and paid once (R64, R68).

    Delivery officers and managers prepare it from what is planned to bank accounts; the financial supervisor, who has
    not prepared it, approves and pays it. He sees numbers, holders, IBANs and amounts, and no case. A line whose IBAN is
    not what it was when the help was decided, or that may not be delivered, stops alone; the others go on.
    """
    _name = 'amlaj.payment.sheet'
    _description = "Payment sheet"
    _inherit = ['amlaj.guarded']
    _order = 'date desc, id desc'
    _log_name = 'name'

    name = fields.Char(string="Sheet number", readonly=True, copy=False, index=True)
    date = fields.Date(required=True, default=lambda self: self._today(), help="The day on which it is to be paid.")
    note = fields.Char()
    state = fields.Selection([
        ('draft', "In preparation"),
        ('approved', "Approved for payment"),
        ('paid', "Paid"),
        ('cancelled', "Sheet cancelled"),
    ], required=True, default='draft', copy=False, index=True)
    line_ids = fields.One2many('amlaj.payment.line', 'sheet_id', string="Payments", copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    total = fields.Monetary(compute='_compute_totals', help="Of the lines that are to be paid, or were.")
    ready_count = fields.Integer(string="To be paid", compute='_compute_totals')
    stopped_count = fields.Integer(string="Stopped", compute='_compute_totals')
    prepared_by_id = fields.Many2one('res.users', string="Prepared by", copy=False, default=lambda self: self.env.uid)
    approved_by_id = fields.Many2one('res.users', string="Approved by", copy=False)
    approved_at = fields.Datetime(string="Approved on", copy=False)
    paid_by_id = fields.Many2one('res.users', string="Paid by", copy=False)
    paid_at = fields.Datetime(string="Paid on", copy=False)
    bank_reference = fields.Char(string="Bank's reference", copy=False)
    cancel_reason = fields.Char(string="Cancelled because", copy=False)

    _number_unique = models.UniqueIndex('(name)', "This sheet number is taken.")

    _guarded_fields = frozenset({
        'name', 'state', 'line_ids', 'prepared_by_id', 'approved_by_id', 'approved_at', 'paid_by_id', 'paid_at',
        'bank_reference', 'cancel_reason'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('line_ids.state', 'line_ids.amount')
    def _compute_totals(self):
        sums = {(sheet, state): (amount, count) for sheet, state, amount, count in self.env['amlaj.payment.line']._read_group(
            [('sheet_id', 'in', self.ids)], ['sheet_id', 'state'], ['amount:sum', '__count'])}
        for sheet in self:
            counted = [sums.get((sheet._origin, state), (0, 0)) for state in SENT_LINES]
            sheet.total = sum(amount for amount, _count in counted)
            sheet.ready_count = counted[0][1]
            sheet.stopped_count = sums.get((sheet._origin, 'stopped'), (0, 0))[1]

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet in sheets.sudo():  # the number is the house's own
            sheet.name = self.env['ir.sequence'].next_by_code('amlaj.payment.sheet', sequence_date=sheet.date)
        return sheets

    def write(self, vals):
        if vals and not self.env.su and any(sheet.state != 'draft' for sheet in self):
            raise UserError(self.env._("An approved sheet stays as it is; it can be cancelled before it is paid."))
        return super().write(vals)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_gather(self, delivery_ids=None):
        """Put on the sheet what is planned to bank accounts up to its day, and is on no other open sheet.

        :param delivery_ids: ids of some of these deliveries; by default all
        :return: how many lines were added
        """
        self.ensure_one()
        self._do('gather')
        deliveries_sudo = self.env['amlaj.delivery'].sudo().search(self._gather_domain())
        if delivery_ids is not None:
            deliveries_sudo = deliveries_sudo.filtered(lambda delivery: delivery.id in set(delivery_ids))
        self.sudo().line_ids = [  # the step was checked; what the bank needs is copied, the case stays where it is
            Command.create(self.env['amlaj.payment.line']._line_vals(delivery)) for delivery in deliveries_sudo]
        self.line_ids._refresh()
        return len(deliveries_sudo)

    def _gather_domain(self):
        """The deliveries that can come on this sheet."""
        return Domain([
            ('state', '=', 'planned'), ('place', '=', 'bank'), ('amount', '>', 0), ('request_id.state', '=', 'delivery'),
            ('payment_line_ids', 'not any', [('state', 'in', ('ready', 'stopped'))])]) & (
            Domain('planned_on', '=', False) | Domain('planned_on', '<=', self.date))

    def action_recheck(self):
        """Look at every line of a sheet in preparation anew: what was in the way may have been settled."""
        self._do('recheck')
        self.line_ids._refresh()
        return True

    def action_approve(self):
        """Approve the sheet, as the financial supervisor; never the one who prepared it."""
        for sheet in self:
            sheet._check_actor('approve')
            sheet._lock()
            sheet.line_ids._refresh()
            sheet._do('approve', {'state': 'approved', **sheet._stamp('approved')})
        return True

    def action_pay(self, reference):
        """Record that the bank has paid the sheet: each line's delivery is recorded with it, once.

        :param reference: the bank's own number of the transfer
        :raise UserError: when nothing is left to pay, or no reference is given
        """
        self.ensure_one()
        reference = clean_line(self._given(reference))
        if not reference:
            raise UserError(self.env._("Please enter the bank's reference."))
        self._check_actor('pay')
        self._lock()
        self.line_ids._refresh(may_release=False)
        self._do('pay', {'state': 'paid', 'bank_reference': reference, **self._stamp('paid')})
        self.line_ids._pay()
        return True

    def action_cancel(self, reason):
        """Cancel a sheet that was not paid; its deliveries can come on another one.

        :param reason: why
        """
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        self._do('cancel', {'state': 'cancelled', 'cancel_reason': reason})
        self.sudo().line_ids.filtered(lambda line: line.state in ('ready', 'stopped')).state = 'dropped'
        return True

    def action_export(self):
        """Open the sheet as Excel."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'target': 'download', 'url': f'/amlaj/payment-sheet/{self.id}'}

    def _payments(self):
        """The lines that go, or went, to the bank."""
        return self.line_ids.filtered(lambda line: line.state in SENT_LINES).sorted('id')

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _file(self):
        return self.env['amlaj.beneficiary']  # a sheet is of many files: the blockers ask for each

    def _actors(self):
        preparers, finance = Actors(frozenset({'delivery', 'manager'})), Actors(frozenset({'finance'}))
        return super()._actors() | {
            'gather': preparers, 'recheck': preparers, 'approve': finance, 'pay': finance,
            'cancel': Actors(frozenset({'delivery', 'manager', 'finance'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        texts = {
            'gather': (('draft',), self.env._("Only a sheet in preparation takes payments.")),
            'recheck': (('draft',), self.env._("Only a sheet in preparation is checked anew.")),
            'approve': (('draft',), self.env._("The sheet was approved, paid or cancelled before.")),
            'pay': (('approved',), self.env._("Only an approved sheet is paid, and only once.")),
            'cancel': (OPEN_SHEETS, self.env._("Only a sheet that was not paid is cancelled.")),
        }
        for sheet in self.sudo() if action in texts else ():  # the actor is checked apart
            states, text = texts[action]
            if sheet.state not in states:
                blockers[sheet.id].append(Blocker('state', text))
            elif action in ('approve', 'pay'):
                blockers[sheet.id] += sheet._money_blockers(action)
        return blockers

    def _money_blockers(self, action):
        """What forbids approving or paying this sheet (superuser)."""
        found = []
        if not any(line.state == 'ready' for line in self.line_ids):
            found.append(Blocker('empty', self.env._("Nothing on this sheet can be paid.")))
        if action == 'approve' and self.prepared_by_id == self.env.user:
            found.append(Blocker('same', self.env._("You prepared this sheet: somebody else approves it.")))
        files = self.line_ids.filtered(lambda line: line.state == 'ready').delivery_id.beneficiary_id
        if self.env['amlaj.mandate']._files_held(files, self.env.user):
            found.append(Blocker('own', self.env._(
                "A payment on this sheet is for a file of your own: somebody else approves and pays it.")))
        return found
