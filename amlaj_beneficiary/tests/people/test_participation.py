import threading
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from . import volunteering_common
from .volunteering_common import LOGGERS

PATIENCE = 20  # seconds in which the second connection reaches the lock; it does so at once


@tagged('post_install', '-at_install', 'amlaj')
class TestParticipation(volunteering_common.VolunteeringCommon):
    """Joining and leaving, the waiting list, the conditions, the reminders."""

    def test_joining_takes_a_seat_and_then_waits(self):
        opportunity = self.make_opportunity(seats=1)
        first = self.join(opportunity)
        self.assertEqual((first.seat, first.state, opportunity.state), ('taken', 'registered', 'full'))
        self.assertEqual((first.starts_at, first.ends_at), (opportunity.date_begin, opportunity.date_end))
        second, third = (self.make_member(name) for name in ("Second Helper", "Third Helper"))
        self.assertEqual(opportunity.with_user(second.user_id).action_join(), 'waiting')
        waiting = self.join(opportunity, third)
        self.assertEqual(waiting.registration_id.state, 'draft')
        with self.assertRefused(UserError, "joined this already"):
            self.join(opportunity)
        first.with_user(self.portal).action_leave()
        seats = {deed.volunteer_id: deed.seat for deed in opportunity.participation_ids}
        self.assertEqual(seats, {self.volunteer: 'given_up', second: 'taken', third: 'waiting'})
        message = self.env['amlaj.message'].search([('volunteer_id', '=', second.id)])
        self.assertEqual((message.phone, message.recipient_name), (second.phone, "Second"))
        again = self.join(opportunity)
        self.assertEqual((again, again.seat, opportunity.state), (first, 'waiting', 'full'), "at the end of the list")
        self.assertEqual(first.registration_id.state, 'draft')
        opportunity.with_user(self.coordinator).seats = 3
        self.assertEqual(set(opportunity.participation_ids.mapped('seat')), {'taken'}, "new seats go to who waits")

    def test_who_waits_and_cannot_come_any_more_is_passed_over(self):
        opportunity, same_time = self.make_opportunity(seats=1), self.make_opportunity("Same time", hours=(12, 15))
        first = self.join(opportunity)
        busy, grown, free = (self.make_member(name) for name in ("Busy Helper", "Paused Helper", "Free Helper"))
        for volunteer in (busy, grown, free):
            self.join(opportunity, volunteer)
        self.join(same_time, busy)
        grown.state = 'paused'
        first.with_user(self.portal).action_leave()
        self.assertEqual(opportunity.participation_ids.filtered(lambda deed: deed.seat == 'taken').volunteer_id, free)

    def test_one_seat_for_each_shift(self):
        opportunity = self.make_opportunity(seats=1, shift_ids=[
            Command.create({'date': self.day(3), 'start_hour': hour, 'end_hour': hour + 2}) for hour in (9, 11)])
        early, late = opportunity.shift_ids
        for shift_id in (None, self.make_opportunity("Other", shift_ids=[
                Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 10})]).shift_ids.id, 'x', True, -1, 2 ** 40):
            with self.subTest(shift=shift_id), self.assertRefused(UserError, "one of the shifts"):
                opportunity.with_user(self.portal).action_join(shift_id)
        self.join(opportunity, shift=early)
        self.assertEqual(opportunity.state, 'open')
        self.assertEqual(self.join(opportunity, shift=late).seat, 'taken')
        self.assertEqual(opportunity.state, 'full')
        self.assertEqual(early.slot_id.seats_available, 0, "Odoo counts the same")

    def test_conditions(self):
        skill = self.env['amlaj.volunteer.skill'].create({'name': "Diving"})
        minor = self.make_member("Young Helper", birth_date=self.birth_of(17))
        unknown = self.make_member("Unknown Helper", birth_date=False)
        paused = self.make_member("Paused Helper", state='paused')
        for vals, volunteer, text in (
            ({'skill_ids': [Command.link(skill.id)]}, self.volunteer, "Diving"),
            ({'gender': 'male'}, self.volunteer, "for men"),
            ({'age_min': 50}, self.volunteer, "another age"), ({'age_max': 20}, self.volunteer, "another age"),
            ({}, minor, "for adults"), ({'is_for_minors': True, 'age_min': 18}, minor, "another age"),
            ({'is_for_minors': True, 'age_max': 70}, unknown, "birth date"), ({}, unknown, "for adults"),
            ({}, paused, "active volunteer"), ({'days': -1}, self.volunteer, "begun already"),
        ):
            with self.subTest(vals=vals, volunteer=volunteer.name), self.assertRefused(UserError, text):
                self.join(self.make_opportunity(**vals), volunteer)
        self.assertEqual(self.join(self.make_opportunity(is_for_minors=True), minor).seat, 'taken')
        self.volunteer.skill_ids = skill
        self.assertEqual(self.join(self.make_opportunity(skill_ids=[Command.link(skill.id)])).seat, 'taken')

    def test_the_charter_comes_first(self):
        charter = self.env['amlaj.agreement']._draw_up_charter(self.volunteer)
        with self.assertRefused(UserError, "sign your charter"):
            self.join(self.make_opportunity())
        charter.state = 'signed'
        self.assertEqual(self.join(self.make_opportunity()).seat, 'taken')

    def test_who_turns_eighteen_before_the_day_is_no_minor(self):
        almost = self.make_member("Almost Helper", birth_date=self.birth_of(18, days=-2))
        self.assertEqual(self.join(self.make_opportunity(days=3), almost).seat, 'taken')
        with self.assertRefused(UserError, "for adults"):
            self.join(self.make_opportunity(days=1), almost)

    def test_overlapping_times(self):
        self.join(self.make_opportunity(hours=(9, 13)))
        for hours in ((12, 15), (7, 10), (10, 11), (8, 14)):
            with self.subTest(hours=hours), self.assertRefused(UserError, "something else"):
                self.join(self.make_opportunity("Other", hours=hours))
        self.assertEqual(self.join(self.make_opportunity("Next", hours=(13, 15))).seat, 'taken', "one after the other")
        month = self.make_opportunity("Office", date_begin=self.moment(1), date_end=self.moment(30))
        self.assertTrue(month.is_flexible)
        self.assertEqual(self.join(month).seat, 'taken', "times by agreement are in nobody's way")

    def test_leaving_too_late(self):
        opportunity = self.make_opportunity()
        mine = self.join(opportunity).with_user(self.portal)
        with freeze_time(opportunity.date_begin + timedelta(minutes=5)), self.assertRefused(UserError, "begun already"):
            mine.action_leave()
        mine.action_leave()
        with self.assertRefused(UserError, "no seat"):
            mine.action_leave()

    def test_the_coordinator_joins_for_who_called(self):
        opportunity = self.make_opportunity().with_user(self.coordinator)
        paper = self.make_volunteer("Paper Helper", phone='0504445556')
        self.assertEqual(opportunity.action_join_for(paper.id), 'taken')
        for volunteer_id in (None, 'x', True, -1, 2 ** 40, [1]):
            with self.subTest(id=volunteer_id), self.assertRefused(UserError, "choose the volunteer"):
                opportunity.action_join_for(volunteer_id)
        own = self.make_volunteer("Own Helper", user=self.coordinator, phone='0504445557')
        with self.assertRaises(AccessError), mute_logger(*LOGGERS):
            opportunity.action_join_for(own.id)

    @mute_logger(*LOGGERS)
    def test_others_do_nothing_here(self):
        opportunity = self.make_opportunity()
        mine, stranger = self.join(opportunity), self.make_member("Stranger Helper")
        for user in (stranger.user_id, self.user['relations'], self.user['auditor'], self.make_portal_user('amlaj_nobody')):
            theirs = mine.with_user(user)
            for attempt in (
                lambda m=theirs: m.action_leave(), lambda m=theirs: m.action_check_in(),
                lambda m=theirs: m.write({'seat': 'waiting'}),
                lambda m=theirs: m.unlink(), lambda m=theirs: m.action_rate('5'), lambda m=theirs: m.action_certificate(),
                lambda m=theirs: m.action_enter_hours(self.day(), '09:00', '10:00'), lambda m=theirs: m.copy(),
                lambda m=theirs: m.create({'volunteer_id': self.volunteer.id, 'opportunity_id': opportunity.id}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
            if user.share:
                with self.assertRaises(AccessError):
                    theirs.read(['seat'])
        with self.assertRaises(AccessError):
            opportunity.with_user(self.make_portal_user('amlaj_no_volunteer')).action_join()
        own = mine.with_user(self.portal)
        self.assertEqual(own.read(['seat', 'state', 'hours'])[0]['seat'], 'taken')
        for name in ('rating', 'conduct_note', 'registration_id', 'reminded_day_at', 'conduct_by_id'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.read([name])
        for attempt in (lambda: own.action_check_in(), lambda: own.action_attended(), lambda: own.action_conduct("Great")):
            with self.assertRaises(AccessError):
                attempt()

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    def messages(self):
        return self.env['amlaj.message'].search([('volunteer_id', '=', self.volunteer.id)])

    def remind(self, moment):
        with freeze_time(moment), patch.object(self.env.registry['ir.cron'], '_commit_progress', lambda *a, **k: 1):
            self.env['amlaj.volunteer.participation']._cron_remind()

    def test_reminded_a_day_and_two_hours_before_once_each(self):
        opportunity = self.make_opportunity(days=5)
        participation = self.join(opportunity)
        begin = opportunity.date_begin
        for hours, count in ((25, 0), (23.5, 1), (23, 1), (3, 1), (1.9, 2), (1, 2)):
            self.remind(begin - timedelta(hours=hours))
            with self.subTest(hours=hours):
                self.assertEqual(len(self.messages()), count)
        self.assertTrue(participation.reminded_day_at and participation.reminded_hours_at)
        for message in self.messages():
            self.assertNotIn(opportunity.name, message.body)
            self.assertIn('/my/volunteering', message.body)
            self.assertTrue(message.call_from, "without a provider the coordinator calls")

    def test_who_joined_just_now_or_waits_is_not_reminded(self):
        opportunity = self.make_opportunity(days=5, seats=1)
        participation = self.join(opportunity)
        waiting = self.join(opportunity, self.make_member("Second Helper"))
        participation.joined_at = opportunity.date_begin - timedelta(hours=20)
        self.remind(opportunity.date_begin - timedelta(hours=19))
        self.assertFalse(self.messages())
        self.remind(opportunity.date_begin - timedelta(hours=1))
        self.assertEqual(len(self.messages()), 1)
        self.assertFalse(self.env['amlaj.message'].search([('volunteer_id', '=', waiting.volunteer_id.id)]))

    def test_a_minors_guardian_is_told_too(self):
        minor = self.make_member(
            "Young Helper", birth_date=self.birth_of(16), guardian_name="Father Name", guardian_phone='0509998887')
        self.join(self.make_opportunity(is_for_minors=True), minor)._tell('reminder')
        self.assertEqual(
            set(self.env['amlaj.message'].search([('volunteer_id', '=', minor.id)]).mapped('phone')),
            {minor.phone, '+966509998887'})

    @mute_logger(*LOGGERS)
    def test_the_desk_and_the_coordinator_read_their_own_messages(self):
        self.join(self.make_opportunity())._tell('reminder')
        file = self.make_file()
        ours = self.env['amlaj.message']._prepare_messages([{'beneficiary_id': file.id, 'body': "12345"}])
        theirs = self.messages()
        for role, seen in (('relations', ours), ('volunteer_coordinator', theirs), ('manager', ours)):
            found = self.env['amlaj.message'].with_user(self.user[role]).search([('id', 'in', (ours | theirs).ids)])
            with self.subTest(role=role):
                self.assertEqual(found.sudo(), seen.sorted('id', reverse=True))
        theirs.with_user(self.coordinator).action_spoken()
        self.assertTrue(theirs.reached_at)
        with self.assertRaises(AccessError):
            ours.with_user(self.coordinator).action_spoken()
        with self.assertRaises(AccessError):
            theirs.with_user(self.user['relations']).action_spoken()

    def test_the_calendar_file(self):
        opportunity = self.make_opportunity("Planting", place="North gate")
        participation = self.join(opportunity)
        text = participation._calendar().decode()
        for line in ('BEGIN:VEVENT', 'SUMMARY:Planting', 'LOCATION:', 'North gate', f'UID:volunteering-{participation.id}@'):
            self.assertIn(line, text.replace('\r\n ', ''))
        self.assertEqual(text, participation._calendar().decode().replace(
            next(line for line in participation._calendar().decode().splitlines() if line.startswith('CREATED')),
            next(line for line in text.splitlines() if line.startswith('CREATED'))), "the same event when fetched again")


@tagged('post_install', '-at_install', 'amlaj')
class TestLastSeat(TransactionCase):
    """The last seat, asked for by two at the same moment: two real connections.

    What is made here is committed, since another connection sees nothing else, and removed again.
    """

    def setUp(self):
        super().setUp()
        with self.connection() as env:
            day = fields.Datetime.now() + timedelta(days=3)
            volunteers = env['amlaj.volunteer'].create([
                {'name': f"Concurrency Helper {rank}", 'birth_date': '1990-01-01'} for rank in (1, 2)])
            opportunity = env['amlaj.volunteer.opportunity'].create({
                'name': "Concurrency (test)", 'date_begin': day, 'date_end': day + timedelta(hours=2), 'seats': 1,
                'supervisor_id': env.ref('base.user_admin').id if env.ref('base.user_admin').has_group(
                    'amlaj_beneficiary.group_manager') else self._manager(env).id})
            opportunity.state = 'open'
            self.opportunity_id, self.volunteer_ids = opportunity.id, volunteers.ids
            env.cr.commit()
        self.addCleanup(self._remove)

    def _manager(self, env):
        user = env['res.users'].create({
            'name': "Concurrency (test)", 'login': 'amlaj_concurrency',
            'group_ids': [Command.set([env.ref('amlaj_beneficiary.group_manager').id])]})
        self.user_id = user.id
        return user

    @contextmanager
    def connection(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True, 'no_reset_password': True})
            cr.rollback()

    def _remove(self):
        with self.connection() as env:
            opportunity = env['amlaj.volunteer.opportunity'].browse(self.opportunity_id)
            event = opportunity.event_id
            opportunity.participation_ids.unlink()
            opportunity.unlink()
            event.unlink()
            env['amlaj.volunteer'].browse(self.volunteer_ids).unlink()
            if getattr(self, 'user_id', None):
                env['res.users'].browse(self.user_id).unlink()
            env.cr.commit()

    def _join(self, env, rank):
        opportunity = env['amlaj.volunteer.opportunity'].browse(self.opportunity_id)
        return opportunity._join(env['amlaj.volunteer'].browse(self.volunteer_ids[rank]), opportunity.shift_ids.browse()).seat

    def _wait_until_blocked(self, pid):
        """Return once the connection ``pid`` waits for a lock, or say that it never did."""
        pause = threading.Event()
        for __ in range(PATIENCE * 20):
            with self.connection() as env:
                env.cr.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
                if env.cr.fetchone()[0]:
                    return True
            pause.wait(0.05)
        return False

    def test_the_second_waits_and_goes_to_the_list(self):
        outcome, started = {}, threading.Event()

        def second():
            with self.connection() as theirs, mute_logger('odoo.sql_db'):
                theirs.cr.execute("SELECT pg_backend_pid()")
                outcome['pid'] = theirs.cr.fetchone()[0]
                started.set()
                outcome['seat'] = retrying(lambda: self._join(theirs, 1), theirs)

        with patch('odoo.service.model.time.sleep'), self.connection() as mine:
            self.assertEqual(self._join(mine, 0), 'taken')
            mine.flush_all()
            thread = threading.Thread(target=second)
            thread.start()
            self.addCleanup(thread.join)
            self.assertTrue(started.wait(PATIENCE))
            self.assertTrue(self._wait_until_blocked(outcome['pid']))
            mine.cr.commit()
            thread.join(PATIENCE)
        self.assertEqual(outcome.get('seat'), 'waiting')
        with self.connection() as env:
            opportunity = env['amlaj.volunteer.opportunity'].browse(self.opportunity_id)
            self.assertEqual(sorted(opportunity.participation_ids.mapped('seat')), ['taken', 'waiting'])
            self.assertEqual((opportunity.state, opportunity.event_id.seats_taken), ('full', 1))
