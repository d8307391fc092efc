from odoo import fields, models


class AmlajBranch(models.Model):
    """A sub-office and its representatives (R44). Managers keep the list; every role reads it.

    A representative sees the files of the branches that name him, and no others.
    """
    _name = 'amlaj.branch'
    _description = "Sub-office"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    phone = fields.Char()
    address = fields.Char(translate=True)
    representative_ids = fields.Many2many(
        'res.users', 'amlaj_branch_representative_rel', 'branch_id', 'user_id', string="Representatives")
    locality_ids = fields.One2many('amlaj.locality', 'branch_id', string="Places served")

    _code_unique = models.UniqueIndex('(code) WHERE code IS NOT NULL', "This sub-office code is taken.")
