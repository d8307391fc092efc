from odoo import api, models


class AmlajPaper(models.AbstractModel):
    """What the dossier of an objection says of the decision before (A20)."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'earlier_result': self._earlier_result}

    @api.model
    def _earlier_result(self, objection):
        labels = dict(self.env['amlaj.decision']._fields['result']._description_selection(self.env))
        return labels.get(objection['result'], '')
