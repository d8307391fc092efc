import io
import re
from datetime import timedelta

from freezegun import freeze_time
from PyPDF2 import PdfReader

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import volunteering_common

PAGE = '/my/volunteering'


@tagged('post_install', '-at_install', 'amlaj')
class TestVolunteeringPages(volunteering_common.VolunteeringHttpCommon):
    """The pages over HTTP: for everyone, for a volunteer, for a supervisor; another's is not found."""

    def post(self, path, **data):
        form = re.search(r'name="csrf_token" value="(\w+)"', self.form)
        return self.url_open(path, data={'csrf_token': form[1] if form else '', **data}, allow_redirects=False)

    def login_as(self, user):
        self.authenticate(user.login, user.login)
        self.form = self.url_open('/my/security').text

    def status(self, path):
        return self.url_open(path, allow_redirects=False).status_code

    def test_everyone_reads_the_open_ones(self):
        opportunity = self.make_opportunity(seats=1, description="We plant.\n<script>alert(1)</script>")
        self.join(opportunity)
        hidden = self.make_opportunity("Hidden", opened=False)
        text = self.url_open('/volunteer/opportunities').text
        self.assertIn("Planting at the lagoon", text)
        self.assertNotIn("Hidden", text)
        self.assertNotIn(self.volunteer.name, text)
        page = self.url_open(f'/volunteer/opportunities/{opportunity.id}').text
        self.assertIn("Take water.", page)
        self.assertNotIn("<script>alert", page)
        with mute_logger('odoo.http'):
            for path in (hidden.id, 2 ** 31, 2 ** 63, 0):
                self.assertEqual(self.status(f'/volunteer/opportunities/{path}'), 404)
            self.assertIn(self.status(f'/event/{opportunity.event_id.id}/ics'), (403, 404), "not by Odoo's own page")

    def test_a_volunteer_without_a_file_keeps_to_his_pages(self):
        self.volunteer.user_id.sudo().holds_mandate = True
        self.login_as(self.volunteer.user_id)
        self.assertIn('amlaj-phone', self.form, "the page of his password is ours")
        for path in ('/my/account', '/my/addresses', '/my/address'):
            answer = self.url_open(path, allow_redirects=False)
            self.assertTrue(answer.headers['Location'].endswith('/my'), path)
        page = self.url_open('/my')
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.volunteer.number, page.text)

    def test_the_coordinator_opens_a_volunteer_with_his_notes(self):
        self.authenticate(self.coordinator.login, self.coordinator.login)
        answer = self.make_jsonrpc_request('/mail/data', {'fetch_params': [['mail.thread', {
            'thread_model': 'amlaj.volunteer', 'thread_id': self.volunteer.id,
            'request_list': ['activities', 'attachments', 'followers', 'suggestedRecipients']}]]})
        self.assertTrue(answer['mail.thread'])

    def test_visitors_and_strangers_find_nothing(self):
        opportunity = self.make_opportunity()
        participation = self.join(opportunity)
        pages = [PAGE, f'{PAGE}/{participation.id}', f'{PAGE}/{participation.id}/calendar.ics', f'{PAGE}/card',
                 f'{PAGE}/{participation.id}/certificate', f'{PAGE}/join/{opportunity.id}', f'{PAGE}/undertaking',
                 '/volunteering/day', f'/volunteering/day/{opportunity.id}', f'/volunteering/check-in/{self.volunteer.number}']
        for path in pages:
            with self.subTest(path=path):
                self.assertEqual(self.status(path), 303, "a visitor logs in first")
        self.login_as(self.make_portal_user('amlaj_nobody'))
        with mute_logger('odoo.http'):
            for path in pages:
                with self.subTest(path=path, who="no volunteer"):
                    self.assertEqual(self.status(path), 404)
            self.login_as(self.make_member("Stranger Helper").user_id)
            for path in pages[1:5]:
                if path != f'{PAGE}/card':
                    with self.subTest(path=path, who="another volunteer"):
                        self.assertEqual(self.status(path), 404)
            for path in pages[-3:]:
                with self.subTest(path=path, who="no supervisor"):
                    self.assertEqual(self.status(path), 404)
            self.login_as(self.user['relations'])
            self.assertEqual(self.status(f'/volunteering/day/{opportunity.id}'), 404, "supervised by somebody else")

    def test_joining_and_leaving_on_the_page(self):
        opportunity = self.make_opportunity(shift_ids=[
            Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 11})])
        self.login_as(self.portal)
        for shift in ('', 'x', '-1', '99999999999999999999', '0'):
            refused = self.post(f'{PAGE}/join/{opportunity.id}', shift=shift)
            with self.subTest(shift=shift):
                self.assertIn("Please choose one of the shifts", refused.text)
        done = self.post(f'{PAGE}/join/{opportunity.id}', shift=str(opportunity.shift_ids.id))
        self.assertTrue(done.headers['Location'].endswith('said=joined'))
        participation = opportunity.participation_ids
        self.assertEqual(participation.seat, 'taken')
        again = self.post(f'{PAGE}/join/{opportunity.id}', shift=str(opportunity.shift_ids.id))
        self.assertIn("You joined this already", again.text)
        calendar = self.url_open(f'{PAGE}/{participation.id}/calendar.ics')
        self.assertTrue(calendar.headers['Content-Type'].startswith('text/calendar'))
        self.assertIn('BEGIN:VCALENDAR', calendar.text)
        self.assertEqual(self.post(f'{PAGE}/{participation.id}/leave').status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(participation.seat, 'given_up')
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open(f'{PAGE}/join/{opportunity.id}', data={'shift': '1'}).status_code, 400, "no token")

    def test_a_refused_entry_keeps_what_was_typed(self):
        __, participation = self.make_past()
        self.login_as(self.portal)
        refused = self.post(f'{PAGE}/{participation.id}/hours', day=self.day(-2), time_from='03:00', time_to='23:00')
        self.assertIn("more than 16 hours", refused.text)
        self.assertIn('value="03:00"', refused.text)
        self.assertFalse(participation.hour_ids)

    def test_card_and_certificate(self):
        __, participation = self.make_past()
        self.login_as(self.portal)
        card = self.url_open(f'{PAGE}/card', timeout=60)  # drawing the first paper loads the fonts
        self.assertEqual(card.headers['Content-Type'], 'application/pdf')
        with mute_logger('odoo.http'):
            self.assertEqual(self.status(f'{PAGE}/{participation.id}/certificate'), 404, "not before it is confirmed")
        participation.with_user(self.supervisor).action_attended()
        participation.hour_ids.with_user(self.coordinator).action_confirm()
        paper = self.url_open(f'{PAGE}/{participation.id}/certificate', timeout=60)
        self.assertEqual(paper.headers['Content-Type'], 'application/pdf')
        self.env.invalidate_all()
        certificate = participation.certificate_ids
        self.assertEqual(len(certificate), 1)
        text = ''.join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
        self.assertIn(certificate.number, text)
        verified = self.url_open(f'/verify/{self.env["amlaj.paper"]._get_code(certificate)}').text
        self.assertIn(certificate.number, verified)
        self.assertNotIn(self.volunteer.name, verified)
        self.assertNotIn("Planting", verified)
        self.url_open(f'{PAGE}/{participation.id}/certificate')
        self.env.invalidate_all()
        self.assertEqual(len(participation.certificate_ids), 1, "asked for twice it is one")
        self.volunteer.state = 'ended'
        with mute_logger('odoo.http'):
            self.assertEqual(self.status(f'{PAGE}/card'), 404)

    def test_the_supervisors_phone(self):
        __, participation = self.make_past(seats=5)
        member = self.make_member("Second Helper")
        other = self.env['amlaj.volunteer.participation'].create({
            'volunteer_id': member.id, 'opportunity_id': participation.opportunity_id.id})
        for deed in participation | other:
            deed.with_user(deed.volunteer_id.user_id).action_enter_hours(self.day(-2), '09:00', '10:00')
        today = self.make_opportunity("Today", date_begin=self.moment(-1), date_end=self.moment(20))
        here = self.join(today)
        self.login_as(self.supervisor)
        self.assertIn("Planting at the lagoon", self.url_open('/volunteering/day').text)
        desk = f'/volunteering/day/{participation.opportunity_id.id}'
        page = self.url_open(desk).text
        self.assertIn(self.volunteer.name, page)
        self.assertNotIn(self.volunteer.phone, page)
        elsewhere = self.make_opportunity("Elsewhere", days=-3, supervisor_id=self.user['relations'].id)
        foreign = self.env['amlaj.volunteer.participation'].create({
            'volunteer_id': member.id, 'opportunity_id': elsewhere.id})
        foreign.with_user(member.user_id).action_enter_hours(self.day(-3), '09:00', '10:00')
        lines = (participation | other | foreign).hour_ids
        self.assertEqual(self.post(f'{desk}/hours', line=[str(id_) for id_ in lines.ids], step='approve').status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(set((participation | other).hour_ids.mapped('state')), {'approved'}, "many at once")
        self.assertEqual(foreign.hour_ids.state, 'entered', "another's are left alone")
        code = self.env['amlaj.paper']._get_code(self.volunteer)
        scanned = self.url_open(f'/volunteering/check-in/{code}').text
        self.assertIn("Today", scanned)
        self.assertIn(f'/volunteering/check-in/{code}', self.url_open(f'/verify/{code}').text)
        self.post(f'/volunteering/day/{today.id}/people', person=str(here.id), step='check_in')
        self.env.invalidate_all()
        self.assertTrue(here.is_checked_in)
        with mute_logger('odoo.http'):
            self.assertEqual(self.post(f'/volunteering/day/{today.id}/people', step='unlink').status_code, 404)

    def test_the_public_pages_are_cheap(self):
        for rank in range(6):
            self.make_opportunity(f"Open {rank}", days=3 + rank)
        self.url_open('/volunteer/opportunities')
        with self.assertQueryCount(20):
            self.url_open('/volunteer/opportunities')


@tagged('post_install', '-at_install', 'amlaj')
class TestVolunteeringTour(volunteering_common.VolunteeringHttpCommon):
    """A volunteer in a browser of 360 px and in Arabic: joins, enters hours, gets the certificate, makes a visit (R42)."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env['website'].search([], limit=1)
        arabic = cls.env['res.lang']._activate_lang('ar_001')
        website.write({'language_ids': [Command.set(arabic.ids)], 'default_lang_id': arabic.id})
        (cls.portal | cls.supervisor).lang = 'ar_001'
        cls.volunteer.name = 'لمياء عادل حسن'

    def walk(self, tour, path, user):
        self.env.flush_all()
        self.start_tour(path, f'amlaj_volunteering_{tour}', login=user.login, timeout=120)
        self.env.invalidate_all()

    def test_from_joining_to_the_certificate(self):
        opportunity = self.make_opportunity('غرس أشجار القرم عند البحيرة', place='البوابة الشمالية', shift_ids=[
            Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 11})])
        self.walk('join', '/volunteer/opportunities', self.portal)
        self.assertRecordValues(opportunity.participation_ids, [{'seat': 'taken', 'volunteer_id': self.volunteer.id}])
        __, past = self.make_past(name='تعبئة السلال في المستودع')
        self.walk('enter', PAGE, self.portal)
        self.assertEqual((past.hours, past.rating), (3.5, '5'))
        self.walk('supervise', '/volunteering/day', self.supervisor)
        past.hour_ids.with_user(self.coordinator).action_confirm()
        self.assertEqual(past.state, 'approved')
        self.walk('certificate', PAGE, self.portal)
        with freeze_time(opportunity.participation_ids.ends_at + timedelta(minutes=1)):
            self.assertEqual(past._certificate().hours, 3.5)

    def test_a_visit(self):
        file = self.make_file('سالم علي سعد الحربي', phone='0505550001')
        self.volunteer.undertaking_version = '1'
        file.with_user(self.user['relations']).action_assign_visit(self.volunteer.id, self.day())
        self.volunteer.undertaking_version = False
        self.walk('visit', PAGE, self.portal)
        self.assertRecordValues(file.visit_ids, [{'state': 'done', 'note': 'باب المنزل يحتاج إلى إصلاح'}])
