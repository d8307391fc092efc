import json
import re

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import portal_common
from .request_common import PDF, signature

LOGGERS = ('odoo.http', 'odoo.addons.base.models.ir_rule', 'odoo.addons.http_routing.models.ir_http')


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalPages(portal_common.PortalHttpCommon):
    """Who gets in: the holder of a valid mandate. Another's, ended and never existing are one answer (R70)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.draft(cls, cls.holder)
        cls.own.document_ids.with_user(cls.holder).sudo()._receive_upload([('lease.pdf', PDF)])
        cls.attachment = cls.own.document_ids.attachment_ids
        cls.delivery = cls.make_delivery()
        cls.delivery.action_deliver("Salem Alharbi")
        cls.done = cls.delivery.sudo().request_id

    def paths(self, request_id, document_id, file_id, delivery_id):
        """Every route below ``/my/requests/<id>``: ``(method, path, form)``."""
        base = f'/my/requests/{request_id}'
        return [
            ('GET', base, None), ('GET', f'{base}/step', None), ('GET', f'{base}/step/need', None),
            ('GET', f'{base}/step/papers', None), ('GET', f'{base}/step/sign', None), ('GET', f'{base}/step/review', None),
            ('GET', f'{base}/cancel', None), ('GET', f'{base}/files/{file_id}', None),
            ('GET', f'{base}/receipts/{delivery_id}', None),
            ('POST', f'{base}/step/need', {'description': "x"}), ('POST', f'{base}/papers/{document_id}', {'number': '1'}),
            ('POST', f'{base}/submit', {}), ('POST', f'{base}/cancel', {'reason': "x"}),
        ]

    def answer(self, method, path, form):
        """Status and what the page says, without what is new on each page."""
        if method == 'GET':
            response = self.url_open(path, allow_redirects=False)
        else:
            form = {**form, 'csrf_token': http.Request.csrf_token(self)}
            response = self.url_open(path, data=form, allow_redirects=False)
        body = re.search(r'<div id="wrap".*?</main>', response.text, re.DOTALL)
        return response.status_code, re.sub(r'\d{3,}', 'N', body[0] if body else response.text)

    @mute_logger(*LOGGERS)
    def test_another_s_request_is_like_none(self):
        nothing = self.paths(*(2 ** 30,) * 4)
        huge = self.paths(*(2 ** 70,) * 4)
        mine = self.paths(self.own.id, self.own.document_ids.id, self.attachment.id, self.delivery.id)
        before = (self.own.state, self.own.description, self.own.document_ids.number)
        for user in (self.stranger, self.former):
            self.login(user)
            for (method, path, form), (__, none, ___), (____, big, _____) in zip(mine, nothing, huge, strict=True):
                with self.subTest(user=user.login, path=path):
                    refused = self.answer(method, path, form)
                    self.assertEqual(refused[0], 404)
                    self.assertEqual(refused, self.answer(method, none, form))
                    self.assertEqual(refused, self.answer(method, big, form))
        self.env.invalidate_all()
        self.assertEqual((self.own.state, self.own.description, self.own.document_ids.number), before)

    @mute_logger(*LOGGERS)
    def test_signing_another_s_request_is_like_none(self):
        self.login(self.stranger)
        said = []
        for request_id in (self.own.id, 2 ** 30):
            answer = self.url_open(f'/my/requests/{request_id}/accept', data=json.dumps(
                {'params': {'name': "Me", 'signature': signature()}}), headers={'Content-Type': 'application/json'})
            said.append(json.loads(answer.text)['error']['data']['name'])
        self.assertEqual(said[0], said[1])
        self.env.invalidate_all()
        self.assertFalse(self.own.declaration_ids)

    @mute_logger(*LOGGERS)
    def test_who_only_follows_sees_and_does_not_act(self):
        self.login(self.follower)
        self.assertIn(self.own.name, self.page('/my/requests').text)
        page = self.page(f'/my/requests/{self.own.id}')
        for action in ('/step', '/cancel', '/submit'):
            self.assertNotIn(f'/my/requests/{self.own.id}{action}', page.text)
        self.assertNotIn('/my/requests/new', self.page('/my/requests').text)
        for method, path, form in self.paths(self.own.id, self.own.document_ids.id, self.attachment.id, self.delivery.id):
            if path != f'/my/requests/{self.own.id}':
                with self.subTest(path=path):
                    self.assertEqual(self.answer(method, path, form)[0], 404)
        self.assertIn("may not apply", self.page('/my/requests/new').text)
        self.assertEqual(
            self.answer('POST', '/my/requests/new', {'file': str(self.file.id), 'service': str(self.service.id)})[0], 404)

    def test_a_visitor_is_asked_who_he_is(self):
        for path in ('/my/requests', '/my/requests/new', f'/my/requests/{self.own.id}',
                     f'/my/requests/{self.own.id}/files/{self.attachment.id}'):
            with self.subTest(path=path):
                response = self.page(path, status=303)
                self.assertIn('/web/login', response.headers['Location'])

    def test_the_list_shows_his_own(self):
        other = self.draft(self.stranger, file=self.env['amlaj.mandate'].search(
            [('user_id', '=', self.stranger.id)]).beneficiary_id)
        self.login()
        text = self.page('/my/requests').text
        self.assertIn(self.own.name, text)
        self.assertNotIn(other.name, text)
        self.assertIn("Complete your request", text)

    def test_the_list_goes_by_pages(self):
        services = self.env['amlaj.service'].create(
            [{'name': f"Service {rank}", 'is_published': True} for rank in range(25)])
        names = {self.draft(service=service).name for service in services}
        self.login()
        first, second = (self.page(path).text for path in ('/my/requests', '/my/requests/page/2'))
        shown = [{name for name in names if name in text} for text in (first, second)]
        self.assertEqual(len(shown[0]), 20)
        self.assertEqual(shown[0] | shown[1], names)
        self.assertFalse(shown[0] & shown[1])
        self.page('/my/requests/page/99999999999999')

    def test_several_files_say_for_whom(self):
        child = self.make_file("Hind Salem Alharbi", birth_date='2020-05-05')
        self.make_mandate(child, self.holder, capacity='guardian')
        self.draft(file=child)
        self.login()
        self.assertIn("Hind Salem Alharbi", self.page('/my/requests').text)

    def test_no_page_is_kept_or_found(self):
        self.login()
        for path in ('/my/requests', '/my/requests/new', f'/my/requests/{self.own.id}'):
            headers = self.page(path).headers
            self.assertEqual(headers['Cache-Control'], 'no-store')
            self.assertEqual(headers['Referrer-Policy'], 'no-referrer')
            self.assertIn('noindex', headers['X-Robots-Tag'])

    def test_texts_are_shown_as_texts(self):
        script = '<script>alert(1)</script>'
        self.own.write({'description': script, 'priority': '1', 'priority_reason': script})
        self.own.document_ids.note = script
        self.file.write({'name': f"Salem {script}", 'first_name': script, 'branch_id': self.branch.id})
        self.done.write({'state': 'incomplete', 'completion_reason': script})
        self.env['amlaj.message']._prepare_messages([{
            'beneficiary_id': self.file.id, 'request_id': self.done.id, 'body': script}])
        self.delivery.sudo().what = script
        self.service.write({'description': script, 'conditions': script})
        self.login()
        for path in ('/my/requests', '/services', f'/services/{self.service.id}', f'/my/requests/{self.done.id}',
                     f'/my/requests/new?service={self.service.id}', f'/services?search={script}',
                     *(f'/my/requests/{self.own.id}{step}' for step in (
                         '', '/step/need', '/step/papers', '/step/sign', '/step/review'))):
            with self.subTest(path=path):
                self.assertNotIn(script, self.page(path).text)

    def test_an_employee_uses_the_same_pages(self):
        employee = self.make_user('pages_employee')
        file = self.make_file("Employee Own File")
        self.make_mandate(file, employee)
        for user in (employee, self.relations):
            if user == self.relations:
                file = self.make_file("Relations Own File")
                self.make_mandate(file, user)
            self.login(user)
            response = self.post('/my/requests/new', file=file.id, service=self.service.id)
            request = file.request_ids
            self.assertIn(f'/my/requests/{request.id}/step/', response.headers['Location'])
            self.assertRecordValues(request, [{'origin': 'applicant', 'entered_by_id': False, 'state': 'draft'}])
            self.post(f'/my/requests/{request.id}/step/need', description="Two months")
            answer = self.make_jsonrpc_request(
                f'/my/requests/{request.id}/accept', {'name': "Own Name", 'signature': signature()})
            self.assertIn('redirect_url', answer)
            self.post(f'/my/requests/{request.id}/submit')
            self.assertEqual(request.state, 'incomplete')
            self.assertIn("Waiting for something from you", self.page(f'/my/requests/{request.id}').text)

    def test_a_colleague_without_a_mandate_gets_nothing(self):
        self.login(self.relations)
        self.page(f'/my/requests/{self.own.id}', status=404)
        self.assertNotIn(self.own.name, self.page('/my/requests').text)

    # ------------------------------------------------------------
    # Files and receipts
    # ------------------------------------------------------------

    def test_his_own_file(self):
        self.login()
        response = self.page(f'/my/requests/{self.own.id}/files/{self.attachment.id}')
        self.assertEqual(response.content, PDF)
        self.assertIn('attachment', response.headers['Content-Disposition'])
        self.assertIn('sandbox', response.headers['Content-Security-Policy'])
        self.assertEqual(response.headers['X-Content-Type-Options'], 'nosniff')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')

    @mute_logger(*LOGGERS)
    def test_only_what_he_sent_and_only_of_this_request(self):
        other = self.ask(self.studied, self.file)
        scan = self.env['ir.attachment'].with_user(self.relations).create({'name': "scan.pdf", 'raw': PDF})
        other.document_ids.attachment_ids = [(4, scan.id)]
        foreign = self.env['ir.attachment'].create({'name': "x.pdf", 'raw': PDF})
        self.login()
        for request, file in ((other, scan), (other, self.attachment), (self.own, scan), (self.own, foreign)):
            self.page(f'/my/requests/{request.id}/files/{file.id}', status=404)
        self.assertIn("Files that the association keeps already", self.page(
            f'/my/requests/{other.id}/step/papers').text)

    def test_the_receipt(self):
        self.login()
        page = self.page(f'/my/requests/{self.done.id}')
        self.assertIn(self.delivery.receipt_number, page.text)
        receipt = self.page(f'/my/requests/{self.done.id}/receipts/{self.delivery.id}')
        self.assertTrue(receipt.content.startswith(b'%PDF'))
        self.assertEqual(receipt.headers['Content-Type'], 'application/pdf')
        self.assertIn(self.delivery.receipt_number, receipt.headers['Content-Disposition'])

    @mute_logger(*LOGGERS)
    def test_no_receipt_before_the_delivery(self):
        planned = self.make_delivery(file=self.file, service=self.make_service('Other (test)'))
        self.login()
        self.page(f'/my/requests/{planned.sudo().request_id.id}/receipts/{planned.id}', status=404)
        self.page(f'/my/requests/{self.own.id}/receipts/{self.delivery.id}', status=404)

    # ------------------------------------------------------------
    # Home
    # ------------------------------------------------------------

    def test_home_cards(self):
        self.login()
        self.assertIn('/my/requests/new', self.page('/my/home').text)
        self.login(self.follower)
        text = self.page('/my/home').text
        self.assertIn('"/my/requests"', text)
        self.assertNotIn('/my/requests/new', text)
        self.login(self.make_portal_user('pages_nobody'))
        self.assertNotIn('/my/requests', self.page('/my/home').text)
