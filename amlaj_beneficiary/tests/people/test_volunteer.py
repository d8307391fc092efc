from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import people_common

READERS = ('volunteer_coordinator', 'auditor', 'manager')
LOGGERS = ('odoo.models', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')


@tagged('post_install', '-at_install', 'amlaj')
class TestVolunteer(people_common.PeopleCommon):
    """The register of volunteers: who reads it, who does what, and who is a minor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.make_portal_user('amlaj_helper')
        cls.volunteer = cls.make_volunteer(user=cls.portal)
        cls.other = cls.make_volunteer("Other Helper", phone='0501112223')

    # ------------------------------------------------------------
    # Who reads
    # ------------------------------------------------------------

    def test_the_three_roles_read_all_and_nobody_else_any(self):
        both = self.volunteer | self.other
        for role, user in self.user.items():
            Volunteers = self.env['amlaj.volunteer'].with_user(user)
            with self.subTest(role=role):
                if role in READERS:
                    self.assertLessEqual(set(both.ids), set(Volunteers.search([]).ids))
                else:
                    with self.assertRaises(AccessError), mute_logger(*LOGGERS):
                        Volunteers.search_count([])

    @mute_logger(*LOGGERS)
    def test_a_volunteer_reads_the_few_fields_of_himself(self):
        mine = self.env['amlaj.volunteer'].with_user(self.portal)
        self.assertEqual(mine.search([]).ids, self.volunteer.ids)
        self.assertEqual(mine.browse(self.volunteer.id).read(['number'])[0]['number'], self.volunteer.number)
        for name in ('user_id', 'partner_id', 'lead_id', 'ethics_version', 'guardian_phone', 'name_key', 'activity_ids',
                     'message_ids', 'availability_note'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                mine.browse(self.volunteer.id).read([name])
        for attempt in (
            lambda: mine.browse(self.other.id).read(['name']), lambda: mine.browse(self.volunteer.id).write({'name': "X"}),
            lambda: mine.create({'name': "X"}), lambda: mine.browse(self.volunteer.id).action_pause(),
            lambda: mine.search([('user_id', '=', 1)]), lambda: mine.browse(self.volunteer.id).message_post(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    @mute_logger(*LOGGERS)
    def test_the_coordinator_makes_and_deletes_nobody_and_sees_no_account(self):
        mine = self.volunteer.with_user(self.coordinator)
        mine.write({'availability': 'weekends', 'phone': '٠٥٠٩٩٩٨٨٨٧'})
        self.assertEqual(mine.phone, '+966509998887')
        for attempt in (
            lambda: mine.create({'name': "X"}), lambda: mine.unlink(), lambda: mine.copy(),
            lambda: mine.read(['user_id']), lambda: mine.search([('user_id', '!=', False)]),
            lambda: mine.write({'state': 'ended'}), lambda: mine.write({'number': '1'}),
            lambda: mine.write({'user_id': self.portal.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_auditor_and_manager_change_nothing(self):
        for role in ('auditor', 'manager'):
            mine = self.volunteer.with_user(self.user[role])
            for attempt in (lambda m=mine: m.write({'name': "X"}), lambda m=mine: m.action_pause()):
                with self.subTest(role=role), self.assertRaises(AccessError), mute_logger(*LOGGERS):
                    attempt()

    def test_nobody_acts_on_himself(self):
        own = self.make_volunteer("Own Coordinator", user=self.coordinator).with_user(self.coordinator)
        for attempt in (lambda: own.action_end(), lambda: own.write({'availability': 'any'})):
            with self.assertRaises(AccessError), mute_logger(*LOGGERS):
                attempt()

    # ------------------------------------------------------------
    # What he is
    # ------------------------------------------------------------

    def test_numbers_are_digits_of_his_own(self):
        self.assertTrue(self.volunteer.number.isdecimal())
        self.assertNotEqual(self.volunteer.number, self.other.number)

    def test_a_minor_until_the_birthday(self):
        today = self.env['amlaj.volunteer']._today()
        minor = self.make_volunteer(birth_date=self.birth_of(18, days=-1))
        grown = self.make_volunteer(birth_date=self.birth_of(18))
        unknown = self.make_volunteer(birth_date=False)
        self.assertEqual([v._is_minor() for v in (minor, grown, unknown)], [True, False, True])
        self.assertFalse(minor._is_minor(today.replace(year=today.year + 1)))
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.volunteer_guardian_age', '21')
        self.assertTrue(grown._is_minor())

    def test_bad_birth_dates(self):
        for day in ('2999-01-01', '1870-01-01'):
            with self.subTest(day=day), self.assertRefused(ValidationError, "birth date"):
                self.volunteer.birth_date = day

    def test_the_volunteer_of_an_account(self):
        Volunteers = self.env['amlaj.volunteer'].with_user(self.portal)
        self.assertEqual(Volunteers._of_user(self.portal), self.volunteer)
        self.assertFalse(Volunteers._of_user(self.coordinator))
        self.assertFalse(Volunteers._of_user(self.env['res.users']))

    def test_found_by_any_spelling_and_the_whole_number(self):
        arabic = self.make_volunteer("أسماء بنت عبد الله الجهني")
        Volunteers = self.env['amlaj.volunteer'].with_user(self.coordinator)
        for text in ("اسماء", "عبدالله الجهنى", arabic.number):
            with self.subTest(text=text):
                self.assertIn(arabic.id, [row[0] for row in Volunteers.name_search(text)])
        self.assertNotIn(arabic.id, [row[0] for row in Volunteers.name_search(arabic.number[:3])])

    def test_steps(self):
        mine = self.volunteer.with_user(self.coordinator)
        mine.action_pause()
        with self.assertRefused(UserError, "does not allow"):
            mine.action_pause()
        mine.action_end()
        self.assertEqual((mine.state, mine.ended_on), ('ended', mine._today()))
        mine.action_resume()
        self.assertEqual((mine.state, mine.ended_on), ('active', False))

    def test_beneficiary_and_volunteer_know_nothing_of_each_other(self):
        file = self.make_file(phone='0507654321')
        self.make_mandate(file, self.portal)
        self.assertFalse(self.volunteer._file())
        self.assertEqual(self.env['amlaj.volunteer'].with_user(self.user['manager']).browse(self.volunteer.id).name,
                         "Lamia Adel Hassan")
        with self.assertRaises(AccessError), mute_logger(*LOGGERS):
            file.with_user(self.coordinator).read(['name'])
        for model, other in (('amlaj.volunteer', 'amlaj.beneficiary'), ('amlaj.beneficiary', 'amlaj.volunteer')):
            for name, field in self.env[model]._fields.items():
                self.assertNotEqual(getattr(field, 'comodel_name', None), other, name)

    def test_many_volunteers_cost_the_same(self):
        def cost(volunteers):
            volunteers.invalidate_recordset()
            before = self.env.cr.sql_log_count
            volunteers.with_user(self.coordinator).web_read({
                'number': {}, 'name': {}, 'phone': {}, 'field_ids': {'fields': {'display_name': {}}},
                'availability': {}, 'joined_on': {}, 'state': {}, 'allowed_actions': {}})
            return self.env.cr.sql_log_count - before

        many = self.env['amlaj.volunteer'].union(*(self.make_volunteer(f"Helper {i}") for i in range(12)))
        cost(many[:1])
        few = cost(many[:1])
        self.assertLessEqual(cost(many), few + 1)
