from odoo import models


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
