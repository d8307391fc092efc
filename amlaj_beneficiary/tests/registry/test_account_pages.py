from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from . import entry_common
from .entry_common import CLOCK, PASSWORD

NEXT = 'another good one'


@tagged('post_install', '-at_install', 'amlaj')
class TestAccountPages(entry_common.EntryHttpCommon):
    """The pages of one's own account, and of a forgotten password (R19, R69, R70)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.grant()
        cls.enter(cls.holder)

    def go_in(self, password=PASSWORD):
        self.env.flush_all()
        self.authenticate(self.holder.login, password)

    # ------------------------------------------------------------
    # Forgotten
    # ------------------------------------------------------------

    def ask(self, login):
        return self.post('/web/reset_password', login=login)

    def answer_wishes(self):
        self.env.flush_all()
        with self.env.registry.cursor() as cr:  # it commits, as a cron does
            api.Environment(cr, SUPERUSER_ID, {})['amlaj.forgotten']._cron_answer()
        self.env.invalidate_all()

    def test_a_forgotten_password_tells_nothing(self):
        self.noura.email = 'noura@example.com'
        logins = ('amlaj_relations', 'amlaj_manager', self.holder.login, self.file.identity_number, 'nobody', '0501234567',
                  self.next_identity(), 'noura@example.com', "x' OR 1=1 --")
        with patch.object(type(self.env['res.users']), 'action_reset_password') as sent:
            pages = [self.ask(login) for login in logins]
            self.assertFalse(sent.call_count, "the page itself sends nothing: it takes as long for everybody")
        self.assertEqual({page.status_code for page in pages}, {200})
        self.assertEqual(len({self.body(page) for page in pages}), 1)
        for told in (self.file.name, self.noura.name, self.holder.login, 'noura@example.com', '0501234567'):
            self.assertNotIn(told, pages[0].text)

    def test_a_wish_costs_the_same_for_everybody(self):
        Forgotten = self.env['amlaj.forgotten']
        Forgotten._ask(self.next_identity())
        counts = []
        for typed in (self.file.identity_number, self.next_identity(), '0501234567', '0509999999'):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Forgotten._ask(typed)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(max(counts) - min(counts), 4, counts)
        self.assertEqual(Forgotten.sudo().search_count([]), 5, "a row for everybody")

    def test_staff_get_a_mail_and_beneficiaries_do_not(self):
        self.holder.partner_id.email = 'stranger@example.com'  # whoever edits contacts may have typed it
        for login in ('amlaj_relations', self.file.identity_number, 'stranger@example.com', self.next_identity()):
            self.env['amlaj.forgotten']._ask(login)
        with patch.object(type(self.env['res.users']), 'action_reset_password', autospec=True) as sent:
            self.answer_wishes()
        self.assertEqual([call.args[0].id for call in sent.call_args_list], [self.noura.id])
        self.assertFalse(self.env['amlaj.forgotten'].sudo().search([]))

    def test_a_code_is_sent_where_there_is_a_provider(self):
        sent = []
        self.ask(self.file.identity_number)
        code_class = type(self.env['amlaj.code'])
        with patch.object(code_class, '_can_send', return_value=True), patch.object(
                code_class, '_send', lambda record, phone, body: sent.append((record._digits(), phone, body))):
            self.answer_wishes()
            self.assertIn('to your mobile', self.ask('nobody').text)
        [(digits, phone, body)] = sent
        self.assertEqual(phone, '+966501234567')
        self.assertIn(f'{digits[:3]}-{digits[3:6]}-{digits[6:]}', body)
        for told in (self.file.name, self.file.file_number, self.file.identity_number):
            self.assertNotIn(told, body)
        self.go_in()  # asking ends no password: anybody can ask
        self.leave()
        self.assertEqual(self.post(number='0501234567', code=digits, password=NEXT).status_code, 303)
        self.leave()
        self.assertEqual(self.post(number='0501234567', code=digits, password=NEXT).status_code, 200, "used")

    def test_without_a_provider_no_code_is_made(self):
        self.env['amlaj.forgotten']._ask('0501234567')
        self.answer_wishes()
        self.assertFalse(self.env['amlaj.code']._in_force(self.holder, 'entry_sent'))
        self.assertIn('come to us or call', self.ask('0501234567').text)

    def test_a_sent_code_leaves_the_papers_code_alone(self):
        self.grant()
        on_paper = self.code(self.holder)
        with patch.object(type(self.env['amlaj.code']), '_can_send', return_value=True), \
                patch.object(type(self.env['amlaj.code']), '_send', return_value=True):
            self.env['amlaj.forgotten']._ask('0501234567')
            self.answer_wishes()
        self.assertEqual(self.env['res.users']._enter('0501234567', on_paper, NEXT), self.holder.login)
        self.assertFalse(self.env['amlaj.code']._in_force(self.holder, 'entry_sent'), "the other one ends with it")

    def test_who_asks_again_and_again_waits(self):
        with patch(CLOCK, return_value=1.8e9):
            pages = [self.ask('0501234567') for _ in range(6)]
            unknown = [self.ask('0509999999') for _ in range(6)]
        self.assertEqual([page.status_code for page in pages], [200] * 5 + [429])
        self.assertEqual([self.body(page) for page in pages], [self.body(page) for page in unknown])

    def test_free_signing_up_stays_off_and_tells_no_login(self):
        self.assertEqual(self.url_open('/web/signup').status_code, 404)
        self.noura.email = 'noura@example.com'
        for path in ('/web/reset_password', '/web/signup'):
            page = self.url_open(f'{path}?signup_email=noura@example.com', allow_redirects=False)
            self.assertIn(page.status_code, (200, 404))
            self.assertNotIn('amlaj_relations', page.text)

    # ------------------------------------------------------------
    # Inside
    # ------------------------------------------------------------

    def test_the_first_page_offers_a_passkey(self):
        self.go_in()
        page = self.url_open('/my/welcome').text
        self.assertIn('amlaj-passkey-offer', page)
        self.assertIn("Next time you enter with your identity number, your mobile number, or your file number", page)
        self.assertNotIn(self.holder.login, page.partition('</head>')[2])
        options = self.make_jsonrpc_request('/web/dataset/call_kw/res.users/action_create_passkey', {
            'model': 'res.users', 'method': 'action_create_passkey', 'args': [self.holder.id], 'kwargs': {}})
        self.assertEqual(options['res_model'], 'res.users.identitycheck', "later the password is asked for")

    def test_a_passkey_is_made_at_once_after_the_first_entry_and_names_nobody(self):
        self.grant()
        self.post(number='0501234567', code=self.code(self.holder), password=PASSWORD)
        options = self.make_jsonrpc_request('/web/dataset/call_kw/res.users/action_create_passkey', {
            'model': 'res.users', 'method': 'action_create_passkey', 'args': [self.holder.id], 'kwargs': {}})
        told = options['context']['registration']
        self.assertEqual(told['user']['name'], self.env.company.name)
        self.assertNotIn(self.holder.login, str(told))

    def test_changing_the_password(self):
        self.go_in()
        wrong = self.post('/my/security', old='wrong', new=NEXT)
        self.assertIn('not your password', wrong.text)
        self.assertIn('needs at least', self.post('/my/security', old=PASSWORD, new='short').text)
        for number in (self.file.identity_number, '0501234567', '٠٥٠١٢٣٤٥٦٧'):
            self.assertIn('Others know', self.post('/my/security', old=PASSWORD, new=number).text)
        self.assertIn('is changed', self.post('/my/security', old=PASSWORD, new=NEXT).text)
        self.assertEqual(self.url_open('/my/security').status_code, 200, "he stays in")
        self.leave()
        self.go_in(NEXT)

    def test_guessing_the_password_inside_waits(self):
        self.go_in()
        with patch(CLOCK, return_value=1.8e9):
            for _ in range(10):
                self.post('/my/security', old='wrong', new=NEXT)
            self.assertIn('many tries', self.post('/my/security', old=PASSWORD, new=NEXT).text)

    def test_closing_from_the_page(self):
        self.go_in()
        self.assertIn('not your password', self.post_closing('wrong').text)
        self.assertTrue(self.holder.active)
        closed = self.post_closing(PASSWORD)
        self.assertEqual(closed.status_code, 200)
        self.assertIn('stay with us', closed.text)
        self.assertNotIn('/web/session/logout', closed.text, "nobody is in any more")
        self.env.invalidate_all()
        self.assertFalse(self.holder.active)
        self.assertFalse(self.env['res.users.deletion'].search([('user_id', '=', self.holder.id)]))
        self.assertTrue(self.file.exists() and self.holder.partner_id.active)
        self.assertEqual(self.file.state, 'registered')
        self.assertEqual(self.env['amlaj.access.log'].search([('detail', '=', 'closed by its owner')]).res_ref, self.file.id)

    def post_closing(self, password):
        return self.post('/my/deactivate_account', '/my/security', password=password)

    def test_other_accounts_keep_odoos_pages(self):
        visitor = self.make_portal_user('plain_portal')
        self.env.flush_all()
        self.authenticate(visitor.login, visitor.login)
        self.assertIn('portal_deactivate_account', self.url_open('/my/security').text)
        self.assertEqual(self.url_open('/my/welcome', allow_redirects=False).status_code, 303)
