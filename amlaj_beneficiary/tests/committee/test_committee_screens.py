from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from . import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeScreens(committee_common.CommitteeCommon):
    """The dialogs, the first screen's tiles and the member's one-tap vote; each ends in one method of the model."""

    def dialog(self, model, user, **defaults):
        return Form(self.env[model].with_user(user).with_context(**{
            f'default_{name}': value for name, value in defaults.items()}))

    def test_choosing_for_the_agenda(self):
        wanted, left = self.make_request(), self.make_request()
        session = self.make_session(state='planned')
        secretary = self.seat['secretary'].user_id
        dialog = self.dialog('amlaj.session.agenda', secretary, session_id=session.id)
        self.assertEqual({line['number'] for line in dialog.line_ids._records}, {wanted.name, left.name})
        for rank, line in enumerate(dialog.line_ids._records):
            if line['number'] == left.name:
                with dialog.line_ids.edit(rank) as edited:
                    edited.is_chosen = False
        dialog.save().action_confirm()
        self.assertEqual(session.request_ids.ids, wanted.ids)
        with self.assertRaises(AccessError):
            self.dialog('amlaj.session.agenda', self.seat['m1'].user_id, session_id=session.id)

    def test_deciding_in_the_dialog(self):
        requests = self.make_request() | self.make_request()
        session = self.make_session(requests)
        self.as_member('m1', session).action_vote(requests.ids, 'against')
        dialog = self.dialog('amlaj.session.decide', self.seat['secretary'].user_id, session_id=session.id)
        self.assertEqual(len(dialog.item_ids), 2)
        votes = {line['member_id']: (line['vote'], line['is_own']) for line in dialog.line_ids._records}
        self.assertEqual(votes[self.seat['m1'].id], ('against', True))
        self.assertEqual(votes[self.seat['chair'].id], (False, False), "silence is no consent")
        dialog.others_vote = 'for'
        votes = {line['member_id']: line['vote'] for line in dialog.line_ids._records}
        self.assertEqual((votes[self.seat['m1'].id], votes[self.seat['chair'].id]), ('against', 'for'))
        dialog.save().action_confirm()
        self.assertEqual(session.decision_ids.mapped('result'), ['approved', 'approved'])
        self.assertEqual(session.decision_ids.mapped('votes_against'), [1, 1])

    def test_one_file_in_the_dialog(self):
        cash, other = self.make_request(service=self.cash), self.make_request()
        session = self.make_session(cash | other)
        item = session.decision_ids.filtered(lambda item: item.service_id == self.cash)
        dialog = self.dialog(
            'amlaj.session.decide', self.seat['chair'].user_id, session_id=session.id, item_ids=item.ids)
        self.assertEqual(dialog.amount, 1200)
        dialog.amount = 800
        dialog.others_vote = 'for'
        dialog.save().action_confirm()
        self.assertEqual((item.result, item.amount), ('approved', 800))
        self.assertEqual(session.undecided_count, 1)

    def test_a_file_with_a_recusal_is_taken_by_itself(self):
        requests = self.make_request() | self.make_request()
        session = self.make_session(requests)
        self.as_member('m1', session).action_recuse(requests[0].ids, "A neighbour")
        dialog = self.dialog('amlaj.session.decide', self.seat['secretary'].user_id, session_id=session.id)
        self.assertEqual(len(dialog.item_ids), 1)
        dialog.others_vote = 'for'
        dialog.save().action_confirm()
        dialog = self.dialog('amlaj.session.decide', self.seat['secretary'].user_id, session_id=session.id)
        self.assertNotIn(self.seat['m1'].id, [line['member_id'] for line in dialog.line_ids._records])
        dialog.others_vote = 'for'
        dialog.save().action_confirm()
        self.assertFalse(session.undecided_count)

    def test_a_lead_records_all_but_a_file_of_his_own(self):
        own, other = self.make_request(), self.make_request()
        self.make_mandate(own.sudo().beneficiary_id, self.seat['secretary'].user_id)
        session = self.make_session(own | other)
        self.assertEqual((session.item_count, session.undecided_count), (2, 2))
        dialog = self.dialog('amlaj.session.decide', self.seat['secretary'].user_id, session_id=session.id)
        self.assertEqual(len(dialog.item_ids), 1)
        dialog.others_vote = 'for'
        dialog.save().action_confirm()
        with self.assertRaises(AccessError):
            session.action_decide(own.ids, 'approved', self.all_for())
        self.as_member('chair', session).action_decide(own.ids, 'approved', self.all_for())
        session.action_close()

    def test_standing_back_in_the_dialog(self):
        request = self.make_request()
        session = self.make_session(request)
        item = self.as_member('m1', session.decision_ids)
        self.assertTrue(item.may_recuse)
        dialog = self.dialog(
            'amlaj.session.recuse', self.seat['m1'].user_id, session_id=session.id, item_ids=item.ids)
        dialog.reason = "My cousin"
        dialog.is_remembered = True
        dialog.degree = 4
        dialog.save().action_confirm()
        item.invalidate_recordset()
        self.assertEqual(item.my_vote, 'recused')
        self.assertFalse(item.may_recuse)
        self.assertTrue(self.env['amlaj.relation'].search_count([('user_id', '=', self.seat['m1'].user_id.id)]))

    def test_one_tap_votes(self):
        requests = self.make_request() | self.make_request() | self.make_request()
        session = self.make_session(requests)
        items = self.as_member('m1', session.decision_ids)
        self.assertEqual(items.mapped('may_vote'), [True, True, True])
        self.assertEqual(items.mapped('may_decide'), [False, False, False])
        items[0].action_vote_for()
        items[1].action_vote_against()
        items[2].action_vote_abstain()
        items.invalidate_recordset()
        self.assertEqual(items.mapped('my_vote'), ['for', 'against', 'abstain'])
        self.assertFalse(self.as_member('secretary', session.decision_ids[0]).may_vote)
        self.assertTrue(self.as_member('secretary', session.decision_ids[0]).may_decide)

    def test_the_reply_and_the_early_reply_in_the_dialog(self):
        request = self.decided()
        step = self.dialog('amlaj.request.step', self.manager, request_id=request.id, step='early_reply')
        step.note = "The roof is gone"
        step.save().action_confirm()
        step = self.dialog('amlaj.request.step', self.relations, request_id=request.id, step='reply')
        step.channel_id = self.interview
        step.save().action_confirm()
        self.assertEqual((request.state, request.reply_channel_id), ('approved', self.interview))

    def tiles(self, name):
        user = self.seat[name].user_id if name in self.seat else self.user[name]
        self.env.invalidate_all()
        return {tile['key']: tile['count'] for tile in self.env['amlaj.home'].with_user(user).get_tiles()}

    def test_tiles(self):
        request, above = self.make_request(), self.make_request(service=self.cash)
        before = self.tiles('relations')
        session = self.make_session(request | above)
        self.assertEqual(self.tiles('m1')['votes'], 2)
        self.assertEqual(self.tiles('secretary')['votes'], 0)
        self.as_member('m1', session).action_vote(request.ids, 'for')
        self.assertEqual(self.tiles('m1')['votes'], 1)
        session.action_decide(request.ids, 'approved', self.all_for())
        session.action_decide(above.ids, 'approved', self.all_for(), amount=9000)
        self.assertEqual(self.tiles('m1')['votes'], 0)
        self.assertEqual(self.tiles('m1')['votes_confirm'], 1)
        self.assertEqual(self.tiles('chair')['confirmations'], 1)
        self.assertEqual(self.tiles('m1')['confirmations'], 0)
        self.assertEqual(self.tiles('relations')['to_reply'], before['to_reply'])
        self.assertEqual(self.tiles('relations')['awaiting_reply'], before['awaiting_reply'] + 2)
        request.with_user(self.manager).action_allow_early_reply("Urgent")
        self.assertEqual(self.tiles('relations')['to_reply'], before['to_reply'] + 1)
