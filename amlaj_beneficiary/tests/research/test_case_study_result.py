import random

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from . import research_common


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseStudyResult(research_common.ResearchCommon):
    """What is counted from a study, recounted another way; each point with its reason; nothing decided by it (rule 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['amlaj.score.rule'].search([]).active = False
        cls.env['amlaj.score.band'].search([]).active = False
        cls.env.flush_all()  # the limits of the classes are unique among those in use
        cls.rules = cls.env['amlaj.score.rule'].create([
            {'name': "Little for each", 'measure': 'per_capita', 'has_most': True, 'at_most': 500, 'points': 20},
            {'name': "Children", 'measure': 'children', 'at_least': 1, 'points': 5, 'is_each': True, 'most_points': 12},
            {'name': "Rented", 'measure': 'rented', 'at_least': 1, 'points': 10},
            {'name': "Illness", 'measure': 'ill', 'at_least': 1, 'points': 7},
        ])
        cls.bands = cls.env['amlaj.score.band'].create([
            {'name': "Upper", 'at_least': 30}, {'name': "Lower", 'at_least': 10}])

    def test_sums_recounted_by_the_database(self):
        draw = random.Random(7)
        for case in range(6):
            incomes = [(draw.choice(['salary', 'pension', 'other']), draw.randrange(0, 900000) / 100) for __ in range(case)]
            expenses = [(draw.choice(['rent', 'food', 'instalment']), draw.randrange(0, 500000) / 100) for __ in range(case + 1)]
            study = self.env['amlaj.case.study'].with_user(self.researcher).create({
                'beneficiary_id': self.make_file(f"Counted Person {case}").id, 'recommendation': "x",
                'income_ids': [Command.create({'kind': kind, 'amount': amount}) for kind, amount in incomes],
                'expense_ids': [Command.create({'kind': kind, 'amount': amount}) for kind, amount in expenses],
                'member_ids': [Command.create({'name': f"M{rank}", 'relationship': 'other'}) for rank in range(case)]})
            self.env.flush_all()
            self.env.cr.execute("""
                SELECT COALESCE((SELECT SUM(amount) FROM amlaj_case_study_income WHERE study_id = %(id)s), 0)::float,
                       COALESCE((SELECT SUM(amount) FROM amlaj_case_study_expense WHERE study_id = %(id)s), 0)::float,
                       COALESCE((SELECT SUM(amount) FROM amlaj_case_study_expense
                                 WHERE study_id = %(id)s AND kind IN ('rent', 'instalment')), 0)::float,
                       (SELECT COUNT(*) + 1 FROM amlaj_case_study_member WHERE study_id = %(id)s)
            """, {'id': study.id})
            income, expense, obligations, persons = self.env.cr.fetchone()
            with self.subTest(case=case):
                self.assertAlmostEqual(study.total_income, income, 2)
                self.assertAlmostEqual(study.total_expense, expense, 2)
                self.assertAlmostEqual(study.obligations, obligations, 2)
                self.assertAlmostEqual(study.net_income, income - expense, 2)
                self.assertEqual(study.person_count, persons)
                self.assertAlmostEqual(study.per_capita, (income - obligations) / persons, delta=0.006)
                self.env['ir.config_parameter'].set_param('amlaj_beneficiary.per_capita_less', 'expenses')
                study.invalidate_recordset()
                self.assertAlmostEqual(study.per_capita, (income - expense) / persons, delta=0.006)
                self.env['ir.config_parameter'].set_param('amlaj_beneficiary.per_capita_less', 'obligations')

    def test_points_with_their_reasons(self):
        self.file.member_ids = [Command.create({'name': f"Child {rank}", 'relationship': 'child', 'birth_date': '2020-01-01'})
                                for rank in range(2)]
        study = self.make_study(
            income_ids=[Command.create({'kind': 'salary', 'amount': 2500})],
            expense_ids=[Command.create({'kind': 'rent', 'amount': 500}), Command.create({'kind': 'food', 'amount': 900})])
        # five persons, (2500 - 500) / 5 = 400: 20 points; three children, 15, at most 12
        self.assertEqual((study.per_capita, study.score, study.band), (400, 32, "Upper"))
        study.housing_tenure = 'rented'
        study.member_ids[0].health = 'chronic'
        self.assertEqual(study.score, 49)
        lines = {line['name']: line['points'] for line in study.action_open_study()['result']['lines']}
        self.assertEqual(lines, {"Little for each": 20, "Children": 12, "Rented": 10, "Illness": 7})
        self.assertEqual(sum(lines.values()), study.score)
        for text in ("Little for each", "up to 500", "400", "decide nothing"):
            self.assertIn(text, study.explanation)
        study.income_ids.amount = 9000
        self.assertEqual((study.score, study.band), (29, "Lower"))
        self.assertIn("Little for each", study.explanation, "a rule that gives nothing is shown too")

    def test_limits(self):
        rule = self.rules[0]
        self.assertEqual([rule._points_for(value) for value in (500, 500.01, -3, 0)], [20, 0, 20, 20])
        self.assertEqual([self.rules[1]._points_for(value) for value in (0, 1, 2, 3, 9)], [0, 5, 10, 12, 12])
        bands = self.env['amlaj.score.band']
        self.assertEqual([bands._name_for(score) for score in (9, 10, 29, 30)], [False, "Lower", "Lower", "Upper"])
        for vals in ({'measure': 'category'}, {'points': -1}, {'points': 10 ** 6},
                     {'at_least': 5, 'has_most': True, 'at_most': 4}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                rule.write(vals)

    def test_a_category_counts_also_where_it_is_sensitive(self):
        category = self.env['amlaj.beneficiary.category'].create({'name': "Hidden one", 'is_sensitive': True})
        self.env['amlaj.score.rule'].create({
            'name': "Category", 'measure': 'category', 'category_id': category.id, 'at_least': 1, 'points': 3})
        study = self.make_study()
        before = study.score
        self.file.with_user(self.researcher).action_set_sensitive_categories(category.ids)
        study.invalidate_recordset()
        self.assertEqual(study.score, before + 3)

    def test_the_end_keeps_what_was_counted(self):
        study = self.finish(self.make_study(income_ids=[Command.create({'kind': 'salary', 'amount': 900})]))
        before = (study.score, study.band, study.per_capita, study.explanation)
        self.rules.write({'points': 1})
        self.bands.write({'name': "Other"})
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.per_capita_less', 'expenses')
        self.env.invalidate_all()
        self.assertEqual((study.score, study.band, study.per_capita, study.explanation), before)
        self.assertTrue(study._is_genuine())

    def test_no_number_decides(self):
        request = self.make_study().request_id.sudo(False).with_user(self.researcher)
        self.rules.write({'points': 0})
        self.finish(request._last_studies()[request.id].with_user(self.researcher).sudo(False))
        self.assertEqual(request.state, 'research')
        request.action_raise()
        self.assertEqual(request.state, 'committee', "the poorest score goes up like any other")

    def test_paper(self):
        study = self.finish(self.make_study(
            income_ids=[Command.create({'kind': 'salary', 'amount': 2500})],
            expense_ids=[Command.create({'kind': 'rent', 'amount': 500})], need_ids=[Command.create({'name': "A fridge"})]))
        report = self.env['ir.actions.report'].with_user(self.researcher).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf('amlaj_beneficiary.paper_case_study', study.ids)
        self.assertEqual((kind, content[:5]), ('pdf', b'%PDF-'))
        self.assertEqual(self.log_of(study, 'print'), [self.researcher.id])
        html = report._render_qweb_html('amlaj_beneficiary.paper_case_study', study.ids)[0].decode()
        for text in ("A fridge", "2,500", "Help with the rent", study.number, self.file.name):
            self.assertIn(text, html)
