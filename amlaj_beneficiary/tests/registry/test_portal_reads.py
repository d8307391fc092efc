import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import common

CANARY = 'canary'
LOGGERS = ('odoo.models', 'odoo.addons.base.models.ir_model')


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalReads(common.AmlajCommon):
    """A portal user's read right is the whole RPC: he gets the listed fields of the files he follows, no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.make_portal_user('amlaj_holder')
        cls.stranger = cls.make_portal_user('amlaj_stranger')
        cls.file = cls._file_of_canaries("Own Person", '0501111111')
        cls.other = cls._file_of_canaries("Other Person", '0502222222')
        cls.mandate = cls.make_mandate(cls.file, cls.holder, proof_number=f'{CANARY} 7')
        cls.make_mandate(cls.other, cls.stranger)
        cls.guarded = sorted(
            name for name, Model in cls.env.registry.items()
            if not Model._abstract and not Model._transient and issubclass(Model, cls.env.registry['amlaj.guarded']))

    @classmethod
    def _file_of_canaries(cls, name, phone):
        file = cls.make_file(
            name, phone=phone, email='own@example.com', iban='SA0380000000608010167519',
            iban_holder=f'{CANARY} holder', address_note=f'{CANARY} address',
            member_ids=[Command.create({
                'name': f"A son of {name}", 'relationship': 'child', 'identity_number': cls.next_identity()})],
            consent_ids=[Command.create({'purpose': 'awareness'})],
        )
        file.action_suspend(f'{CANARY} reason')
        file.message_post(body=f'{CANARY} note', message_type='comment', subtype_xmlid='mail.mt_comment')
        cls.env['ir.attachment'].create({
            'name': f'{CANARY}.txt', 'raw': CANARY.encode(), 'res_model': file._name, 'res_id': file.id})
        cls.env['amlaj.message']._prepare_messages([{'beneficiary_id': file.id, 'body': f'{CANARY} body'}])
        return file

    def _as(self, user, model='amlaj.beneficiary'):
        return self.env[model].with_user(user)

    def _hidden(self, model):
        """The fields of ``model`` that a portal user must never receive."""
        Model = self.env[model]
        return [name for name in Model._fields if name not in {*Model._portal_fields, 'id', 'display_name'}]

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    def test_he_reads_his_file(self):
        file = self._as(self.holder).search([])
        self.assertEqual(file.ids, self.file.ids)
        values = file.read(sorted(self.env['amlaj.beneficiary']._portal_fields))[0]
        self.assertEqual(values['name'], "Own Person")
        self.assertNotIn(CANARY, json.dumps(values, default=str))
        for model in ('amlaj.household.member', 'amlaj.mandate', 'amlaj.consent'):
            self.assertEqual(self._as(self.holder, model).search([])._file().ids, self.file.ids)

    def test_a_strangers_file_by_no_door(self):
        mine, theirs = self._as(self.holder), self.other.with_user(self.holder)
        for model in self.guarded:
            Model = self._as(self.holder, model)
            rows = self.env[model].search([]).filtered(lambda row: row._file() == self.other)
            if not Model.has_access('read'):
                continue
            with self.subTest(model=model):
                self.assertFalse(Model.search([('id', 'in', rows.ids)]))
                self.assertEqual(Model.search_count([('id', 'in', rows.ids)]), 0)
                self.assertEqual(Model.search_read([('id', 'in', rows.ids)], ['display_name']), [])
                self.assertEqual(Model._read_group([('id', 'in', rows.ids)], [], ['__count']), [(0,)])
                for row in rows:
                    with self.assertRaises(AccessError):
                        row.with_user(self.holder).read(['display_name'])
                    with self.assertRaises(AccessError):
                        row.with_user(self.holder).web_read({'display_name': {}})
        self.assertEqual(mine.name_search("Other"), [])
        self.assertEqual(mine.name_search("Own")[0][0], self.file.id)
        self.assertEqual(mine.formatted_read_group([], ['state'], ['__count'])[0]['__count'], 1)
        for attempt in (
            lambda: theirs.copy(), lambda: theirs.write({'phone': '0501234567'}),
            lambda: theirs.unlink(), lambda: theirs.action_register(),
            lambda: theirs.action_reveal('sensitive_categories'),
            lambda: theirs.message_post(body="x"), lambda: theirs.web_save({'phone': '0501234567'}, {}),
            lambda: theirs.check_access('read'), lambda: mine.create({'name': "x"}), lambda: mine.find("Other"),
        ):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                attempt()

    def test_an_error_names_nobody(self):
        for method in ('read', 'export_data'):
            with self.subTest(method=method), self.assertRaises(UserError) as caught:
                getattr(self.other.with_user(self.holder), method)(['name'])
            self.assertNotIn("Other", str(caught.exception))
            self.assertNotIn(self.other.file_number, str(caught.exception))

    def test_without_a_valid_mandate_he_sees_nothing(self):
        for change in (
            {'valid_until': '2020-01-01'}, {'verified_at': False, 'verified_by_id': False}, {'may_follow': False},
            {'user_id': self.stranger.id},
        ):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                self.mandate.sudo().write(change)
                for model in self.guarded:
                    if self._as(self.holder, model).has_access('read'):
                        self.assertEqual(self._as(self.holder, model).search_count([]), 0)
                with self.assertRaises(AccessError):
                    self.file.with_user(self.holder).read(['name'])
                savepoint.rollback()
                self.env.invalidate_all()

    # ------------------------------------------------------------
    # Columns
    # ------------------------------------------------------------

    def test_no_other_field_by_any_door(self):
        for model in self.guarded:
            Model = self._as(self.holder, model)
            if not Model.has_access('read'):
                continue
            hidden = self._hidden(model)
            self.assertTrue(hidden)
            own = Model.search([], limit=1)
            with self.subTest(model=model, door='fields_get'):
                self.assertFalse(set(Model.fields_get()) & set(hidden))
            for name in hidden:
                field = Model._fields[name]
                doors = {
                    'read': lambda n=name, o=own: o.read([n]),
                    'search_read': lambda n=name, m=Model: m.search_read([], [n]),
                    'web_read': lambda n=name, o=own: o.web_read({n: {}}),
                }
                if field._description_searchable:
                    doors['domain'] = lambda n=name, m=Model: m.search([(n, '!=', False)])
                    doors['count'] = lambda n=name, m=Model: m.search_count([(n, '=', False)])
                if field.store and field.column_type:
                    doors['order'] = lambda n=name, m=Model: m.search([], order=f'{n} desc')
                    doors['group'] = lambda n=name, m=Model: m.formatted_read_group([], [n], ['__count'])
                    doors['aggregate'] = lambda n=name, m=Model: m._read_group([], [], [f'{n}:array_agg'])
                for door, attempt in doors.items():
                    with self.subTest(model=model, field=name, door=door):
                        with self.assertRaises(AccessError), mute_logger('odoo.models'):
                            attempt()

    def test_no_other_field_through_a_relation(self):
        for model, domain in (
            ('amlaj.consent', [('beneficiary_id.iban_holder', 'ilike', CANARY)]),
            ('amlaj.household.member', [('beneficiary_id.identity_number', 'like', '1')]),
            ('amlaj.mandate', [('beneficiary_id', 'any', [('address_note', '!=', False)])]),
            ('amlaj.beneficiary', [('member_ids.identity_number', '!=', False)]),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError), mute_logger('odoo.models'):
                self._as(self.holder, model).search_count(domain)
        with self.assertRaises(AccessError), mute_logger('odoo.models'):
            self.file.with_user(self.holder).web_read({'member_ids': {'fields': {'identity_number': {}}}})

    def test_the_search_box_reads_no_number_out(self):
        """``display_name ilike`` looks into the numbers for staff only: else it would answer digit by digit."""
        mine = self._as(self.holder)
        number = self.file.identity_number
        for text in (number, number[:4], self.file.phone[4:], self.file.file_number):
            with self.subTest(text=text):
                self.assertEqual(mine.name_search(text), [])
                self.assertEqual(mine.search_count([('display_name', 'ilike', text)]), 0)
                self.assertEqual(mine.search_count(Domain('display_name', 'not ilike', text)), 1)

    def test_he_writes_no_field_that_is_not_listed(self):
        for model in self.guarded:
            Model = self._as(self.holder, model)
            own = Model.search([], limit=1) if Model.has_access('read') else Model
            for name, field in Model._fields.items():
                if (field.store or field.inverse) and not field.readonly and name not in Model._portal_write_fields:
                    with self.subTest(model=model, field=name):
                        self.assertFalse(Model._has_field_access(field, 'write'))
                        with self.assertRaises(AccessError), mute_logger(*LOGGERS):
                            own.write({name: False}) if own else Model.create({name: False})

    # ------------------------------------------------------------
    # Talk and files
    # ------------------------------------------------------------

    def test_no_message_of_the_chatter(self):
        for file in (self.file, self.other):
            messages = self.env['mail.message'].search([('model', '=', file._name), ('res_id', '=', file.id)])
            self.assertTrue(messages)
            mine = self.env['mail.message'].with_user(self.holder)
            with self.subTest(file=file.name):
                self.assertFalse(mine.search([('id', 'in', messages.ids)]))
                self.assertEqual(mine.search_count([('model', '=', file._name)]), 0)
                for message in messages:
                    with self.assertRaises(AccessError), mute_logger('odoo.models'):
                        message.with_user(self.holder).read(['body'])
        with self.assertRaises(AccessError):
            self.file.with_user(self.holder).message_post(body="A question")

    def test_nobody_outside_follows_or_is_written_to(self):
        outside = self.holder.partner_id + self.env['res.partner'].create({
            'name': "A contact", 'email': 'x@example.com'})
        colleague = self.user['researcher'].partner_id
        mine = self.file.with_user(self.user['relations'])
        mine.message_subscribe(partner_ids=(outside + colleague).ids)
        self.assertIn(colleague, self.file.message_partner_ids)
        self.assertFalse(self.file.message_partner_ids & outside)
        for recipient in ({'partner_ids': outside[0].ids}, {'partner_ids': (outside[1] + colleague).ids},
                          {'outgoing_email_to': 'x@example.com'}):
            with self.subTest(recipient=recipient), self.assertRaises(UserError):
                mine.message_post(body=f'{CANARY} again', message_type='comment', **recipient)
        message = mine.message_post(
            body=f'{CANARY} again', message_type='comment', subtype_xmlid='mail.mt_comment', partner_ids=colleague.ids)
        self.assertEqual(message.notified_partner_ids, colleague)
        mine = self.env['mail.message'].with_user(self.holder)
        self.assertEqual(mine.search_count([('model', '=', self.file._name)]), 0)
        with self.assertRaises(AccessError), mute_logger('odoo.models'):
            self.file.with_user(self.holder).message_ids  # noqa: B018

    def test_no_attachment(self):
        for file in (self.file, self.other):
            files = self.env['ir.attachment'].search([('res_model', '=', file._name), ('res_id', '=', file.id)])
            self.assertTrue(files)
            with self.subTest(file=file.name):
                self.assertFalse(self.env['ir.attachment'].with_user(self.holder).search([('id', 'in', files.ids)]))
                for attempt in (
                    lambda f=files: f.with_user(self.holder).read(['name', 'datas']),
                    lambda f=files: f.with_user(self.holder).raw,
                    lambda f=file: self.env['ir.attachment'].with_user(self.holder).create({
                        'name': 'x.txt', 'raw': b'x', 'res_model': f._name, 'res_id': f.id}),
                ):
                    with self.assertRaises(AccessError), mute_logger('odoo.models', 'odoo.addons.base.models.ir_model'):
                        attempt()

    def test_contacts_tell_nobody_who_is_a_beneficiary(self):
        self.assertFalse(self.file.partner_id)
        self.assertEqual(self.env['res.partner'].search_count([('name', '=', "Own Person")]), 0)
        for name, field in self.env['res.partner']._fields.items():
            if getattr(field, 'comodel_name', None) and field.comodel_name in self.guarded:
                self.fail(f"Every employee reads contacts, and {name} would say who is a beneficiary.")


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalReadsByRpc(common.AmlajHttpCommon):
    """The same through the doors of the network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.make_portal_user('amlaj_holder')
        cls.file = cls.make_file("Own Person")
        cls.other = cls.make_file("Other Person")
        cls.make_mandate(cls.file, cls.holder)
        cls.attachment = cls.env['ir.attachment'].create({
            'name': 'paper.txt', 'raw': CANARY.encode(), 'res_model': cls.file._name, 'res_id': cls.file.id})

    def _call(self, method, *args, **kwargs):
        answer = self.url_open('/web/dataset/call_kw', json={
            'params': {'model': 'amlaj.beneficiary', 'method': method, 'args': args, 'kwargs': kwargs}})
        return answer.json()

    def _refused(self, answer):
        self.assertIn('error', answer)
        text = json.dumps(answer)
        for secret in ("Other Person", self.other.file_number, self.other.identity_number):
            self.assertNotIn(secret, text)
        return answer['error']['data']['name']

    def test_call_kw(self):
        self.authenticate('amlaj_holder', 'amlaj_holder')
        self.assertEqual(
            self._call('search_read', [], ['name'])['result'], [{'id': self.file.id, 'name': "Own Person"}])
        self.assertEqual(self._call('search_count', [])['result'], 1)
        with mute_logger('odoo.http', 'odoo.models', 'odoo.addons.base.models.ir_model'):
            for method, args in (
                ('read', [self.other.ids, ['name']]), ('read', [self.file.ids, ['identity_number']]),
                ('web_read', [self.other.ids, {'name': {}}]),
                ('write', [self.file.ids, {'state': 'ended'}]), ('write', [self.file.ids, {'name': "Mine"}]),
                ('create', [{'name': "New"}]), ('unlink', [self.file.ids]), ('find', ["Other"]),
                ('search', [[('identity_number', 'like', '1')]]), ('action_end', [self.file.ids, "A reason"]),
                ('formatted_read_group', [[], ['iban'], ['__count']]), ('message_post', [self.file.ids]),
            ):
                with self.subTest(method=method):
                    self.assertEqual(self._refused(self._call(method, *args)), 'odoo.exceptions.AccessError')
            for method in ('_do', '_record_access', '_files_held', '_check_actor', '_identity_unique'):
                with self.subTest(method=method):
                    self._refused(self._call(method, self.file.ids))
        self.assertEqual(self.file.state, 'registered')

    def test_a_forged_context_over_rpc(self):
        self.authenticate('amlaj_representative', 'amlaj_representative')
        context = {'su': True, 'uid': 1, 'default_state': 'registered', 'install_mode': True, 'active_test': False}
        with mute_logger('odoo.http', 'odoo.models'):
            for method, args in (
                ('write', [self.file.ids, {'state': 'ended'}]),
                ('create', [{'name': "New", 'identity_number': self.next_identity()}]),
            ):
                with self.subTest(method=method):
                    self.assertEqual(
                        self._refused(self._call(method, *args, context=context)), 'odoo.exceptions.AccessError')

    def test_files_by_id(self):
        self.authenticate('amlaj_holder', 'amlaj_holder')
        for url in (f'/web/content/{self.attachment.id}', f'/web/content/{self.attachment.id}?download=1',
                    f'/web/image/{self.attachment.id}', f'/web/content/amlaj.beneficiary/{self.file.id}/message_ids'):
            with self.subTest(url=url), mute_logger('odoo.http', 'odoo.addons.base.models.ir_binary'):
                self.assertNotIn(CANARY, self.url_open(url).text)

    def test_json_2(self):
        key = self.env['res.users.apikeys'].with_user(self.holder)._generate(
            'rpc', "A key", fields.Datetime.now() + timedelta(days=1))
        headers = {'Authorization': f'Bearer {key}'}

        def call(method, **body):
            return self.url_open(f'/json/2/amlaj.beneficiary/{method}', headers=headers, json=body)

        self.assertEqual(call('search_read', domain=[], fields=['name']).json(), [
            {'id': self.file.id, 'name': "Own Person"}])
        with mute_logger('odoo.http', 'odoo.models', 'odoo.addons.base.models.ir_model'):
            for method, body in (
                ('read', {'ids': self.other.ids, 'fields': ['name']}),
                ('read', {'ids': self.file.ids, 'fields': ['identity_number']}),
                ('write', {'ids': self.file.ids, 'vals': {'state': 'ended'}}),
                ('action_register', {'ids': self.file.ids}),
            ):
                with self.subTest(method=method):
                    answer = call(method, **body)
                    self.assertEqual(answer.status_code, 403)
                    self.assertNotIn("Other Person", answer.text)
                    self.assertNotIn(self.file.identity_number, answer.text)

    def test_a_visitor_gets_nothing(self):
        with mute_logger('odoo.http'):
            self._refused(self._call('search_read', [], ['name']))
            self.assertNotIn(CANARY, self.url_open(f'/web/content/{self.attachment.id}').text)
