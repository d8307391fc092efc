import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common

# what differs between two drawings of the same page
FRESH = re.compile(r'csrf_token["\']?\s*(?:value=|:)\s*"[^"]*"|name="csrf_token" value="[^"]*"')


@tagged('post_install', '-at_install', 'amlaj')
class TestToldPages(committee_common.CommitteeHttpCommon):
    """The applicant's pages before and after the decision are the same to the byte; the reply alone changes them, and
    says then what was decided, kindly (R59, R61, R62)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.make_portal_user('told_holder')
        cls.file = cls.make_file()
        cls.make_mandate(cls.file, cls.holder)

    def pages(self, request):
        """The HTML of all pages on which the request stands, and what both doors are told."""
        self.env.flush_all()
        self.env.invalidate_all()
        paths = ('/my/requests', f'/my/requests/{request.id}', f'/my/requests/{request.id}/cancel',
                 f'/my/requests/{request.id}/step/papers', f'/my/requests/{request.id}/step/need', '/my/home')
        drawn = {}
        for path in paths:
            response = self.url_open(path, allow_redirects=False)
            drawn[path] = (response.status_code, FRESH.sub('', response.text))
        drawn['follow'] = str(request.sudo()._followed_page())
        return drawn

    def test_not_a_byte_before_the_reply(self):
        self.authenticate(self.holder.login, self.holder.login)
        for result in ('approved', 'rejected', 'partial'):
            request = self.make_request(self.file, self.cash, amount_requested=4711)
            before = self.pages(request)
            session = self.make_session(request)
            self.assertEqual(self.pages(request), before, "on an agenda")
            options = {'approved': {'amount': 3111}, 'partial': {'amount': 3111}, 'rejected': {}}[result]
            if result != 'approved':
                options['reason_id'] = self.refusal.id
            session.action_decide(request.ids, result, self.all_for(), **options)
            self.assertEqual(self.pages(request), before, "decided")
            session.action_close()
            self.assertEqual(self.pages(request), before, "closed")
            request.with_user(self.manager).action_allow_early_reply("The roof is gone")
            self.assertEqual(self.pages(request), before, "an early reply is allowed")
            request.action_reply()
            self.assertNotEqual(self.pages(request), before)

    def test_a_department_s_decision_is_not_told_early_either(self):
        boss = self.make_user('told_boss', 'researcher')
        department = self.env['hr.department'].create({
            'name': "Trees", 'manager_id': self.env['hr.employee'].create({'name': "Boss", 'user_id': boss.id}).id})
        advice = self.make_service("Advice", kind='service', decided_by='department', department_id=department.id)
        request = self.make_request(self.file, advice, raised=False)
        self.authenticate(self.holder.login, self.holder.login)
        before = self.pages(request)
        request.with_user(boss).action_decide_by_department('rejected', reason_id=self.refusal.id)
        self.assertEqual(self.pages(request), before)
        self.assertNotIn("committee", before[f'/my/requests/{request.id}'][1].lower())

    def page(self, request):
        self.env.flush_all()
        self.authenticate(self.holder.login, self.holder.login)
        return self.url_open(f'/my/requests/{request.id}').text

    def test_an_apology(self):
        request = self.decided('rejected', self.make_request(self.file), reply=True)
        page = self.page(request)
        self.assertIn("We apologise for not accepting the request", page)
        self.assertIn("we apologise that your request no.", page)
        self.assertIn("The conditions are not met.", page)
        self.assertIn("You have the right to object until", page)
        self.assertNotIn("Conditions<", page, "the label is for staff")

    def test_an_approval_with_its_amount(self):
        request = self.decided('approved', self.make_request(self.file, self.cash), reply=True, amount=3111)
        page = self.page(request)
        self.assertIn("Your request was approved", page)
        self.assertIn("SAR 3,111", page)
        self.assertNotIn("right to object", page)
        follow = request.sudo()._followed_page()
        self.assertTrue(follow['result']['text'])
        self.assertNotIn('3,111', str(follow))
        self.assertNotIn(self.cash.name, str(follow))

    def test_a_part(self):
        request = self.decided(
            'partial', self.make_request(self.file, self.cash), reply=True, amount=100, reason_id=self.refusal.id)
        page = self.page(request)
        self.assertIn("a part of your request", page)
        self.assertIn("The conditions are not met.", page)
        self.assertIn("right to object", page)

    def test_who_voted_and_what_was_noted_is_never_told(self):
        request = self.decided('rejected', self.make_request(self.file), reply=True)
        request.sudo().decision_id.note = "CANARY note"
        page = self.page(request)
        for secret in ("CANARY", *(seat.user_id.name for seat in self.seat.values()), self.relations.name):
            self.assertNotIn(secret, page)

    def test_reopened_it_is_with_the_committee_again(self):
        request = self.decided('rejected', self.make_request(self.file), reply=True)
        request.sudo().action_reopen(False)
        page = self.page(request)
        self.assertIn("which studies your objection", page)
        self.assertNotIn("The conditions are not met.", page)
        told = request.sudo()._told('portal')
        self.assertFalse(told['result'])
        self.assertEqual([step['is_now'] for step in told['steps']], [False, False, True, False])

    @mute_logger('odoo.http')
    def test_cancelled_before_the_reply_it_tells_nothing(self):
        request = self.decided('approved', self.make_request(self.file, self.cash), amount=3111)
        request.action_cancel("Helped by others")
        page = self.page(request)
        self.assertNotIn("3,111", page)
        self.assertFalse(request.sudo()._told('portal')['result'])

    def test_it_costs_a_dozen_queries_at_most(self):
        request = self.decided('rejected', self.make_request(self.file), reply=True)
        for __ in range(3):
            self.page(request)
        self.env.invalidate_all()
        profiling = self.profile(collectors=['sql'], db=False)
        with profiling:
            self.url_open(f'/my/requests/{request.id}')
        [route] = profiling._profiler__.sub_profilers
        self.assertLessEqual(len(route.collectors[0].entries), 12)
