from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.iban import show_iban
from ..registry.guarded import Actors, Blocker

# what a manager looks at before anything is paid to another account
ACCOUNT_CHANGED = ('account', 'decision')
# what forbids it to one colleague and to no other
PERSONAL = frozenset({'decider', 'own'})
CASE_READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in ('delivery', 'auditor', 'manager'))


class AmlajPaymentLine(models.Model):
    """One transfer of a payment sheet: number, holder, IBAN and amount as they were when it was put there (R64).

    Whatever must not be paid stops this line and no other: another account than the one that the committee saw, or than
    stands here, waits until a manager accepted it. A delivery stands on one open sheet at most.
    """
    _name = 'amlaj.payment.line'
    _description = "Transfer of a payment sheet"
    _inherit = ['amlaj.guarded']
    _order = 'sheet_id desc, id'
    _rec_name = 'request_number'
    _log_name = 'request_number'

    sheet_id = fields.Many2one('amlaj.payment.sheet', string="Payment sheet", required=True, index=True, ondelete='cascade')
    sheet_state = fields.Selection(related='sheet_id.state', string="State of the sheet")
    delivery_id = fields.Many2one(
        'amlaj.delivery', required=True, index=True, ondelete='restrict', copy=False,
        groups=CASE_READERS)
    request_number = fields.Char(string="Request number", required=True)
    holder = fields.Char(string="Account holder")
    iban = fields.Char(string="IBAN")
    iban_shown = fields.Char(string="Account (IBAN)", compute='_compute_iban_shown')
    new_iban_shown = fields.Char(
        string="IBAN in the file now", compute='_compute_new_iban_shown', compute_sudo=True, groups=CASE_READERS)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    state = fields.Selection([
        ('ready', "To pay"),
        ('paid', "Paid"),
        ('stopped', "Stopped"),
        ('returned', "Returned by the bank"),
    ], required=True, default='ready', index=True)
    is_open = fields.Boolean(default=True)
    was_ready = fields.Boolean(help="It stood on the list that the bank was given.")
    stop_code = fields.Char()
    stop_reason = fields.Text(string="Stopped because")
    accepted_by_id = fields.Many2one('res.users', string="New IBAN accepted by")
    accepted_at = fields.Datetime(string="New IBAN accepted on")
    accept_reason = fields.Char(string="New IBAN accepted because")
    returned_by_id = fields.Many2one('res.users', string="Return recorded by")
    returned_at = fields.Datetime(string="Returned on")
    return_reason = fields.Text(string="Returned because")

    _one_open = models.UniqueIndex('(delivery_id) WHERE is_open', "This delivery is on another payment sheet.")
    _amount_positive = models.Constraint('CHECK(amount > 0)', "An amount to pay is more than zero.")

    _guarded_fields = frozenset({
        'sheet_id', 'delivery_id', 'request_number', 'holder', 'iban', 'amount', 'state', 'is_open', 'was_ready', 'stop_code',
        'stop_reason', 'accepted_by_id', 'accepted_at', 'accept_reason', 'returned_by_id', 'returned_at',
        'return_reason'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('iban')
    def _compute_iban_shown(self):
        for line in self:
            line.iban_shown = show_iban(line.iban) if line.iban else ''

    @api.depends('delivery_id.beneficiary_id.iban')
    def _compute_new_iban_shown(self):
        for line in self:
            now = line.delivery_id.beneficiary_id.iban
            line.new_iban_shown = show_iban(now) if now else ''

    def _file(self):
        return self.delivery_id.beneficiary_id

    def _lock(self):
        self.sudo().sheet_id._lock()
        self.sudo().delivery_id.request_id._lock()
        return super()._lock()

    # ------------------------------------------------------------
    # Whether it may be paid
    # ------------------------------------------------------------

    def _check_again(self, ignored=frozenset()):
        """Stop what may not be paid now, and let go what was stopped and may (the step was checked).

        :param ignored: codes of problems that do not count now
        """
        house = self.with_context(lang=self._house_lang())  # why it stopped is kept, for whoever reads it
        lines_sudo = house.sudo().filtered(lambda line: line.is_open and line.state in ('ready', 'stopped'))
        problems = lines_sudo.delivery_id.with_env(house.env)._payment_problems(lines_sudo.sheet_id[:1])
        for line_sudo in lines_sudo:
            found = line_sudo._account_problems() | line_sudo._amount_problems() | {
                code: text for code, text in problems[line_sudo.delivery_id.id].items() if code not in ignored}
            code = next(iter(found), False)
            vals = {'state': 'stopped' if code else 'ready', 'stop_code': code, 'stop_reason': found.get(code, False)}
            if any(line_sudo[name] != value for name, value in vals.items()):
                line_sudo.write(vals)

    def _account_problems(self):
        """``{code: text}``: how the account differs from the one on this line (superuser); later rooms add to it."""
        if self._account() == self.delivery_id.beneficiary_id._payment_account():
            return {}
        return {'account': self.env._(
            "The account in the file is not the one on this sheet any more: a manager accepts the new one first.")}

    def _amount_problems(self):
        if self.amount == self.delivery_id.amount:
            return {}
        return {'changed': self.env._("The amount of the delivery is not the one on this sheet any more.")}

    def _account(self):
        return {'iban': self.iban, 'holder': self.holder}

    def _stop(self, code, reason):
        """Stop these lines, from outside the sheet (superuser)."""
        self.filtered(lambda line: line.state == 'ready').write(
            {'state': 'stopped', 'stop_code': code, 'stop_reason': reason})

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_accept_iban(self, reason):
        """Accept, as a manager, that these transfers go to the account that stands in the file now.

        :param reason: what was found out, and how
        """
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        for line in self:
            line._do('accept_iban', {'accept_reason': reason, **line._stamp('accepted')})
            line_sudo = line.sudo()  # the actor and the blockers were asked just above
            line_sudo.write(line_sudo.delivery_id.beneficiary_id._payment_account())
            line_sudo._account_accepted()
            line_sudo.sheet_id._withdraw_approval()  # it was given to the other account
            line._record_access('accept', 'iban')
            line._check_again()
        return True

    def _account_accepted(self):
        """What else an accepted account means (superuser); later rooms add to it."""

    def action_remove(self):
        """Take transfers off a draft."""
        self._do('remove')
        self.sudo().unlink()  # the actor and the state were checked just above
        return True

    def action_return(self, reason, planned_on=None):
        """Record that the bank returned the transfer: what was delivered is planned again, and its owner is told.

        :param reason: as the bank gave it
        :param planned_on: the new day, where there is one
        """
        reason, planned_on = self._given(reason), self._given_day(planned_on)
        if not reason:
            raise UserError(self.env._("Please say why the bank returned it."))
        for line in self:
            line._do('return', {'state': 'returned', 'return_reason': reason, **line._stamp('returned')})
            line.sudo().delivery_id._transfer_returned(reason, planned_on)
        return True

    def _pay(self):
        """Deliver each of these transfers by the delivery's own step (the sheet's step was checked)."""
        for line in self:
            line_sudo = line.sudo()  # the financial supervisor sees no delivery; who he is, the step still asks
            try:
                with self.env.cr.savepoint():
                    line_sudo.write({'state': 'paid', 'is_open': False})
                    line_sudo.delivery_id.action_deliver(
                        method='transfer', second_name=line_sudo.sheet_id.with_env(self.env)._second_person())
            except UserError as error:
                line_sudo.write({'state': 'stopped', 'stop_code': 'deliver', 'stop_reason': str(error)})

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {
            'accept_iban': Actors(frozenset({'manager'})),
            'remove': Actors(frozenset({'delivery', 'manager'})),
            'return': Actors(frozenset({'finance'})),
            'bank_answer': Actors(frozenset({'finance'})),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        guard = {'accept_iban': self._accept_blockers, 'remove': self._remove_blockers,
                 'return': self._return_blockers, 'bank_answer': self._bank_blockers}.get(action)
        for line in self.sudo() if guard else ():  # the actor is checked apart
            blockers[line.id] += guard(line)
        return blockers

    def _accept_blockers(self, line):
        if line.state != 'stopped' or line.stop_code not in ACCOUNT_CHANGED or not line.is_open:
            return [Blocker('state', self.env._("No new account waits here to be accepted."))]
        file = line.delivery_id.beneficiary_id
        lacks = [Blocker(code, text) for code, text in file._account_lacks().items()]
        if file.iban_changed_by_id == self.env.user:
            lacks.append(Blocker('second_person', self.env._(
                "You entered this account yourself: another manager accepts it.")))
        return lacks

    def action_bank_paid(self):
        """Record, as the financial supervisor, that the bank did pay what stopped after the bank had its list."""
        self._do('bank_answer')
        self._pay()
        if stopped_sudo := self.sudo().filtered(lambda line: line.state == 'stopped'):  # the step was checked
            raise UserError("\n".join(dict.fromkeys(stopped_sudo.mapped('stop_reason'))))
        return True

    def action_bank_unpaid(self):
        """Record, as the financial supervisor, that the bank did not pay it: it may come on another sheet."""
        return self._do('bank_answer', {'is_open': False})

    def _bank_blockers(self, line):
        if line.sheet_id.state != 'paid' or line.state != 'stopped' or not line.is_open:
            return [Blocker('state', self.env._("No answer of the bank is waited for here."))]
        return []

    def _remove_blockers(self, line):
        if line.sheet_id.state != 'draft':
            return [Blocker('state', line.sheet_id._message_state())]
        return []

    def _return_blockers(self, line):
        if line.state != 'paid':
            return [Blocker('state', self.env._("Only what was paid can be returned by the bank."))]
        return []
