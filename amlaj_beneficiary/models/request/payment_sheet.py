from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.amount import amount_words
from ..registry.guarded import MOST_ID, Actors, Blocker

OPEN_STATES = ('draft', 'approved')
FINANCE = 'amlaj_beneficiary.group_finance'
SENT = ('ready', 'paid', 'returned')  # states of the lines that the bank pays, or paid


class AmlajPaymentSheet(models.Model):
    """Transfers to bank accounts on one sheet: prepared from what is planned, approved by the financial supervisor,
    paid in one step with the bank's reference (R64).

    Delivery officers and managers prepare it; the financial supervisor approves and pays it, never one who prepared it.
    He sees no case: a number, an account's holder, an IBAN, an amount. No sheet says the kind of help or a reason.
    """
    _name = 'amlaj.payment.sheet'
    _description = "Payment sheet"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _log_name = 'name'

    name = fields.Char(string="Number", readonly=True, copy=False)
    date = fields.Date(string="Payment day", required=True, default=lambda self: self._today())
    state = fields.Selection([
        ('draft', "Draft"),
        ('approved', "Approved for payment"),
        ('paid', "Paid"),
        ('cancelled', "Cancelled"),
    ], required=True, default='draft', copy=False, index=True)
    line_ids = fields.One2many('amlaj.payment.line', 'sheet_id', string="Transfers", copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    total = fields.Monetary(compute='_compute_total', help="Without what is stopped.")
    total_words = fields.Char(string="Total in words", compute='_compute_total')
    sent_count = fields.Integer(string="Transfers to pay", compute='_compute_total')
    stopped_count = fields.Integer(string="Stopped", compute='_compute_total')
    left_out = fields.Text(
        string="Left out", compute='_compute_left_out',
        groups='amlaj_beneficiary.group_delivery,amlaj_beneficiary.group_manager',
        help="What is planned to a bank account and cannot come on a sheet yet, and why.")
    bank_reference = fields.Char(string="The bank's reference", copy=False)
    prepared_by_id = fields.Many2one('res.users', string="Prepared by", copy=False)
    prepared_at = fields.Datetime(string="Prepared on", copy=False)
    approved_by_id = fields.Many2one('res.users', string="Approved by", copy=False)
    approved_at = fields.Datetime(string="Approved on", copy=False)
    exported_by_id = fields.Many2one('res.users', string="Given to the bank by", copy=False)
    exported_at = fields.Datetime(string="Given to the bank on", copy=False, help="The first download of the bank's list.")
    paid_by_id = fields.Many2one('res.users', string="Paid by", copy=False)
    paid_at = fields.Datetime(string="Paid on", copy=False)
    cancelled_by_id = fields.Many2one('res.users', string="Cancelled by", copy=False)
    cancelled_at = fields.Datetime(string="Cancelled on", copy=False)
    cancel_reason = fields.Char(string="Cancelled because", copy=False)

    _name_unique = models.UniqueIndex('(name)', "This payment sheet exists.")

    _guarded_fields = frozenset({
        'name', 'state', 'line_ids', 'bank_reference', 'prepared_by_id', 'prepared_at', 'approved_by_id', 'approved_at',
        'exported_by_id', 'exported_at', 'paid_by_id', 'paid_at', 'cancelled_by_id', 'cancelled_at', 'cancel_reason'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('line_ids.amount', 'line_ids.state')
    @api.depends_context('lang')
    def _compute_total(self):
        for sheet in self:
            sent = sheet.line_ids.filtered(lambda line: line.state in SENT)
            sheet.total = sum(sent.mapped('amount'))
            sheet.total_words = amount_words(sheet.total, self.env.lang or 'en_US') if sent else ''
            sheet.sent_count = len(sent)
            sheet.stopped_count = len(sheet.line_ids) - len(sent)

    @api.depends('state', 'date', 'line_ids')
    def _compute_left_out(self):
        for sheet in self:
            sheet.left_out = sheet.state == 'draft' and "\n".join(
                f"{number}: {text}" for number, text in sheet._candidates()[1]) or False

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet_sudo in sheets.sudo():  # the number and the stamps of what was just made
            sheet_sudo.write({
                'name': self.env['ir.sequence'].sudo().next_by_code(
                    'amlaj.payment.sheet', sequence_date=self._today()), **self._stamp('prepared')})
        return sheets

    def write(self, vals):
        self.check_access('write')
        if not self.env.su and any(sheet.state != 'draft' for sheet in self):
            raise UserError(self.env._("Only a draft is changed: cancel this payment sheet and prepare another one."))
        return super().write(vals)

    def _file(self):
        # a sheet is of many people: who holds a mandate for one of them is stopped at that line alone
        return self.env['amlaj.beneficiary']

    # ------------------------------------------------------------
    # Preparing
    # ------------------------------------------------------------

    def action_fill(self):
        """Put on the sheet all that is planned to a bank account until its day and may be paid."""
        for sheet in self:
            sheet._do('prepare')
            sheet._add(sheet._candidates()[0])
        return True

    def action_add(self, delivery_ids):
        """Put planned deliveries on the sheet.

        :raise UserError: naming each that cannot be paid, and why
        """
        self.ensure_one()
        self._do('prepare')
        given = delivery_ids if isinstance(delivery_ids, list | tuple) else []
        ids = [given_id for given_id in given if type(given_id) is int and 0 < given_id < MOST_ID]
        deliveries = self.env['amlaj.delivery'].browse(dict.fromkeys(ids)).exists()
        if not deliveries:
            raise UserError(self.env._("Please choose what is to be paid."))
        deliveries.check_access('read')
        deliveries._lock()
        if here_sudo := deliveries._open_payment_lines().filtered(lambda line: line.sheet_id.id == self.id)[:1]:
            raise UserError(deliveries._message_on_sheet(here_sudo))
        if texts := [text for texts in deliveries._payment_problems(self).values() for text in texts.values()]:
            raise UserError("\n".join(dict.fromkeys(texts)))
        self._add(deliveries)
        return True

    def _add(self, deliveries):
        """Make the lines; an IBAN that is not the decision's comes as a stopped one (the step was checked)."""
        deliveries.sudo().request_id._lock()
        lines_sudo = self.env['amlaj.payment.line'].sudo().create([
            {'sheet_id': self.id, 'delivery_id': delivery_sudo.id, 'request_number': delivery_sudo.request_id.name,
             'amount': delivery_sudo.amount, **delivery_sudo.beneficiary_id._payment_account()}
            for delivery_sudo in deliveries.sudo()])
        lines_sudo.with_env(self.env)._check_again()
        self.invalidate_recordset(['line_ids', 'left_out'])

    def _candidates_domain(self):
        """Which planned deliveries come on this sheet; later rooms narrow it."""
        return [('place', '=', 'bank'), ('state', '=', 'planned'), ('request_id.state', '=', 'delivery'),
                '|', ('planned_on', '=', False), ('planned_on', '<=', self.date)]

    def _candidates(self):
        """What may come on the sheet, and ``(number, why not)`` of what is planned and may not."""
        deliveries = self.env['amlaj.delivery'].search(self._candidates_domain())
        on_sheets_sudo = self.env['amlaj.payment.line'].sudo().search([
            ('delivery_id', 'in', deliveries.ids), ('is_open', '=', True)]).delivery_id
        deliveries -= on_sheets_sudo.with_env(self.env)
        problems = deliveries._payment_problems(self)
        fit = deliveries.filtered(lambda delivery: not problems[delivery.id])
        return fit, [
            (delivery.sudo().request_id.name, "، ".join(problems[delivery.id].values())) for delivery in deliveries - fit]

    # ------------------------------------------------------------
    # Approving, paying, cancelling
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve the sheet, as the financial supervisor; what may no longer be paid is stopped."""
        for sheet in self:
            sheet._check_actor('approve')
            sheet._lock()
            sheet._check_blockers('approve')
            sheet._ready()._check_again()
            sheet._do('approve', {'state': 'approved', **sheet._stamp('approved')})
        return True

    def action_pay(self, reference):
        """Record that the bank paid the sheet: each transfer that nothing stops is delivered, all in one step.

        :param reference: the bank's own reference
        :raise UserError: also where it was paid a moment ago, so that two clicks pay once
        """
        reference = self._given(reference)
        if not reference:
            raise UserError(self.env._("Please enter the bank's reference."))
        for sheet in self:
            sheet._check_actor('pay')
            sheet._lock()
            sheet._check_blockers('pay')
            sheet.sudo().line_ids.delivery_id.request_id._lock()  # nobody else changes them until all are paid
            sheet._ready()._check_again()
            sheet._do('pay', {'state': 'paid', 'bank_reference': reference, **sheet._stamp('paid')})
            sheet._ready()._pay()
            lines_sudo = sheet.sudo().line_ids
            if 'paid' not in lines_sudo.mapped('state'):
                raise UserError("\n".join(dict.fromkeys(lines_sudo.mapped('stop_reason'))))
            sheet._close_lines()
        return True

    def action_cancel(self, reason):
        """Cancel a sheet that was not paid; what stood on it is free for another one."""
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        for sheet in self:
            sheet._do('cancel', {'state': 'cancelled', 'cancel_reason': reason, **sheet._stamp('cancelled')})
            sheet._close_lines(self.env._("The payment sheet was cancelled."))
        return True

    def action_check_again(self):
        """Ask again whether each transfer may be paid, also those that were stopped."""
        for sheet in self:
            sheet._do('check')
            sheet.sudo().line_ids.with_env(self.env)._check_again()
        return True

    def _ready(self):
        """The transfers that nothing stopped."""
        return self.sudo().line_ids.filtered(lambda line: line.state == 'ready').with_env(self.env)

    def _withdraw_approval(self):
        """Ask for the approval anew: something that was approved has changed (superuser)."""
        self.filtered(lambda sheet: sheet.state == 'approved').write(
            {'state': 'draft', 'approved_by_id': False, 'approved_at': False})

    def _note_export(self):
        """Keep when the bank's list was first taken: from then on the bank may pay whatever stood on it."""
        first_sudo = self.sudo().filtered(lambda sheet: sheet.state == 'approved' and not sheet.exported_at)
        first_sudo.write(self._stamp('exported'))  # the step was checked
        self.sudo().line_ids.filtered(lambda line: line.state == 'ready').was_ready = True

    def _close_lines(self, reason=None):
        """Free for another sheet what this one did not pay; it stays here as stopped (the step was checked).

        What stopped after the bank had its list stays closed to other sheets until the financial supervisor says what the
        bank did: else it might be paid twice.
        """
        was_given = not reason and self.exported_at
        for line_sudo in self.sudo().line_ids.filtered(lambda line: line.is_open and not (was_given and line.was_ready)):
            line_sudo.write({'is_open': False, **(
                {'state': 'stopped', 'stop_code': 'cancelled', 'stop_reason': reason} if reason else {})})

    def _second_person(self):
        """Who stands beside the payer: the approver, or who prepared it where the payer approved it."""
        users_sudo = self.sudo().approved_by_id | self.sudo().prepared_by_id
        return (users_sudo - self.env.user)[:1].name

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _actors(self):
        preparers = frozenset({'delivery', 'manager'})
        return super()._actors() | {
            'prepare': Actors(preparers),
            'approve': Actors(frozenset({'finance'})),
            'pay': Actors(frozenset({'finance'})),
            'cancel': Actors(preparers | {'finance'}),
            'check': Actors(preparers | {'finance'}),
            'export': Actors(frozenset({'finance', 'manager'})),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {'prepare': ('draft',), 'approve': ('draft',), 'pay': ('approved',), 'cancel': OPEN_STATES,
                  'check': OPEN_STATES, 'export': ('approved', 'paid')}
        if action not in states:
            return blockers
        for sheet in self.sudo():  # the actor is checked apart
            mine = blockers[sheet.id]
            if sheet.state not in states[action]:
                mine.append(Blocker('state', sheet._message_state()))
            elif action in ('approve', 'pay') and not sheet._ready():
                mine.append(Blocker('empty', self.env._(
                    "There is nothing to pay on payment sheet %(number)s.", number=sheet.name)))
            if action == 'approve' and self.env.user in sheet.prepared_by_id | sheet.line_ids.create_uid:
                mine.append(Blocker('preparer', self.env._(
                    "You prepared payment sheet %(number)s: somebody else approves it.", number=sheet.name)))
            if action == 'cancel' and sheet.state == 'approved' and not self._may_cancel_approved():
                mine.append(Blocker('approved', self.env._(
                    "This payment sheet is approved: a manager or the financial supervisor cancels it.")))
            if action == 'cancel' and sheet.exported_at and not self.env.user.has_group(FINANCE):
                mine.append(Blocker('exported', self.env._(
                    "The bank has this list: the financial supervisor, who knows what the bank did, cancels it.")))
        return blockers

    def _may_cancel_approved(self):
        return any(self.env.user.has_group(f'amlaj_beneficiary.group_{role}') for role in ('manager', 'finance'))

    def _message_state(self):
        label = dict(self._fields['state']._description_selection(self.env))[self.state]
        return self.env._("Payment sheet %(number)s: %(state)s.", number=self.name, state=label)
