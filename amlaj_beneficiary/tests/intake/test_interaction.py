import base64
from datetime import date
from unittest.mock import patch
from urllib.parse import unquote

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import users

from .. import common
from . import interaction_common


@tagged('post_install', '-at_install', 'amlaj')
class TestInteraction(interaction_common.InteractionBuilders, common.AmlajCommon):
    """One record for every contact: who, how, what was asked; it ends when every question was answered or referred."""

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_a_visitor_in_one_line_without_a_file(self):
        files = self.env['amlaj.beneficiary'].search_count([])
        for line, name, phone in (
            ("سالم علي ٠٥٠ ١٢٣ ٤٥٦٧", "سالم علي", '+966501234567'),
            ("0551234567 Umm Khalid", "Umm Khalid", '+966551234567'),
            ("+966 50 123 4567", False, '+966501234567'),
            ("سالم", "سالم", False),
            ("Salem 1000000009", "Salem 1000000009", False),  # an identity number is no phone
            ("Salem 12345", "Salem 12345", False),
        ):
            with self.subTest(line=line):
                contact = self.make_contact(visitor_name=line)
                self.assertEqual((contact.visitor_name, contact.visitor_phone), (name, phone))
                self.assertFalse(contact.beneficiary_id)
        self.assertEqual(self.env['amlaj.beneficiary'].search_count([]), files)

    def test_a_visitor_without_any_number_and_without_a_name(self):
        contact = self.make_contact("Where is the office?")
        self.assertEqual(contact.who, "Without a name")
        contact.line_ids.answer = "On the coast road."
        contact.action_close()
        self.assertEqual(contact.state, 'closed')
        with self.assertRefused(UserError, "is closed already"):
            contact.action_open_chat()
        with self.assertRefused(UserError, "No phone"):
            self.make_contact().action_open_chat()
        with self.assertRefused(UserError, "name"):
            self.make_contact(visitor_name="0501234567").action_open_file()

    def test_a_phone_that_ten_files_share(self):
        for rank in range(10):
            self.make_file(f"Person {rank} Alharbi", phone='0555000111')
        contact = self.make_contact(visitor_name="Salem 0555 000 111")
        self.assertEqual(len(contact.similar_ids), 10)
        self.assertIn("ask who it is", contact.similar_hint)
        self.assertFalse(contact.beneficiary_id, "nobody is taken for another")
        self.make_file("Person 11 Alharbi", phone='0555000111')
        contact.invalidate_recordset()
        self.assertIn("More than 10", contact.similar_hint)
        self.assertEqual(len(contact.similar_ids), 10)
        chosen = contact.similar_ids[3]
        chosen.with_context(amlaj_interaction_id=contact.id).action_is_the_visitor()
        self.assertEqual(contact.beneficiary_id, chosen)
        self.assertFalse(contact.similar_hint)
        with self.assertRefused(UserError, "its file already"):
            self.file.with_user(self.relations).with_context(amlaj_interaction_id=contact.id).action_is_the_visitor()

    def test_the_person_of_what_contact(self):
        file = self.file.with_user(self.relations)
        for word in (None, False, 'x', -1, 2 ** 63, [1]):
            with self.subTest(id=word), self.assertRefused(UserError, "open the contact"):
                file.with_context(amlaj_interaction_id=word).action_is_the_visitor()

    def test_a_file_brings_its_office(self):
        contact = self.make_contact(beneficiary_id=self.file.id)
        self.assertEqual((contact.branch_id, contact.locality_id), (self.branch, self.locality))
        self.assertEqual(contact.entered_by_id, self.relations)
        self.assertEqual(contact.user_id, self.relations)

    def test_a_file_is_made_of_a_visitor_once(self):
        contact = self.make_contact(visitor_name="Salem Ali Alharbi 0501234567")
        action = contact.action_open_file()
        self.assertEqual(action['res_id'], contact.beneficiary_id.id)
        self.assertEqual(contact.beneficiary_id.name, "Salem Ali Alharbi")
        self.assertEqual(contact.beneficiary_id.state, 'provisional')
        self.assertEqual(contact.beneficiary_id.phone, '+966501234567')
        with self.assertRefused(UserError, "its file already"):
            contact._do('open_file')

    # ------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------

    def test_it_does_not_end_with_an_open_question(self):
        contact = self.make_contact("How long?", "Which papers?")
        with self.assertRefused(UserError, "How long"):
            contact.action_close()
        contact.line_ids[0].answer = "Two weeks at least."
        contact.line_ids[1].action_refer()
        self.assertEqual(contact.line_ids.mapped('state'), ['answered', 'referred'])
        contact.action_close()
        self.assertEqual((contact.state, contact.closed_by_id), ('closed', self.relations))

    def test_an_answer_of_spaces_is_none(self):
        contact = self.make_contact("How long?")
        contact.line_ids.answer = " \n\u200f "
        self.assertEqual(contact.line_ids.state, 'open')
        with self.assertRefused(UserError, "what was asked"):
            contact.line_ids.question = " "

    def test_what_is_closed_stays(self):
        contact = self.make_contact("How long?")
        line = contact.line_ids
        line.answer = "Two weeks."
        contact.action_close()
        for attempt in (
            lambda: contact.write({'note': "x"}), lambda: line.write({'answer': "Three."}), line.unlink, line.action_refer,
            lambda: line.create({'interaction_id': contact.id, 'question': "Another?"}), contact.action_close,
            contact.action_receive, contact.action_let_wait, contact.action_open_file, contact.unlink,
        ):
            with self.subTest(attempt=attempt), self.assertRaises(UserError):
                attempt()
        other = self.make_contact("Another?").line_ids
        with self.assertRefused(UserError, "is closed"):
            other.interaction_id = contact

    def test_bad_input_is_told_in_words(self):
        for vals, error, text in (
            ({'visitor_phone': '0501'}, ValidationError, '.'),
            ({'link': 'javascript:alert(1)'}, ValidationError, 'https'),
            ({'minutes': -5}, ValidationError, 'length'),
            ({'minutes': 100000}, ValidationError, 'length'),
            ({'scan': base64.b64encode(b'<html><script>1</script>'), 'scan_name': 'a.png'}, ValidationError, '.'),
        ):
            with self.subTest(vals=vals), self.assertRefused(error, text):
                self.make_contact(**vals)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def test_reception_who_receives_whom(self):
        contact = self.make_contact(visitor_name="Salem")
        contact.action_let_wait()
        self.assertEqual((contact.state, contact.user_id.id), ('waiting', False))
        colleague = self.make_user('amlaj_relations2', 'relations')
        contact.with_user(colleague).action_receive()
        self.assertEqual((contact.state, contact.user_id), ('open', colleague))
        with self.assertRefused(UserError, "received already"):
            contact.action_receive()

    def test_today_is_the_associations_day(self):
        contact = self.make_contact()
        Interaction = type(self.Interaction)
        for moment, inside in (
            ('2026-11-26 20:59:59', False), ('2026-11-26 21:00:00', True), ('2026-11-27 20:59:59', True),
            ('2026-11-27 21:00:00', False),
        ):
            contact.started_at = moment
            with patch.object(Interaction, '_today', lambda _self: date(2026, 11, 27)), self.subTest(moment=moment):
                contact.invalidate_recordset(['is_today'])
                self.assertEqual(contact.is_today, inside)
                found = self.Interaction.search([('is_today', '=', True), ('id', '=', contact.id)])
                self.assertEqual(bool(found), inside)
                self.assertEqual(
                    bool(self.Interaction.search([('is_today', '!=', True), ('id', '=', contact.id)])), not inside)

    def test_a_call_back_is_done_once_also_after_the_end(self):
        contact = self.make_contact(visitor_name="Salem 0501234567", call_back_at='2026-11-29 07:00:00')
        contact.action_close()
        contact.action_called_back()
        self.assertEqual(contact.called_back_by_id, self.relations)
        with self.assertRefused(UserError, "No call back"):
            contact.action_called_back()

    def test_a_click_on_whatsapp_is_a_contact_of_its_own(self):
        contact = self.make_contact(visitor_name="Salem 0501234567")
        action = contact.action_open_chat()
        self.assertTrue(action['url'].startswith('https://wa.me/966501234567?text='))
        self.assertIn(self.env.company.name, unquote(action['url']))
        logged = self.Interaction.search([('origin', '=', 'chat')], limit=1)
        self.assertEqual(
            (logged.direction, logged.platform, logged.state, logged.visitor_phone, logged.user_id),
            ('out', 'whatsapp', 'closed', '+966501234567', self.relations))

    def test_a_message_opened_in_whatsapp_is_on_record_once(self):
        message = self.env['amlaj.message']._prepare_messages([
            {'beneficiary_id': self.file.id, 'body': "News"}]).with_user(self.relations)
        message.action_open_chat()
        message.action_open_chat()
        logged = self.Interaction.search([('message_out_id', '=', message.id)])
        self.assertEqual((len(logged), logged.beneficiary_id), (1, self.file))

    # ------------------------------------------------------------
    # Ready answers
    # ------------------------------------------------------------

    def test_an_anonymous_question_in_one_click_from_its_answer(self):
        notion = self.env['amlaj.notion'].create({'code': 'n', 'name': "Only for the rich", 'correction': "For all"})
        faq = self.make_faq(notion_id=notion.id).with_user(self.relations)
        faq.action_answered_here()
        contact = self.Interaction.search([], limit=1)
        self.assertEqual((contact.state, contact.channel_id.code, contact.who), ('closed', 'interview', "Without a name"))
        self.assertEqual((contact.line_ids.question, contact.line_ids.state), (faq.question, 'answered'))
        self.assertEqual((notion.enquiry_count, notion.heard_this_year), (1, 1))

    def test_an_answer_is_sent_as_a_link_that_says_nothing(self):
        faq = self.make_faq()
        contact = self.make_contact(beneficiary_id=self.file.id)
        contact.action_send_answer(faq.id)
        message = self.file.message_out_ids[:1]
        self.assertIn(f'/answers/{faq.code}', message.body)
        self.assertNotIn(faq.answer, message.body)
        self.assertEqual(contact.line_ids.state, 'answered')
        contact.line_ids.action_send_answer()
        self.assertEqual(len(contact.line_ids), 1, "asked once, sent twice")
        visitor = self.make_contact(visitor_name="Salem 0501234567")
        self.assertIn('wa.me', visitor.action_send_answer(faq.id)['url'])
        with self.assertRefused(UserError, "read the answer"):
            self.make_contact(visitor_name="Salem").action_send_answer(faq.id)
        for wrong in (self.make_faq('draft', approved=False).id, None, 'x', -1, 2 ** 63, [faq.id]):
            with self.subTest(faq=wrong), self.assertRefused(UserError, "approved answer"):
                contact.action_send_answer(wrong)

    def test_versions_one_in_force_and_unchanged(self):
        manager = self.user['manager']
        first = self.make_faq(approved=False).with_user(manager)
        with self.assertRefused(UserError, "as it is"):
            first.action_new_version()
        first.action_approve()
        with self.assertRefused(UserError, "new version"):
            first.answer = "From nine."
        draft = first.browse(first.action_new_version()['res_id'])
        self.assertEqual(first.action_new_version()['res_id'], draft.id, "one draft at a time")
        self.assertEqual((draft.version, draft.state), (2, 'draft'))
        draft.answer = "From nine."
        draft.action_approve()
        self.assertEqual((first.state, draft.state, draft.approved_by_id), ('superseded', 'approved', manager))
        self.assertEqual(self.env['amlaj.faq']._public_answer(first.code).id, draft.id)

    @users('amlaj_relations')
    def test_only_managers_approve(self):
        faq = self.make_faq('other', approved=False).with_env(self.env)
        for attempt in (faq.action_approve, faq.action_new_version, lambda: faq.write({'answer': "x"})):
            with self.assertRaises(AccessError):
                attempt()

    # ------------------------------------------------------------
    # E-mail
    # ------------------------------------------------------------

    def _mail(self, sender):
        return self.env['amlaj.interaction'].message_new({
            'email_from': sender, 'subject': "A question", 'body': "<p>Do you open on Thursday?</p>"})

    def test_an_e_mail_makes_its_contact(self):
        self.file.email = 'salem@example.com'
        contact = self._mail('Salem <SALEM@example.com>')
        self.assertEqual((contact.beneficiary_id, contact.state, contact.origin), (self.file, 'waiting', 'mail'))
        self.assertIn("Thursday", contact.line_ids.question)
        self.make_file("Another Person", email='salem@example.com')
        shared = self._mail('Salem <salem@example.com>')
        self.assertFalse(shared.beneficiary_id, "two files have this address")
        self.assertEqual(shared.visitor_name, "Salem")
        self.assertEqual(self._mail('').state, 'waiting')
        with self.assertRaises(AccessError):
            self.env['amlaj.interaction'].with_user(self.relations).message_new({'email_from': 'x@example.com'})

    def test_what_is_written_to_the_address_waits_at_the_reception(self):
        alias = self.env.ref('amlaj_beneficiary.alias_interaction')
        alias.alias_domain_id = self.env['mail.alias.domain'].create({'name': 'association.example.com'})
        self.file.email = 'salem@example.com'
        mail = (
            "From: Salem <salem@example.com>\nTo: beneficiaries@association.example.com\nSubject: A question\n"
            "Message-Id: <amlaj-test@example.com>\nMIME-Version: 1.0\nContent-Type: text/plain\n\nAre you open?\n")
        contact_id = self.env['mail.thread'].with_context(mail_create_nolog=True).message_process(False, mail)
        contact = self.Interaction.browse(contact_id)
        self.assertEqual((contact.beneficiary_id, contact.state, contact.channel_id.code), (self.file, 'waiting', 'letter'))
        self.assertIn("Are you open?", contact.line_ids.question)
        again = self.env['mail.thread'].message_process(False, mail)
        self.assertFalse(again, "the same letter twice is one contact")


