import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..registry.entry_common import CLOCK
from . import people_common


@tagged('post_install', '-at_install', 'amlaj')
class TestSignUpPages(people_common.PeoplePagesCommon):
    """Signing up on the page: what is taken, what is not, and that nobody learns from it who is known (R42, R69)."""

    # ------------------------------------------------------------
    # What is taken
    # ------------------------------------------------------------

    def test_an_adult_signs_up(self):
        done = self.sign_up(birth_text='15/7/1410', availability_note="بعد العصر")
        self.assertEqual((done.status_code, done.headers['Location'].endswith('/volunteer/sent')), (303, True))
        application = self.newest()
        self.assertRecordValues(application, [{
            'name': "سارة علي الجهني", 'phone': '+966551234567', 'availability': 'weekends', 'origin': 'page',
            'availability_note': "بعد العصر", 'ethics_version': '2026-1', 'notice_version': '2026-1',
            'guardian_state': 'none', 'user_id': False, 'times_received': 1}])
        self.assertEqual(str(application.birth_date), '1990-02-10')
        self.assertEqual(application.field_ids, self.field)
        self.assertFalse(self.env['amlaj.message'].search([('application_id', '=', application.id)]))
        self.assertEqual(self.url_open('/volunteer/sent').status_code, 200)

    def test_the_lead_says_nothing_of_the_person(self):
        self.sign_up()
        lead = self.newest().lead_id
        self.assertEqual((lead.team_id, lead.stage_id), (self.team, self.env.ref('amlaj_beneficiary.crm_stage_volunteer_new')))
        self.assertFalse(lead.user_id or lead.partner_id or lead.phone or lead.email_from or lead.contact_name)
        for name, field in lead._fields.items():
            if field.store and field.type in ('char', 'text', 'html'):
                self.assertNotRegex(str(lead[name] or ''), "الجهني|551234567", name)
        self.assertFalse(lead.message_ids)
        self.assertEqual(self.env['res.partner'].search_count([('name', 'ilike', "الجهني")]), 0)

    def test_only_what_the_form_has_is_taken(self):
        stage = self.env.ref('amlaj_beneficiary.crm_stage_volunteer_accepted')
        self.sign_up(
            state='accepted', stage_id=stage.id, team_id=1, user_id=2, open_key='x', number='1', volunteer_id=1, origin='staff',
            lead_id=1, guardian_consents='1', guardian_answered_at='2026-01-01', ethics_version='9', name2='x', gender='male',
            skill_ids='1', email='x@example.com', guardian_name="أبو سارة علي", guardian_phone='0550000001')
        application = self.newest()
        self.assertRecordValues(application, [{
            'origin': 'page', 'volunteer_id': False, 'guardian_consents': False, 'guardian_answered_at': False,
            'ethics_version': '2026-1', 'gender': False, 'email': False, 'guardian_name': False, 'guardian_phone': False}])
        self.assertNotEqual(application.lead_id.stage_id, stage)

    def test_whose_account_is_open_is_noted(self):
        user = self.make_portal_user('amlaj_known', lang='en_US')
        self.authenticate('amlaj_known', 'amlaj_known')
        self.sign_up()
        self.assertEqual(self.newest().user_id, user)

    # ------------------------------------------------------------
    # What is not
    # ------------------------------------------------------------

    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(self):
        before = self.env['amlaj.volunteer.application'].search_count([])
        yesterday = self.birth_of(0, days=1)
        cases = {
            'name': ('', '😀😀', "سارة 😀", 'س' * 300, '12345', 'س', '=1+1', '<svg onload=x>'),
            'phone': ('', '0112345678', '05', "05' OR 1=1"),
            'birth_text': ('', '31/2/1990', '1/1/2099', 'أمس', f'{yesterday:%d/%m/%Y}', '1/1/1850',
                           f'{self.birth_of(14):%d/%m/%Y}'),
            'availability': ('', 'never'), 'field': ('', '999999999', '0; DROP'), 'ethics': ('',), 'notice': ('',)}
        for name, values in cases.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    page = self.sign_up(**{name: value, 'availability_note': "نص <b>محفوظ</b>"})
                    self.assertEqual(page.status_code, 200)
                    self.assertIn(f'id="volunteer_{name}_fault"', page.text)
                    self.assertIn('نص &lt;b&gt;محفوظ', page.text)
        self.assertEqual(self.env['amlaj.volunteer.application'].search_count([]), before)

    @mute_logger('odoo.http')
    def test_without_the_pages_own_token_nothing_is_taken(self):
        self.url_open('/volunteer')
        before = self.env['amlaj.volunteer.application'].search_count([])
        for token in ('', 'x', 'a' * 40 + 'o9999999999'):
            answer = self.url_open('/volunteer', data={**self.answers(), 'csrf_token': token})
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.env['amlaj.volunteer.application'].search_count([]), before)

    def test_a_program_is_thanked_and_nothing_kept(self):
        before = self.env['amlaj.volunteer.application'].search_count([])
        person, program = self.sign_up(phone='0551111111'), self.sign_up(phone='0552222222', website='x')
        self.assertEqual((person.status_code, person.headers['Location']), (program.status_code, program.headers['Location']))
        self.assertEqual(self.env['amlaj.volunteer.application'].search_count([]), before + 1)

    def test_a_script_waits(self):
        with patch(CLOCK, return_value=1.8e9):
            told = [self.sign_up(phone=f'055{i:07}').status_code for i in range(23)]
        self.assertEqual(told, [303] * 20 + [429] * 3)
        with patch(CLOCK, return_value=1.9e9):
            told = [self.sign_up(phone='0559999999', name=f"سارة {word}").status_code
                    for word in ("علي", "حمد", "سعد", "فهد")]
        self.assertEqual(told, [303, 303, 303, 429])

    # ------------------------------------------------------------
    # Who is known
    # ------------------------------------------------------------

    def test_the_same_person_joins_his_sign_up(self):
        first = self.sign_up()
        application = self.newest()
        again = self.sign_up(phone='+966 55 123 4567', name="ساره علي الجهنى", availability='any')
        self.assertEqual((first.status_code, first.headers['Location']), (again.status_code, again.headers['Location']))
        self.assertEqual(self.newest(), application)
        self.assertRecordValues(application, [{'times_received': 2, 'availability': 'weekends'}])
        self.sign_up(name="أخوها علي الجهني")
        self.assertNotEqual(self.newest(), application, "a family may share a mobile")
        application.with_user(self.coordinator).action_decline()
        self.sign_up()
        self.assertNotEqual(self.newest(), application, "after an apology one may ask anew")

    def test_whoever_is_known_is_answered_alike(self):
        file = self.make_file("سارة علي الجهني", phone='0551234567', birth_date='1990-02-10')
        self.make_volunteer("سارة علي الجهني", phone='0552222222', birth_date='1990-02-10')
        pages = set()
        for phone in ('0551234567', '0552222222', '0553333333', '0551234567'):
            answer = self.sign_up(phone=phone)
            pages.add((answer.status_code, answer.headers['Location'], re.sub(r'\d', '', str(len(answer.text)))))
        self.assertEqual(len(pages), 1)
        for name, field in self.env['amlaj.volunteer.application']._fields.items():
            self.assertNotEqual(getattr(field, 'comodel_name', None), 'amlaj.beneficiary', name)
        self.assertFalse(file.message_ids.filtered(lambda message: 'volunteer' in (message.body or '')))

    # ------------------------------------------------------------
    # The guardian
    # ------------------------------------------------------------

    def test_a_young_person_is_asked_for_the_guardian(self):
        page = self.sign_up(birth_text=self.young)
        self.assertEqual(page.status_code, 200)
        self.assertIn('id="volunteer_guardian_name"', page.text)
        for name, value in (
            ('guardian_phone', '0551234567'), ('guardian_phone', ''), ('guardian_name', "سارة علي الجهني"),
            ('guardian_name', '😀'),
        ):
            with self.subTest(name=name, value=value):
                page = self.sign_up_young(**{name: value})
                self.assertEqual(page.status_code, 200)
                self.assertIn(f'id="volunteer_{name}_fault"', page.text)
        self.assertFalse(self.newest().guardian_name)

    def test_the_guardian_consents_by_his_own_link(self):
        self.assertTrue(self.sign_up_young().headers['Location'].endswith('guardian=1'))
        application = self.newest()
        self.assertEqual(application.guardian_state, 'waiting')
        message = self.env['amlaj.message'].search([('application_id', '=', application.id)])
        self.assertRecordValues(message, [{'phone': '+966550000001', 'recipient_name': "علي", 'beneficiary_id': False}])
        for secret in ("تطوع", "volunteer", "الجهني"):
            self.assertNotIn(secret, message.body)
        stages = {name: self.env.ref(f'amlaj_beneficiary.crm_stage_volunteer_{name}') for name in ('contacted', 'interview')}
        lead = application.lead_id.with_user(self.coordinator)
        with self.assertRefused(UserError, "has not answered"):
            lead.stage_id = stages['contacted']
        link = self.link_of(application)
        self.assertNotIn(link.rpartition('/')[2], str(application.read()))
        page = self.url_open(link)
        self.assertIn("سارة", page.text)
        self.assertNotIn("551234567", page.text)
        for name in ("سارة علي الجهني", '😀', ''):
            with self.subTest(name=name):
                self.assertIn('guardian_fault', self.post(link, name=name, answer='yes').text)
        self.assertIn('guardian_fault', self.post(link, name="علي حمد", answer='').text)
        done = self.post(link, name="علي حمد الجهني", answer='yes')
        self.assertTrue(done.headers['Location'].endswith('/guardian/done'))
        self.assertRecordValues(application, [{
            'guardian_state': 'given', 'guardian_signed_name': "علي حمد الجهني", 'guardian_text_version': '2026-1',
            'guardian_token_hash': False}])
        self.assertIn("no longer valid", self.url_open(link).text)
        self.assertIn("no longer valid", self.post(link, '/volunteer', name="علي حمد", answer='no').text)
        self.assertEqual(application.guardian_state, 'given')
        lead.stage_id = stages['contacted']

    def test_the_guardian_refuses(self):
        self.sign_up_young()
        application = self.newest()
        self.post(self.link_of(application), name="علي حمد", answer='no')
        self.assertEqual(application.guardian_state, 'refused')
        with self.assertRefused(UserError, "does not consent"):
            application.lead_id.with_user(self.coordinator).stage_id = self.env.ref(
                'amlaj_beneficiary.crm_stage_volunteer_contacted')

    def test_links_that_open_nothing(self):
        self.sign_up_young()
        application = self.newest()
        old = self.link_of(application)
        application.with_user(self.coordinator).action_send_guardian_link()
        new = self.link_of(application)
        self.assertNotEqual(old, new)
        for link in (old, '/guardian/x', f'/guardian/{"a" * 43}', f'/guardian/{"a" * 500}', new[:-1]):
            with self.subTest(link=link):
                self.assertIn("no longer valid", self.url_open(link).text)
        application.guardian_token_until = '2026-01-01'
        self.assertIn("no longer valid", self.url_open(new).text)

    def test_who_works_here_answers_for_nobody(self):
        self.sign_up_young()
        application = self.newest()
        link = self.link_of(application)
        self.authenticate('amlaj_volunteer_coordinator', 'amlaj_volunteer_coordinator')
        self.assertIn("no longer valid", self.post(link, '/volunteer', name="علي حمد", answer='yes').text)
        self.assertEqual(application.guardian_state, 'waiting')

    def test_a_strangers_mobile_is_not_filled_with_messages(self):
        with patch(CLOCK, return_value=1.8e9):
            told = [self.sign_up_young(phone=f'055{i:07}').status_code for i in range(3, 7)]
        self.assertEqual(told, [303, 303, 303, 429])
