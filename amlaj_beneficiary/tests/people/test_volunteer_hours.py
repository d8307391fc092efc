from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import volunteering_common
from .volunteering_common import LOGGERS


@tagged('post_install', '-at_install', 'amlaj')
class TestVolunteerHours(volunteering_common.VolunteeringCommon):
    """Hours: how they are noted, what cannot have been, who approves and confirms them, and what they lead to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opportunity, cls.participation = cls.make_past(seats=20)
        cls.mine = cls.participation.with_user(cls.portal)

    def enter(self, days=-2, time_from='09:00', time_to='12:30', mine=None):
        (mine or self.mine).action_enter_hours(self.day(days), time_from, time_to)
        return self.participation.hour_ids.sorted('id')[-1:]

    def confirmed(self):
        line = self.enter()
        line.with_user(self.supervisor).action_approve()
        line.with_user(self.coordinator).action_confirm()
        return line

    # ------------------------------------------------------------
    # What cannot have been
    # ------------------------------------------------------------

    def test_entered_by_the_volunteer(self):
        line = self.enter(time_from='٠٩:٠٠', time_to='1230')
        self.assertEqual((line.hours, line.state, line.source, line.day), (3.5, 'entered', 'own', self.opportunity._today()
                                                                          - timedelta(days=2)))
        self.assertEqual(line.start_at, self.moment(-2, 9))
        self.assertEqual((self.participation.state, self.participation.hours), ('attended', 3.5))
        self.assertEqual(self.participation.registration_id.state, 'done')

    def test_times_that_are_none(self):
        for day, time_from, time_to, text in (
            ('x', '09:00', '10:00', "check the day"), (None, '09:00', '10:00', "check the day"),
            (self.day(-2), '25:00', '10:00', "16:30"), (self.day(-2), '', '10:00', "16:30"),
            (self.day(-2), None, True, "16:30"), (self.day(-2), '9', '10', "16:30"), (self.day(-2), ['09:00'], {}, "16:30"),
            (self.day(-3), '09:00', '10:00', "did not take place"), (self.day(2), '09:00', '10:00', "did not take place"),
        ):
            with self.subTest(day=day, time_from=time_from), self.assertRefused(UserError, text):
                self.mine.action_enter_hours(day, time_from, time_to)

    def test_nobody_helps_all_day(self):
        for time_from, time_to in (('09:00', '09:00'), ('00:00', '23:59'), ('03:00', '20:00'), ('10:00', '09:00')):
            with self.subTest(time_from=time_from), self.assertRefused(UserError, "more than 16 hours"):
                self.enter(time_from=time_from, time_to=time_to)
        self.enter(time_from='00:00', time_to='10:00')
        with self.assertRefused(UserError, "more than 16 hours"):
            self.enter(time_from='12:00', time_to='18:01')
        self.enter(time_from='12:00', time_to='18:00')
        self.assertEqual(self.participation.hours, 16)

    def test_a_night_counts_for_both_of_its_days(self):
        spans = self.env['amlaj.volunteer.hours']._by_day([(self.moment(-3, 20), self.moment(-2, 4))])
        self.assertEqual(sorted(spans.values()), [timedelta(hours=4), timedelta(hours=4)])
        night = self.enter(time_from='22:00', time_to='02:00')
        self.assertEqual((night.hours, night.day), (4, night.opportunity_id._today() - timedelta(days=2)))

    def test_overlapping_hours(self):
        self.enter()
        __, other = self.make_past(name="Another", hours=(10, 14))
        for time_from, time_to in (('12:00', '13:00'), ('08:00', '09:30'), ('10:00', '11:00')):
            with self.subTest(time_from=time_from), self.assertRefused(UserError, "noted already"):
                self.enter(time_from=time_from, time_to=time_to, mine=other.with_user(self.portal))
        other.with_user(self.portal).action_enter_hours(self.day(-2), '12:30', '14:00')
        self.assertEqual(other.hours, 1.5)

    def test_hours_of_the_future_and_of_long_ago(self):
        opportunity, participation = self.make_past(days=0, hours=(0, 23))
        with freeze_time(self.moment(0, 10)):
            with self.assertRefused(UserError, "once they are over"):
                participation.with_user(self.portal).action_enter_hours(self.day(), '09:00', '11:00')
            participation.with_user(self.portal).action_enter_hours(self.day(), '09:00', '10:00')
        with freeze_time(opportunity.date_end + timedelta(days=31)), self.assertRefused(UserError, "days after its end"):
            self.env.invalidate_all()
            participation.with_user(self.portal).action_enter_hours(
                fields.Date.to_string(opportunity.date_begin.date()), '07:00', '08:00')

    def test_without_a_seat_no_hours(self):
        self.participation.seat = 'waiting'
        with self.assertRefused(UserError, "no seat"):
            self.enter()

    # ------------------------------------------------------------
    # By the supervisor
    # ------------------------------------------------------------

    def test_checked_in_and_out(self):
        opportunity = self.make_opportunity("Today", days=1)
        deed = self.join(opportunity).with_user(self.supervisor)
        with self.assertRefused(UserError, "not the time"):
            deed.action_check_in()
        with freeze_time(opportunity.date_begin - timedelta(minutes=20)):
            deed.action_check_in()
            self.assertTrue(deed.is_checked_in)
            with self.assertRefused(UserError, "checked in already"):
                deed.action_check_in()
        line = deed.sudo().hour_ids
        self.assertEqual((line.start_at, line.end_at, line.source), (opportunity.date_begin, False, 'check_in'))
        with freeze_time(opportunity.date_begin + timedelta(hours=3)):
            with self.assertRefused(UserError, "still checked in"):
                line.with_user(self.supervisor).action_approve()
            deed.action_check_out()
        self.assertEqual((line.hours, deed.is_checked_in, deed.state), (3, False, 'attended'))

    def test_out_again_before_it_began_and_forgotten_for_days(self):
        opportunity = self.make_opportunity("Today", days=1)
        deed = self.join(opportunity).with_user(self.supervisor)
        with freeze_time(opportunity.date_begin - timedelta(minutes=20)):
            deed.action_check_in()
            deed.action_check_out()
        self.assertFalse(deed.sudo().hour_ids)
        self.assertEqual(deed.state, 'registered')
        with freeze_time(opportunity.date_begin):
            deed.action_check_in()
        with freeze_time(opportunity.date_begin + timedelta(days=3)):
            deed.action_check_out()
        self.assertEqual(deed.sudo().hour_ids.hours, 16)

    def test_nobody_is_at_two_places(self):
        first, second = (self.make_opportunity(name, date_begin=self.moment(-2), date_end=self.moment(20)) for name in "AB")
        here, there = (self.join(one).with_user(self.supervisor) for one in (first, second))
        here.action_check_in()
        with self.assertRefused(UserError, "noted already"):
            there.action_check_in()

    def test_many_from_the_list_at_once(self):
        others = [self.make_member(name) for name in ("Second Helper", "Third Helper")]
        deeds = self.participation.union(*(self.env['amlaj.volunteer.participation'].create({
            'volunteer_id': other.id, 'opportunity_id': self.opportunity.id}) for other in others))
        absent = deeds[-1].with_user(self.supervisor)
        absent.action_absent()
        self.assertEqual((absent.seat, absent.sudo().registration_id.state), ('absent', 'cancel'))
        with self.assertRefused(UserError, "no seat"):
            deeds.with_user(self.supervisor).action_attended()
        deeds[:2].with_user(self.supervisor).action_attended()
        lines = deeds.hour_ids
        self.assertEqual(lines.mapped('hours'), [4, 4])
        self.assertEqual(set(lines.mapped('state')), {'approved'}, "whoever notes it has seen it")
        with self.assertRefused(UserError, "noted already"):
            deeds[:1].with_user(self.supervisor).action_attended()
        lines.with_user(self.coordinator).action_confirm()
        self.assertEqual(set(deeds[:2].mapped('state')), {'approved'})

    # ------------------------------------------------------------
    # Approved by one, confirmed by another
    # ------------------------------------------------------------

    def test_approved_and_confirmed(self):
        line = self.enter()
        with self.assertRefused(UserError, "does not allow"):
            line.with_user(self.coordinator).action_confirm()
        line.with_user(self.supervisor).action_approve()
        self.assertEqual((line.state, line.approved_by_id, self.participation.state),
                         ('approved', self.supervisor, 'attended'))
        line.with_user(self.coordinator).action_confirm()
        self.assertEqual((line.state, line.confirmed_by_id, self.participation.state),
                         ('confirmed', self.coordinator, 'approved'))

    def test_nobody_confirms_what_he_approved_himself(self):
        line = self.enter()
        line.with_user(self.coordinator).action_approve()
        with self.assertRefused(UserError, "a colleague confirms"):
            line.with_user(self.coordinator).action_confirm()
        line.with_user(self.user['manager']).action_confirm()
        self.assertEqual(line.state, 'confirmed')

    @mute_logger(*LOGGERS)
    def test_nobody_approves_his_own_hours(self):
        for user in (self.supervisor, self.coordinator):
            own = self.make_volunteer(f"Own {user.login}", user=user, phone=f'05055566{user.id % 90 + 10}')
            deed = self.env['amlaj.volunteer.participation'].create({
                'volunteer_id': own.id, 'opportunity_id': self.opportunity.id})
            mine = deed.with_user(user)
            mine.action_enter_hours(self.day(-2), '09:00', '11:00')
            line = deed.hour_ids.with_user(user)
            for attempt in (
                lambda m=line: m.action_approve(), lambda m=line: m.action_confirm(), lambda m=line: m.action_refuse("x"),
                lambda m=mine: m.action_attended(), lambda m=mine: m.action_check_in(),
                lambda m=mine: m.action_conduct("Splendid"), lambda m=line: m.action_correct(
                    fields.Datetime.to_string(self.moment(-2, 8)), fields.Datetime.to_string(self.moment(-2, 12))),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()

    @mute_logger(*LOGGERS)
    def test_only_his_supervisor(self):
        line = self.enter()
        elsewhere = self.user['relations']  # a supervisor of other opportunities
        for user in (elsewhere, self.user['representative'], self.user['manager'], self.user['auditor'], self.portal,
                     self.user['finance']):
            theirs = line.with_user(user)
            for attempt in (
                lambda m=theirs: m.action_approve(), lambda m=theirs: m.action_refuse("x"),
                lambda m=theirs: m.write({'state': 'approved'}),
                lambda m=theirs: m.unlink(), lambda m=theirs: m.action_reopen(),
                lambda m=theirs: m.create({'participation_id': self.participation.id, 'start_at': self.moment(-2)}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        seen = {role: self.env['amlaj.volunteer.hours'].with_user(self.user[role]).search([('id', '=', line.id)])
                for role in ('relations', 'delivery', 'volunteer_coordinator', 'manager', 'auditor')}
        self.assertEqual([role for role, found in seen.items() if found],
                         ['delivery', 'volunteer_coordinator', 'manager', 'auditor'])
        stranger = self.make_member("Stranger Helper").user_id
        self.assertFalse(self.env['amlaj.volunteer.hours'].with_user(stranger).search([]))
        own = line.with_user(self.portal)
        self.assertEqual(own.read(['hours', 'state'])[0]['hours'], 3.5)
        for name in ('approved_by_id', 'age_band', 'entered_by_id', 'gender'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.read([name])

    def test_refused_and_corrected(self):
        line = self.enter()
        mine = line.with_user(self.supervisor)
        for start, end in (('x', 'y'), (None, None), (True, 5), ('2026-01-01 10:00:00', {'a': 1})):
            with self.assertRefused(UserError, "check the times"):
                mine.action_correct(start, end)
        with self.assertRefused(UserError, "more than 16"):
            mine.action_correct(fields.Datetime.to_string(self.moment(-2, 3)), fields.Datetime.to_string(self.moment(-2, 20)))
        mine.action_correct(fields.Datetime.to_string(self.moment(-2, 9)), fields.Datetime.to_string(self.moment(-2, 11)))
        self.assertEqual((line.hours, line.state), (2, 'entered'))
        for reason in ('', None, 5, '  '):
            with self.assertRefused(UserError, "Please write why"):
                mine.action_refuse(reason)
        mine.action_refuse("You left at ten.")
        self.assertEqual((line.state, self.participation.state, self.participation.hours), ('refused', 'registered', 0))
        again = self.enter()
        self.assertEqual(again.state, 'entered', "refused hours are in nobody's way")

    def test_the_database_itself_refuses_wrong_spans(self):
        line = self.enter()
        self.assertFalse(line.copy_data()[0].get('state'), "a copy earns nothing")
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'):
            line.end_at = line.start_at - timedelta(hours=1)
            self.env.flush_all()

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def test_reported_by_month_field_gender_and_age(self):
        field = self.env['amlaj.volunteer.field'].search([], limit=1)
        self.opportunity.field_id = field
        line = self.confirmed()
        self.assertEqual((line.field_id, line.gender, line.age_band), (field, 'female', 'young'))
        rows = self.env['amlaj.volunteer.hours'].with_user(self.user['auditor']).formatted_read_group(
            [('id', '=', line.id)], ['day:month', 'field_id', 'gender', 'age_band'], ['hours:sum'])
        self.assertEqual(rows[0]['hours:sum'], 3.5)
        self.volunteer.birth_date = self.birth_of(16)
        self.assertEqual(line.age_band, 'minor')
        self.volunteer.birth_date = False
        self.assertEqual(line.age_band, 'unknown')

    def test_each_says_a_word_of_the_other(self):
        with self.assertRefused(UserError, "after the volunteer came"):
            self.mine.action_rate('4')
        self.enter()
        for rating in ('0', '6', None, 5, True, []):
            with self.assertRefused(UserError, "five answers"):
                self.mine.action_rate(rating)
        self.mine.action_rate('4', "More water, please.")
        self.participation.with_user(self.supervisor).action_conduct("Reliable.")
        seen = self.participation.with_user(self.coordinator)
        self.assertEqual((seen.rating, seen.rating_note, seen.conduct_note), ('4', "More water, please.", "Reliable."))
        for user in (self.supervisor, self.user['manager'], self.user['auditor'], self.portal):
            for name in ('rating', 'rating_note', 'conduct_note'):
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError), mute_logger(*LOGGERS):
                    self.participation.with_user(user).read([name])

    def test_certificate(self):
        with self.assertRefused(UserError, "once the hours are confirmed"):
            self.mine._certificate()
        self.confirmed()
        first = self.mine._certificate()
        self.assertEqual((first.hours, first.person_name, first.opportunity_name, first.volunteer_id),
                         (3.5, self.volunteer.name, "Planting at the lagoon", self.volunteer))
        self.assertEqual(self.mine._certificate(), first, "asked for twice it is the same")
        Paper = self.env['amlaj.paper']
        code = Paper._get_code(first)
        issued = Paper._find_issued(code)
        self.assertEqual((issued['number'], issued['date']), (first.number, first.issued_on))
        self.assertNotIn(self.volunteer.name, str(issued))
        self.participation.hour_ids.with_user(self.coordinator).action_reopen()
        self.assertEqual((first.state, Paper._find_issued(code)), ('replaced', False), "it holds no longer")
        line = self.participation.hour_ids
        line.with_user(self.supervisor).action_approve()
        line.with_user(self.user['manager']).action_confirm()
        second = self.mine._certificate()
        self.assertNotEqual(second.number, first.number)
        self.assertFalse(Paper._get_code(first))
        with self.assertRefused(UserError, "holds no longer"):
            first._check_holds()

    def test_the_card_is_confirmed_while_he_is_active(self):
        Paper = self.env['amlaj.paper']
        code = Paper._get_code(self.volunteer)
        self.assertEqual(Paper._find_issued(code)['number'], self.volunteer.number)
        self.volunteer.with_user(self.coordinator).action_pause()
        self.assertFalse(Paper._find_issued(code))
        with self.assertRefused(UserError, "active volunteers"):
            self.volunteer._check_card()

    def test_found_by_card_and_number(self):
        opportunity = self.make_opportunity("Now", days=1)
        deed = self.join(opportunity)
        Participation = self.env['amlaj.volunteer.participation']
        code = self.env['amlaj.paper']._get_code(self.volunteer)
        with freeze_time(opportunity.date_begin):
            for given in (code, self.volunteer.number, ''.join(chr(0x660 + int(digit)) for digit in self.volunteer.number)):
                with self.subTest(code=given):
                    self.assertEqual(Participation.with_user(self.supervisor)._of_code(given), deed)
            for given in ('', 'x', '999999', None, 5, f'{code}<script>'[-9:]):
                with self.subTest(code=given):
                    self.assertFalse(Participation.with_user(self.supervisor)._of_code(given))
            self.assertFalse(Participation.with_user(self.user['relations'])._of_code(code), "supervised by somebody else")

    def test_the_pages_cost_the_same(self):
        def cost(act):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            act()
            return self.env.cr.sql_log_count - before

        def page():
            return self.volunteer.sudo()._my_volunteering()

        def desk():
            return self.opportunity.with_user(self.supervisor)._desk()

        self.enter()
        cost(page), cost(desk)
        few = cost(page), cost(desk)
        for rank in range(6):
            __, deed = self.make_past(days=-5 - rank, name=f"Old {rank}")
            deed.with_user(self.portal).action_enter_hours(self.day(-5 - rank), '09:00', '10:00')
            self.make_opportunity(f"New {rank}", days=5 + rank)
            other = self.make_member(f"Member {rank}")
            theirs = self.env['amlaj.volunteer.participation'].create({
                'volunteer_id': other.id, 'opportunity_id': self.opportunity.id})
            theirs.with_user(other.user_id).action_enter_hours(self.day(-2), '09:00', '10:00')
        cost(page), cost(desk)  # new users emptied the caches
        self.assertLessEqual(cost(page), few[0] + 4)
        self.assertLessEqual(cost(desk), few[1] + 4)
