from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import AddedFields


class AmlajDelivery(models.Model):
    """A delivery on the list of a distribution day (R64)."""
    _inherit = 'amlaj.delivery'

    distribution_id = fields.Many2one(
        'amlaj.distribution', string="Distribution day", index='btree_not_null', copy=False, ondelete='restrict')
    last_distribution_id = fields.Many2one(
        'amlaj.distribution', string="Was on the list", index='btree_not_null', copy=False, ondelete='restrict',
        help="From which list it was released: a phone that comes back late may still tell that it was handed over there.")

    _guarded_fields = AddedFields('distribution_id', 'last_distribution_id')

    def write(self, vals):
        if not self.env.su and vals.get('place') == 'bank':
            self.check_access('write')
            if any(delivery.distribution_id for delivery in self):
                raise UserError(self.env._("This delivery is on a distribution list: please take it off first."))
        return super().write(vals)

    def action_take_off(self):
        """Take this delivery off its day's list; see ``amlaj.distribution``."""
        self.ensure_one()
        return self.distribution_id.action_take_off(self.ids)
