import json

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common

ROOM = (
    'amlaj.committee', 'amlaj.committee.member', 'amlaj.committee.session', 'amlaj.decision', 'amlaj.vote',
    'amlaj.recusal', 'amlaj.relation')
QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models', 'odoo.http')


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeSecrecy(committee_common.CommitteeHttpCommon):
    """Between decision and reply nothing reaches the applicant: not through RPC, groups, messages, files or forms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.make_portal_user('amlaj_applicant')
        cls.file = cls.make_file()
        cls.make_mandate(cls.file, cls.portal)
        cls.request = cls.make_request(cls.file)
        cls.sitting = cls.make_session(cls.request)

    def seen(self):
        """All that the applicant reads of his request, as RPC gives it."""
        request = self.request.with_user(self.portal)
        request.invalidate_recordset()
        names = [name for name in request._portal_fields if name in request._fields]
        values = request.read(names)[0]
        papers = request.document_ids.read(list(request.document_ids._portal_fields))
        moves = self.env['amlaj.request.transition'].with_user(self.portal).search_read(
            [('request_id', '=', request.id)], ['to_state', 'at'])
        return json.dumps([values, papers, moves], default=str, sort_keys=True)

    def decide(self, result='rejected'):
        self.sitting.action_decide(
            self.request.ids, result, self.all_for('chair', 'deputy', 'm2'),
            reason_id=self.refusal.id if result == 'rejected' else None)
        self.sitting.action_close()
        self.env.flush_all()

    def test_the_applicant_sees_no_difference(self):
        before = self.seen()
        self.decide()
        self.assertEqual(self.seen(), before)
        self.request.with_user(self.manager).action_allow_early_reply("Urgent")
        self.assertEqual(self.seen(), before)
        self.request.action_reply()
        self.assertNotEqual(self.seen(), before)

    def test_the_room_is_closed_to_portal_users(self):
        self.decide()
        with mute_logger(*QUIET):
            for name in ROOM:
                model = self.env[name].with_user(self.portal)
                for operation in ('read', 'write', 'create', 'unlink'):
                    self.assertFalse(model.has_access(operation), name)
                for door in (lambda m=model: m.search([]), lambda m=model: m.search_count([]),
                             lambda m=model: m._read_group([], [], ['__count']), lambda m=model: m.name_search('26')):
                    with self.subTest(model=name), self.assertRaises(AccessError):
                        door()

    def test_no_field_of_the_request_tells(self):
        self.decide()
        request = self.request.with_user(self.portal)
        hidden = [
            'decision_id', 'decision_ids', 'decision_result', 'decision_amount', 'is_awaiting_reply', 'replied_at',
            'replied_by_id', 'reply_channel_id', 'reply_early_reason', 'reopened_at', 'next_step', 'next_date',
            'write_date', 'write_uid', 'allowed_actions', 'message_ids', 'stage_due', 'is_late']
        with mute_logger(*QUIET):
            for name in hidden:
                with self.subTest(field=name):
                    with self.assertRaises(AccessError):
                        request.read([name])
                    with self.assertRaises(AccessError):
                        request.search([(name, '!=', False)])
                    with self.assertRaises(AccessError):
                        request._read_group([], [name], ['__count'])
            for domain in ([('decision_ids.result', '=', 'rejected')], [('decision_id.votes_for', '>', 1)]):
                with self.assertRaises(AccessError):
                    request.search(domain)
            with self.assertRaises(AccessError):
                request.search([], order='write_date desc')
            for step in (
                lambda: request.action_reply(), lambda: request.action_reopen(1),
                lambda: request.action_allow_early_reply("Now"),
                lambda: request.action_decide_by_department('approved'),
            ):
                with self.assertRaises(AccessError) as refusal:
                    step()
                self.assertNotIn("decided", str(refusal.exception))

    def test_over_rpc_too(self):
        self.decide()
        self.authenticate('amlaj_applicant', 'amlaj_applicant')
        with mute_logger(*QUIET):
            for model, method, args in (
                ('amlaj.request', 'read', [self.request.ids, ['decision_id']]),
                ('amlaj.request', 'web_search_read', [[], {'decision_ids': {'fields': {'result': {}}}}]),
                ('amlaj.request', 'formatted_read_group', [[], ['decision_result'], ['__count']]),
                ('amlaj.decision', 'search_read', [[], ['result']]),
                ('amlaj.vote', 'search_read', [[], ['vote']]),
                ('amlaj.request', 'get_metadata', [self.request.ids]),
                ('amlaj.committee.session', 'action_vote', [self.sitting.ids, self.request.ids, 'for']),
            ):
                with self.subTest(model=model, method=method):
                    answer = self.opener.post(
                        f'{self.base_url()}/web/dataset/call_kw/{model}/{method}',
                        json={'jsonrpc': '2.0', 'method': 'call', 'params': {
                            'model': model, 'method': method, 'args': args, 'kwargs': {}}}).json()
                    if method == 'get_metadata':
                        self.assertNotIn('write_date', json.dumps(answer.get('result') or ''))
                    else:
                        self.assertIn('error', answer)

    def test_no_message_and_no_file(self):
        messages = self.env['mail.message'].search_count([
            ('model', '=', 'amlaj.request'), ('res_id', '=', self.request.id)])
        self.decide()
        self.assertEqual(self.env['mail.message'].search_count([
            ('model', '=', 'amlaj.request'), ('res_id', '=', self.request.id)]), messages)
        self.assertFalse(self.request.message_out_ids)
        decision = self.request.sudo().decision_id
        decision.write({'snapshot_pdf': b'JVBERi0='})
        file = self.env['ir.attachment'].search([
            ('res_model', '=', 'amlaj.decision'), ('res_id', '=', decision.id), ('res_field', '=', 'snapshot_pdf')])
        self.assertTrue(file)
        Attachment, Message = (self.env[name].with_user(self.portal) for name in ('ir.attachment', 'mail.message'))
        with mute_logger(*QUIET):
            self.assertFalse(Attachment.search([('id', 'in', file.ids)]))
            for record in (file.with_user(self.portal), file.with_user(self.relations),
                           file.with_user(self.seat['m1'].user_id)):
                with self.assertRaises(AccessError):
                    record.read(['datas'])
            self.assertFalse(Message.search([('model', 'in', ('amlaj.request', 'amlaj.decision'))]))
        self.authenticate('amlaj_applicant', 'amlaj_applicant')
        with mute_logger(*QUIET):
            answer = self.url_open(f'/web/content/amlaj.decision/{decision.id}/snapshot_pdf')
        self.assertEqual(answer.status_code, 404)

    def test_an_employee_learns_of_his_own_file_by_the_reply(self):
        members = {
            'colleague': self.make_user('amlaj_colleague', 'relations', 'auditor'), 'm1': self.seat['m1'].user_id}
        for user in members.values():
            self.make_mandate(self.file, user, capacity='delegate')
        self.decide()
        item = self.sitting.decision_ids
        for user in members.values():
            self.env.invalidate_all()
            own = self.sitting.with_user(user)
            self.assertEqual(own.item_count, 1)
            self.assertFalse(own.decision_ids)
            form = own.web_read({'item_count': {}, 'undecided_count': {}, 'decision_ids': {'fields': {'result': {}}}})
            self.assertEqual((form[0]['item_count'], form[0]['decision_ids']), (1, []))
        colleague = self.request.with_user(members['colleague'])
        colleague.invalidate_recordset()
        form = colleague.web_read({
            'next_step': {}, 'allowed_actions': {}, 'decision_ids': {'fields': {'result': {}}}})
        self.assertEqual(form[0]['decision_ids'], [])
        for user in members.values():
            for record in (item, item.vote_ids, item.recusal_ids):
                with self.assertRaises(AccessError), mute_logger(*QUIET):
                    record.with_user(user).read(['display_name', 'decision_id' if record != item else 'result'])
        self.request.with_user(self.manager).action_allow_early_reply("Urgent")
        self.request.action_reply()
        self.env.flush_all()
        self.assertEqual(item.with_user(members['m1']).result, 'rejected')

    def test_who_serves_the_person_learns_it_with_the_reply(self):
        self.decide()
        decision = self.request.sudo().decision_id
        representative = self.request.with_user(self.user['representative'])
        with mute_logger(*QUIET):
            with self.assertRaises(AccessError):
                representative.read(['decision_id'])
            self.assertFalse(representative.read(['decision_result'])[0]['decision_result'])
            self.assertEqual(representative.next_step, "Wait for the decision")
            for role in ('representative', 'delivery'):
                with self.assertRaises(AccessError):
                    decision.with_user(self.user[role]).read(['result'])
        self.assertEqual(self.request.next_step, "Reply")
        self.request.with_user(self.manager).action_allow_early_reply("Urgent")
        self.request.action_reply()
        self.env.flush_all()
        for role in ('representative', 'delivery'):
            seen = decision.with_user(self.user[role])
            self.assertEqual(seen.read(['result'])[0]['result'], 'rejected')
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                seen.read(['reason_id', 'note', 'vote_ids'])
        self.assertEqual(representative.read(['decision_result'])[0]['decision_result'], 'rejected')
