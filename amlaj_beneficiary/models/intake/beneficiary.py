from odoo import fields, models


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    preferred_channel_id = fields.Many2one('amlaj.channel', string="Preferred channel")
    message_out_ids = fields.One2many(
        'amlaj.message', 'beneficiary_id', string="Messages to the beneficiary", copy=False)
