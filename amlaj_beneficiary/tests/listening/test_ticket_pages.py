import html as markup
import re
from unittest.mock import patch

from odoo.http import root
from odoo.tests import tagged

from ...controllers.listening import ticket as ticket_controller
from ...tools.follow_code import clean_follow_code
from . import ticket_common
from .test_ticket_anonymous import photo
from .ticket_common import SCRIPT, WORDS

CLOCK = 'odoo.addons.amlaj_beneficiary.models.registry.throttle.time.time'


@tagged('post_install', '-at_install', 'amlaj')
class TestTicketPages(ticket_common.TicketHttpCommon):
    """The pages: /help for everyone, /my/tickets for who has an account, /follow-up for who has number and code."""

    def setUp(self):
        super().setUp()
        self.opener.cookies['frontend_lang'] = 'en_US'

    def newest(self):
        return self.Ticket.search([], limit=1)

    def sent(self, **values):
        """Send by /help; return the ticket, its number and its code as the page shows them."""
        page = self.post('/help', '/help', **{'kind': 'complaint', 'text': WORDS, **values}).text
        number, code = (markup.unescape(re.search(rf'amlaj_ticket_{name}[^>]*>([^<]+)<', page)[1])
                        for name in ('number', 'code'))
        return self.newest(), number, code

    # ------------------------------------------------------------
    # Without an account
    # ------------------------------------------------------------

    def test_a_visitor_writes_and_reads_the_answer(self):
        ticket, number, code = self.sent(is_anonymous='1', files='')
        self.assertEqual(number, ticket.name)
        self.assertRegex(code, r'^\d{4}-\d{4}-\d{4}-\d{4}$')
        ticket.with_user(self.quality).action_answer("We looked into it.")
        page = self.post('/follow-up', '/follow-up', number=number, code=code)
        self.assertIn("We looked into it.", page.text)
        self.assertEqual(page.headers['Cache-Control'], 'no-store')
        key = self.hidden(page.text, 'submission_key')
        for __ in range(2):
            again = self.post('/follow-up/message', '/follow-up', number=number, code=code, text="And now?", submission_key=key)
        self.assertIn("We received what you wrote.", again.text)
        self.assertEqual([turn['text'] for turn in ticket.exchange], ["We looked into it.", "And now?"])
        self.assertEqual(ticket.state, 'open')

    def test_posted_twice_is_one(self):
        before = self.Ticket.search_count([])
        key = self.hidden(self.page('/help').text, 'submission_key')
        pages = [self.post('/help', '/help', kind='enquiry', text=WORDS, submission_key=key).text for __ in range(2)]
        self.assertEqual(self.Ticket.search_count([]), before + 1)
        self.assertEqual(*(re.findall(r'amlaj_ticket_\w+[^>]*>([^<]+)<', page) for page in pages))

    def test_what_was_typed_stays(self):
        page = self.post('/help', '/help', kind='complaint', text=SCRIPT, phone='12', name="Ali", about_kind='unit')
        self.assertIn('role="alert"', page.text)
        self.assertIn(SCRIPT, markup.unescape(page.text))
        self.assertNotIn('<script>alert("x")', page.text)
        self.assertIn('value="Ali"', page.text)
        self.assertRegex(page.text, r'value="unit"[^>]*selected|selected[^>]*value="unit"')

    def test_a_program_is_thanked_for_nothing(self):
        before = self.Ticket.search_count([])
        self.post('/help', '/help', kind='enquiry', text=WORDS, website='http://spam.example')
        self.assertEqual(self.Ticket.search_count([]), before)
        answer = self.url_open('/help', data={'kind': 'enquiry', 'text': WORDS, 'submission_key': 'x' * 32})
        self.assertEqual(self.Ticket.search_count([]), before)
        self.assertEqual(answer.status_code, 400)

    def test_a_flood_waits(self):
        with patch(CLOCK, return_value=1_700_000_000), patch.object(ticket_controller, 'TRIES_FROM_NETWORK', 3):
            statuses = []
            for rank in range(5):
                page = self.page('/help').text
                statuses.append(self.url_open('/help', data={
                    'csrf_token': self.hidden(page, 'csrf_token'), 'submission_key': self.hidden(page, 'submission_key'),
                    'kind': 'enquiry', 'text': f'{WORDS} {rank}'}).status_code)
        self.assertEqual(statuses, [200] * 3 + [429] * 2)

    def test_who_guesses_codes_waits(self):
        ticket, number, _code = self.sent(is_anonymous='1')
        with patch(CLOCK, return_value=1_700_000_000):
            answers = [self.url_open('/follow-up', data={
                'csrf_token': self.hidden(self.page('/follow-up').text, 'csrf_token'), 'number': number,
                'code': f'{rank:016}'}) for rank in range(12)]
        self.assertEqual([answer.status_code for answer in answers], [200] * 10 + [429] * 2)
        for answer in answers:
            self.assertNotIn(WORDS.split('\n')[0], answer.text)
        self.assertTrue(ticket)

    def test_logged_in_and_without_a_name(self):
        self.login(self.holder)
        visitors = self.env['website.visitor'].search_count([])
        ticket, number, code = self.sent(is_anonymous='1', name="Salem Alharbi", phone='0501234567')
        self.assertEqual(self.env['website.visitor'].search_count([]), visitors)
        self.env.cr.execute("SELECT to_jsonb(t)::text FROM amlaj_ticket t WHERE id = %s", ticket.ids)
        row = self.env.cr.fetchone()[0]
        for trace in ("Salem", '501234567', self.session.sid[:20], '127.0.0.1'):
            self.assertNotIn(trace, row)
        self.assertEqual(ticket.create_uid, self.env.ref('base.user_root'))
        page = self.post('/follow-up', '/follow-up', number=number, code=code)
        self.assertIn(WORDS.split('\n')[0], page.text)
        self.post('/follow-up/message', '/follow-up', number=number, code=code, text="More", submission_key='k')
        self.env.cr.execute("SELECT write_uid FROM amlaj_ticket WHERE id = %s", ticket.ids)
        self.assertEqual(self.env.cr.fetchone()[0], self.env.ref('base.user_root').id)
        session = root.session_store.get(self.session.sid)
        self.assertNotIn(number, str(dict(session)))
        self.assertNotIn(clean_follow_code(code), str(dict(session)))

    def test_files_from_the_form(self):
        page = self.page('/help').text
        self.url_open('/help', data={
            'csrf_token': self.hidden(page, 'csrf_token'), 'submission_key': self.hidden(page, 'submission_key'),
            'kind': 'complaint', 'text': WORDS, 'is_anonymous': '1'}, files=[('files', ('me.jpg', photo(), 'image/jpeg'))])
        self.env.invalidate_all()
        self.assertEqual(self.newest().attachment_ids.sudo().mapped('name'), ['1.jpg'])

    def test_the_old_address_leads_to_the_door(self):
        self.assertTrue(self.page('/help/follow', 303).headers['Location'].endswith('/follow-up'))

    # ------------------------------------------------------------
    # With an account
    # ------------------------------------------------------------

    def test_ones_own_pages(self):
        self.login(self.holder)
        self.assertIn("You have not written to us yet.", self.page('/my/tickets').text)
        self.assertIn('/my/tickets', self.page('/my').text)
        place = self.post('/my/tickets/new', '/my/tickets/new', 303, kind='suggestion', text=WORDS).headers['Location']
        ticket = self.newest()
        self.assertTrue(place.endswith(f'/my/tickets/{ticket.id}'))
        self.assertEqual((ticket.sender_id, ticket.beneficiary_id), (self.holder, self.file))
        self.assertIn(ticket.name, self.page('/my/tickets').text)
        ticket.with_user(self.relations).action_answer(SCRIPT)
        page = self.page(f'/my/tickets/{ticket.id}').text
        self.assertIn(SCRIPT, markup.unescape(page))
        self.assertNotIn('<script>alert("x")', page)
        self.post(f'/my/tickets/{ticket.id}', f'/my/tickets/{ticket.id}', 303, text="Thank you.")
        self.assertEqual(ticket.state, 'open')

    def test_anothers_is_not_found(self):
        ticket = self.send('complaint')[0]
        self.login(self.stranger)
        self.page(f'/my/tickets/{ticket.id}', 404)
        self.page('/my/tickets/999999', 404)
        self.assertNotIn(ticket.name, self.page('/my/tickets').text)

    def test_without_a_name_from_ones_own_pages(self):
        self.login(self.holder)
        page = self.post('/my/tickets/new', '/my/tickets/new', kind='complaint', text=WORDS, is_anonymous='1').text
        ticket = self.newest()
        self.assertIn(ticket.name, page)
        self.assertFalse(ticket.sender_id | ticket.entered_by_id)
        self.assertNotIn(ticket.name, self.page('/my/tickets').text)
        self.page(f'/my/tickets/{ticket.id}', 404)

    def test_the_list_costs_the_same_for_many(self):
        self.login(self.holder)

        def cost():
            self.page('/my/tickets')
            before = self.env.cr.sql_log_count
            self.Ticket.with_user(self.holder)._holder_tickets()
            return self.env.cr.sql_log_count - before

        self.send()
        cost()
        few = cost()
        for __ in range(6):
            self.send()
        self.assertLessEqual(cost(), few)

    def test_strangers_come_to_the_login(self):
        for path in ('/my/tickets', '/my/tickets/new', '/my/tickets/1'):
            self.assertIn('/web/login', self.page(path, 303).headers['Location'])
