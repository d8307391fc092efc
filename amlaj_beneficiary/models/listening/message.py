from odoo import fields, models

from ..registry.guarded import AddedFields


class AmlajMessage(models.Model):
    """The message that there is news of a word to the association. A stranger who left a phone has no file. Whoever must
    not see a complaint does not see that its writer is told of it either: one global rule."""
    _inherit = 'amlaj.message'

    beneficiary_id = fields.Many2one(required=False)
    ticket_id = fields.Many2one('amlaj.ticket', string="Word to the association", index='btree_not_null', ondelete='cascade')
    kind = fields.Selection(selection_add=[('ticket', "News of a message")], ondelete={'ticket': 'cascade'})

    _for_somebody = models.Constraint(
        'CHECK(beneficiary_id IS NOT NULL OR ticket_id IS NOT NULL)', "A message is for somebody.")

    _guarded_fields = AddedFields('ticket_id')
