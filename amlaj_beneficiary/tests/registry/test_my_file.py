import io
import re
from unittest.mock import patch

from lxml import html

from odoo import http
from odoo.tests import tagged

from ...controllers.registry import file
from . import change_common
from .change_common import IBAN, SECOND_IBAN, photo

SCRIPT = '<script>alert("canary")</script>'
CANARY = 'canary talk'
MOST = 12


class FilePages(change_common.ChangeHttpCommon):
    """``self.page(path)`` gets, ``self.post(path, **form)`` posts a form as a browser without a script does."""

    def login(self, user=None):
        user = user or self.holder
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def page(self, path, status=200):
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, status, path)
        return response

    def text(self, path):
        return ' '.join(html.fromstring(self.page(path).text).text_content().split())

    def post(self, path, files=None, **form):
        self.env.flush_all()
        form['csrf_token'] = http.Request.csrf_token(self)
        response = self.url_open(path, data=form, files=files, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def ask_page(self, subject='phone', file=None, files=None, **form):
        return self.post(f'/my/file/change/{subject}', files, file=str((file or self.file).id), **form)


@tagged('post_install', '-at_install', 'amlaj')
class TestMyFile(FilePages):
    """The page of one's file: what is held in plain words, numbers masked, nothing of the staff's."""

    def test_it_says_what_is_held_and_no_more(self):
        self.file.address_note = self.file.mobility_note = 'canary note'
        self.file.sudo().state_note = 'canary state'
        self.file.message_post(body=CANARY)
        self.son.identity_number = self.next_identity()
        self.env['amlaj.consent'].create({'beneficiary_id': self.file.id, 'purpose': 'awareness'})
        self.login()
        response = self.page('/my/file')
        text = html.fromstring(response.text).text_content()
        for told in (self.file.name, self.file.file_number, '050 123 4567', 'salem@example.com', "After noon", "Saad",
                     "Your file is registered", '******' + self.file.identity_number[-4:], "Awareness messages",
                     "A village", self.follower.name):
            self.assertIn(told, text)
        for hidden in (self.file.identity_number, IBAN, 'canary', self.son.identity_number, "Saad Salem",
                       self.former.name, self.stranger.name):
            self.assertNotIn(hidden, response.text)
        self.assertRegex(text, r'SA\*\* .*7519')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertEqual(response.headers['X-Frame-Options'], 'SAMEORIGIN')
        self.assertNotIn(self.file.name, html.fromstring(response.text).findtext('.//title'))

    def test_in_arabic(self):
        arabic = self.env['res.lang']._activate_lang('ar_001')
        self.env['website'].search([]).write({'language_ids': [(4, arabic.id)], 'default_lang_id': arabic.id})
        self.env['ir.module.module']._load_module_terms(['amlaj_beneficiary'], ['ar_001'])
        self.holder.lang = 'ar_001'
        self.file.write({'first_name': "سالم", 'father_name': "علي", 'family_name': "الحربي"})
        self.login()
        response = self.page('/my/file')
        self.assertEqual(html.fromstring(response.text).get('lang'), 'ar-001')
        self.assertIn("سالم علي الحربي", response.text)
        self.assertIn('<bdi dir="ltr">050 123 4567</bdi>', response.text)
        self.ask_page(phone='٠٥٥٩٨٧٦٥٤٣')
        self.assertEqual(self.file.change_request_ids.new_values, {'phone': '+966559876543'})

    def test_anothers_ended_and_no_file_are_not_found_alike(self):
        self.login()
        bodies = set()
        for file_id in (self.other.id, 99999999, 0, -1, 'x', '٣', 10 ** 30):
            with self.subTest(file=file_id):
                response = self.page(f'/my/file?file={file_id}', 404)
                bodies.add(re.sub(r'csrf_token: "\w+"|file=[^"]*|\d{6,}', '', response.text))
                self.page(f'/my/file/change/phone?file={file_id}', 404)
                self.assertEqual(self.post('/my/file/change/phone', file=str(file_id), phone='0551111111').status_code, 404)
        self.assertEqual(len(bodies), 1)
        self.login(self.former)
        self.page(f'/my/file?file={self.file.id}', 404)
        self.assertIn("not linked to a file", self.text('/my/file'))

    def test_who_only_follows_sees_and_asks_nothing(self):
        self.login(self.follower)
        self.assertNotIn('/my/file/change/', self.page('/my/file').text)
        self.page(f'/my/file/change/phone?file={self.file.id}', 404)
        self.assertEqual(self.ask_page(phone='0551111111').status_code, 404)
        change = self.ask()
        self.assertEqual(self.post(f'/my/file/changes/{change.id}/withdraw').status_code, 404)
        self.assertEqual(change.state, 'new')
        self.assertFalse(self.file.change_request_ids - change)

    def test_several_files_are_chosen_and_it_says_for_whom(self):
        child = self.make_file("A Child of Hers", birth_date='2015-03-04')
        self.make_mandate(child, self.holder, capacity='guardian')
        self.login()
        text = self.text('/my/file')
        self.assertIn(self.file.file_number, text)
        self.assertIn(child.file_number, text)
        self.assertIn("You act for: A Child of Hers", self.text(f'/my/file?file={child.id}'))
        self.assertIn("You act for: A Child of Hers", self.text(f'/my/file/change/phone?file={child.id}'))
        self.assertNotIn("You act for", self.text(f'/my/file?file={self.file.id}'))

    def test_an_employee_sees_his_own_file_like_anybody(self):
        self.make_mandate(self.file, self.user['finance'], capacity='agent', proof_number='5')
        self.login(self.user['finance'])
        self.assertIn(self.file.file_number, self.text('/my/file'))

    def test_a_visitor_is_led_to_the_login(self):
        for path in ('/my/file', '/my/file/change/phone'):
            self.assertIn('/web/login', self.page(path, 303).headers['Location'])

    def test_the_home_shows_the_file_first_and_no_addresses(self):
        self.login()
        page = self.page('/my').text
        self.assertLess(page.index('href="/my/file"'), page.index('href="/my/requests"'))
        self.assertNotIn('href="/my/addresses"', page)
        self.assertNotIn('salem@example.com', page)
        self.authenticate(self.make_portal_user('change_supplier').login, 'change_supplier')
        page = self.page('/my').text
        self.assertNotIn('href="/my/file"', page)
        self.assertIn('href="/my/addresses"', page)


@tagged('post_install', '-at_install', 'amlaj')
class TestMyFileChange(FilePages):
    """Asking for a change from the page, without a script."""

    def test_a_form_becomes_one_request_and_the_page_shows_old_and_new(self):
        self.login()
        form = html.fromstring(self.page(f'/my/file/change/phone?file={self.file.id}').text).xpath('//form[@method="post"]')[-1]
        values = {field.name: field.value for field in form.xpath('.//input') if field.get('name') != 'csrf_token'}
        self.assertEqual(values['phone'], '050 123 4567')
        values['phone'] = '٠٥٥٩٨٧٦٥٤٣'
        for __ in range(2):
            response = self.post('/my/file/change/phone', **values)
            self.assertEqual(response.headers['Location'].rpartition('/my')[2], f'/file?file={self.file.id}&sent=1#changes')
        [change] = self.file.change_request_ids
        self.assertEqual(change.new_values, {'phone': '+966559876543'})
        text = self.text(f'/my/file?file={self.file.id}&sent=1')
        self.assertIn("Before: 050 123 4567", text)
        self.assertIn("Asked for: 055 987 6543", text)
        self.assertEqual(self.post(f'/my/file/changes/{change.id}/withdraw').status_code, 303)
        self.assertEqual(change.state, 'withdrawn')
        self.assertEqual(self.post(f'/my/file/changes/{change.id}/withdraw').status_code, 303)

    def test_what_was_typed_stays_on_an_error(self):
        self.login()
        response = self.ask_page(
            'name', first_name='', father_name='"><b>canary', family_name="Alharbi", submission_key='k' * 32)
        self.assertEqual(response.status_code, 200)
        form = html.fromstring(response.text)
        self.assertEqual(form.xpath('//input[@name="father_name"]/@value'), ['"><b>canary'])
        self.assertEqual(form.xpath('//input[@name="submission_key"]/@value'), ['k' * 32])
        self.assertEqual(form.xpath('//*[@role="alert"]')[0].text_content().strip(), "Please fill this in.")
        self.assertEqual(form.xpath('//input[@name="first_name"]/@aria-invalid'), ['true'])
        self.assertFalse(self.file.change_request_ids)

    def test_every_form_opens_and_is_labelled(self):
        self.login()
        for subject in self.file._change_subjects():
            member = self.son.id if subject in ('member_change', 'member_left') else ''
            with self.subTest(subject=subject):
                page = html.fromstring(self.page(f'/my/file/change/{subject}?file={self.file.id}&member={member}').text)
                for field in page.xpath('//form//input[not(@type="hidden")]|//form//select'):
                    self.assertTrue(page.xpath(f'//label[@for="{field.get("id")}"]'), field.get('name'))
        for path in (f'/my/file/change/state?file={self.file.id}', f'/my/file/change/member_change?file={self.file.id}',
                     f'/my/file/change/member_left?file={self.file.id}&member=99999999'):
            self.page(path, 404)

    def test_the_account_is_never_shown_in_full(self):
        self.login()
        self.assertNotIn(IBAN[-8:], self.page(f'/my/file/change/iban?file={self.file.id}').text)
        self.ask_page('iban', iban=SECOND_IBAN)
        page = self.page('/my/file').text
        for hidden in (IBAN, SECOND_IBAN, 'SA44 2000'):
            self.assertNotIn(hidden, page)
        self.assertIn('SA** **** **** **** **** 1234', page)

    def test_a_script_in_every_text_stays_text(self):
        self.login()
        for subject, form in (
            ('name', {'first_name': SCRIPT, 'father_name': SCRIPT, 'family_name': SCRIPT}),
            ('phone2', {'phone2': '0553334444', 'phone2_owner': SCRIPT}), ('reach', {'hours_to_call': SCRIPT}),
            ('iban', {'iban': SECOND_IBAN, 'iban_holder': SCRIPT}),
            ('member_add', {'name': SCRIPT, 'relationship': 'child'}),
        ):
            with self.subTest(subject=subject):
                self.assertEqual(self.ask_page(subject, **form).status_code, 303)
        change = self.file.change_request_ids.filtered(lambda change: change.subject == 'phone2')
        self.staff(change).action_refuse(SCRIPT)
        self.staff(self.file.change_request_ids.filtered(lambda change: change.subject == 'member_add')).action_accept()
        self.staff(self.file.change_request_ids.filtered(lambda change: change.subject == 'name')).action_accept()
        self.env.flush_all()
        for path in ('/my/file', '/my', f'/my/file/change/name?file={self.file.id}'):
            page = self.page(path).text
            self.assertNotIn('<script>alert(', page)
        self.assertIn('&lt;script&gt;', self.page('/my/file').text)

    def test_a_photo_is_welcome_and_a_huge_one_is_refused_kindly(self):
        self.login()
        response = self.ask_page(
            'iban', files={'photo': ('bank.jpg', io.BytesIO(photo() + b'0' * 40_000_000), 'image/jpeg')}, iban=SECOND_IBAN)
        self.assertEqual(response.status_code, 200)
        self.assertIn("the most that can be sent is", response.text)
        self.assertIn(SECOND_IBAN, response.text)
        self.assertFalse(self.file.change_request_ids)
        response = self.ask_page('iban', files={'photo': ('bank.jpg', io.BytesIO(photo()), 'image/jpeg')}, iban=SECOND_IBAN)
        self.assertEqual(response.status_code, 303)
        kept = self.file.change_request_ids.attachment_ids
        for path in (f'/web/content/{kept.id}', f'/web/image/{kept.id}'):
            self.assertNotIn(kept.raw, self.url_open(path).content)

    def test_a_flood_waits_and_keeps_what_was_typed(self):
        self.login()
        with patch.object(file, 'CHANGES', 2):
            for number in range(2):
                self.assertEqual(self.ask_page('member_add', name=f"Child {number}", relationship='child').status_code, 303)
            response = self.ask_page('member_add', name="Child canary", relationship='child')
        self.assertEqual(response.status_code, 429)
        self.assertIn('value="Child canary"', response.text)
        self.assertEqual(len(self.file.change_request_ids), 2)

    def test_without_the_token_nothing_is_taken(self):
        self.login()
        response = self.url_open(
            '/my/file/change/phone', data={'file': self.file.id, 'phone': '0551111111'}, allow_redirects=False)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.file.change_request_ids)


