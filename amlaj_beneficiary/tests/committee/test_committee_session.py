from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeSession(committee_common.CommitteeCommon):
    """Agenda, opening, quorum, recusals, votes, decisions, closing: each guard with its own message."""

    def assertRefused(self, text, function, *args, **kwargs):
        with self.assertRaises(UserError) as refusal:  # with Odoo's own savepoint
            function(*args, **kwargs)
        self.assertIn(text, str(refusal.exception))

    # --- agenda -----------------------------------------------------------------------------

    def test_agenda_holds_what_was_raised(self):
        raised, early = self.make_request(), self.make_request(raised=False)
        session = self.make_session(state='planned')
        self.assertTrue(session.name)
        self.assertEqual(session.candidate_count, 1)
        self.assertEqual(session.action_add_candidates(), 1)
        self.assertEqual(session.request_ids.ids, raised.ids)
        self.assertEqual(session.candidate_count, 0)
        self.assertEqual(session.decision_ids.kind, 'first')
        self.assertRefused("does not wait", session.write, {'request_ids': [Command.link(early.id)]})
        other = self.make_session(state='planned')
        self.assertRefused("does not wait", other.write, {'request_ids': [Command.link(raised.id)]})
        session.request_ids = [Command.clear()]
        self.assertFalse(session.decision_ids)
        self.assertEqual(other.action_add_candidates(raised.ids), 1)

    def test_agenda_groups_services_and_puts_urgent_first(self):
        rent1, cash, rent2 = self.make_request(), self.make_request(service=self.cash), self.make_request(
            priority='1', priority_reason="Cold")
        session = self.make_session(state='planned')
        session.action_add_candidates()
        services = session.decision_ids.mapped('service_id.id')
        self.assertEqual(len(services), 2)
        order = session.decision_ids.sudo().request_id.ids
        self.assertLess(order.index(rent2.id), order.index(rent1.id))
        self.assertEqual(abs(order.index(rent1.id) - order.index(rent2.id)), 1)
        self.assertIn(cash.id, order)

    # --- who leads --------------------------------------------------------------------------

    def test_only_leads_of_this_committee_act(self):
        request = self.make_request()
        session = self.make_session(request, 'planned')
        self.make_committee('other_')
        for name in ('m1', 'other_chair'):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                self.as_member(name, session).action_open()
        with self.assertRaises(AccessError):
            session.with_user(self.manager).action_open()
        self.as_member('chair', session).action_open()
        for name in ('m1', 'other_secretary'):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                self.as_member(name, session).action_decide(request.ids, 'approved', self.all_for())
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                self.as_member(name, session).action_close()

    def test_an_ended_term_ends_the_rights(self):
        request = self.make_request()
        session = self.make_session(request)
        self.seat['m1'].date_to = '2021-01-01'
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.as_member('m1', session).action_vote(request.ids, 'for')
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.as_member('m1', request).read(['name'])
        self.assertRefused("no member", session.action_decide, request.ids, 'approved', self.votes(m1='for'))

    # --- state ------------------------------------------------------------------------------

    def test_nothing_is_decided_before_the_opening(self):
        request = self.make_request()
        session = self.make_session(request, 'planned')
        self.assertRefused("not open", session.action_decide, request.ids, 'approved', self.all_for())
        self.assertRefused("not open", self.as_member('m1', session).action_vote, request.ids, 'for')
        self.assertRefused("Only an open", session.action_close)
        session.action_open()
        self.assertRefused("before", session.action_open)

    def test_closing_locks_everything_and_defers_the_rest(self):
        done, left = self.make_request(), self.make_request()
        session = self.make_session(done | left)
        session.action_decide(done.ids, 'approved', self.all_for())
        following = self.make_session(state='planned')
        session.action_close()
        item = session.decision_ids.filtered(lambda item: item.sudo().request_id == left.sudo())
        self.assertEqual((item.result, item.defer_to), ('deferred', 'session'))
        self.assertEqual(left.state, 'committee')
        self.assertEqual(following.decision_ids.kind, 'again')
        self.assertEqual(following.request_ids.ids, left.ids)
        for step in (
            lambda: session.write({'place': "Elsewhere"}), lambda: session.write({'present_ids': [Command.clear()]}),
            lambda: session.action_add_candidates(), lambda: session.action_close(),
            lambda: session.action_decide(done.ids, 'rejected', self.all_for(), reason_id=self.refusal.id),
            lambda: self.as_member('m1', session).action_vote(done.ids, 'against'),
            lambda: self.as_member('m1', session).action_recuse(done.ids, "Too late"),
            lambda: session.sudo().write({'note': "Too late"}),
        ):
            with self.assertRaises(UserError):
                step()
        with self.assertRaises(UserError):
            session.unlink()

    # --- quorum -----------------------------------------------------------------------------

    def test_quorum_of_five_with_two_recused(self):
        request = self.make_request()
        session = self.make_session(request)
        self.assertEqual(session.quorum, 3)
        self.assertTrue(session.has_quorum)
        for name in ('m1', 'm2'):
            self.as_member(name, session).action_recuse(request.ids, "A neighbour")
        self.assertEqual(session.decision_ids.eligible_count, 3)
        session.present_ids = [Command.unlink(self.seat['m3'].id)]
        self.assertRefused(
            "no quorum. 2 voting members", session.action_decide, request.ids, 'approved',
            self.votes(chair='for', deputy='for'))
        session.present_ids = [Command.link(self.seat['m3'].id)]
        session.action_decide(request.ids, 'approved', self.votes(chair='for', deputy='for'))
        self.assertEqual(session.decision_ids.result, 'approved')

    def test_the_secretary_does_not_make_the_quorum(self):
        request = self.make_request()
        session = self.make_session(request, present=('chair', 'm1', 'secretary'))
        self.assertFalse(session.has_quorum)
        self.assertRefused(
            "no quorum", session.action_decide, request.ids, 'approved', self.votes(chair='for', m1='for'))

    def test_quorum_rules(self):
        self.assertEqual(self.committee._quorum(), 3)
        self.committee.quorum_rule = 'two_thirds'
        self.assertEqual(self.committee._quorum(), 4)
        self.committee.write({'quorum_rule': 'number', 'quorum_number': 2})
        self.assertEqual(self.committee._quorum(), 2)
        self.committee.quorum_rule = 'majority'
        self.seat['secretary'].is_voting = True
        self.assertEqual(self.committee._quorum(), 4)

    # --- recusals ---------------------------------------------------------------------------

    def test_forced_recusals(self):
        file = self.make_file()
        clerk = self.seat['m1'].user_id
        clerk.group_ids += self.env.ref('amlaj_beneficiary.group_relations')
        request = self.make_request(file, user=clerk)
        self.env['amlaj.relation'].create({
            'user_id': self.seat['m2'].user_id.id,
            'beneficiary_id': file.id, 'kind': 'kin', 'degree': 4})
        self.make_mandate(file, self.seat['m3'].user_id)
        session = self.make_session(request)
        recusals = {row.member_id: (row.cause, row.is_forced) for row in session.decision_ids.recusal_ids}
        self.assertEqual(recusals, {
            self.seat['m1']: ('entered', True), self.seat['m2']: ('relation', True),
            self.seat['m3']: ('mandate', True)})
        self.assertRefused("stood back", self.as_member('m2', session).action_vote, request.ids, 'for')
        with self.assertRaises(AccessError):
            self.as_member('m3', session).action_vote(request.ids, 'for')
        self.assertRefused("no quorum", session.action_decide, request.ids, 'approved', self.all_for())

    def test_the_verifier_is_recused(self):
        request = self.make_request()
        request.sudo().verified_by_id = self.seat['deputy'].user_id
        session = self.make_session(request)
        self.assertEqual(session.decision_ids.recusal_ids.cause, 'verified')
        self.assertRefused(
            "stood back", session.action_decide, request.ids, 'approved', self.votes(deputy='for', chair='for'))

    def test_a_far_or_ended_relation_does_not_recuse(self):
        file = self.make_file()
        request = self.make_request(file)
        self.env['amlaj.relation'].create([
            {'user_id': self.seat['m1'].user_id.id, 'beneficiary_id': file.id, 'degree': 5},
            {'user_id': self.seat['m2'].user_id.id, 'beneficiary_id': file.id, 'degree': 1, 'until': '2021-01-01'}])
        self.assertFalse(self.make_session(request).decision_ids.recusal_ids)

    def test_a_family_name_only_asks(self):
        self.seat['m1'].user_id.name = "Fahd Alharbi"
        request = self.make_request(self.make_file("Salem Ali Saad Alharbi"))
        session = self.make_session(request)
        self.assertFalse(session.decision_ids.recusal_ids)
        self.assertTrue(session.decision_ids.name_hint)
        self.assertIn('namesake', [flag['code'] for flag in session.decision_ids._dossier()['flags']])
        self.as_member('m1', session).action_vote(request.ids, 'for')

    def test_a_relation_declared_during_the_session_counts(self):
        file = self.make_file()
        request = self.make_request(file)
        session = self.make_session(request)
        self.env['amlaj.relation'].with_user(self.seat['m1'].user_id).create({'beneficiary_id': file.id})
        self.assertRefused("stood back", self.as_member('m1', session).action_vote, request.ids, 'for')
        self.assertRefused("stood back", session.action_decide, request.ids, 'approved', self.votes(m1='for'))

    def test_standing_back_takes_the_vote_out_and_remembers(self):
        request = self.make_request()
        session = self.make_session(request)
        member = self.as_member('m1', session)
        member.action_vote(request.ids, 'for')
        self.assertRefused("reason", member.action_recuse, request.ids, " ")
        member.action_recuse(request.ids, "My cousin", relation={'kind': 'kin', 'degree': 4})
        self.assertFalse(session.decision_ids.vote_ids)
        self.assertEqual(session.decision_ids.recusal_ids.reason, "My cousin")
        self.assertFalse(session.decision_ids.recusal_ids.is_forced)
        relation = self.env['amlaj.relation'].search([('user_id', '=', self.seat['m1'].user_id.id)])
        self.assertEqual((relation.beneficiary_id, relation.degree), (request.sudo().beneficiary_id, 4))

    def test_a_recused_chair_leaves_the_file_to_the_deputy(self):
        request = self.make_request()
        session = self.make_session(request)
        chair = self.as_member('chair', session)
        chair.action_recuse(request.ids, "My brother")
        self.assertRefused(
            "you stood back", chair.action_decide, request.ids, 'approved', self.votes(deputy='for', m1='for'))
        # two against two: the deputy's vote breaks the tie
        votes = self.votes(deputy='for', m1='for', m2='against', m3='against')
        self.as_member('deputy', session).action_decide(request.ids, 'approved', votes)
        self.assertEqual(session.decision_ids.result, 'approved')

    # --- votes ------------------------------------------------------------------------------

    def test_votes_that_do_not_count(self):
        self.make_committee('other_')
        request = self.make_request()
        session = self.make_session(request, present=('chair', 'deputy', 'm1', 'm2'))
        for text, votes in (
            ("not present", self.votes(m3='for')), ("no member of", self.votes(other_m1='for')),
            ("no vote", self.votes(secretary='for')), ("A vote is", [[self.seat['m1'].id, 'yes']]),
            ("one member twice", [[self.seat['m1'].id, 'for'], [self.seat['m1'].id, 'against']]),
            ("names no member", [[0, 'for']]),
        ):
            self.assertRefused(text, session.action_decide, request.ids, 'approved', votes)
        self.assertRefused("not among those present", self.as_member('m3', session).action_vote, request.ids, 'for')
        self.assertRefused("no vote", session.action_vote, request.ids, 'for')
        self.assertRefused("A vote is", self.as_member('m1', session).action_vote, request.ids, 'yes')
        self.assertRefused("nobody has voted", session.action_decide, request.ids, 'approved')

    def test_majority_and_tie(self):
        requests = self.make_request() | self.make_request() | self.make_request()
        session = self.make_session(requests, present=('chair', 'm1', 'm2', 'm3'))
        first, second, third = ([request.id] for request in requests)
        self.assertRefused(
            "no majority", session.action_decide, first, 'approved',
            self.votes(chair='for', m1='against', m2='against'))
        self.assertRefused(
            "votes are equal", session.action_decide, first, 'approved', self.votes(chair='against', m1='for'))
        self.assertRefused(
            "votes are equal", session.action_decide, first, 'approved',
            self.votes(chair='abstain', m1='for', m2='against'))
        session.action_decide(first, 'approved', self.votes(chair='for', m1='against'))
        session.action_decide(
            second, 'rejected', self.votes(chair='for', m1='for', m2='against'), reason_id=self.refusal.id)
        self.assertRefused(
            "no majority", session.action_decide, third, 'approved', self.votes(chair='abstain', m1='abstain'))

    def test_a_member_votes_for_himself_and_the_record_agrees(self):
        request = self.make_request()
        session = self.make_session(request)
        member = self.as_member('m1', session)
        member.action_vote(request.ids, 'for')
        member.action_vote(request.ids, 'against')  # until the decision he may think again
        vote = session.decision_ids.vote_ids
        self.assertEqual((vote.vote, vote.is_own), ('against', True))
        self.assertTrue(vote.confirmed_at)
        self.assertEqual(self.as_member('m1', session.decision_ids).my_vote, 'against')
        self.assertRefused("otherwise", session.action_decide, request.ids, 'approved', self.all_for())
        session.action_decide(request.ids, 'approved', self.votes(chair='for', deputy='for', m1='against'))
        self.assertEqual((session.decision_ids.votes_for, session.decision_ids.votes_against), (2, 1))
        self.assertRefused("decided already", member.action_vote, request.ids, 'for')

    def test_own_votes_are_enough(self):
        request = self.make_request()
        session = self.make_session(request)
        for name in ('chair', 'm1', 'm2'):
            self.as_member(name, session).action_vote(request.ids, 'for')
        session.action_decide(request.ids, 'approved')
        self.assertEqual(session.decision_ids.votes_for, 3)

    def test_votes_against_the_approval_are_votes_for_the_refusal(self):
        request = self.make_request()
        session = self.make_session(request)
        for name in ('chair', 'm1', 'm2'):
            self.as_member(name, session).action_vote(request.ids, 'against')
        self.assertRefused("no majority", session.action_decide, request.ids, 'approved')
        session.action_decide(request.ids, 'rejected', reason_id=self.refusal.id)
        self.assertEqual(session.decision_ids.result, 'rejected')

    def test_votes_on_the_approval_say_nothing_of_a_part(self):
        request = self.make_request()
        session = self.make_session(request)
        for name in ('chair', 'm1', 'm2'):
            self.as_member(name, session).action_vote(request.ids, 'for')
        self.assertRefused("nobody has voted", session.action_decide, request.ids, 'partial')
        self.assertRefused(
            "another proposal", session.action_decide, request.ids, 'partial', self.votes(chair='for', deputy='for'))
        session.action_propose(request.ids, 'partial')
        for name in ('chair', 'm1', 'm2'):
            self.as_member(name, session).action_vote(request.ids, 'for')
        session.action_decide(request.ids, 'partial')
        self.assertEqual(session.decision_ids.result, 'partial')

    def test_each_confirms_his_own_recorded_vote(self):
        request = self.make_request()
        session = self.make_session(request)
        self.as_member('chair', session).action_decide(request.ids, 'approved', self.all_for())
        votes = {row.member_id: row for row in session.decision_ids.vote_ids}
        self.assertTrue(votes[self.seat['chair']].confirmed_at)  # the chair recorded his own
        vote = votes[self.seat['m1']]
        self.assertFalse(vote.confirmed_at)
        for name in ('m2', 'chair', 'secretary'):
            with self.assertRaises(AccessError):
                self.as_member(name, vote).action_confirm()
        session.action_close()
        self.as_member('m1', vote).action_confirm()
        self.assertTrue(vote.confirmed_at)
        self.assertRefused("already", self.as_member('m1', vote).action_confirm)

    def test_a_vote_is_written_by_no_other_door(self):
        request = self.make_request()
        session = self.make_session(request)
        member = self.seat['m1'].user_id
        vals = {'decision_id': session.decision_ids.id, 'member_id': self.seat['m2'].id, 'vote': 'for',
                'question': 'approved', 'cast_by_id': member.id}
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.env['amlaj.vote'].with_user(member).create(vals)
        session.action_decide(request.ids, 'approved', self.all_for())
        vote = session.decision_ids.vote_ids[0].with_user(member)
        for door in (lambda: vote.write({'vote': 'against'}), vote.unlink,
                     lambda: session.decision_ids.with_user(member).write({'result': 'rejected'}),
                     lambda: session.write({'state': 'planned'})):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model', 'odoo.orm.models'):
                door()

    # --- the decision -----------------------------------------------------------------------

    def test_what_a_result_needs(self):
        request = self.make_request(service=self.cash)
        session = self.make_session(request)
        suspension = self.env['amlaj.reason'].create({'name': "S", 'letter_text': "S", 'kind': 'suspension'})
        for text, args, options in (
            ("A refusal needs", ('rejected',), {}),
            ("A refusal needs", ('rejected',), {'reason_id': suspension.id}),
            ("enter the amount", ('approved',), {}), ("enter the amount", ('partial',), {'amount': 0}),
            ("check the amount", ('approved',), {'amount': -1}), ("to what", ('deferred',), {}),
            ("to what", ('deferred',), {'defer_to': 'heaven'}),
            ("asked for", ('deferred',), {'defer_to': 'completion'}),
            ("not known", ('withdrawn',), {}), ("not known", (None,), {}),
        ):
            self.assertRefused(text, session.action_decide, request.ids, *args, self.all_for(), **options)
        self.assertFalse(session.decision_ids.result)
        self.assertFalse(session.decision_ids.vote_ids)
        session.action_decide(request.ids, 'approved', self.all_for(), amount=900)
        self.assertEqual((session.decision_ids.amount, session.decision_ids.needs_confirmation), (900, False))
        self.assertRefused("decided already", session.action_decide, request.ids, 'approved', self.all_for(), amount=1)

    def test_a_request_of_another_agenda_is_not_decided_here(self):
        request, foreign = self.make_request(), self.make_request()
        session = self.make_session(request)
        self.assertRefused("not on the agenda", session.action_decide, foreign.ids, 'approved', self.all_for())
        self.assertRefused("at least one", session.action_decide, [], 'approved', self.all_for())

    def test_one_fault_changes_nothing(self):
        requests = self.make_request() | self.make_request()
        session = self.make_session(requests)
        self.as_member('m1', session).action_recuse(requests[0].ids, "A neighbour")
        self.assertRefused("stood back", session.action_decide, requests.ids, 'approved', self.all_for())
        self.assertFalse(any(session.decision_ids.mapped('result')))
        session.action_decide(requests.ids, 'approved', self.votes(chair='for', m2='for'))
        self.assertEqual(session.decision_ids.mapped('result'), ['approved', 'approved'])

    def test_somebody_else_at_work_is_said(self):
        request = self.make_request()
        session = self.make_session(request)
        with patch.object(type(self.env['amlaj.decision']), 'lock_for_update', side_effect=LockError("taken")):
            self.assertRefused(
                "Someone else is working", session.action_decide, request.ids, 'approved', self.all_for())

    def test_the_chair_confirms_large_amounts(self):
        self.committee.confirmation_amount = 3000
        low, high, above = (self.make_request(service=self.cash) for __ in range(3))
        session = self.make_session(low | high | above)
        session.action_decide(low.ids, 'approved', self.all_for(), amount=3000)
        session.action_decide(high.ids, 'approved', self.all_for(), amount=3000.5)
        session.action_decide(above.ids, 'approved', self.all_for(), amount=5001)
        session.action_close()
        by_request = {item.sudo().request_id.id: item for item in session.decision_ids}
        needs = [by_request[request.id].needs_confirmation for request in (low, high, above)]
        self.assertEqual(needs, [False, True, True])
        item = by_request[high.id]
        for name in ('m1', 'deputy', 'secretary'):
            with self.assertRaises(AccessError):
                self.as_member(name, item).action_confirm()
        high.with_user(self.manager).action_allow_early_reply("Urgent")
        self.assertRefused("confirmation", high.action_reply)
        self.as_member('chair', item).action_confirm()
        self.assertEqual(item.confirmed_by_id, self.seat['chair'].user_id)
        self.assertRefused("already", self.as_member('chair', item).action_confirm)
        self.assertRefused("needs no", self.as_member('chair', by_request[low.id]).action_confirm)
        high.action_reply()
        self.assertEqual(high.state, 'approved')
