import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..request import portal_common, request_common

GOOD = {'procedure': '5', 'conduct': '4', 'impression': '3', 'comment': "  Thank you\u202e  "}


class RatingBuilders(request_common.RequestBuilders):
    """Builders of a delivered, completed request with its invitation."""

    @classmethod
    def make_done(cls, deliver=True, **vals):
        delivery = cls.make_delivery(**vals)
        if deliver:
            delivery.action_deliver("Salem", 'paper')
        else:
            delivery.action_fail("Nobody was there")
        delivery.request_id.with_user(cls.user['delivery']).action_close()
        cls.env.flush_all()
        return delivery.request_id.sudo()

    @classmethod
    def invitation(cls, request):
        return request._rating_invitation()


@tagged('post_install', '-at_install', 'amlaj')
class TestRating(RatingBuilders, request_common.RequestCommon):
    """Rating is a right: offered once, changeable for seven days, and then nobody's (R24, R30, R31)."""

    def answer_of(self, request):
        return self.env['survey.user_input'].search([('amlaj_request_id', '=', request.id)])

    def test_one_invitation_for_a_delivered_service(self):
        request = self.make_done()
        self.assertEqual(self.invitation(request).state, 'open')
        request._invite_to_rate()
        self.assertEqual(self.env['amlaj.rating.invitation'].search_count([('request_id', '=', request.id)]), 1)

    def test_none_where_nothing_was_delivered(self):
        self.assertFalse(self.invitation(self.make_done(deliver=False)))
        self.assertFalse(self.invitation(self.make_request('submitted').sudo()))

    def test_a_service_may_have_its_own_survey(self):
        own = self.env.ref('amlaj_beneficiary.survey_satisfaction').copy()
        self.service.survey_id = own
        self.assertEqual(self.invitation(self.make_done()).survey_id, own)

    def test_the_answer_names_nobody(self):
        request = self.make_done()
        self.invitation(request.with_user(self.user['delivery']))._answer(GOOD)
        answer = self.answer_of(request)
        self.assertEqual(answer._axes(), {'procedure': 5, 'conduct': 4, 'impression': 3, 'comment': "Thank you"})
        self.assertFalse(answer.partner_id or answer.email or answer.nickname or answer.message_ids
                         or answer.message_partner_ids)
        self.assertEqual({*answer.create_uid.ids, *answer.write_uid.ids, *answer.user_input_line_ids.create_uid.ids},
                         {self.env.ref('base.user_root').id})
        self.assertEqual((answer.amlaj_service_id, answer.amlaj_branch_id, answer.amlaj_channel_id),
                         (request.service_id, request.branch_id, request.channel_id))

    def test_changed_within_seven_days(self):
        request = self.make_done()
        invitation = self.invitation(request)
        invitation._answer(GOOD)
        invitation._answer({'procedure': '1'})
        self.assertEqual(self.answer_of(request)._axes(), {'procedure': 1})
        with freeze_time(fields.Datetime.now() + timedelta(days=8)), self.assertRefused(UserError, "no longer"):
            invitation._answer(GOOD)

    def test_what_is_no_answer(self):
        invitation = self.invitation(self.make_done())
        for values in ({}, {'procedure': '6'}, {'procedure': '0'}, {'procedure': '٥'}, {'conduct': '-1'},
                       {'impression': ['5']}, {'comment': '   '}, {'other': '5'}):
            with self.subTest(values=values), self.assertRefused(UserError, "choose an answer"):
                invitation._answer(values)
        self.assertEqual(invitation.state, 'open')

    def test_refusing_is_fine_and_not_final(self):
        request = self.make_done()
        invitation = self.invitation(request)
        invitation._decline()
        self.assertEqual(invitation.state, 'declined')
        invitation._answer(GOOD)
        self.assertEqual(invitation.state, 'answered')
        invitation._decline()
        self.assertEqual(invitation.state, 'answered')

    def test_after_its_time(self):
        invitation = self.invitation(self.make_done())
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self.assertFalse(invitation._may_answer())

    # ------------------------------------------------------------
    # Parted for good
    # ------------------------------------------------------------

    def age(self, request, days):
        for table in ('survey_user_input', 'survey_user_input_line', 'amlaj_rating_invitation'):
            self.env.cr.execute(f"UPDATE {table} SET create_date = create_date - interval '{int(days)} days',"
                                f" write_date = write_date - interval '{int(days)} days'")
        self.env.invalidate_all()

    def test_parted_after_seven_days_and_not_before(self):
        request = self.make_done()
        self.invitation(request)._answer(GOOD)
        answer = self.answer_of(request)
        self.env.flush_all()
        self.age(request, 6)
        self.env['survey.user_input']._cron_part()
        self.assertEqual(answer.amlaj_request_id, request)
        self.age(request, 1)
        self.assertEqual(self.env['survey.user_input']._cron_part(), 1)
        self.assertEqual(self.env['survey.user_input']._cron_part(), 0, "a second run finds nothing")
        self.assertFalse(answer.amlaj_request_id)
        self.assertFalse(self.invitation(request)._may_answer())

    def test_nothing_in_the_database_joins_it_again(self):
        request = self.make_done()
        self.invitation(request)._answer(GOOD)
        answer = self.answer_of(request)
        self.env.flush_all()
        self.age(request, 8)
        self.env['survey.user_input']._cron_part()
        self.env.cr.execute("SELECT to_jsonb(i) FROM survey_user_input i WHERE id = %s", [answer.id])
        [(row,)] = self.env.cr.fetchall()
        self.env.cr.execute(
            "SELECT to_jsonb(l) FROM survey_user_input_line l WHERE user_input_id = %s", [answer.id])
        rows = [row] + [line for line, in self.env.cr.fetchall()]
        quarter = fields.Date.start_of(fields.Date.today() - timedelta(days=8), 'quarter')
        people = {request.id, request.beneficiary_id.id, self.invitation(request).id}
        for row in rows:
            self.assertTrue(row['create_date'].startswith(f'{quarter}T00:00:00'))
            self.assertTrue(row['write_date'].startswith(f'{quarter}T00:00:00'))
        self.assertFalse(
            {name for name, value in rows[0].items() if value in people and name.startswith(('amlaj_req', 'partner'))})
        invitation = self.invitation(request)
        self.assertEqual(invitation.write_date, fields.Datetime.to_datetime(quarter), "it says not when it was answered")

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def test_only_the_quality_officer_reads_and_nobody_writes(self):
        request = self.make_done()
        self.invitation(request)._answer(GOOD)
        answer, invitation = self.answer_of(request), self.invitation(request)
        survey_user = self.make_user('survey_user')
        survey_user.group_ids += self.env.ref('survey.group_survey_manager')
        users = [*self.user.values(), survey_user, self.env.ref('base.user_admin')]
        quality = self.user['quality']
        for user in users:
            with self.subTest(user=user.login):
                found = self.env['survey.user_input'].with_user(user)
                if user == quality:
                    self.assertIn(answer.id, found.search([]).ids)
                    self.assertEqual(invitation.with_user(user).state, 'answered')
                    self.assertEqual(answer.with_user(user).amlaj_procedure, 5)
                elif found.has_access('read'):
                    self.assertNotIn(answer.id, found.search([]).ids)
                    self.assertFalse(found.search_count([('amlaj_service_id', '!=', False)]))
                if user != quality:
                    self.assertFalse(invitation.with_user(user).has_access('read'))
                for record in (answer, answer.user_input_line_ids):
                    with self.assertRaises(AccessError):
                        record.with_user(user).write({'skipped': True} if 'skipped' in record else {'nickname': "x"})
                with self.assertRaises(UserError):
                    answer.with_user(user).unlink()

    def test_the_link_is_the_quality_officers_alone(self):
        request = self.make_done()
        self.invitation(request)._answer(GOOD)
        answer = self.answer_of(request)
        self.assertEqual(answer.with_user(self.user['quality']).amlaj_request_id.id, request.id)
        survey_user = self.make_user('survey_user')
        survey_user.group_ids += self.env.ref('survey.group_survey_manager')
        with self.assertRaises(AccessError):
            self.env['survey.user_input'].with_user(survey_user).search([('amlaj_request_id', '!=', False)])

    def test_what_protects_the_answers_stays(self):
        survey = self.env.ref('amlaj_beneficiary.survey_satisfaction')
        survey.survey_type = 'custom'
        survey.survey_type = 'beneficiary'
        self.invitation(self.make_done())._answer(GOOD)
        for user in (self.env.ref('base.user_admin'), self.env.user):
            with self.assertRefused(UserError, "stays as it is"):
                survey.with_user(user).survey_type = 'custom'
            with self.assertRefused(UserError, "stays as it is"):
                survey.with_user(user).unlink()
        survey.title = "Another name"

    def test_odoos_own_page_opens_no_beneficiary_survey(self):
        survey = self.env.ref('amlaj_beneficiary.survey_satisfaction')
        self.assertEqual(survey.access_mode, 'token')


