from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ...tools.text import clean_line
from ..registry.guarded import Actors, Blocker
from .volunteer import COORDINATOR


class AmlajPledge(models.Model):
    """Goods or a service that a supporter promised, and the day until which; never money (R5; domain.md 6).

    Received, it stands on an in-kind receipt. What is late is shown to the coordinator, who asks kindly.
    """
    _name = 'amlaj.pledge'
    _description = "Pledge"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'amlaj.guarded']
    _order = 'due_date, id'
    _rec_name = 'what'

    supporter_id = fields.Many2one('amlaj.supporter', required=True, index=True, ondelete='restrict')
    kind = fields.Selection([('goods', "Goods"), ('service', "Service")], required=True, default='goods')
    what = fields.Char(required=True)
    quantity = fields.Float(default=1.0)
    unit = fields.Char(help="Baskets, pieces, hours, visits…")
    due_date = fields.Date(string="Promised for")
    user_id = fields.Many2one(
        'res.users', string="Who follows it up", default=lambda self: self.env.user, domain=[('share', '=', False)])
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')
    state = fields.Selection([
        ('promised', "Promised"),
        ('received', "Received"),
        ('withdrawn', "Withdrawn"),
    ], required=True, default='promised', index=True, copy=False)
    receipt_id = fields.Many2one('amlaj.inkind.receipt', string="On the receipt", copy=False, index='btree_not_null')

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "Please check the quantity.")

    _guarded_fields = frozenset({'state', 'receipt_id'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    @api.depends('due_date', 'state')
    def _compute_is_late(self):
        today = self._today()
        for pledge in self:
            pledge.is_late = bool(pledge.due_date and pledge.due_date < today and pledge.state == 'promised')

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        late = Domain('due_date', '<', self._today()) & Domain('state', '=', 'promised')
        return late if True in value else ~late

    def action_receive(self):
        """Begin the in-kind receipt of these, of one supporter.

        :return: the action that opens it
        """
        self._check_actor('receive_pledge')
        if len(self.supporter_id) != 1:
            raise UserError(self.env._("A receipt is for one supporter."))
        self._check_blockers('receive_pledge')
        receipt = self.env['amlaj.inkind.receipt'].create({
            'supporter_id': self.supporter_id.id,
            'line_ids': [Command.create({
                'what': pledge.what, 'quantity': pledge.quantity, 'unit': pledge.unit, 'pledge_id': pledge.id})
                for pledge in self]})
        return {'type': 'ir.actions.act_window', 'res_model': receipt._name, 'res_id': receipt.id,
                'views': [(False, 'form')], 'target': 'current'}

    def action_withdraw(self):
        """The supporter cannot keep it: no reproach, and no more reminders."""
        return self._do('withdraw_pledge', {'state': 'withdrawn'})

    def _actors(self):
        return super()._actors() | dict.fromkeys(('receive_pledge', 'withdraw_pledge'), COORDINATOR)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for pledge in self:
            if action in ('receive_pledge', 'withdraw_pledge') and pledge.state != 'promised':
                blockers[pledge.id].append(Blocker('state', self.env._("“%(what)s” waits for nothing.", what=pledge.what)))
        return blockers


class AmlajInkindReceipt(models.Model):
    """«إيصال استلام تبرع عيني»: what was received, from whom, where and by whom, with a serial number (domain.md 10, form 13).

    A draft is filled and issued; what is issued stays as it is, or is cancelled with a reason and keeps its number.
    """
    _name = 'amlaj.inkind.receipt'
    _description = "In-kind receipt"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'number'
    _log_name = 'number'

    number = fields.Char(string="Receipt no.", readonly=True, copy=False)
    supporter_id = fields.Many2one('amlaj.supporter', required=True, index=True, ondelete='restrict')
    giver_name = fields.Char(string="Name on the receipt", copy=False)
    received_on = fields.Date(string="Received on", required=True, default=lambda self: self._today())
    place = fields.Char(string="Where")
    received_by_id = fields.Many2one(
        'res.users', string="Received by", required=True, default=lambda self: self.env.user, domain=[('share', '=', False)])
    line_ids = fields.One2many('amlaj.inkind.line', 'receipt_id', string="What was received")
    wish = fields.Char(string="The giver's wish", help="For what, or for whom, he gave it.")
    state = fields.Selection([
        ('draft', "Being written"),
        ('issued', "Issued"),
        ('cancelled', "Cancelled"),
    ], required=True, default='draft', index=True, copy=False)
    cancel_reason = fields.Char(string="Why it was cancelled", copy=False)
    issued_by_id = fields.Many2one('res.users', string="Issued by", copy=False)
    issued_at = fields.Datetime(string="Issued on", copy=False)
    valid_number = fields.Char(
        string="Number that is confirmed", compute='_compute_valid_number', store=True, index='btree_not_null')

    _number_unique = models.UniqueIndex('(number) WHERE number IS NOT NULL', "This number is taken.")

    _guarded_fields = frozenset({
        'number', 'giver_name', 'state', 'cancel_reason', 'issued_by_id', 'issued_at', 'valid_number'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    @api.depends('number', 'state')
    def _compute_valid_number(self):
        for receipt in self:
            receipt.valid_number = receipt.state == 'issued' and receipt.number

    @api.depends('number', 'supporter_id')
    def _compute_display_name(self):
        for receipt in self:
            receipt.display_name = receipt.number or self.env._("In-kind receipt being written")

    def write(self, vals):
        if not self.env.su and vals and any(receipt.state != 'draft' for receipt in self):
            raise UserError(self.env._("What was issued stays as it is; a wrong receipt is cancelled, and a new one written."))
        return super().write(vals)

    def action_issue(self):
        """Issue the receipt with the next number of the year; the pledges on it are received.

        :return: the action that prints it
        """
        self.ensure_one()
        self._do('issue_receipt', {
            'state': 'issued', 'giver_name': self.sudo().supporter_id.name, **self._stamp('issued'),
            'number': self.env['ir.sequence'].sudo().next_by_code('amlaj.inkind.receipt', sequence_date=self.received_on)})
        pledges_sudo = self.sudo().line_ids.pledge_id  # guarded; the step was checked
        pledges_sudo.filtered(lambda pledge: pledge.state == 'promised').write({'state': 'received', 'receipt_id': self.id})
        return self.env.ref('amlaj_beneficiary.report_inkind_receipt').report_action(self, config=False)

    def action_cancel(self, reason=None):
        """Cancel a receipt; what it says of pledges is undone.

        :param reason: why, in words
        """
        self._check_actor('cancel_receipt')
        reason = clean_line(self._given(reason) or '')[:200]
        if not reason:
            raise UserError(self.env._("Please say why it is cancelled."))
        self._do('cancel_receipt', {'state': 'cancelled', 'cancel_reason': reason})
        pledges_sudo = self.sudo().line_ids.pledge_id.filtered(lambda pledge: pledge.receipt_id in self)  # as above
        pledges_sudo.write({'state': 'promised', 'receipt_id': False})
        return True

    def action_print_thanks(self):
        """Print the letter of thanks for what was received."""
        self._check_issued()
        return self.env.ref('amlaj_beneficiary.report_supporter_thanks').report_action(self, config=False)

    def _check_issued(self):
        """:raise UserError: for a receipt that is not issued"""
        if any(receipt.state != 'issued' for receipt in self):
            raise UserError(self.env._("Please issue the receipt first."))

    def _actors(self):
        return super()._actors() | {
            'issue_receipt': COORDINATOR, 'cancel_receipt': Actors(frozenset({'volunteer_coordinator', 'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for receipt in self:
            mine = blockers[receipt.id]
            if action == 'issue_receipt' and receipt.state != 'draft':
                mine.append(Blocker('state', self.env._("%(number)s is issued already.", number=receipt.number)))
            elif action == 'issue_receipt' and not receipt.line_ids:
                mine.append(Blocker('lines', self.env._("Please write what was received.")))
            elif action == 'cancel_receipt' and receipt.state != 'issued':
                mine.append(Blocker('state', self.env._("Please issue the receipt first.")))
        return blockers


class AmlajInkindLine(models.Model):
    """One kind of goods, or a service, on an in-kind receipt; a value is an estimate, and no money is taken."""
    _name = 'amlaj.inkind.line'
    _description = "Line of an in-kind receipt"
    _inherit = ['amlaj.guarded']
    _order = 'receipt_id, id'
    _rec_name = 'what'

    receipt_id = fields.Many2one('amlaj.inkind.receipt', required=True, index=True, ondelete='cascade')
    what = fields.Char(required=True)
    quantity = fields.Float(default=1.0)
    unit = fields.Char()
    condition = fields.Selection(
        [('new', "New"), ('good', "Used, in good order")], string="State of the goods", default='new')
    estimate = fields.Float(string="Estimated value (SAR)", help="If the giver tells it; for the books alone.")
    pledge_id = fields.Many2one('amlaj.pledge', index='btree_not_null', ondelete='restrict', copy=False)

    _quantity_positive = models.Constraint('CHECK(quantity > 0)', "Please check the quantity.")
    _estimate_not_negative = models.Constraint('CHECK(estimate IS NULL OR estimate >= 0)', "Please check the value.")

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    @api.constrains('pledge_id', 'receipt_id')
    def _check_pledge(self):
        if any(line.pledge_id and line.pledge_id.supporter_id != line.receipt_id.supporter_id for line in self.sudo()):
            raise ValidationError(self.env._("The pledge is of another supporter."))

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()  # nor is a line moved to an issued receipt
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_of_draft(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su and any(line.receipt_id.state != 'draft' for line in self):
            raise UserError(self.env._("What was issued stays as it is; a wrong receipt is cancelled, and a new one written."))
