import random
from datetime import date
from itertools import product

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.disclosure import singles_out
from .. import common

FIRST = date(2020, 1, 1)
SECOND = date(2020, 4, 1)
COPIES = {'department': 'amlaj_department_id', 'service': 'amlaj_service_id', 'branch': 'amlaj_branch_id',
          'channel': 'amlaj_channel_id', 'employee': 'amlaj_provider_id'}
COUNTS = {'answers': None, 'procedure_count': 'procedure', 'conduct_count': 'conduct', 'impression_count': 'impression'}


class ReleaseBuilders(common.AmlajBuilders):
    """Builders of parted answers of long-ago quarters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref('amlaj_beneficiary.survey_satisfaction')
        cls.services = cls.env['amlaj.service'].create([
            {'name': f"Service {rank}", 'kind': 'in_kind'} for rank in range(4)])
        cls.branches = cls.branch | cls.branch2
        cls.departments = cls.env['hr.department'].create([{'name': "Unit A"}, {'name': "Unit B"}])
        cls.channels = cls.env['amlaj.channel'].search([], limit=3)
        cls.providers = cls.user['relations'] | cls.user['representative']
        cls.Release = cls.env['amlaj.rating.release']

    @classmethod
    def answer(cls, day, axes=None, **facts):
        """An answer that was given on ``day`` and is parted from its request."""
        vals = {'service_id': cls.services[0].id, 'branch_id': cls.branch.id, 'scope': 'external', **facts}
        answer = cls.env['survey.user_input'].create({
            'survey_id': cls.survey.id, 'state': 'done', 'predefined_question_ids': [],
            **{f'amlaj_{name}': value for name, value in vals.items()}})
        answer._save_axes({'procedure': 4, 'conduct': 5, 'impression': 3} if axes is None else axes)
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE survey_user_input SET create_date = %s WHERE id = %s", [day, answer.id])
        cls.env.invalidate_all()
        return answer

    @classmethod
    def several(cls, number, day=FIRST, **facts):
        return cls.env['survey.user_input'].union(*(cls.answer(day, **facts) for __ in range(number)))

    @classmethod
    def rows(cls, quarter=FIRST, scope='external', dimension=None):
        return cls.Release.search([
            ('quarter', '=', quarter), ('scope', '=', scope), *([('dimension', '=', dimension)] if dimension else [])])


@tagged('post_install', '-at_install', 'amlaj')
class TestRatingRelease(ReleaseBuilders, common.AmlajCommon):
    """Published once, in a fixed order, of five answers and more, and nothing of fewer by any sum (R24, R31, R33)."""

    def test_the_figures(self):
        self.several(5, axes={'procedure': 4, 'conduct': 5})
        self.several(5, service_id=self.services[1].id, axes={'procedure': 2, 'conduct': 3})
        self.Release._release(FIRST)
        total = self.rows(dimension='association')
        self.assertEqual((total.answers, total.procedure, total.conduct), (10, 3.0, 4.0))
        self.assertFalse(total.impression_count or total.impression, "nobody chose on it")
        by_service = {row.service_id: row.procedure for row in self.rows(dimension='service')}
        self.assertEqual(by_service, {self.services[0]: 4.0, self.services[1]: 2.0})
        self.assertEqual([row.dimension for row in self.rows().sorted('sequence')],
                         ['association', 'service', 'service', 'branch'])

    def test_fewer_than_five(self):
        self.several(4)
        self.Release._release(FIRST)
        self.assertRecordValues(self.rows(), [{'dimension': 'association', 'is_withheld': True, 'answers': 0}])
        self.assertTrue(self.rows(scope='internal').is_withheld)

    def test_the_rest_would_be_too_few(self):
        self.several(8)
        self.several(3, service_id=self.services[1].id)
        self.Release._release(FIRST)
        self.assertFalse(self.rows(dimension='service'), "eleven less eight are three")

    def test_an_axis_that_too_few_chose_on(self):
        self.several(3, axes={'procedure': 5, 'conduct': 1})
        self.several(6, axes={'procedure': 5})
        self.Release._release(FIRST)
        total = self.rows(dimension='association')
        self.assertEqual((total.answers, total.procedure_count, total.conduct_count, total.conduct), (9, 9, 0, 0.0))

    def test_internal_beneficiaries_apart(self):
        self.several(5)
        self.several(5, scope='internal', axes={'procedure': 1})
        self.Release._release(FIRST)
        self.assertEqual(self.rows(dimension='association').procedure, 4.0)
        self.assertEqual(self.rows(scope='internal', dimension='association').procedure, 1.0)

    def test_once_and_after_its_time(self):
        self.several(5)
        self.Release._release(FIRST)
        with self.assertRefused(UserError, "published already"):
            self.Release._release(FIRST)
        today = self.Release._today()
        for quarter in (self.Release._last_quarter(today).replace(year=today.year + 1), date(2020, 2, 1)):
            with self.assertRefused(UserError, "can still be changed"):
                self.Release._release(quarter)
        self.Release._cron_release()
        count = self.Release.search_count([])
        self.Release._cron_release()
        self.assertEqual(self.Release.search_count([]), count)

    def test_late_answers_count_in_the_next_quarter(self):
        self.several(6)
        self.Release._release(FIRST)
        before = self.rows().read()
        late = self.several(5, axes={'procedure': 1})
        self.several(5, day=SECOND, axes={'procedure': 3})
        self.Release._release(SECOND)
        self.assertEqual(self.rows().read(), before)
        total = self.rows(SECOND, dimension='association')
        self.assertEqual((total.answers, total.procedure, total.procedure_change), (10, 2.0, -2.0))
        self.assertEqual(set(late.mapped('amlaj_counted_in')), {SECOND})

    def test_what_can_still_be_changed_is_not_counted(self):
        self.several(5)
        open_one = self.answer(FIRST, axes={'procedure': 1})
        file = self.make_file()
        request = self.env['amlaj.request'].create({'beneficiary_id': file.id, 'service_id': self.services[0].id})
        open_one.amlaj_request_id = request
        self.env.flush_all()
        self.env.cr.execute("UPDATE survey_user_input SET create_date = now() AT TIME ZONE 'UTC' WHERE id = %s", [open_one.id])
        self.env.invalidate_all()
        self.Release._release(FIRST)
        self.assertEqual(self.rows(dimension='association').answers, 5)
        self.assertFalse(open_one.amlaj_counted_in)

    def test_random_quarters(self):
        """For every two published cells of which one lies in the other: they differ by none or by five and more; nor
        does any sum or difference of all of them speak of fewer."""
        draw = random.Random(2026)
        quarters = [date(2021, 1, 1), date(2021, 4, 1), date(2021, 7, 1), date(2021, 10, 1)]
        published = 0
        for quarter in quarters:
            for __ in range(draw.choice((7, 25, 40))):
                axes = {name: draw.randint(1, 5) for name in ('procedure', 'conduct', 'impression') if draw.random() < 0.8}
                # late ones among them: of the year before, when nothing was published
                self.answer(draw.choice((quarter, quarter, FIRST)), axes=axes or {'procedure': 1}, **{
                    'scope': draw.choice(('external', 'external', 'external', 'internal')),
                    'service_id': draw.choice(self.services[:draw.randint(1, 4)]).id,
                    'branch_id': draw.choice(self.branches).id, 'department_id': draw.choice(self.departments).id,
                    'channel_id': draw.choice(self.channels).id, 'provider_id': draw.choice(self.providers).id})
            self.Release._release(quarter)
            for scope, (count, axis) in product(('external', 'internal'), COUNTS.items()):
                published += self.check_cells(quarter, scope, count, axis)
        self.assertGreater(published, 20)

    def check_cells(self, quarter, scope, count, axis):
        answers = self.env['survey.user_input'].search([
            ('amlaj_counted_in', '=', quarter), ('amlaj_scope', '=', scope)])
        answers = answers.filtered(lambda answer: not axis or axis in answer._axes())
        cells = []
        for row in self.rows(quarter, scope).filtered(count):
            copy = COPIES.get(row.dimension)
            value = row[{'employee': 'user_id'}.get(row.dimension, f'{row.dimension}_id')] if copy else None
            cell = {answer.id for answer in answers if not copy or answer[copy] == value}
            self.assertEqual(len(cell), row[count])
            self.assertGreaterEqual(len(cell), 5)
            cells.append(cell)
        for one, other in product(cells, repeat=2):
            if one <= other:
                self.assertIn(min(len(other - one), 5), (0, 5))
        self.assertFalse(singles_out(cells))
        return len(cells)

    # ------------------------------------------------------------
    # Who reads, and that nobody writes
    # ------------------------------------------------------------

    def test_nobody_changes_what_is_published(self):
        self.several(5)
        rows = self.Release._release(FIRST)
        for user in (self.env.user, self.env.ref('base.user_root'), self.env.ref('base.user_admin'), *self.user.values()):
            for row in (rows[0].with_user(user), rows[0].with_user(user).sudo()):
                for change in (lambda row=row: row.write({'answers': 6}), row.unlink):
                    with self.assertRaises(UserError):  # an AccessError is one
                        change()

    def test_figures_of_employees_are_shown_one_at_a_time_and_logged(self):
        relations = self.user['relations']
        self.several(5, provider_id=relations.id)
        rows = self.Release._release(FIRST)
        row = rows.filtered(lambda row: row.dimension == 'employee')
        self.assertEqual(row.user_id, relations)
        for user in (self.user['manager'], self.user['quality'], self.user['auditor'], relations):
            seen = self.Release.with_user(user)
            self.assertFalse(seen.search([('dimension', '=', 'employee')]))
            self.assertFalse(seen.search([('user_id', '=', relations.id)]))
            self.assertNotIn('employee', [group['dimension'] for group in seen.formatted_read_group([], ['dimension'])])
            with self.assertRaises(AccessError):
                row.with_user(user).read(['answers'])
            self.assertTrue(seen.search([]), "the others are there")
        Coaching = self.env['amlaj.rating.coaching']
        log = [('model', '=', 'res.users'), ('res_ref', '=', relations.id), ('detail', '=', 'coaching')]
        before = self.env['amlaj.access.log'].search_count(log)
        shown = Coaching.with_user(self.user['manager']).create({'user_id': relations.id})
        shown.action_show()
        self.assertRecordValues(shown.line_ids, [{'quarter': '2020/1', 'answers': 5, 'procedure': 4.0, 'conduct': 5.0}])
        self.assertEqual(self.env['amlaj.access.log'].search_count(log), before + 1)
        shown.user_id = self.user['delivery']
        self.assertFalse(shown.line_ids or shown.is_shown)
        own = Coaching.with_user(relations).browse(Coaching.with_user(relations).action_open_mine()['res_id'])
        self.assertEqual(own.line_ids.answers, 5)
        self.assertEqual(self.env['amlaj.access.log'].search_count(log), before + 1, "his own")
        for user in (self.user['representative'], self.user['quality'], self.user['auditor']):
            with self.assertRaises(AccessError):
                Coaching.with_user(user).create({'user_id': relations.id}).action_show()

    def test_comments_without_the_case_and_moderated(self):
        for number in range(6):
            self.answer(FIRST, axes={'procedure': 3, 'comment': f"Word {number} <script>alert(1)</script>"})
        self.Release._release(FIRST)
        quality = self.user['quality']
        comments = self.env['amlaj.rating.comment'].with_user(quality).search([('quarter', '=', FIRST)])
        self.assertEqual({text[:6] for text in comments.mapped('text')}, {f"Word {number}" for number in range(6)})
        self.assertFalse(comments._told_comments(FIRST), "nothing is published unread")
        comments[0].public_text = "The desk was kind"
        comments[0].action_publish()
        self.assertEqual(comments._told_comments(FIRST), ["The desk was kind"])
        with self.assertRefused(UserError, "withdraw"):
            comments[0].public_text = "Another"
        with self.assertRaises(AccessError):
            comments[1].state = 'published'
        comments[0].action_keep()
        self.assertFalse(comments._told_comments(FIRST))
        comments[1].public_text = ' '
        with self.assertRefused(UserError, "text to publish"):
            comments[1].action_publish()
        for role, user in self.user.items():
            if role != 'quality':
                with self.assertRaises(AccessError):
                    comments.with_user(user).read(['text'])

    # ------------------------------------------------------------
    # What it leads to
    # ------------------------------------------------------------

    def test_low_figures_open_an_obstacle_once(self):
        self.several(5, axes={'procedure': 2})
        self.several(5, service_id=self.services[1].id, axes={'procedure': 5}, provider_id=self.providers[0].id)
        self.Release._release(FIRST)
        Improvement = self.env['amlaj.improvement']
        opened = Improvement.search([('source', '=', 'figures'), ('release_id.quarter', '=', FIRST)])
        self.assertEqual(opened.release_id.service_id, self.services[0])
        self.assertTrue(opened.due_date and opened.state == 'open')
        self.several(5, day=SECOND, axes={'procedure': 1})
        self.Release._release(SECOND)
        again = Improvement.search([('release_id.quarter', '=', SECOND)])
        self.assertFalse(again.filtered(lambda found: found.release_id.service_id == self.services[0]), "it is open still")
        self.assertIn('association', again.release_id.mapped('dimension'))

    def test_the_public_page_holds_nothing_else(self):
        self.several(6, provider_id=self.providers[0].id)
        self.several(6, scope='internal', axes={'procedure': 1})
        self.Release._release(FIRST)
        page = self.Release.with_user(self.env.ref('base.public_user'))._opinions()
        self.assertEqual(page['quarter'], '2020/1')
        self.assertEqual(page['total']['answers'], 6)
        shown = str(page)
        self.assertNotIn(self.providers[0].name, shown)
        self.assertNotIn("'1.0'", shown)
