from odoo import fields, models

from ..registry.guarded import AddedFields, Blocker


class AmlajDelivery(models.Model):
    """Who decides is not who delivers (rule 1)."""
    _inherit = 'amlaj.delivery'

    is_stopped = fields.Boolean(
        string="Stopped by a review", copy=False, help="An objection was upheld before it was delivered.")

    _guarded_fields = AddedFields('is_stopped')

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'deliver':
            deciders = self.sudo().request_id.with_env(self.env)._deciders()
            for delivery in self.sudo():  # the actor is checked apart
                if self.env.user in deciders[delivery.request_id.id]:
                    blockers[delivery.id].append(Blocker('decider', self.env._(
                        "You took part in the decision: somebody else delivers.")))
                if delivery._is_beyond_decision():
                    blockers[delivery.id].append(Blocker('amount', self.env._(
                        "Request %(number)s: this is more than what was decided.", number=delivery.request_id.name)))
        return blockers

    def _is_beyond_decision(self):
        """Whether more money than the decision granted would be delivered with this (superuser)."""
        self.ensure_one()
        granted = self.request_id.decision_id.amount
        given = sum(self.request_id.delivery_ids.filtered(lambda other: other.state == 'delivered').mapped('amount'))
        return bool(granted) and given + self.amount > granted + 0.005
