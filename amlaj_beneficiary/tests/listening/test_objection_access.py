from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import objection_common
from .objection_common import WHY


@tagged('post_install', '-at_install', 'amlaj')
class TestObjectionAccess(objection_common.ObjectionCommon):
    """Who sees an objection: the committee on its agenda alone, each role on its screens, nobody by another door (A20)."""

    # ------------------------------------------------------------
    # On the agenda
    # ------------------------------------------------------------

    def test_the_members_read_what_the_applicant_says(self):
        request = self.refused()
        ticket = self.objection(request)
        with self.assertRaises(AccessError):
            ticket.with_user(self.seat['m2'].user_id).read(['text'])
        ticket.with_user(self.manager).action_uphold("A paper was overlooked.")
        session = self.make_session(request)
        item = self.as_member('m2', session.decision_ids)
        for text in ("The lease was with my papers.", ticket.name, "The conditions are not met.", "A paper was overlooked.",
                     "Rejected"):
            self.assertIn(text, str(item.dossier))
        self.assertIn("Objection", item.flag_text)
        [line] = self.env['amlaj.paper']._session_items(session)
        self.assertEqual(line['kind'], "Objection")
        html = self.env['ir.actions.report']._render_qweb_html(
            'amlaj_beneficiary.report_dossier', session.sudo().decision_ids.ids)[0].decode()
        self.assertIn("The lease was with my papers.", html)
        session.action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        self.assertEqual(session.sudo().decision_ids.snapshot['dossier']['objection']['text'], WHY)

    def test_many_objections_on_an_agenda_cost_the_same(self):
        def cost(requests):
            items = self.env['amlaj.decision'].browse(self.make_session(requests).decision_ids.ids)
            items._dossiers()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(sum('objection' in dossier for dossier in items._dossiers().values()), len(requests))
            return self.env.cr.sql_log_count - before

        upheld = self.env['amlaj.request'].with_user(self.relations)
        for __ in range(6):
            ticket = self.objection()
            ticket.with_user(self.manager).action_uphold("We look again.")
            upheld |= ticket.request_id.with_user(self.relations)
        few = cost(upheld[:1])
        self.assertLessEqual(cost(upheld[1:]), few + 1)

    def test_other_files_have_no_objection_in_their_dossier(self):
        session = self.make_session(self.make_request(self.file))
        self.assertNotIn('objection', session.decision_ids._dossier())

    # ------------------------------------------------------------
    # Who reads and writes
    # ------------------------------------------------------------

    def test_who_reads(self):
        ticket = self.objection()
        far = self.objection(self.refused(request=self.make_request(
            self.make_file("Far Person", branch_id=self.branch2.id))), self.relations)
        for role, seen in (('relations', ticket | far), ('manager', ticket | far), ('quality', ticket | far),
                           ('auditor', ticket | far), ('privacy_officer', ticket | far), ('representative', ticket)):
            with self.subTest(role=role):
                self.assertEqual(self.env['amlaj.ticket'].with_user(self.user[role]).search([]).ids, seen.sorted('id', True).ids)
        for user in (*(self.user[role] for role in ('researcher', 'committee', 'delivery', 'finance', 'volunteer_coordinator')),
                     self.seat['chair'].user_id):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env['amlaj.ticket'].with_user(user).search_count([])

    def test_a_complaint_is_not_shown_by_the_objections_rules(self):
        complaint = self.env['amlaj.ticket'].create({'kind': 'complaint', 'text': "x", 'beneficiary_id': self.file.id})
        for user in (self.relations, self.user['representative'], self.user['auditor'], self.holder):
            self.assertNotIn(complaint.id, self.env['amlaj.ticket'].with_user(user).search([]).ids)
        complaint.with_user(self.manager).action_answer("Thank you.")
        self.assertEqual((complaint.state, complaint.answer, complaint.outcome), ('answered', "Thank you.", False))
        with self.assertRefused(UserError, "answered already"):
            complaint.with_user(self.manager).action_uphold("x")

    @mute_logger('odoo.models')
    def test_the_quality_officer_reads_no_name(self):
        ticket = self.objection().with_user(self.user['quality'])
        self.assertEqual(ticket.text, WHY)
        for door in (lambda: ticket.read(['beneficiary_id']), lambda: ticket.web_read({'beneficiary_id': {}}),
                     lambda: ticket.search([('beneficiary_id', 'ilike', "Salem")])):
            with self.assertRaises(AccessError):
                door()

    @mute_logger('odoo.models', 'odoo.addons.base.models.ir_model')
    def test_the_holder_reads_his_own_and_writes_nothing(self):
        ticket = self.objection()
        mine = self.env['amlaj.ticket'].with_user(self.holder)
        self.assertEqual(mine.search([]).ids, ticket.ids)
        self.assertFalse(mine.browse(ticket.id).answer)
        for name in ('outcome', 'answered_by_id', 'entered_by_id', 'user_id', 'decision_id', 'submission_key', 'is_late'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                mine.browse(ticket.id).read([name])
        for attempt in (
            lambda: mine.browse(ticket.id).write({'state': 'answered'}), lambda: mine.browse(ticket.id).unlink(),
            lambda: mine.create({'kind': 'objection', 'text': "x"}), lambda: mine.browse(ticket.id).copy(),
            lambda: mine.browse(ticket.id).action_take(), lambda: mine.browse(ticket.id).action_close(),
            lambda: mine.with_context(default_state='answered').create({'kind': 'enquiry', 'text': "x"}),
            lambda: ticket.request_id.with_user(self.holder).write({'ticket_ids': [(1, ticket.id, {'state': 'closed'})]}),
            lambda: self.env['amlaj.ticket'].with_user(self.manager).create({'kind': 'objection', 'text': "x"}),
            lambda: ticket.with_user(self.manager).write({'state': 'closed'}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        for user in (self.stranger, self.former):
            self.assertFalse(mine.with_user(user).search([]))
            with self.assertRaises(AccessError):
                mine.with_user(user).browse(ticket.id).read(['text'])

    def test_no_default_makes_an_answer(self):
        self.env['ir.default'].set('amlaj.ticket', 'state', 'answered', user_id=self.holder.id)
        self.env['ir.default'].set('amlaj.ticket', 'answer', "Yes", user_id=self.holder.id)
        request = self.refused().with_context(default_state='closed', default_outcome='upheld')
        ticket = self.objection(request)
        self.assertEqual((ticket.state, ticket.answer, ticket.outcome), ('new', False, False))

    # ------------------------------------------------------------
    # The desk's screens
    # ------------------------------------------------------------

    def tiles(self, user):
        return {tile['key']: tile['count'] for tile in self.env['amlaj.home'].with_user(user).get_tiles()}

    def test_tiles(self):
        before = self.tiles(self.manager)['objections']
        ticket = self.objection()
        self.assertEqual(self.tiles(self.manager)['objections'], before + 1)
        self.assertEqual(self.tiles(self.relations)['objections_new'], 1)
        ticket.with_user(self.relations).action_take()
        self.assertEqual(self.tiles(self.relations)['objections_new'], 0)
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=40)):
            self.assertEqual(self.tiles(self.relations)['objections_late'], 1)
        ticket.with_user(self.manager).action_dismiss("No")
        self.assertEqual(self.tiles(self.manager)['objections'], before)
        self.assertEqual(self.tiles(self.relations)['objections_told'], 1)

    def test_to_reply_now_after_a_review(self):
        request = self.refused()
        self.objection(request).with_user(self.manager).action_uphold("We look again.")
        before = self.tiles(self.relations)['to_reply']
        self.make_session(request).action_decide(request.ids, 'approved', self.all_for('deputy', 'm2', 'm3'))
        self.assertEqual(self.tiles(self.relations)['to_reply'], before + 1)

    def test_the_buttons(self):
        request = self.make_request(self.file)
        self.assertNotIn(',object,', request.allowed_actions or '')
        self.refused(request=request)
        request.invalidate_recordset(['allowed_actions'])
        self.assertIn(',object,', request.allowed_actions)
        ticket = self.objection(request)
        request.invalidate_recordset(['allowed_actions'])
        self.assertNotIn(',object,', request.allowed_actions or '')
        self.assertEqual(set(ticket.with_user(self.manager).allowed_actions.strip(',').split(',')),
                         {'take', 'uphold', 'dismiss'})
        self.assertEqual(ticket.with_user(self.relations).allowed_actions, ',take,')

    def test_the_list_costs_the_same_for_many(self):
        names = ['name', 'request_id', 'beneficiary_id', 'received_on', 'due_date', 'user_id', 'outcome', 'state', 'is_late',
                 'origin', 'channel_id']

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            Tickets = self.env['amlaj.ticket'].with_user(self.manager)
            before = self.env.cr.sql_log_count
            Tickets.web_search_read([], {name: {'fields': {'display_name': {}}} if Tickets._fields[name].relational else {}
                                         for name in names})
            return self.env.cr.sql_log_count - before

        self.objection()
        cost()
        few = cost()
        for __ in range(6):
            self.objection()
        self.assertEqual(cost(), few)
