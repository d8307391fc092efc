from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

GROUPS = ('finance', 'manager', 'delivery')
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


class PaymentController(http.Controller):
    """The payment sheet as Excel, for the bank and the file (R64)."""

    @http.route('/amlaj/payment-sheet/<int:sheet_id>', type='http', auth='user', methods=['GET'])
    def payment_sheet(self, sheet_id, **__):
        """The sheet's payments, to whoever may print it; taking them out is written in the access log."""
        if not any(request.env.user.has_group(f'amlaj_beneficiary.group_{name}') for name in GROUPS):
            raise AccessError(request.env._("Your role does not take a payment sheet out."))
        sheet = request.env['amlaj.payment.sheet']._picked('amlaj.payment.sheet', sheet_id)
        if not sheet:
            raise request.not_found()
        sheet.check_access('read')
        content = sheet._workbook()
        sheet._record_access('export', 'payment_sheet')
        return request.make_response(content, [
            ('Content-Type', XLSX), ('Cache-Control', 'no-store'), ('X-Content-Type-Options', 'nosniff'),
            ('Content-Disposition', http.content_disposition(f'payment-sheet-{sheet.name}.xlsx'))])
