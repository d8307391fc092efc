from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class PaymentSheet(http.Controller):
    """The Excel file of a payment sheet; the model checks who has it and writes the download in the access log."""

    @http.route('/amlaj/payment-sheet/<int:sheet_id>', type='http', auth='user', readonly=False)
    def payment_sheet(self, sheet_id):
        """The Excel file of a payment sheet, for managers and the financial supervisor."""
        sheet = request.env['amlaj.payment.sheet'].browse(sheet_id)
        try:
            content = sheet.exists() and sheet._make_xlsx()
        except (AccessError, UserError):
            content = None
        if not content:  # another's, a cancelled and a missing one are answered alike
            raise request.not_found()
        return request.make_response(content, [
            ('Content-Type', XLSX), ('Cache-Control', 'no-store'),
            ('Content-Disposition', content_disposition(f'payment-{sheet.name}.xlsx'))])
