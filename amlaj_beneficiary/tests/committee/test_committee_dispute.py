from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestDispute(committee_common.CommitteeCommon):
    """A secretary alone decides nothing: members dispute what was recorded for them, and the reply waits (R60)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.decided()
        cls.request.with_user(cls.manager).action_allow_early_reply("The roof is gone")
        cls.decision = cls.request.sudo().decision_id

    def vote(self, name):
        """The vote recorded for this seat, as its member has it."""
        row = self.decision.vote_ids.filtered(lambda vote: vote.member_id == self.seat[name])
        return self.as_member(name, row.with_env(self.env))

    def test_the_reply_waits_while_the_decision_stands_on_disputed_votes(self):
        self.vote('m1').action_dispute()
        self.vote('m2').action_dispute()
        self.assertFalse(self.decision._stands_on_disputed(), "three of five are left")
        for name in ('m3', 'chair', 'deputy'):
            self.vote(name).action_dispute()
        with self.assertRefused(UserError, "dispute"):
            self.request.action_reply()
        self.vote('chair').action_confirm()
        self.assertFalse(self.vote('chair').sudo().disputed_at)
        self.assertTrue(self.request.action_reply())
        with self.assertRefused(UserError, "replied already|waits for you"):
            self.vote('m1').action_dispute()

    def test_only_the_member_himself_and_only_once(self):
        mine = self.vote('m1')
        for user in (self.seat['secretary'].user_id, self.seat['m2'].user_id, self.user['auditor'], self.manager):
            with self.assertRaises(AccessError):
                mine.with_user(user).action_dispute()
        with self.assertRaises(AccessError):
            mine.write({'disputed_at': fields.Datetime.now()})
        mine.action_dispute()
        with self.assertRefused(UserError, "waits for you"):
            mine.action_dispute()
        confirmed = self.vote('m2')
        confirmed.action_confirm()
        with self.assertRefused(UserError, "waits for you"):
            confirmed.action_dispute()

    def test_a_manager_takes_a_wrong_decision_back_before_the_reply(self):
        for user in (self.relations, self.seat['chair'].user_id, self.seat['secretary'].user_id, self.user['auditor']):
            with self.assertRaises(AccessError):
                self.request.with_user(user).action_annul_decision("Wrong")
        request = self.request.with_user(self.manager)
        with self.assertRefused(UserError, "reason"):
            request.action_annul_decision(" ")
        self.assertTrue(request.action_annul_decision("The chair was not there"))
        self.assertEqual((self.decision.result, request.state), ('withdrawn', 'committee'))
        self.assertIn("The chair was not there", self.decision.note)
        self.assertTrue(self.decision._is_snapshot_genuine(), "what was frozen stays")
        with self.assertRefused(UserError, "not decided"):
            self.request.action_reply()
        session = self.make_session(self.request)
        session.action_decide(self.request.ids, 'rejected', self.all_for(), reason_id=self.refusal.id)
        self.assertEqual(self.request.sudo().decision_id.result, 'rejected')
        self.assertEqual(self.env['amlaj.access.log'].search_count([('event', '=', 'annul')]), 1)

    def test_what_was_replied_is_not_taken_back(self):
        self.request.action_reply()
        with self.assertRefused(UserError, "not replied"):
            self.request.with_user(self.manager).action_annul_decision("Too late")

    def test_the_manager_sees_it_on_his_home(self):
        def tile():
            home = self.env['amlaj.home'].with_user(self.manager).get_home()
            return next(tile for tile in home['tiles'] if tile['key'] == 'votes_disputed')
        self.assertFalse(tile()['count'])
        self.vote('m1').action_dispute()
        self.assertEqual(tile()['count'], 1)


@tagged('post_install', '-at_install', 'amlaj')
class TestMinutesTruth(committee_common.CommitteeCommon):
    """The minutes say who was there when it was decided, in the house's language, and can always be closed."""

    def test_who_voted_was_there_also_when_he_left(self):
        request = self.make_request()
        session = self.make_session(request)
        session.action_decide(request.ids, 'approved', self.all_for())
        session.write({'present_ids': [(6, 0, self.seat['chair'].ids)]})
        session.action_close()
        lines = {line['member_id']: line for line in session._attendance()}
        for name in ('deputy', 'm1', 'm2', 'm3'):
            self.assertTrue(lines[self.seat[name].id]['present'] and lines[self.seat[name].id]['left'])
        self.assertFalse(lines[self.seat['chair'].id]['left'])
        self.assertTrue(self.as_member('m1', session).action_sign_minutes())

    def test_they_speak_the_houses_language(self):
        self.env['res.lang']._activate_lang('ar_001')
        self.env.company.partner_id.lang = 'ar_001'
        session = self.make_session(self.make_request())
        session.with_context(lang='en_US').action_close()
        self.assertIn("لم", self.decision_of(session).note)

    def decision_of(self, session):
        return session.sudo().decision_ids

    def test_numbers_that_are_none(self):
        request, cash = self.make_request(), self.make_request(service=self.cash)
        session = self.make_session(request | cash)
        for bad in (float('nan'), float('inf'), -1, 'x', True, 1e12, [5]):
            with self.assertRefused(UserError, "check"):
                session.action_decide(request.ids, 'approved', self.all_for(), quantity=bad)
            with self.assertRefused(UserError, "check|amount"):
                session.action_decide(cash.ids, 'approved', self.all_for(), amount=bad)
        for given in ([[]], 5.5, 'x', [None], {'a': 1}):
            with self.assertRefused(UserError, "agenda|choose"):
                self.as_member('m1', session).action_vote(given, 'for')
        self.assertTrue(session.action_close())

    def test_a_session_of_another_day(self):
        session = self.make_session(self.make_request(), state='planned')
        self.assertTrue(session.is_due)
        session.date = session._today() + timedelta(days=3)
        self.assertFalse(session.is_due)