@tagged('post_install', '-at_install', 'amlaj')
class TestRatingPage(RatingBuilders, portal_common.PortalHttpCommon):
    """The page of a holder's own finished service; another's is not found; what is written names nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.make_done()
        cls.path = f'/my/requests/{cls.done.id}/rating'

    def test_offered_once_it_is_done_and_answered(self):
        self.login()
        self.assertIn(self.path, self.page(f'/my/requests/{self.done.id}').text)
        self.assertEqual(self.page(self.path).text.count('type="radio"'), 15)
        sent = self.post(self.path, procedure='5', conduct='4', comment='<script>alert(1)</script>')
        self.assertEqual(sent.status_code, 303)
        answer = self.env['survey.user_input'].search([('amlaj_request_id', '=', self.done.id)])
        self.assertEqual(answer._axes()['conduct'], 4)
        root = self.env.ref('base.user_root')
        self.assertEqual(answer.create_uid | answer.write_uid | answer.user_input_line_ids.create_uid, root)
        self.assertFalse(answer.partner_id)
        self.assertNotIn(self.holder, self.invitation(self.done).write_uid)
        shown = self.page(self.path).text
        self.assertIn('&lt;script&gt;', shown)
        self.assertNotIn('<script>alert', shown)
        self.post(self.path, procedure='2')
        self.assertEqual(answer._axes(), {'procedure': 2}, "one answer, changed")

    def test_declining_is_not_asked_again(self):
        self.login()
        self.post(self.path, decline='1')
        self.assertEqual(self.invitation(self.done).state, 'declined')
        self.assertNotIn('prefer not', self.page(self.path).text)

    def test_nothing_chosen_keeps_what_was_typed(self):
        self.login()
        answer = self.post(self.path, procedure='9', comment='   ')
        self.assertEqual(answer.status_code, 200)
        self.assertIn('alert-warning', answer.text)
        self.assertEqual(self.invitation(self.done).state, 'open')

    def test_another_persons_and_none_are_alike(self):
        open_request = self.make_request('submitted', service=self.make_service("Other (test)"))
        for user in (self.stranger, self.former):
            self.login(user)
            bodies = {
                re.sub(r'csrf_token: "[^"]+"', '', self.page(path, 404).text.replace(path, ''))
                for path in (self.path, '/my/requests/999999999/rating')}
            self.assertEqual(len(bodies), 1)
            self.assertEqual(self.post(self.path, procedure='1').status_code, 404)
        self.login()
        self.page(f'/my/requests/{open_request.id}/rating', 404)
        self.assertEqual(self.invitation(self.done).state, 'open')
