from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ..registry.guarded import Actors, AddedFields, Blocker
from .decision import GRANTED


class AmlajRequest(models.Model):
    _inherit = 'amlaj.request'

    iban_at_decision = fields.Char(
        copy=False, groups=NO_ACCESS, help="The bank account that was known when the help was decided, or accepted since.")

    _guarded_fields = AddedFields('iban_at_decision')


class AmlajDecision(models.Model):
    _inherit = 'amlaj.decision'

    def _settle(self, vals):
        result = super()._settle(vals)
        if vals['result'] in GRANTED:
            for request_sudo in self.sudo().request_id:  # kept to be compared, shown to nobody
                request_sudo.iban_at_decision = request_sudo.beneficiary_id.iban or False
        return result


class AmlajPaymentLine(models.Model):
    """Money goes to the account that was known when it was decided; another one needs a manager (R68)."""
    _inherit = 'amlaj.payment.line'

    def _stop_reason(self, refused):
        request = self.delivery_id.request_id
        if not refused and (request.iban_at_decision or False) != (self.delivery_id.beneficiary_id.iban or False):
            self.iban_differs = True
            return self.env._("The IBAN is another one than when the help was decided: a manager has to accept it.")
        return super()._stop_reason(refused)

    def action_accept_iban(self, reason):
        """Accept, as a manager, that the bank account is another one than at the decision.

        :param reason: how it was made sure that the account is the person's
        """
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please say how the account was checked."))
        self._do('accept_other_iban')
        for line_sudo in self.sudo():  # the step was checked
            line_sudo.delivery_id.request_id.iban_at_decision = line_sudo.delivery_id.beneficiary_id.iban
            line_sudo.with_env(self.env)._record_access('change', 'iban_accepted')
            line_sudo.delivery_id.request_id.message_post(body=self.env._(
                "The changed bank account was accepted for payment: %(reason)s", reason=reason))
        self._refresh()
        return True

    def _actors(self):
        return super()._actors() | {'accept_other_iban': Actors(frozenset({'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for line in self.sudo() if action == 'accept_other_iban' else ():  # the actor is checked apart
            file = line.delivery_id.beneficiary_id
            if line.state != 'stopped' or not line.iban_differs or line.sheet_id.state != 'draft':
                blockers[line.id].append(Blocker('state', self.env._(
                    "Only a line that stopped for its IBAN, on a sheet in preparation, is accepted.")))
            elif self.env.user in file.iban_changed_by_id | file.iban_confirmed_by_id:
                blockers[line.id].append(Blocker('same', self.env._(
                    "You entered or confirmed this IBAN yourself: another manager accepts it.")))
        return blockers
