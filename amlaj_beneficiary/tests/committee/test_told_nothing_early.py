import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestToldNothingEarly(committee_common.CommitteeHttpCommon):
    """Between decision and reply the applicant can learn nothing by any door: what he can read does not change by a
    letter (R59, R61)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.make_portal_user('amlaj_holder')
        cls.file = cls.make_file()
        cls.make_mandate(cls.file, cls.holder)
        cls.models = sorted(
            name for name, Model in cls.env.registry.items()
            if not Model._abstract and not Model._transient and issubclass(Model, cls.env.registry['amlaj.guarded']))

    def _everything(self):
        """All that the applicant can read, of all models: rows, counts, groups, messages, files."""
        seen = {}
        for model in self.models:
            Model = self.env[model].with_user(self.holder)
            if not Model.has_access('read'):
                continue
            rows = Model.search([], order='id')
            seen[model] = rows.read(['display_name', *sorted(Model._portal_fields)])
            for name in sorted(Model._portal_fields):
                field = Model._fields[name]
                if field.store and field.type in ('selection', 'boolean', 'date', 'datetime', 'many2one'):
                    group = f'{name}:day' if field.type in ('date', 'datetime') else name
                    seen[model, name] = Model.formatted_read_group([], [group], ['__count'])
        for model in ('mail.message', 'ir.attachment', 'mail.activity', 'mail.notification'):
            Model = self.env[model].with_user(self.holder)
            seen[model] = Model.search([]).ids if Model.has_access('read') else []
        return json.loads(json.dumps({str(key): value for key, value in seen.items()}, default=str))

    def test_what_he_reads_changes_with_the_reply_alone(self):
        for result in ('approved', 'rejected'):
            with self.subTest(result=result), self.env.cr.savepoint() as savepoint:
                request = self.make_request(self.file)
                before = self._everything()
                self.assertIn(request.name, json.dumps(before))
                session = self.make_session(request)
                self.assertEqual(self._everything(), before, "on an agenda")
                options = {'reason_id': self.refusal.id} if result == 'rejected' else {}
                session.action_decide(request.ids, result, self.all_for(), **options)
                self.assertEqual(self._everything(), before, "decided")
                session.action_close()
                self.assertEqual(self._everything(), before, "closed")
                request.with_user(self.manager).action_allow_early_reply("The roof is gone")
                self.assertEqual(self._everything(), before, "an early reply is allowed")
                request.action_reply()
                after = self._everything()
                self.assertNotEqual(after, before)
                self.assertEqual(after['amlaj.request'][0]['state'], result)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_no_question_tells_it_either(self):
        request = self.decided('rejected', self.make_request(self.file))
        Requests = self.env['amlaj.request'].with_user(self.holder)
        with mute_logger('odoo.models', 'odoo.addons.base.models.ir_model'):
            for attempt in (
                lambda: Requests.search([('decision_id', '!=', False)]),
                lambda: Requests.search_count([('decision_ids.result', '=', 'rejected')]),
                lambda: Requests.search([('is_awaiting_reply', '=', True)]),
                lambda: Requests.search([], order='decision_id'),
                lambda: Requests.search([], order='write_date'),
                lambda: Requests.formatted_read_group([], ['write_date:day'], ['__count']),
                lambda: Requests.browse(request.id).read(['decision_id']),
                lambda: Requests.browse(request.id).read(['write_date']),
                lambda: Requests.browse(request.id).get_metadata(),
                lambda: Requests.browse(request.id).action_reply(),
                lambda: self.env['amlaj.decision'].with_user(self.holder).search_count([]),
                lambda: self.env['amlaj.vote'].with_user(self.holder).search_count([]),
                lambda: self.env['amlaj.committee.session'].with_user(self.holder).search_count([]),
                lambda: request.decision_id.with_user(self.holder).read(['result']),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_by_rpc(self):
        request = self.decided('rejected', self.make_request(self.file))
        self.env.flush_all()
        self.authenticate('amlaj_holder', 'amlaj_holder')

        def call(model, method, *args):
            return self.url_open('/web/dataset/call_kw', json={
                'params': {'model': model, 'method': method, 'args': args, 'kwargs': {}}}).json()

        self.assertEqual(call('amlaj.request', 'read', request.ids, ['state'])['result'][0]['state'], 'committee')
        with mute_logger('odoo.http', 'odoo.models', 'odoo.addons.base.models.ir_model'):
            for model, method, args in (
                ('amlaj.request', 'read', [request.ids, ['decision_id']]),
                ('amlaj.request', 'web_read', [request.ids, {'decision_ids': {'fields': {'result': {}}}}]),
                ('amlaj.request', 'search_count', [[('decision_id.result', '=', 'rejected')]]),
                ('amlaj.request', 'get_metadata', [request.ids]),
                ('amlaj.decision', 'search_read', [[]]),
                ('amlaj.decision', 'read', [request.decision_id.ids, ['result']]),
                ('amlaj.decision', 'name_search', [request.name]),
                ('amlaj.vote', 'search_count', [[]]),
            ):
                with self.subTest(model=model, method=method):
                    self.assertEqual(
                        call(model, method, *args)['error']['data']['name'], 'odoo.exceptions.AccessError')
