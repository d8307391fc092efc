import hashlib

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestAccessLog(common.AmlajCommon):
    """Sensitive data are the answer of one method that writes down who looked; what is written down stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file()
        cls.open, cls.sensitive = cls.env['amlaj.beneficiary.category'].create([
            {'name': "Fishers"}, {'name': "A sensitive matter", 'is_sensitive': True}])
        cls.Log = cls.env['amlaj.access.log']

    def _lines(self, **values):
        return self.Log.search([(name, '=', value) for name, value in values.items()] + [
            ('model', '=', 'amlaj.beneficiary'), ('res_ref', '=', self.file.id)])

    def _noted(self):
        self.file.with_user(self.user['researcher']).action_set_sensitive_categories(self.sensitive.ids)

    # ------------------------------------------------------------
    # Sensitive categories
    # ------------------------------------------------------------

    def test_who_may_note_and_who_may_look(self):
        for role, user in self.user.items():
            with self.subTest(role=role, step='note'):
                file = self.file.with_user(user)
                if role in ('researcher', 'manager'):
                    self.assertTrue(file.action_set_sensitive_categories(self.sensitive.ids))
                else:
                    with self.assertRaises(AccessError):
                        file.action_set_sensitive_categories([])
        for role, user in self.user.items():
            with self.subTest(role=role, step='look'):
                file = self.file.with_user(user)
                if role in ('researcher', 'manager'):
                    self.assertEqual(
                        file.action_reveal('sensitive_categories'),
                        [{'id': self.sensitive.id, 'name': "A sensitive matter"}])
                else:  # a committee member too: the file is on no agenda of his
                    with self.assertRaises(AccessError):
                        file.action_reveal('sensitive_categories')

    def test_each_look_is_written_down(self):
        self._noted()
        self.assertFalse(self._lines(event='reveal'))
        self.file.with_user(self.user['manager']).action_reveal('sensitive_categories')
        line = self._lines(event='reveal')
        self.assertEqual(
            (line.user_ref, line.user_name, line.res_name, line.detail),
            (self.user['manager'].id, 'amlaj_manager', self.file.file_number, 'sensitive_categories'))
        self.assertTrue(line._is_genuine())
        self.assertEqual(self._lines(event='note').user_ref, self.user['researcher'].id)
        with self.assertRaises(AccessError):
            self.file.with_user(self.user['manager']).action_reveal('iban')

    def test_no_line_names_a_person(self):
        self._noted()
        for name, value in self._lines()[0].read()[0].items():
            self.assertNotIn(self.file.name, str(value), name)
            self.assertNotIn(self.file.identity_number, str(value), name)

    def test_nobody_looks_into_a_file_of_his_own(self):
        self._noted()
        self.make_mandate(self.file, self.user['researcher'])
        for attempt in (
            lambda file: file.action_reveal('sensitive_categories'),
            lambda file: file.action_set_sensitive_categories([]),
        ):
            with self.assertRefused(AccessError, "of his own"):
                attempt(self.file.with_user(self.user['researcher']))

    def test_no_direct_door(self):
        self._noted()
        rows = self.env['amlaj.beneficiary.sensitive'].search([('beneficiary_id', '=', self.file.id)])
        self.assertEqual(rows.category_id, self.sensitive)
        for role, user in self.user.items():
            with self.subTest(role=role):
                for attempt in (
                    lambda u=user: rows.with_user(u).read(['category_id']),
                    lambda u=user: rows.with_user(u).search([]),
                    lambda u=user: rows.with_user(u).search_count([]),
                    lambda u=user: rows.with_user(u).create(
                        {'beneficiary_id': self.file.id, 'category_id': self.sensitive.id}),
                ):
                    with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                        attempt()

    def test_a_sensitive_category_is_never_an_open_one(self):
        relations = self.file.with_user(self.user['relations'])
        relations.category_ids = self.open
        with self.assertRaises(ValidationError):
            relations.category_ids = [Command.link(self.sensitive.id)]
        with self.assertRaises(ValidationError):
            self.file.category_ids = self.sensitive

    def test_a_category_in_use_does_not_change_sides(self):
        """Open links would become sensitive ones that everybody reads, and sensitive ones open."""
        self.file.category_ids = self.open
        self._noted()
        manager = self.user['manager']
        for category in (self.open, self.sensitive):
            with self.subTest(category=category.name), self.assertRaises(ValidationError):
                category.with_user(manager).is_sensitive = not category.is_sensitive
        self.env['amlaj.beneficiary.category'].with_user(manager).create({'name': "Unused"}).is_sensitive = True

    def test_noting_replaces(self):
        other = self.sensitive.copy({'name': "Another"})
        researcher = self.file.with_user(self.user['researcher'])
        researcher.action_set_sensitive_categories((self.sensitive + other + self.open).ids)
        self.assertEqual(len(researcher.action_reveal('sensitive_categories')), 2)
        researcher.action_set_sensitive_categories(other.ids)
        self.assertEqual([found['name'] for found in researcher.action_reveal('sensitive_categories')], ["Another"])
        self.assertEqual(self.file._all_categories(), other)

    # ------------------------------------------------------------
    # The log itself
    # ------------------------------------------------------------

    def test_nobody_writes_it_by_orm(self):
        self._noted()
        lines = self._lines()
        for user in (*self.user.values(), self.make_user('amlaj_system')):
            for attempt in (
                lambda u=user: lines.with_user(u).write({'detail': "x"}),
                lambda u=user: lines.with_user(u).unlink(),
                lambda u=user: lines.with_user(u).create({'event': 'open', 'model': 'x', 'res_ref': 1}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()

    def test_the_database_refuses_too(self):
        self._noted()
        self.env.flush_all()
        for statement in ("UPDATE amlaj_access_log SET detail = 'x'", "DELETE FROM amlaj_access_log",
                          "TRUNCATE amlaj_access_log"):
            with self.subTest(statement=statement), self.assertRaises(psycopg2.Error), mute_logger('odoo.sql_db'):
                with self.env.cr.savepoint():
                    self.env.cr.execute(statement)
        self.assertTrue(self._lines())

    def test_a_tampered_line_is_found(self):
        self._noted()
        line = self._lines()
        self.assertTrue(line._is_genuine())
        forged = {
            'user_ref': 1, 'user_name': "Somebody", 'event': 'print', 'model': 'res.partner', 'res_ref': 1,
            'res_name': '99999', 'detail': 'nothing', 'at': '2001-01-01 00:00:00',
            'seal': hashlib.sha256(b'guess').hexdigest(),
        }
        self.env.cr.execute("ALTER TABLE amlaj_access_log DISABLE TRIGGER amlaj_access_log_append_only")
        for name, value in forged.items():
            with self.subTest(field=name), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(f"UPDATE amlaj_access_log SET {name} = %s WHERE id = %s", [value, line.id])
                line.invalidate_recordset()
                self.assertFalse(line._is_genuine())
                savepoint.rollback()
        line.invalidate_recordset()
        self.assertTrue(line._is_genuine())

    def test_who_reads_it(self):
        self._noted()
        for role, user in self.user.items():
            with self.subTest(role=role):
                self.assertEqual(
                    self.Log.with_user(user).has_access('read'), role in ('manager', 'auditor', 'privacy_officer'))

    def test_a_file_that_is_gone_leaves_its_lines(self):
        file = self.make_file()
        file._record_access('open')
        number, file_id = file.file_number, file.id
        file.sudo().unlink()
        self.assertEqual(self.Log.search([('res_ref', '=', file_id), ('event', '=', 'open')]).res_name, number)

    def test_a_clients_context_writes_nothing_into_it(self):
        self._noted()
        self.file.with_user(self.user['manager']).with_context(
            default_user_name="Somebody", default_detail="nothing", default_at='2001-01-01 00:00:00',
            tracking_disable=True, no_log=True).action_reveal('sensitive_categories')
        line = self._lines(event='reveal')
        self.assertEqual((line.user_name, line.detail), ('amlaj_manager', 'sensitive_categories'))
        self.assertTrue(line._is_genuine())

    def test_details_are_read_in_words(self):
        self._noted()
        self.file.with_user(self.user['manager']).action_reveal('sensitive_categories')
        self.file._record_access('print', 'paper_access_slip')
        self.file._record_access('open', 'something else')
        shown = self._lines().mapped('detail_shown')
        self.assertEqual(set(shown), {"Sensitive categories", "Slip of an account", "something else"})
