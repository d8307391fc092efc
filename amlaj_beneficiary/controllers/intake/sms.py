import json
from hmac import compare_digest

from odoo import http
from odoo.http import request

MOST_BYTES = 64 * 1024
MOST_REPORTS = 200


class SmsReports(http.Controller):
    """What the provider reports of texts that arrived or did not; its address holds what only the provider knows."""

    @http.route('/amlaj/sms/<string:token>', type='http', auth='public', methods=['GET', 'POST'], csrf=False,
                save_session=False)
    def take_reports(self, token, **form):
        """Take one report or a list of them, as JSON or as a form; whatever is sent is answered alike."""
        expected = request.env['res.company'].sudo()._amlaj_report_token()  # only compared
        if compare_digest(token.encode(), expected.encode()):
            for report in self._reports(form)[:MOST_REPORTS]:
                if isinstance(report, dict):
                    request.env['amlaj.message'].sudo()._take_report(report)  # the provider's word; it changes a state alone
        return request.make_response('OK', headers=[('Content-Type', 'text/plain'), ('Cache-Control', 'no-store')])

    def _reports(self, form):
        if form:
            return [form]
        if (request.httprequest.content_length or 0) > MOST_BYTES:
            return []
        try:
            reports = json.loads(request.httprequest.get_data() or b'[]')
        except ValueError:
            return []
        return reports if isinstance(reports, list) else [reports]
