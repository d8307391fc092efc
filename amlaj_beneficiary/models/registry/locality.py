from odoo import fields, models


class AmlajLocality(models.Model):
    """A city, village or district of the service area, and the office that serves it (R21, R44).

    Every role of the app reads it; managers edit the list.
    """
    _name = 'amlaj.locality'
    _description = "Locality"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [('city', "City"), ('village', "Village"), ('district', "District")],
        required=True, default='village')
    code = fields.Char(copy=False)
    branch_id = fields.Many2one(
        'amlaj.branch', "Served by", index='btree_not_null', ondelete='restrict',
        help="The sub-office whose representative serves the people of this place.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND code <> ''",
        "Another locality already has this code.")
