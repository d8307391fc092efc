from odoo import fields, models

from ..registry.guarded import AddedFields
from .decision import GRANTED


class AmlajRequest(models.Model):
    """Which account the committee saw, kept as a keyed hash that tells nobody the number (R64)."""
    _inherit = 'amlaj.request'

    iban_at_decision = fields.Char(
        string="Account at the decision", copy=False, groups='amlaj_beneficiary.group_manager',
        help="A hash: it only tells whether the account was changed since.")

    _guarded_fields = AddedFields('iban_at_decision')

    def _stamp_account(self):
        """Keep the account that stands in each file now (superuser); none is kept as none."""
        for request in self:
            request.iban_at_decision = request._account_hash()

    def _account_hash(self):
        return self.env['amlaj.secret']._hmac('iban at decision', self.beneficiary_id.iban or '')


class AmlajDecision(models.Model):
    _inherit = 'amlaj.decision'

    def _settle(self, vals):
        result = super()._settle(vals)
        if vals['result'] in GRANTED:
            self.sudo().request_id._stamp_account()  # every check of the step came before
        return result


class AmlajPaymentSheet(models.Model):
    """A sheet may be of one fund alone; the fund is named on no paper, for it may say the kind of help (rule 9)."""
    _inherit = 'amlaj.payment.sheet'

    fund_id = fields.Many2one(
        'amlaj.fund', index='btree_not_null', ondelete='restrict', copy=False, help="Empty: whatever the fund.",
        groups='amlaj_beneficiary.group_finance,amlaj_beneficiary.group_auditor,amlaj_beneficiary.group_manager')

    def _candidates_domain(self):
        domain = super()._candidates_domain()
        fund_sudo = self.sudo().fund_id  # who prepares the sheet need not know funds
        if not fund_sudo:
            return domain
        ids = self.env['amlaj.delivery'].sudo()._search([*domain, ('request_id.decision_id.fund_id', '=', fund_sudo.id)])
        return [('id', 'in', list(ids))]


class AmlajPaymentLine(models.Model):
    _inherit = 'amlaj.payment.line'

    def _account_problems(self):
        problems = super()._account_problems()
        request = self.delivery_id.request_id
        if request.iban_at_decision and request.iban_at_decision != request._account_hash():
            problems['decision'] = self.env._(
                "The account is not the one that stood in the file at the decision: a manager accepts it first.")
        return problems

    def _account_accepted(self):
        self.delivery_id.request_id._stamp_account()
        return super()._account_accepted()


class AmlajDelivery(models.Model):
    _inherit = 'amlaj.delivery'

    def _payment_problems(self, sheet):
        problems = super()._payment_problems(sheet)
        fund_sudo = sheet.sudo().fund_id  # a rule of the sheet, whoever knows funds
        for delivery_sudo in self.sudo() if fund_sudo else ():
            if delivery_sudo.request_id.decision_id.fund_id != fund_sudo:
                problems[delivery_sudo.id]['fund'] = self.env._("It is granted from another fund than this sheet's.")
        return problems
