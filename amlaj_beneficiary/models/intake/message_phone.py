from odoo import api, fields, models

from ..registry.guarded import AddedFields


class AmlajMessage(models.Model):
    """A message may go to another number than the file's present one: to the number that was there before, so that
    nobody takes a file over without its owner's knowledge."""
    _inherit = 'amlaj.message'

    former_phone = fields.Char(string="Number before the change", copy=False)
    phone = fields.Char(related=None, compute='_compute_phone')

    _guarded_fields = AddedFields('former_phone')

    @api.depends('former_phone', 'beneficiary_id.phone')
    def _compute_phone(self):
        for message in self:
            message.phone = message.former_phone or message.beneficiary_id.phone
