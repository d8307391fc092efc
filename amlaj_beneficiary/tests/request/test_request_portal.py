import json
import re

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common

CANARY = 'CANARY'
LOGGERS = (
    'odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model', 'odoo.orm.models',
    'odoo.orm.domains', 'odoo.models', 'odoo.sql_db', 'odoo.addons.base.models.ir_access')


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestPortal(request_common.RequestHttpCommon):
    """The applicant over RPC: the listed fields of his own requests, and nothing that tells of anything else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.applicant = cls.make_portal_user('portal_applicant')
        cls.make_mandate(cls.file, cls.applicant)
        cls.own = cls._whole_request(cls.file)
        cls.strangers_file = cls.make_file("Maryam Saad Ali Aljohani")
        cls.other = cls._whole_request(cls.strangers_file)
        cls.env.flush_all()

    @classmethod
    def _whole_request(cls, file):
        """A request with papers, signature, delivery and messages, all of whose hidden texts are canaries."""
        delivery = cls.make_delivery(file=file)
        request = delivery.sudo().request_id
        request._prepare_notice('update')
        attachment = cls.env['ir.attachment'].create({
            'name': f"{CANARY}.pdf", 'raw': request_common.PDF, 'res_model': 'amlaj.request.document',
            'res_id': request.document_ids[0].id})
        request.document_ids[0].attachment_ids = [Command.link(attachment.id)]
        request.message_post(body=f"{CANARY} note", subject=CANARY)
        for record in cls._records(request):
            cls._plant(record)
        return request

    @classmethod
    def _records(cls, request):
        return [request, request.document_ids, request.declaration_ids, request.delivery_ids, request.transition_ids[0],
                request.message_out_ids[0]]

    @classmethod
    def _plant(cls, record):
        """Write a canary into each text column that the portal may not read."""
        for name, field in record._fields.items():
            if field.store and field.type in ('char', 'text') and not field.compute and not field.related \
                    and name not in record._portal_fields and name != 'text_version':
                cls.env.cr.execute(
                    f'UPDATE "{record._table}" SET "{name}" = %s WHERE id IN %s',
                    [f'{CANARY}_{record._name}_{name}_{record.id}', tuple(record.ids)])
        record.invalidate_recordset()

    def setUp(self):
        super().setUp()
        self.authenticate('portal_applicant', 'portal_applicant')

    def call(self, model, method, *args, **kwargs):
        """The whole answer to one call, as text: the result, or the error with all it says."""
        response = self.url_open(
            f'/web/dataset/call_kw/{model}/{method}',
            data=json.dumps({'jsonrpc': '2.0', 'method': 'call', 'id': 1, 'params': {
                'model': model, 'method': method, 'args': list(args), 'kwargs': kwargs}}),
            headers={'Content-Type': 'application/json'})
        return response.text

    def hidden(self, model):
        return [name for name in self.env[model]._fields
                if name not in self.env[model]._portal_fields | {'id', 'display_name'}]

    def assertDenied(self, text, msg=None):
        self.assertIn('"error"', text, msg)
        self.assertNotIn(CANARY, text.replace(f'"{CANARY}', ''), msg)

    @mute_logger(*LOGGERS)
    def test_listed_fields_are_read(self):
        for record in self._records(self.own)[:5]:
            with self.subTest(model=record._name):
                text = self.call(record._name, 'read', record.ids, sorted(record._portal_fields))
                self.assertNotIn('"error"', text)
                self.assertNotIn(CANARY, text)

    @mute_logger(*LOGGERS)
    def test_hidden_fields_are_not_read(self):
        for record in self._records(self.own):
            for name in self.hidden(record._name):
                with self.subTest(model=record._name, field=name):
                    self.assertDenied(self.call(record._name, 'read', record.ids, [name]))

    @mute_logger(*LOGGERS)
    def test_no_way_of_reading_receives_a_canary(self):
        for record in self._records(self.own):
            model, ids = record._name, record.ids
            names = self.hidden(model)
            calls = {
                'read all': ('read', ids), 'search_read all': ('search_read', []),
                'search_read': ('search_read', [], names), 'web_read': ('web_read', ids, {name: {} for name in names}),
                'web_search_read': ('web_search_read', [], {name: {} for name in names}),
                'export': ('export_data', ids, names), 'name_search': ('name_search', CANARY),
                'name_search all': ('name_search', ''), 'copy_data': ('copy_data', ids),
                'onchange': ('onchange', ids, {}, [], {name: {} for name in names}),
                'default_get': ('default_get', names), 'get_metadata': ('get_metadata', ids),
                'get_views': ('get_views', [[False, 'form'], [False, 'list']]),
                'chatter': ('message_get_suggested_recipients', ids), 'fields_get': ('fields_get',),
            }
            for label, (method, *args) in calls.items():
                with self.subTest(model=model, call=label):
                    text = self.call(model, method, *args)
                    self.assertNotIn(CANARY, text.replace(f'"{CANARY}"', ''))
                    self.assertNotIn(self.strangers_file.name, text)
        for path in ('/mail/thread/messages', '/mail/thread/data', '/mail/message/post'):
            response = self.url_open(path, data=json.dumps({'params': {
                'thread_model': 'amlaj.request', 'thread_id': self.own.id, 'request_list': ['followers', 'activities'],
                'post_data': {'body': "x"}}}), headers={'Content-Type': 'application/json'})
            self.assertNotIn(CANARY, response.text)
        for model in ('mail.message', 'mail.activity', 'mail.followers', 'ir.attachment', 'mail.tracking.value'):
            with self.subTest(model=model):
                text = self.call(model, 'search_read', [])
                self.assertNotIn(CANARY, text)
                self.assertNotIn('amlaj.request', text)

    @mute_logger(*LOGGERS)
    def test_hidden_fields_answer_no_question(self):
        """A domain, an order or a grouping by a hidden column would tell its value by what is found."""
        for record in self._records(self.own):
            model, fields = record._name, record._fields
            for name in self.hidden(model):
                if not (fields[name].store and fields[name].column_type):
                    continue
                calls = {
                    'domain': ('search', [[name, '!=', False]]), 'count': ('search_count', [[name, '!=', False]]),
                    'like': ('search_count', [[name, '=like', f'{CANARY}%']]),
                    'order': ('search', [], 0, 1, f'{name} desc'),
                    'group': ('formatted_read_group', [], [name], ['__count']),
                    'aggregate': ('formatted_read_group', [], [], [f'{name}:count_distinct']),
                    'having': ('formatted_read_group', [], ['id'], ['__count'], [[f'{name}:max', '!=', False]]),
                }
                if fields[name].type == 'many2one':
                    calls['path'] = ('search_count', [[f'{name}.id', '>', 0]])
                    calls['any'] = ('search_count', [[name, 'any', [['id', '>', 0]]]])
                for label, (method, *args) in calls.items():
                    with self.subTest(model=model, field=name, call=label):
                        self.assertDenied(self.call(model, method, *args))

    @mute_logger(*LOGGERS)
    def test_paths_through_what_is_readable(self):
        for path in ('user_id.login', 'document_ids.number', 'document_ids.matched_by_id', 'declaration_ids.witness',
                     'beneficiary_id.iban', 'beneficiary_id.identity_number', 'beneficiary_id.mandate_ids.phone',
                     'service_id.ceiling_amount', 'service_id.decided_by', 'beneficiary_id.request_ids.user_id',
                     'decision_ids.result', 'decision_id.result', 'transition_ids.user_id', 'message_ids.body',
                     'message_out_ids.body', 'activity_ids.summary', 'create_uid.login',
                     'beneficiary_id.branch_id.representative_ids'):
            with self.subTest(path=path):
                # what is always filled is the one question that Odoo answers without looking
                domain = [path, '=', 'committee'] if path.endswith('decided_by') else [path, '!=', False]
                self.assertDenied(self.call('amlaj.request', 'search_count', [domain]))
                self.assertDenied(self.call('amlaj.request', 'search', [], 0, 1, path))
                self.assertDenied(self.call('amlaj.request', 'formatted_read_group', [], [path], ['__count']))
        self.assertDenied(self.call('amlaj.request', 'web_read', self.own.ids, {
            'document_ids': {'fields': {'number': {}, 'matched_by_id': {}}}}))

    @mute_logger(*LOGGERS)
    def test_only_his_own(self):
        for record, theirs in zip(self._records(self.own), self._records(self.other), strict=True):
            with self.subTest(model=record._name):
                text = self.call(record._name, 'search', [])
                if '"error"' in text:
                    continue
                found = json.loads(text)['result']
                self.assertTrue(set(record.ids) <= set(found))
                self.assertFalse(set(theirs.ids) & set(found))
        text = self.call('amlaj.request', 'formatted_read_group', [], ['beneficiary_id'], ['__count'])
        self.assertNotIn(self.strangers_file.name, text)
        count = json.loads(self.call('amlaj.request', 'search_count', []))['result']
        self.assertEqual(count, self.env['amlaj.request'].search_count([('beneficiary_id', '=', self.file.id)]))

    @mute_logger(*LOGGERS)
    def test_a_strangers_request_is_like_none(self):
        drawing = request_common.signature()
        calls = {
            'read': ('read', ['name', 'state']), 'read hidden': ('read', ['user_id']),
            'web_read': ('web_read', {'name': {}}),
            'write': ('write', {'description': "x"}), 'web_save': ('web_save', {'description': "x"}, {'name': {}}),
            'unlink': ('unlink',), 'copy': ('copy',), 'export_data': ('export_data', ['name']),
            'sign': ('action_sign', 'portal', drawing, "Me"), 'submit': ('action_submit',),
            'cancel': ('action_cancel', "x"), 'verify': ('action_verify',), 'inform': ('action_inform',),
            'raise': ('action_raise',), 'handover': ('action_handover', 2, "x"), 'deliver': ('action_start_delivery',),
            'aside': ('action_set_aside', "x"), 'link': ('action_open_signature_link',),
            'desk': ('action_receive_at_desk',), 'ask': ('action_ask_completion', "x"),
            'post': ('message_post',), 'follow': ('message_subscribe', [self.applicant.partner_id.id]),
            'activity': ('activity_schedule',), 'access': ('get_formview_id',), 'fetch': ('fetch', ['name']),
        }
        nothing = self.other.id + 1_000_000
        for label, (method, *args) in calls.items():
            with self.subTest(call=label):
                said = [
                    self._comparable(self.call('amlaj.request', method, [request_id], *args), request_id)
                    for request_id in (self.other.id, nothing)]
                self.assertEqual(said[0], said[1])
                if label not in ('access', 'follow'):  # these two say nothing at all
                    self.assertIn('"error"', said[0])
                self.assertNotIn(self.other.name, said[0])
        self.assertEqual(self.other.state, 'delivery')
        others = {
            self.other.document_ids[0]: [
                ('action_match',), ('action_receive',), ('action_receive_and_match',), ('action_mismatch', "x"),
                ('write', {'number': "1"}), ('unlink',), ('read', ['state'])],
            self.other.delivery_ids: [
                ('action_deliver', "Me"), ('action_fail', "x"), ('write', {'amount': 1}), ('read', ['state'])],
            self.other.declaration_ids: [('read', ['is_valid']), ('write', {'witness': "x"}), ('unlink',)],
            self.other.transition_ids[0]: [('read', ['at']), ('unlink',)],
            self.other.message_out_ids[0]: [('read', ['body']), ('action_mark_sent',), ('action_open_chat',)],
        }
        for record, methods in others.items():
            for method, *args in methods:
                with self.subTest(model=record._name, call=method):
                    said = [
                        self._comparable(self.call(record._name, method, [record_id], *args), record_id)
                        for record_id in (record.id, record.id + 1_000_000)]
                    self.assertEqual(said[0], said[1])
                    self.assertIn('"error"', said[0])

    def _comparable(self, text, request_id):
        """What the client is told, without the id that it sent and without the server's own traceback."""
        answer = json.loads(text)
        error = answer.get('error')
        if error:
            data = error['data']
            return '"error" ' + re.sub(r'\d+', 'N', f"{data['name']} {data['message']} {data['arguments']}")
        return re.sub(rf'\b{request_id}\b', 'N', text)

    @mute_logger(*LOGGERS)
    def test_files_by_id(self):
        document, declaration = self.own.document_ids[0], self.own.declaration_ids[0]
        attachment = document.attachment_ids
        for path in (
            f'/web/content/{attachment.id}', f'/web/content/{attachment.id}?access_token=x',
            f'/web/image/{attachment.id}',
            f'/web/content/amlaj.declaration/{declaration.id}/signature',
            f'/web/image/amlaj.declaration/{declaration.id}/signature',
            f'/web/content/amlaj.delivery/{self.own.delivery_ids.id}/photo',
            f'/web/content/amlaj.request.document/{document.id}/attachment_ids',
            f'/web/content?model=amlaj.request.document&id={document.id}&field=attachment_ids',
        ):
            with self.subTest(path=path):
                response = self.url_open(path)
                self.assertNotIn(request_common.PDF, response.content)
                self.assertFalse(response.ok and response.headers['Content-Type'].startswith('application/pdf'))

    @mute_logger(*LOGGERS)
    def test_without_a_mandate_to_follow(self):
        self.make_mandate(self.strangers_file, helper := self.make_portal_user('portal_helper'), may_follow=False)
        self.authenticate('portal_helper', 'portal_helper')
        self.assertTrue(helper)
        self.assertEqual(json.loads(self.call('amlaj.request', 'search', []))['result'], [])
