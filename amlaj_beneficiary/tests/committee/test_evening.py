from datetime import timedelta

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common, test_fund

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models')


class EveningCommon(committee_common.CommitteeCommon):
    assertRefused = test_fund.FundCommon.assertRefused

    def published(self, requests, **options):
        session = self.make_session(requests, 'planned', **options)
        session.action_publish()
        return session


@tagged('post_install', '-at_install', 'amlaj')
class TestAgendaPublished(EveningCommon):
    """The agenda reaches the members and says nothing; each answers once whether he is related (R60)."""

    def notes(self):
        return self.env['mail.message'].sudo().search([('message_type', '=', 'user_notification')], order='id desc')

    def test_what_the_members_are_told(self):
        request = self.make_request()
        session = self.make_session(request, 'planned')
        before = self.notes()
        session.action_publish()
        sent = self.notes() - before
        told = sent.mapped('notified_partner_ids')
        self.assertEqual(told, self.committee.member_ids.user_id.partner_id - session.env.user.partner_id)
        for message in sent:
            text = f'{message.subject} {message.body}'
            self.assertIn(session.name, text)
            self.assertIn(f'/odoo/committee-sessions/{session.id}', text)
            for secret in (request.beneficiary_id.name, "Salem", self.service.name, request.name):
                self.assertNotIn(secret, text)
        with self.assertRefused("have this agenda already"):
            session.action_publish()

    def test_a_change_is_told_again(self):
        first, second = self.make_request(), self.make_request()
        session = self.published(first)
        self.assertFalse(session.is_changed)
        session.request_ids = [Command.link(second.id)]
        self.assertTrue(session.is_changed)
        before = self.notes()
        session.action_publish()
        self.assertFalse(session.is_changed)
        self.assertIn("changed", (self.notes() - before)[:1].subject)
        session.request_ids = [Command.unlink(second.id)]
        self.assertTrue(session.is_changed)

    def test_short_notice(self):
        session = self.make_session(self.make_request(), 'planned')
        self.assertTrue(session.is_short_notice)
        session.date = session._today() + timedelta(days=2)
        self.assertFalse(session.is_short_notice)

    def test_who_publishes(self):
        session = self.make_session(self.make_request(), 'planned')
        for name in ('m1', 'm2'):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                self.as_member(name, session).action_publish()
        for role in ('relations', 'manager', 'auditor'):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                session.with_user(self.user[role]).action_publish()
        with self.assertRefused("nothing on the agenda"):
            self.make_session(state='planned').action_publish()
        session.action_open()
        with self.assertRefused("opened before"):
            session.action_publish()

    def test_nobody_votes_before_he_answered(self):
        request = self.make_request()
        session = self.published(request)
        session.action_open()
        member = self.as_member('m1', session)
        self.assertTrue(member.must_answer)
        self.assertIn(self.seat['m1'].user_id.name, session.unanswered)
        for step in (lambda: member.action_vote(request.ids, 'for'), member.action_vote_rest):
            with self.assertRefused("say first whether you are related"):
                step()
        with self.assertRefused("has not said yet"):
            session.action_decide(request.ids, 'approved', self.all_for())
        member.action_answer_relations()
        self.assertFalse(member.must_answer)
        member.action_vote(request.ids, 'for')
        session.action_record_answers()
        self.assertFalse(session.unanswered)
        answers = session.sudo().answer_ids
        self.assertEqual(len(answers.filtered('answered_at')), 5)
        self.assertEqual(answers.filtered(lambda answer: answer.member_id == self.seat['m1']).recorded_by_id,
                         self.seat['m1'].user_id)
        session.action_decide(request.ids, 'approved', self.all_for('chair', 'deputy', 'm2', 'm3'))

    def test_related(self):
        first, second = self.make_request(), self.make_request()
        session = self.published(first | second)
        member = self.as_member('m1', session)
        member.action_answer_relations([{'request_id': first.id, 'kind': 'marriage', 'degree': 2}])
        self.assertEqual(session.sudo().decision_ids.recusal_ids.mapped('member_id'), self.seat['m1'])
        relation = self.env['amlaj.relation'].search([('user_id', '=', self.seat['m1'].user_id.id)])
        self.assertEqual((relation.beneficiary_id, relation.kind), (first.beneficiary_id, 'marriage'))
        session.action_open()
        with self.assertRefused("stood back"):
            member.action_vote(first.ids, 'for')
        member.action_vote_rest()
        self.assertEqual(session.sudo().decision_ids.vote_ids.decision_id.request_id, second.sudo())
        member.action_vote_rest()  # sent again after the line was lost

    def test_a_far_relation_is_remembered_and_recuses_nobody(self):
        request = self.make_request()
        session = self.published(request)
        member = self.as_member('m1', session)
        member.action_answer_relations([{'request_id': request.id, 'kind': 'kin', 'degree': 6}])
        self.assertFalse(session.sudo().decision_ids.recusal_ids)
        self.assertTrue(self.env['amlaj.relation'].search([('user_id', '=', self.seat['m1'].user_id.id)]))

    def test_what_is_no_answer(self):
        request = self.make_request()
        session = self.published(request)
        member = self.as_member('m1', session)
        for related in ('abc', 5, [5], [{'kind': 'kin'}], [{'request_id': [request.id]}], [{'request_id': True}],
                        [{'request_id': request.id, 'kind': 'foo'}], [{'request_id': request.id, 'degree': 'x'}],
                        [{'request_id': request.id, 'degree': 9}]):
            with self.subTest(related=related), self.assertRefused("whom you are related to"):
                member.action_answer_relations(related)
        with self.assertRefused("not on the agenda"):
            member.action_answer_relations([{'request_id': self.make_request().id}])

    def test_another_day_is_told_again(self):
        session = self.published(self.make_request())
        session.place = False
        self.assertFalse(session.is_changed, "nothing changed")
        session.date = session._today() + timedelta(days=5)
        self.assertTrue(session.is_changed)
        session.action_publish()
        self.assertFalse(session.is_changed)

    def test_by_circulation_nobody_answers_for_another(self):
        session = self.make_session(self.make_request(), 'planned')
        session.kind = 'circulation'
        session.action_publish()
        session.action_open()
        with self.assertRefused("answers himself"):
            session.action_record_answers()

    def test_who_gets_no_message(self):
        self.seat['m1'].user_id.write({'email': False, 'notification_type': 'email'})
        session = self.published(self.make_request())
        self.assertIn(self.seat['m1'].user_id.name, session.unreached)

    def test_a_published_session_stays(self):
        session = self.published(self.make_request())
        with self.assertRefused("another day instead"):
            session.unlink()

    def test_two_of_one_name_are_told_apart(self):
        requests = self.make_request(self.make_file("Amal Test Alharbi", birth_date='1990-01-01')) | self.make_request(
            self.make_file("Amal Test Alharbi", birth_date='1950-01-01'))
        session = self.published(requests)
        wizard = self.env['amlaj.agenda.relatives'].with_user(self.seat['m1'].user_id).with_context(
            default_session_id=session.id).create({})
        self.assertEqual(len(set(wizard.line_ids.mapped('name'))), 2)

    def test_what_comes_later_is_asked_again(self):
        first, second = self.make_request(), self.make_request()
        session = self.published(first)
        member = self.as_member('m1', session)
        member.action_answer_relations()
        session.request_ids = [Command.link(second.id)]
        session.action_open()
        self.assertTrue(member.must_answer)
        member.action_vote(first.ids, 'for')
        with self.assertRefused("say first"):
            member.action_vote(second.ids, 'for')

    def test_the_question(self):
        requests = self.make_request(self.make_file("Zayd Test Alharbi")) | self.make_request(self.make_file("Amal Test Alharbi"))
        session = self.published(requests)
        user = self.seat['m1'].user_id
        wizard = self.env['amlaj.agenda.relatives'].with_user(user).with_context(default_session_id=session.id).create({})
        self.assertEqual(wizard.line_ids.mapped('name'), ["Amal Test Alharbi", "Zayd Test Alharbi"])
        wizard.line_ids[1].is_related = True
        wizard.action_confirm()
        recusals = session.sudo().decision_ids.recusal_ids
        self.assertEqual(recusals.decision_id.request_id, requests[0].sudo())
        other = self.env['amlaj.agenda.relatives'].with_user(self.seat['m2'].user_id).with_context(
            default_session_id=session.id).create({})
        other.line_ids[0].write({'is_related': True, 'rank': 7})
        with self.assertRefused("changed meanwhile"):
            other.action_confirm()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.env['amlaj.agenda.relatives'].with_user(self.user['relations']).with_context(
                default_session_id=session.id).create({})

    def test_an_answer_is_nobody_elses(self):
        session = self.published(self.make_request())
        self.as_member('m1', session).action_answer_relations()
        answer = session.sudo().answer_ids.with_user(self.seat['m2'].user_id)
        for values in ({'member_id': self.seat['m2'].id}, {'decision_ids': [Command.clear()]}):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                answer.write(values)
        self.make_committee('other_')
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.sudo().answer_ids.with_user(self.seat['other_m1'].user_id).read(['member_id'])
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.as_member('other_m1', session).action_answer_relations()


