from odoo import fields, models

from ..registry.guarded import Actors, Blocker
from .request import OPEN_STATES


class AmlajRequest(models.Model):
    """The end of the way: delivery, closing, cancelling (R63, R64)."""
    _inherit = 'amlaj.request'

    delivery_exception_reason = fields.Char(
        string="Delivered to a suspended file because", copy=False,
        help="A manager's reason; a suspended file gets nothing without it.")

    def action_start_delivery(self):
        """Take an approved request into delivery; a first delivery is planned where none is."""
        self._do('start_delivery', {'state': 'delivery'})
        for request in self.filtered(lambda r: not r.sudo().delivery_ids):
            request.sudo().delivery_ids = [fields.Command.create(request._first_delivery())]  # planned by the house
        return True

    def _first_delivery(self):
        """Values of the delivery that is planned when delivery begins; the committee's room adds what was decided."""
        request_sudo = self.sudo()  # what is delivered follows from the request, whoever carries it
        return {'amount': request_sudo.amount_requested,
                'place': 'bank' if request_sudo.service_id.kind == 'cash' else 'office'}

    def action_plan_delivery(self, planned_on=None, what=None, quantity=1.0, amount=0.0, place='office'):
        """Plan one more delivery of a request in delivery (parts, seasons)."""
        self._do('plan_delivery')
        vals = {'planned_on': self._given_day(planned_on), 'what': self._given(what), 'place': place,
                'quantity': self._given_number(quantity), 'amount': self._given_number(amount)}
        self.sudo().delivery_ids = [fields.Command.create(vals)]  # the actor and the state were checked
        return True

    def action_allow_delivery(self, reason):
        """Let a manager allow the delivery to a suspended file, with a reason."""
        return self._do('allow_delivery', {'delivery_exception_reason': self._require_reason(reason)})

    def action_close(self):
        """Complete the request: everything is delivered, or failed with its reason."""
        return self._do('close', {'state': 'done'})

    def action_cancel(self, reason):
        """Cancel the request, by the applicant or for him. What was delivered stays, and the request is then completed.

        :param reason: why, in the applicant's words
        """
        reason = self._require_reason(reason)
        for request in self:
            delivered = any(delivery.state == 'delivered' for delivery in request.sudo().delivery_ids)
            request._do('cancel', {'state': 'done' if delivered else 'cancelled', 'cancel_reason': reason})
            request.sudo().delivery_ids.filtered(lambda delivery: delivery.state == 'planned').write({
                'state': 'failed', 'fail_reason': request.env._("The request was cancelled.")})
        return True

    def _actors(self):
        deliverers = Actors(frozenset({'delivery', 'representative'}))
        return super()._actors() | {
            'start_delivery': deliverers,
            'plan_delivery': deliverers,
            'close': deliverers,
            'allow_delivery': Actors(frozenset({'manager'})),
            'cancel': Actors(frozenset({'relations'}), 'may_apply'),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {
            'start_delivery': ('approved',), 'plan_delivery': ('delivery',), 'close': ('delivery',),
            'allow_delivery': ('approved', 'delivery'), 'cancel': OPEN_STATES}
        if action not in states:
            return blockers
        for request in self.sudo():  # the actor is checked apart
            mine = blockers[request.id]
            if request.state not in states[action]:
                mine.append(Blocker('state', request._message_wrong_state()))
            if action in ('start_delivery', 'plan_delivery'):
                mine += request._suspended_blockers()
            if action == 'close':
                mine += request._open_delivery_blockers()
        return blockers

    def _suspended_blockers(self):
        if self.beneficiary_id.state != 'suspended' or self.delivery_exception_reason:
            return []
        return [Blocker('suspended', self.env._(
            "The beneficiary's file is suspended: a manager has to allow the delivery."))]

    def _open_delivery_blockers(self):
        if not self.delivery_ids:
            return [Blocker('delivery', self.env._("Nothing was delivered yet."))]
        if any(delivery.state == 'planned' for delivery in self.delivery_ids):
            return [Blocker('delivery', self.env._("A planned delivery is still open."))]
        return []
