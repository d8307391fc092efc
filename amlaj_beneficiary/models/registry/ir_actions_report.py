import io
import logging
from collections import OrderedDict

from odoo import models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

PREFIX = 'amlaj_beneficiary.'


class IrActionsReport(models.Model):
    """This addon's printed forms: drawn by WeasyPrint, and only for whom the report names.

    wkhtmltopdf prints Arabic words over the numbers among them, and has neither running headers nor
    "page x of y". Every report of another module goes its own way untouched. A report of ours checks
    its groups where it is rendered, because ``/report/pdf`` is open to every logged-in user.
    """

    _inherit = 'ir.actions.report'

    def _is_amlaj_paper(self):
        """Whether this report is one of this addon's printed forms."""
        self.ensure_one()
        return self.report_type in ('qweb-pdf', 'qweb-html') and (self.report_name or '').startswith(PREFIX)

    def _check_paper_access(self):
        """Refuse a form to a user who is in none of its groups.

        :raise AccessError: the user may not print this form
        """
        self.ensure_one()
        if self.env.su or not self.group_ids or self.group_ids & self.env.user.all_group_ids:
            return
        raise AccessError(self.env._("You may not print this form: %(form)s.", form=self.name))

    def _check_printable(self, records):
        """Refuse a form before its time, such as a letter before the reply; rooms add their conditions.

        :raise UserError: with the reason, for whoever prints
        """

    def _get_paper_lang(self, record):
        """The language a form is printed in: the reader's. Rooms choose another for letters to people."""
        return self.env.lang

    def _get_rendering_context(self, report, docids, data):
        if not report._is_amlaj_paper():
            return super()._get_rendering_context(report, docids, data)
        report.with_env(self.env)._check_paper_access()
        # What the address bar carries is dropped: a form is made of records, not of parameters.
        data = {key: data[key] for key in ('report_type',) if key in (data or {})}
        values = super()._get_rendering_context(report, docids, data)
        report.with_env(self.env)._check_printable(values['docs'])
        return {**values, **self.env['amlaj.paper']._get_values(report)}

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report_sudo = self._get_report(report_ref)
        if not report_sudo._is_amlaj_paper():
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if not res_ids:
            # a blank form
            return {False: {'stream': self._render_paper(report_sudo, data), 'attachment': None}}
        report_sudo.with_env(self.env)._check_paper_access()
        streams = OrderedDict()
        for record in self.env[report_sudo.model].browse(OrderedDict.fromkeys(res_ids)):
            self._record_print(report_sudo, record)
            attachment = stream = None
            if report_sudo.attachment and not self.env.context.get('report_pdf_no_attachment'):
                attachment = report_sudo.retrieve_attachment(record)
                if attachment and report_sudo.attachment_use:
                    stream = io.BytesIO(attachment.raw)
            streams[record.id] = {
                'stream': stream or self._render_paper(report_sudo, data, record),
                'attachment': attachment,
            }
        return streams

    def _record_print(self, report_sudo, record):
        """Write down that a paper was printed, where its record keeps an access log."""
        if hasattr(record, '_record_access'):
            record.check_access('read')
            record._record_access('print', report_sudo.report_name.removeprefix(PREFIX))

    def _render_paper(self, report_sudo, data, record=None):
        """The PDF of one record's form (or of the blank form) as a stream.

        :raise UserError: where this server lacks what draws papers
        """
        lang = report_sudo._get_paper_lang(record) or self.env.lang
        html = self.with_context(lang=lang)._render_qweb_html(
            report_sudo.report_name, record.ids if record else [], data=dict(data or {}))[0]
        try:
            # imported here: a server without Pango's libraries starts, and only printing says what is missing
            from ...tools.paper import render_pdf
            return io.BytesIO(render_pdf(html.decode() if isinstance(html, bytes) else html))
        except (ImportError, OSError) as error:
            _logger.error("Papers cannot be drawn, a library is missing: %s", error)
            raise UserError(self.env._(
                "Papers cannot be printed on this server yet: the printing library is incomplete. "
                "Please tell whoever looks after the server.")) from error
