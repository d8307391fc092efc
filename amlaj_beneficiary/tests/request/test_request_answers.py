from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from . import request_common

QUESTIONS = [
    {'name': 'months', 'type': 'integer', 'string': "How many months?"},
    {'name': 'rent', 'type': 'float', 'string': "How much is the rent?"},
    {'name': 'owner', 'type': 'char', 'string': "Who owns it?"},
    {'name': 'plan', 'type': 'text', 'string': "What is the plan?"},
    {'name': 'due', 'type': 'date', 'string': "When is it due?"},
    {'name': 'bill', 'type': 'selection', 'string': "Which bill?",
     'selection': [['water', "Water"], ['power', "Power"]]},
    {'name': 'stopped', 'type': 'boolean', 'string': "Was it cut?"},
]
EVIL = [{'name': 'evil', 'type': 'char', 'string': "Your password?", 'value': "x", 'definition_changed': True}]
ANSWERS = {
    'months': 2, 'rent': 1500.5, 'owner': "Ali", 'plan': "Two\nlines", 'due': '2026-05-01', 'bill': 'water',
    'stopped': True}


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestAnswers(request_common.RequestCommon):
    """The service's own questions: answered as plain values, and changed by no door of a request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asking = cls.make_service("Bills (test)", questions=QUESTIONS, is_published=True)
        cls.definition = cls.asking.question_definition

    def assertQuestionsUnchanged(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.asking.question_definition, self.definition)

    def test_all_types(self):
        request = self.ask(self.asking, answers=ANSWERS)
        self.assertEqual(request._answers_given(), ANSWERS)
        self.assertEqual(request.answers_form['values'], ANSWERS)
        self.assertEqual([question['name'] for question in request.answers_form['questions']], list(ANSWERS))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(request._answers_given(), ANSWERS)

    def test_one_answer_keeps_the_others(self):
        request = self.ask(self.asking, answers=ANSWERS)
        request.answers = {'months': 5}
        self.assertEqual(request._answers_given(), {**ANSWERS, 'months': 5})
        request.answers_form = {'values': {'owner': "Saad"}}
        self.assertEqual(request._answers_given(), {**ANSWERS, 'months': 5, 'owner': "Saad"})
        request.answers = {'owner': "", 'bill': None, 'stopped': False, 'months': False}
        self.assertEqual(set(request._answers_given()), {'rent', 'plan', 'due'})

    def test_zero_is_an_answer(self):
        request = self.sign(self.ask(self.asking, answers={**ANSWERS, 'months': 0, 'rent': 0.0}))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((request._answers_given()['months'], request._answers_given()['rent']), (0, 0))
        self.assertNotIn('answer', self.codes(request, 'submit'))
        self.assertEqual(request._answer_label(request._questions()[0], 0), 0)

    def test_unanswered_stops_the_submission(self):
        request = self.sign(self.ask(self.asking))
        texts = [blocker.text for blocker in request._get_blockers('submit')[request.id]]
        self.assertEqual(texts, [f"Please answer: {q['string']}" for q in QUESTIONS if q['type'] != 'boolean'])
        self.assertIn("Please answer: Which bill?", request.missing)
        with self.assertRefused(UserError, "Please answer: Which bill"):
            request.action_submit()
        request.answers = ANSWERS
        self.assertFalse(request.is_declared)
        self.sign(request).action_submit()

    def test_other_service_other_questions(self):
        request = self.ask(self.asking, answers=ANSWERS)
        other = self.make_service("Other (test)", questions=[{'name': 'floor', 'type': 'integer', 'string': "Floor?"}])
        request.write({'service_id': other.id, 'answers': {'floor': 3}})
        self.assertEqual(request._answers_given(), {'floor': 3})
        with self.assertRefused(UserError, "does not ask that question"):
            request.write({'service_id': other.id, 'answers': {'months': 3}})

    def test_several_requests_at_once(self):
        other = self.make_service("Other (test)", questions=[QUESTIONS[0]])
        requests = self.ask(self.asking, answers=ANSWERS) | self.ask(other)
        requests.answers = {'months': 7}
        self.assertEqual(requests[0]._answers_given(), {**ANSWERS, 'months': 7})
        self.assertEqual(requests[1]._answers_given(), {'months': 7})
        with self.assertRefused(UserError, "does not ask that question"):
            requests.answers = {'owner': "Ali"}

    def test_wrong_types(self):
        bad = {
            'months': ["2", 2.5, True, [2], {'a': 1}, 10 ** 30, float('nan')],
            'rent': ["2", True, float('nan'), float('inf'), 1e300, [1.5]],
            'owner': [5, True, ["Ali"], {'a': "b"}],
            'plan': [5, [1]],
            'due': ["31/02/2026", "tomorrow", 20260501, True, "2026-13-01"],
            'bill': ["gas", 1, True, ['water']],
            'stopped': ["yes", 1, 0, [True]],
        }
        request = self.ask(self.asking)
        for name, values in bad.items():
            for value in values:
                with self.subTest(name=name, value=value), self.assertRefused(UserError, "This answer"):
                    request.answers = {name: value}
        self.assertFalse(request._answers_given())

    def test_text_is_cleaned(self):
        request = self.ask(self.asking, answers={'owner': " Ali\x00\u202e  Saad\n", 'plan': "a\x00\r\n\r\n\r\n\r\nb"})
        self.assertEqual(request._answers_given(), {'owner': "Ali Saad", 'plan': "a\n\nb"})
        self.env.flush_all()

    def test_other_forms_are_refused(self):
        request = self.ask(self.asking)
        listed = [{**QUESTIONS[0], 'value': 3, 'definition_changed': True, 'string': "Changed"}]
        forms = [listed, [{'name': 'x', 'type': 'many2one', 'string': "X", 'comodel': 'res.users', 'value': 1,
                           'definition_changed': True}], "months", 5, [['months', 2]], '{"months": 3}']
        for form in forms:
            for name in ('answers', 'answers_form'):
                with self.subTest(form=form, name=name), self.assertRefused(UserError, "a value for each question"):
                    request.write({name: form})
                with self.subTest(form=form, name=name, door='create'), \
                        self.assertRefused(UserError, "a value for each question"):
                    self.ask(self.asking, **{name: form})
        with self.assertRefused(UserError, "does not ask that question"):
            request.answers = {'new_question': 1}
        self.assertQuestionsUnchanged()

    def test_every_door_leaves_the_questions(self):
        """A relations employee, a manager at a request, and the applicant: none changes what the service asks."""
        applicant = self.make_portal_user('answers_applicant')
        self.make_mandate(self.file, applicant)
        for user in (self.relations, self.user['manager'], applicant):
            request = self.ask(self.asking, user=user)
            vals = {'beneficiary_id': self.file.id, 'service_id': self.asking.id}
            doors = {
                'web_save': lambda request=request: request.web_save({'answers': EVIL}, {'answers': {}}),
                'web_save new': lambda request=request, vals=vals: request.browse().web_save(
                    {**vals, 'answers': EVIL}, {'answers': {}}),
                'create': lambda request=request, vals=vals: request.create({**vals, 'answers': EVIL}),
                'copy': lambda request=request: request.copy({'answers': EVIL}),
                'context': lambda request=request, vals=vals: request.with_context(
                    default_answers=EVIL, default_answers_form=EVIL).create(vals),
                'load': lambda request=request: request.load(
                    ['beneficiary_id/.id', 'service_id/.id', 'answers'],
                    [[str(self.file.id), str(self.asking.id), str(EVIL)]]),
                'service': lambda user=user: self.asking.with_user(user).write({'question_definition': []})
                if user != self.user['manager'] else None,
            }
            for name, door in doors.items():
                with self.subTest(door=name, user=user.login):
                    savepoint = self.env.cr.savepoint()
                    try:
                        door()
                    except (UserError, AccessError, ValueError):
                        savepoint.rollback()
                    else:
                        savepoint.close(rollback=False)
                    self.assertQuestionsUnchanged()

    def test_own_default_leaves_the_questions(self):
        self.env['ir.default'].with_user(self.relations).set('amlaj.request', 'answers', EVIL, user_id=True)
        try:
            self.ask(self.asking)
        except (UserError, ValueError):
            self.env.invalidate_all()
        self.assertQuestionsUnchanged()

    def test_portal_answers(self):
        applicant = self.make_portal_user('answers_portal')
        self.make_mandate(self.file, applicant)
        request = self.ask(self.asking, user=applicant, answers={'months': 2})
        request.answers = {'owner': "Ali"}
        read = {answer['name']: answer.get('value') for answer in request.read(['answers'])[0]['answers']}
        self.assertEqual((read['months'], read['owner']), (2, "Ali"))
        self.asking.is_published = False
        self.env.invalidate_all()
        request.answers = {'months': 4}
        self.assertEqual(request._answers_given()['months'], 4, "his own request stays his")
        self.assertTrue(request.read(['answers', 'missing', 'state']))

    def test_amount(self):
        request = self.ask()
        for amount in (-1, float('nan'), float('inf'), 10 ** 13):
            with self.subTest(amount=amount), self.assertRefused(UserError, "check the amount"):
                request.amount_requested = amount
                self.env.flush_all()
        request.amount_requested = 0

    def test_urgent_with_a_reason(self):
        for reason in (False, "  "):
            with self.assertRefused(UserError, "why the request is urgent"):
                self.ask(priority='1', priority_reason=reason)
        self.ask(priority='1', priority_reason="An operation on Sunday")

    def test_form(self):
        with Form(self.env['amlaj.request'].with_user(self.relations)) as form:
            form.beneficiary_id = self.file
            form.service_id = self.asking
        self.assertEqual(form.record.document_ids.document_type_id, self.asking.requirement_ids.document_type_id)