@tagged('post_install', '-at_install', 'amlaj')
class TestOdoosAccountPages(FilePages):
    """Odoo's account and address pages lead to the file, and change no contact of whoever acts for one."""

    def test_they_lead_to_the_file(self):
        self.login()
        for path in ('/my/account', '/my/account?redirect=/my', '/my/addresses', '/my/address',
                     f'/my/address?partner_id={self.holder.partner_id.id}'):
            with self.subTest(path=path):
                self.assertTrue(self.page(path, 303).headers['Location'].endswith('/my/file'))

    def test_their_posts_change_nothing(self):
        partner = self.holder.partner_id
        form = {'name': "Other Name", 'email': 'other@example.com', 'phone': '1', 'street': "A street", 'city': "Umluj",
                'zip': '1', 'country_id': str(self.env.ref('base.sa').id), 'vat': '300', 'company_name': "X"}
        before = partner.read(['name', 'email', 'phone', 'street', 'city', 'country_id', 'vat', 'company_name'])
        contacts = self.env['res.partner'].search_count([])
        self.login()
        for ids in ({'partner_id': str(partner.id)}, {}, {'partner_id': str(partner.id), 'use_delivery_as_billing': 'true'}):
            self.assertEqual(self.post('/my/address/submit', **form, **ids).status_code, 200)
        self.assertEqual(self.post('/my/account', **form).status_code, 303)
        self.assertEqual(partner.read(list(before[0])[1:]), before)
        self.assertEqual(self.env['res.partner'].search_count([]), contacts)
        child = self.env['res.partner'].create({'name': "Home", 'parent_id': partner.id, 'type': 'delivery'})
        answer = self.make_jsonrpc_request
        with self.assertRaises(Exception):  # noqa: B017 - Odoo answers a refusal of this route as a server error
            answer('/my/address/archive', {'partner_id': child.id})
        self.assertTrue(child.active)

    def test_others_use_them_as_before(self):
        other = self.make_portal_user('change_supplier')
        self.login(other)
        self.page('/my/account')
        self.post('/my/address/submit', partner_id=str(other.partner_id.id), name="New Name", email='new@example.com',
                  phone='0501234567', street="A street", city="Umluj", zip='1', country_id=str(self.env.ref('base.sa').id))
        self.assertEqual(other.partner_id.name, "New Name")


