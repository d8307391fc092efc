import json
from urllib.parse import urlsplit

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import portal_common
from .request_common import signature

QUESTIONS = [
    {'name': 'months', 'type': 'integer', 'string': "How many months?"},
    {'name': 'rent', 'type': 'float', 'string': "How much a year?"},
    {'name': 'due', 'type': 'date', 'string': "When is it due?"},
    {'name': 'bill', 'type': 'selection', 'string': "Which bill?", 'selection': [['water', "Water"], ['power', "Power"]]},
    {'name': 'where', 'type': 'char', 'string': "Where?"},
    {'name': 'story', 'type': 'text', 'string': "What happened?"},
    {'name': 'danger', 'type': 'boolean', 'string': "Is there a danger?"},
]
TYPED = {'months': '٣', 'rent': '١٢٬٠٠٠٫٥', 'due': '١٥/٧/١٤٤٨', 'bill': 'power', 'where': "أملج", 'story': "a\n\nb",
         'danger': '1'}


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalApply(portal_common.PortalHttpCommon):
    """Applying without a script, step by step: saved by each, taken up where it was left, made once (R18, R53, R57)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asked = cls.make_service(
            "Questions (test)", cls.lease, questions=QUESTIONS, is_published=True, kind='cash')

    def begin(self, service=None, user=None, file=None):
        """Begin over HTTP; the request and where the browser is led."""
        self.login(user)
        response = self.post('/my/requests/new', file=(file or self.file).id, service=(service or self.asked).id)
        path = urlsplit(response.headers['Location']).path
        return self.env['amlaj.request'].browse(int(path.split('/')[3])), path

    def step(self, request, step, **form):
        return self.post(f'/my/requests/{request.id}/step/{step}', **form)

    def led_to(self, response):
        return urlsplit(response.headers['Location']).path.rpartition('/')[2]

    def sign_online(self, request, name="Salem Alharbi", drawing=None):
        answer = self.make_jsonrpc_request(
            f'/my/requests/{request.id}/accept', {'name': name, 'signature': drawing or signature()})
        self.env.invalidate_all()
        return answer

    def test_from_the_first_step_to_the_number(self):
        request, path = self.begin()
        self.assertEqual(path, f'/my/requests/{request.id}/step/questions')
        self.assertRecordValues(request, [{
            'state': 'draft', 'origin': 'applicant', 'entered_by_id': False, 'create_uid': self.holder.id,
            'branch_id': self.branch.id, 'channel_id': self.env['amlaj.channel']._by_code('website').id}])
        self.assertEqual(self.led_to(self.step(request, 'questions', **TYPED)), 'need')
        self.assertEqual(request._answers_given(), {
            'months': 3, 'rent': 12000.5, 'due': '2026-12-24', 'bill': 'power', 'where': "أملج", 'story': "a\n\nb",
            'danger': True})
        response = self.step(
            request, 'need', description="Two months", amount_requested='١٬٢٠٠', urgent='1', priority_reason="A notice")
        self.assertEqual(self.led_to(response), 'papers')
        self.assertRecordValues(request, [{
            'description': "Two months", 'amount_requested': 1200, 'priority': '1', 'priority_reason': "A notice"}])
        self.assertIn('redirect_url', self.sign_online(request))
        self.assertRecordValues(request.declaration_ids, [{
            'method': 'portal', 'signer_name': "Salem Alharbi", 'captured_by_id': False}])
        review = self.page(f'/my/requests/{request.id}/step/review').text
        for shown in ("Two months", "12,000.5", "2026/12/24", "Power", "missing, you may send it later"):
            self.assertIn(shown, review)
        self.assertEqual(self.led_to(self.post(f'/my/requests/{request.id}/submit')), str(request.id))
        self.assertEqual(request.state, 'incomplete')
        page = self.page(f'/my/requests/{request.id}').text
        self.assertIn("Waiting for something from you", page)
        self.assertIn(f'/my/requests/{request.id}/step/papers#paper-{request.document_ids.id}', page)

    def test_a_double_click_and_two_tabs_make_one(self):
        first, __ = self.begin()
        second, __ = self.begin()
        self.assertEqual(first, second)
        self.assertEqual(len(self.file.request_ids), 1)
        self.post(f'/my/requests/{first.id}/cancel')
        self.assertEqual(first.state, 'cancelled')
        self.assertNotEqual(self.begin()[0], first, "what was withdrawn is not begun again")

    def test_two_tabs_at_the_same_moment(self):
        """The second tab did not see the first one's draft yet: the key makes them one."""
        first = self.draft(service=self.asked)
        key = first.submission_key
        twin = self.env['amlaj.request'].with_user(self.holder).sudo().create({
            'beneficiary_id': self.file.id, 'service_id': self.asked.id, 'submission_key': key})
        self.assertEqual(twin, first)

    def test_a_form_sent_twice_is_sent_once(self):
        request, __ = self.begin(self.make_service("Simple (test)", is_published=True))
        self.step(request, 'need', description="Two months")
        self.sign_online(request)
        for __ in range(2):
            self.assertEqual(self.post(f'/my/requests/{request.id}/submit').status_code, 303)
        self.assertEqual(request.state, 'submitted')
        self.assertEqual(request.transition_ids.mapped('to_state'), ['draft', 'submitted'])

    def test_it_goes_on_where_it_was_left(self):
        request, __ = self.begin()
        go_on = f'/my/requests/{request.id}/step'
        self.assertEqual(self.led_to(self.page(go_on, 303)), 'questions')
        self.step(request, 'questions', **TYPED)
        self.assertEqual(self.led_to(self.page(go_on, 303)), 'need')
        self.step(request, 'need', description="Two months")
        self.assertEqual(self.led_to(self.page(go_on, 303)), 'papers')
        request.document_ids.action_receive_and_match()
        self.assertEqual(self.led_to(self.page(go_on, 303)), 'sign')
        self.sign_online(request)
        self.assertEqual(self.led_to(self.page(go_on, 303)), 'review')
        self.assertIn(f'/my/requests/{request.id}/step"', self.page('/my/requests').text)

    def test_saved_to_go_on_later(self):
        request, __ = self.begin()
        self.assertEqual(self.led_to(self.step(request, 'questions', months='2', later='1')), 'requests')
        self.assertEqual(request._answers_given(), {'months': 2})
        self.assertIn('value="2"', self.page(f'/my/requests/{request.id}/step/questions').text)
        self.assertEqual(self.led_to(self.step(request, 'need', amount_requested='50', later='1')), 'requests')
        self.assertEqual(request.amount_requested, 50)

    def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(self):
        request, __ = self.begin()
        bad = {'months': "three", 'rent': '1e309', 'due': '31/02/2026', 'bill': 'gas', 'where': "أملج", 'story': "b"}
        page = self.step(request, 'questions', **bad)
        self.assertEqual(page.status_code, 200)
        for name in ('months', 'rent', 'due', 'bill'):
            self.assertIn(f'id="error_{name}"', page.text)
        self.assertNotIn('id="error_where"', page.text)
        for typed in ('value="three"', 'value="31/02/2026"', 'value="أملج"'):
            self.assertIn(typed, page.text)
        self.assertFalse(request._answers_given())
        for months in ('2.5', '-', '10' * 20, '<script>'):
            with self.subTest(months=months):
                self.assertIn('id="error_months"', self.step(request, 'questions', **{**TYPED, 'months': months}).text)

    def test_open_questions_are_named_and_the_others_saved(self):
        request, __ = self.begin()
        page = self.step(request, 'questions', months='3').text
        self.assertIn('id="error_rent"', page)
        self.assertNotIn('id="error_danger"', page)
        self.assertEqual(request._answers_given(), {'months': 3})

    def test_the_need(self):
        request, __ = self.begin()
        self.assertIn('id="error_description"', self.step(request, 'need').text)
        page = self.step(request, 'need', description="Two months", urgent='1', amount_requested='-5').text
        self.assertIn('id="error_priority_reason"', page)
        self.assertIn('id="error_amount_requested"', page)
        self.assertIn("Two months", page)
        self.assertFalse(request.description)
        page = self.step(request, 'need', description="x", amount_requested='9' * 20).text
        self.assertIn('id="error_amount_requested"', page)

    def test_an_amount_is_asked_for_money_only(self):
        request, __ = self.begin(self.service)
        self.assertNotIn('need_amount', self.page(f'/my/requests/{request.id}/step/need').text)
        self.step(request, 'need', description="A basket", amount_requested='500')
        self.assertFalse(request.amount_requested)

    @mute_logger('odoo.http')
    def test_steps_that_ask_nothing_are_left_out(self):
        request, path = self.begin(self.make_service("Simple (test)", is_published=True))
        self.assertEqual(path.rpartition('/')[2], 'need')
        for step in ('questions', 'papers', 'household', 'no_such_step'):
            self.page(f'/my/requests/{request.id}/step/{step}', status=404)
        self.assertEqual(self.step(request, 'review').status_code, 404)
        self.env['amlaj.household.member'].create({
            'beneficiary_id': self.file.id, 'name': "Hind Salem", 'relationship': 'child'})
        self.assertIn("Hind Salem", self.page(f'/my/requests/{request.id}/step/household').text)

    def test_nothing_is_sent_unsigned(self):
        request, __ = self.begin(self.make_service("Simple (test)", is_published=True))
        self.step(request, 'need', description="Two months")
        page = self.post(f'/my/requests/{request.id}/submit')
        self.assertIn("The declaration is not signed.", page.text)
        self.assertEqual(request.state, 'draft')
        self.assertIn('error', self.sign_online(request, drawing=signature(ink=False)))
        self.assertIn('error', self.sign_online(request, name=""))
        self.assertFalse(request.declaration_ids)

    def test_a_change_voids_the_signature(self):
        request, __ = self.begin(self.make_service("Simple (test)", is_published=True))
        self.step(request, 'need', description="Two months")
        self.sign_online(request)
        self.step(request, 'need', description="Three months")
        self.assertFalse(request.is_declared)
        self.assertIn("not signed yet", self.page(f'/my/requests/{request.id}/step/review').text)

    def test_what_was_sent_stays(self):
        request = self.make_request('submitted')
        self.login()
        self.assertIn("was sent already", self.step(request, 'need', description="More").text)
        self.assertEqual(request.description, "Two months are due")
        self.page(f'/my/requests/{request.id}/step/need', status=303)
        self.assertEqual(self.post(f'/my/requests/{request.id}/submit').status_code, 303)
        self.assertEqual(request.state, 'submitted')

    def test_complete_again(self):
        request = self.make_request('incomplete')
        request.document_ids.action_receive_and_match()
        self.login()
        self.assertIn("Send the request again", self.page(f'/my/requests/{request.id}').text)
        self.post(f'/my/requests/{request.id}/submit')
        self.assertEqual(request.state, 'submitted')

    def test_the_guardian_signs_as_guardian(self):
        child = self.make_file("Hind Salem Alharbi", birth_date='2020-05-05')
        mother = self.make_portal_user('apply_mother')
        self.make_mandate(child, mother, capacity='guardian')
        request, __ = self.begin(self.make_service("Simple (test)", is_published=True), mother, child)
        self.step(request, 'need', description="School bag")
        self.assertIn('redirect_url', self.sign_online(request, "Maryam"))
        self.assertEqual(request.declaration_ids.method, 'guardian')

    def test_a_minor_does_not_sign_himself(self):
        child = self.make_file("Hind Salem Alharbi", birth_date='2012-05-05')
        self.make_mandate(child, minor := self.make_portal_user('apply_minor'))
        request, __ = self.begin(self.make_service("Simple (test)", is_published=True), minor, child)
        self.assertIn("guardian signs", self.sign_online(request)['error'])

    def test_cancelling(self):
        request = self.make_request('submitted')
        self.login()
        page = self.post(f'/my/requests/{request.id}/cancel', reason="  ")
        self.assertIn("Please give the reason", page.text)
        self.assertEqual(request.state, 'submitted')
        self.post(f'/my/requests/{request.id}/cancel', reason="Helped by others")
        self.assertRecordValues(request, [{'state': 'cancelled', 'cancel_reason': "Helped by others"}])
        self.assertIn("This request is cancelled.", self.page(f'/my/requests/{request.id}/cancel').text)

    def test_a_draft_is_withdrawn_without_a_reason(self):
        request, __ = self.begin()
        self.post(f'/my/requests/{request.id}/cancel')
        self.assertEqual(request.state, 'cancelled')

    @mute_logger('odoo.http')
    def test_what_is_not_offered_is_not_begun(self):
        self.login()
        hidden = self.make_service("Hidden (test)")
        for file, service in ((self.file.id, hidden.id), (self.file.id, 'x'), ('', self.asked.id), (2 ** 70, 2 ** 70),
                              (self.make_file().id, self.asked.id)):
            with self.subTest(file=file, service=service):
                self.assertEqual(self.post('/my/requests/new', file=file, service=service).status_code, 404)

    @mute_logger('odoo.http')
    def test_a_form_from_another_site(self):
        request, __ = self.begin()
        response = self.url_open(f'/my/requests/{request.id}/step/need', data={'description': "x"})
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertFalse(request.description)

    @mute_logger('odoo.http', 'odoo.models')
    def test_none_of_it_is_an_api(self):
        request = self.draft(self.holder)
        self.login(self.stranger)
        for method in ('_begin', '_for_holder', '_holder_page', '_save_need', '_sign_by_holder', '_receive_upload', '_told'):
            answer = self.url_open('/web/dataset/call_kw', data=json.dumps({'params': {
                'model': 'amlaj.request', 'method': method, 'args': [request.ids], 'kwargs': {}}}),
                headers={'Content-Type': 'application/json'})
            self.assertIn('error', answer.json())

    def test_a_closed_file_sends_nothing(self):
        request = self.draft(service=self.make_service("Simple (test)", is_published=True))
        request._save_need({'description': "Two months"})
        request._sign_by_holder(signature(), "Salem")
        self.file.state = 'ended'
        with self.assertRaises(UserError):
            request._send_by_holder()
