from odoo import models

from ..registry.guarded import Blocker


class AmlajDelivery(models.Model):
    """Who decides is not who delivers (rule 1)."""
    _inherit = 'amlaj.delivery'

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'deliver':
            deciders = self.sudo().request_id.with_env(self.env)._deciders()
            for delivery in self.sudo():  # the actor is checked apart
                if self.env.user in deciders[delivery.request_id.id]:
                    blockers[delivery.id].append(Blocker('decider', self.env._(
                        "You took part in the decision: somebody else delivers.")))
        return blockers
