from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import ticket_common
from .ticket_common import SCRIPT, WORDS


@tagged('post_install', '-at_install', 'amlaj')
class TestTicket(ticket_common.TicketCommon):
    """Four kinds, four doors, an answer for everyone (R14, R20; A20)."""

    # ------------------------------------------------------------
    # Arriving
    # ------------------------------------------------------------

    def test_from_ones_own_pages(self):
        ticket, code = self.send()
        self.assertFalse(code)
        self.assertRegex(ticket.name, r'^\d\d-\d{4,}$')
        self.assertRecordValues(ticket, [{
            'kind': 'enquiry', 'state': 'new', 'text': WORDS, 'beneficiary_id': self.file.id, 'sender_id': self.holder.id,
            'branch_id': self.branch.id, 'origin': 'applicant', 'lane': 'desk', 'priority': '0', 'is_anonymous': False}])
        self.assertEqual(ticket.channel_id.code, 'website')
        self.assertEqual(ticket.create_uid, self.env.ref('base.user_root'), "no column says who was logged in")

    def test_the_same_click_twice_is_one(self):
        key = self.new_key()
        first = self.send(key=key)[0]
        self.assertEqual(self.send(key=key, text="Another text")[0], first)
        self.assertNotEqual(self.send(key=key, user=self.stranger)[0], first, "another's key is another's")
        visited, code = self.visit(key=key)
        self.assertNotEqual(visited, first)
        self.assertEqual(self.visit(key=key), (visited, code), "the second arrival shows the same number and code")
        for bad in ('', 'short', None, 'x' * 33):
            with self.subTest(key=bad), self.assertRefused(UserError, "once more"):
                self.Ticket._send_by_visitor({'kind': 'enquiry', 'text': WORDS}, (), bad)

    def test_what_is_no_message(self):
        for typed, text in (
                ({'kind': 'objection'}, "choose what"), ({'kind': ''}, "choose what"), ({'kind': ['enquiry']}, "choose what"),
                ({'text': ' \u200b '}, "write what you want"), ({'text': 'x' * 4001}, "too long"), ({'text': 7}, "write what"),
                ({'kind': 'complaint', 'about_kind': 'ghost'}, "about whom"), ({'phone': '12'}, ".")):
            with self.subTest(typed=typed), self.assertRefused(UserError, text):
                self.visit(**{'kind': 'enquiry', **typed})
        self.assertFalse(self.Ticket.search([('origin', '=', 'applicant'), ('sender_id', '=', False),
                                             ('text', '=', WORDS)]))

    def test_due_on_the_working_calendar_by_kind(self):
        thursday = fields.Date.to_date('2026-01-01')  # Friday and Saturday are days of rest
        for kind, day in (('enquiry', '2026-01-06'), ('complaint', '2026-01-15'), ('suggestion', '2026-01-22')):
            self.assertEqual(self.Ticket._answer_due(thursday, kind), fields.Date.to_date(day), kind)
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.enquiry_answer_days', '1')
        self.assertEqual(self.Ticket._answer_due(thursday, 'enquiry'), fields.Date.to_date('2026-01-04'))

    def test_who_has_several_files_says_for_whom(self):
        other = self.make_file("Noura Ali Saad Alharbi")
        self.make_mandate(other, self.holder, capacity='guardian', proof_number='5')
        with self.assertRefused(UserError, "for whom"):
            self.send()
        self.assertEqual(self.send(file_id=other.id)[0].beneficiary_id, other)
        with self.assertRefused(UserError, "for whom"):
            self.send(file_id=self.make_file("Foreign File").id)

    def test_entered_by_staff(self):
        wizard = self.env['amlaj.ticket.entry'].with_user(self.relations).create({
            'kind': 'enquiry', 'text': WORDS, 'beneficiary_id': self.file.id, 'priority': '1'})
        told = wizard.action_confirm()['params']
        ticket = self.Ticket.search([('entered_by_id', '=', self.relations.id)])
        self.assertIn(ticket.name, told['title'])
        self.assertRecordValues(ticket, [{
            'origin': 'staff', 'kind': 'enquiry', 'beneficiary_id': self.file.id, 'priority': '1', 'state': 'new'}])
        self.assertEqual(ticket.channel_id.code, 'phone')
        code = ''.join(char for char in told['message'].partition('code')[2] if char.isdigit())
        self.assertEqual(self.Ticket._opened_by_code(ticket.name, code), ticket)
        self.assertFalse(wizard.exists(), "what was said stays in one place")
        self.assertTrue(self.enter('enquiry', self.quality), "who reads no file enters what a stranger says")
        stranger = self.enter('suggestion', sender_name="Ali", sender_phone='0551112223')
        self.assertEqual((stranger.sender_name, stranger.sender_phone), ("Ali", '+966551112223'))

    def test_who_may_enter_and_for_which_file(self):
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        for user in (self.user['researcher'], self.user['auditor'], self.holder):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.enter(user=user)
        with self.assertRaises(AccessError):
            self.enter(user=self.user['representative'], beneficiary_id=far.id)
        own = self.make_file("Own Person")
        self.make_mandate(own, self.relations)
        with self.assertRaises(AccessError):
            self.enter(beneficiary_id=own.id)
        with self.assertRefused(UserError, "check the day"):
            self.enter(received_on='2999-01-01')

    # ------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------

    def test_an_answer_comes_before_closing(self):
        ticket = self.send()[0]
        desk = ticket.with_user(self.relations)
        with self.assertRefused(UserError, "waits for its answer"):
            desk.action_close()
        desk.action_take()
        for text in ('', '  ', None, 5, 'x' * 4001):
            with self.subTest(text=text), self.assertRaises(UserError):
                desk.action_answer(text)
        desk.action_answer("From eight to two.")
        desk.action_close("Told on the phone")
        self.assertRecordValues(ticket, [{
            'state': 'closed', 'answer': "From eight to two.", 'closing_note': "Told on the phone",
            'answered_by_id': self.relations.id, 'was_late': False, 'answer_days': 0}])

    def test_a_late_answer_counts_and_nothing_closes_by_itself(self):
        ticket = self.send()[0]
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=30)):
            self.assertTrue(ticket.is_late)
            self.assertIn(ticket.id, self.Ticket.with_user(self.relations).search([('is_late', '=', True)]).ids)
            self.assertEqual(ticket.state, 'new')
            self.assertIn("We apologise", ticket._told_page()['late_text'])
            ticket.with_user(self.relations).action_answer("Sorry.")
        self.assertRecordValues(ticket, [{'was_late': True, 'late_count': 1, 'answer_days': 30}])

    def test_asking_back_and_writing_further(self):
        ticket = self.send()[0]
        ticket.with_user(self.relations).action_ask("Which office?")
        self.assertEqual((ticket.state, ticket.user_id), ('open', self.relations))
        key = self.new_key()
        ticket._reply_by_person("The northern one.", (), key)
        ticket._reply_by_person("The northern one.", (), key)
        self.assertEqual([turn['who'] for turn in ticket.exchange], ['question', 'person'], "the same click is one")
        ticket.with_user(self.relations).action_answer("From eight.")
        ticket._reply_by_person("And on Sundays?", (), self.new_key())
        self.assertEqual(ticket.state, 'open')
        self.assertFalse(ticket.is_late)
        ticket.with_user(self.relations).action_answer("Too.")
        ticket.with_user(self.relations).action_close()
        with self.assertRefused(UserError, "closed"):
            ticket._reply_by_person("More", (), self.new_key())
        self.assertIn("And on Sundays?", ticket.with_user(self.relations).exchange_text)

    def test_told_by_a_number_alone(self):
        ticket = self.send()[0]
        ticket.with_user(self.relations).action_answer("The basket is ready.")
        message = self.env['amlaj.message'].search([('ticket_id', '=', ticket.id)])
        self.assertEqual((message.beneficiary_id, message.kind, message.phone), (self.file, 'ticket', '+966501234567'))
        self.assertIn(ticket.name, message.body)
        self.assertNotRegex(message.body, "(?i)basket|complain|enquir")
        stranger = self.visit(name="Ali Saleh", phone='0551112223')[0]
        stranger.with_user(self.relations).action_answer("Yes.")
        told = self.env['amlaj.message'].search([('ticket_id', '=', stranger.id)])
        self.assertEqual((told.phone, told.recipient_name, told.beneficiary_id.id), ('+966551112223', "Ali", False))
        self.assertIn('/follow-up', told.body)
        told.with_user(self.relations).action_spoken()
        nobody = self.visit()[0]
        nobody.with_user(self.relations).action_answer("Yes.")
        self.assertFalse(self.env['amlaj.message'].search([('ticket_id', '=', nobody.id)]))

    def test_of_a_complaint_nobody_else_is_told(self):
        self.make_mandate(self.file, capacity='agent', proof_number='9', phone='0559998887', tells_too=True)
        for kind, count in (('enquiry', 2), ('complaint', 1)):
            ticket = self.send(kind)[0]
            ticket.with_user(self.manager).action_answer("Yes.")
            told = self.env['amlaj.message'].search([('ticket_id', '=', ticket.id)])
            self.assertEqual(len(told), count, kind)
            self.assertIn('+966501234567', told.mapped('phone'))
            self.assertEqual('559998887' in ticket.with_user(self.manager).told_text.replace(' ', ''), kind == 'enquiry')

    def test_who_will_be_told_is_said_before(self):
        ticket = self.send()[0]
        self.assertIn("501234567", ticket.with_user(self.relations).told_text.replace(' ', ''))
        complaint = self.enter(beneficiary_id=self.file.id)
        self.assertNotRegex(complaint.with_user(self.quality).told_text, "Salem|501234567")
        step = self.env['amlaj.ticket.step'].with_user(self.relations).create({'ticket_id': ticket.id, 'step': 'answer'})
        self.assertEqual(step.told_text, ticket.with_user(self.relations).told_text)

    def test_ready_answers(self):
        ready = self.env['amlaj.ready.answer'].search([])
        self.assertGreaterEqual(len(ready), 10)
        ticket = self.send()[0]
        step = self.env['amlaj.ticket.step'].with_user(self.relations).new({'ticket_id': ticket.id, 'step': 'answer'})
        step.ready_id = ready[0]
        step._onchange_ready_id()
        self.assertEqual(step.text, ready[0].with_context(lang=self.file.lang).text, "in the reader's language")
        with self.assertRaises(AccessError):
            ready[0].with_user(self.relations).write({'text': "x"})
        ready[0].with_user(self.manager).write({'text': "Thank you."})

    def test_an_approved_answer_of_the_desk_answers_an_enquiry(self):
        faq = self.env['amlaj.faq'].search([], limit=1)
        faq.with_user(self.manager).action_approve()
        step = self.env['amlaj.ticket.step'].with_user(self.relations).new({
            'ticket_id': self.send()[0].id, 'step': 'answer', 'faq_id': faq.id})
        step._onchange_faq_id()
        self.assertEqual(step.text, faq.with_context(lang=self.file.lang).answer)

    # ------------------------------------------------------------
    # Handing it to a colleague
    # ------------------------------------------------------------

    def test_a_colleague_answers(self):
        ticket, colleague = self.send()[0], self.make_user('ticket_colleague', 'relations')
        self.env['amlaj.ticket.step'].with_user(self.relations).create({
            'ticket_id': ticket.id, 'step': 'hand_to', 'colleague_id': colleague.id}).action_confirm()
        self.assertRecordValues(ticket, [{'user_id': colleague.id, 'state': 'open'}])
        ticket.with_user(colleague).action_answer("From eight to two.")
        with self.assertRefused(UserError, "stays in the hands"):
            ticket.with_user(colleague).action_hand_to(self.relations.id)

    def test_nobody_gets_what_he_may_not_handle(self):
        enquiry, complaint = self.send()[0], self.enter(about_user_id=self.quality.id)
        for user in (self.holder, self.quality, self.chair, self.user['finance']):
            with self.subTest(user=user.login), self.assertRefused(UserError, "cannot handle"):
                enquiry.with_user(self.relations).action_hand_to(user.id)
        for user in (self.quality, self.relations, self.holder):
            with self.subTest(user=user.login), self.assertRefused(UserError, "cannot handle"):
                complaint.with_user(self.member).action_hand_to(user.id)
        for wrong in (None, False, 'x', [1], 10 ** 12):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                enquiry.with_user(self.relations).action_hand_to(wrong)
        with self.assertRaises(AccessError):
            complaint.with_user(self.quality).action_hand_to(self.member.id)
        with self.assertRaises(AccessError):
            enquiry.with_user(self.user['finance']).action_hand_to(self.relations.id)
        complaint.with_user(self.member).action_hand_to(self.manager2.id)
        self.assertEqual(complaint.user_id, self.manager2)

    # ------------------------------------------------------------
    # What is the same, and what it is
    # ------------------------------------------------------------

    def test_the_same_twice_is_answered_once(self):
        first, second = self.send()[0], self.send()[0]
        second.with_user(self.relations).action_merge(first.id)
        self.assertRecordValues(second, [{'state': 'closed', 'outcome': 'merged', 'merged_into_id': first.id}])
        first.with_user(self.relations).action_answer("From eight to two.")
        self.assertIn("From eight to two.", str(second._told_page()['turns']))
        self.assertEqual(second.text, WORDS)

    def test_what_is_not_merged(self):
        ticket = self.send()[0]
        others = (self.send(user=self.stranger)[0], self.send('suggestion')[0], self.visit()[0],
                  self.visit(is_anonymous='1')[0], ticket)
        for other in others:
            with self.subTest(other=other.name), self.assertRaises(UserError):
                other.with_user(self.manager).action_merge(ticket.id)
        for bad in (0, None, 'x', [1], 10 ** 9):
            with self.subTest(id=bad), self.assertRaises(UserError):
                ticket.with_user(self.manager).action_merge(bad)
        with self.assertRaises(UserError):
            self.visit(is_anonymous='1')[0].with_user(self.manager).action_merge(others[3].id)

    def test_what_is_really_a_complaint_leaves_the_desk(self):
        ticket = self.send()[0]
        ticket.with_user(self.relations).action_take()
        ticket.with_user(self.relations).action_set_kind('complaint')
        self.assertRecordValues(ticket, [{'kind': 'complaint', 'lane': 'quality', 'user_id': False, 'state': 'new'}])
        self.assertEqual(ticket.due_date, self.Ticket._answer_due(ticket.received_on, 'complaint'))
        self.assertFalse(self.seen(self.relations, ticket))
        with self.assertRefused(UserError, "stays what it is"):
            ticket.with_user(self.manager).action_set_kind('enquiry')

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_who_reads_what(self):
        enquiry, complaint = self.send()[0], self.send('complaint')[0]
        for role, kinds in (('relations', 'e'), ('representative', 'e'), ('auditor', 'e'), ('quality', 'ec'),
                            ('manager', 'ec'), ('privacy_officer', '')):
            with self.subTest(role=role):
                self.assertEqual(self.seen(self.user[role], enquiry), 'e' in kinds)
                self.assertEqual(self.seen(self.user[role], complaint), 'c' in kinds)
        for role in ('researcher', 'committee', 'delivery', 'finance', 'volunteer_coordinator'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.seen(self.user[role], enquiry)
        self.assertFalse(self.seen(self.holder, enquiry), "his page shows it, RPC does not")

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.models')
    def test_nobody_writes(self):
        ticket = self.send()[0]
        for user in (self.relations, self.manager, self.quality, self.holder):
            own = ticket.with_user(user)
            for attempt in (lambda t=own: t.write({'state': 'closed'}), own.unlink, own.copy,
                            lambda t=own: t.create({'kind': 'enquiry', 'text': "x"}),
                            lambda t=own: t.write({'barred_user_ids': [(5, 0, 0)]})):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        for user, step in ((self.quality, 'action_answer'), (self.user['auditor'], 'action_answer'),
                           (self.holder, 'action_answer'), (self.user['representative'], 'action_merge')):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                getattr(ticket.with_user(user), step)(ticket.id)
        ticket.with_user(self.user['representative']).action_answer("From the sub-office.")
        self.assertEqual(ticket.state, 'answered')

    def test_script_is_text(self):
        ticket = self.visit('complaint', text=SCRIPT, about_kind='employee', about_text=SCRIPT, name=SCRIPT)[0]
        ticket.with_user(self.manager).action_ask(SCRIPT)
        ticket._reply_by_person(SCRIPT, (), self.new_key())
        html = self.env['ir.qweb']._render('amlaj_beneficiary.ticket_talk_shown', {'told': ticket._told_page()})
        self.assertNotIn('<script>alert', str(html))
        self.assertIn('&lt;script&gt;', str(html))

    def test_the_list_costs_the_same_for_many(self):
        names = ['name', 'kind', 'request_id', 'beneficiary_id', 'priority', 'received_on', 'due_date', 'user_id', 'state',
                 'is_late', 'branch_id']

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            tickets = self.Ticket.with_user(self.manager)
            before = self.env.cr.sql_log_count
            tickets.web_search_read([], {name: {'fields': {'display_name': {}}} if tickets._fields[name].relational else {}
                                         for name in names})
            return self.env.cr.sql_log_count - before

        self.send()
        cost()
        few = cost()
        for __ in range(5):
            self.send()
            self.send('complaint')
        self.assertEqual(cost(), few)
