from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

DEGREES = 7


class AmlajRelation(models.Model):
    """A relation that a member of a committee declares to a beneficiary; while it lasts he is recused from that
    beneficiary's requests (policy on relatives).

    Each member keeps his own; managers record those that were declared on paper; auditors read. A shared family name
    is no relation.
    """
    _name = 'amlaj.relation'
    _description = "Declared relation"
    _inherit = ['amlaj.guarded']
    _order = 'user_id, id'
    _rec_name = 'user_id'

    user_id = fields.Many2one(
        'res.users', string="Member", required=True, index=True, ondelete='cascade', default=lambda self: self.env.user)
    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade')
    kind = fields.Selection([
        ('kin', "Kinship"),
        ('marriage', "Relation by marriage"),
        ('interest', "Work or another interest"),
    ], required=True, default='kin')
    degree = fields.Integer(default=1, help="The degree of the kinship: 1 for parents and children, 2 for siblings …")
    until = fields.Date(help="Empty: it lasts.")

    _once = models.UniqueIndex('(user_id, beneficiary_id, kind)', "This relation is declared already.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)  # the name of a file shows in what points to it
        return super().create(vals_list)

    def write(self, vals):
        self._check_links(vals)
        result = super().write(vals)
        if 'user_id' in vals and not self.env.su:
            self.check_access('write')  # nobody declares a relation for a colleague, and so recuses him
        return result

    @api.constrains('degree')
    def _check_degree(self):
        if any(not 1 <= relation.degree <= DEGREES for relation in self):
            raise ValidationError(self.env._("A degree of kinship is a number from 1 to %(last)s.", last=DEGREES))

    @api.model
    def _recusing_domain(self):
        """The relations that recuse today."""
        degrees = self.env['amlaj.settings']._get('relation_degrees')
        near = Domain('kind', '=', 'interest') | Domain('degree', '<=', degrees)
        return near & (Domain('until', '=', False) | Domain('until', '>=', self._today()))
