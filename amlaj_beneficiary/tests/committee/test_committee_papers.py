import io

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .. import common

FULL_NAME = "Salem Ali Saad Alharbi"


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteePapers(common.AmlajCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.env['amlaj.service'].create({'name': "Discreet service", 'kind': 'cash'})
        cls.relations, cls.manager = cls.user['relations'], cls.user['manager']
        cls.members = {
            role: cls.make_user(f'paper_{role}', 'committee', name=f"Person {role}")
            for role in ('chair', 'deputy', 'member', 'secretary')}
        cls.committee = cls.env['amlaj.committee'].create({
            'name': "Research committee", 'confirmation_amount': 1000,
            'member_ids': [Command.create({'user_id': user.id, 'role': role}) for role, user in cls.members.items()]})
        cls.seat = {member.role: member for member in cls.committee.member_ids}
        cls.reason = cls.env['amlaj.reason'].create({
            'name': "Short label", 'letter_text': "A respectful sentence.", 'kind': 'refusal'})

    # --- means ------------------------------------------------------------------------------

    def _raised(self, name=FULL_NAME, **vals):
        file = self.make_file(name, lang='en_US', registered=False)
        file.action_match_identity()
        request = self.env['amlaj.request'].with_user(self.relations).create({
            'beneficiary_id': file.id, 'service_id': self.service.id, 'amount_requested': 900, **vals})
        request.action_sign('paper', name=name)
        request.action_submit()
        request.action_verify()
        request.action_inform()
        request.action_raise()
        return request

    def _session(self, *requests, opened=True):
        session = self.env['amlaj.committee.session'].with_user(self.members['secretary']).create({
            'committee_id': self.committee.id, 'place': "The office"})
        session.action_add_candidates([request.id for request in requests])
        if opened:
            session.present_ids = [Command.set([self.seat[role].id for role in ('chair', 'deputy', 'secretary')])]
            session.action_open()
        return session

    def _decide(self, session, request, result, **vals):
        votes = [[self.seat['chair'].id, 'for'], [self.seat['deputy'].id, 'for']]
        session.action_decide([request.id], result, votes, **vals)

    def _replied(self, result, **vals):
        request = self._raised()
        session = self._session(request)
        self._decide(session, request, result, **vals)
        request.with_user(self.manager).action_allow_early_reply("urgent")
        request.action_reply()
        return request

    def _html(self, what, records, user):
        report = self.env.ref(f'amlaj_beneficiary.report_{what}')
        return self.env['ir.actions.report'].with_user(user)._render_qweb_html(
            report.report_name, records.ids)[0].decode()

    # --- the letter -------------------------------------------------------------------------

    def test_an_acceptance_letter(self):
        html = self._html('decision_letter', self._replied('approved', amount=800), self.relations)
        for words in ("Acceptance letter", FULL_NAME, "was accepted", "SAR 800", "Discreet service"):
            self.assertIn(words, html)
        self.assertNotIn("right to object", html)

    def test_a_partial_acceptance_may_be_objected_to(self):
        html = self._html(
            'decision_letter', self._replied('partial', amount=300, reason_id=self.reason.id), self.relations)
        for words in ("a part of your request", "SAR 300", "A respectful sentence.", "right to object until"):
            self.assertIn(words, html)

    def test_an_apology_gives_reason_and_objection_and_no_label_of_staff(self):
        html = self._html('decision_letter', self._replied('rejected', reason_id=self.reason.id), self.relations)
        for words in ("Letter of apology", "we apologise", "A respectful sentence.", "right to object until",
                      "does not affect your right to submit another request"):
            self.assertIn(words, html)
        self.assertNotIn("Short label", html)
        self.assertNotIn("Rejected", html)

    def test_no_letter_before_the_reply(self):
        request = self._raised()
        session = self._session(request)
        self._decide(session, request, 'approved', amount=800)
        for user in (self.relations, self.manager):
            with self.assertRaises(UserError):
                self._html('decision_letter', request, user)

    def test_the_applicants_papers_tell_no_decision_before_the_reply(self):
        request = self._raised()
        before = self._html('slip', request, self.relations)
        self._decide(self._session(request), request, 'approved', amount=800)
        self.assertEqual(self._html('slip', request, self.relations), before)

    # --- agenda, minutes, dossier -----------------------------------------------------------

    def test_minutes_hold_attendance_quorum_recusals_and_decisions(self):
        first, second, third = (
            self._raised(name) for name in (FULL_NAME, "Ali Omar Fahd Aljohani", "Nora Saad Ali Albalawi"))
        session = self._session(first, second, third)
        session.with_user(self.members['member']).action_recuse([third.id], "A neighbour")
        self._decide(session, first, 'approved', amount=1500)
        self._decide(session, second, 'rejected', reason_id=self.reason.id)
        session.action_close()
        html = self._html('minutes', session, self.members['secretary'])
        for words in (
            "Person chair", "Person secretary", "Absent", "The quorum is reached", "A neighbour", "Short label",
            "For 2, against 0, abstaining 0", "SAR 1,500", "not yet confirmed", "Deferred: A next session",
            first.name, second.name, third.name, "Salem", "Ali", "Nora",
        ):
            self.assertIn(words, html)
        for secret in ("Alharbi", "Aljohani", first.beneficiary_id.identity_number):
            self.assertNotIn(secret, html)
        self.assertNotIn("Draft", html)

    def test_empty_minutes_and_agenda_print(self):
        session = self._session(opened=False)
        self.assertIn("The agenda is empty.", self._html('minutes', session, self.members['chair']))
        self.assertIn("Draft", self._html('minutes', session, self.members['chair']))
        self.assertIn("The agenda is empty.", self._html('agenda', session, self.members['chair']))

    def test_the_agenda_names_numbers_and_first_names(self):
        request = self._raised()
        html = self._html('agenda', self._session(request, opened=False), self.members['member'])
        self.assertIn(request.name, html)
        self.assertIn("Salem", html)
        self.assertNotIn("Alharbi", html)

    def test_a_dossier_is_one_sheet_without_anything_sensitive(self):
        sensitive = self.env['amlaj.beneficiary.category'].create({'name': "Most private", 'is_sensitive': True})
        request = self._raised(description="word " * 600)
        request.beneficiary_id.with_user(self.user['researcher']).action_set_sensitive_categories(sensitive.ids)
        self.assertEqual(request.sudo().beneficiary_id._all_categories(), sensitive)
        request.sudo().beneficiary_id.write({'member_ids': [
            Command.create({'name': f"Child {number}", 'relationship': 'child', 'birth_date': '2020-01-01'})
            for number in range(12)]})
        session = self._session(request)
        item = session._items()
        html = self._html('dossier', item, self.members['member'])
        for words in (FULL_NAME, "13 persons", "under 18: 12", "Discreet service", "SAR 900"):
            self.assertIn(words, html)
        for secret in (sensitive.name, request.beneficiary_id.identity_number, "Child 1", "501234567"):
            self.assertNotIn(secret, html)
        pdf = self.env['ir.actions.report'].with_user(self.members['member']).with_context(
            force_report_rendering=True)._render_qweb_pdf('amlaj_beneficiary.paper_dossier', item.ids)[0]
        self.assertEqual(len(PdfReader(io.BytesIO(pdf)).pages), 1)

    def test_a_dossier_is_open_to_members_while_the_session_lasts(self):
        request = self._raised()
        session = self._session(request)
        item = session._items()
        self.assertTrue(self._html('dossier', item, self.members['chair']))
        self._decide(session, request, 'approved', amount=800)
        session.action_close()
        with self.assertRaises(AccessError):
            self._html('dossier', item, self.members['chair'])

    def test_a_frozen_dossier_shows_the_file_as_it_was(self):
        request = self._raised()
        session = self._session(request)
        self._decide(session, request, 'approved', amount=800)
        request.sudo().beneficiary_id.name = "Changed Later"
        html = self._html('dossier', session._items(), self.manager)
        self.assertIn(FULL_NAME, html)
        self.assertNotIn("Changed Later", html)
        self.assertIn("Approved", html)

    def test_the_frozen_paper_is_drawn_and_kept_with_its_hash(self):
        request = self._raised()
        session = self._session(request)
        self._decide(session, request, 'approved', amount=800)
        item_sudo = session._items().sudo().with_context(force_report_rendering=True)
        item_sudo._make_paper()
        self.assertFalse(item_sudo.paper_pending)
        self.assertTrue(item_sudo._is_snapshot_genuine())

    def test_others_print_none_of_them(self):
        request = self._raised()
        session = self._session(request)
        for role in ('relations', 'researcher', 'delivery', 'finance', 'quality'):
            for what, record in (('minutes', session), ('agenda', session), ('dossier', session._items())):
                with self.subTest(role=role, what=what), self.assertRaises(AccessError):
                    self._html(what, record, self.user[role])
        with self.assertRaises(AccessError):
            self._html('minutes', session, self.user['committee'])
        with self.assertRaises(AccessError):
            self._html('decision_letter', request, self.members['chair'])

    def test_minutes_are_verified_by_the_day_of_the_session(self):
        session = self._session(opened=False)
        paper = self.env['amlaj.paper']
        issued = paper._find_issued(paper._get_code(session))
        self.assertEqual((issued['number'], issued['date']), (session.name, session.date))
