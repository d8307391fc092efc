from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .. import common
from . import interaction_common

# a Monday; the offices are open from 8 to 16 on the association's clock, which is 3 hours ahead of UTC
MONDAY_NINE = '2027-01-04 06:00:00'


@tagged('post_install', '-at_install', 'amlaj')
class TestAppointment(interaction_common.InteractionBuilders, common.AmlajCommon):
    """A time within the working hours, as long as the person needs; in Odoo's calendar it is a word and no person."""

    def make_appointment(self, user=None, **vals):
        return self.env['amlaj.appointment'].with_user(user or self.relations).create({
            'starts_at': MONDAY_NINE, 'visitor_name': "Salem", **vals})

    def test_only_in_the_working_hours(self):
        for moment, day in (
            ('2027-01-01 07:00:00', "Friday"), ('2027-01-02 07:00:00', "Saturday"), ('2027-01-04 03:00:00', "too early"),
            ('2027-01-04 12:50:00', "over the end"), ('2027-01-04 20:00:00', "night"),
        ):
            with self.subTest(day=day), self.assertRefused(UserError, "office is closed"):
                self.make_appointment(starts_at=moment)
        self.make_appointment(starts_at='2027-01-03 05:00:00')  # Sunday, the first day of the week
        self.env['resource.calendar.leaves'].create({
            'name': "A holiday", 'date_from': '2027-01-04 00:00:00', 'date_to': '2027-01-04 20:59:59',
            'calendar_id': self.env.company.amlaj_calendar_id.id})
        with self.assertRefused(UserError, "holiday"):
            self.make_appointment()

    def test_nobody_receives_two_at_once(self):
        self.make_appointment(minutes=45)
        with self.assertRefused(UserError, "somebody else"):
            self.make_appointment(starts_at='2027-01-04 06:30:00')
        after = self.make_appointment(starts_at='2027-01-04 06:45:00')
        with self.assertRefused(UserError, "somebody else"):
            after.starts_at = '2027-01-04 06:15:00'
        self.make_appointment(user_id=self.user['manager'].id)

    def test_the_calendar_says_nothing_of_the_person(self):
        appointment = self.make_appointment(beneficiary_id=self.file.id)
        event = appointment.sudo().event_id
        self.assertEqual((event.name, event.privacy), ("An appointment", 'private'))
        self.assertEqual(event.partner_ids, self.relations.partner_id)
        for text in (event.description or '', event.location or ''):
            for told in ("Salem", self.file.file_number, self.file.phone):
                self.assertNotIn(told, text)
        appointment.action_extend()
        self.assertEqual((event.stop - event.start).seconds, 45 * 60)
        appointment.action_cancel()
        self.assertFalse(event.exists())

    def test_it_is_extended_as_often_as_needed(self):
        appointment = self.make_appointment(starts_at='2027-01-04 12:30:00')
        for __ in range(20):
            appointment.action_extend()  # beyond the end of the day, too: nobody is sent away
        self.assertEqual(appointment.minutes, 4 * 60)

    def test_received_it_becomes_a_contact(self):
        contact = self.make_contact(visitor_name="Salem 0501234567")
        context = contact.action_plan_appointment()['context']
        appointment = self.env['amlaj.appointment'].with_user(self.relations).with_context(**context).create({
            'starts_at': MONDAY_NINE})
        self.assertEqual((appointment.visitor_name, appointment.interaction_id), ("Salem", contact))
        action = appointment.action_receive()
        met = self.Interaction.browse(action['res_id'])
        self.assertEqual((met.visitor_phone, met.channel_id.code), ('+966501234567', 'interview'))
        self.assertEqual(appointment.state, 'done')
        for step in (appointment.action_receive, appointment.action_extend, appointment.action_missed,
                     lambda: appointment.write({'note': "x"})):
            with self.subTest(step=step), self.assertRefused(UserError, "over"):
                step()

    def test_somebody_comes(self):
        with self.assertRefused(ValidationError, "who comes"):
            self.make_appointment(visitor_name=" \u200f")

    def test_offices_and_roles(self):
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        appointment = self.make_appointment(beneficiary_id=far.id)
        representative = self.user['representative']
        for attempt in (
            lambda: appointment.with_user(representative).read(['who']),
            lambda: appointment.with_user(representative).action_cancel(),
            lambda: self.make_appointment(representative, beneficiary_id=far.id),
            lambda: self.make_appointment(representative, branch_id=self.branch2.id),
            lambda: appointment.write({'state': 'done'}),
            lambda: self.make_appointment(event_id=1),
            lambda: appointment.with_user(self.user['researcher']).read(['who']),
            lambda: appointment.with_user(self.user['auditor']).action_cancel(),
        ):
            with self.subTest(attempt=attempt), self.assertRaises(AccessError):
                attempt()
        own = self.make_appointment(representative)
        with self.assertRaises(AccessError):
            own.branch_id = self.branch2
        self.assertEqual(own.branch_id, self.branch)

    def test_one_who_is_busy_elsewhere_is_not_told_with_whom(self):
        self.make_appointment(beneficiary_id=self.file.id)
        with self.assertRaises(UserError) as caught:
            self.make_appointment(self.user['representative'], user_id=self.relations.id)
        self.assertNotIn("Salem", str(caught.exception))
