from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import ticket_common
from .ticket_common import WORDS

SECRET = "canary-of-the-complaint"


@tagged('post_install', '-at_install', 'amlaj')
class TestTicketLane(ticket_common.TicketCommon):
    """Whom a complaint is about does not see it, at any door; somebody else handles it (R31, A27)."""

    def complaint(self, **vals):
        return self.enter(**{'text': SECRET, 'beneficiary_id': self.file.id, **vals})

    # ------------------------------------------------------------
    # Who is barred
    # ------------------------------------------------------------

    def test_the_employee_and_the_unit(self):
        about_quality = self.complaint(about_user_id=self.quality.id)
        about_unit = self.complaint(about_department_id=self.unit.id)
        self.assertFalse(self.seen(self.quality, about_quality))
        self.assertTrue(self.seen(self.member, about_quality), "the other quality officer handles it")
        self.assertTrue(self.seen(self.manager, about_quality))
        self.assertFalse(self.seen(self.member, about_unit), "a unit below belongs to it")
        self.assertTrue(self.seen(self.quality, about_unit))

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.models')
    def test_no_door_tells_of_it(self):
        self.member.group_ids += self.env.ref('base.group_allow_export')
        before = self.numbers(self.member)
        ticket = self.complaint(about_department_id=self.unit.id, request_id=False)
        attachment = self.env['ir.attachment'].create({
            'name': f'{SECRET}.txt', 'raw': b'x', 'res_model': 'amlaj.ticket', 'res_id': ticket.id})
        ticket.with_user(self.quality).action_answer("We heard them.")
        self.env.flush_all()
        self.env.invalidate_all()
        mine = self.Ticket.with_user(self.member)
        self.assertEqual(self.numbers(self.member), before)
        self.assertGreater(self.numbers(self.quality)['count'], 0)
        number = ticket.name
        for found in (mine.search([('text', 'ilike', SECRET)]), mine.name_search(number), mine.search([('name', '=', number)]),
                      mine.search([('id', 'in', ticket.ids)], order='due_date'),
                      self.env['amlaj.message'].with_user(self.member).search([('body', 'ilike', number)]),
                      self.env['amlaj.message'].with_user(self.member).search([('ticket_id', '!=', False)]),
                      self.env['amlaj.message.attempt'].with_user(self.member).search(
                          [('message_id.ticket_id', '=', ticket.id)]),
                      self.env['ir.attachment'].with_user(self.member).search([('name', 'ilike', SECRET)]),
                      self.env['ir.attachment'].with_user(self.member).search([('res_model', '=', 'amlaj.ticket')]),
                      self.env['amlaj.beneficiary'].with_user(self.member).search(
                          [('message_out_ids.ticket_id', '=', ticket.id)])):
            self.assertFalse(found)
        message = self.env['amlaj.message'].search([('ticket_id', '=', ticket.id)])
        self.assertTrue(message)
        self.assertFalse(self.file.with_user(self.member).message_out_ids & message.with_user(self.member))
        hidden = ticket.with_user(self.member)
        for door in (
                lambda: hidden.read(['name']), lambda: hidden.export_data(['name', 'text']), lambda: hidden.action_take(),
                lambda: hidden.action_answer("x"), lambda: hidden.web_read({'text': {}}), lambda: hidden.exchange_text,
                lambda: attachment.with_user(self.member).read(['datas']), lambda: hidden.get_formview_action() and hidden.name,
                lambda: message.with_user(self.member).read(['body']),
                lambda: self.env['amlaj.ticket.step'].with_user(self.member).create(
                    {'ticket_id': ticket.id, 'step': 'answer', 'text': "x"}),
                lambda: self.env['amlaj.ticket.merge'].with_user(self.member).new(
                    {'ticket_id': ticket.id}).onchange({'ticket_id': ticket.id}, ['ticket_id'], {'ticket_id': {
                        'fields': {'display_name': {}}}}),
                lambda: self.complaint(user=self.member).with_user(self.member).action_merge(ticket.id)):
            with self.assertRaises(AccessError):
                door()
        other = self.complaint()
        with self.assertRaises(AccessError):
            other.with_user(self.member).action_merge(ticket.id)

    def numbers(self, user):
        """All counts that ``user`` can have of complaints."""
        self.env.flush_all()
        self.env.invalidate_all()
        tickets = self.Ticket.with_user(user)
        complaints = [('kind', '=', 'complaint')]
        return {
            'count': tickets.search_count(complaints),
            'groups': tickets.formatted_read_group(complaints, ['lane'], ['__count']),
            'figures': tickets.formatted_read_group([], ['kind'], ['answer_days:avg', 'late_count:sum', '__count']),
            'messages': self.env['amlaj.message'].with_user(user).search_count([]) if user == self.member else 0,
            'tiles': {tile['key']: tile['count'] for tile in self.env['amlaj.home'].with_user(user).get_tiles()
                      if tile['key'].startswith('complaint')},
        }

    @mute_logger('odoo.addons.base.models.ir_model', 'odoo.models')
    def test_chatter_and_activities_have_no_way_in(self):
        ticket = self.complaint(about_user_id=self.member.id)
        self.assertFalse(hasattr(ticket, 'message_post'), "no chatter, no followers, no mail of it")
        self.env['mail.message'].create({
            'model': 'amlaj.ticket', 'res_id': ticket.id, 'body': SECRET, 'message_type': 'comment'})
        self.env.flush_all()
        found = self.env['mail.message'].with_user(self.member).search([('body', 'ilike', SECRET)])
        self.assertFalse(found)
        with self.assertRaises(AccessError):
            self.env['ir.attachment'].with_user(self.member).create(
                {'name': 'x', 'raw': b'x', 'res_model': 'amlaj.ticket', 'res_id': ticket.id}).read(['datas'])
        self.assertFalse(self.env['ir.model.fields'].search([
            ('model', '=', 'amlaj.ticket'), ('name', 'in', ('activity_ids', 'message_ids', 'message_follower_ids'))]))

    def test_no_earlier_record_leads_to_it(self):
        """A request or a file does not tell that somebody complained."""
        ticket = self.complaint(about_user_id=self.relations.id)
        service = self.env['amlaj.service'].create({'name': "Basket (test)", 'kind': 'in_kind'})
        request = self.env['amlaj.request'].create({'beneficiary_id': self.file.id, 'service_id': service.id})
        ticket.request_id = request
        self.env.flush_all()
        self.env.invalidate_all()
        requests = self.env['amlaj.request'].with_user(self.relations)
        self.assertFalse(requests.browse(request.id).ticket_ids)
        for domain in ([('ticket_ids', '!=', False)], [('ticket_ids.text', 'ilike', SECRET)],
                       [('ticket_ids', 'any', [('kind', '=', 'complaint')])], [('ticket_ids', 'in', ticket.ids)]):
            with self.subTest(domain=domain):
                self.assertNotIn(request.id, requests.search(domain).ids)
        self.assertIn(request.id, requests.search([('ticket_ids', '=', False)]).ids)

    def test_users_and_units_do_not_tell_either(self):
        self.complaint(about_user_id=self.member.id)
        for model in ('res.users', 'hr.department', 'hr.employee', 'amlaj.beneficiary', 'amlaj.request'):
            with self.subTest(model=model):
                back = [name for name, field in self.env[model]._fields.items()
                        if field.comodel_name == 'amlaj.ticket' and name != 'ticket_ids']
                self.assertFalse(back)

    # ------------------------------------------------------------
    # Who handles it
    # ------------------------------------------------------------

    def test_a_handler_who_is_moved_to_the_unit(self):
        handler = self.make_user('ticket_handler', 'quality')
        employee = self.env['hr.employee'].create({
            'name': "Handler", 'user_id': handler.id, 'department_id': self.elsewhere.id})
        ticket = self.complaint(about_department_id=self.unit.id)
        ticket.with_user(handler).action_take()
        employee.department_id = self.unit
        self.assertFalse(ticket.user_id, "a colleague takes it")
        self.assertFalse(self.seen(handler, ticket))
        with self.assertRaises(AccessError):
            ticket.with_user(handler).action_answer("Nothing happened.")
        employee.department_id = self.elsewhere
        self.assertFalse(self.seen(handler, ticket), "who leaves it stays barred")
        self.assertTrue(self.seen(self.quality, ticket))

    def test_who_comes_to_the_unit_by_any_way(self):
        ticket = self.complaint(about_department_id=self.unit.id)

        def newcomer(login):
            user = self.make_user(login, 'quality')
            self.assertTrue(self.seen(user, ticket))
            return user

        born = newcomer('ticket_born')
        self.env['hr.employee'].create({'name': "Born", 'user_id': born.id, 'department_id': self.unit.id})
        linked = newcomer('ticket_linked')
        self.env['hr.employee'].create({'name': "Linked", 'department_id': self.sub_unit.id}).user_id = linked
        leader = newcomer('ticket_leader')
        self.unit.manager_id = self.env['hr.employee'].create({'name': "Leader", 'user_id': leader.id})
        planned = newcomer('ticket_planned')
        employee = self.env['hr.employee'].create({
            'name': "Planned", 'user_id': planned.id, 'department_id': self.elsewhere.id})
        employee.create_version({'date_version': '2999-01-01', 'department_id': self.unit.id})
        moved = newcomer('ticket_moved')
        self.env['hr.employee'].create({'name': "Moved", 'user_id': moved.id, 'department_id': self.elsewhere.id})
        self.elsewhere.parent_id = self.unit
        for user in (born, linked, leader, planned, moved):
            with self.subTest(user=user.login):
                self.assertFalse(self.seen(user, ticket))

    def test_about_the_manager_goes_to_the_chair_of_the_board(self):
        self.name_chair()
        for about in ({'about_user_id': self.manager.id}, {'about_kind': 'manager'}):
            ticket = self.complaint(**about)
            self.assertRecordValues(ticket, [{'lane': 'board', 'user_id': self.chair.id}])
            for user in (self.manager, self.manager2, self.quality, self.relations, self.user['auditor']):
                self.assertFalse(self.seen(user, ticket), user.login)
            self.assertTrue(self.seen(self.chair, ticket))
            with self.assertRaises(AccessError):
                ticket.with_user(self.manager2).action_answer("x")
        ticket.with_user(self.chair).action_answer("The board studied it.")
        ticket.with_user(self.chair).action_close()
        self.assertEqual(ticket.state, 'closed')
        self.assertFalse(self.seen(self.chair, self.complaint()), "he sees nothing else")
        tiles = self.env['amlaj.home'].with_user(self.chair).get_tiles()
        self.assertEqual({tile['key']: tile['count'] for tile in tiles}['complaints'], 1)

    def test_without_a_chair_somebody_else_handles_it(self):
        ticket = self.complaint(about_user_id=self.manager.id)
        self.assertEqual(ticket.lane, 'quality')
        self.assertFalse(self.seen(self.manager, ticket))
        self.assertTrue(self.seen(self.quality, ticket))
        self.name_chair()
        self.assertRecordValues(ticket, [{'lane': 'board', 'user_id': self.chair.id}])
        other = self.make_user('ticket_chair2')
        self.env['res.config.settings'].create({'amlaj_board_chair_id': other.id}).set_values()
        self.assertTrue(self.seen(other, ticket))
        with self.assertRaises(AccessError):
            self.seen(self.chair, ticket)

    def test_about_the_chair_himself(self):
        self.name_chair()
        ticket = self.complaint(about_user_id=self.chair.id)
        self.assertEqual(ticket.lane, 'quality')
        self.assertFalse(self.seen(self.chair, ticket))
        self.assertTrue(self.seen(self.manager, ticket))

    def test_where_nobody_is_left_the_chair_handles_it(self):
        self.name_chair()
        everyone = self.env.ref('amlaj_beneficiary.group_manager').all_user_ids | self.env.ref(
            'amlaj_beneficiary.group_quality').all_user_ids
        for user in everyone - self.member:
            self.env['hr.employee'].create({'name': user.name, 'user_id': user.id, 'department_id': self.unit.id})
        self.assertEqual(self.complaint(about_department_id=self.unit.id).lane, 'board')

    def test_named_by_the_person_and_found_by_the_officer(self):
        ticket = self.visit('complaint', about_kind='employee', about_text="The one at window 2")[0]
        self.assertFalse(self.seen(self.relations, ticket))
        with self.assertRefused(UserError, "choose the employee"):
            ticket.with_user(self.quality).action_set_about()
        ticket.with_user(self.quality).action_set_about(self.member.id)
        self.assertFalse(self.seen(self.member, ticket))
        self.assertEqual((ticket.about_kind, ticket.about_text), ('employee', "The one at window 2"))
        step = self.env['amlaj.ticket.step'].with_user(self.manager).create({
            'ticket_id': ticket.id, 'step': 'set_about', 'about_user_id': self.manager.id})
        self.assertEqual(step.action_confirm()['res_model'], 'amlaj.ticket', "out of his own sight: the list")
        self.assertFalse(self.seen(self.manager, ticket))
        self.assertFalse(self.seen(self.member, ticket))

    def test_about_the_quality_officer_by_role(self):
        ticket = self.visit('complaint', about_kind='quality')[0]
        self.assertFalse(self.seen(self.quality, ticket))
        self.assertTrue(self.seen(self.manager, ticket))

    def test_only_a_complaint_is_about_somebody(self):
        ticket = self.enter('enquiry', about_user_id=self.member.id)
        self.assertFalse(ticket.about_user_id)
        with self.assertRefused(UserError, "Only a complaint"):
            ticket.with_user(self.manager).action_set_about(self.member.id)

    def test_the_portal_sees_no_complaint_of_another_holder(self):
        ticket = self.send('complaint')[0]
        self.assertIn(ticket, self.Ticket.with_user(self.holder)._held_ticket(ticket.id))
        for user in (self.follower, self.stranger):
            self.assertFalse(self.Ticket.with_user(user)._held_ticket(ticket.id))
        entered = self.complaint()
        self.assertTrue(self.Ticket.with_user(self.holder)._held_ticket(entered.id), "his own file")
        self.assertFalse(self.Ticket.with_user(self.follower)._held_ticket(entered.id))
        enquiry = self.enter('enquiry', beneficiary_id=self.file.id, text=WORDS)
        self.assertTrue(self.Ticket.with_user(self.follower)._held_ticket(enquiry.id))
        self.file.mandate_ids.filtered(lambda m: m.user_id == self.holder).valid_until = '2020-01-01'
        self.assertFalse(self.Ticket.with_user(self.holder)._held_ticket(ticket.id))

    def test_an_employee_on_his_own_file(self):
        own = self.make_file("Own Person")
        self.make_mandate(own, self.quality)
        ticket = self.complaint(beneficiary_id=own.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.quality).action_answer("x")

    def test_ownership_is_not_given_back_by_rights(self):
        """Whoever gets a wider role is barred as before."""
        ticket = self.complaint(about_user_id=self.relations.id)
        self.relations.group_ids = [Command.link(self.env.ref('amlaj_beneficiary.group_manager').id)]
        self.assertFalse(self.seen(self.relations, ticket))
