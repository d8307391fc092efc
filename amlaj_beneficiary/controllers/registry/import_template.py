from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class ImportTemplate(http.Controller):
    """The empty table that an association fills and sends to be taken over; the model checks who has it."""

    @http.route('/amlaj/import/template', type='http', auth='user', readonly=True)
    def import_template(self):
        """The template of the tables that are taken over, for managers, in their language."""
        try:
            content = request.env['amlaj.import']._make_template()
        except AccessError:
            raise request.not_found() from None
        return request.make_response(content, [
            ('Content-Type', XLSX), ('Cache-Control', 'no-store'),
            ('Content-Disposition', content_disposition(request.env._("Template of files.xlsx")))])
