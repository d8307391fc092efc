from odoo import api, fields, models
from odoo.exceptions import UserError


class AmlajBeneficiaryReason(models.TransientModel):
    """Asks for the reason of a step in the life of a file: suspend, reactivate, close (R54, R63).

    Relations employees and managers; the step's own method checks and writes.
    """
    _name = 'amlaj.beneficiary.reason'
    _description = "Reason of a change of a file"
    _inherit = ['amlaj.step']

    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, ondelete='cascade')
    step = fields.Selection([
        ('suspend', "Suspend the file"),
        ('reactivate', "Reactivate the file"),
        ('end', "Close the file"),
    ], required=True)
    reason_id = fields.Many2one('amlaj.reason', domain=[('kind', '=', 'suspension')])
    note = fields.Char(string="In your own words", help="Instead of a reason from the list.")

    @api.onchange('reason_id')
    def _onchange_reason_id(self):
        if self.reason_id:
            self.note = False

    def action_confirm(self):
        """Do the step with the reason chosen, or with the words given instead.

        :raise UserError: without either.
        """
        self.ensure_one()
        reason = self.reason_id or (self.note or '').strip()
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        method = {'suspend': 'action_suspend', 'reactivate': 'action_reactivate', 'end': 'action_end'}[self.step]
        getattr(self.beneficiary_id, method)(reason)
        return {'type': 'ir.actions.act_window_close'}
