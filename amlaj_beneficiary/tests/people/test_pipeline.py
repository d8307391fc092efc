import re

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .. import common
from . import people_common

LOGGERS = ('odoo.models', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
CANARY = 'canary'
SALES = ('sales_team.group_sale_salesman', 'sales_team.group_sale_salesman_all_leads', 'sales_team.group_sale_manager')
# client, revenue, winning, deal, in any form
SALES_WORDS = re.compile('عميل|عملاء|إيراد|فوز|صفقة|صفقات')


@tagged('post_install', '-at_install', 'amlaj')
class TestPipeline(people_common.PeopleCommon):
    """The sign-ups in the pipeline: seen by the coordinator alone, moved by the rules, in our own words (R42, R69)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls.make_application()
        cls.lead = cls.application.lead_id
        cls.mine = cls.lead.with_user(cls.coordinator)

    # ------------------------------------------------------------
    # Who sees them
    # ------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_no_salesman_sees_a_sign_up_by_any_door(self):
        self.lead.user_id = False
        self.lead.activity_schedule('mail.mail_activity_data_call', summary=CANARY, user_id=self.coordinator.id)
        note = self.lead.message_post(body=CANARY)
        for group in SALES:
            user = new_test_user(self.env, f'seller_{group[-6:]}', group, context=common.NO_MAIL)
            Leads = self.env['crm.lead'].with_user(user)
            with self.subTest(group=group):
                self.assertFalse(Leads.with_context(active_test=False).search([('id', '=', self.lead.id)]))
                self.assertFalse(Leads.search_count([('name', '=', self.lead.name)]))
                self.assertNotIn(self.team, [team for team, __ in Leads._read_group([], ['team_id'], ['__count'])])
                self.assertFalse(Leads.formatted_read_group([('team_id', '=', self.team.id)], ['stage_id'], ['__count']))
                self.assertFalse(Leads.name_search(self.lead.name))
                self.assertFalse(self.env['mail.message'].with_user(user).search([('id', '=', note.id)]))
                self.assertFalse(self.env['mail.activity'].with_user(user).search([('summary', '=', CANARY)]))
                self.assertFalse(self.env['crm.activity.report'].with_user(user).search([('lead_id', '=', self.lead.id)]))
                self.assertNotIn('application_ids', Leads.fields_get())
                for attempt in (
                    lambda: Leads.browse(self.lead.id).read(['name']), lambda: Leads.browse(self.lead.id).message_post(),
                    lambda: Leads.browse(self.lead.id).write({'user_id': user.id}),
                    lambda: Leads.browse(self.lead.id).action_make_volunteer(),
                    lambda: Leads.browse(self.lead.id).action_open_chat(),
                    lambda: Leads.browse(self.lead.id).copy(), lambda: Leads.search([('application_ids.name', 'ilike', 'S')]),
                    lambda: Leads.create({'name': "X", 'team_id': self.team.id}),
                    lambda: Leads.create({'name': "X", 'team_id': False}).write({'team_id': self.team.id}),
                    lambda: self.env['amlaj.volunteer.application'].with_user(user).search([]),
                    lambda: note.with_user(user).read(['body']),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_a_salesmans_own_leads_are_his_as_before(self):
        user = new_test_user(self.env, 'seller', SALES[0], context=common.NO_MAIL)
        Leads = self.env['crm.lead'].with_user(user)
        own = Leads.create({'name': "A partner's enquiry"})
        teamless = self.env['crm.lead'].create({'name': "No team", 'team_id': False, 'user_id': False})
        self.assertLessEqual({own.id, teamless.id}, set(Leads.search([]).ids))
        ours = self.env['crm.team'].search([('keeper_group_id', '!=', False)])
        self.assertEqual(len(ours), 2)
        self.assertFalse(own.team_id & ours)
        (self.env['crm.team'].search([]) - ours).active = False
        self.assertFalse(Leads.create({'name': "No other team"}).team_id)
        own.write({'expected_revenue': 5})
        self.assertIn('expected_revenue', Leads.fields_get())

    @mute_logger(*LOGGERS)
    def test_no_role_but_the_coordinator_reads_them(self):
        for role, user in self.user.items():
            for record in (self.application, self.lead):
                with self.subTest(role=role, model=record._name):
                    self.assertEqual(
                        record.with_user(user).has_access('read'), role == 'volunteer_coordinator')
        supporters = self.env['crm.lead'].create({
            'name': "S", 'team_id': self.env.ref('amlaj_beneficiary.crm_team_supporters').id})
        self.assertTrue(supporters.with_user(self.coordinator).has_access('read'))
        self.assertFalse(self.env['crm.lead'].create({'name': "Other"}).with_user(self.coordinator).has_access('read'))
        with self.assertRaises(AccessError):
            self.application.with_user(self.make_portal_user()).read(['name'])

    @mute_logger(*LOGGERS)
    def test_who_is_no_coordinator_any_more_sees_nothing_at_once(self):
        self.assertTrue(self.mine.has_access('read'))
        self.coordinator.group_ids = self.env.ref('base.group_user')
        self.assertFalse(self.env['crm.lead'].with_user(self.coordinator).has_access('read'))

    def test_messages_to_people_who_help_are_the_coordinators(self):
        young = self.make_application(
            "Young Person", birth_date=self.birth_of(17), guardian_name="Old Person", guardian_phone='0550000001')
        message = self.env['amlaj.message'].search([('application_id', '=', young.id)])
        file = self.make_file()
        self.env['amlaj.message']._prepare_messages([{'beneficiary_id': file.id, 'body': "Call us."}])
        for role in ('relations', 'representative', 'manager', 'auditor', 'privacy_officer'):
            with self.subTest(role=role):
                self.assertNotIn(message.id, self.env['amlaj.message'].with_user(self.user[role]).search([]).ids)
        mine = self.env['amlaj.message'].with_user(self.coordinator)
        self.assertEqual(mine.search([]).ids, message.ids)
        self.assertIn('wa.me/966550000001', mine.browse(message.id).action_open_chat()['url'])
        mine.browse(message.id).action_mark_sent()
        self.assertEqual(message.state, 'sent')

    # ------------------------------------------------------------
    # What may be done with them
    # ------------------------------------------------------------

    @mute_logger(*LOGGERS)
    def test_a_lead_of_ours_stays_what_it_is(self):
        other_team = self.env['crm.team'].create({'name': "Sales"})
        for vals in ({'team_id': other_team.id}, {'team_id': False}, {'name': "X"}, {'partner_id': 1}, {'active': False},
                     {'probability': 0}, {'expected_revenue': 5}, {'description': "x"}, {'type': 'lead'}, {'email_from': "x@y.z"},
                     {'application_ids': [Command.update(self.application.id, {'number': '1'})]}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.mine.write(vals)
        for attempt in (
            lambda: self.mine.action_set_lost(), lambda: self.mine.action_archive(), lambda: self.mine.unlink(),
            lambda: self.mine.copy(),
            lambda: self.mine.convert_opportunity(self.env['res.partner']),
            lambda: self.mine.create({'name': "X", 'team_id': self.team.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual((self.lead.team_id, self.lead.active, self.lead.type), (self.team, True, 'opportunity'))

    def test_stages_by_hand_and_by_steps(self):
        self.mine.stage_id = self.stage('contacted')
        self.mine.user_id = self.coordinator
        self.mine.stage_id = self.stage('interview')
        self.assertRecordValues(self.lead, [{
            'team_id': self.team.id, 'user_id': self.coordinator.id, 'stage_id': self.stage('interview').id}])
        for stage in (self.stage('accepted'), self.stage('declined')):
            with self.assertRefused(UserError, "use the buttons"):
                self.mine.stage_id = stage
        with self.assertRefused(UserError, "another team"):
            self.mine.stage_id = self.env.ref('crm.stage_lead4')
        self.mine.action_decline()
        self.assertEqual((self.lead.stage_id, self.application.open_key), (self.stage('declined'), False))
        for attempt in (lambda: self.mine.action_decline(), lambda: self.mine.action_make_volunteer(),
                        lambda: self.mine.write({'stage_id': self.stage('new').id}),
                        lambda: self.application.with_user(self.coordinator).write({'phone': '0551112223'})):
            with self.assertRefused(UserError, "is closed"):
                attempt()

    def test_only_our_stages_stand_in_the_pipeline(self):
        ours = self.env['crm.stage'].search([('team_ids', 'in', self.team.id)])
        self.assertEqual(len(ours), 6)
        self.assertFalse(any(ours.mapped('is_won')))
        Leads = self.env['crm.lead'].with_user(self.coordinator).with_context(default_team_id=self.team.id)
        self.assertEqual(Leads._read_group_stage_ids(self.env['crm.stage'], []), ours)
        user = new_test_user(self.env, 'seller', SALES[0], context=common.NO_MAIL)
        self.assertFalse(self.env['crm.lead'].with_user(user)._read_group_stage_ids(self.env['crm.stage'], []) & ours)

    def test_chat_and_notes(self):
        action = self.mine.action_open_chat()
        self.assertTrue(action['url'].startswith('https://wa.me/966551234567?text='))
        self.mine.message_post(body=CANARY, message_type='comment')
        self.mine.activity_schedule('mail.mail_activity_data_call', user_id=self.coordinator.id)
        self.assertTrue(self.mine.activity_ids)

    def test_an_application_entered_by_staff(self):
        Applications = self.env['amlaj.volunteer.application'].with_user(self.coordinator)
        entered = Applications.create({
            'name': "Came To Us", 'phone': '٠٥٥٣٣٣٣٣٣٣', 'birth_date': '1980-01-01', 'field_ids': [self.field.id]})
        self.assertRecordValues(entered, [{'origin': 'staff', 'phone': '+966553333333', 'ethics_version': False}])
        self.assertEqual(entered.lead_id.team_id, self.team)
        for vals in ({'birth_date': self.birth_of(16)}, {'birth_date': self.birth_of(0, 1)}, {'name': "😀"}, {'phone': 'x'},
                     {'birth_date': self.birth_of(16), 'guardian_name': "Old Person", 'guardian_phone': '0553333333'}):
            with self.subTest(vals=vals), self.assertRefused(UserError, "."):
                Applications.create({'name': "Came To Us Too", 'phone': '0553333333', 'birth_date': '1980-01-01', **vals})
        with self.assertRaises(AccessError), mute_logger(*LOGGERS):
            Applications.create({
                'name': "Came To Us", 'phone': '0554444444', 'birth_date': '1980-01-01', 'guardian_consents': True})

    def test_what_the_guardian_answered_for_stays(self):
        young = self.make_application(
            "Young Person", birth_date=self.birth_of(17), guardian_name="Old Person", guardian_phone='0550000001')
        mine = young.with_user(self.coordinator)
        with self.assertRefused(UserError, "has not answered"):
            mine.action_make_volunteer()
        young._take_guardians_answer("Old Person", True)
        with self.assertRefused(UserError, "stay as they are"):
            mine.birth_date = '1990-01-01'
        mine.action_make_volunteer()
        self.assertTrue(young.volunteer_id._is_minor())

    # ------------------------------------------------------------
    # Words
    # ------------------------------------------------------------

    def test_no_word_of_a_sale_on_any_screen(self):
        self.env['res.lang']._activate_lang('ar_001')
        modules = self.env['ir.module.module'].search([('name', 'in', ('amlaj_beneficiary', 'crm', 'sales_team'))])
        modules._update_translations(['ar_001'])
        action = self.env.ref('amlaj_beneficiary.crm_lead_action_volunteer')
        Leads = self.env['crm.lead'].with_user(self.coordinator).with_context(lang='ar_001')
        views = [(view.view_id.id, view.view_mode) for view in action.view_ids] + [(action.search_view_id.id, 'search')]
        self.assertEqual(len(views), 4)
        loaded = Leads.get_views(views, {'toolbar': True})
        for kind, view in loaded['views'].items():
            with self.subTest(view=kind):
                self.assertFalse(SALES_WORDS.search(view['arch']), view['arch'])
                used = {node.get('name') for node in etree.fromstring(view['arch']).iter('field')}
                for name in used & Leads._fields.keys():
                    said = str(Leads.fields_get([name]).get(name, ''))
                    self.assertFalse(SALES_WORDS.search(said), f'{name}: {said}')
                self.assertFalse(SALES_WORDS.search(str(view.get('toolbar'))), view.get('toolbar'))
        for name, words in Leads.fields_get().items():
            self.assertFalse(SALES_WORDS.search(f"{words['string']} {words.get('help', '')}"), f'{name}: {words}')
        for text in (action.with_context(lang='ar_001').name, *Leads.env['crm.stage'].search([
                ('team_ids', 'in', self.team.id)]).mapped('name'), self.team.with_context(lang='ar_001').name):
            self.assertFalse(SALES_WORDS.search(text), text)

    def test_the_pipeline_costs_the_same_for_many(self):
        spec = {name: {} for name in ('name', 'applicant_name', 'applicant_age', 'applicant_availability', 'guardian_state')}

        def cost(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.with_user(self.coordinator).web_read(spec)
            return self.env.cr.sql_log_count - before

        many = self.env['crm.lead'].union(*(
            self.make_application(f"Person {'abcdefghijkl'[i]}", phone=f'055100000{i}').lead_id for i in range(9)))
        cost(many[:1])
        few = cost(many[:1])
        self.assertLessEqual(cost(many), few + 1)
