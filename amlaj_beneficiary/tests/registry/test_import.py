import base64
import io
import zipfile
from datetime import date
from unittest.mock import patch

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.registry import import_work
from .. import common
from ..common import identity

HEAD = ["Whole name", "Identity number", "Birth date", "Phone", "Gender", "Village or district", "Categories"]


class ImportBuilders(common.AmlajBuilders):
    """Builders of tables and of their taking over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user['manager']
        cls.Import = cls.env['amlaj.import'].with_user(cls.manager)
        cls.Beneficiary = cls.env['amlaj.beneficiary']

    def table(self, rows, head=HEAD, name="Files", merged=(), **sheets):
        """The bytes of a workbook with a sheet of ``rows`` below ``head``, and of ``sheets`` by their names."""
        book = Workbook()
        book.remove(book.active)
        for title, lines in {name: [head, *rows], **sheets}.items():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
            for cells in merged if title == name else ():
                sheet.merge_cells(cells)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def send(self, data, name="files.xlsx"):
        return self.Import.create({'file': base64.b64encode(data), 'file_name': name})

    def work(self, progress=lambda *args, **kwargs: 600):
        """Let the job run; ``progress`` stands for the commit between batches, which gives the seconds that are left."""
        self.env.flush_all()
        with patch.object(type(self.env['ir.cron']), '_commit_progress', progress):
            self.env['amlaj.import']._cron_work()
        self.env.invalidate_all()

    def tried(self, data, **vals):
        one = self.send(data, **vals)
        one.action_check()
        self.work()
        return one

    def taken(self, data, **vals):
        one = self.tried(data, **vals)
        one.action_run()
        self.work()
        return one

    def counts(self, one):
        return one.good_count, one.double_count, one.wrong_count

    def reasons(self, one):
        return {(fault.kind, fault.row): fault.reason for fault in one.fault_ids}

    def row(self, rank, name="خالد عواد سالم الجهني", **vals):
        row = [name, identity(rank), '1990-02-12', f'05012{rank:05}', 'ذكر', self.locality.name, '']
        for at, value in vals.items():
            row[int(at[1:])] = value
        return row


@tagged('post_install', '-at_install', 'amlaj')
class TestImport(ImportBuilders, common.AmlajCommon):
    """Tables are tried, the good rows become files, the others come back with the reason (R60)."""

    def test_a_trial_makes_nothing(self):
        before = self.Beneficiary.search_count([])
        one = self.tried(self.table([self.row(901), self.row(902)]))
        self.assertEqual((one.state, self.counts(one)), ('checked', (2, 0, 0)))
        self.assertFalse(one.report)
        self.assertEqual(self.Beneficiary.search_count([]), before)

    def test_good_rows_become_files(self):
        category = self.env['amlaj.beneficiary.category'].create([{'name': "Coral guides"}, {'name': "Pearl divers"}])
        one = self.taken(self.table([
            self.row(903, c2='15/7/1410', c3=501234903.0, c6="Coral guides، Pearl divers"),
            self.row(904, c2=date(1988, 3, 1), c1=float(identity(904))),
            self.row(905, c2='١٢/٢/١٩٩٠', c1='٢' + ''.join('٠١٢٣٤٥٦٧٨٩'[int(n)] for n in identity(905, 'iqama')[1:])),
        ]))
        self.assertEqual((one.state, self.counts(one)), ('done', (3, 0, 0)))
        first, second, third = self.Beneficiary.search([('locality_id', '=', self.locality.id)], order='id', limit=3)
        self.assertRecordValues(first, [{
            'name': "خالد عواد سالم الجهني", 'first_name': 'خالد', 'family_name': 'الجهني', 'identity_number': identity(903),
            'phone': '+966501234903', 'gender': 'male', 'branch_id': self.branch.id, 'category_ids': category.ids,
            'state': 'provisional', 'birth_date': date(1990, 2, 10)}])
        self.assertTrue(first.file_number)
        self.assertEqual((second.birth_date, second.identity_number), (date(1988, 3, 1), identity(904)))
        self.assertEqual((third.birth_date, third.identity_kind), (date(1990, 2, 12), 'iqama'))
        self.assertEqual(self.env['amlaj.access.log'].search([('model', '=', 'amlaj.import')], limit=1).event, 'import')

    def test_the_same_table_twice_makes_nothing_twice(self):
        data = self.table([self.row(906), self.row(907, c1=''), self.row(908, "منى علي", c1='', c3='')])
        self.assertEqual(self.counts(self.taken(data)), (3, 0, 0))
        again = self.taken(data)
        self.assertEqual(self.counts(again), (0, 3, 0))
        self.assertIn("has this identity number", self.reasons(again)['files', 2])
        self.assertIn("same phone or birth date", self.reasons(again)['files', 4])

    def test_wrong_rows_come_back_with_the_reason(self):
        one = self.taken(self.table([
            self.row(909), self.row(910, c1='1000000000'), self.row(911, c2='31/2/1990'), self.row(912, c3='12'),
            self.row(913, c4='؟'), self.row(914, c5="Nowhere"), self.row(915, c0=''), self.row(909),
            self.row(916, c0='@SUM(1)', c6="Nothing of ours"), self.row(917, c2='1/1/2090')]))
        self.assertEqual(self.counts(one), (1, 1, 8))
        reasons = self.reasons(one)
        for row, text in ((3, "identity"), (4, "no day 31"), (5, "phone"), (6, "is not one of"), (7, "not in our list"),
                          (8, "name is missing"), (9, "in this table already"), (11, "future")):
            self.assertIn(text, reasons['files', row])
        sheet = load_workbook(io.BytesIO(base64.b64decode(one.report))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0][3:], tuple(HEAD))
        self.assertEqual([row[0] for row in rows[1:]], sorted(row for _kind, row in reasons))
        self.assertEqual(rows[1][2], reasons['files', 3])
        self.assertEqual(rows[1][4], '1000000000')
        self.assertTrue(str(rows[8][3]).startswith("'@"), "no formula lives in the table that goes back")

    def test_like_an_existing_file(self):
        file = self.make_file("خالد عوّاد سالم الجهني", phone='+966501299999')
        one = self.taken(self.table([self.row(918, c3=''), self.row(919, "سارة محمد علي الحربي", c3='0501299999')]))
        self.assertEqual((one.warned_count, self.counts(one)), (2, (2, 0, 0)))
        self.assertIn(file.file_number, self.reasons(one)['files', 2])

    def test_columns_of_ones_own_are_remembered(self):
        head = ["م", "اسم المستفيد رباعي", "رقم السجل المدني"]
        data = self.table([[1, "خالد عواد سالم الجهني", identity(920)]], head)
        one = self.send(data)
        self.assertFalse(any(one.column_ids.mapped('field_key')))
        with self.assertRefused(UserError, "which column holds"):
            one.action_check()
        for column, key in zip(one.column_ids[1:], ('file_name', 'file_identity_number'), strict=True):
            column.field_key = key
        one.action_check()
        self.work()
        self.assertEqual(self.counts(one), (1, 0, 0))
        again = self.send(data)
        self.assertEqual(again.column_ids.mapped('field_key'), [False, 'file_name', 'file_identity_number'])

    def test_members_of_the_household(self):
        owner = self.make_file()
        head = ["Identity or file number of the file's owner", "Name of the member", "Relationship", "Birth date of the member"]
        data = self.table([self.row(921)], **{"Household members": [
            head, [owner.file_number, "سعد", 'ابن', '2015-01-01'], [identity(921), "نورة", 'زوجة', ''],
            [identity(999), "منى", 'ابنة', ''], [identity(921), "ليلى", 'جارة', '']]})
        tried = self.tried(data)
        self.assertEqual(self.counts(tried), (3, 0, 2), "a trial counts on the files that the table itself makes")
        tried.action_run()
        self.work()
        self.assertEqual(self.counts(tried), (3, 0, 2))
        self.assertEqual(owner.member_ids.mapped(lambda member: (member.name, member.relationship)), [("سعد", 'child')])
        self.assertEqual(self.counts(self.taken(data)), (0, 3, 2))

    def test_merged_cells_and_csv(self):
        rows = [self.row(922), self.row(923, "سارة محمد علي الحربي", c5='')]
        self.assertEqual(self.counts(self.taken(self.table(rows, merged=['F2:F3']))), (2, 0, 0))
        self.assertEqual(
            self.Beneficiary.search([('identity_number', '=', identity(923))]).locality_id, self.locality)
        lines = [';'.join(map(str, line)) for line in (HEAD, self.row(924))]
        for rank, encoding in ((924, 'utf-8'), (924, 'cp1256')):
            one = self.tried('\n'.join(lines).encode(encoding), name="files.csv")
            self.assertEqual(self.counts(one), (1, 0, 0), (rank, encoding))

    def test_what_is_no_table(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, 'w') as archive:
            archive.writestr('xl/workbook.xml', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
        for data in (b'', b'%PDF-1.4', b'PK\x03\x04broken', b'\0\0\0', bomb.getvalue(), self.table([], head=[])):
            with self.subTest(data=data[:20]), self.assertRaises(ValidationError):
                self.send(data)
        with self.assertRefused(ValidationError, "No sheet is named"):
            self.send(self.table([self.row(925)], **{"Other": [["x", "y"]]}, name="Third"))

    # ------------------------------------------------------------
    # Stopping, going on, and at once
    # ------------------------------------------------------------

    def test_stopped_and_gone_on(self):
        one = self.tried(self.table([self.row(rank) for rank in range(930, 942)]))
        one.action_run()
        done = []

        def stop(*args, **kwargs):
            done.append(one.good_count)
            if len(done) == 2:
                one.action_stop()
            return 600
        with patch.object(import_work, 'BATCH', 5):
            self.work(stop)
            self.assertEqual((one.state, self.counts(one), one.row), ('stopped', (10, 0, 0), 11))
            one.action_run()
            self.work()
        self.assertEqual((one.state, self.counts(one)), ('done', (12, 0, 0)))
        numbers = [identity(rank) for rank in range(930, 942)]
        self.assertEqual(self.Beneficiary.search_count([('identity_number', 'in', numbers)]), 12)

    def test_a_killed_job_goes_on_where_it_was(self):
        one = self.tried(self.table([self.row(rank) for rank in range(942, 954)]))
        one.action_run()
        with patch.object(import_work, 'BATCH', 5):
            self.work(lambda *args, **kwargs: 0)
            self.assertEqual((one.state, one.row), ('running', 6))
            self.work(lambda *args, **kwargs: 0)
            self.assertEqual((one.state, one.row), ('running', 11))
        self.work()
        self.assertEqual((one.state, self.counts(one)), ('done', (12, 0, 0)))

    def test_one_refused_row_does_not_stop_its_batch(self):
        one = self.tried(self.table([self.row(954), self.row(955)]))
        self.make_file(identity_number=identity(954))  # somebody was quicker
        with patch.object(type(one), '_twins', lambda self, vals_list: {}):
            one.action_run()
            self.work()
        self.assertEqual(self.counts(one), (1, 0, 1))

    def test_it_costs_the_same_for_each_row(self):
        def cost(first, count):
            one = self.tried(self.table([self.row(rank) for rank in range(first, first + count)]))
            one.action_run()
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            self.work()
            end = self.env.cr.sql_log_count
            self.assertEqual(one.good_count, count)
            return end - start
        cost(960, 5)
        few, many = cost(970, 10), cost(1000, 60)
        self.assertLess((many - few) / 50, 4, "a row costs its number, its file and little else")

    # ------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------

    def test_managers_alone(self):
        one = self.tried(self.table([self.row(956)]))
        for role, user in self.user.items():
            if role == 'manager':
                continue
            mine = one.with_user(user)
            for door in (lambda: mine.read(['file_name']), lambda: mine.action_check(), lambda: mine.action_run(),
                         lambda: mine.fault_ids.read(['reason']), lambda: mine._make_template(),
                         lambda: mine.create({'file': 'eA==', 'file_name': 'x.csv'})):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    door()
        with self.assertRaises(AccessError):
            one.write({'state': 'done'})
        with self.assertRaises(AccessError):
            one.write({'fault_ids': [Command.clear()]})

    def test_a_running_table_is_not_changed(self):
        one = self.tried(self.table([self.row(957)]))
        one.action_run()
        with self.assertRefused(UserError, "being worked on"):
            one.write({'file': base64.b64encode(self.table([self.row(958)]))})
        with self.assertRefused(UserError, "step that comes now"):
            one.action_check()

    def test_who_lost_his_role_meanwhile(self):
        one = self.tried(self.table([self.row(959)]))
        one.action_run()
        self.manager.group_ids -= self.env.ref('amlaj_beneficiary.group_manager')
        self.work()
        self.assertFalse(self.Beneficiary.search([('identity_number', '=', identity(959))]))
        self.assertEqual(one.sudo().good_count, 0)

    def test_the_table_is_erased(self):
        one = self.taken(self.table([self.row(926), self.row(927, c3='1')]))
        self.assertTrue(one.report)
        self.env.flush_all()
        self.env.cr.execute("UPDATE amlaj_import SET write_date = write_date - interval '31 days' WHERE id = %s", [one.id])
        self.env.invalidate_all()
        self.env['amlaj.import']._gc_tables()
        self.env.invalidate_all()
        self.assertFalse(one.file or one.report or one.fault_ids)
        self.assertEqual(self.counts(one), (1, 0, 1), "what became of it stays known")


@tagged('post_install', '-at_install', 'amlaj')
class TestImportTemplate(ImportBuilders, common.AmlajHttpCommon):
    """The template has a sheet for each kind, and its own names are found again."""

    def test_the_template_is_taken_over(self):
        self.env['res.lang']._activate_lang('ar_001')
        self.manager.lang = 'ar_001'
        self.authenticate(self.manager.login, self.manager.login)
        answer = self.url_open('/amlaj/import/template')
        self.assertEqual(answer.headers['Cache-Control'], 'no-store')
        book = load_workbook(io.BytesIO(answer.content))
        self.assertTrue(all(sheet.sheet_view.rightToLeft for sheet in book.worksheets))
        sheet = book.worksheets[0]
        columns = {cell.value: cell.column for cell in sheet[1]}
        Column = self.env['amlaj.import.column'].with_context(lang='ar_001')
        labels = Column._targets('files')
        self.assertEqual(list(columns), list(labels.values()))
        for key, value in (('file_name', 'خالد عواد سالم الجهني'), ('file_identity_number', identity(961)),
                           ('file_gender', 'ذكر')):
            sheet.cell(2, columns[labels[key]], value)
        stream = io.BytesIO()
        book.save(stream)
        one = self.send(stream.getvalue())
        self.assertEqual(len(one.column_ids.filtered('field_key')), len(one.column_ids))
        one.action_check()
        self.work()
        self.assertEqual(self.counts(one), (1, 0, 0))

    def test_others_get_none(self):
        relations = self.user['relations']
        self.authenticate(relations.login, relations.login)
        self.assertEqual(self.url_open('/amlaj/import/template').status_code, 404)
