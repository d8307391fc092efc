import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...tools.sheet import Book
from ...tools.text import name_key
from .guarded import Actors, Blocker

MOST_MB = 15
BATCH = 200
DAYS_KEPT = 30
WORKING = ('checking', 'running')


class AmlajImport(models.Model):
    """Taking over the files that an association has in tables: tried first, every row judged, good rows in, bad rows back
    with the reason beside each (R60).

    A manager sends an Excel or CSV file; its columns are found by their names, and what he chooses for a name of his own
    is remembered for the next table. A trial and the taking over are done by a scheduled job in batches: it goes on where
    it stopped, and the same table twice makes nothing twice. What each sheet holds, and how a row becomes a record, is
    told in ``import_rows.py`` and in later rooms. The table itself is personal data: it is erased after 30 days.
    """
    _name = 'amlaj.import'
    _description = "Taking over a table"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'file_name'

    file = fields.Binary(string="Table", required=True, copy=False, help="An Excel file (.xlsx) or a CSV file.")
    file_name = fields.Char(string="Name of the table", required=True, copy=False)
    state = fields.Selection([
        ('draft', "Columns"),
        ('checking', "Being tried"),
        ('checked', "Tried"),
        ('running', "Being taken over"),
        ('stopped', "Stopped"),
        ('done', "Taken over"),
    ], required=True, default='draft', index=True, copy=False)
    column_ids = fields.One2many('amlaj.import.column', 'import_id', string="Columns", copy=False)
    fault_ids = fields.One2many('amlaj.import.fault', 'import_id', string="Rows", copy=False)
    sheet = fields.Char(copy=False)
    row = fields.Integer(string="Up to row", copy=False)
    good_count = fields.Integer(string="Good rows", copy=False)
    warned_count = fields.Integer(string="Of them like an existing file", copy=False)
    double_count = fields.Integer(string="Rows that exist already", copy=False)
    wrong_count = fields.Integer(string="Wrong rows", copy=False)
    started_by_id = fields.Many2one('res.users', string="Started by", copy=False)
    started_at = fields.Datetime(string="Started on", copy=False)
    ended_at = fields.Datetime(string="Ended on", copy=False)
    report = fields.Binary(string="Rows to mend", copy=False)
    report_name = fields.Char(string="Name of the report", compute='_compute_report_name')

    _guarded_fields = frozenset({
        'state', 'fault_ids', 'sheet', 'row', 'good_count', 'warned_count', 'double_count', 'wrong_count', 'started_by_id',
        'started_at', 'ended_at', 'report'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # it is of no file yet

    def _compute_report_name(self):
        for one in self:
            one.report_name = self.env._("Rows to mend of %(name)s.xlsx", name=(one.file_name or '').rsplit('.', 1)[0])

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the tables, with the columns that were found in each."""
        imports = super().create(vals_list)
        imports._find_columns()
        return imports

    def write(self, vals):
        is_other_table = not self.env.su and {'file', 'column_ids'} & vals.keys()
        if is_other_table and any(one.state not in ('draft', 'checked') for one in self):
            raise UserError(self.env._("The table is being worked on, or is taken over already."))
        result = super().write(vals)
        if vals.get('file'):
            self._find_columns()
        if is_other_table:
            self.sudo().filtered(lambda one: one.state == 'checked').state = 'draft'  # what was tried is another table now
        return result

    # ------------------------------------------------------------
    # The table and its columns
    # ------------------------------------------------------------

    def _book(self):
        """The table as a book of sheets.

        :raise ValidationError: where it cannot be read
        """
        self.ensure_one()
        try:
            data = base64.b64decode(self.with_context(bin_size=False).file or b'', validate=False)
        except binascii.Error:
            data = b''
        if not data:
            raise ValidationError(self.env._("The table is empty or was erased. Please send it again."))
        if len(data) > MOST_MB * 1024 * 1024:
            raise ValidationError(self.env._("The table has more than %(most)s MB. Please send it in parts.", most=MOST_MB))
        return self._cleaned(Book, data)

    @api.model
    def _kinds(self):
        """What a sheet can hold, in the order of taking over: ``{kind: words by which a sheet's name tells it}``; later
        rooms add theirs."""
        return {'files': ('ملف', 'مستفيد', 'file', 'benefic'), 'members': ('فرد', 'افراد', 'تابع', 'member')}

    def _sheets(self, book):
        """``[(kind, name)]`` of the sheets that hold something we know, in the order of taking over."""
        names = {}
        for name in book.names:
            key = name_key(name)
            for kind, words in self._kinds().items():
                if kind not in names and any(word in key for word in words):
                    names[kind] = name
                    break
        if not names and len(book.names) == 1:
            names['files'] = book.names[0]
        return [(kind, names[kind]) for kind in self._kinds() if kind in names]

    def _find_columns(self):
        """Find the columns of each sheet, by our names or by what was chosen for theirs before."""
        Column = self.env['amlaj.import.column'].sudo()  # whoever may keep the table may have its columns found
        for one in self:
            book = one._book()
            sheets = one._sheets(book)
            if not sheets:
                raise ValidationError(self.env._(
                    "No sheet is named after what it holds. Please name them as in the template, or send one sheet alone."))
            vals_list = []
            for kind, name in sheets:
                known = one._known_columns(kind)
                used = set()
                for position, text in enumerate(one._cleaned(book.head, name)[1]):
                    field = known.get(name_key(text)) if text else None
                    if text:
                        vals_list.append({
                            'import_id': one.id, 'kind': kind, 'position': position, 'name': text[:200],
                            'field_key': False if field in used else field})
                        used.add(field)
            if not vals_list:
                raise ValidationError(self.env._("No row of the table names its columns. Please use the template."))
            Column.search([('import_id', '=', one.id)]).unlink()
            Column.create(vals_list)

    def _known_columns(self, kind):
        """``{key of a column's name: field}``: the template's names in both languages, and what was chosen before."""
        Column = self.env['amlaj.import.column']
        known = {}
        for lang in dict(self.env['res.lang'].get_installed()):
            for field, label in Column.with_context(lang=lang)._targets(kind).items():
                known[name_key(label)] = field
        chosen = Column.search([('kind', '=', kind), ('field_key', '!=', False)], order='id')
        return known | {name_key(column.name): column.field_key for column in chosen}

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_check(self):
        """Try the table: every row is judged, nothing is made."""
        self._do('check', self._anew('checking'))
        return self._wake()

    def action_run(self):
        """Take over the good rows; from where it was stopped."""
        for one in self:
            one._do('run', {'state': 'running'} if one.state == 'stopped' else one._anew('running'))
        return self._wake()

    def action_stop(self):
        """Stop after the batch that is under way; what was taken over stays."""
        return self._do('stop', {'state': 'stopped'})

    def _anew(self, state):
        """What work on the table begins with; the rows that a trial before told are forgotten."""
        return {
            'state': state, 'sheet': False, 'row': 0, 'good_count': 0, 'warned_count': 0, 'double_count': 0,
            'wrong_count': 0, 'report': False, 'ended_at': False, 'fault_ids': [Command.clear()],
            **self._stamp('started')}

    def _wake(self):
        self.env.ref('amlaj_beneficiary.cron_import').sudo()._trigger()  # the job is the house's own
        return True

    def _actors(self):
        manager = Actors(frozenset({'manager'}))
        return super()._actors() | {'check': manager, 'run': manager, 'stop': manager}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {'check': ('draft', 'checked'), 'run': ('checked', 'stopped'), 'stop': ('running',)}
        for one in self:
            if one.state not in states.get(action, (one.state,)):
                blockers[one.id].append(Blocker('state', self.env._("This is not the step that comes now.")))
            elif action in ('check', 'run') and (missing := one._missing_columns()):
                blockers[one.id].append(Blocker('columns', self.env._(
                    "Please say which column holds: %(columns)s.", columns=self.env._(", ").join(missing))))
        return blockers

    def _missing_columns(self):
        """The names of the columns that nothing can do without, of the sheets that the table has."""
        Column = self.env['amlaj.import.column']
        missing = []
        for kind in self._kinds():
            columns = self.column_ids.filtered(lambda column, kind=kind: column.kind == kind)
            labels = Column._targets(kind)
            if kind == 'files' and columns and not {'file_name', 'file_first_name'} & set(columns.mapped('field_key')):
                missing.append(labels['file_name'])
            missing += [
                labels[field] for field in Column._needed(kind)
                if columns and field not in columns.mapped('field_key')]
        return missing
