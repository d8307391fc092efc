from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common

TODAY = date(2026, 3, 2)


@tagged('post_install', '-at_install', 'amlaj')
@freeze_time('2026-03-02 09:00:00')
class TestRequestDocument(request_common.RequestCommon):
    """Papers: which are asked for, which are known, on which day they are judged, who says that they agree."""

    def paper(self, kind=None, **vals):
        """A missing paper of a draft."""
        document = self.ask(self.make_service("One paper (test)", kind or self.lease), **vals).document_ids
        self.assertEqual((document.state, document.document_type_id), ('missing', kind or self.lease))
        return document

    # ------------------------------------------------------------
    # Which
    # ------------------------------------------------------------

    def test_papers_of_the_service_and_the_category(self):
        farmers, widows, inmates = self.env['amlaj.beneficiary.category'].create([
            {'name': "Farmers (test)"}, {'name': "Widows (test)"},
            {'name': "Families of inmates (test)", 'is_sensitive': True}])
        deed = self.env['amlaj.document.type'].create({'name': "Deed (test)"})
        service = self.make_service("Conditional (test)", self.lease, self.letter, self.card, deed)
        lines = {line.document_type_id: line for line in service.requirement_ids}
        lines[self.letter].write({'category_ids': [Command.set(widows.ids)], 'is_required': False, 'note': "If any"})
        lines[self.card].category_ids = inmates
        lines[deed].category_ids = farmers
        file = self.make_file(category_ids=[Command.set(farmers.ids)])
        self.assertEqual(self.ask(service, file).document_ids.document_type_id, self.lease | deed)
        file.with_user(self.user['researcher']).action_set_sensitive_categories(inmates.ids)
        self.assertEqual(self.ask(service, file).document_ids.document_type_id, self.lease | deed | self.card)
        file.category_ids = widows
        letter = self.ask(service, file).document_ids.filtered(lambda d: d.document_type_id == self.letter)
        self.assertEqual((letter.is_required, letter.note, letter.proof), (False, "If any", 'file'))

    def test_another_service_keeps_what_was_received(self):
        two = self.make_service("Two (test)", self.lease, self.letter)
        request = self.ask(two)
        lease, letter = request.document_ids
        lease.action_receive_and_match()
        request.service_id = self.make_service("Card (test)", self.card)
        self.assertFalse(letter.exists(), "nobody needs it and nobody brought it")
        self.assertEqual(request.document_ids.document_type_id, self.lease | self.card)
        self.assertFalse(lease.is_required)
        request.service_id = two
        self.assertTrue(lease.is_required)
        self.assertEqual(lease.state, 'matched')

    def test_welcome_papers_are_not_waited_for(self):
        service = self.make_service("Welcome (test)", self.lease, self.letter)
        service.requirement_ids.filtered(lambda line: line.document_type_id == self.letter).is_required = False
        request = self.sign(self.ask(service))
        lease, letter = request.document_ids
        lease.action_receive_and_match()
        request.action_submit()
        self.assertEqual(request.state, 'submitted')
        letter.action_mismatch("Another person's")
        self.assertIn('paper_mismatch', self.codes(request, 'verify'), "what was given and does not agree is said")

    def test_desk_adds_and_removes_a_paper(self):
        request = self.ask()
        request.document_ids = [Command.create({'document_type_id': self.letter.id})]
        added = request.document_ids.filtered(lambda d: d.document_type_id == self.letter)
        self.assertTrue(added.is_required)
        request.document_ids = [Command.delete(added.id)]
        self.assertFalse(added.exists())
        asked = request.document_ids
        with self.assertRefused(UserError, "stays in the list"):
            asked.unlink()
        with self.assertRaises(AccessError):  # or the guard of the papers would be a matter of taste
            asked.is_required = False

    def test_a_paper_stays_with_its_request(self):
        paper, other = self.paper(), self.ask(self.studied)
        with self.assertRefused(UserError, "stays with its request"):
            paper.request_id = other

    # ------------------------------------------------------------
    # Known from before
    # ------------------------------------------------------------

    def known(self, kind, **vals):
        """The paper of a new request, after an earlier one of the same file had it matched with ``vals``."""
        file = self.make_file()
        earlier = self.paper(kind, file=file)
        received_on = vals.pop('received_on', None)
        earlier.write(vals)
        earlier.action_receive(received_on, "It was kept" if received_on else None)
        earlier.action_match()
        return earlier, self.ask(self.make_service("Again (test)", kind), file).document_ids

    def test_known_papers_are_reused(self):
        earlier, paper = self.known(
            self.card, number="A12", issued_on='2020-01-01', expiry_date='2026-03-02')
        self.assertRecordValues(paper, [{
            'state': 'matched', 'number': "A12", 'expiry_date': date(2026, 3, 2), 'received_on': TODAY,
            'reused_from_id': earlier.id, 'matched_by_id': self.relations.id}])
        with freeze_time('2026-03-02 15:00:00'):
            third = self.ask(self.make_service("Third (test)", self.card), earlier.beneficiary_id).document_ids
            self.assertEqual(third.reused_from_id, earlier, "the first is named, not a copy of it")

    def test_papers_that_no_longer_count_are_asked_for_again(self):
        cases = {
            'expired': (self.card, {'expiry_date': '2026-03-01', 'received_on': '2026-02-20'}),
            'expiry unknown': (self.card, {}),
            'too old': (self.letter, {'issued_on': '2025-12-01', 'received_on': '2025-12-01'}),
            'age unknown, received long ago': (self.letter, {'received_on': '2025-12-01'}),
        }
        for name, (kind, vals) in cases.items():
            with self.subTest(name):
                self.assertEqual(self.known(kind, **vals)[1].state, 'missing')
        self.assertEqual(self.known(self.letter)[1].state, 'matched', "received today, so not older than today")

    def test_only_matched_papers_of_the_same_file_are_known(self):
        earlier, _paper = self.known(self.lease)
        self.assertEqual(self.paper(self.lease, file=self.make_file()).state, 'missing')
        earlier.action_mismatch("It was another lease")
        again = self.ask(self.make_service("After (test)", self.lease), earlier.beneficiary_id)
        self.assertEqual(again.document_ids.reused_from_id.id, False)

    def test_known_from_another_office(self):
        file = self.make_file(branch_id=self.branch2.id)
        self.paper(file=file).action_receive_and_match()
        file.branch_id = self.branch
        mine = self.ask(self.make_service("Moved (test)", self.lease), file, user=self.user['representative'])
        self.assertEqual(mine.document_ids.state, 'matched')

    def test_another_beneficiary_has_other_papers(self):
        earlier, reused = self.known(self.lease)
        request = reused.request_id
        request.write({'document_ids': [Command.create({'document_type_id': self.letter.id, 'number': "9"})]})
        letter = request.document_ids - reused
        letter.action_receive_and_match()
        request.beneficiary_id = self.make_file()
        lease = request.document_ids - letter
        self.assertEqual((lease.state, lease.number, lease.reused_from_id.id), ('missing', False, False))
        self.assertEqual((letter.state, letter.matched_by_id.id, letter.number), ('provided', False, "9"))
        self.assertEqual(earlier.state, 'matched')

    # ------------------------------------------------------------
    # The day on which it is judged
    # ------------------------------------------------------------

    def test_judged_on_the_day_it_was_received(self):
        cases = [
            # kind, issued, expires, received, fault
            (self.card, False, date(2026, 3, 2), TODAY, False),
            (self.card, False, date(2026, 3, 1), TODAY, 'paper_expired'),
            (self.card, False, date(2026, 3, 1), date(2026, 3, 1), False),
            (self.card, False, date(2026, 3, 1), date(2026, 2, 20), False),
            (self.lease, False, date(2020, 1, 1), TODAY, False),  # this kind has no expiry
            (self.letter, date(2025, 12, 2), False, TODAY, False),  # 90 days
            (self.letter, date(2025, 12, 1), False, TODAY, 'paper_old'),
            (self.letter, date(2025, 12, 1), False, date(2026, 3, 1), False),
        ]
        for kind, issued, expires, received, fault in cases:
            with self.subTest(kind=kind.name, expires=expires, issued=issued, received=received):
                paper = self.paper(kind, file=self.make_file())
                paper.write({'issued_on': issued, 'expiry_date': expires})
                paper.action_receive(received, "Left at the desk" if received < TODAY else None)
                paper.action_match()
                self.assertEqual(self.codes(paper.request_id, 'verify').count(fault) if fault else 0, int(bool(fault)))
                self.assertEqual(bool(paper.fault), bool(fault))
                with freeze_time('2027-01-01'):
                    paper.invalidate_recordset(['fault'])
                    self.assertEqual(bool(paper.fault), bool(fault), "later it neither heals nor spoils")

    def test_what_is_said_of_a_fault(self):
        paper = self.paper(self.card)
        self.assertEqual(paper.fault, "Card (test): missing")
        paper.expiry_date = date(2026, 2, 1)
        paper.action_receive_and_match()
        self.assertEqual(
            paper.fault,
            "Card (test): expired on 01/02/2026; please bring the renewed one. Your request keeps its place.")
        paper.action_mismatch("the name")
        self.assertEqual(paper.fault, "Card (test): does not agree with the data (the name)")
        paper.action_receive()
        paper.expiry_date = date(2027, 2, 1)
        self.assertEqual(paper.fault, "Card (test): not yet matched with the original")
        self.assertEqual(self.codes(paper.request_id, 'verify').count('paper_unmatched'), 1)
        paper.action_match()
        self.assertFalse(paper.fault)

    def test_the_day_is_set_back_with_a_reason(self):
        paper = self.paper()
        with self.assertRefused(UserError, "after today"):
            paper.action_receive('2026-03-03', "Soon")
        for reason in (None, "  "):
            with self.assertRefused(UserError, "say why"):
                paper.action_receive('2026-03-01', reason)
        paper.action_receive('2026-03-01', " The office was closed ")
        self.assertEqual((paper.received_on, paper.received_note), (date(2026, 3, 1), "The office was closed"))
        with self.assertRaises(AccessError):
            paper.received_on = '2026-02-01'

    # ------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------

    def test_receive_then_match(self):
        paper = self.paper()
        with self.assertRefused(UserError, "receive the paper first"):
            paper.action_match()
        paper.action_receive()
        paper.with_user(self.user['representative']).action_match()
        self.assertEqual((paper.state, paper.matched_by_id), ('matched', self.user['representative']))
        with self.assertRefused(UserError, "what does not agree"):
            paper.action_mismatch(" ")

    def test_one_tap_for_all(self):
        request = self.ask(self.make_service("Three (test)", self.lease, self.letter, self.card))
        first, second, third = request.document_ids
        first.action_receive_and_match()
        stamp = first.matched_at
        second.action_receive()
        with freeze_time('2026-03-02 10:00:00'):
            request.document_ids.action_receive_and_match()
        self.assertEqual(request.document_ids.mapped('state'), ['matched'] * 3)
        self.assertEqual(first.matched_at, stamp, "what was matched keeps its stamp")

    def test_a_change_asks_for_a_new_comparison(self):
        for name, value in {'number': "8", 'issued_on': '2026-01-01', 'expiry_date': '2027-01-01',
                            'document_type_id': self.letter.id}.items():
            with self.subTest(field=name):
                paper = self.paper(file=self.make_file())
                paper.action_receive_and_match()
                paper.write({name: value})
                self.assertEqual((paper.state, paper.matched_by_id.id, paper.matched_at), ('provided', False, False))
        paper = self.paper(file=self.make_file())
        paper.action_receive_and_match()
        paper.write({'note': "Two pages"})
        self.assertEqual(paper.state, 'matched')
        paper.action_receive()
        self.assertFalse(paper.matched_by_id, "a newer one has not been compared")

    def test_after_the_desk_papers_stay(self):
        paper = self.make_request('committee').document_ids
        calls = [
            lambda: paper.action_receive(), lambda: paper.action_match(), lambda: paper.action_mismatch("No"),
            lambda: paper.write({'number': "1"}), lambda: paper.write({'attachment_ids': [Command.clear()]}),
            lambda: paper.unlink(),
            lambda: paper.request_id.write({'document_ids': [Command.create({'document_type_id': self.letter.id})]}),
        ]
        for call in calls:
            with self.assertRefused(UserError, "no longer be changed"):
                call()
        self.assertEqual(paper.state, 'matched')

    def test_who_may(self):
        paper = self.paper()
        paper.action_receive()
        for role in ('manager', 'auditor', 'committee', 'delivery', 'privacy_officer', 'finance'):
            with self.subTest(role=role), self.assertRaises(AccessError), \
                    mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                paper.with_user(self.user[role]).action_match()
        applicant = self.make_portal_user('document_applicant')
        self.make_mandate(self.file, applicant)
        with self.assertRaises(AccessError):
            paper.with_user(applicant).action_match()
        paper.with_user(self.user['researcher']).action_match()
        colleague = self.make_user('document_colleague', 'relations')
        self.make_mandate(self.file, colleague)
        for call in (lambda p: p.action_mismatch("x"), lambda p: p.write({'number': "1"})):
            with self.assertRaises(AccessError):
                call(paper.with_user(colleague))
