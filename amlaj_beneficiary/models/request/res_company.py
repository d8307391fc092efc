from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    amlaj_calendar_id = fields.Many2one(
        'resource.calendar', string="Working week",
        default=lambda self: self.env.ref('amlaj_beneficiary.calendar_association', raise_if_not_found=False),
        help="The days on which beneficiaries are received and dates of replies fall.")
