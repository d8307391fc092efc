from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .. import common

MODULE = 'amlaj_beneficiary.'
# What each role sees in the app, in the order of the work. A new menu is added here for each role that sees it.
DESK = ['menu_root', 'menu_home', 'menu_find', 'menu_files', 'menu_beneficiary', 'menu_mandate',
        'menu_change_request', 'menu_requests', 'menu_request', 'menu_request_late', 'menu_help_plan', 'menu_delivery',
        'menu_messages']
OVERSIGHT = ['menu_oversight', 'menu_access_log']
CONFIGURATION = ['menu_configuration', 'menu_catalogue', 'menu_service', 'menu_document_type', 'menu_category',
                 'menu_reason', 'menu_places', 'menu_branch', 'menu_locality', 'menu_channel']
COMMITTEE = ['menu_committee', 'menu_committee_session', 'menu_decision']
REPLY = ['menu_awaiting_reply']
MONEY = ['menu_money', 'menu_fund']
CASH = ['menu_money', 'menu_payment_sheet']
LISTENING = ['menu_listening', 'menu_objection']
SEAT = ['menu_my_agenda', 'menu_case_list', 'menu_vote_confirm', 'menu_relation']
MENUS = {
    'representative': [*DESK, 'menu_distribution', *LISTENING],
    'relations': [*DESK, *COMMITTEE, *REPLY, *LISTENING],
    'researcher': ['menu_root', 'menu_home', 'menu_find', 'menu_files', 'menu_beneficiary', 'menu_mandate',
                   'menu_requests', 'menu_request', 'menu_request_late', *COMMITTEE],
    'committee': ['menu_root', 'menu_home', *COMMITTEE, *SEAT, *MONEY],
    'delivery': ['menu_root', 'menu_home', 'menu_find', 'menu_requests', 'menu_request', 'menu_help_plan',
                 'menu_delivery', 'menu_distribution', *CASH],
    'volunteer_coordinator': ['menu_root', 'menu_home'],
    'privacy_officer': ['menu_root', 'menu_home', 'menu_find', 'menu_files', 'menu_beneficiary', 'menu_mandate',
                        'menu_change_request', 'menu_requests', 'menu_request', *COMMITTEE, *LISTENING, *OVERSIGHT],
    'quality': ['menu_root', 'menu_home', *LISTENING, 'menu_rating'],
    'finance': ['menu_root', 'menu_home', *MONEY, *CASH],
    'auditor': ['menu_root', 'menu_home', 'menu_find', 'menu_files', 'menu_beneficiary', 'menu_mandate',
                'menu_change_request', 'menu_requests', 'menu_request', 'menu_request_late', 'menu_help_plan', 'menu_delivery',
                'menu_distribution', *COMMITTEE, *REPLY, 'menu_early_reply', 'menu_relation', *MONEY, *CASH, *LISTENING,
                *OVERSIGHT],
    'manager': [*DESK, 'menu_import', 'menu_distribution', *COMMITTEE, *REPLY, 'menu_early_reply', 'menu_relation', *MONEY, *CASH,
                *LISTENING, *OVERSIGHT, *CONFIGURATION, 'menu_committee_configuration'],
}
SUPPORT = ['menu_supporter', 'menu_pledge', 'menu_inkind_receipt']
# What each room's menus add to these, by role.
ADDED = [
    {  # listening
        'representative': ['menu_ticket', 'menu_ticket_new', 'menu_rating', 'menu_improvement', 'menu_rating_mine'],
        'relations': ['menu_ticket', 'menu_ticket_new', 'menu_rating', 'menu_improvement', 'menu_rating_mine'],
        'quality': ['menu_ticket', 'menu_ticket_new', 'menu_complaint', 'menu_ticket_figures', 'menu_improvement',
                    'menu_rating_answer', 'menu_rating_comment', 'menu_survey_round'],
        'auditor': ['menu_ticket', 'menu_ticket_figures', 'menu_rating', 'menu_improvement', 'menu_survey_round'],
        'manager': ['menu_ticket', 'menu_ticket_new', 'menu_complaint', 'menu_ticket_figures', 'menu_ready_answer',
                    'menu_rating', 'menu_improvement', 'menu_survey_round', 'menu_rating_coaching'],
        'researcher': ['menu_listening', 'menu_improvement', 'menu_rating_mine'],
        'committee': ['menu_listening', 'menu_improvement'],
        'delivery': ['menu_listening', 'menu_improvement', 'menu_rating_mine'],
        'volunteer_coordinator': ['menu_listening', 'menu_improvement'],
        'privacy_officer': ['menu_rating', 'menu_improvement'],
        'finance': ['menu_listening', 'menu_improvement'],
    },
    {  # reception and knowledge
        'representative': ['menu_reception', 'menu_reception_today', 'menu_contact', 'menu_appointment',
                           'menu_referral', 'menu_tools', 'menu_unmet_need', 'menu_sign_sheet'],
        'relations': ['menu_reception', 'menu_reception_today', 'menu_contact', 'menu_appointment', 'menu_referral',
                      'menu_tools', 'menu_unmet_need', 'menu_sign_sheet'],
        'researcher': ['menu_reception', 'menu_referral', 'menu_tools'],
        'privacy_officer': ['menu_reception', 'menu_reception_today', 'menu_contact', 'menu_appointment',
                            'menu_referral'],
        'quality': ['menu_reception', 'menu_tools', 'menu_unmet_need'],
        'auditor': ['menu_reception', 'menu_reception_today', 'menu_contact', 'menu_appointment', 'menu_referral',
                    'menu_tools', 'menu_unmet_need'],
        'manager': ['menu_reception', 'menu_reception_today', 'menu_contact', 'menu_appointment', 'menu_referral',
                    'menu_tools', 'menu_unmet_need', 'menu_sign_sheet', 'menu_knowledge', 'menu_faq', 'menu_notion',
                    'menu_guide', 'menu_need_kind', 'menu_partner_body'],
    },
    {  # research
        'representative': ['menu_visit'],
        'relations': ['menu_visit'],
        'researcher': ['menu_case_study', 'menu_visit'],
        'auditor': ['menu_visit'],
        'manager': ['menu_visit', 'menu_case_study', 'menu_score_rule', 'menu_score_band'],
    },
    {  # people
        'representative': ['menu_volunteer_visit'],
        'relations': ['menu_volunteer_visit'],
        'volunteer_coordinator': ['menu_sign_up', 'menu_application', 'menu_people_message', 'menu_people',
                                  'menu_volunteer', 'menu_agreement', 'menu_volunteer_opportunity',
                                  'menu_volunteer_participation', 'menu_volunteer_hours', 'menu_volunteer_certificate',
                                  'menu_volunteer_report', 'menu_volunteer_field', 'menu_volunteer_skill', 'menu_support_offer',
                                  *SUPPORT, 'menu_supporter_interest'],
        'auditor': ['menu_people', 'menu_volunteer', 'menu_agreement', 'menu_volunteer_opportunity',
                    'menu_volunteer_participation', 'menu_volunteer_hours', 'menu_volunteer_certificate',
                    'menu_volunteer_report', 'menu_volunteer_visit', *SUPPORT],
        'manager': ['menu_volunteer_visit', 'menu_people', 'menu_volunteer', 'menu_agreement',
                    'menu_volunteer_opportunity', 'menu_volunteer_participation', 'menu_volunteer_hours',
                    'menu_volunteer_certificate', 'menu_volunteer_report', 'menu_volunteer_field',
                    'menu_volunteer_skill', *SUPPORT, 'menu_supporter_interest'],
    },
]
MENUS = {role: [*menus, *(menu for room in ADDED for menu in room.get(role, ()))] for role, menus in MENUS.items()}


