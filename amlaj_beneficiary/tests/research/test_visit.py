import base64
import io
from datetime import timedelta

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from . import research_common

QUIET = ('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model', 'odoo.http')
WORDS = (None, False, True, [], {}, -1, 2 ** 63, [[1, 2]], {'a': 1}, '   ', '\u200f')


def picture(side=40, kind='JPEG'):
    """A photo as base64 text, with a place in its metadata."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    Image.new('RGB', (side, side), (30, 120, 60)).save(out, kind, exif=exif)
    return base64.b64encode(out.getvalue()).decode()


class VisitBuilders(research_common.ResearchBuilders):
    """Builders of visits of today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.representative = cls.user['representative']

    @classmethod
    def make_visit(cls, user=None, file=None, by=None, **vals):
        first, __ = cls.env['amlaj.visit']._day_hours()
        return cls.env['amlaj.visit'].with_user(by or cls.relations).create({
            'beneficiary_id': (file or cls.file).id, 'user_id': (user or cls.researcher).id,
            'planned_at': first + timedelta(hours=9), **vals}).with_user(user or cls.researcher)

    def form(self, record, key='k1', **vals):
        return {'key': key, 'visit': record.id, 'at': int(fields.Datetime.now().timestamp() * 1000), 'state': 'done', **vals}

    def send(self, user, *forms):
        return self.env['amlaj.visit'].with_user(user)._field_receive(list(forms))


