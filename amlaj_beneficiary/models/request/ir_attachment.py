from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """A file that makes a paper of a request is judged when it is hung on it; nobody exchanges it afterwards."""
    _inherit = 'ir.attachment'

    def write(self, vals):
        self._check_makes_no_paper()
        return super().write(vals)

    def unlink(self):
        self._check_makes_no_paper()
        return super().unlink()

    def _check_makes_no_paper(self):
        """:raise AccessError: for everyone but the app's own code, which asks the paper's guards."""
        if self.env.su:
            return
        ours_sudo = self.sudo().filtered(lambda file: file.res_model == 'amlaj.request.document')
        # whether a paper holds it, also one that this user does not see
        if ours_sudo and self.env['amlaj.request.document'].sudo().search_count(
                [('attachment_ids', 'in', ours_sudo.ids)], limit=1):
            raise AccessError(self.env._("This file belongs to a paper: take it out of the paper's list instead."))
