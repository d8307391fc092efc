from odoo import models


class AmlajTicket(models.Model):
    """What an answer about a closed ticket is counted by: ``amlaj.rating.invitation._invite(tickets)`` asks for it."""
    _inherit = 'amlaj.ticket'

    def _rating_facts(self):
        """See ``amlaj.request._rating_facts``; without a file nobody is invited (superuser)."""
        self.ensure_one()
        request = self.request_id
        return {
            'beneficiary_id': self.beneficiary_id.id, 'service_id': request.service_id.id,
            'branch_id': (request.branch_id or self.beneficiary_id.branch_id).id, 'department_id': request.department_id.id,
            'channel_id': self.channel_id.id, 'provider_id': self.user_id.id, 'scope': self.beneficiary_id.scope}