@tagged('post_install', '-at_install', 'amlaj')
class TestMyFileCost(FilePages):
    """What the page costs: the same for a small file and a large one (P7)."""

    def queries(self, path):
        self.env.flush_all()
        for __ in range(3):
            self.page(path)
        self.env.invalidate_all()
        profiling = self.profile(collectors=['sql'], db=False)
        with profiling:
            self.page(path)
        [route] = profiling._profiler__.sub_profilers
        return [entry['full_query'].strip() for entry in route.collectors[0].entries]

    def test_few_and_constant(self):
        self.login()
        few = self.queries('/my/file')
        self.assertLessEqual(len(few), MOST, '\n'.join(query[:400] for query in few))
        for number in range(20):
            self.make_mandate(self.file, capacity='delegate')
            self.env['amlaj.household.member'].create({
                'beneficiary_id': self.file.id, 'name': f"Child {number}", 'relationship': 'child'})
            self.ask('member_add', name=f"New {number}", relationship='child')
        many = self.queries('/my/file')
        self.assertEqual(len(many), len(few), '\n'.join(query[:300] for query in many))

    def test_the_form(self):
        self.login()
        for subject in ('phone', 'address', 'name', 'reach'):
            with self.subTest(subject=subject):
                seen = self.queries(f'/my/file/change/{subject}?file={self.file.id}')
                self.assertLessEqual(len(seen), MOST, '\n'.join(query[:300] for query in seen))
