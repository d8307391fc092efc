from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from . import portal_common, request_common, test_follow
from .request_common import PDF

REASON = "The stamp of the prison is missing"


@tagged('post_install', '-at_install', 'amlaj')
class TestFollowNames(test_follow.FollowCommon):
    """Without an account a paper whose name tells health, need or a family matter is not named (rule 9; R22, R61)."""

    def setUp(self):
        super().setUp()
        kinds = self.env['amlaj.document.type']
        self.report, self.debt = kinds.create([
            {'name': "Medical report (test)", 'proof': 'seen', 'is_sensitive': True, 'help': "From a hospital (test)"},
            {'name': "Debt deed (test)", 'proof': 'file', 'is_sensitive': True},
        ])
        self.bill = kinds.create({'name': "Common paper (test)", 'proof': 'file'})

    def ask_for(self, *papers):
        return self.make_request('incomplete', service=self.make_service("Discreet (test)", *papers))

    def test_one_is_told_without_its_name_and_can_be_sent(self):
        request = self.ask_for(self.report, self.bill)
        document = request.document_ids[0]
        page = self.followed(request)
        self.assertIn("A paper that our office has named to you", page)
        self.assertIn(f'/follow-up/papers#paper-{document.id}', page)
        self.assertIn("Common paper (test)", page)
        papers = self.visit('/follow-up/papers').text
        self.assertIn("A paper that our office has named to you", papers)
        for text in (page, papers):
            self.assertNotIn("Medical report", text)
            self.assertNotIn("hospital", text)

    def test_several_keep_their_numbers(self):
        request = self.ask_for(self.report, self.bill, self.debt)
        for path in ('/follow-up/request', '/follow-up/papers'):
            self.followed(request)
            text = self.visit(path).text
            for rank in (1, 2):
                self.assertIn(f"Paper {rank} of those that our office has named to you", text)
            self.assertNotIn("Debt deed", text)

    def test_what_staff_wrote_is_not_shown(self):
        request = self.ask_for(self.debt, self.bill)
        for document in request.document_ids:
            document.action_receive()
            document.action_mismatch(REASON)
        self.followed(request)
        for path in ('/follow-up/request', '/follow-up/papers'):
            text = self.visit(path).text
            self.assertNotIn(REASON, text)
            self.assertIn("Common paper (test): please send it once more", text)
        asked = self.make_request('submitted', service=self.make_service("Discreet (test)", self.bill))
        asked.action_ask_completion(REASON)
        page = self.followed(asked)
        self.assertNotIn(REASON, page)
        self.assertIn("Something else that our office has told you", page)

    def test_the_script_learns_no_more(self):
        request = self.ask_for(self.debt)
        self.open(request)
        answer = self.post(
            f'/follow-up/papers/{request.document_ids.id}', headers={'Accept': 'application/json'},
            files={'files': ('debt.pdf', PDF, 'application/pdf')}).json()
        self.assertIn("File 1", answer['html'])
        self.assertNotIn("debt", answer['html'])
        self.assertFalse(answer['error'])

    def test_who_has_an_account_reads_the_names(self):
        request = self.ask_for(self.debt)
        self.login()
        self.assertIn("Debt deed (test)", self.page(f'/my/requests/{request.id}').text)

    def test_the_shipped_papers(self):
        named = {'identity_card', 'national_address', 'iban', 'family_register', 'lease'}
        unnamed = {'medical_report', 'rehabilitation', 'prison_statement', 'obligation_deed', 'death_certificate'}
        kinds = self.env['amlaj.document.type'].search([('code', 'in', [*named, *unnamed])])
        self.assertEqual(set(kinds.filtered('is_sensitive').mapped('code')), unnamed)


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalWords(portal_common.PortalHttpCommon):
    """What the portal says: for whom one acts, where the request is, and links that lead to the page itself."""

    def test_a_message_leads_here_and_not_to_the_code(self):
        self.file.lang = 'en_US'
        request = self.make_request('incomplete')
        self.env['amlaj.message']._prepare_messages([{
            'beneficiary_id': self.file.id, 'request_id': request.id, 'kind': 'update',
            'body': "See https://other.example.org/a?b=1&c=<i>, or call."}])
        self.login()
        tree = self.tree(f'/my/requests/{request.id}')
        [messages] = tree.xpath("//section[@aria-labelledby='messages_title']")
        links = {link.get('href'): link.text_content() for link in messages.iter('a')}
        self.assertEqual(links, {
            f'/my/requests/{request.id}': "this page", 'https://other.example.org/a?b=1&c=<i>': 'https://other.example.org/a?b=1&c=<i>'})
        self.assertIn("To see it and send it: this page, or", ' '.join(messages.text_content().split()))
        self.assertFalse(messages.xpath('.//i'), "a text stays a text")
        self.assertNotIn('<bdi', messages.text_content(), "nobody reads what a browser reads")
        numbers = messages.xpath('.//bdi[@dir="ltr"]/text()')
        self.assertTrue(numbers and all(number.strip() for number in numbers))

    def test_a_guardian_of_one_file_reads_for_whom(self):
        child = self.make_file("Hind Salem Alharbi", birth_date='2020-05-05')
        guardian = self.make_portal_user('words_guardian')
        self.make_mandate(child, guardian, capacity='guardian')
        draft = self.draft(guardian, file=child)
        paths = ('/my/requests', '/my/requests/new', f'/my/requests/new?service={self.service.id}', '/my/file',
                 f'/my/requests/{draft.id}', f'/my/requests/{draft.id}/step/need', f'/my/requests/{draft.id}/cancel')
        self.login(guardian)
        for path in paths:
            with self.subTest(path=path):
                text = self.page(path).text
                self.assertIn("You act for:", text)
                self.assertIn(">Hind", text)
                self.assertIn(child.file_number, text)

    def test_nobody_acts_for_himself(self):
        draft = self.draft()
        self.login()
        for path in ('/my/requests', '/my/requests/new', f'/my/requests/{draft.id}', f'/my/requests/{draft.id}/step/need'):
            self.assertNotIn("You act for:", self.page(path).text)

    def test_the_address_is_four_letters_and_four_digits(self):
        kind = self.env.ref('amlaj_beneficiary.document_type_national_address')
        draft = self.draft(service=self.make_service("Address (test)", kind, is_published=True))
        paper = draft.document_ids.with_user(self.holder).sudo()
        for wrong in ("near the mosque", "12345678", "ABCD123", "1013456789"):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                paper._receive_upload(number=wrong)
        self.assertEqual(paper.state, 'missing')
        self.login()
        [field] = self.tree(f'/my/requests/{draft.id}/step/papers').xpath("//input[@name='number']")
        self.assertFalse(field.get('inputmode'), "a keypad has no letters")
        paper._receive_upload(number="rnbb ٢٣١٢")
        self.assertEqual(paper.number, 'RNBB2312')

    def test_an_address_that_the_file_has_is_not_asked_again(self):
        self.file.short_address = 'RNBB2312'
        kind = self.env.ref('amlaj_beneficiary.document_type_national_address')
        draft = self.draft(service=self.make_service("Address (test)", kind, is_published=True))
        self.login()
        text = self.page(f'/my/requests/{draft.id}/step/papers').text
        self.assertIn("RNBB2312", text)
        self.post(f'/my/requests/{draft.id}/papers/{draft.document_ids.id}', number='')
        self.assertEqual((draft.document_ids.state, draft.document_ids.number), ('provided', 'RNBB2312'))