@tagged('post_install', '-at_install', 'amlaj')
class TestInteractionAccess(interaction_common.InteractionBuilders, common.AmlajCommon):
    """Who sees and records contacts, and the attempts to get around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far = cls.make_file("Far Person", branch_id=cls.branch2.id)
        cls.near = cls.make_contact("Near question", beneficiary_id=cls.file.id)
        cls.away = cls.make_contact("Far question", beneficiary_id=cls.far.id)
        cls.representative = cls.user['representative']

    def test_a_representative_sees_his_office_alone(self):
        Interaction = self.env['amlaj.interaction'].with_user(self.representative)
        visitor = self.make_contact(user=self.representative, visitor_name="Salem")
        self.assertEqual(Interaction.search([]), self.near | visitor)
        self.assertEqual(Interaction.line_ids.search([]), self.near.line_ids)
        for attempt in (
            lambda: self.away.with_user(self.representative).read(['note']),
            lambda: self.away.line_ids.with_user(self.representative).write({'answer': "x"}),
            lambda: self.away.with_user(self.representative).action_close(),
            lambda: self.away.line_ids.with_user(self.representative).action_refer(),
            lambda: Interaction.create({'channel_id': self.phone.id, 'beneficiary_id': self.far.id}),
            lambda: Interaction.create({'channel_id': self.phone.id, 'branch_id': self.branch2.id}),
            lambda: self.near.with_user(self.representative).write({'beneficiary_id': self.far.id}),
            lambda: self.near.with_user(self.representative).write({'branch_id': self.branch2.id}),
            lambda: self.near.line_ids.with_user(self.representative).write({'interaction_id': self.away.id}),
            lambda: visitor.action_name_visitor(self.far.id),
            lambda: self.far.with_user(self.representative).with_context(
                amlaj_interaction_id=visitor.id).action_is_the_visitor(),
        ):
            with self.subTest(attempt=attempt), self.assertRaises(AccessError):
                attempt()

    def test_his_own_carry_his_name_and_his_office(self):
        contact = self.make_contact("Where?", user=self.representative, visitor_name="Salem")
        self.assertEqual(contact.branch_id, self.branch)
        self.assertEqual((contact.entered_by_id, contact.user_id), (self.representative, self.representative))
        with self.assertRaises(AccessError):
            self.make_contact(user=self.representative, entered_by_id=self.relations.id)

    def test_a_number_of_another_office_tells_nothing(self):
        self.far.phone = '0555999888'
        contact = self.make_contact(user=self.representative, visitor_name="Salem 0555999888")
        self.assertFalse(contact.similar_ids or contact.similar_hint)

    def test_readers_read_and_others_do_not(self):
        for role in ('auditor', 'privacy_officer'):
            mine = self.near.with_user(self.user[role])
            self.assertTrue(mine.read(['who', 'note']))
            for attempt in (mine.action_close, lambda mine=mine: mine.write({'note': "x"}), mine.line_ids.action_refer):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    attempt()
        for role in ('researcher', 'committee', 'delivery', 'finance', 'quality', 'volunteer_coordinator'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.near.with_user(self.user[role]).read(['who'])

    def test_nobody_works_on_a_contact_of_his_own_file(self):
        self.make_mandate(self.file, self.relations)
        for attempt in (
            self.near.action_close, lambda: self.near.write({'note': "x"}),
            lambda: self.near.line_ids.write({'answer': "x"}), self.near.line_ids.action_refer,
            lambda: self.make_contact(beneficiary_id=self.file.id),
        ):
            with self.subTest(attempt=attempt), self.assertRaises(AccessError):
                attempt()

    def test_a_portal_user_reads_no_contact(self):
        holder = self.make_portal_user()
        self.make_mandate(self.file, holder)
        for model in ('amlaj.interaction', 'amlaj.interaction.line', 'amlaj.referral', 'amlaj.faq', 'amlaj.notion'):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(holder).search_count([])

    def test_the_list_costs_the_same_for_many(self):
        def cost(contacts):
            self.env.invalidate_all()
            mine = contacts.with_user(self.relations)
            with self.assertQueryCount(99):
                start = self.cr.sql_log_count
                mine.web_read({name: {} for name in (
                    'who', 'channel_id', 'user_id', 'state', 'open_questions', 'allowed_actions')})
                return self.cr.sql_log_count - start
        few = self.make_contact("A?", beneficiary_id=self.file.id) | self.near
        many = few
        for rank in range(12):
            many |= self.make_contact("B?", visitor_name=f"Visitor {rank}", user=self.relations)
        cost(few)
        self.assertEqual(cost(few), cost(many))
