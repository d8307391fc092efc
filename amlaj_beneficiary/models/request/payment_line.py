from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.errors import BadInput
from ...tools.iban import clean_iban, show_iban
from ..registry.guarded import Actors, Blocker

OPEN_LINES = ('ready', 'stopped')


class AmlajPaymentLine(models.Model):
    """One transfer of a payment sheet: number, holder, IBAN and amount as they were when it came on the sheet.

    It is ready or stopped with its reason; then paid, returned by the bank, or dropped with a sheet that went on without
    it. Written by the sheet's steps alone.
    """
    _name = 'amlaj.payment.line'
    _description = "Payment"
    _inherit = ['amlaj.guarded']
    _order = 'sheet_id desc, id'
    _rec_name = 'request_number'
    _log_name = 'request_number'

    sheet_id = fields.Many2one('amlaj.payment.sheet', required=True, index=True, ondelete='cascade', copy=False)
    sheet_state = fields.Selection(related='sheet_id.state')
    delivery_id = fields.Many2one(
        'amlaj.delivery', required=True, index=True, ondelete='restrict', copy=False,
        groups='amlaj_beneficiary.group_delivery,amlaj_beneficiary.group_auditor,amlaj_beneficiary.group_manager')
    request_number = fields.Char(string="Request number", required=True, copy=False)
    holder = fields.Char(string="Account holder", copy=False)
    iban = fields.Char(string="IBAN", copy=False)
    iban_shown = fields.Char(string="IBAN in groups", compute='_compute_iban_shown')
    amount = fields.Monetary(required=True, copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    state = fields.Selection([
        ('ready', "To be paid"),
        ('stopped', "Stopped"),
        ('paid', "Paid"),
        ('returned', "Returned by the bank"),
        ('dropped', "Left for another sheet"),
    ], required=True, default='ready', copy=False, index=True)
    reason = fields.Char(string="Stopped or returned because", copy=False)
    iban_differs = fields.Boolean(copy=False, help="The IBAN is another one than at the decision.")

    _one_open = models.UniqueIndex(
        "(delivery_id) WHERE state IN ('ready', 'stopped')", "This delivery is on an open sheet already.")
    _amount_positive = models.Constraint('CHECK(amount > 0)', "A payment is more than zero.")

    _guarded_fields = frozenset({
        'sheet_id', 'delivery_id', 'request_number', 'holder', 'iban', 'amount', 'state', 'reason', 'iban_differs'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('iban')
    def _compute_iban_shown(self):
        for line in self:
            line.iban_shown = show_iban(line.iban) if line.iban else ''

    # ------------------------------------------------------------
    # What the bank is told
    # ------------------------------------------------------------

    @api.model
    def _line_vals(self, delivery):
        """What is copied from a delivery and its file (superuser)."""
        file = delivery.beneficiary_id
        return {
            'delivery_id': delivery.id, 'request_number': delivery.request_id.name, 'amount': delivery.amount,
            'iban': file.iban or False, 'holder': file.iban_holder or file.name}

    def _refresh(self, may_release=True):
        """Stop the open lines that may not be paid now, each with its reason.

        :param may_release: take what changed over, and make lines ready whose reason is gone: only while a sheet is in
            preparation, for what was approved is paid as it was approved or not at all
        """
        lines_sudo = self.sudo().filtered(lambda line: line.state in OPEN_LINES)  # the sheet's step was checked
        refused = lines_sudo.delivery_id._get_blockers('deliver')
        is_payer = self.env.user.has_group('amlaj_beneficiary.group_finance')
        for line in lines_sudo:
            if may_release and line.sheet_id.state == 'draft':
                line.write({**line._line_vals(line.delivery_id), 'state': 'ready', 'reason': False, 'iban_differs': False})
            elif line.state == 'stopped':
                continue
            if reason := line._stop_reason([
                    blocker.text for blocker in refused[line.delivery_id.id]
                    if is_payer or blocker.code != 'decider']):  # who prepares a sheet delivers nothing
                line.write({'state': 'stopped', 'reason': reason})

    def _stop_reason(self, refused):
        """Why this line is not paid now, or '' (superuser).

        :param refused: the sentences with which the delivery itself refuses
        """
        self.ensure_one()
        current = self._line_vals(self.delivery_id)
        if refused:
            return ' '.join(refused)
        if any(current[name] != (self[name] or False) for name in ('iban', 'holder')):
            return self.env._("The bank account changed after the sheet was made.")
        if current['amount'] != self.amount:
            return self.env._("The amount changed after the sheet was made.")
        try:
            clean_iban(self.iban or '')
        except BadInput:
            return self.env._("The IBAN is missing, or fails its check.")
        return ''

    def _pay(self):
        """Record the deliveries of the lines that are ready; what is still stopped is left for another sheet."""
        lines_sudo = self.sudo()  # the sheet's step was checked; each delivery still refuses what its own rules forbid
        for line in lines_sudo.filtered(lambda line: line.state == 'ready'):
            line.delivery_id.action_deliver(line.holder, 'transfer')
            line.state = 'paid'
        lines_sudo.filtered(lambda line: line.state == 'stopped').state = 'dropped'
        requests = lines_sudo.filtered(lambda line: line.state == 'paid').delivery_id.request_id
        blockers = requests._get_blockers('close')
        requests.filtered(lambda request: not blockers[request.id]).action_close()

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_return(self, reason):
        """Record that the bank returned the transfer: the help is planned again, and its request's owner is told.

        :param reason: the bank's words
        """
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please enter what the bank says."))
        self._do('return', {'state': 'returned', 'reason': reason})
        for line_sudo in self.sudo():  # the step was checked
            line_sudo.delivery_id._returned(reason)
        return True

    def action_remove(self):
        """Take lines off a sheet in preparation."""
        self._do('remove', {'state': 'dropped'})
        return True

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _file(self):
        return self.sudo().delivery_id.beneficiary_id

    def _actors(self):
        return super()._actors() | {
            'return': Actors(frozenset({'finance'})), 'remove': Actors(frozenset({'delivery', 'manager'}))}

    def _lock(self):
        self.sudo().sheet_id._lock()
        return super()._lock()

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for line in self.sudo():  # the actor is checked apart
            if action == 'return' and line.state != 'paid':
                blockers[line.id].append(Blocker('state', self.env._("Only what was paid can be returned.")))
            if action == 'remove' and (line.state not in OPEN_LINES or line.sheet_id.state != 'draft'):
                blockers[line.id].append(Blocker('state', self.env._("Only a sheet in preparation is changed.")))
        return blockers


class AmlajDelivery(models.Model):
    _inherit = 'amlaj.delivery'

    payment_line_ids = fields.One2many(
        'amlaj.payment.line', 'delivery_id', string="Payments", copy=False,
        groups='amlaj_beneficiary.group_delivery,amlaj_beneficiary.group_auditor,amlaj_beneficiary.group_manager')

    def _returned(self, reason):
        """The bank sent it back: it failed, is planned again, and a completed request is in delivery once more
        (superuser)."""
        for delivery in self:
            request = delivery.request_id
            delivery.write({'state': 'failed', 'fail_reason': reason})
            delivery.copy(delivery._again_vals(False))
            if request.state == 'done':
                request.state = 'delivery'
            request.activity_schedule(
                'mail.mail_activity_data_todo', summary=self.env._("A transfer came back: please ask for the right account"),
                user_id=(request.user_id or request.branch_id.representative_ids[:1] or self.env.user).id)

    def write(self, vals):
        if not self.env.su and vals.keys() & {'amount', 'place'} and self.sudo().payment_line_ids.filtered(
                lambda line: line.state in OPEN_LINES and line.sheet_id.state == 'approved'):
            raise ValidationError(self.env._("This delivery is on an approved payment sheet: it stays as it is."))
        return super().write(vals)
