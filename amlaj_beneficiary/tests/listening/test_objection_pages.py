import re

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import objection_common
from .objection_common import WHY

FRESH = re.compile(r'csrf_token: "[^"]*"|name="csrf_token" value="[^"]*"')
MOST = 12


@tagged('post_install', '-at_install', 'amlaj')
class TestObjectionPages(objection_common.ObjectionHttpCommon):
    """Objecting in one's own pages: offered after the reply until its day, taken once, answered there (A20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.refused()
        cls.path = f'/my/requests/{cls.request.id}'
        cls.form = f'{cls.path}/objection'

    def lodge(self, status=303, **form):
        return self.post(self.form, self.form, status, **{'text': WHY, **form})

    def ticket(self):
        return self.request.sudo()._objections_sudo()

    def test_from_the_answer_to_the_second_answer(self):
        self.login()
        page = self.page(self.path).text
        self.assertIn(f'href="{self.form}"', page)
        self.assertIn("Lodge objection", page)
        day = self.request.sudo()._told_day(self.request.sudo()._objection_last_day())
        self.assertIn(day, self.page(self.form).text)
        self.assertTrue(self.lodge().headers['Location'].endswith(self.path))
        ticket = self.ticket()
        self.assertEqual((ticket.text, ticket.origin, ticket.state), (WHY, 'applicant', 'new'))
        page = self.page(self.path).text
        for text in (ticket.name, "studying it", "The lease was with my papers.",
                     self.request.sudo()._told_day(ticket.due_date)):
            self.assertIn(text, page)
        self.assertNotIn(self.form, page)
        self.assertNotIn("right to object until", page)
        ticket.with_user(self.manager).action_uphold("A paper was overlooked.")
        page = self.page(self.path).text
        for text in ("which studies your objection", "Your objection was accepted", "A paper was overlooked.",
                     "took no part in the first decision"):
            self.assertIn(text, page)
        self.assertNotIn("The conditions are not met.", page)
        self.assertNotIn("not less than", page, "there are no new two weeks")
        before = FRESH.sub('', page)
        session = self.make_session(self.request)
        self.assertEqual(self.drawn(self.path), before, "on the agenda")
        session.action_decide(self.request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        session.action_close()
        self.assertEqual(self.drawn(self.path), before, "decided")
        self.request.action_reply()
        page = self.page(self.path).text
        self.assertIn("Your request was approved", page)
        self.request.with_user(self.user['delivery']).action_start_delivery()
        self.request.sudo().delivery_ids.with_user(self.user['delivery']).action_deliver("Salem", 'paper')
        self.assertIn("Receipt no.", self.page(self.path).text)

    def drawn(self, path):
        return FRESH.sub('', self.page(path).text)

    def test_dismissed_he_reads_why(self):
        self.login()
        self.lodge()
        self.assertNotIn('amlaj_answer', self.page(self.path).text)
        self.ticket().with_user(self.manager).action_dismiss("The lease <b>ended</b> in March.")
        page = self.page(self.path).text
        self.assertIn("the answer stays as it was", page)
        self.assertIn("The lease &lt;b&gt;ended&lt;/b&gt; in March.", page)
        self.assertIn("The conditions are not met.", page)
        self.assertNotIn(self.form, page)

    def test_an_error_keeps_what_was_typed(self):
        self.login()
        page = self.lodge(200, text='   ').text
        self.assertIn("Please write why you object.", page)
        long = '<script>alert(1)</script>' + 'x' * 4000
        page = self.lodge(200, text=long, submission_key='k-1').text
        self.assertIn('&lt;script&gt;alert(1)', page)
        self.assertNotIn('<script>alert', page)
        self.assertIn('value="k-1"', page)
        self.assertFalse(self.ticket())

    def test_the_same_form_twice_makes_one(self):
        self.login()
        self.lodge(submission_key='k-2')
        self.post(self.form, self.path + '/cancel', text="Again", submission_key='k-2')
        self.assertEqual(len(self.ticket()), 1)
        page = self.post(self.form, self.path + '/cancel', 200, text="Another tab", submission_key='k-3').text
        self.assertIn(self.ticket().name, page)
        self.assertIn("Another tab", page)
        self.assertEqual(self.ticket().text, WHY)

    def test_before_the_reply_not_a_byte_differs(self):
        request = self.make_request(self.file)
        path = f'/my/requests/{request.id}/objection'
        self.login()

        def answers():
            return (self.drawn(path), FRESH.sub('', self.post(path, f'/my/requests/{request.id}/cancel', 200, text="Why",
                                                              submission_key='same').text))
        before = answers()
        self.assertIn("once you have received our answer", before[0])
        self.assertIn("once you have received our answer", before[1])
        self.refused(request=request, reply=False)
        self.assertEqual(answers(), before)

    def test_after_the_last_day(self):
        self.login()
        with freeze_time(fields.Datetime.add(self.request.sudo().replied_at, days=40)):
            self.login()
            self.assertNotIn(self.form, self.page(self.path).text)
            self.assertIn("The time for an objection ended", self.page(self.form).text)
            self.assertNotIn('<textarea', self.page(self.form).text)
            answer = self.post(self.form, self.path + '/cancel', 200, text="Late words").text
        self.assertIn("The time for an objection ended", answer)
        self.assertIn("Late words", answer)
        self.assertFalse(self.ticket())

    @mute_logger('odoo.http')
    def test_another_persons_and_none_are_alike(self):
        nowhere = '/my/requests/999999999/objection'
        for user in (self.stranger, self.former, self.follower):
            self.login(user)
            bodies = {
                re.sub(r'csrf_token: "[^"]+"', '', self.page(path, 404).text.replace(path, ''))
                for path in (self.form, nowhere)}
            self.assertEqual(len(bodies), 1)
            self.post(self.form, None, 404, text="x")
        self.assertFalse(self.ticket())

    def test_who_only_follows_sees_it_and_makes_none(self):
        self.login(self.follower)
        self.assertNotIn(self.form, self.page(self.path).text)
        self.objection(self.request)
        self.assertIn("studying it", self.page(self.path).text)

    @mute_logger('odoo.http')
    def test_over_rpc(self):
        ticket = self.objection(self.request)
        other = self.refused()

        def call(model, method, *args, **kwargs):
            return self.url_open('/web/dataset/call_kw', json={
                'params': {'model': model, 'method': method, 'args': args, 'kwargs': kwargs}}).json()

        self.login(self.stranger)
        for model, method, args in (
            ('amlaj.ticket', 'read', [ticket.ids, ['text']]), ('amlaj.ticket', 'write', [ticket.ids, {'state': 'closed'}]),
            ('amlaj.ticket', 'action_uphold', [ticket.ids, "x"]), ('amlaj.request', 'action_object', [other.ids, "x"]),
            ('amlaj.request', 'action_reopen', [other.ids, ticket.id]),
        ):
            with self.subTest(method=method):
                self.assertEqual(call(model, method, *args)['error']['data']['name'], 'odoo.exceptions.AccessError')
        self.assertEqual(call('amlaj.ticket', 'search_count', [])['result'], 0)
        self.login(self.holder)
        for method, args in (('write', [ticket.ids, {'answer': "Yes"}]), ('web_save', [ticket.ids, {'state': 'answered'}, {}]),
                             ('action_dismiss', [ticket.ids, "x"]), ('read', [ticket.ids, ['outcome']])):
            with self.subTest(method=method):
                self.assertEqual(call('amlaj.ticket', method, *args)['error']['data']['name'], 'odoo.exceptions.AccessError')
        for method in ('_object', '_object_by_applicant', '_withdraw', '_answered'):
            self.assertIn('error', call('amlaj.request', method, other.ids, "x"))
        [row] = call('amlaj.ticket', 'read', ticket.ids, ['answer', 'state', 'text'])['result']
        self.assertEqual(row, {'id': ticket.id, 'answer': False, 'state': 'new', 'text': WHY})
        made = call('amlaj.request', 'action_object', other.ids, "By RPC", submission_key='r1')['result']
        self.assertEqual(call('amlaj.request', 'action_object', other.ids, "By RPC", submission_key='r1')['result'], made)

    def queries(self, path):
        for __ in range(3):
            self.page(path)
        profiling = self.profile(collectors=['sql'], db=False)
        with profiling:
            self.page(path)
        [route] = profiling._profiler__.sub_profilers
        return [entry['full_query'].strip()[:200] for entry in route.collectors[0].entries]

    def test_what_the_pages_cost(self):
        self.login()

        def cost(*paths):
            for path in paths:
                seen = self.queries(path)
                self.assertLessEqual(len(seen), MOST, '\n'.join([path, *seen]))
        cost(self.path, self.form)
        ticket = self.objection(self.request)
        cost(self.path, self.form)
        ticket.with_user(self.manager).action_uphold("We look again.")
        cost(self.path, self.form)
        session = self.make_session(self.request)
        session.action_decide(self.request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        self.request.action_reply()
        cost(self.path)
        self.open_followed(self.request)
        cost('/follow-up/request', '/follow-up/objection')


@tagged('post_install', '-at_install', 'amlaj')
class TestObjectionFollowed(objection_common.ObjectionHttpCommon):
    """The same with number and code, without an account: no name, no kind of help, not the applicant's own words."""

    def setUp(self):
        super().setUp()
        self.opener.cookies['frontend_lang'] = 'en_US'

    def followed(self):
        return self.page('/follow-up/request').text

    def test_from_the_answer_to_the_second_answer(self):
        request = self.refused()
        self.open_followed(request)
        self.assertIn('/follow-up/objection', self.followed())
        self.post('/follow-up/objection', '/follow-up/objection', text=WHY, submission_key='f1')
        ticket = request.sudo()._objections_sudo()
        self.assertEqual((ticket.text, ticket.origin, ticket.beneficiary_id), (WHY, 'applicant', self.file))
        page = self.followed()
        self.assertIn("studying it", page)
        self.assertIn(ticket.name, page)
        for secret in ("The lease", "Salem", "Alharbi", self.service.name):
            self.assertNotIn(secret, page)
        ticket.with_user(self.manager).action_uphold("A paper was overlooked.")
        page = self.followed()
        self.assertIn("A paper was overlooked.", page)
        self.assertIn("which studies your objection", page)
        session = self.make_session(request)
        session.action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        self.assertEqual(FRESH.sub('', self.followed()), FRESH.sub('', page))
        request.action_reply()
        self.assertIn("Your request was approved", self.followed())

    def test_an_answer_that_names_somebody_or_the_help_is_told_by_phone(self):
        for words in ("Salem, please come.", f"The {self.service.name} ended."):
            request = self.refused()
            self.objection(request).with_user(self.manager).action_dismiss(words)
            self.open_followed(request)
            page = self.followed()
            self.assertNotIn(words, page)
            self.assertIn("please call us", page)
            self.assertEqual(request.sudo()._told('portal')['objection']['answer'], words)

    def test_only_the_request_that_was_opened(self):
        mine, other = self.refused(), self.refused()
        self.open_followed(mine)
        self.post('/follow-up/objection', '/follow-up/objection', text="Mine", request_id=other.id, id=other.id)
        self.assertTrue(mine.sudo()._objections_sudo())
        self.assertFalse(other.sudo()._objections_sudo())

    def test_a_key_of_another_visitor_tells_nothing(self):
        first, second = self.refused(), self.refused()
        self.open_followed(first)
        self.post('/follow-up/objection', '/follow-up/objection', text="First", submission_key='shared')
        self.open_followed(second)
        self.post('/follow-up/objection', '/follow-up/objection', text="Second", submission_key='shared')
        self.assertEqual((first.sudo()._objections_sudo().text, second.sudo()._objections_sudo().text), ("First", "Second"))

    def test_nothing_without_the_code(self):
        request = self.refused()
        for path in ('/follow-up/objection', '/follow-up/rating'):
            self.assertTrue(self.page(path, 303).headers['Location'].endswith('/follow-up'))
            self.post(path, '/follow-up', text="x", procedure='1')
        self.open_followed(request)
        request.action_revoke_follow_code()
        self.post('/follow-up/objection', '/follow-up', text="x")
        self.assertFalse(request.sudo()._objections_sudo())

    def test_before_the_reply_not_a_byte_differs(self):
        request = self.make_request(self.file)
        self.open_followed(request)

        def answers():
            return [FRESH.sub('', text) for text in (
                self.followed(), self.page('/follow-up/objection').text,
                self.post('/follow-up/objection', '/follow-up', 200, text="Why", submission_key='same').text)]
        before = answers()
        self.refused(request=request, reply=False)
        self.assertEqual(answers(), before)
        self.assertNotIn('/follow-up/objection', before[0])

    def finished(self):
        request = self.decided('approved', self.make_request(self.file), reply=True)
        deliverer = self.user['delivery']
        request.with_user(deliverer).action_start_delivery()
        request.sudo().delivery_ids.with_user(deliverer).action_deliver("Salem", 'paper')
        request.with_user(deliverer).action_close()
        return request

    @mute_logger('odoo.http')
    def test_rating_with_number_and_code(self):
        request = self.finished()
        self.open_followed(request)
        self.assertIn('/follow-up/rating', self.followed())
        self.assertEqual(self.page('/follow-up/rating').text.count('type="radio"'), 15)
        self.post('/follow-up/rating', '/follow-up/rating', procedure='5', conduct='4', comment="Thank you")
        answer = self.env['survey.user_input'].search([('amlaj_request_id', '=', request.id)])
        self.assertEqual(answer._axes(), {'procedure': 5, 'conduct': 4, 'comment': "Thank you"})
        self.assertEqual(answer.create_uid | answer.write_uid, self.env.ref('base.user_root'))
        self.login()
        self.post(f'/my/requests/{request.id}/rating', f'/my/requests/{request.id}/rating', procedure='2')
        self.assertEqual(answer._axes(), {'procedure': 2}, "one answer, whichever the door")
        self.open_followed(self.refused())
        self.page('/follow-up/rating', 404)

    def test_preferring_not_to_rate(self):
        request = self.finished()
        self.open_followed(request)
        self.post('/follow-up/rating', '/follow-up/rating', decline='1')
        self.assertEqual(request.sudo()._rating_invitation().state, 'declined')