@tagged('post_install', '-at_install', 'amlaj')
class TestVisit(VisitBuilders, research_common.ResearchCommon):
    """Visits planned, done, failed with the reason; what a phone sends arrives once (R16, R21; rule 8)."""

    def test_done_and_failed(self):
        visit = self.make_visit()
        visit.action_done("A clean home")
        self.assertEqual((visit.state, visit.env['amlaj.visit.report'].search([]).remarks), ('done', "A clean home"))
        with self.assertRefused(UserError, "is over"):
            visit.action_fail("Nobody there")
        with self.assertRefused(UserError, "is over"):
            visit.write({'minutes': 30})
        other = self.make_visit()
        for word in WORDS:
            with self.subTest(word=word), self.assertRefused(UserError, "why the visit was not possible"):
                other.action_fail(word)
        other.action_fail(" Nobody at home ")
        self.assertEqual((other.state, other.fail_reason), ('failed', "Nobody at home"))

    def test_the_calendar_says_nothing(self):
        visit = self.make_visit()
        event = visit.sudo().event_id
        self.assertEqual((event.name, event.privacy, event.user_id), ("Appointment", 'private', self.researcher))
        self.assertEqual(event.partner_ids, self.researcher.partner_id)
        self.assertFalse(event.location or event.res_model or event.res_id)
        self.assertNotIn(self.file.file_number, str(event.description))
        self.assertNotIn(self.file.name, str(event.read()))
        visit.write({'planned_at': fields.Datetime.add(visit.planned_at, days=1)})
        self.assertEqual(event.start, visit.planned_at)
        visit.action_fail("Away")
        self.assertFalse(event.exists(), "the hour is free again")

    def test_who_plans_and_who_visits(self):
        for wrong in (self.relations, self.user['auditor'], self.user['delivery']):
            with self.subTest(user=wrong.login), self.assertRefused(ValidationError, "researcher or a representative"):
                self.make_visit(user=wrong)
        self.file.prefers_female_researcher = True
        with self.assertRefused(ValidationError, "female researcher"):
            self.make_visit()
        self.make_visit(user=self.representative)
        self.file.prefers_female_researcher = False
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            self.make_visit(user=self.colleague, by=self.researcher)
        elsewhere = self.make_file("Far Person", branch_id=self.branch2.id)
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            self.make_visit(user=self.representative, by=self.representative, file=elsewhere)
        self.make_mandate(self.file, self.colleague)
        with self.assertRefused(ValidationError, "file of his own"):
            self.make_visit(user=self.colleague)
        for minutes in (0, -5, 10 ** 6):
            with self.subTest(minutes=minutes), self.assertRefused(ValidationError, "length"):
                self.make_visit(minutes=minutes)

    def test_a_colleagues_visit_is_not_seen(self):
        visit = self.make_visit()
        visit.action_done("A clean home")
        report = visit.env['amlaj.visit.report'].search([])
        for user in (self.colleague, self.representative, self.relations, self.user['auditor'], self.manager):
            with self.subTest(user=user.login), mute_logger(*QUIET):
                if user in (self.colleague, self.representative):
                    with self.assertRaises(AccessError):
                        visit.with_user(user).read(['state'])
                with self.assertRaises(AccessError):
                    report.with_user(user).read(['remarks'])
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            self.make_visit().with_user(self.relations).action_done("x")

    # ------------------------------------------------------------
    # The phone
    # ------------------------------------------------------------

    def test_what_the_phone_takes(self):
        study = self.make_study(health_note="Asthma")
        late, soon = self.make_visit(minutes=30), self.make_visit(file=self.make_file("Other Person"))
        self.make_visit(planned_at=fields.Datetime.add(late.planned_at, days=1))
        self.make_visit(user=self.representative)
        taken = self.env['amlaj.visit'].with_user(self.researcher)._field_take()
        self.assertEqual([item['id'] for item in taken], [late.id, soon.id])
        self.assertEqual(taken[0], {
            'id': late.id, 'number': self.file.file_number, 'name': "Salem", 'place': "A village", 'at': '09:00', 'study': True})
        self.assertEqual(taken[1]['study'], False)
        self.assertNotIn("Asthma", str(taken))
        self.assertIn(self.researcher.id, self.log_of(late, 'export'))
        self.assertFalse(self.env['amlaj.visit'].with_user(self.relations)._field_take())
        self.assertEqual(study.state, 'draft')

    def test_taking_many_asks_as_little_as_taking_two(self):
        counts = []
        for many in (2, 6):
            while len(self.env['amlaj.visit'].with_user(self.researcher)._field_today()) < many:
                self.make_visit(file=self.make_file(f"Person {many}"))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits = self.env['amlaj.visit'].with_user(self.researcher)._field_today()
            [visit._field_item(False) for visit in visits]
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_form_fills_the_study_once(self):
        study = self.make_study(income_ids=[(0, 0, {'kind': 'salary', 'amount': 100})], health_note="Asthma")
        visit = self.make_visit()
        form = self.form(visit, remarks="A clean home", study={
            'income': [['salary', 2500], ['citizen_account', 700.5]], 'expense': [['rent', 800]],
            'needs': [["A fridge", 1]], 'housing_tenure': 'rented', 'recommendation': "Help with the rent", 'health_note': ''})
        answers = self.send(self.researcher, form, form)
        self.assertEqual([answer['state'] for answer in answers], ['done', 'done'])
        self.assertEqual(self.send(self.researcher, form)[0]['state'], 'done', "another day it is the same")
        self.assertEqual((study.total_income, study.total_expense), (3200.5, 800))
        self.assertEqual(study.income_ids.mapped('kind'), ['salary', 'citizen_account'], "the amount took the place of the old")
        self.assertEqual((study.need_ids.name, study.housing_tenure, study.health_note, study.recommendation),
                         ("A fridge", 'rented', "Asthma", "Help with the rent"))
        self.assertEqual((visit.state, visit.study_id, visit.is_late), ('done', study, False))
        self.assertIn("A clean home", study.visit_report)
        study.action_finish()

    def test_two_days_later_it_is_taken_and_noted(self):
        visit = self.make_visit(planned_at=fields.Datetime.now() - timedelta(days=2))
        form = self.form(visit, remarks="Seen")
        form['at'] = int((visit.planned_at.timestamp() + 600) * 1000)
        self.assertEqual(self.send(self.researcher, form)[0]['state'], 'done')
        self.assertTrue(visit.is_late)
        self.assertLess(visit.done_at, visit.received_at - timedelta(days=1))

    def test_anothers_visit_and_one_that_never_was_are_alike(self):
        visit = self.make_visit(user=self.colleague)
        texts = {answer['text'] for answer in self.send(
            self.researcher, self.form(visit), self.form(visit, key='k2', visit=visit.id + 1000),
            self.form(visit, key='k3', visit='x'), self.form(visit, key='k4', visit=2 ** 40))}
        self.assertEqual(texts, {"There is no such visit of yours."})
        self.assertEqual(visit.state, 'planned')

    def test_wrong_types_change_nothing(self):
        study = self.make_study()
        visit = self.make_visit()
        for word in (*WORDS, 'x', 5, {'key': 'k'}, {'key': 5}, {'key': 'k', 'at': 'x', 'state': 'done'}):
            with self.subTest(form=word):
                self.assertEqual(self.send(self.researcher, word)[0]['state'], 'refused')
        for word in ('x', {'a': 1}, None, [1] * 21):
            with self.subTest(forms=word), self.assertRefused(UserError, "at once"):
                self.env['amlaj.visit'].with_user(self.researcher)._field_receive(word)
        bad = [{'income': 'x'}, {'income': [['salary']]}, {'income': [['salary', 'x']]}, {'income': [['none', 5]]},
               {'income': [['salary', -1]]}, {'income': [['salary', float('nan')]]}, {'income': [['salary', True]]},
               {'income': [['salary', 1]] * 31}, {'needs': [[5, 1]]}, {'needs': [["x", 10 ** 9]]}, {'housing_tenure': 'none'},
               {'housing_tenure': ['rented']}, {'debt_total': 'many'}, {'marital_state': {'a': 1}}]
        for number, given in enumerate(bad):
            with self.subTest(study=given):
                answer = self.send(self.researcher, self.form(visit, key=f'b{number}', study=given))[0]
                self.assertEqual(answer['state'], 'refused')
                self.assertEqual((visit.state, len(study.income_ids), len(study.need_ids)), ('planned', 0, 0))
        self.send(self.researcher, self.form(visit, study={
            'state': 'done', 'user_id': self.colleague.id, 'version': 9, 'recommendation': {'a': 1}}))
        self.assertEqual((visit.state, study.state, study.user_id, study.version), ('done', 'draft', self.researcher, 1))

    def test_position(self):
        cases = [
            ({'consent': True, 'lat': 25.02, 'lon': 37.26}, (True, False)),
            ({'consent': True, 'lat': 48.1, 'lon': 11.5}, (True, True)),
            ({'lat': 25.02, 'lon': 37.26}, (False, False)), ({'consent': 'yes', 'lat': 25, 'lon': 37}, (False, False)),
            ({'consent': True, 'lat': 'x', 'lon': 37}, (False, False)),
            ({'consent': True, 'lat': 900, 'lon': 37}, (False, False)),
            ({'consent': True, 'lat': float('nan'), 'lon': 37}, (False, False)), ("x", (False, False))]
        for number, (position, expected) in enumerate(cases):
            visit = self.make_visit()
            answer = self.send(self.researcher, self.form(visit, key=f'p{number}', remarks="Seen", position=position))
            report = self.env['amlaj.visit.report'].search([('visit_id', '=', visit.id)])
            with self.subTest(position=position):
                self.assertEqual(answer[0]['state'], 'done', "a position is noted, and refuses nothing")
                self.assertEqual((report.has_position, report.is_far), expected)

    def test_photos(self):
        visit, Visits = self.make_visit(), self.env['amlaj.visit'].with_user(self.researcher)
        keep = lambda key, data, kind='paper', visit=visit: Visits._field_photo(key, visit.id, kind, data)['state']
        self.assertEqual([keep('a', picture()), keep('a', picture()), keep('b', picture(kind='PNG'), 'goods')], ['kept'] * 3)
        photos = self.env['amlaj.visit.photo'].search([('visit_id', '=', visit.id)])
        self.assertEqual(len(photos), 2)
        for photo in photos:
            self.assertNotIn(b"A camera", base64.b64decode(photo.image))
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.max_upload_mb', '1')
        for key, data in {'c': 'x', 'd': '', 'e': 5, 'f': base64.b64encode(b'%PDF-1.4 x').decode(),
                          'g': 'A' * (2 * 1024 * 1024), 'h': base64.b64encode(b'MZ' + bytes(99)).decode()}.items():
            with self.subTest(key=key):
                self.assertEqual(keep(key, data), 'refused')
        self.assertEqual(keep('i', picture(), 'face'), 'refused')
        self.assertEqual(keep('j', picture(), visit=self.make_visit(user=self.colleague)), 'refused')
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            photos[0].with_user(self.colleague).read(['image'])
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            photos[0].with_user(self.researcher).write({'kind': 'goods'})


