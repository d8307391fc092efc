from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestRoadTour(common.AmlajHttpCommon):
    """The whole road of a request in a browser, in Arabic, by the people who walk it (R48-R64).

    The two weeks between the news and the reply pass by moving the request's dates back, as a calendar would.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = cls.make_user('road_secretary', 'committee')
        cls.member = cls.make_user('road_member', 'committee')
        cls.noura, cls.chair, cls.driver = (cls.user[role] for role in ('relations', 'committee', 'delivery'))
        people = cls.noura | cls.chair | cls.secretary | cls.member | cls.driver
        people.write({'lang': 'ar_001'})
        cls.committee = cls.env['amlaj.committee'].create({
            'name': 'لجنة البحث', 'member_ids': [
                Command.create({'user_id': cls.chair.id, 'role': 'chair'}),
                Command.create({'user_id': cls.member.id, 'role': 'member'}),
                Command.create({'user_id': cls.secretary.id, 'role': 'secretary', 'is_voting': True})]})
        papers = cls.env['amlaj.document.type'].create([
            {'name': 'تعريف بالدخل', 'proof': 'seen'}, {'name': 'عقد إيجار', 'proof': 'seen'}])
        cls.service = cls.env['amlaj.service'].create({
            'name': 'خدمة الطريق', 'kind': 'in_kind',
            'requirement_ids': [Command.create({'document_type_id': paper.id}) for paper in papers]})
        cls.file = cls.make_file('فاطمة سعد محمد الحربي')
        cls.home = '/odoo/waiting-for-you'

    def walk(self, step, user, url):
        """Let ``user`` walk one stretch; papers are truly drawn."""
        reports = type(self.env['ir.actions.report'])
        render = reports._render_qweb_pdf

        def render_truly(self, *args, **kwargs):
            return render(self.with_context(force_report_rendering=True), *args, **kwargs)

        with patch.object(reports, '_render_qweb_pdf', render_truly):
            self.start_tour(url, f'amlaj_road_{step}', login=user.login, timeout=180)
        self.env.invalidate_all()

    def url(self, record, action='amlaj_request_action'):
        return f'/odoo/action-amlaj_beneficiary.{action}/{record.id}'

    def pass_two_weeks(self, request):
        back = timedelta(days=14)
        request.write({'informed_at': request.informed_at - back, 'reply_not_before': request.reply_not_before - back,
                       'reply_due': request.reply_due - back})
        self.env.flush_all()

    def receive(self):
        self.walk('desk_new', self.noura, self.home)
        request = self.file.request_ids
        self.assertEqual(len(request), 1)
        return request

    def hold_session(self, decide):
        """The secretary opens a session with all that waits, a member votes on his phone, the chair decides, the
        secretary closes."""
        self.walk('secretary_opens', self.secretary, '/odoo/committee-sessions')
        self.walk('member_votes', self.member, '/odoo/my-agenda')
        self.walk(decide, self.chair, '/odoo/committee-sessions')
        self.walk('secretary_closes', self.secretary, '/odoo/committee-sessions')

    def test_from_the_desk_to_the_delivered_service(self):
        request = self.receive()
        self.walk('desk_receive_and_raise', self.noura, self.url(request))
        self.hold_session('chair_decides')
        self.assertEqual(request.decision_id.result, 'approved')
        self.assertEqual(request.state, 'committee', "nobody was told yet")
        replies = '/odoo/action-amlaj_beneficiary.amlaj_request_action_awaiting_reply'
        self.walk('desk_reply_too_early', self.noura, replies)
        self.assertFalse(request.replied_at)
        self.pass_two_weeks(request)
        self.walk('desk_reply', self.noura, replies)
        self.assertEqual(request.state, 'approved')
        self.walk('delivery', self.driver, self.url(request))
        self.assertEqual(request.state, 'done')
        self.assertTrue(request.delivery_ids.receipt_number)
        self.assertEqual(
            request.transition_ids.mapped('to_state'), ['draft', 'submitted', 'committee', 'approved', 'delivery', 'done'])

    def test_with_paper_only_incomplete_at_first_and_deferred_once(self):
        request = self.receive()
        request.document_ids[0].action_receive_and_match()
        self.walk('desk_receive_incomplete', self.noura, self.url(request))
        number, submitted_at = request.name, request.submitted_at
        self.walk('desk_receive_and_raise', self.noura, self.url(request))
        self.assertEqual((request.name, request.submitted_at), (number, submitted_at), "his place is kept")
        reply_day = request.reply_not_before
        self.hold_session('chair_defers')
        self.assertEqual(request.state, 'committee', "a deferral to a next session is no answer")
        self.hold_session('chair_decides')
        self.assertEqual(request.decision_ids.mapped('result'), ['deferred', 'approved'])
        self.assertEqual(request.reply_not_before, reply_day, "a deferral does not begin the period again")
        self.pass_two_weeks(request)
        self.walk('desk_reply', self.noura, '/odoo/action-amlaj_beneficiary.amlaj_request_action_awaiting_reply')
        self.assertEqual(request.state, 'approved')
        self.assertFalse(self.file.mandate_ids or self.file.partner_id, "no account was ever needed")
