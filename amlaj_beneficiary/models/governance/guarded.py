from odoo import models


class AmlajGuarded(models.AbstractModel):
    _inherit = 'amlaj.guarded'

    # the field whose value names a record in the access log: a number, never a name
    _log_name = 'id'

    def _record_access(self, event, detail=''):
        self.env['amlaj.access.log']._add(self, event, detail, self._log_name)
        return super()._record_access(event, detail)
