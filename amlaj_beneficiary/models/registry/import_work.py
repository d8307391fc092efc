import itertools
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.errors import BadInput
from ...tools.sheet import cell_text
from .import_file import BATCH, DAYS_KEPT, WORKING


class AmlajImport(models.Model):
    """The scheduled work on a table: a trial, or the taking over, batch by batch; what is done is committed with the place
    up to which it is done, so a killed server goes on there and makes nothing twice (R60)."""
    _inherit = 'amlaj.import'

    @api.model
    def _cron_work(self):
        """Work on what waits; any number of times, at any moment."""
        for one in self.search([('state', 'in', WORKING)], order='id'):
            user = one.started_by_id
            work = one.with_user(user).with_context(
                lang=user.lang, tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True)
            try:
                is_over = work._work()
            except (UserError, BadInput) as error:
                # the table itself cannot be read any more, or its reader's role has ended; a batch undoes its own faults
                one._note_faults([{'kind': one.sheet or 'files', 'row': 0, 'verdict': 'wrong', 'reason': str(error)[:500]}])
                is_over = one._end()
            if not is_over or not self.env['ir.cron']._commit_progress(1):
                return

    def _work(self):
        """Go on with one table. :return: whether it is over"""
        book = self._book()
        sheets = self._sheets(book)
        kinds = [kind for kind, _name in sheets]
        start = kinds.index(self.sheet) if self.sheet in kinds else 0
        for kind, name in sheets[start:]:
            columns = [(column.position, column.field_key) for column in self.column_ids
                       if column.kind == kind and column.field_key]
            work, seen = self._planning(book, dict(sheets), kind), {}
            rows = self._cleaned_rows(book, name, self.row if kind == self.sheet else 0)
            while batch := list(itertools.islice(rows, BATCH)):
                work._work_batch(kind, columns, batch, seen)
                if not self.env['ir.cron']._commit_progress(len(batch), remaining=1) or self._is_stopped():
                    return False
        return self._end()

    def _cleaned_rows(self, book, name, after):
        try:
            yield from book.rows(name, after)
        except BadInput as error:
            raise ValidationError(str(error)) from error

    def _is_stopped(self):
        """Whether somebody stopped it meanwhile."""
        self.invalidate_recordset(['state'])
        return self.state not in WORKING

    def _planning(self, book, names, kind):
        """In a trial, with the numbers of the files that the table itself would make."""
        if self.state != 'checking' or kind == 'files' or 'files' not in names:
            return self
        at = {column.field_key: column.position for column in self.column_ids if column.kind == 'files'}
        place = at.get('file_identity_number')
        planned = {
            self._number_of(cell_text(values[place]))
            for _row, values in self._cleaned_rows(book, names['files'], 0) if place is not None and place < len(values)}
        return self.with_context(amlaj_planned=frozenset(planned))

    def _work_batch(self, kind, columns, batch, seen):
        """Judge, make and count one batch, and note how far we are."""
        judged = self._judge(kind, [self._text_row(columns, values) for _number, values in batch], seen)
        if self.state == 'running':
            judged = self._make(kind, judged)
        self._note_faults([
            {'kind': kind, 'row': number, 'verdict': one.verdict, 'reason': one.reason[:500]}
            for (number, _values), one in zip(batch, judged, strict=True) if one.verdict != 'good'])
        verdicts = [one.verdict for one in judged]
        self.sudo().write({  # the counts are guarded
            'sheet': kind, 'row': batch[-1][0],
            'good_count': self.good_count + verdicts.count('good') + verdicts.count('warned'),
            'warned_count': self.warned_count + verdicts.count('warned'),
            'double_count': self.double_count + verdicts.count('double'),
            'wrong_count': self.wrong_count + verdicts.count('wrong')})

    def _make(self, kind, judged):
        """Make the good rows of a batch, at once or, where one of them is refused, one by one."""
        Model = self.env[self._model_of(kind)]
        good = [one for one in judged if one.vals]
        if not good:
            return judged
        try:
            with self.env.cr.savepoint():
                Model.create([one.vals for one in good])
            return judged
        except (UserError, ValidationError, IntegrityError):
            return [self._make_one(Model, one) if one.vals else one for one in judged]

    def _make_one(self, Model, one):
        try:
            with self.env.cr.savepoint():
                Model.create([one.vals])
            return one
        except (UserError, ValidationError) as error:
            return one._replace(vals=None, verdict='wrong', reason=str(error.args[0]))
        except IntegrityError:
            return one._replace(vals=None, verdict='double', reason=self.env._("Somebody has entered this meanwhile."))

    def _note_faults(self, faults):
        self.env['amlaj.import.fault'].sudo().create([{'import_id': self.id, **fault} for fault in faults])

    def _end(self):
        """Close the trial or the taking over; the rows to mend go back as a table (superuser's own writing)."""
        one_sudo = self.sudo()  # guarded
        one_sudo.write({
            'state': 'checked' if one_sudo.state == 'checking' else 'done', 'sheet': False, 'row': 0,
            'ended_at': fields.Datetime.now(), 'report': self._make_report()})
        self._record_access('import', f'good={one_sudo.good_count},wrong={one_sudo.wrong_count}')
        return True

    @api.autovacuum
    def _gc_tables(self):
        """Erase the tables and reports of what ended long ago: they are people's data, and were taken over."""
        old = fields.Datetime.now() - timedelta(days=DAYS_KEPT)
        over = self.search([
            ('state', 'not in', WORKING), ('write_date', '<', old), '|', ('file', '!=', False), ('report', '!=', False)])
        over.write({'report': False})
        self.env['ir.attachment'].search([
            ('res_model', '=', self._name), ('res_field', '=', 'file'), ('res_id', 'in', over.ids)]).unlink()
        over.fault_ids.unlink()
