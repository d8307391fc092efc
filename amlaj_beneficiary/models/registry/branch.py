from odoo import fields, models
from odoo.tools import ormcache


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

    @ormcache('self.id')
    def _call_phone(self):
        """The number that the pages of a file of this sub-office call, or ``False``: every page asks, it hardly ever changes."""
        return self.sudo().phone or False  # what stands on every page is no secret

    def write(self, vals):
        if 'phone' in vals:
            self.env.registry.clear_cache()
        return super().write(vals)
