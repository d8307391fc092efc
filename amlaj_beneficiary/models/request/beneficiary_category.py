from odoo import api, models
from odoo.exceptions import ValidationError


class AmlajBeneficiaryCategory(models.Model):
    """A category that became sensitive is announced by no service."""
    _inherit = 'amlaj.beneficiary.category'

    @api.constrains('is_sensitive')
    def _check_announced_by_no_service(self):
        if sensitive := self.filtered('is_sensitive'):
            service = self.env['amlaj.service'].with_context(active_test=False).search(
                [('category_ids', 'in', sensitive.ids)], limit=1)
            if service:
                raise ValidationError(self.env._(
                    "The service “%(service)s” names this category under “Who May Ask”. Please remove it there first: "
                    "a sensitive category is never announced.",
                    service=service.name,
                ))
