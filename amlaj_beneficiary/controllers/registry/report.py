from odoo import http
from odoo.addons.web.controllers.report import ReportController

from ...models.registry.ir_actions_report import PREFIX


def _is_readonly(controller, rule, args):
    return not (args.get('reportname') or '').startswith(PREFIX)


class PaperReportController(ReportController):
    """Printing a person's paper is written down in the access log, so our forms are not read-only routes."""

    @http.route(readonly=_is_readonly)
    def report_routes(self, reportname, docids=None, converter=None, **data):
        return super().report_routes(reportname, docids=docids, converter=converter, **data)
