import base64
import hashlib
import json
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import request_common

SIGNATURE = request_common.signature()
QUESTIONS = [
    {'name': 'months', 'type': 'integer', 'string': "How many months?"},
    {'name': 'owner', 'type': 'char', 'string': "Who owns it?"},
]


@tagged('post_install', '-at_install', 'amlaj')
class TestDeclaration(request_common.RequestCommon):
    """What is signed, by whom and how, and what voids it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asking = cls.make_service("Rent with questions (test)", cls.lease, questions=QUESTIONS)
        cls.member = cls.env['amlaj.household.member'].create({
            'beneficiary_id': cls.file.id, 'name': "Noura", 'relationship': 'child', 'birth_date': '2015-05-05',
            'gender': 'female'})

    def signed(self, **vals):
        return self.sign(self.ask(self.asking, answers={'months': 2, 'owner': "Ali"}, **vals))

    # ------------------------------------------------------------
    # What voids it
    # ------------------------------------------------------------

    def assertVoids(self, change, voids=True, request=None):
        request = request or self.signed()
        self.assertTrue(request.is_declared)
        change(request)
        self.assertEqual(request.is_declared, not voids)
        self.assertEqual(bool(request.declaration_ids.voided_at), voids)

    def test_description_voids(self):
        self.assertVoids(lambda request: request.write({'description': "Three months"}))

    def test_amount_voids(self):
        self.assertVoids(lambda request: request.write({'amount_requested': 1201}))

    def test_service_voids(self):
        self.assertVoids(lambda request: request.write({'service_id': self.service.id}))

    def test_beneficiary_voids(self):
        other = self.make_file()
        self.assertVoids(lambda request: request.write({'beneficiary_id': other.id}))

    def test_answer_voids(self):
        self.assertVoids(lambda request: request.write({'answers': {'months': 3}}))

    def test_answer_through_the_form_voids(self):
        self.assertVoids(lambda request: request.write({'answers_form': {'values': {'owner': "Saad"}}}))

    def test_member_fields_void(self):
        changes = {
            'name': "Nora", 'relationship': 'grandchild', 'birth_date': '2015-05-06', 'gender': 'male',
            'is_contributing': True}
        for name, value in changes.items():
            with self.subTest(field=name):
                self.assertVoids(lambda request, name=name, value=value: self.member.write({name: value}))

    def test_member_added_voids(self):
        self.assertVoids(lambda request: self.file.write({
            'member_ids': [(0, 0, {'name': "Ahmad", 'relationship': 'child'})]}))

    def test_member_removed_voids(self):
        self.assertVoids(lambda request: self.member.unlink())

    def test_member_moved_voids_both(self):
        other = self.make_file()
        here, there = self.signed(), self.signed(file=other)
        self.member.with_user(self.relations).beneficiary_id = other
        self.assertFalse(here.is_declared)
        self.assertFalse(there.is_declared)

    def test_superuser_code_voids_too(self):
        self.assertVoids(lambda request: request.sudo().write({'description': "Three months"}))

    def test_the_same_again_does_not_void(self):
        self.assertVoids(lambda request: request.write({
            'description': request.description, 'amount_requested': 1200.0, 'answers': {'months': 2},
            'service_id': self.asking.id, 'beneficiary_id': self.file.id}), voids=False)
        self.assertVoids(lambda request: self.member.write({'name': " Noura ", 'gender': 'female'}), voids=False)

    def test_what_does_not_void(self):
        changes = {
            'priority': {'priority': '1', 'priority_reason': "A court date"},
            'owner': {'user_id': self.user['researcher'].id},
            'channel': {'channel_id': self.interview.id},
            'branch': {'branch_id': self.branch2.id},
            'department': {'department_id': self.env['hr.department'].create({'name': "Programmes"}).id},
        }
        for name, vals in changes.items():
            with self.subTest(change=name):
                self.assertVoids(lambda request, vals=vals: request.write(vals), voids=False)

    def test_corrections_of_the_file_do_not_void(self):
        changes = {
            'phone': {'phone': '0509876543'}, 'identity': {'identity_number': self.next_identity()},
            'iban': {'iban': 'SA03 8000 0000 6080 1016 7519'}, 'email': {'email': 'new@example.com'},
            'address': {'short_address': 'ABCD1234'},
        }
        for name, vals in changes.items():
            with self.subTest(change=name):
                self.assertVoids(
                    lambda request, vals=vals: self.file.with_user(self.relations).write(vals), voids=False)
        self.assertVoids(
            lambda request: self.member.with_user(self.relations).write({'identity_number': self.next_identity()}),
            voids=False)

    def test_papers_do_not_void(self):
        request = self.signed()
        paper = request.document_ids
        self.assertVoids(lambda request: paper.action_receive_and_match(), voids=False, request=request)
        self.assertVoids(lambda request: paper.action_mismatch("Another name"), voids=False, request=request)
        self.assertVoids(lambda request: paper.write({'number': "77", 'expiry_date': '2030-01-01'}), voids=False,
                         request=request)
        self.assertVoids(lambda request: request.write({
            'document_ids': [(0, 0, {'document_type_id': self.letter.id})]}), voids=False, request=request)

    def test_steps_do_not_void(self):
        request = self.match(self.signed())
        for step in ('action_submit', 'action_verify', 'action_inform', 'action_raise'):
            getattr(request, step)()
            self.assertTrue(request.is_declared)

    def test_later_changes_leave_what_was_decided(self):
        request = self.match(self.signed())
        for step in ('action_submit', 'action_verify', 'action_inform', 'action_raise'):
            getattr(request, step)()
        self.member.name = "Nora"
        self.assertTrue(request.is_declared, "the committee has the request as it was signed")
        for vals in ({'description': "More"}, {'amount_requested': 5}, {'service_id': self.service.id},
                     {'answers': {'months': 9}}, {'answers_form': {'values': {'months': 9}}},
                     {'beneficiary_id': self.make_file().id}):
            with self.subTest(vals=vals), self.assertRefused(UserError, "stays as it is"):
                request.write(vals)

    # ------------------------------------------------------------
    # What it covers
    # ------------------------------------------------------------

    def test_hash_covers_what_it_says(self):
        request = self.signed()
        declaration = request.declaration_ids
        content = {
            'schema': 1, 'beneficiary': self.file.id, 'service': self.asking.id, 'description': "Two months are due",
            'amount': '1200.00', 'answers': {'months': '2', 'owner': "Ali"},
            'members': [["Noura", 'child', '2015-05-05', 'female', False]],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        self.assertEqual(declaration.data_hash, hashlib.sha256(text.encode()).hexdigest())
        self.assertEqual(declaration.text_version, '2026-1')
        self.assertEqual(declaration.captured_by_id, self.relations)
        self.assertEqual(declaration.signer_name, "Salem Alharbi")
        self.assertAlmostEqual(declaration.signed_at, fields.Datetime.now(), delta=relativedelta(minutes=1))

    def test_a_new_question_is_not_a_changed_answer(self):
        request = self.signed()
        before = request._declared_hash()
        self.asking.question_definition = [*QUESTIONS, {'name': 'floor', 'type': 'integer', 'string': "Which floor?"}]
        self.env.invalidate_all()
        self.assertEqual(request._declared_hash(), before)

    def test_signing_again_replaces(self):
        request = self.signed()
        first = request.declaration_ids
        self.sign(request)
        self.assertTrue(first.voided_at)
        self.assertEqual(request.declaration_ids.sorted('id').mapped('is_valid'), [False, True])

    def test_nobody_makes_or_changes_a_declaration(self):
        request = self.signed()
        for role in ('relations', 'manager', 'representative'):
            declaration = request.declaration_ids.with_user(self.user[role])
            with self.subTest(role=role):
                for operation in ('write', 'create', 'unlink'):
                    self.assertFalse(declaration.has_access(operation))
        with self.assertRaises(AccessError):
            request.write({'declaration_ids': [(1, request.declaration_ids.id, {'voided_at': False})]})

    # ------------------------------------------------------------
    # How
    # ------------------------------------------------------------

    def test_methods_at_the_desk(self):
        request = self.ask()
        for method, options in {
            'paper': {}, 'drawn': {'signature': SIGNATURE}, 'thumbprint': {'witness': "Saad, in the request's folder"},
        }.items():
            with self.subTest(method=method):
                request.action_sign(method, name=" Salem  Alharbi ", **options)
                declaration = request.declaration_ids.sorted('id')[-1]
                self.assertEqual((declaration.method, declaration.signer_name), (method, "Salem Alharbi"))
                self.assertEqual(declaration.captured_by_id, self.relations)
                self.assertTrue(request.is_declared)
        paper, drawn, thumbprint = request.declaration_ids.sorted('id')
        self.assertFalse(paper.signature)
        self.assertEqual(base64.b64decode(drawn.signature), base64.b64decode(SIGNATURE))
        self.assertEqual(thumbprint.witness, "Saad, in the request's folder")
        self.assertEqual([paper.is_valid, drawn.is_valid, thumbprint.is_valid], [False, False, True])

    def test_bad_signatures(self):
        request = self.ask()
        jpeg = base64.b64encode(request_common.picture(kind='JPEG')).decode()
        cases = [
            ('drawn', None, "Salem", "signature is empty"),
            ('drawn', request_common.signature(ink=False), "Salem", "signature is empty"),
            ('drawn', request_common.signature(mode='RGBA', ink=False), "Salem", "signature is empty"),
            ('drawn', jpeg, "Salem", "signature is empty"),
            ('drawn', "not base64 at all!", "Salem", "signature is empty"),
            ('drawn', base64.b64encode(b'<svg onload="alert(1)"/>').decode(), "Salem", "signature is empty"),
            ('drawn', SIGNATURE[:-200], "Salem", "signature is empty"),
            ('drawn', {'a': 1}, "Salem", "signature is empty"),
            ('drawn', SIGNATURE, "  ", "type the name"),
            ('drawn', SIGNATURE, None, "type the name"),
            ('drawn', SIGNATURE, "\u200f\u200f", "type the name"),
            ('paper', request_common.signature(ink=False), "Salem", "signature is empty"),
            ('thumbprint', None, "Salem", "needs a witness"),
            ('guardian', None, "Salem", "No verified guardian"),
            ('voice', None, "Salem", "not known"),
        ]
        for method, drawing, name, message in cases:
            with self.subTest(method=method, name=name), self.assertRefused(UserError, message):
                request.action_sign(method, drawing, name)
        self.assertFalse(request.declaration_ids)

    def test_needs_a_service(self):
        request = self.ask(service=self.env['amlaj.service'])
        with self.assertRefused(UserError, "Choose the service"):
            self.sign(request)

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_portal_method_is_the_mandate_holders(self):
        applicant = self.make_portal_user('declaration_applicant')
        self.make_mandate(self.file, applicant)
        request = self.ask(user=applicant)
        request.action_sign('portal', SIGNATURE, "Salem")
        declaration = request.sudo().declaration_ids
        self.assertEqual((declaration.method, declaration.captured_by_id.id), ('portal', False))
        for method in ('paper', 'drawn', 'thumbprint'):  # seen by nobody
            with self.subTest(method=method), self.assertRaises(AccessError):
                request.action_sign(method, SIGNATURE, "Salem", witness="Me")
        with self.assertRefused(UserError, "signature is empty"):
            request.action_sign('portal', None, "Salem")
        with self.assertRaises(AccessError):
            request.with_user(self.relations).action_sign('portal', SIGNATURE, "Salem")
        self.assertEqual(request.sudo().declaration_ids, declaration)

    def test_an_ended_mandate_signs_nothing(self):
        applicant = self.make_portal_user('declaration_ended')
        mandate = self.make_mandate(self.file, applicant)
        request = self.ask(user=applicant)
        mandate.with_user(self.relations).action_end()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            request.with_user(applicant).action_sign('portal', SIGNATURE, "Salem")

    def test_a_minor(self):
        today = self.env['amlaj.request']._today()
        child = self.make_file("Noura Salem Ali", birth_date=today - relativedelta(years=18) + relativedelta(days=1))
        request = self.ask(file=child)
        with self.assertRefused(UserError, "guardian signs"):
            self.sign(request)
        with self.assertRefused(UserError, "No verified guardian"):
            request.action_sign('guardian', name="Salem")
        guardian = self.make_portal_user('declaration_guardian')
        mandate = self.make_mandate(child, guardian, capacity='guardian', verified=False)
        with self.assertRefused(UserError, "No verified guardian"):
            request.action_sign('guardian', name="Salem")
        mandate.action_verify()
        request.action_sign('guardian', name="Salem")
        self.assertEqual(request.declaration_ids.captured_by_id, self.relations)
        # the guardian himself, in the portal: he draws
        mine = self.ask(file=child, user=guardian)
        with self.assertRefused(UserError, "guardian signs"):
            mine.action_sign('portal', SIGNATURE, "Salem")
        with self.assertRefused(UserError, "signature is empty"):
            mine.action_sign('guardian', None, "Salem")
        mine.action_sign('guardian', SIGNATURE, "Salem")
        self.assertFalse(mine.sudo().declaration_ids.captured_by_id)
        helper = self.make_portal_user('declaration_helper')
        self.make_mandate(child, helper, capacity='delegate')
        with self.assertRefused(UserError, "No verified guardian"):
            mine.with_user(helper).action_sign('guardian', SIGNATURE, "Helper")
        # on the eighteenth birthday she signs for herself
        child.birth_date = today - relativedelta(years=18)
        self.sign(request)

    def test_an_adult_signs_for_herself(self):
        file = self.make_file("Maryam Saad Ali", gender='female', birth_date=date(1980, 1, 1))
        with self.assertRefused(UserError, "No verified guardian"):
            self.ask(file=file).action_sign('guardian', name="Her brother")

    # ------------------------------------------------------------
    # Proactive services
    # ------------------------------------------------------------

    def test_outreach_leans_on_a_recent_declaration(self):
        signed = self.signed()
        signed.declaration_ids.sudo().signed_at = fields.Datetime.now() - relativedelta(months=11)
        offer = self.ask(origin='outreach')
        self.assertTrue(offer.is_declared)
        self.assertFalse(self.ask(origin='staff').is_declared, "who applies signs")
        self.assertFalse(self.ask(origin='outreach', file=self.make_file()).is_declared)
        signed.declaration_ids.sudo().signed_at = fields.Datetime.now() - relativedelta(months=12, days=1)
        self.env.invalidate_all()
        self.assertFalse(offer.is_declared)
        signed.declaration_ids.sudo().signed_at = fields.Datetime.now()
        signed.declaration_ids.sudo().voided_at = fields.Datetime.now()
        self.env.invalidate_all()
        self.assertFalse(offer.is_declared)