@tagged('post_install', '-at_install', 'amlaj')
class TestToldTogether(request_common.RequestCommon):
    """Title, sentence and the mark on the way say the same in every state."""

    def told(self, request):
        request = request.sudo()
        now = [step['label'] for step in request._told('portal')['steps'] if step['is_now']]
        return request._told_state_text(), request._told_text(), now and now[0]

    def test_received_is_looked_at_and_then_complete(self):
        title, text, now = self.told(request := self.make_request('submitted'))
        self.assertIn("reviewing its data", title)
        self.assertIn("review its data", text)
        self.assertEqual(now, "We match the data and the papers")
        request.action_verify()
        request.action_inform(self.interview.id)
        title, text, now = self.told(request)
        self.assertEqual(title, "Your request is complete and goes up to the research committee")
        self.assertIn("is complete and goes up", text)
        self.assertEqual(now, "You receive the answer")

    def test_under_study(self):
        title, text, now = self.told(self.make_request('research'))
        self.assertEqual((title, now), ("Under study", "We study the need"))
        self.assertIn("we study it, then it goes up", text)

    def test_with_the_committee(self):
        title, text, now = self.told(request := self.make_request('committee'))
        self.assertIn("is with the research committee", text)
        self.assertNotIn("goes up", text)
        self.assertIn("from", title)
        self.assertEqual(now, "You receive the answer")
        # once the first day has come it is promised by the last, and past that no day is promised
        today = request._today()
        request.sudo().write({
            'reply_not_before': fields.Date.subtract(today, days=10), 'reply_due': fields.Date.add(today, days=30)})
        self.assertIn("reaches you by", self.told(request)[0])
        request.sudo().write({'reply_not_before': '2020-01-01', 'reply_due': '2020-01-10'})
        title, text, now = self.told(request)
        self.assertEqual(title, "With the research committee")
        self.assertIn("we are late", text)

    def test_a_department(self):
        department = self.env['hr.department'].create({'name': "Advice"})
        service = self.make_service("Advice", kind='service', decided_by='department', department_id=department.id)
        request = self.make_request('submitted', service=service)
        title, text, __ = self.told(request)
        self.assertIn("reviewing its data", title)
        self.assertIn("when it goes to the department", text)
        request.action_verify()
        title, text, now = self.told(request)
        self.assertIn("complete and goes to the department", title)
        self.assertIn("is complete and goes to the department", text)
        self.assertEqual(now, "You receive the answer")

    def test_a_delivery_that_failed_says_what_follows(self):
        delivery = self.make_delivery(file=self.make_file())
        delivery.sudo().place = 'home'
        [planned] = delivery.sudo().request_id._told('portal')['deliveries']
        self.assertEqual((planned['place'], planned['next']), ("At your place", False))
        delivery.action_fail("Nobody was at home")
        [failed] = delivery.sudo().request_id._told('portal')['deliveries']
        self.assertIn("agree on another time", failed['next'])

    def test_relatives_in_one_word(self):
        members = self.env['amlaj.household.member'].create([
            {'beneficiary_id': self.file.id, 'name': "Noura", 'relationship': 'spouse'},
            {'beneficiary_id': self.file.id, 'name': "Saad", 'relationship': 'child', 'gender': 'male'},
            {'beneficiary_id': self.file.id, 'name': "Unknown", 'relationship': 'child'}])
        self.assertEqual([member._told_relationship() for member in members], ["Spouse", "Son", "Son or daughter"])
        self.file.gender = 'male'
        self.assertEqual(members[0]._told_relationship(), "Wife")

    def test_nobody_receives_in_his_own_name(self):
        own = self.make_mandate(self.file)
        helper = self.make_mandate(self.file, capacity='delegate')
        self.assertIn("receive what is delivered", own._told()['rights'])
        self.assertIn("receive in your name", helper._told()['rights'])
        self.assertIn("receive in the beneficiary's name", helper._told(is_own_page=False)['rights'])
