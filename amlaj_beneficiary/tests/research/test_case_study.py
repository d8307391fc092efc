from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from . import research_common


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseStudy(research_common.ResearchCommon):
    """A study from the referral to the raising, one for each cycle, and the yearly one (R17, R56, A28)."""

    def test_it_begins_with_the_research_and_stops_the_raising_until_it_is_finished(self):
        request = self.make_request('research')
        self.assertEqual(request.study_state, 'free')
        self.assertIn("Take up", request.next_step)
        self.assertEqual(self.codes(request, 'raise'), ['study'])
        with self.assertRefused(UserError, "not finished yet"):
            request.action_raise()
        action = request.with_user(self.researcher).action_take_study()
        study = self.env['amlaj.case.study'].with_user(self.researcher).browse(action['res_id'])
        self.assertEqual((study.beneficiary_id, study.request_id, study.user_id), (self.file, request, self.researcher))
        request.invalidate_recordset()
        self.assertEqual((request.study_state, request.study_user_id), ('draft', self.researcher))
        with self.assertRefused(UserError, "what you recommend"):
            study.action_finish()
        with self.assertRefused(UserError, "not finished yet"):
            request.with_user(self.researcher).action_raise()
        self.finish(study)
        request.invalidate_recordset()
        self.assertEqual((request.study_state, study.finished_by_id), ('done', self.researcher))
        request.with_user(self.researcher).action_raise()
        self.assertEqual(request.state, 'committee')

    def test_a_service_without_a_study_needs_none(self):
        request = self.make_request('submitted', informed=True)
        self.assertFalse(request.study_state)
        request.action_raise()
        self.assertFalse(request._last_studies())
        with self.assertRefused(UserError, "no case study"):
            request.with_user(self.researcher).action_show_study()

    def test_one_for_each_cycle(self):
        request = self.make_request('research')
        study = request._last_studies()[request.id]
        request.action_ask_completion("The lease")
        request.action_submit()
        request.action_verify()
        request.action_start_research()
        self.assertEqual(request._last_studies()[request.id], study, "the same study goes on")
        request.with_user(self.researcher).action_take_study()
        self.finish(study.with_user(self.researcher).sudo(False))
        request.with_user(self.researcher).action_ask_completion("The lease again")
        request.action_submit()
        request.action_verify()
        request.action_start_research()
        self.assertEqual(self.codes(request, 'raise'), [])
        self.assertEqual(self.env['amlaj.case.study'].search_count([('request_id', '=', request.id)]), 1)

    def test_versions_start_from_the_last_one(self):
        study = self.make_study(
            housing_tenure='rented', income_ids=[Command.create({'kind': 'salary', 'amount': 3000})],
            need_ids=[Command.create({'name': "A fridge"})], health_note="Asthma")
        study.member_ids.filtered(lambda member: member.name == "Ali Salem").health = 'chronic'
        study.opinion_family = "A caring family"
        self.finish(study)
        self.file.member_ids.filtered(lambda member: member.name == "Noura Salem").unlink()
        action = self.file.with_user(self.researcher).action_start_study()
        second = study.browse(action['res_id'])
        self.assertEqual((second.version, second.request_id.id, second.state), (study.version + 1, False, 'draft'))
        self.assertEqual((second.housing_tenure, second.income_ids.amount, second.need_ids.name, second.health_note),
                         ('rented', 3000, "A fridge", "Asthma"))
        self.assertEqual(second.member_ids.mapped('name'), ["Ali Salem"], "who left the household is gone")
        self.assertEqual(second.member_ids.health, 'chronic')
        self.assertFalse(second.opinion_family, "an opinion is given anew")
        with self.assertRefused(UserError, "in work already"):
            self.file.with_user(self.colleague).action_start_study()
        self.assertTrue(study.sudo().is_current)
        self.finish(second)
        self.assertFalse(study.sudo().is_current)
        self.assertTrue(second.sudo().is_current)

    def test_a_finished_study_stays_as_it_is(self):
        study = self.finish(self.make_study(income_ids=[Command.create({'kind': 'salary', 'amount': 3000})]))
        line = study.income_ids
        tries = [
            lambda: study.write({'recommendation': "Nothing"}), lambda: line.write({'amount': 1}), lambda: line.unlink(),
            lambda: study.write({'income_ids': [Command.create({'kind': 'other', 'amount': 5})]}),
            lambda: study.action_take_household(), lambda: study.action_finish(), lambda: study.action_take(),
            lambda: study.with_user(self.manager).action_assign(self.colleague.id), lambda: study.unlink()]
        for rank, attempt in enumerate(tries):
            with self.subTest(rank=rank), mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'), \
                    self.assertRaises(UserError):
                attempt()
        self.assertTrue(study._is_genuine())
        self.env.cr.execute("UPDATE amlaj_case_study_income SET amount = 1 WHERE id = %s", [line.id])
        self.env.invalidate_all()
        self.assertFalse(study._is_genuine(), "a change behind the app's back shows")

    def test_handing_on(self):
        study = self.make_study()
        manager_study = study.with_user(self.manager)
        for wrong in (self.relations.id, False, 'x', -1, [1], {'a': 1}, 2 ** 40, self.make_portal_user('study_portal').id):
            with self.subTest(user=wrong), self.assertRefused(UserError, "choose a social-research officer"):
                manager_study.action_assign(wrong)
        manager_study.action_assign(self.colleague.id)
        self.assertEqual(study.sudo().user_id, self.colleague)
        with self.assertRefused(UserError, "in the hands of a colleague"):
            study.action_finish()
        with mute_logger('odoo.addons.base.models.ir_rule'), self.assertRaises(AccessError):
            study.write({'recommendation': "Mine"})
        self.finish(study.with_user(self.colleague))
        self.assertEqual(study.sudo().finished_by_id, self.colleague)

    def test_two_researchers_do_not_take_the_same(self):
        study = self.make_study()
        with self.assertRefused(UserError, "in hand already"):
            study.request_id.with_user(self.colleague).action_take_study()

    def test_who_finishes_what_nobody_took_up_has_made_it(self):
        study = self.make_study(taken=False)
        study.sudo().recommendation = "Help"
        study.action_finish()
        self.assertEqual((study.user_id, study.state), (self.researcher, 'done'))

    def test_a_female_researcher_where_she_was_asked_for(self):
        self.file.prefers_female_researcher = True
        study = self.make_study(taken=False)
        with self.assertRefused(UserError, "female researcher"):
            study.request_id.with_user(self.researcher).action_take_study()
        with self.assertRefused(UserError, "female researcher"):
            study.with_user(self.manager).action_assign(self.researcher.id)
        self.colleague.sudo().is_female_researcher = True
        study.with_user(self.manager).action_assign(self.colleague.id)
        self.assertEqual(study.sudo().user_id, self.colleague)

    def test_the_yearly_update_is_a_setting(self):
        study = self.finish(self.make_study())
        self.assertTrue(364 <= (study.next_update_on - study._today()).days <= 366)
        files = self.env['amlaj.beneficiary'].with_user(self.researcher)
        self.assertNotIn(self.file, files.search([('is_study_due', '=', True)]))
        study.sudo().next_update_on = study._today() - timedelta(days=1)
        self.assertIn(self.file, files.search([('is_study_due', '=', True)]))
        self.assertNotIn(self.file, files.search([('is_study_due', '=', False)]))
        self.assertTrue(self.file.with_user(self.researcher).is_study_due)
        tiles = {tile['key']: tile['count'] for tile in self.env['amlaj.home'].with_user(self.researcher).get_tiles()}
        self.assertEqual((tiles['studies'], tiles['studies_due']), (0, 1))
        self.file.with_user(self.researcher).action_start_study()
        self.file.invalidate_recordset()
        self.assertFalse(self.file.is_study_due, "one is in work")
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.study_update_months', '0')
        again = study.search([('state', '=', 'draft')])
        self.finish(again)
        self.assertFalse(again.next_update_on)

    def test_the_household_is_a_snapshot(self):
        study = self.make_study()
        self.assertEqual(set(study.member_ids.mapped('name')), {"Noura Salem", "Ali Salem"})
        self.file.member_ids = [Command.create({'name': "Saad Salem", 'relationship': 'child', 'birth_date': '2024-05-05'})]
        self.assertEqual(len(study.member_ids), 2)
        study.member_ids.filtered(lambda member: member.name == "Ali Salem").occupation = 'studies'
        study.action_take_household()
        self.assertEqual(set(study.member_ids.mapped('name')), {"Noura Salem", "Ali Salem", "Saad Salem"})
        self.assertEqual(study.member_ids.filtered('occupation').name, "Ali Salem", "what was found stays")

    def test_bad_numbers(self):
        study = self.make_study()
        lines = [{'kind': 'salary', 'amount': amount} for amount in (-1, float('nan'), float('inf'), 10 ** 12)]
        tries = [{'income_ids': [Command.create(line)]} for line in lines]
        tries += [{'debt_total': -5}, {'housing_rooms': 1000}, {'debt_months': -1}]
        tries += [{'need_ids': [Command.create({'name': "x", 'quantity': quantity})]} for quantity in (0, -1, float('inf'))]
        for vals in tries:
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                study.write(vals)
        other = self.make_request('submitted', file=self.make_file("Another Person"))
        with self.assertRefused(ValidationError, "another file"):
            self.env['amlaj.case.study'].with_user(self.researcher).create({
                'beneficiary_id': self.file.id, 'request_id': other.id})
        with self.assertRefused(UserError, "stays with its file"):
            study.write({'request_id': other.id})

    def test_a_researcher_makes_one_by_hand(self):
        """The contract's own door: create, then read what is counted, then finish."""
        study = self.env['amlaj.case.study'].with_user(self.researcher).create({
            'beneficiary_id': self.file.id,
            'income_ids': [Command.create({'kind': 'salary', 'amount': 3000})],
            'expense_ids': [Command.create({'kind': 'rent', 'amount': 1500})], 'recommendation': "Rent"})
        self.assertEqual((study.total_income, study.total_expense, study.per_capita, study.state), (3000, 1500, 500, 'draft'))
        self.assertEqual(self.log_of(study, 'note'), [self.researcher.id])
        study.action_finish()
        self.assertEqual((study.state, study.per_capita), ('done', 500))

    def test_its_form(self):
        study = self.make_study()
        with Form(study) as form:
            form.housing_tenure = 'rented'
            with form.income_ids.new() as line:
                line.kind = 'pension'
                line.amount = 2000
            self.assertEqual(form.total_income, 2000)
            form.recommendation = "Help"
        self.assertEqual((study.total_income, study.recommendation), (2000, "Help"))

    def test_a_page_of_requests_asks_little(self):
        requests = self.env['amlaj.request']
        for __ in range(4):
            requests |= self.make_request('research')
        requests = requests.with_user(self.researcher)
        counts = []
        for some in (requests[:1], requests):
            self.env.invalidate_all()
            some.mapped('state')
            before = self.env.cr.sql_log_count
            some.mapped('study_state')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
