import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.files import check_upload, clean_image
from ...tools.text import clean_line, name_key
from ..registry.guarded import Actors, Blocker
from .request_document import MEGABYTE


class AmlajDelivery(models.Model):
    """One delivery of what was approved: planned, delivered with a receipt, or failed with a reason (R64).

    Delivery officers plan and record it; whoever voted on the request does not. A receipt names the receiver (the
    beneficiary or somebody he authorised) and is signed; goods may be photographed, faces never.
    """
    _name = 'amlaj.delivery'
    _description = "Delivery"
    _inherit = ['amlaj.guarded']
    _order = 'id'
    _rec_name = 'receipt_number'

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='restrict')
    beneficiary_id = fields.Many2one(related='request_id.beneficiary_id', store=True, index=True)
    receipt_number = fields.Char(string="Receipt number", readonly=True, copy=False)
    what = fields.Char(string="What is delivered")
    quantity = fields.Float(default=1)
    amount = fields.Monetary()
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    planned_on = fields.Date(string="Planned on")
    place = fields.Selection([
        ('office', "At the office"),
        ('home', "At the beneficiary's place"),
        ('bank', "To the bank account"),
    ], required=True, default='office')
    delivered_at = fields.Datetime(string="Delivered on", copy=False)
    delivered_by_id = fields.Many2one('res.users', string="Delivered by", copy=False)
    receiver_name = fields.Char(string="Received by", copy=False)
    receiver_mandate_id = fields.Many2one('amlaj.mandate', string="By mandate", copy=False)
    method = fields.Selection([
        ('signature', "Signature on the screen"),
        ('paper', "Signature on paper"),
        ('thumbprint', "Thumbprint on paper"),
        ('transfer', "Bank transfer"),
    ], string="Receipt by", copy=False)
    signature = fields.Binary(attachment=True, copy=False, groups='base.group_user')
    photo = fields.Binary(
        string="Photo of the goods", attachment=True, copy=False, groups='base.group_user',
        help="Goods only: the receiver is never photographed.")
    second_name = fields.Char(string="Second name", copy=False, help="Who else was there, where one person does both.")
    fail_reason = fields.Char(string="Why it failed", copy=False)
    state = fields.Selection([
        ('planned', "Planned"),
        ('delivered', "Delivered"),
        ('failed', "Delivery failed"),
    ], required=True, default='planned', copy=False, index=True)

    _receipt_unique = models.UniqueIndex('(receipt_number) WHERE receipt_number IS NOT NULL', "This receipt exists.")
    _quantity_positive = models.Constraint(
        'CHECK(quantity > 0 AND quantity < 1000000000)', "The quantity must be more than zero.")
    _amount_positive = models.Constraint(
        'CHECK(amount >= 0 AND amount < 1000000000)', "An amount to deliver is not less than zero.")

    _guarded_fields = frozenset({
        'request_id', 'receipt_number', 'state', 'delivered_at', 'delivered_by_id', 'receiver_name',
        'receiver_mandate_id', 'method', 'signature', 'second_name', 'fail_reason'})
    _portal_fields = frozenset({
        'request_id', 'what', 'quantity', 'amount', 'currency_id', 'planned_on', 'place', 'delivered_at',
        'receiver_name', 'state', 'receipt_number'})

    def _compute_currency_id(self):
        self.currency_id = self.env.ref('base.SAR')

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_photo(vals) for vals in vals_list])

    def write(self, vals):
        self.check_access('write')
        if not self.env.su and any(delivery.state != 'planned' for delivery in self):
            raise UserError(self.env._("What was delivered, or failed, stays as it was recorded."))
        return super().write(self._clean_photo(vals))

    @api.model
    def _clean_photo(self, vals):
        """A picture by its content, of a bearable size, without the place and the camera that the phone noted in it."""
        if not vals.get('photo'):
            return vals
        limit = self.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
        try:
            data = base64.b64decode(vals['photo'])
        except (ValueError, TypeError):
            data = b''
        self._cleaned(check_upload, 'photo', data, limit)
        return dict(vals, photo=base64.b64encode(self._cleaned(clean_image, data)))

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_deliver(self, receiver_name=None, method='paper', signature=None, mandate_id=None, second_name=None):
        """Record the delivery with its receipt.

        :param receiver_name: who took it, as he said his name
        :param method: ``signature`` (base64 PNG in ``signature``), ``paper``, ``thumbprint`` or ``transfer``
        :param mandate_id: the mandate to receive of an authorised person; none when the beneficiary came himself
        :param second_name: who else was there; needed where the deliverer also recorded or verified the request
        :raise UserError: saying what is missing
        """
        self._check_actor('deliver')  # before anything is told of the request
        for delivery in self:
            delivery._check_receipt(receiver_name, method, signature, mandate_id, second_name)
            delivery._do('deliver', {
                'state': 'delivered', 'delivered_at': fields.Datetime.now(), 'delivered_by_id': self.env.uid,
                'receiver_name': clean_line(receiver_name) or delivery.sudo().beneficiary_id.name, 'method': method,
                'signature': signature, 'receiver_mandate_id': mandate_id, 'second_name': clean_line(second_name),
                'receipt_number': self.env['ir.sequence'].sudo().next_by_code(
                    'amlaj.delivery', sequence_date=self._today())})
        return True

    def _check_receipt(self, receiver_name, method, signature, mandate_id, second_name):
        if not isinstance(method, str) or method not in dict(self._fields['method'].selection):
            raise UserError(self.env._("This kind of receipt is not known."))
        if method != 'transfer' and not clean_line(receiver_name):
            raise UserError(self.env._("Please enter the name of the person who received it."))
        if method == 'transfer' and self.place != 'bank':
            raise UserError(self.env._("Only what is planned to the bank account is delivered by a transfer."))
        if method == 'transfer' and not self.env.su:
            raise UserError(self.env._("A transfer is recorded by paying its payment sheet."))
        if method == 'signature' or signature:
            self.env['amlaj.request']._check_drawing(signature)
        request_sudo = self.sudo().request_id  # who did what before is the house's rule, whoever may read it
        if mandate_id:
            mandate_sudo = self.sudo()._picked('amlaj.mandate', mandate_id)
            if mandate_sudo.beneficiary_id != request_sudo.beneficiary_id or not (
                    mandate_sudo.is_valid and mandate_sudo.may_receive):
                raise UserError(self.env._("This person is not authorised to receive for the beneficiary."))
        lacks_second = name_key(second_name) in ('', name_key(self.env.user.name), name_key(receiver_name))
        if lacks_second and self.env.user in request_sudo.entered_by_id | request_sudo.verified_by_id:
            raise UserError(self.env._(
                "You recorded or verified this request: a second person must be named at the delivery."))
        if lacks_second and method != 'transfer' and self.amount and request_sudo.service_id.kind == 'cash':
            raise UserError(self.env._("Money is handed over before a second person: please enter the second name."))

    def action_fail(self, reason, planned_on=None):
        """Record that the delivery failed, and why.

        :param planned_on: a new date; a new delivery is then planned for it
        """
        reason, planned_on = self._given(reason), self._given_day(planned_on)
        if not reason:
            raise UserError(self.env._("Please say why the delivery failed."))
        self._do('fail', {'state': 'failed', 'fail_reason': reason})
        if planned_on:
            for delivery in self.sudo():  # the same delivery again; the actor was checked above
                delivery.copy(delivery._again_vals(planned_on))
        return True

    def _again_vals(self, planned_on):
        """What a failed delivery that is planned again takes over besides what any copy does."""
        return {'planned_on': planned_on, 'request_id': self.request_id.id}

    def _lock(self):
        self.sudo().request_id._lock()  # always the request first, whoever reads it
        return super()._lock()

    def _file(self):
        return self.request_id.beneficiary_id

    def _actors(self):
        deliverers = Actors(frozenset({'delivery', 'representative'}))
        return super()._actors() | {'deliver': deliverers, 'fail': deliverers}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for delivery in self.sudo():  # the actor is checked apart
            mine = blockers[delivery.id]
            if action in ('deliver', 'fail') and (
                    delivery.state != 'planned' or delivery.request_id.state != 'delivery'):
                mine.append(Blocker('state', self.env._("This delivery is not open.")))
            if action == 'deliver':
                mine += delivery.request_id._suspended_blockers()
                if delivery.place == 'bank' and delivery.beneficiary_id.iban_state != 'confirmed':
                    mine.append(Blocker('iban', self.env._("The IBAN is not confirmed by a second person.")))
        return blockers
