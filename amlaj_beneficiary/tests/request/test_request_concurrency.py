import threading
import uuid
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

PATIENCE = 20  # seconds in which the second connection reaches the lock; it does so at once


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestConcurrency(TransactionCase):
    """Two people at one request, and one request sent twice at the same moment: two real connections.

    What is made here is committed, since another connection sees nothing else, and removed again.
    """

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            self.ids = self._make(env)
            env.cr.commit()
        self.addCleanup(self._remove)

    @contextmanager
    def connection(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
            cr.rollback()

    def _make(self, env):
        branch = env['amlaj.branch'].create({'name': "Concurrency (test)"})
        paper = env['amlaj.document.type'].create({'name': "Concurrency (test)", 'proof': 'file'})
        service = env['amlaj.service'].create({
            'name': "Concurrency (test)", 'requirement_ids': [Command.create({'document_type_id': paper.id})]})
        file = env['amlaj.beneficiary'].create({
            'name': "Concurrency Test", 'identity_kind': 'none', 'branch_id': branch.id,
            'member_ids': [Command.create({'name': "Noura", 'relationship': 'child'})]})
        request = env['amlaj.request'].create({'beneficiary_id': file.id, 'service_id': service.id})
        request.action_sign('paper', name="Salem")
        return {'branch': branch.id, 'paper': paper.id, 'service': service.id, 'file': file.id, 'request': request.id,
                'document': request.document_ids.id, 'member': file.member_ids.id}

    def _remove(self):
        with self.connection() as env:
            cr, ids = env.cr, self.ids
            cr.execute("DELETE FROM amlaj_message WHERE beneficiary_id = %s", [ids['file']])
            cr.execute("DELETE FROM mail_message WHERE model = 'amlaj.request' AND res_id IN ("
                       "SELECT id FROM amlaj_request WHERE beneficiary_id = %s)", [ids['file']])
            cr.execute("DELETE FROM amlaj_request WHERE beneficiary_id = %s", [ids['file']])
            cr.execute("DELETE FROM mail_message WHERE model = 'amlaj.beneficiary' AND res_id = %s", [ids['file']])
            for table, key in (('amlaj_beneficiary', 'file'), ('amlaj_service', 'service'),
                               ('amlaj_document_type', 'paper'), ('amlaj_branch', 'branch')):
                cr.execute(f'DELETE FROM {table} WHERE id = %s', [ids[key]])
            cr.commit()

    def records(self, env):
        return (env['amlaj.request'].browse(self.ids['request']),
                env['amlaj.request.document'].browse(self.ids['document']),
                env['amlaj.household.member'].browse(self.ids['member']))

    # ------------------------------------------------------------
    # Two people at one request
    # ------------------------------------------------------------

    def assertSecondIsTold(self, first):
        """While ``first`` (of the request, its paper and a member) is not committed, others wait in no queue."""
        seconds = {
            'submit': lambda request, document, member: request.action_submit(),
            'cancel': lambda request, document, member: request.action_cancel("x"),
            'sign': lambda request, document, member: request.action_sign('paper', name="Salem"),
            'receive': lambda request, document, member: document.action_receive(),
            'number': lambda request, document, member: document.write({'number': "1"}),
            'paper': lambda request, document, member: document.create({
                'request_id': request.id, 'document_type_id': document.document_type_id.copy().id}),
            'member': lambda request, document, member: member.write({'name': "Nora"}),
            'new member': lambda request, document, member: member.create({
                'beneficiary_id': member.beneficiary_id.id, 'name': "Ali", 'relationship': 'child'}),
            'no member': lambda request, document, member: member.unlink(),
        }
        with self.connection() as mine:
            first(*self.records(mine))
            mine.flush_all()
            for name, second in seconds.items():
                with self.subTest(second=name), self.connection() as theirs, mute_logger('odoo.sql_db'):
                    with self.assertRaises(UserError) as caught:
                        second(*self.records(theirs))
                        theirs.flush_all()
                    self.assertIn("Someone else is working on this request", str(caught.exception))

    def test_step_and_anything(self):
        self.assertSecondIsTold(lambda request, document, member: request.action_submit())

    def test_paper_and_anything(self):
        self.assertSecondIsTold(lambda request, document, member: document.action_receive_and_match())

    def test_member_and_anything(self):
        self.assertSecondIsTold(lambda request, document, member: member.write({'name': "Nora"}))

    def test_signature_and_anything(self):
        self.assertSecondIsTold(lambda request, document, member: request.action_sign('paper', name="Salem"))

    def test_afterwards_it_goes_on(self):
        with self.connection() as mine:
            request, document, __ = self.records(mine)
            document.action_receive_and_match()
            mine.flush_all()
            mine.cr.commit()
        with self.connection() as theirs:
            request = self.records(theirs)[0]
            request.action_submit()
            self.assertEqual(request.state, 'submitted')

    # ------------------------------------------------------------
    # One request sent twice at the same moment
    # ------------------------------------------------------------

    def _wait_until_blocked(self, pid):
        """Return once the connection ``pid`` waits for a lock, or say that it never did."""
        pause = threading.Event()
        for __ in range(PATIENCE * 20):
            with self.connection() as env:
                env.cr.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
                if env.cr.fetchone()[0]:
                    return True
            pause.wait(0.05)
        return False

    def test_sent_twice_at_once(self):
        key = uuid.uuid4().hex
        vals = {'beneficiary_id': self.ids['file'], 'service_id': self.ids['service'], 'submission_key': key}
        outcome = {}
        started = threading.Event()

        def second():
            with self.connection() as theirs, patch('odoo.service.model.time.sleep'), mute_logger('odoo.sql_db'):
                theirs.cr.execute("SELECT pg_backend_pid()")
                outcome['pid'] = theirs.cr.fetchone()[0]
                started.set()
                outcome['id'] = retrying(lambda: theirs['amlaj.request'].create(dict(vals)).id, theirs)

        with self.connection() as mine:
            first = mine['amlaj.request'].create(dict(vals)).id
            mine.flush_all()
            thread = threading.Thread(target=second)
            thread.start()
            self.addCleanup(thread.join)
            self.assertTrue(started.wait(PATIENCE))
            blocked = self._wait_until_blocked(outcome['pid'])
            mine.cr.commit()
        thread.join(PATIENCE)
        self.assertTrue(blocked)
        self.assertEqual(outcome.get('id'), first, "the second arrival is the first record")
        with self.connection() as env:
            self.assertEqual(env['amlaj.request'].search_count([('submission_key', '=', key)]), 1)
            self.assertEqual(len(env['amlaj.request'].browse(first).transition_ids), 1)
