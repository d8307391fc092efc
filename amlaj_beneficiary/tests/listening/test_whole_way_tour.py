from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..committee import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestWholeWayTour(committee_common.CommitteeHttpCommon):
    """A person without e-mail, in a browser of 360 px and in Arabic: from the desk's slip through login, request, a signature
    with the finger, a missing paper, the reply, the objection and a forgotten code to closing the account; and all of it
    without an account (R18, R19, R22, R57, R61, A20)."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env['website'].search([], limit=1)
        arabic = cls.env['res.lang']._activate_lang('ar_001')
        website.write({'language_ids': [Command.set(arabic.ids)], 'default_lang_id': arabic.id})
        cls.file = cls.make_file('فاطمة سعد محمد الحربي', lang='ar_001', phone='0501234567')
        lease = cls.env['amlaj.document.type'].create({'name': 'عقد إيجار', 'proof': 'file'})
        # the first one of the list
        cls.service = cls.env['amlaj.service'].create({
            'name': 'أ خدمة الجوال', 'kind': 'in_kind', 'is_published': True, 'sequence': -1,
            'requirement_ids': [Command.create({'document_type_id': lease.id})]})

    def walk(self, tour, path):
        self.env.flush_all()
        self.start_tour(path, f'amlaj_whole_{tour}', timeout=180)
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # What the association does meanwhile
    # ------------------------------------------------------------

    def refuse(self, request):
        request = request.with_user(self.relations)
        request.document_ids.action_match()
        request.action_receive_at_desk()
        request.action_raise()
        session = self.make_session(request)
        session.action_decide(
            request.ids, 'rejected', self.votes(chair='for', m1='for'), reason_id=self.refusal.id)
        session.action_close()
        request.with_user(self.manager).action_allow_early_reply("The roof is gone")
        request.action_reply()

    def uphold_and_deliver(self, request):
        request = request.with_user(self.relations)
        ticket = request.ticket_ids.with_user(self.manager)
        ticket.action_uphold("ننظر فيه من جديد.")
        session = self.make_session(request)
        session.action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        session.action_close()
        request.action_reply()
        deliverer = self.user['delivery']
        request.with_user(deliverer).action_start_delivery()
        planned = request.sudo().delivery_ids.filtered(lambda delivery: delivery.state == 'planned')
        planned.place = 'office'
        planned.with_user(deliverer).action_deliver('فاطمة الحربي')
        request.with_user(deliverer).action_close()

    def sent_code(self):
        """The code that the provider would carry to the mobile, after whoever forgot it asked."""
        sent = []
        code_class = type(self.env['amlaj.code'])
        with patch.object(code_class, '_can_send', return_value=True), patch.object(
                code_class, '_send', lambda record, phone, body: sent.append((phone, record._digits()))), patch.object(
                    type(self.env['ir.cron']), '_commit_progress', return_value=600):
            self.env['amlaj.forgotten']._cron_answer()
        [(phone, digits)] = sent
        self.assertEqual(phone, '+966501234567')
        return digits

    # ------------------------------------------------------------
    # The ways
    # ------------------------------------------------------------

    def test_with_an_account(self):
        self.file.with_user(self.relations).action_grant_portal_access()
        user = self.file.sudo()._own_mandate().user_id
        self.assertFalse(user.email)
        self.walk('enter', f"/enter#{user.login}-{self.env['amlaj.code']._in_force(user, 'entry')._digits()}")
        request = self.file.request_ids
        self.assertRecordValues(request, [{'state': 'incomplete', 'origin': 'applicant'}])
        self.walk('missing', f'/web/login?redirect=/my/requests/{request.id}')
        self.assertEqual(request.state, 'submitted')
        self.refuse(request)
        self.walk('object', f'/web/login?redirect=/my/requests/{request.id}')
        self.uphold_and_deliver(request)
        self.assertEqual(request.state, 'done')
        with patch.object(type(self.env['amlaj.code']), '_can_send', return_value=True):
            self.walk('forgotten', '/web/login')
        self.walk('close', f'/enter#{user.login}-{self.sent_code()}')
        self.assertFalse(user.active)
        self.assertEqual(self.env['survey.user_input'].search_count([('survey_id.survey_type', '=', 'beneficiary')]), 1)
        self.assertEqual(self.file.state, 'registered', "only the login is closed")

    @mute_logger('odoo.http')
    def test_without_an_account(self):
        request = self.env['amlaj.request'].with_user(self.relations).create({
            'beneficiary_id': self.file.id, 'service_id': self.service.id, 'description': "إيجار شهرين"})
        link = request.action_open_home_link()
        path = link['text'].split('/sign/')[1].split()[0]
        self.walk('sign_at_home', f"/sign/{path}#{link['code']}")
        self.assertEqual(request.declaration_ids.method, 'home')
        request.action_receive_at_desk()
        self.assertEqual(request.state, 'incomplete')
        self.walk('follow_missing', self.square(request))
        self.assertEqual(request.state, 'submitted')
        self.refuse(request)
        self.walk('follow_object', self.square(request))
        self.uphold_and_deliver(request)
        old = self.square(request)
        request.with_user(self.relations).action_renew_follow_code()  # the paper was lost
        self.assertNotEqual(self.square(request), old)
        self.walk('follow_close', self.square(request))
        self.assertEqual(self.env['survey.user_input'].search_count([('survey_id.survey_type', '=', 'beneficiary')]), 1)
        self.assertFalse(self.file.mandate_ids.user_id)

    def square(self, request):
        """What the square on the paper holds."""
        return f'/follow-up#{request.name}-{request.sudo()._follow_code()._digits()}'
