from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from . import distribution_common
from .test_distribution import DistributionCommon

EVENING = '2026-04-01 17:00:00'


@tagged('post_install', '-at_install', 'amlaj')
class TestDistributionEntry(DistributionCommon):
    """What phones bring back: each hand-over once, with its own time, by who may and to whom it may (R64, R68)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deliveries = cls.make_deliveries(4)
        cls.day = cls.make_day(cls.deliveries)
        cls.delivery = cls.deliveries[0]

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time(EVENING))

    def entries(self, *domain):
        return self.env['amlaj.distribution.entry'].search([('distribution_id', '=', self.day.id), *domain], order='id')

    def assertAnswer(self, answers, state, text=''):
        self.assertEqual([answer['state'] for answer in answers], [state])
        self.assertIn(text, answers[0]['text'])

    # ------------------------------------------------------------
    # Delivered
    # ------------------------------------------------------------

    def test_delivered(self):
        entry = self.entry(self.day, self.delivery)
        self.assertEqual(self.send(entry), [{'key': entry['key'], 'state': 'delivered', 'text': ''}])
        self.assertRecordValues(self.delivery, [{
            'state': 'delivered', 'delivered_at': datetime(2026, 4, 1, 7, 30), 'delivered_by_id': self.helper.id,
            'receiver_name': self.delivery.beneficiary_id.name, 'method': 'paper', 'second_name': ''}])
        self.assertTrue(self.delivery.receipt_number)
        self.assertRecordValues(self.entries(), [{
            'state': 'delivered', 'delivery_id': self.delivery.id, 'user_id': self.helper.id, 'is_late': False,
            'received_at': datetime(2026, 4, 1, 17)}])

    def test_by_an_authorised_person(self):
        file = self.delivery.beneficiary_id
        helper = self.make_mandate(file, person_name="Saad", capacity='delegate')
        self.assertAnswer(self.send(self.entry(self.day, self.delivery, mandate=helper.id)), 'delivered')
        self.assertRecordValues(self.delivery, [{'receiver_name': "Saad", 'receiver_mandate_id': helper.id}])

    def test_who_is_not_authorised(self):
        file, other = self.delivery.beneficiary_id, self.deliveries[1].beneficiary_id
        for mandate in (self.make_mandate(file, may_receive=False, capacity='delegate'),
                        self.make_mandate(file, verified=False, capacity='delegate'),
                        self.make_mandate(file, valid_until='2026-03-31', capacity='delegate'),
                        self.make_mandate(other, capacity='delegate')):
            answers = self.send(self.entry(self.day, self.delivery, mandate=mandate.id))
            self.assertAnswer(answers, 'refused', "not authorised")
        self.assertAnswer(self.send(self.entry(self.day, self.delivery, mandate=2 ** 31)), 'refused', "not authorised")
        self.assertEqual(self.delivery.state, 'planned')
        self.assertFalse(self.entries().mandate_id, "another file's person is not shown on the day")

    def test_a_child_receives_by_a_guardian(self):
        file = self.delivery.beneficiary_id
        file.birth_date = '2020-01-01'
        guardian = self.make_mandate(file, person_name="Mother", capacity='guardian')
        self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'refused', "say who")
        self.assertAnswer(self.send(self.entry(self.day, self.delivery, mandate=guardian.id)), 'delivered')

    # ------------------------------------------------------------
    # Once
    # ------------------------------------------------------------

    def test_the_same_entry_again(self):
        entry = self.entry(self.day, self.delivery)
        first = self.send(entry)
        receipt, at = self.delivery.receipt_number, self.delivery.delivered_at
        self.assertEqual(self.send(entry), first)
        self.assertEqual(self.send(entry, entry, dict(entry, at=entry['at'] + 1000, delivery=self.deliveries[1].id)), first * 3)
        self.assertEqual((self.delivery.receipt_number, self.delivery.delivered_at), (receipt, at))
        self.assertEqual(len(self.entries()), 1)
        self.assertEqual(self.deliveries[1].state, 'planned')

    def test_two_volunteers_scan_the_same_slip(self):
        self.send(self.entry(self.day, self.delivery))
        receipt = self.delivery.receipt_number
        second = self.entry(self.day, self.delivery, at='2026-04-01 07:31:00')
        answers = self.send(second, user=self.officer)
        self.assertAnswer(answers, 'already', "on 01/04/2026 at 10:30, by amlaj_helper")
        self.assertEqual(self.delivery.receipt_number, receipt)
        self.assertEqual(self.entries().mapped('state'), ['delivered', 'already'])
        self.assertEqual(self.day.conflict_count, 1)
        self.assertEqual(self.day.conflict_ids, self.entries(('user_id', '=', self.officer.id)))
        self.assertEqual(self.send(second, user=self.officer), answers)

    def test_the_key_of_another_is_no_key_to_his_answer(self):
        entry = self.entry(self.day, self.delivery)
        self.send(entry)
        self.assertAnswer(self.send(dict(entry, delivery=self.deliveries[1].id), user=self.officer), 'delivered')

    def test_delivered_at_the_desk_meanwhile(self):
        self.delivery.with_user(self.officer).action_deliver("Salem")
        self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'already', "by amlaj_delivery")
        self.deliveries[1].with_user(self.officer).action_fail("Away")
        self.assertAnswer(self.send(self.entry(self.day, self.deliveries[1])), 'refused', "failed")

    # ------------------------------------------------------------
    # Time
    # ------------------------------------------------------------

    def test_a_wrong_clock(self):
        for at, kept in (('1970-01-02 00:00:00', datetime(2026, 3, 31, 21)), ('2031-01-01 00:00:00', datetime(2026, 4, 1, 17)),
                         ('2026-04-01 17:00:01', datetime(2026, 4, 1, 17))):
            delivery = self.deliveries.filtered(lambda delivery: delivery.state == 'planned')[0]
            self.assertAnswer(self.send(self.entry(self.day, delivery, at=at)), 'delivered')
            self.assertEqual(delivery.delivered_at, kept)

    def test_two_days_later(self):
        with freeze_time('2026-04-03 09:00:00'):
            self.assertAnswer(self.send(self.entry(self.day, self.delivery, at='2026-04-01 15:00:00')), 'delivered')
            self.assertAnswer(self.send(self.entry(self.day, self.deliveries[1], at='2026-04-03 08:00:00')), 'delivered')
        self.assertEqual(self.delivery.delivered_at, datetime(2026, 4, 1, 15))
        self.assertEqual(self.deliveries[1].delivered_at, datetime(2026, 4, 1, 20, 59, 59), "on no other day")
        self.assertTrue(all(self.entries().mapped('is_late')))

    def test_after_the_closing(self):
        total = self.day.total_count
        self.day.action_close()
        self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'delivered')
        self.assertEqual((self.day.total_count, self.day.delivered_count), (total, 1))
        self.assertRecordValues(self.delivery, [{'state': 'delivered', 'distribution_id': self.day.id}])
        self.assertTrue(self.entries().is_late)
        other = self.make_day(self.deliveries[1])
        self.assertAnswer(
            self.send(self.entry(self.day, self.deliveries[1])), 'refused', f"is on list {other.name} now")
        self.assertEqual(self.deliveries[1].state, 'planned')
        self.assertEqual(self.day.conflict_count, 1, "the lead sees it on the day's form")

    def test_too_late_and_too_early(self):
        with freeze_time('2026-04-09 09:00:00'):
            self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'refused', "by hand")
        with freeze_time('2026-03-31 20:00:00'):
            self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'refused', "has not come")
        planned = self.make_day(self.make_deliveries(1), state='planned')
        self.assertAnswer(self.send(self.entry(planned, planned.sudo().delivery_ids)), 'refused', "not open")

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_who_decided_or_carries_his_own_file_does_not_deliver(self):
        requests_class = type(self.env['amlaj.request'])
        helper = self.helper
        with patch.object(requests_class, '_deciders', lambda self: {request.id: helper for request in self}):
            self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'refused', "took part in the decision")
        self.make_mandate(self.delivery.beneficiary_id, self.helper)
        self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'refused', "a file of your own")
        self.delivery.beneficiary_id.mandate_ids.action_end()
        self.delivery.beneficiary_id.action_suspend("Under review")
        self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'refused', "suspended")
        self.assertEqual(self.delivery.state, 'planned')

    def test_the_lead_is_the_second_name(self):
        self.delivery.request_id.verified_by_id = self.helper
        self.assertAnswer(self.send(self.entry(self.day, self.delivery)), 'delivered')
        self.assertEqual(self.delivery.second_name, self.officer.name)
        second = self.deliveries[1]
        second.request_id.entered_by_id = self.officer
        self.assertAnswer(self.send(self.entry(self.day, second), user=self.officer), 'refused', "a second person")
        self.assertTrue(self.env['amlaj.distribution'].with_user(self.officer)._field_list(self.day.id)['items'][1]['blocked'])

    def test_not_on_the_team(self):
        stranger = self.make_user('amlaj_stranger', 'delivery')
        for user in (stranger, self.user['representative'], self.user['auditor'], self.user['manager']):
            with self.subTest(user=user.login):
                answers = self.send(self.entry(self.day, self.delivery), user=user)
                self.assertAnswer(answers, 'refused', "not yours")
                with self.assertRefused(UserError, "not on its team"):
                    self.env['amlaj.distribution'].with_user(user)._field_list(self.day.id)
        for user in (self.make_portal_user(), self.env.ref('base.public_user'), self.relations):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.send(self.entry(self.day, self.delivery), user=user)
        self.assertFalse(self.entries())
        self.assertEqual(self.delivery.state, 'planned')

    def test_a_representative_of_the_team(self):
        representative = self.user['representative']
        day = self.make_day(self.make_deliveries(1), team_ids=[(6, 0, representative.ids)])
        self.assertAnswer(self.send(self.entry(day, day.sudo().delivery_ids), user=representative), 'delivered')
        self.branch.representative_ids = False
        self.assertAnswer(self.send(self.entry(day, day.sudo().delivery_ids), user=representative), 'refused', "not yours")

    # ------------------------------------------------------------
    # Bad input
    # ------------------------------------------------------------

    def test_another_days_delivery(self):
        other = self.make_deliveries(1)
        other_day = self.make_day(other, team_ids=[(6, 0, self.user['representative'].ids)])
        self.assertAnswer(self.send(self.entry(self.day, other)), 'refused', "not on the list of this day")
        self.assertAnswer(self.send(self.entry(other_day, self.delivery)), 'refused', "not yours")
        self.assertAnswer(self.send(dict(self.entry(self.day, other), delivery=2 ** 31 + 5)), 'refused', "not on the list")
        self.assertAnswer(self.send(dict(self.entry(self.day, other), day=2 ** 40)), 'refused', "not yours")
        self.assertEqual(other.state, 'planned')
        self.assertFalse(self.entries().delivery_id)

    def test_nonsense(self):
        good = self.entry(self.day, self.delivery)
        nonsense = [
            None, 7, "x", [], {}, dict(good, key=None), dict(good, key=""), dict(good, key="x" * 65), dict(good, key=5),
            dict(good, key="a\u0000b"), dict(good, day="1"), dict(good, day=True), dict(good, day=-1), dict(good, delivery=1.5),
            dict(good, delivery=None), dict(good, at="now"), dict(good, at=-5), dict(good, at=10 ** 30), dict(good, at=None),
            dict(good, mandate="1"), dict(good, mandate=[1])]
        answers = self.send(*nonsense, good)
        self.assertEqual([answer['state'] for answer in answers], ['refused'] * len(nonsense) + ['delivered'])
        self.assertEqual(len(self.entries()), 1)
        for batch in (None, "x", {}, [good] * 51):
            with self.assertRefused(UserError, "At most 50"):
                self.env['amlaj.distribution.entry'].with_user(self.helper)._receive(batch)

    def test_names_are_not_believed(self):
        entry = dict(self.entry(self.day, self.delivery), receiver_name="<script>alert(1)</script>", state='delivered',
                     user_id=self.officer.id, note="<b>x</b>", is_late=True)
        self.assertAnswer(self.send(entry), 'delivered')
        self.assertEqual(self.delivery.receiver_name, self.delivery.beneficiary_id.name)
        self.assertRecordValues(self.entries(), [{'user_id': self.helper.id, 'note': False, 'is_late': False}])

    def test_a_row_that_is_locked_is_sent_again(self):
        def locked(self, **kwargs):
            raise LockError("busy")

        entry = self.entry(self.day, self.delivery)
        with patch.object(type(self.env['amlaj.delivery']), 'lock_for_update', locked):
            self.assertAnswer(self.send(entry), 'again', "Someone else is working")
        self.assertFalse(self.entries())
        self.assertAnswer(self.send(entry), 'delivered')

    # ------------------------------------------------------------
    # What a phone takes along
    # ------------------------------------------------------------

    def test_as_little_as_is_needed(self):
        file = self.delivery.beneficiary_id
        helper = self.make_mandate(file, person_name="Saad", capacity='delegate')
        self.make_mandate(file, person_name="Nobody", capacity='delegate', may_receive=False)
        self.send(self.entry(self.day, self.deliveries[1]))
        taken = self.env['amlaj.distribution'].with_user(self.helper)._field_list(self.day.id)
        first, done = taken['items'][:2]
        self.assertEqual(first, {
            'id': self.delivery.id, 'number': self.delivery.request_id.name, 'done': '', 'file': file.file_number,
            'name': "Name0", 'place': "A village", 'digits': file.identity_number[-4:], 'self': True, 'blocked': False,
            'check': self.env['amlaj.paper']._check_digits('amlaj.request', self.delivery.request_id.name),
            'receivers': [{'id': helper.id, 'name': "Saad"}]})
        self.assertEqual(done.keys(), {'id', 'number', 'check', 'done'}, "of what is delivered, nothing but the number")
        self.assertEqual(done['done'], '10:30')
        log = self.env['amlaj.access.log'].search([('model', '=', 'amlaj.distribution'), ('res_ref', '=', self.day.id)])
        self.assertEqual(log.mapped('event'), ['export'])

    def test_days_of_the_phone(self):
        Days = self.env['amlaj.distribution'].with_user(self.helper)
        self.make_day(self.make_deliveries(1), state='planned')
        self.make_day(self.make_deliveries(1), team_ids=[(6, 0, self.user['representative'].ids)])
        for now, found in (('2026-03-30 09:00:00', []), ('2026-03-31 09:00:00', [self.day.id]), (EVENING, [self.day.id]),
                           ('2026-04-02 09:00:00', [self.day.id]), ('2026-04-03 09:00:00', [])):
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual([day['id'] for day in Days._field_days()], found)
        self.day.action_close()
        self.assertEqual(Days._field_days(), [])
        with self.assertRefused(UserError, "not open"):
            Days._field_list(self.day.id)
        for day_id in ("1", None, True, 2 ** 40, -1, [1]):
            with self.assertRefused(UserError, "not open"):
                Days._field_list(day_id)

    def test_how_lists_stand(self):
        self.send(self.entry(self.day, self.delivery))
        foreign = self.make_day(self.make_deliveries(1), team_ids=[(6, 0, self.user['representative'].ids)])
        foreign.sudo().delivery_ids.with_user(self.officer).action_deliver("Salem")
        state = self.env['amlaj.distribution'].with_user(self.helper)._field_state([self.day.id, foreign.id, "x", 2 ** 40])
        self.assertEqual(state, {
            self.day.id: {'open': True, 'done': {self.delivery.id: '10:30'}}, foreign.id: {'open': False, 'done': {}},
            2 ** 40: {'open': False, 'done': {}}})
        self.assertEqual(self.env['amlaj.distribution'].with_user(self.helper)._field_state(None), {})

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_each_entry_costs_the_same(self):
        deliveries = self.make_deliveries(34)
        day = self.make_day(deliveries)
        self.send(self.entry(day, deliveries[0]))
        few = self.count(lambda: self.send(*(self.entry(day, delivery) for delivery in deliveries[1:4])))
        many = self.count(lambda: self.send(*(self.entry(day, delivery) for delivery in deliveries[4:34])))
        self.assertEqual(set(deliveries.mapped('state')), {'delivered'})
        each = (many - few) / 27

        self.assertLessEqual(each, distribution_common.QUERIES_OF_AN_ENTRY)

    def test_three_hundred_in_an_evening(self):
        request = self.delivery.request_id
        deliveries = self.env['amlaj.delivery'].create([{'request_id': request.id} for __ in range(300)])
        day = self.make_day(deliveries)
        for start in range(0, 300, 20):
            answers = self.send(*(self.entry(day, delivery) for delivery in deliveries[start:start + 20]))
            self.assertEqual({answer['state'] for answer in answers}, {'delivered'})
        self.assertEqual(len(set(deliveries.mapped('receipt_number'))), 300)
        self.assertRecordValues(day, [{'delivered_count': 300, 'left_count': 0, 'conflict_count': 0}])

    def test_the_list_costs_the_same_for_any_number(self):
        Days = self.env['amlaj.distribution'].with_user(self.helper)
        small, large = self.make_day(self.make_deliveries(2)), self.make_day(self.make_deliveries(20))
        Days._field_list(small.id)
        few, many = (self.count(lambda day=day: Days._field_list(day.id)) for day in (small, large))
        self.assertLessEqual(many, few + 2)
