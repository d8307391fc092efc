import hashlib
import hmac
import json

from odoo import api, fields, models

PAPER = 'amlaj_beneficiary.%s'


class AmlajAccessLog(models.Model):
    """Who looked at what is sensitive, printed or exported it: rows that are only ever added (R69; design rule 1).

    Managers, auditors and the data-protection officer read it. Nobody writes: the app's own methods insert, and the
    database itself refuses a change. Names and ids are kept as text, without foreign keys, so that nothing that happens
    to a file or to a user changes what is written here. Each row carries an HMAC of its own content under a key that
    is not in the database.
    """
    _name = 'amlaj.access.log'
    _description = "Access log"
    _order = 'id desc'
    _rec_name = 'event'
    _log_access = False

    at = fields.Datetime(required=True, readonly=True, index=True)
    user_ref = fields.Integer(string="User number", required=True, readonly=True, index=True)
    user_name = fields.Char(string="User", required=True, readonly=True)
    event = fields.Selection([
        ('reveal', "Looked at a sensitive value"),
        ('note', "Noted a sensitive value"),
        ('print', "Printed"),
        ('export', "Exported"),
        ('import', "Took over a table"),
        ('open', "Opened"),
        ('account', "Account given, registered or closed"),
        ('follow', "Code for following given or ended"),
        ('change', "Changed at the person's request"),
        ('accept', "Accepted a new IBAN"),
        ('annul', "Took a decision back"),
    ], required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_ref = fields.Integer(string="Record number", required=True, readonly=True)
    res_name = fields.Char(string="Record", readonly=True)
    detail = fields.Char(readonly=True)
    detail_shown = fields.Char(string="Details", compute='_compute_detail_shown')
    seal = fields.Char(required=True, readonly=True)

    _by_record = models.Index('(model, res_ref)')

    def init(self):
        self.env.cr.execute("""
            CREATE OR REPLACE FUNCTION amlaj_access_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The access log is only ever added to.';
            END $$;
            DROP TRIGGER IF EXISTS amlaj_access_log_append_only ON amlaj_access_log;
            CREATE TRIGGER amlaj_access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON amlaj_access_log
                FOR EACH STATEMENT EXECUTE FUNCTION amlaj_access_log_refuse();
        """)

    @api.depends('event', 'model', 'detail')
    @api.depends_context('lang')
    def _compute_detail_shown(self):
        """The detail in the reader's words: a paper's or a field's name; the row itself keeps the technical one."""
        reports = self.env['ir.actions.report'].sudo().search([  # names of forms, which are no secret
            ('report_name', 'in', [PAPER % row.detail for row in self if row.event == 'print'])])
        papers = {report.report_name: report.name for report in reports}
        others = {
            'snapshot': self.env._("File at the decision"),
            'code given': self.env._("A code was given"),
            'code ended': self.env._("The code was ended"),
            'closed': self.env._("The account was closed"),
            'closed by its owner': self.env._("The person closed the account himself"),
            'registered from home': self.env._("The person registered from home"),
            'sensitive_categories': self.env._("Sensitive categories"),
            'coaching': self.env._("Figures for coaching"),
        }
        for row in self:
            row.detail_shown = (
                others.get(row.detail) or papers.get(PAPER % row.detail) or row._shown_fields() or row.detail)

    def _shown_fields(self):
        """The labels of the fields that the detail names, or '' where it names none."""
        fields_of_model = self.env[self.model]._fields if self.model in self.env else {}
        found = [fields_of_model.get(name) for name in (self.detail or '').split(',')]
        return '، '.join(field._description_string(self.env) for field in found) if all(found) else ''

    @api.model
    def _seal(self, vals):
        """HMAC-SHA256 of a row's content, as hexadecimal text."""
        content = json.dumps(
            {name: str(vals.get(name) or '') for name in (
                'at', 'user_ref', 'user_name', 'event', 'model', 'res_ref', 'res_name', 'detail')},
            ensure_ascii=False, sort_keys=True)
        return hmac.new(self.env['amlaj.secret']._key(), content.encode(), hashlib.sha256).hexdigest()

    @api.model
    def _add(self, records, event, detail, name_field):
        """Insert one row for each of ``records``; the caller has checked the right to look."""
        user = self.env.user
        rows = []
        for record in records.sudo():  # the number of a file is written even where the reader saw only one value
            vals = {
                'at': fields.Datetime.now(), 'user_ref': user.id, 'user_name': user.sudo().name, 'event': event,
                'model': records._name, 'res_ref': record.id, 'res_name': record[name_field] or '',
                'detail': detail or '',
            }
            rows.append(dict(vals, seal=self._seal(vals)))
        return self.sudo().create(rows)  # nobody has a right to insert but this method

    def _is_genuine(self):
        """Whether the row still says what was written."""
        self.ensure_one()
        return hmac.compare_digest(self.seal, self._seal({name: self[name] for name in self._fields}))
