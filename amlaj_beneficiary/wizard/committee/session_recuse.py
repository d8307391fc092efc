from odoo import fields, models


class AmlajSessionRecuse(models.TransientModel):
    """Why a member stands back from files, and whether the relation is to be remembered (policy on relatives)."""
    _name = 'amlaj.session.recuse'
    _description = "Stand back from a file"

    session_id = fields.Many2one('amlaj.committee.session', required=True, ondelete='cascade')
    item_ids = fields.Many2many(
        'amlaj.decision', 'amlaj_session_recuse_item_rel', 'recuse_id', 'decision_id', string="Files",
        domain="[('session_id', '=', session_id), ('result', '=', False)]")
    reason = fields.Char(required=True)
    is_remembered = fields.Boolean(string="Remember this relation for later requests")
    kind = fields.Selection('_selection_kind', default='kin')
    degree = fields.Integer(default=1)

    def _selection_kind(self):
        return self.env['amlaj.relation']._fields['kind']._description_selection(self.env)

    def action_confirm(self):
        """Stand back."""
        self.ensure_one()
        relation = {'kind': self.kind, 'degree': self.degree} if self.is_remembered else None
        # the items are his agenda's own; the step checks each
        self.session_id.action_recuse(self.item_ids.sudo().request_id.ids, self.reason, relation)
        return {'type': 'ir.actions.act_window_close'}
