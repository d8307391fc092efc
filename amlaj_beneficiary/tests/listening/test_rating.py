import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.code import show_code
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
        self.assertGreaterEqual(min([*answer.ids, *answer.user_input_line_ids.ids]), 2 ** 30, "a number drawn at random")
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

    def test_the_link_has_its_time_and_the_right_has_none(self):
        invitation = self.invitation(self.make_done())
        token, digits = invitation._token(), invitation._digits()
        self.assertEqual(invitation._by_token(token), invitation)
        self.assertEqual(invitation._by_code(digits), invitation)
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            self.assertFalse(invitation._by_token(token) or invitation._by_code(digits))
            self.assertTrue(invitation._may_answer(), "from his own page at any time")

    def test_unasked_after_the_first_delivery(self):
        delivery = self.make_delivery()
        request = delivery.request_id.sudo()
        self.assertFalse(request._rating_invitation())
        self.assertNotIn('rating', [action['key'] for action in request._told_actions('portal')])
        delivery.action_deliver("Salem", 'paper')
        self.assertIn('rating', [action['key'] for action in request._told_actions('portal')])
        self.invitation(request)._answer(GOOD)
        request.with_user(self.user['delivery']).action_close()
        self.assertEqual(self.invitation(request).state, 'answered')
        self.assertFalse(request.message_out_ids.filtered(lambda message: message.kind == 'rating'), "nobody is asked twice")

    def test_a_ticket_takes_the_same_way(self):
        ticket = self.env['amlaj.ticket'].create({
            'kind': 'enquiry', 'text': "When?", 'beneficiary_id': self.file.id, 'channel_id': self.interview.id})
        anonymous = self.env['amlaj.ticket'].create({'kind': 'complaint', 'text': "Late"})
        Invitation = self.env['amlaj.rating.invitation']
        invitation = Invitation._invite(ticket | anonymous)
        self.assertEqual(invitation.ticket_id, ticket)
        self.assertEqual(Invitation._invite(ticket), invitation)
        invitation._answer(GOOD)
        answer = invitation._answer_sudo()
        self.assertEqual((answer.amlaj_channel_id, answer.amlaj_scope), (self.interview, 'external'))
        self.assertFalse(answer.amlaj_request_id)

    # ------------------------------------------------------------
    # Asked once, by what suits
    # ------------------------------------------------------------

    def test_a_message_without_its_link_in_our_list(self):
        request = self.make_done()
        invitation = self.invitation(request)
        message = request.message_out_ids.filtered(lambda message: message.kind == 'rating') or self.env[
            'amlaj.message'].search([('rating_invitation_id', '=', invitation.id)])
        self.assertEqual(len(message), 1)
        self.assertEqual((invitation.asked_by, message.phone), ('message', self.file.phone))
        self.assertNotIn(invitation._token(), message.body)
        self.assertIn(f'/rate/{invitation._token()}', message._outgoing_body())
        self.assertNotIn(self.service.name, message.body, "never the kind of help")
        self.assertNotEqual(invitation.token_hash, invitation._token())
        chat = message.with_user(self.relations).action_open_chat()
        self.assertIn(invitation._token(), chat['url'])
        self.assertTrue(self.env['amlaj.access.log'].search_count(
            [('model', '=', 'amlaj.message'), ('res_ref', '=', message.id), ('event', '=', 'open')]))
        invitation._decline()
        self.assertEqual(message.state, 'cancelled')
        invitation._ask()
        request._invite_to_rate()
        self.assertEqual(self.env['amlaj.message'].search_count([('rating_invitation_id', '=', invitation.id)]), 1)

    def test_without_a_phone_the_pages_or_the_receipt(self):
        self.file.phone = False
        self.assertEqual(self.invitation(self.make_done()).asked_by, 'receipt')
        self.make_mandate(self.file, self.make_portal_user())
        self.assertEqual(self.invitation(self.make_done()).asked_by, 'portal')

    # ------------------------------------------------------------
    # From paper
    # ------------------------------------------------------------

    def test_from_paper_by_a_colleague_with_his_name(self):
        request = self.make_done()
        request.user_id = self.relations
        colleague = self.user['representative']
        for user, exception in ((self.relations, UserError), (self.user['delivery'], AccessError),
                                (self.user['manager'], AccessError)):
            with self.assertRaises(exception):
                request.with_user(user).action_rate_on_paper(GOOD)
        for nothing in ({}, None, [], 'x', {'procedure': '9'}):
            with self.assertRefused(UserError, "choose an answer"):
                request.with_user(colleague).action_rate_on_paper(nothing)
        step = self.env['amlaj.rating.paper'].with_user(colleague).create({'request_id': request.id, 'procedure': '2'})
        step.action_confirm()
        self.assertFalse(step.exists(), "what was typed is kept nowhere else")
        invitation = self.invitation(request)
        self.assertEqual((invitation.state, invitation.entered_by_id), ('answered', colleague))
        answer = self.answer_of(request)
        self.assertEqual(answer._axes(), {'procedure': 2})
        self.assertEqual(answer.create_uid | answer.write_uid, self.env.ref('base.user_root'))
        with self.assertRefused(UserError, "nobody else changes"):
            request.with_user(colleague).action_rate_on_paper(GOOD)
        invitation._answer({'procedure': '5'})
        self.assertFalse(invitation.entered_by_id, "he has answered himself now")

    def test_the_code_for_the_tablet_is_given_once_something_is_delivered(self):
        delivery = self.make_delivery()
        request = delivery.request_id.with_user(self.relations)
        with self.assertRefused(UserError, "delivered yet"):
            request.action_rating_code()
        delivery.action_deliver("Salem", 'paper')
        told = request.action_rating_code()['params']['message']
        self.assertIn(show_code(self.invitation(request)._digits()), told)
        self.assertTrue(self.env['amlaj.access.log'].search_count(
            [('model', '=', 'amlaj.request'), ('res_ref', '=', request.id), ('user_ref', '=', self.relations.id)]))

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
                # what is counted by is nobody's to filter: one service, one office would leave one answer
                with self.assertRaises(AccessError):
                    found.search_count([('amlaj_service_id', '!=', False)])
                with self.assertRaises(AccessError):
                    found.formatted_read_group([], ['amlaj_branch_id'], ['__count'])
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