@tagged('post_install', '-at_install', 'amlaj')
class TestVisitRoutes(VisitBuilders, research_common.ResearchHttpCommon):
    """The page's own questions, as each user would ask them."""

    def ask_route(self, user, route, **params):
        self.authenticate(user.login, user.login)
        return self.make_jsonrpc_request(route, params)

    def test_who_is_answered(self):
        visit = self.make_visit()
        self.assertEqual(self.ask_route(self.researcher, '/field/visits'), {'user': self.researcher.id, 'count': 1})
        self.assertEqual(self.ask_route(self.researcher, '/field/days')['days'], [])
        self.assertEqual(self.ask_route(self.researcher, '/field/send', entries=[], days=[])['answers'], [])
        self.assertEqual(self.ask_route(self.user['delivery'], '/field/visits')['count'], 0)
        for user in (self.relations, self.manager, self.user['delivery'], self.make_portal_user('visit_portal')):
            for route, params in (('/field/visits/take', {}), ('/field/visits/send', {'forms': [self.form(visit)]}),
                                  ('/field/visits/photo', {'key': 'a', 'visit': visit.id, 'kind': 'paper', 'data': picture()})):
                with self.subTest(user=user.login, route=route), mute_logger(*QUIET), self.assertRaises(JsonRpcException):
                    self.ask_route(user, route, **params)
        answer = self.ask_route(self.researcher, '/field/visits/send', forms=[self.form(visit, remarks="Seen")])
        self.assertEqual(answer['answers'][0]['state'], 'done')
        self.authenticate(self.researcher.login, self.researcher.login)
        page = self.url_open('/field')
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.file.name, page.text)
        self.assertIn('field_part_visit_form', page.text)
