import threading
import uuid
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .. import common
from .test_request_concurrency import PATIENCE


@tagged('post_install', '-at_install', 'amlaj')
class TestDistributionConcurrency(TransactionCase):
    """Two volunteers with one slip, and one phone that sends the same twice, at the same moment: two real connections.

    What is made here is committed, since another connection sees nothing else, and removed again.
    """

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            self.ids = self._make(env)
            env.cr.commit()
        self.addCleanup(self._remove)

    @contextmanager
    def connection(self, user_id=SUPERUSER_ID):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, user_id, {'tracking_disable': True})
            cr.rollback()

    def _make(self, env):
        users = env['res.users'].with_context(**common.NO_MAIL).create([{
            'name': f"Volunteer {rank}", 'login': f'concurrent_{rank}', 'lang': 'en_US',
            'group_ids': [Command.set(env.ref('amlaj_beneficiary.group_delivery').ids)]} for rank in (1, 2)])
        branch = env['amlaj.branch'].create({'name': "Concurrency (test)"})
        service = env['amlaj.service'].create({'name': "Concurrency (test)", 'kind': 'in_kind'})
        file = env['amlaj.beneficiary'].create({
            'name': "Concurrency Test", 'identity_kind': 'none', 'branch_id': branch.id})
        request = env['amlaj.request'].create({'beneficiary_id': file.id, 'service_id': service.id})
        request.state = 'delivery'
        delivery = env['amlaj.delivery'].create({'request_id': request.id})
        day = env['amlaj.distribution'].create({
            'branch_id': branch.id, 'lead_id': users[0].id, 'team_ids': [Command.set(users.ids)]})
        delivery.distribution_id = day
        day.action_open()
        return {'users': users.ids, 'partners': users.partner_id.ids, 'branch': branch.id, 'service': service.id,
                'file': file.id, 'request': request.id, 'delivery': delivery.id, 'day': day.id}

    def _remove(self):
        with self.connection() as env:
            cr, ids = env.cr, self.ids
            cr.execute("DELETE FROM amlaj_distribution_entry WHERE distribution_id = %s", [ids['day']])
            cr.execute("DELETE FROM amlaj_delivery WHERE request_id = %s", [ids['request']])
            cr.execute("DELETE FROM amlaj_distribution WHERE branch_id = %s", [ids['branch']])
            cr.execute("DELETE FROM amlaj_message WHERE beneficiary_id = %s", [ids['file']])
            cr.execute("DELETE FROM mail_message WHERE model = 'amlaj.request' AND res_id = %s", [ids['request']])
            cr.execute("DELETE FROM mail_message WHERE model = 'amlaj.beneficiary' AND res_id = %s", [ids['file']])
            for table, key in (('amlaj_request', 'request'), ('amlaj_beneficiary', 'file'), ('amlaj_service', 'service'),
                               ('amlaj_branch', 'branch')):
                cr.execute(f'DELETE FROM {table} WHERE id = %s', [ids[key]])
            env['res.users'].browse(ids['users']).unlink()
            env['res.partner'].browse(ids['partners']).exists().unlink()
            cr.commit()

    def entry(self):
        return {'key': uuid.uuid4().hex, 'day': self.ids['day'], 'delivery': self.ids['delivery'], 'mandate': None,
                'at': int(fields.Datetime.now().timestamp() * 1000)}

    def send(self, env, *entries):
        answers = env['amlaj.distribution.entry']._receive(list(entries))
        env.flush_all()
        return answers

    def entries(self):
        with self.connection() as env:
            rows = env['amlaj.distribution.entry'].search([('distribution_id', '=', self.ids['day'])], order='id')
            return rows.mapped('state')

    def test_two_volunteers_at_once(self):
        first, second = self.entry(), self.entry()
        one, other = self.ids['users']
        with self.connection(one) as mine, self.connection(other) as theirs, mute_logger('odoo.sql_db'):
            self.assertEqual(self.send(mine, first)[0]['state'], 'delivered')
            # the first is not committed: the second is neither told nor made to wait, his phone keeps the entry
            self.assertEqual(self.send(theirs, second)[0]['state'], 'again')
            mine.cr.commit()
        with self.connection(other) as theirs:
            answer = self.send(theirs, second)[0]
            theirs.cr.commit()
        self.assertEqual(answer['state'], 'already')
        self.assertIn("by Volunteer 1", answer['text'])
        self.assertEqual(self.entries(), ['delivered', 'already'])

    def test_the_first_arrives_between_two_looks(self):
        """The second had begun before the first was committed, so it sees nothing of it: it is taken up anew."""
        one, other = self.ids['users']
        with self.connection(one) as mine, self.connection(other) as theirs, mute_logger('odoo.sql_db'), \
                patch('odoo.service.model.time.sleep'):
            theirs['amlaj.distribution'].search_count([])
            self.send(mine, self.entry())
            mine.cr.commit()
            entry = self.entry()
            answer = retrying(lambda: self.send(theirs, entry), theirs)[0]
        self.assertEqual(answer['state'], 'already')
        self.assertEqual(self.entries(), ['delivered', 'already'])

    def test_one_phone_sends_twice_at_once(self):
        entry = dict(self.entry(), delivery=2 ** 31 - 2)  # refused, so that no row of a delivery holds the second up
        user_id = self.ids['users'][0]
        outcome, started = {}, threading.Event()

        def second():
            with self.connection(user_id) as theirs, patch('odoo.service.model.time.sleep'), mute_logger('odoo.sql_db'):
                theirs.cr.execute("SELECT pg_backend_pid()")
                outcome['pid'] = theirs.cr.fetchone()[0]
                started.set()
                outcome['answer'] = retrying(lambda: self.send(theirs, entry), theirs)

        with self.connection(user_id) as mine:
            first = self.send(mine, entry)
            thread = threading.Thread(target=second)
            thread.start()
            self.addCleanup(thread.join)
            self.assertTrue(started.wait(PATIENCE))
            self.assertTrue(self._is_blocked(outcome['pid']))
            mine.cr.commit()
        thread.join(PATIENCE)
        self.assertEqual(outcome.get('answer'), first)
        self.assertEqual(self.entries(), ['refused'])

    def _is_blocked(self, pid):
        """Whether the connection ``pid`` comes to wait for a lock."""
        pause = threading.Event()
        for __ in range(PATIENCE * 20):
            with self.connection() as env:
                env.cr.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
                if env.cr.fetchone()[0]:
                    return True
            pause.wait(0.05)
        return False

    def test_closing_while_an_entry_arrives(self):
        """The day is closed and an entry comes at the same moment: one after the other, and nothing is lost."""
        user_id = self.ids['users'][0]
        with self.connection(user_id) as mine, self.connection(user_id) as theirs, mute_logger('odoo.sql_db'), \
                patch('odoo.service.model.time.sleep'):
            theirs['amlaj.distribution'].search_count([])
            mine['amlaj.distribution'].browse(self.ids['day']).action_close()
            mine.flush_all()
            mine.cr.commit()
            entry = self.entry()
            answer = retrying(lambda: self.send(theirs, entry), theirs)[0]
        self.assertEqual(answer['state'], 'delivered')
        with self.connection() as env:
            delivery = env['amlaj.delivery'].browse(self.ids['delivery'])
            self.assertEqual((delivery.state, delivery.distribution_id.id), ('delivered', self.ids['day']))
