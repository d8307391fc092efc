from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from . import volunteering_common
from .volunteering_common import LOGGERS


@tagged('post_install', '-at_install', 'amlaj')
class TestOpportunity(volunteering_common.VolunteeringCommon):
    """Opportunities: their event, shifts, conditions, steps, and who sees them."""

    # ------------------------------------------------------------
    # With Odoo's event
    # ------------------------------------------------------------

    def test_each_has_an_event_that_says_the_same(self):
        opportunity = self.make_opportunity(shift_ids=[
            Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 11}),
            Command.create({'date': self.day(3), 'start_hour': 11, 'end_hour': 13})])
        event = opportunity.event_id
        self.assertTrue(event.is_volunteering)
        self.assertEqual((event.name, event.date_begin, event.date_end, event.seats_max, event.seats_limited),
                         ("Planting at the lagoon", opportunity.date_begin, opportunity.date_end, 2, True))
        self.assertTrue(event.is_multi_slots)
        self.assertEqual(len(event.event_slot_ids), 2)
        self.assertEqual(event.event_slot_ids.mapped('start_datetime'), opportunity.shift_ids.mapped('starts_at'))
        self.assertFalse(event.event_mail_ids, "Odoo writes to nobody")
        self.assertFalse(event.address_id | event.organizer_id)
        opportunity.write({'date_begin': self.moment(5), 'date_end': self.moment(5, 15), 'name': "Later", 'shift_ids': [
            Command.update(shift.id, {'date': self.day(5)}) for shift in opportunity.shift_ids]})
        self.assertEqual((event.name, event.date_begin), ("Later", self.moment(5)))
        self.assertEqual(event.event_slot_ids.mapped('start_datetime'), opportunity.shift_ids.mapped('starts_at'))
        opportunity.shift_ids[0].unlink()
        self.assertEqual(len(event.event_slot_ids), 1)

    @mute_logger(*LOGGERS)
    def test_who_works_with_events_sees_none_of_it(self):
        opportunity = self.make_opportunity(
            shift_ids=[Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 11})])
        participation = self.join(opportunity, shift=opportunity.shift_ids)
        clerk = new_test_user(self.env, 'amlaj_event_clerk', 'event.group_event_manager')
        registration = participation.registration_id
        self.assertEqual((registration.event_id, registration.state), (opportunity.event_id, 'open'))
        self.assertEqual(registration.name, self.volunteer.number, "a number and no name")
        self.assertFalse(registration.partner_id or registration.email or registration.phone)
        for record in (opportunity.event_id, opportunity.event_id.event_slot_ids, registration):
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(clerk).search([('id', '=', record.id)]))
                for attempt in (lambda r: r.read(['display_name']), lambda r: r.unlink()):
                    with self.assertRaises(AccessError):
                        attempt(record.with_user(clerk))
        self.assertEqual(
            self.env['event.registration'].with_user(clerk).register_attendee(
                registration.barcode, opportunity.event_id.id), {'error': 'invalid_ticket'})
        other = self.env['event.event'].with_user(clerk).create({
            'name': "A party", 'date_begin': self.moment(1), 'date_end': self.moment(2)})
        self.assertTrue(other.with_user(clerk).search([('id', '=', other.id)]), "other events are as they were")

    # ------------------------------------------------------------
    # What cannot be
    # ------------------------------------------------------------

    def test_impossible_ones(self):
        for vals, text in (
            ({'date_end': self.moment(3, 8)}, "ends before"), ({'date_end': self.moment(600)}, "days at most"),
            ({'seats': 0}, "Seats"), ({'seats': 10 ** 6}, "Seats"), ({'age_min': 40, 'age_max': 20}, "ages"),
            ({'age_min': -1}, "ages"), ({'seedlings_planned': -3}, "never below"),
            ({'supervisor_id': self.user['finance'].id}, "no role"),
            ({'shift_ids': [Command.create({'date': self.day(4), 'start_hour': 9, 'end_hour': 11})]}, "outside"),
            ({'shift_ids': [Command.create({'date': self.day(3), 'start_hour': 11, 'end_hour': 9})]}, "A shift begins"),
            ({'shift_ids': [Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 10})] * 2}, "twice"),
        ):
            with self.subTest(vals=vals), self.assertRefused(ValidationError, text):
                self.make_opportunity(**vals)

    def test_seats_are_never_fewer_than_those_taken(self):
        opportunity = self.make_opportunity()
        self.join(opportunity)
        self.join(opportunity, self.make_member("Second Helper"))
        with self.assertRefused(ValidationError, "have a seat already"):
            opportunity.seats = 1

    def test_shifts_that_were_joined_stay(self):
        opportunity = self.make_opportunity(shift_ids=[
            Command.create({'date': self.day(3), 'start_hour': hour, 'end_hour': hour + 1}) for hour in (9, 10)])
        self.join(opportunity, shift=opportunity.shift_ids[0])
        with self.assertRefused(UserError, "not deleted"):
            opportunity.shift_ids[0].unlink()
        whole = self.make_opportunity("Whole", days=4)
        self.join(whole)
        with self.assertRefused(UserError, "as a whole"):
            whole.write({'shift_ids': [Command.create({'date': self.day(4), 'start_hour': 9, 'end_hour': 10})]})

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def test_the_way_of_an_opportunity(self):
        mine = self.make_opportunity(opened=False, risk_note=False).with_user(self.coordinator)
        with self.assertRefused(UserError, "risks and precautions"):
            mine.action_open()
        mine.risk_note = "Sun and tide."
        mine.action_open()
        self.assertEqual(mine.state, 'open')
        with self.assertRefused(UserError, "not begun"):
            mine.action_finish()
        mine.write({'date_begin': self.moment(-1), 'date_end': self.moment(-1, 12)})
        mine.action_finish()
        mine.write({'seedlings_achieved': 120, 'kilograms_achieved': 30.5})
        self.assertEqual(mine.state, 'done')
        with self.assertRefused(UserError, "does not allow"):
            mine.action_cancel("x")
        late = self.make_opportunity(opened=False, days=-3).with_user(self.coordinator)
        with self.assertRefused(UserError, "over already"):
            late.action_open()

    def test_cancelled_tells_everybody_and_frees_them(self):
        opportunity = self.make_opportunity(seats=1)
        seated, waiting = self.join(opportunity), self.join(opportunity, self.make_member("Second Helper"))
        self.assertEqual((seated.seat, waiting.seat, opportunity.state), ('taken', 'waiting', 'full'))
        mine = opportunity.with_user(self.coordinator)
        for reason in ('', '   ', None, 5):
            with self.assertRefused(UserError, "why it is cancelled"):
                mine.action_cancel(reason)
        mine.action_cancel("Storm")
        self.assertEqual((mine.state, seated.seat, waiting.seat), ('cancelled', 'given_up', 'given_up'))
        self.assertEqual(opportunity.event_id.kanban_state, 'cancel')
        messages = self.env['amlaj.message'].search([('volunteer_id', 'in', (seated | waiting).volunteer_id.ids)])
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.assertFalse(message.beneficiary_id)
            self.assertNotIn("Storm", message.body)
            self.assertNotIn(opportunity.name, message.body)

    def test_a_change_of_time_is_told_once(self):
        opportunity = self.make_opportunity(shift_ids=[
            Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 11})])
        participation = self.join(opportunity, shift=opportunity.shift_ids)
        participation.reminded_day_at = fields.Datetime.now()
        opportunity.with_user(self.coordinator).write({
            'place': "The other gate", 'shift_ids': [Command.update(opportunity.shift_ids.id, {'start_hour': 10})]})
        messages = self.env['amlaj.message'].search([('volunteer_id', '=', self.volunteer.id)])
        self.assertEqual(len(messages), 1)
        self.assertFalse(participation.reminded_day_at)
        opportunity.with_user(self.coordinator).write({'description': "We plant.", 'seats': 5})
        self.assertEqual(self.env['amlaj.message'].search_count([('volunteer_id', '=', self.volunteer.id)]), 1)

    # ------------------------------------------------------------
    # Who sees and does what
    # ------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_who_sees_which(self):
        mine, other = self.make_opportunity(), self.make_opportunity("Elsewhere", supervisor_id=self.user['relations'].id)
        draft = self.make_opportunity("Not yet", opened=False, supervisor_id=self.user['relations'].id)
        every = mine | other | draft
        for role, user in self.user.items():
            Opportunity = self.env['amlaj.volunteer.opportunity'].with_user(user)
            with self.subTest(role=role):
                if role in ('volunteer_coordinator', 'auditor', 'manager'):
                    self.assertLessEqual(set(every.ids), set(Opportunity.search([]).ids))
                elif role == 'delivery':
                    self.assertEqual(Opportunity.search([('id', 'in', every.ids)]).ids, mine.ids)
                elif role in ('committee', 'quality', 'finance', 'privacy_officer'):
                    with self.assertRaises(AccessError):
                        Opportunity.search_count([])
        portal = self.env['amlaj.volunteer.opportunity'].with_user(self.portal)
        self.assertEqual(set(portal.search([('id', 'in', every.ids)]).ids), set((mine | other).ids))
        for name in ('supervisor_id', 'participation_ids', 'event_id', 'cancel_reason', 'taken_count', 'turn'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                portal.browse(mine.id).read([name])

    @mute_logger(*LOGGERS)
    def test_only_the_coordinator_makes_and_changes_them(self):
        opportunity = self.make_opportunity()
        vals = {'name': "X", 'date_begin': self.moment(2), 'date_end': self.moment(2, 12)}
        for user in (self.supervisor, self.user['manager'], self.user['auditor'], self.user['relations'], self.portal):
            mine = opportunity.with_user(user)
            for attempt in (
                lambda m=mine: m.create(dict(vals, supervisor_id=self.supervisor.id)), lambda m=mine: m.write({'seats': 50}),
                lambda m=mine: m.unlink(), lambda m=mine: m.action_cancel("x"), lambda m=mine: m.action_finish(),
                lambda m=mine: m.action_join_for(self.volunteer.id),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        mine = opportunity.with_user(self.coordinator)
        made = mine.create(dict(vals, supervisor_id=self.supervisor.id))
        self.assertTrue(made.number)
        self.assertTrue(made.sudo().event_id)
        for vals in ({'state': 'done'}, {'event_id': False}, {'number': '1'}, {'turn': 5}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                mine.write(vals)

    def test_the_public_list_costs_the_same(self):
        Opportunity = self.env['amlaj.volunteer.opportunity']

        def cost():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            Opportunity._public_opportunities()._told_opportunities()
            return self.env.cr.sql_log_count - before

        for rank in range(2):
            self.make_opportunity(f"Few {rank}", days=4 + rank, shift_ids=[
                Command.create({'date': self.day(4 + rank), 'start_hour': 9, 'end_hour': 11})])
        cost()
        few = cost()
        for rank in range(8):
            self.make_opportunity(f"Many {rank}", days=10 + rank, shift_ids=[
                Command.create({'date': self.day(10 + rank), 'start_hour': 9, 'end_hour': 11})])
        self.assertLessEqual(cost(), few + 1)
        self.assertLessEqual(few, 8)

    def test_what_everybody_reads(self):
        self.make_opportunity("Past", days=-4)
        self.make_opportunity("Draft", opened=False)
        shown = self.make_opportunity(seats=1, age_max=60)
        self.join(shown)
        Opportunity = self.env['amlaj.volunteer.opportunity']
        found = [told for told in Opportunity._public_opportunities()._told_opportunities() if told['id'] == shown.id]
        self.assertEqual(len(found), 1)
        self.assertEqual(found[0]['free'], 0)
        self.assertIn("wait", found[0]['free_text'])
        self.assertEqual(found[0]['conditions'], ["From 18 to 60 years of age"])
        self.assertNotIn(self.volunteer.name, str(found))
        names = Opportunity._public_opportunities().mapped('name')
        self.assertNotIn("Past", names)
        self.assertNotIn("Draft", names)
        self.assertFalse(Opportunity._public_opportunity(2 ** 40))
        self.assertGreater(shown.date_end - shown.date_begin, timedelta())
