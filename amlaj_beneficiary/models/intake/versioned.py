from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Blocker


class AmlajVersioned(models.AbstractModel):
    """A text of the association that is approved in versions: a draft, the one in force, and those before it (R27, R45-R48).

    Managers write drafts and approve them; approving one puts the former version of the same code out of force. What was
    approved is not changed any more: a new version begins as its copy.
    """
    _name = 'amlaj.versioned'
    _description = "Text in versions"
    _inherit = ['amlaj.guarded']

    # what an approved version keeps as it is
    _approved_fields = frozenset()

    code = fields.Char(required=True, index=True)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    state = fields.Selection([
        ('draft', "Draft"),
        ('approved', "Approved"),
        ('superseded', "Superseded"),
    ], required=True, default='draft', index=True, copy=False)
    approved_by_id = fields.Many2one('res.users', string="Approved by", copy=False)
    approved_at = fields.Datetime(string="Approved on", copy=False)

    _approved_once = models.UniqueIndex(
        "(code) WHERE state = 'approved'", "Another version of this text is in force: please approve it by its button.")
    _version_once = models.UniqueIndex('(code, version)', "This version exists already.")

    _guarded_fields = frozenset({'version', 'state', 'approved_by_id', 'approved_at'})

    def write(self, vals):
        if not self.env.su and (self._approved_fields | {'code'}) & vals.keys() and any(
                text.state != 'draft' for text in self):
            raise UserError(self.env._("What was approved stays as it is: please begin a new version."))
        return super().write(vals)

    def action_approve(self):
        """Put these drafts in force, each in the place of the version before it."""
        self._check_keeper('approve_text')
        for text_sudo in self.sudo():  # the right was checked just above
            former_sudo = text_sudo.search([('code', '=', text_sudo.code), ('state', '=', 'approved')])
            former_sudo.state = 'superseded'
            former_sudo.flush_recordset()
            text_sudo.write({'state': 'approved', **self._stamp('approved')})
        return True

    def action_new_version(self):
        """Begin a new version as a copy of this one, or open the draft that was begun already."""
        self.ensure_one()
        self._check_keeper('new_version')
        found = self.search([('code', '=', self.code), ('state', '=', 'draft')], limit=1)
        if not found:
            [[last]] = self._read_group([('code', '=', self.code)], [], ['version:max'])
            found_sudo = self.sudo().copy({'code': self.code, 'version': last + 1})  # the right was checked just above
            found = found_sudo.with_env(self.env)
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': found.id, 'views': [(False, 'form')]}

    def _file(self):
        return self.env['amlaj.beneficiary']  # texts belong to nobody's file

    def _check_keeper(self, action):
        """:raise AccessError: for who does not keep these texts; with a reason why not, a UserError."""
        self.check_access('write')
        self._lock()
        self._check_blockers(action)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for text in self.sudo():  # the right is checked apart
            if action == 'approve_text' and text.state != 'draft':
                blockers[text.id].append(Blocker('state', self.env._("Only a draft is approved.")))
            elif action == 'new_version' and text.state == 'draft':
                blockers[text.id].append(Blocker('state', self.env._("This version is a draft: change it as it is.")))
        return blockers
