from odoo import api, models


class AmlajAppointment(models.Model):
    _inherit = 'amlaj.appointment'

    @api.model
    def _working_calendar(self):
        return self.env.company.amlaj_calendar_id or super()._working_calendar()