@tagged('post_install', '-at_install', 'amlaj')
class TestNamesHidden(EveningCommon):
    """File numbers and circumstances, and no name, until the decision is recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.committee.hides_names = True
        cls.file = cls.make_file("Hidden Person Alharbi")
        cls.env['amlaj.household.member'].create({
            'beneficiary_id': cls.file.id, 'name': "Canary Child", 'relationship': 'child'})
        cls.request = cls.make_request(cls.file)

    def seen(self, session, name='m1'):
        """All that a member reads of the item by RPC."""
        self.env.invalidate_all()
        user = self.seat[name].user_id
        item = session.decision_ids.with_user(user)
        readable = [field for field in item.fields_get() if item._has_field_access(item._fields[field], 'read')]
        return str(item.read(readable)), item

    def test_no_name_by_any_door(self):
        session = self.make_session(self.request)
        for name in ('m1', 'chair', 'secretary'):
            with self.subTest(name=name):
                text, item = self.seen(session, name)
                self.assertNotIn("Hidden", text)
                self.assertNotIn("Canary", text)
                self.assertEqual(item.first_name, self.file.file_number)
                self.assertIn("Two months are due", html.fromstring(item.dossier).text_content())
                self.assertIn(self.file.file_number, item.dossier)
        user = self.seat['m1'].user_id
        for model in ('amlaj.request', 'amlaj.beneficiary', 'amlaj.household.member', 'amlaj.declaration',
                      'amlaj.request.document'):
            self.assertFalse(self.env[model].with_user(user).search([]), model)
        for field in ('request_id.beneficiary_id.name', 'request_id.beneficiary_id.first_name'):
            self.assertFalse(self.env['amlaj.decision'].with_user(user).search([(field, 'ilike', 'Hidden')]), field)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.decision_ids.with_user(user).request_id.read(['beneficiary_id'])
        for paper in ('paper_dossier', 'paper_agenda'):
            record = session.decision_ids if paper == 'paper_dossier' else session
            page = self.env['ir.actions.report'].with_user(user)._render_qweb_html(
                f'amlaj_beneficiary.{paper}', record.ids)[0].decode()
            self.assertNotIn("Hidden", page, paper)

    def test_the_name_comes_with_the_decision(self):
        session = self.make_session(self.request)
        session.action_decide(self.request.ids, 'approved', self.all_for())
        text, item = self.seen(session)
        self.assertEqual(item.first_name, "Hidden")
        self.assertIn("Hidden Person", text)
        self.assertIn("Hidden Person", str(item.sudo().snapshot))

    def test_a_deferral_names_nobody(self):
        session = self.make_session(self.request)
        following = self.make_session(state='planned')
        following.date = session.date + timedelta(days=7)
        session.action_decide(self.request.ids, 'deferred', self.all_for(), defer_to='session')
        for step in (lambda: None, session.action_close):
            step()
            text, item = self.seen(session)
            self.assertNotIn("Hidden", text)
            self.assertEqual(item.first_name, self.file.file_number)
            self.assertFalse(self.env['amlaj.request'].with_user(self.seat['m1'].user_id).search([]))

    def test_choosing_for_the_agenda_names_nobody(self):
        session = self.make_session(state='planned')
        wizard = self.env['amlaj.session.agenda'].with_user(session.env.user).with_context(
            default_session_id=session.id).create({})
        self.assertEqual(wizard.line_ids.mapped('first_name'), [self.file.file_number])

    def test_standing_back_names_nobody(self):
        session = self.make_session(self.request)
        member = self.as_member('m1', session)
        member.action_recuse(self.request.ids, "A neighbour", {'kind': 'interest'})
        self.assertFalse(self.env['amlaj.relation'].with_user(member.env.user).search([]))
        self.assertTrue(session.sudo().decision_ids.recusal_ids)

    def test_the_agenda_ends_with_the_session(self):
        session = self.make_session(self.request)
        session.action_close()
        _text, item = self.seen(session)
        self.assertFalse(item.dossier)

    def test_others_committees_see_nothing(self):
        session = self.make_session(self.request)
        self.make_committee('other_')
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.decision_ids.with_user(self.seat['other_m1'].user_id).read(['dossier'])


@tagged('post_install', '-at_install', 'amlaj')
class TestEvening(EveningCommon):
    """Few taps: the rest of the votes, the recorded votes, the minutes."""

    def test_members_at_a_distance(self):
        session = self.make_session(self.make_request())
        session.remote_ids = self.seat['m1']
        self.as_member('m1', session).action_vote_rest()
        page = self.env['ir.actions.report'].with_user(session.env.user)._render_qweb_html(
            'amlaj_beneficiary.paper_minutes', session.ids)[0].decode()
        self.assertEqual(page.count("Present at a distance"), 1)
        session.remote_ids = self.seat['m1'] | self.seat['secretary']
        self.assertEqual(session.remote_ids, self.seat['m1'], "who is not present takes no part at a distance")
        session.present_ids = [Command.unlink(self.seat['m1'].id)]
        self.assertFalse(session.remote_ids, "the line was lost")

    def test_exceptions_first_then_the_rest(self):
        requests = self.make_request() | self.make_request() | self.make_request()
        session = self.make_session(requests)
        member = self.as_member('m1', session)
        self.assertEqual(member.unvoted_count, 3)
        member.action_vote(requests[1].ids, 'against')
        member.action_vote_rest()
        votes = {vote.decision_id.request_id.id: vote.vote for vote in session.sudo().decision_ids.vote_ids}
        self.assertEqual([votes[request.id] for request in requests], ['for', 'against', 'for'])
        self.env.invalidate_all()
        self.assertEqual(member.unvoted_count, 0)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.with_user(self.user['relations']).action_vote_rest()
        with self.assertRaises(UserError):
            member.action_vote_rest('maybe')

    def test_one_tap_confirms_what_was_recorded(self):
        requests = self.make_request() | self.make_request()
        session = self.make_session(requests)
        session.action_decide(requests.ids, 'approved', self.all_for())
        session.action_close()
        member = self.as_member('m1', session)
        self.assertEqual(member.unconfirmed_count, 2)
        member.action_confirm_votes()
        self.env.invalidate_all()
        votes = session.sudo().decision_ids.vote_ids
        self.assertEqual(votes.filtered('confirmed_at').member_id, self.seat['m1'])
        self.assertEqual(member.unconfirmed_count, 0)

    def test_the_chair_is_recused(self):
        request = self.make_request()
        session = self.make_session(request, present=('chair', 'deputy', 'm1', 'm2'))
        self.as_member('chair', session).action_recuse(request.ids, "A neighbour of mine")
        self.assertEqual(session.sudo().decision_ids._presiding(), self.seat['deputy'])
        # equal votes: the deputy's counts
        self.as_member('deputy', session).action_vote(request.ids, 'for')
        self.as_member('m1', session).action_vote(request.ids, 'against')
        session.action_decide(request.ids, 'approved', self.votes(m2='abstain'))
        self.assertEqual(session.sudo().decision_ids.result, 'approved')

    def test_a_tie_while_the_chair_is_absent(self):
        request = self.make_request()
        session = self.make_session(request, present=('deputy', 'm1', 'm2', 'm3'))
        session.action_decide(request.ids, 'approved', self.votes(deputy='for', m1='for', m2='against', m3='against'))
        self.assertEqual(session.sudo().decision_ids.result, 'approved', "the deputy's vote counts")

    def test_votes_are_nobody_elses(self):
        request = self.make_request()
        session = self.make_session(request)
        session.action_decide(request.ids, 'rejected', self.all_for(), reason_id=self.refusal.id)
        session.action_close()
        for user in (*(self.user[role] for role in ('relations', 'researcher', 'manager', 'auditor')), session.env.user):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger(*QUIET):
                session.with_user(user).read(['closed_record'])

    def test_a_member_learns_of_his_own_file_with_the_reply(self):
        file = self.make_file("Own Person Alharbi")
        self.make_mandate(file, self.seat['m1'].user_id, capacity='delegate')
        own, other = self.make_request(file), self.make_request()
        session = self.make_session(own | other)
        session.action_decide(own.ids, 'rejected', self.all_for('chair', 'deputy', 'm2', 'm3'), reason_id=self.refusal.id)
        for close in (lambda: None, session.action_close):
            close()
            for name, seen in (('m1', False), ('m2', True)):
                page = self.env['ir.actions.report'].with_user(self.seat[name].user_id)._render_qweb_html(
                    'amlaj_beneficiary.paper_minutes', session.ids)[0].decode()
                self.assertEqual("Conditions" in page, seen, name)

    def test_the_quorum_is_lost_in_the_middle(self):
        requests = self.make_request() | self.make_request()
        session = self.make_session(requests, present=('chair', 'm1', 'm2'))
        session.action_decide(requests[:1].ids, 'approved', self.all_for('chair', 'm1', 'm2'))
        session.present_ids = [Command.unlink(self.seat['m2'].id)]
        self.assertFalse(session.has_quorum)
        with self.assertRefused("no quorum"):
            session.action_decide(requests[1:].ids, 'approved', self.all_for('chair', 'm1'))
        session.action_close()
        self.assertEqual(session.sudo().decision_ids.mapped('result'), ['approved', 'deferred'])

    def test_minutes_are_signed_by_a_tap(self):
        session = self.make_session(self.make_request(), present=('chair', 'm1', 'm2'))
        with self.assertRefused("once the session is closed"):
            self.as_member('m1', session).action_sign_minutes()
        session.action_decide(session.request_ids.ids, 'approved', self.all_for('chair', 'm1', 'm2'))
        session.action_close()
        for _ in range(2):
            self.as_member('m1', session).action_sign_minutes()
        signed = session.sudo().signature_ids.filtered('signed_at')
        self.assertEqual(signed.member_id, self.seat['m1'])
        self.assertEqual(signed.record_hash, self.env['amlaj.decision']._hash(session.sudo().closed_record))
        self.assertFalse(self.as_member('m1', session).must_sign)
        self.assertTrue(self.as_member('m2', session).must_sign)
        with self.assertRefused("Whoever was present"):
            self.as_member('m3', session).action_sign_minutes()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.with_user(self.user['manager']).action_sign_minutes()
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            session.sudo().signature_ids.with_user(self.seat['m1'].user_id).write({'signed_at': '2026-01-01 00:00:00'})
        page = self.env['ir.actions.report'].with_user(session.env.user)._render_qweb_html(
            'amlaj_beneficiary.paper_minutes', session.ids)[0].decode()
        self.assertEqual(page.count("Signed by a tap"), 1)

    def test_minutes_stay_as_they_were_signed(self):
        request = self.make_request(self.make_file("Fatimah Alharbi"))
        session = self.make_session(request)
        session.action_decide(request.ids, 'approved', self.all_for(), quantity=40)
        session.action_close()
        report = self.env['ir.actions.report'].with_user(session.env.user)
        before = report._render_qweb_html('amlaj_beneficiary.paper_minutes', session.ids)[0].decode()
        for text in ("Rent (test)", "Fatimah", ">40<", "Presided by:", self.seat['chair'].user_id.name):
            self.assertIn(text, before)
        self.service.name, request.beneficiary_id.name, self.committee.name = "Another", "Another Name Here", "Renamed"
        self.env.flush_all()
        self.env.invalidate_all()
        after = report._render_qweb_html('amlaj_beneficiary.paper_minutes', session.ids)[0].decode()
        self.assertEqual(before, after)

    def test_one_tap_leaves_refusals_to_a_look(self):
        requests = self.make_request() | self.make_request()
        session = self.make_session(requests)
        session.action_propose(requests[:1].ids, 'rejected')
        member = self.as_member('m1', session)
        self.assertEqual(member.unvoted_count, 1)
        member.action_vote_rest()
        self.assertEqual(session.sudo().decision_ids.vote_ids.decision_id.request_id, requests[1:].sudo())

    def test_a_forgotten_argument_is_not_the_whole_agenda(self):
        session = self.make_session(self.make_request())
        for step in (lambda: self.as_member('m1', session).action_vote(None, 'for'),
                     lambda: session.action_decide(None, 'approved', self.all_for())):
            with self.assertRefused("at least one request"):
                step()

    def test_the_wizard_says_what_was_voted(self):
        requests = self.make_request() | self.make_request() | self.make_request()
        session = self.make_session(requests)
        self.as_member('m1', session).action_vote(requests[:1].ids, 'against')
        self.as_member('m2', session).action_vote(requests[1:2].ids, 'for')
        Decide = self.env['amlaj.session.decide'].with_user(session.env.user).with_context(
            default_session_id=session.id, default_others_vote='for')
        group = Decide.create({})
        self.assertEqual(group.item_ids.request_id, requests[1:].sudo(), "what a member voted against is an exception")
        lines = {line.member_id: line for line in group.line_ids}
        self.assertEqual((lines[self.seat['m2']].vote, lines[self.seat['m2']].is_own), ('for', False))
        group.action_confirm()
        votes = session.sudo().decision_ids.filtered(lambda item: item.request_id == requests[2].sudo()).vote_ids
        self.assertEqual(len(votes), 5, "his vote is recorded where he gave none")
        exception = Decide.create({})
        self.assertEqual(exception.line_ids.filtered(lambda line: line.member_id == self.seat['m1']).vote, 'against')

    def test_each_what_it_asked_for(self):
        requests = self.make_request(service=self.cash, amount_requested=800) | self.make_request(
            service=self.cash, amount_requested=1400)
        session = self.make_session(requests)
        wizard = self.env['amlaj.session.decide'].with_user(session.env.user).with_context(
            default_session_id=session.id, default_others_vote='for').create({})
        self.assertTrue(wizard.is_as_asked)
        wizard.action_confirm()
        self.assertEqual(requests.sudo().decision_id.mapped('amount'), [800, 1400])

    def test_minutes_of_sixty_cost_as_those_of_six(self):
        def queries(count):
            requests = self.env['amlaj.request']
            for _ in range(count):
                requests |= self.make_request()
            session = self.make_session(requests)
            session.action_decide(requests.ids, 'approved', self.all_for(), quantity=1)
            session.action_close()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env['ir.actions.report'].with_user(session.env.user)._render_qweb_html(
                'amlaj_beneficiary.paper_minutes', session.ids)
            return self.cr.sql_log_count - before
        queries(2)
        self.assertLessEqual(queries(60), queries(6) + 2)

    def test_record_and_go_on(self):
        requests = self.make_request() | self.make_request(service=self.cash)
        session = self.make_session(requests)
        Decide = self.env['amlaj.session.decide'].with_user(session.env.user).with_context(
            default_session_id=session.id, default_others_vote='for')
        going_on = Decide.create({}).action_confirm_next()
        self.assertEqual(going_on['res_model'], 'amlaj.session.decide')
        self.assertEqual(going_on['context']['default_others_vote'], 'for')
        last = Decide.create({})
        self.assertEqual(last.item_ids.service_id, self.cash)
        self.assertEqual(last.action_confirm_next()['type'], 'ir.actions.act_window_close')
        self.assertFalse(session.undecided_count)
