from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import volunteering_common
from .volunteering_common import LOGGERS


@tagged('post_install', '-at_install', 'amlaj')
class TestVisitNote(volunteering_common.VolunteeringCommon):
    """A volunteer's visit: assigned by the desk, first name and place, confidentiality signed first, a short note."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relations = cls.user['relations']
        cls.file = cls.make_file("Salem Ali Saad Alharbi", phone='0505550001')

    def sign(self, volunteer=None):
        volunteer = volunteer or self.volunteer
        volunteer.with_user(volunteer.user_id).action_sign_undertaking("Lamia Adel Hassan")

    def assign(self, days=0, volunteer=None, file=None):
        (file or self.file).with_user(self.relations).action_assign_visit((volunteer or self.volunteer).id, self.day(days))
        return (file or self.file).visit_ids[:1]

    def test_the_undertaking_comes_first(self):
        with self.assertRefused(UserError, "cannot be asked"):
            self.assign()
        for name in ('', 'Lamia', None, 5):
            with self.assertRefused(UserError, "full name"):
                self.volunteer.with_user(self.portal).action_sign_undertaking(name)
        self.sign()
        self.assertTrue(self.volunteer.undertaking_at)
        visit = self.assign()
        self.assertEqual((visit.state, visit.channel_id.code, visit.assigned_by_id), ('assigned', 'volunteering', self.relations))
        self.volunteer.undertaking_version = '0'
        with self.assertRefused(UserError, "sign the undertaking"):
            visit.with_user(self.portal).action_note('done', "Well")
        self.assertFalse(visit.with_user(self.portal).read(['first_name'])[0]['first_name'], "a new text is signed anew")

    @mute_logger(*LOGGERS)
    def test_first_name_and_place_and_nothing_else(self):
        self.sign()
        visit = self.assign()
        mine = visit.with_user(self.portal)
        self.assertEqual(mine.read(['first_name', 'place', 'planned_on', 'state'])[0]['first_name'], "Salem")
        self.assertEqual(mine.place, "A village")
        for name in ('beneficiary_id', 'volunteer_id', 'assigned_by_id', 'channel_id', 'create_uid'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                mine.read([name])
        for attempt in (
            lambda: mine.search([('beneficiary_id.name', 'like', 'Salem')]), lambda: mine.write({'note': "x"}),
            lambda: self.file.with_user(self.portal).read(['name']), lambda: mine.action_withdraw(), lambda: mine.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()
        page = self.volunteer.with_user(self.portal).sudo()._my_volunteering()
        self.assertIn("Salem", str(page['visits']))
        for secret in ("Alharbi", self.file.file_number, self.file.phone, self.file.identity_number):
            self.assertNotIn(secret, str(page))
        mine.action_note('done', "The door is broken.")
        self.assertFalse(mine.read(['first_name'])[0]['first_name'], "once noted the name is no longer his to read")
        self.assertFalse(self.volunteer.sudo()._my_volunteering()['visits'])

    @mute_logger(*LOGGERS)
    def test_who_sees_and_who_assigns(self):
        self.sign()
        visit = self.assign()
        for role, user in self.user.items():
            Visit = self.env['amlaj.volunteer.visit'].with_user(user)
            with self.subTest(role=role):
                if role in ('representative', 'relations', 'auditor', 'manager'):
                    self.assertEqual(Visit.search([('id', '=', visit.id)]).volunteer_name, self.volunteer.name)
                else:
                    with self.assertRaises(AccessError):
                        Visit.search_count([])
        for user in (self.coordinator, self.user['auditor'], self.user['researcher'], self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.file.with_user(user).action_assign_visit(self.volunteer.id, self.day())
        far = self.make_file("Far Person", branch_id=self.branch2.id)
        with self.assertRaises(AccessError):
            far.with_user(self.user['representative']).action_assign_visit(self.volunteer.id, self.day())
        stranger = self.make_member("Stranger Helper")
        with self.assertRaises(AccessError):
            visit.with_user(stranger.user_id).action_note('done', "x")
        with self.assertRaises(AccessError):
            self.volunteer.with_user(stranger.user_id).action_sign_undertaking("Stranger Helper")

    def test_the_desk_chooses_among_names_and_numbers_alone(self):
        self.sign()
        minor, unsigned = self.make_member("Young Helper", birth_date=self.birth_of(16)), self.make_member("Unsigned Helper")
        minor.undertaking_version = '1'
        Wizard = self.env['amlaj.volunteer.visit.assign']
        offered = Wizard.with_user(self.relations)._selection_volunteer()
        ours = [row for row in offered if int(row[0]) in (self.volunteer | minor | unsigned).ids]
        self.assertEqual(ours, [(str(self.volunteer.id), f'{self.volunteer.name} ({self.volunteer.number})')])
        self.assertFalse(Wizard.with_user(self.coordinator)._selection_volunteer())
        Wizard.with_user(self.relations).create({
            'beneficiary_id': self.file.id, 'volunteer': str(self.volunteer.id), 'planned_on': self.day(2)}).action_confirm()
        self.assertEqual(self.file.visit_ids.volunteer_id, self.volunteer)
        with self.assertRefused(UserError, "of age"):
            minor.with_user(minor.user_id).action_sign_undertaking("Young Helper")

    def test_nobody_visits_himself_or_whom_he_acts_for(self):
        self.sign()
        own = self.make_file("Lamia Adel Hassan", phone=self.volunteer.phone)
        helped = self.make_file("Helped Person", phone='0505550002')
        self.make_mandate(helped, self.portal, capacity='delegate')
        for file in (own, helped):
            with self.subTest(file=file.name), self.assertRefused(UserError, "cannot be asked"):
                self.assign(file=file)
        mine = self.make_file("Own File", phone='0505550003')
        self.make_mandate(mine, self.relations)
        with self.assertRaises(AccessError):
            self.assign(file=mine)

    def test_bad_input(self):
        self.sign()
        for volunteer_id, day, text in (
            (None, self.day(), "cannot be asked"), ('x', self.day(), "cannot be asked"), (2 ** 40, self.day(), "cannot be asked"),
            (self.volunteer.id, self.day(-1), "still to come"), (self.volunteer.id, 'x', "check the day"),
            (self.volunteer.id, None, "still to come"),
        ):
            with self.subTest(id=volunteer_id, day=day), self.assertRefused(UserError, text):
                self.file.with_user(self.relations).action_assign_visit(volunteer_id, day)
        mine = self.assign(days=2).with_user(self.portal)
        with self.assertRefused(UserError, "not come yet"):
            mine.action_note('done', "x")
        mine.sudo().planned_on = self.day()
        for outcome, note, text in (('assigned', "x", "met the person"), (None, "x", "met"), ('done', '', "short note"),
                                    ('done', None, "short note"), ('withdrawn', "x", "met")):
            with self.subTest(outcome=outcome), self.assertRefused(UserError, text):
                mine.action_note(outcome, note)
        mine.action_note('missed', None)
        with self.assertRefused(UserError, "noted already"):
            mine.action_note('done', "x")
        with self.assertRefused(UserError, "noted already"):
            mine.with_user(self.relations).action_withdraw()
