from odoo import api, fields, models

CAUSES = [
    ('own', "Stood back himself"),
    ('entered', "Entered the request"),
    ('verified', "Verified the request"),
    ('relation', "Declared a relation"),
    ('mandate', "Acts for the beneficiary"),
    ('voted', "Voted on the decision under review"),
]


class AmlajRecusal(models.Model):
    """A member who does not vote on a file: by himself, or because the house's rules say so (R60, policy on relatives).

    Written by the session's steps alone; a shared family name never recuses. Members of the committee, auditors and
    managers read the recusals.
    """
    _name = 'amlaj.recusal'
    _description = "Recusal"
    _inherit = ['amlaj.guarded']
    _order = 'decision_id, id'
    _rec_name = 'member_id'

    decision_id = fields.Many2one('amlaj.decision', required=True, index=True, ondelete='cascade', copy=False)
    member_id = fields.Many2one('amlaj.committee.member', required=True, index=True, ondelete='restrict', copy=False)
    cause = fields.Selection(CAUSES, required=True, default='own', copy=False)
    note = fields.Char(string="In his words", copy=False)
    reason = fields.Char(compute='_compute_reason')
    is_forced = fields.Boolean(string="By the rules", copy=False)

    _once = models.UniqueIndex('(decision_id, member_id)', "This member stood back from this file already.")

    _guarded_fields = frozenset({'decision_id', 'member_id', 'cause', 'note', 'is_forced'})

    @api.depends('cause', 'note')
    @api.depends_context('lang')
    def _compute_reason(self):
        labels = dict(self._fields['cause']._description_selection(self.env))
        for recusal in self:
            recusal.reason = recusal.note or labels.get(recusal.cause)

    def _file(self):
        return self.decision_id.request_id.beneficiary_id
