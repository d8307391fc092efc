from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common
from . import interaction_common


@tagged('post_install', '-at_install', 'amlaj')
class TestReferral(interaction_common.InteractionBuilders, common.AmlajCommon):
    """A question goes to who knows, by one click; the answer comes back and the file does not start again (R56)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user['researcher']
        cls.contact = cls.make_contact("May a guardian sign?", beneficiary_id=cls.file.id)
        cls.line = cls.contact.line_ids
        cls.body = cls.env['amlaj.partner.body'].create({'name': "A hospital", 'answer_days': 10})

    def refer(self):
        self.line.action_refer()
        return self.line.referral_id

    # ------------------------------------------------------------
    # To the officer
    # ------------------------------------------------------------

    def test_one_click_and_the_answer_comes_back(self):
        referral = self.refer()
        self.assertEqual((referral.question, referral.beneficiary_id, referral.branch_id, referral.asked_by_id),
                         (self.line.question, self.file, self.branch, self.relations))
        self.contact.action_close()
        before = self.file.message_out_ids
        referral.with_user(self.officer).action_answer("Yes, by a court's deed.")
        self.assertEqual((referral.state, referral.answered_by_id, referral.officer_id),
                         ('answered', self.officer, self.officer))
        self.assertEqual((self.line.answer, self.line.state), ("Yes, by a court's deed.", 'answered'))
        message = self.file.message_out_ids - before
        self.assertEqual(len(message), 1)
        self.assertNotIn("deed", message.body)
        self.assertNotIn("guardian", message.body)
        self.assertIn(self.file.file_number, message.body)
        self.assertTrue(referral.told_at)
        with self.assertRefused(UserError, "answered already"):
            referral.with_user(self.officer).action_answer("Again")

    def test_a_visitor_is_told_by_the_desk(self):
        contact = self.make_contact("How long?", visitor_name="Salem")
        contact.line_ids.action_refer()
        referral = contact.line_ids.referral_id
        with self.assertRefused(UserError, "no answer yet"):
            referral.action_told()
        referral.with_user(self.officer).action_answer("Two weeks.")
        waiting = self.env['amlaj.referral'].search(self.env['amlaj.referral']._to_tell_domain())
        self.assertIn(referral, waiting)
        referral.action_told()
        self.assertEqual(referral.told_by_id, self.relations)
        with self.assertRefused(UserError, "told already"):
            referral.action_told()

    def test_an_answer_that_the_employee_gave_himself_stays(self):
        referral = self.refer()
        self.line.answer = "I asked: yes."
        referral.with_user(self.officer).action_answer("Yes.")
        self.assertEqual(self.line.answer, "I asked: yes.")

    def test_wrong_words(self):
        referral = self.refer().with_user(self.officer)
        for word in (None, False, True, [], {}, -1, 2 ** 63, '   ', '\u200f', 'x' * 5000):
            with self.subTest(word=word), self.assertRefused(UserError, '.'):
                referral.action_answer(word)
        for vals in ({}, {'question': ' '}, {'question': 7}):
            with self.subTest(vals=vals), self.assertRefused(UserError, "question"):
                self.env['amlaj.referral'].with_user(self.relations).create({'question': '', **vals})

    def test_who_answers(self):
        referral = self.refer()
        for role in ('relations', 'representative', 'auditor', 'privacy_officer', 'committee'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                referral.with_user(self.user[role]).action_answer("Yes.")
        for vals in ({'answer': "x"}, {'state': 'answered'}, {'told_at': '2026-01-01'}, {'asked_by_id': self.officer.id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                referral.with_user(self.relations).write(vals)
        self.make_mandate(self.file, self.officer)
        with self.assertRaises(AccessError):
            referral.with_user(self.officer).action_answer("Of my own file.")

    def test_offices_and_roles(self):
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        away = self.make_contact("Far?", beneficiary_id=far.id)
        away.line_ids.action_refer()
        near = self.refer()
        Referral = self.env['amlaj.referral']
        self.assertEqual(Referral.with_user(self.user['representative']).search([]), near)
        self.assertIn(away.line_ids.referral_id, Referral.with_user(self.officer).search([]))
        with self.assertRaises(AccessError):
            Referral.with_user(self.user['representative']).create({'question': "x", 'beneficiary_id': far.id})
        with self.assertRaises(AccessError):
            Referral.with_user(self.officer).create({'question': "x", 'beneficiary_id': far.id})

    def test_the_only_officer_is_named(self):
        self.assertEqual(self.refer().officer_id, self.env['amlaj.referral']._only_officer())
        self.make_user('amlaj_researcher2', 'researcher')
        contact = self.make_contact("Another?", visitor_name="Salem")
        contact.line_ids.action_refer()
        self.assertFalse(contact.line_ids.referral_id.officer_id)

    # ------------------------------------------------------------
    # To a partner body
    # ------------------------------------------------------------

    def test_nothing_is_passed_on_without_consent(self):
        for agreed in (None, False, 'x', 1, []):
            with self.subTest(agreed=agreed), self.assertRefused(UserError, "consent"):
                self.line.action_send_to_body(self.body.id, ['phone'], agreed)
        self.assertFalse(self.file.consent_ids)
        with self.assertRefused(UserError, "needs a file"):
            self.make_contact("Where?", visitor_name="Salem").line_ids.action_send_to_body(self.body.id, (), 'verbal')
        for body in (None, 'x', -1, 2 ** 63):
            with self.subTest(body=body), self.assertRefused(UserError, "partner body"):
                self.line.action_send_to_body(body, (), 'verbal')

    def test_what_was_shown_is_what_goes(self):
        step = self.env['amlaj.referral.make'].with_user(self.relations).create({
            'line_id': self.line.id, 'partner_body_id': self.body.id, 'share_phone': False, 'agreed': 'verbal'})
        self.assertNotIn('050', step.preview)
        preview = step.preview
        step.action_confirm()
        referral = self.line.referral_id
        self.assertEqual(referral.shared_text, preview)
        self.assertTrue(referral.letter_number)
        self.assertEqual((referral.consent_id.purpose, referral.consent_id.captured_by_id), ('partners', self.relations))
        self.assertEqual((referral.due_on - referral._today()).days, 10)
        self.file.name = "Another Name"
        self.assertEqual(referral.shared_text, preview, "as it went")
        with self.assertRefused(UserError, "stays as it is"):
            referral.question = "x"
        html = self.env['ir.actions.report'].with_user(self.relations)._render_qweb_html(
            'amlaj_beneficiary.paper_referral_letter', referral.ids)[0].decode()
        self.assertIn("May a guardian sign?", html)
        self.assertNotIn(self.file.phone[-7:], html)

    def test_a_consent_withdrawn_is_none(self):
        self.env['amlaj.consent'].create({'beneficiary_id': self.file.id, 'purpose': 'partners'}).action_withdraw()
        with self.assertRefused(UserError, "consent"):
            self.line.action_send_to_body(self.body.id)
        self.env['amlaj.consent'].create({'beneficiary_id': self.file.id, 'purpose': 'partners'})
        self.line.action_send_to_body(self.body.id, 'phone', None, '2026-12-24')
        self.assertEqual(str(self.line.referral_id.due_on), '2026-12-24')
        self.assertNotIn("Phone", self.line.referral_id.shared_text)

    def test_its_answer_is_recorded_with_what_came_of_it(self):
        self.line.action_send_to_body(self.body.id, (), 'phone', '2020-01-01')
        referral = self.line.referral_id
        self.assertTrue(referral.is_late)
        self.assertIn(referral, referral.search([('is_late', '=', True)]))
        with self.assertRaises(AccessError):
            referral.with_user(self.officer).action_answer("Yes", 'served')
        for outcome in (None, 'x', 7, []):
            with self.subTest(outcome=outcome), self.assertRefused(UserError, "what came of"):
                referral.action_answer("They will call.", outcome)
        before = self.file.message_out_ids
        self.env['amlaj.referral.step'].with_user(self.relations).create({
            'referral_id': referral.id, 'text': "They will call.", 'outcome': 'partly'}).action_confirm()
        self.assertEqual((referral.state, referral.outcome, referral.is_late), ('answered', 'partly', False))
        self.assertFalse(referral.officer_id)
        self.assertEqual(self.line.answer, "They will call.")
        self.assertEqual(len(self.file.message_out_ids - before), 1)

    def test_a_wizard_shows_no_line_of_another_office(self):
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        away = self.make_contact("Far?", beneficiary_id=far.id).line_ids
        with self.assertRaises(AccessError):
            self.env['amlaj.referral.make'].with_user(self.user['representative']).create({
                'line_id': away.id, 'partner_body_id': self.body.id})
