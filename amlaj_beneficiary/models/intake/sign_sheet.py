from odoo import api, models
from odoo.exceptions import UserError

MOST_ROWS = 400


class AmlajPaper(models.AbstractModel):
    """The sign-sheet of a village: who of its people came, or was met, at the representative's (R44).

    It lies where others look: a file number, a first name and a box, and nothing of what it is about.
    """
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'village_rows': self._village_rows}

    @api.model
    def _village_rows(self, locality):
        """The open files of a village that the user may read: ``{'number', 'first_name'}``, by their numbers."""
        files = self.env['amlaj.beneficiary'].search_fetch(
            [('locality_id', '=', locality.id), ('state', '!=', 'ended')],
            ['file_number', 'first_name', 'name', 'kind'], order='file_number', limit=MOST_ROWS)
        return [{'number': file.file_number, 'first_name': self._first_name(file)} for file in files]


class AmlajLocality(models.Model):
    _inherit = 'amlaj.locality'

    def action_print_sign_sheet(self):
        """Print the sign-sheet of this village: its people of the user's own sub-offices."""
        self.ensure_one()
        if not self.env['amlaj.paper']._village_rows(self):
            raise UserError(self.env._("No file of this village is open to you."))
        return self.env.ref('amlaj_beneficiary.report_sign_sheet').report_action(self, config=False)
