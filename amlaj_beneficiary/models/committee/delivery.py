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
        return blockers