@tagged('post_install', '-at_install', 'amlaj')
class TestMenus(common.AmlajCommon):
    """Each role sees exactly its own menus, and each of them opens."""

    def menus_of(self, user):
        """The menus of the app that this user reaches from its root."""
        loaded = self.env['ir.ui.menu'].with_user(user).load_menus(False)
        reached = []
        waiting = [self.env.ref(MODULE + 'menu_root').id] if self.env.ref(MODULE + 'menu_root').id in loaded else []
        while waiting:
            reached.append(waiting.pop())
            waiting += loaded[reached[-1]]['children']
        return self.env['ir.ui.menu'].browse(reached)

    def open_window(self, action, user):
        """Load the action's views and read its rows, as the web client does, with the user's own rights."""
        Model = self.env[action['res_model']].with_user(user)
        views = [(view_id, kind) for view_id, kind in action['views']]
        loaded = Model.get_views([*views, (False, 'search')], {'toolbar': True})
        for kind, view in loaded['views'].items():
            if kind not in ('list', 'kanban'):
                continue
            names = {node.get('name') for node in etree.fromstring(view['arch']).iter('field')
                     if not any(up.tag == 'field' for up in node.iterancestors())}
            context = safe_eval(action['context'] or '{}', {'uid': user.id})
            domain = safe_eval(action['domain'] or '[]', {'uid': user.id, 'active_id': 0})
            Model.with_context(**context).web_search_read(domain, {name: {} for name in names & Model._fields.keys()})
        self.open_form(Model, loaded['views'].get('form'))

    def open_form(self, Model, view):
        """Read what the form shows, its lines too."""
        record = Model.search([], limit=1)
        if view and record:
            names = {node.get('name') for node in etree.fromstring(view['arch']).iter('field')
                     if not any(up.tag == 'field' for up in node.iterancestors())}
            lines = {'fields': {'display_name': {}}}
            record.web_read({
                name: lines if Model._fields[name].relational else {} for name in names & Model._fields.keys()})

    def test_each_role_sees_its_menus_and_opens_them(self):
        file = self.make_file()
        self.make_mandate(file)
        self.env['amlaj.message']._prepare_messages([{'beneficiary_id': file.id, 'body': "Call us."}])
        service = self.env['amlaj.service'].create({'name': "A service", 'requirement_ids': [
            Command.create({'document_type_id': self.env['amlaj.document.type'].search([], limit=1).id})]})
        request = self.env['amlaj.request'].create({'beneficiary_id': file.id, 'service_id': service.id})
        request.action_sign('paper', name="Salem")
        request.state = 'approved'
        request.action_start_delivery()
        for role, user in self.user.items():
            menus = self.menus_of(user)
            names = {menu.get_external_id()[menu.id].removeprefix(MODULE) for menu in menus}
            with self.subTest(role=role):
                self.assertEqual(names, set(MENUS[role]))
            for menu in menus.filtered('action'):
                with self.subTest(role=role, menu=menu.complete_name):
                    action = self.env[menu.action._name].with_user(user)._for_xml_id(
                        menu.action.get_external_id()[menu.action.id])
                    if action['type'] == 'ir.actions.act_window':
                        self.open_window(action, user)
                    else:
                        self.env['amlaj.home'].with_user(user).get_home()

    def test_a_colleague_outside_the_app_sees_nothing_of_it(self):
        self.assertFalse(self.menus_of(self.make_user('amlaj_outsider')))

    def test_lists_never_tell_what_is_asked_for(self):
        telling = {'service_id', 'service_kind', 'description', 'answers', 'answers_form', 'category_ids', 'what',
                   'amount', 'amount_requested', 'iban', 'priority_reason', 'body', 'text', 'answer'}
        for model in ('amlaj.beneficiary', 'amlaj.request', 'amlaj.delivery', 'amlaj.message', 'amlaj.mandate', 'amlaj.ticket'):
            views = self.env['ir.ui.view'].search([('model', '=', model), ('type', 'in', ('list', 'kanban'))])
            self.assertTrue(views, model)
            for view in views:
                names = {node.get('name') for node in etree.fromstring(view.get_combined_arch()).iter('field')}
                # who calls reads out on his phone what is sent: it never says the kind of help (see test_outgoing_texts)
                read_out = {'body'} if (model, view.type) == ('amlaj.message', 'kanban') else set()
                self.assertFalse(names & telling - read_out, view.name)
