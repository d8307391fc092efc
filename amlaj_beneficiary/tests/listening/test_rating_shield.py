from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..request import request_common
from . import test_rating

# what an answer may still point to: what it is counted by, and Odoo's superuser
COUNTED_BY = {
    'survey_id', 'amlaj_service_id', 'amlaj_branch_id', 'amlaj_department_id', 'amlaj_channel_id', 'amlaj_provider_id'}
OF_A_LINE = {'user_input_id', 'question_id', 'survey_id'}


@tagged('post_install', '-at_install', 'amlaj')
class TestRatingShield(test_rating.RatingBuilders, request_common.RequestCommon):
    """After seven days the whole database is searched for what joins an answer to a person: keys, numbers, times, users,
    mail, tokens and logs (R31; design rule 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.make_done()
        invitation = cls.done._rating_invitation()
        cls.secrets = [invitation._token(), invitation._digits(), invitation.token_hash, invitation.code_hash, invitation.nonce]
        invitation._answer(test_rating.GOOD | {'comment': 'Zwxq said'})
        cls.answer = invitation._answer_sudo()
        cls.secrets += [cls.answer.access_token]
        cls.lines = cls.answer.user_input_line_ids
        cls.env.flush_all()
        for table in ('survey_user_input', 'survey_user_input_line', 'amlaj_rating_invitation'):
            cls.env.cr.execute(f"UPDATE {table} SET create_date = create_date - interval '8 days',"
                               f" write_date = write_date - interval '8 days'")
        cls.env.invalidate_all()
        cls.env['survey.user_input']._cron_part()

    def rows(self, query, *args, **kwargs):
        return self.env.execute_query(SQL(query, *args, **kwargs))

    def columns(self, *types):
        """``(table, column)`` of every stored column of these types in the whole database."""
        return self.rows(
            """SELECT c.table_name, c.column_name FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE t.table_type = 'BASE TABLE' AND c.table_schema = current_schema AND c.data_type IN %s""", types)

    def foreign_keys(self, table):
        return {name for name, in self.rows(
            """SELECT a.attname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                WHERE k.contype = 'f' AND k.conrelid = %s::regclass""", table)}

    def row_of(self, table, row_id):
        [(row,)] = self.rows("SELECT to_jsonb(t) FROM %s t WHERE id = %s", SQL.identifier(table), row_id)
        return row

    def test_keys_and_users(self):
        root = self.env.ref('base.user_root').id
        for table, record, allowed in (
                ('survey_user_input', self.answer, COUNTED_BY), *(
                    ('survey_user_input_line', line, OF_A_LINE) for line in self.lines)):
            row = self.row_of(table, record.id)
            filled = {name for name in self.foreign_keys(table) if row[name] is not None}
            self.assertLessEqual(filled - {'create_uid', 'write_uid'}, allowed)
            self.assertEqual({row['create_uid'], row['write_uid']}, {root})
            self.assertFalse([name for name in ('email', 'nickname', 'invite_token') if row.get(name)])

    def test_nothing_points_to_it(self):
        pointing = self.rows(
            """SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
                WHERE k.contype = 'f' AND k.confrelid = 'survey_user_input'::regclass""")
        self.assertTrue(pointing)
        for table, column in pointing:
            if (table, column) != ('survey_user_input_line', 'user_input_id'):
                self.assertFalse(self.rows(
                    "SELECT 1 FROM %s WHERE %s = %s", SQL.identifier(table), SQL.identifier(column), self.answer.id), table)

    def test_its_numbers_stand_nowhere_else(self):
        numbers = (self.answer.id, *self.lines.ids)
        self.assertGreaterEqual(min(numbers), 2 ** 30)
        own = {('survey_user_input', 'id'), ('survey_user_input_line', 'id'), ('survey_user_input_line', 'user_input_id')}
        found = {
            (table, column) for table, column in self.columns('integer', 'bigint')
            if self.rows("SELECT 1 FROM %s WHERE %s IN %s LIMIT 1", SQL.identifier(table), SQL.identifier(column), numbers)}
        self.assertLessEqual(found, own, "no mail, no log, no follower, no attachment, no activity")

    def test_its_times_say_the_quarter(self):
        quarter = fields.Date.start_of(
            self.env['amlaj.guarded']._local_day(fields.Datetime.now() - timedelta(days=8)), 'quarter')
        day = fields.Datetime.to_string(fields.Datetime.to_datetime(quarter)).replace(' ', 'T')
        for table, record in (
                ('survey_user_input', self.answer), ('amlaj_rating_invitation', self.done._rating_invitation()),
                *(('survey_user_input_line', line) for line in self.lines)):
            row = self.row_of(table, record.id)
            moments = {
                row[column] for of, column in self.columns('timestamp without time zone') if of == table and row[column]}
            self.assertEqual(moments, {day}, table)

    def test_secrets_and_words_stand_nowhere_else(self):
        words = [*(secret for secret in self.secrets if secret), 'Zwxq said']
        places = {}
        for table, column in self.columns('text', 'character varying', 'jsonb'):
            for word in words:
                if self.rows("SELECT 1 FROM %s WHERE %s::text LIKE %s LIMIT 1", SQL.identifier(table), SQL.identifier(column),
                             f'%{word}%'):
                    places.setdefault(word, set()).add((table, column))
        self.assertFalse([secret for secret in self.secrets[:5] if secret in places], "link, code and hashes have ended")
        self.assertLessEqual(places.get(self.answer.access_token, set()), {('survey_user_input', 'access_token')})
        answered = places['Zwxq said']
        self.assertIn(('survey_user_input_line', 'value_text_box'), answered)
        self.assertFalse([table for table, __ in answered if table.startswith(('mail_', 'bus_', 'amlaj_', 'ir_logging'))])

    def test_the_invitation_says_only_that_he_answered(self):
        row = self.row_of('amlaj_rating_invitation', self.done._rating_invitation().id)
        self.assertEqual((row['state'], row['token_hash'], row['code_hash'], row['nonce']), ('answered', None, None, ''))

    def test_what_was_deleted_leaves_no_time_behind(self):
        request = self.make_done(service=self.make_service("Gone (test)"))
        invitation = request._rating_invitation()
        invitation._answer(test_rating.GOOD)
        answer = invitation._answer_sudo()
        self.env.flush_all()
        self.env.cr.execute("UPDATE survey_user_input SET create_date = '2026-02-03 10:11:12' WHERE id = %s", [answer.id])
        self.env.invalidate_all()
        answer.write({'amlaj_invitation_id': False, 'amlaj_request_id': False})
        self.env['survey.user_input']._cron_part()
        self.assertEqual(str(answer.create_date), '2026-01-01 00:00:00')
        self.assertEqual(self.env['survey.user_input']._cron_part(), 0)
