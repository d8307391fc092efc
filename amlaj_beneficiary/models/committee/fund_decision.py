from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ..registry.guarded import AddedFields
from .decision import GRANTED, READERS


class AmlajService(models.Model):
    _inherit = 'amlaj.service'

    fund_id = fields.Many2one(
        'amlaj.fund', index='btree_not_null', ondelete='restrict',
        groups='amlaj_beneficiary.group_committee,amlaj_beneficiary.group_finance,amlaj_beneficiary.group_auditor,'
               'amlaj_beneficiary.group_manager',
        help="From which fund it is paid, unless the committee names another one.")


class AmlajDecision(models.Model):
    """From which fund a decision grants, and that the fund holds it (R60)."""
    _inherit = 'amlaj.decision'

    fund_id = fields.Many2one(
        'amlaj.fund', index='btree_not_null', ondelete='restrict', groups=READERS, copy=False)

    _guarded_fields = AddedFields('fund_id')

    def _prepare_decision(self, *args, fund_id=None, **kwargs):
        vals = super()._prepare_decision(*args, **kwargs)
        if vals['result'] in GRANTED and fund_id:
            fund = self.sudo()._picked('amlaj.fund', getattr(fund_id, 'id', fund_id))
            if not fund.active:
                raise UserError(self.env._("This fund is not known."))
            vals['fund_id'] = fund.id
        return vals

    def _settle(self, vals):
        """Promise what is granted: whoever decides on the same fund at this moment comes after this decision.

        :raise UserError: when the fund does not hold it, or is not for this service.
        """
        grants = vals['result'] in GRANTED and vals['amount']
        items_sudo = self.sudo()  # every check of the step came before
        if grants and not vals.get('fund_id'):
            for fund, items in items_sudo.grouped(lambda item: item.service_id.fund_id).items():
                items.fund_id = fund
        result = super()._settle(vals)
        funds = items_sudo.fund_id if grants else items_sudo.fund_id.browse()
        for item in items_sudo if grants else ():
            if item.fund_id.service_ids and item.service_id not in item.fund_id.service_ids:
                raise UserError(self.env._(
                    "The fund “%(fund)s” is not for the service “%(service)s”.",
                    fund=item.fund_id.name, service=item.service_id.name))
        if funds:
            funds._hold()
            funds._check_not_overdrawn({
                fund: sum(item._still_promised() for item in items_sudo.filtered(lambda item, f=fund: item.fund_id == f))
                for fund in funds})
        return result

    def _still_promised(self):
        """What this decision grants, less what its request was given before (superuser)."""
        given = self.request_id.delivery_ids.filtered(lambda delivery: delivery.state == 'delivered')
        return max(self.amount - sum(given.mapped('amount')), 0)


class AmlajDelivery(models.Model):
    _inherit = 'amlaj.delivery'

    fund_id = fields.Many2one(
        'amlaj.fund', index='btree_not_null', ondelete='restrict', copy=False, groups=NO_ACCESS,
        help="From which fund it was taken, kept at the delivery.")

    _guarded_fields = AddedFields('fund_id')

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        for delivery_sudo in deliveries.sudo():  # what a fund holds is the house's rule, whoever plans
            fund = delivery_sudo.request_id.decision_id.fund_id
            others = (delivery_sudo.request_id.delivery_ids - delivery_sudo).mapped('state')
            if fund and 'failed' in others and 'planned' not in others:
                # what failed was free again until now
                fund._hold()
                fund._check_not_overdrawn({fund: delivery_sudo.request_id.decision_id._still_promised()})
        return deliveries

    def _do(self, action, vals=None):
        if action == 'deliver' and vals:
            # which decision it fulfils is the house's knowledge, whoever delivers
            vals = {**vals, 'fund_id': self.sudo().request_id.decision_id.fund_id.id}
        return super()._do(action, vals)
