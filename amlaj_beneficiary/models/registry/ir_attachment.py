from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """Files of the app reach portal users through a page that checks the mandate, never as attachments (rule 1)."""
    _inherit = 'ir.attachment'

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        if self.env.su or self.env.user._is_internal():
            yield from super()._inaccessible_comodel_records(model_and_ids, operation)
            return
        ours = {model: ids for model, ids in model_and_ids.items() if (model or '').startswith('amlaj.')}
        for model, ids in ours.items():
            yield from ((model, res_id) for res_id in ids if res_id)
        yield from super()._inaccessible_comodel_records(
            {model: ids for model, ids in model_and_ids.items() if model not in ours}, operation)

    def write(self, vals):
        self._check_helps_no_change()
        return super().write(vals)

    def unlink(self):
        self._check_helps_no_change()
        return super().unlink()

    def _check_helps_no_change(self):
        """:raise AccessError: for everyone but the app's own code: a photo sent for a change goes with the decision."""
        if not self.env.su and any(file.res_model == 'amlaj.change.request' for file in self.sudo()):
            raise AccessError(self.env._("This photo belongs to a change that was asked for; it goes with the decision."))
