from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger


@tagged('post_install', '-at_install', 'amlaj')
class TestService(TransactionCase):
    """Papers, questions and the decision of a service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.papers = cls.env['amlaj.document.type'].create([
            {'name': "Card", 'identifies_person': True, 'proof': 'seen'},
            {'name': "Lease"},
            {'name': "Letter"},
        ])
        cls.card, cls.lease, cls.letter = cls.papers
        cls.widows, cls.inmates = cls.env['amlaj.beneficiary.category'].create([
            {'name': "Widows (test)"},
            {'name': "Families of inmates (test)", 'is_sensitive': True},
        ])
        cls.service = cls.env['amlaj.service'].create({
            'name': "Rent", 'kind': 'cash', 'document_type_ids': [Command.set((cls.card | cls.lease).ids)],
        })

    # papers of a service

    def test_papers_make_and_remove_lines(self):
        self.assertEqual(self.service.requirement_ids.document_type_id, self.card | self.lease)
        self.assertTrue(all(self.service.requirement_ids.mapped('is_required')))
        note = self.service.requirement_ids.filtered(lambda line: line.document_type_id == self.lease)
        note.note = "Registered"
        self.service.document_type_ids = self.lease | self.letter
        self.assertEqual(self.service.requirement_ids.document_type_id, self.lease | self.letter)
        self.assertEqual(note.exists().note, "Registered", "a line that stays keeps what was written on it")
        self.service.document_type_ids = [Command.unlink(self.lease.id)]
        self.assertEqual(self.service.requirement_ids.document_type_id, self.letter)

    def test_papers_of_several_services_at_once(self):
        other = self.service.copy()
        self.assertEqual(other.document_type_ids, self.card | self.lease)
        (self.service | other).document_type_ids = self.letter
        self.assertEqual(other.requirement_ids.document_type_id, self.letter)
        self.assertEqual(self.service.requirement_ids.document_type_id, self.letter)

    def test_archived_paper_keeps_its_line_and_is_not_asked_for(self):
        self.lease.active = False
        self.service.document_type_ids = [Command.link(self.letter.id)]
        lines = self.service.requirement_ids
        self.assertEqual(lines.document_type_id.with_context(active_test=False), self.card | self.lease | self.letter)
        asked = self.service._required_documents(self.env['amlaj.beneficiary.category'])
        self.assertEqual(asked.document_type_id, self.card | self.letter)

    def test_search_by_paper(self):
        Service = self.env['amlaj.service']
        self.assertEqual(Service.search([('document_type_ids', 'in', self.lease.ids)]), self.service)
        self.assertNotIn(self.service, Service.search([('document_type_ids', 'not in', self.lease.ids)]))
        self.assertEqual(Service.search([('document_type_ids.name', '=', "Lease")]), self.service)
        without = Service.create({'name': "Advice"})
        self.assertEqual(Service.search([('document_type_ids', '=', False)]) & (without | self.service), without)

    def test_one_line_for_a_paper(self):
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'):
            self.service.requirement_ids = [Command.create({'document_type_id': self.card.id})]

    def test_papers_by_category(self):
        letter_line, = self.service.requirement_ids.create({
            'service_id': self.service.id, 'document_type_id': self.letter.id,
            'category_ids': [Command.set(self.inmates.ids)],
        })
        everyone = self.service.requirement_ids - letter_line
        self.assertEqual(self.service._required_documents(self.env['amlaj.beneficiary.category']), everyone)
        self.assertEqual(self.service._required_documents(self.widows), everyone)
        self.assertEqual(self.service._required_documents(self.widows | self.inmates), everyone | letter_line)

    # papers

    def test_identifying_paper_is_only_seen(self):
        for proof in ('file', 'lookup'):
            with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                self.card.proof = proof
            self.assertIn("28", str(refused.exception))
        with self.assertRaises(ValidationError):
            self.lease.write({'identifies_person': True})

    def test_form_turns_identifying_paper_to_seen(self):
        with Form(self.env['amlaj.document.type']) as form:
            form.name = "Residence card"
            form.proof = 'file'
            form.identifies_person = True
            self.assertEqual(form.proof, 'seen')

    def test_figures_are_not_negative(self):
        for record, vals in [
            (self.lease, {'max_age_days': -1}),
            (self.service, {'ceiling_amount': -5}),
            (self.service, {'repeat_after_days': -1}),
        ]:
            with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
                record.write(vals)
                record.flush_recordset()

    # decision

    def test_support_goes_to_the_committee(self):
        department = self.env['hr.department'].create({'name': "Awareness"})
        decided = {'decided_by': 'department', 'department_id': department.id}
        for kind in ('cash', 'in_kind'):
            for scope in ('external', 'both'):
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    self.service.write(dict(decided, kind=kind, beneficiary_scope=scope))
        self.service.write(dict(decided, kind='cash', beneficiary_scope='internal'))
        self.service.write(dict(decided, kind='service', beneficiary_scope='external'))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.service.kind = 'in_kind'
        with self.assertRaises(ValidationError):
            self.service.department_id = False

    def test_no_service_only_for_a_sensitive_category(self):
        self.service.category_ids = self.widows
        with self.assertRaises(ValidationError):
            self.service.category_ids = self.inmates

    def test_category_turned_sensitive_leaves_no_announced_service(self):
        self.service.category_ids = self.widows
        with self.assertRaises(ValidationError):
            self.widows.is_sensitive = True

    # questions

    def test_questions_of_plain_types(self):
        self.service.question_definition = [
            {'name': f'q_{kind}', 'type': kind, 'string': f"Question {kind}"}
            for kind in ('boolean', 'char', 'date', 'float', 'integer', 'selection', 'text')
        ]
        self.assertEqual(len(self.service.question_definition), 7)

    def test_questions_of_other_types_are_refused(self):
        for kind in ('datetime', 'html', 'many2many', 'many2one', 'monetary', 'separator', 'tags'):
            question = {'name': 'q_html' if kind == 'html' else 'q', 'type': kind, 'string': "Question"}
            if kind.startswith('many'):
                question['comodel'] = 'res.partner'
            with self.subTest(kind=kind), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.service.question_definition = [question]

    def test_a_question_has_a_text(self):
        with self.assertRaises(ValidationError):
            self.service.question_definition = [{'name': 'q', 'type': 'char', 'string': " "}]

    def test_questions_are_edited_on_the_service(self):
        self.service.question_sample = [
            {'name': 'months', 'type': 'integer', 'string': "How many months?", 'value': 3, 'definition_changed': True},
        ]
        self.assertEqual(
            self.service.question_definition, [{'name': 'months', 'type': 'integer', 'string': "How many months?"}])
        with self.assertRaises(ValidationError):
            self.service.question_sample = [
                {'name': 'tags', 'type': 'tags', 'string': "Tags", 'tags': [], 'definition_changed': True},
            ]
