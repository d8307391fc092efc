from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import committee_common

QUIET = ('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule', 'odoo.orm.models')
ROWS = 300


class CaseListCommon(committee_common.CommitteeCommon):

    @classmethod
    def make_requests(cls, number, service=None):
        """Raised requests of as many files, without each step of the way."""
        service = service or cls.service
        files = cls.env['amlaj.beneficiary'].create([{
            'name': f"Salem Ali Saad Alharbi {rank}", 'birth_date': '1990-02-12', 'phone': '+966501234567',
            'branch_id': cls.branch.id, 'locality_id': cls.locality.id, 'identity_number': cls.next_identity(),
        } for rank in range(number)])
        requests = cls.env['amlaj.request'].create([{
            'beneficiary_id': file.id, 'service_id': service.id, 'description': "The season", 'amount_requested': 100,
        } for file in files])
        now = cls.env.cr.now()
        requests.write({'state': 'committee', 'raised_at': now, 'submitted_at': now})
        return requests

    def listed(self, requests=None, service=None, opened=True, **vals):
        """A session with these requests as one list, and the list; both seen as the secretary."""
        session = self.make_session(state='planned', **vals)
        made = session.action_make_list((service or self.service).id, "Baskets", requests and requests.ids)
        if opened:
            session.action_open()
        return session, made


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseList(CaseListCommon):
    """A list of requests of one service is decided as one case, each row with a decision of its own (R60)."""

    def test_one_decision_for_all_rows(self):
        requests = self.make_requests(4, self.cash)
        session, made = self.listed(service=self.cash)
        self.assertEqual((made.item_count, made.undecided_count, made.requested_total), (4, 4, 400))
        made.action_decide('approved', self.all_for(), amount=250)
        self.assertEqual((made.undecided_count, made.amount_total), (0, 1000))
        decisions = requests.sudo().decision_id
        self.assertEqual(len(decisions), 4)
        for decision in decisions:
            self.assertEqual((decision.result, decision.amount, decision.votes_for), ('approved', 250, 5))
            self.assertEqual(decision.snapshot['dossier']['request']['number'], decision.request_id.name)
            self.assertTrue(decision._is_snapshot_genuine())
        self.assertEqual(set(requests.mapped('state')), {'committee'}, "each waits for its own reply")
        session.action_close()
        requests[0].with_user(self.manager).action_allow_early_reply("Hungry")
        requests[0].with_user(self.relations).action_reply()
        self.assertEqual(requests[:2].mapped('state'), ['approved', 'committee'])

    def test_who_is_in_it(self):
        mine, other = self.make_requests(2), self.make_requests(1, self.cash)
        on_agenda = self.make_request()
        session = self.make_session(on_agenda | other, state='planned')
        made = session.action_make_list(self.service.id, "Baskets")
        self.assertEqual(made._rows().request_id, mine | on_agenda.sudo(), "those that wait, and those on the agenda")
        self.assertEqual(session.single_ids.request_id.ids, other.ids)
        with self.assertRefused(UserError, "No request"):
            session.action_make_list(self.service.id, "Again")

    def test_what_makes_no_list(self):
        requests = self.make_requests(2)
        session = self.make_session(state='planned')
        for service, name in ((None, "Baskets"), (0, "Baskets"), (-1, "Baskets"), ('x', "Baskets"), (self.service.id, ''),
                              (self.service.id, None), (self.service.id, 5)):
            with self.assertRefused(UserError, "choose the service"):
                session.action_make_list(service, name)
        for ids in ([requests[0].id, 2 ** 30], [self.make_requests(1, self.cash).id]):
            with self.assertRefused(UserError, "A list holds"):
                session.action_make_list(self.service.id, "Baskets", ids)
        with self.assertRefused(UserError, "No request"):
            session.action_make_list(self.service.id, "Baskets", [])
        draft = self.make_request(raised=False)
        with self.assertRefused(UserError, "A list holds"):
            session.action_make_list(self.service.id, "Baskets", [draft.id])
        self.assertFalse(session.sudo().list_ids)

    def test_an_objection_stands_by_itself(self):
        request = self.decided('rejected', reply=True)
        request.sudo().action_reopen(1)
        others = self.make_requests(2)
        session = self.make_session(state='planned')
        with self.assertRefused(UserError, "A list holds"):
            session.action_make_list(self.service.id, "Baskets", [request.id])
        self.assertEqual(session.action_make_list(self.service.id, "Baskets")._rows().request_id, others)

    def test_exceptions_are_taken_out_before(self):
        requests = self.make_requests(3)
        session, made = self.listed()
        made.action_take_out(requests[0].ids)
        self.assertEqual(made.item_count, 2)
        for ids in ([], None, requests[0].ids, [0], [2 ** 30]):
            with self.assertRefused(UserError, "Please choose requests"):
                made.action_take_out(ids)
        made.action_decide('approved', self.all_for())
        self.assertFalse(requests[0].sudo().decision_id)
        with self.assertRefused(UserError, "Nothing in this list"):
            made.action_take_out(requests[1].ids)
        session.action_decide(requests[0].ids, 'rejected', self.all_for(), reason_id=self.refusal.id)
        rows = session.with_user(self.seat['m1'].user_id).single_ids
        self.assertEqual(rows.request_id.ids, requests[0].ids)

    def test_a_row_is_taken_out_by_its_own_button(self):
        requests = self.make_requests(2)
        session, made = self.listed()
        session._items(requests[0].ids).action_take_out_of_list()
        self.assertEqual(made._rows().request_id, requests[1])
        action = session._items(requests[1].ids).action_take_out_of_list()
        self.assertEqual((action['res_model'], action['res_id']), (session._name, session.id), "the list is gone")

    def test_a_list_without_rows_is_gone(self):
        requests = self.make_requests(2)
        session, made = self.listed()
        made.action_take_out(requests.ids)
        self.assertFalse(made.sudo().exists())
        self.assertEqual(session.item_count, 2)
        planned, other = self.listed(self.make_requests(2), opened=False)
        planned.write({'request_ids': [Command.clear()]})
        self.assertFalse(other.sudo().exists())

    def test_one_fault_changes_none(self):
        requests = self.make_requests(3)
        session, made = self.listed()
        for name in ('m1', 'm2', 'm3'):
            self.as_member(name, session).action_recuse(requests[1].ids, "My cousin")
        with self.assertRefused(UserError, f"{requests[1].name}.*quorum"):
            made.action_decide('approved', self.all_for())
        self.assertEqual(made.undecided_count, 3)
        with self.assertRefused(UserError, "reason"):
            made.action_decide('rejected', self.all_for())
        made.action_take_out(requests[1].ids)
        made.action_decide('approved', self.all_for())

    def test_a_recorded_vote_counts_where_its_member_did_not_stand_back(self):
        requests = self.make_requests(3)
        session, made = self.listed()
        self.as_member('m1', session).action_recuse(requests[0].ids, "My cousin")
        self.env['amlaj.relation'].create({
            'user_id': self.seat['m2'].user_id.id, 'beneficiary_id': requests[1].beneficiary_id.id, 'kind': 'kin'})
        made.action_decide('approved', self.all_for())
        self.assertEqual([decision.votes_for for decision in requests.sudo().decision_id.sorted('id')], [4, 4, 5])

    def test_a_member_votes_on_all_rows_in_one_step(self):
        requests = self.make_requests(3)
        session, made = self.listed()
        self.as_member('m1', session).action_recuse(requests[0].ids, "My cousin")
        self.as_member('m1', made).action_vote_against()
        self.as_member('m2', made).action_vote_for()
        self.as_member('m3', made).action_vote_abstain()
        votes = session._items().sudo().vote_ids
        self.assertEqual(len(votes.filtered(lambda row: row.member_id == self.seat['m1'])), 2)
        self.assertEqual(len(votes), 8)
        with self.assertRefused(UserError):
            self.as_member('m1', made).action_vote('maybe')
        self.assertEqual(self.as_member('m1', made).my_votes, 3, "stood back from one, voted on two")
        self.assertEqual(
            [self.as_member(name, made).may_vote for name in ('m1', 'chair', 'secretary')], [True, True, False])
        with self.assertRefused(UserError, "has no vote"):
            self.as_member('secretary', made).action_vote('for')
        made.action_decide('approved', self.votes(chair='for', deputy='for'))

    def test_by_circulation(self):
        requests = self.make_requests(2)
        session = self.env['amlaj.committee.session'].with_user(self.seat['secretary'].user_id).create({
            'committee_id': self.committee.id, 'kind': 'circulation'})
        made = session.action_make_list(self.service.id, "Baskets")
        session.action_open()
        for name in ('chair', 'deputy', 'm1', 'm2', 'm3'):
            self.as_member(name, session).action_answer_relations()
        for name in ('chair', 'deputy', 'm1', 'm2'):
            self.as_member(name, made).action_vote_for()
        with self.assertRefused(UserError, "Not yet"):
            made.action_decide('approved')
        self.as_member('m3', made).action_vote_for()
        with self.assertRefused(UserError, "no vote is recorded"):
            made.action_decide('approved', self.all_for())
        made.action_decide('approved')
        self.assertEqual(requests.sudo().decision_id.mapped('result'), ['approved'] * 2)

    def test_a_cancelled_request_leaves_it(self):
        requests = self.make_requests(2)
        __, made = self.listed()
        requests[0].with_user(self.relations).action_cancel("No need")
        self.assertEqual(made.item_count, 1)
        made.action_decide('approved', self.all_for())
        self.assertFalse(requests[0].sudo().decision_id)

    # --- papers ------------------------------------------------------------------------------

    def test_one_line_on_the_papers_and_each_row_in_the_annex(self):
        requests = self.make_requests(3)
        alone = self.make_request(service=self.cash)
        session = self.make_session(alone, state='planned')
        made = session.action_make_list(self.service.id, "Baskets")
        session.action_open()
        paper = self.env['amlaj.paper']
        self.assertEqual(
            [(line['number'], line['first_name']) for line in paper._session_items(session)],
            [(alone.name, "Salem"), ('', "List: Baskets (files: 3)")])
        chair = self.env['ir.actions.report'].with_user(self.seat['chair'].user_id)
        agenda = chair._render_qweb_html('amlaj_beneficiary.report_agenda', session.ids)[0].decode()
        for request in requests:
            self.assertEqual(agenda.count(request.name), 1, "a member stands back from whom he sees")
        made.action_decide('approved', self.all_for(), quantity=2)
        session.action_decide(alone.ids, 'approved', self.all_for(), amount=5)
        html, __ = self.env['ir.actions.report'].with_user(self.seat['chair'].user_id)._render_qweb_html(
            'amlaj_beneficiary.report_minutes', session.ids)
        text = html.decode()
        for request in requests:
            self.assertEqual(text.count(request.name), 1)
        self.assertNotIn("Alharbi", text)

    # --- who ---------------------------------------------------------------------------------

    @mute_logger(*QUIET)
    def test_the_wrong_people(self):
        requests = self.make_requests(2)
        session, made = self.listed()
        self.make_committee('other_')
        strangers = [self.relations, self.manager, self.user['auditor'], self.user['delivery'], self.user['committee'],
                     self.seat['other_chair'].user_id, self.make_portal_user()]
        for user in strangers:
            mine = made.with_user(user)
            for call in (
                lambda record: record.action_decide('approved', self.all_for()), lambda record: record.action_vote('for'),
                lambda record: record.action_vote_for(), lambda record: record.action_take_out(requests[0].ids),
                lambda record: record.write({'name': "Other"}), lambda record: record.unlink(),
                lambda record: session.with_user(record.env.user).action_make_list(self.service.id, "Other"),
            ):
                with self.assertRefused(AccessError):
                    call(mine)
        member = self.as_member('m1', made)
        for call in (
            lambda: member.action_decide('approved', self.all_for()), lambda: member.action_take_out(requests[0].ids),
            lambda: self.as_member('m1', session).action_make_list(self.service.id, "Other"),
            lambda: made.write({'name': "Other"}), lambda: made.unlink(),
            lambda: made.create({'name': "Other", 'session_id': session.id, 'service_id': self.service.id}),
            lambda: session._items().write({'list_id': False}),
            lambda: session.write({'list_ids': [Command.create({'name': "Other", 'service_id': self.service.id})]}),
        ):
            with self.assertRefused(AccessError):
                call()

    def test_who_reads(self):
        self.make_requests(1)
        __, made = self.listed()
        self.make_committee('other_')
        Lists = self.env['amlaj.case.list']
        for role in ('relations', 'researcher', 'privacy_officer', 'auditor', 'manager'):
            self.assertEqual(Lists.with_user(self.user[role]).search([]), made, role)
        self.assertEqual(Lists.with_user(self.seat['m1'].user_id).search([]), made)
        self.assertFalse(Lists.with_user(self.seat['other_m1'].user_id).search([]))
        for user in (self.user['delivery'], self.user['representative'], self.make_portal_user()):
            with mute_logger(*QUIET), self.assertRefused(AccessError):
                Lists.with_user(user).search([])

    def test_a_lead_decides_no_list_with_a_file_of_his_own(self):
        requests = self.make_requests(2)
        __, made = self.listed()
        self.make_mandate(requests[0].beneficiary_id, self.seat['secretary'].user_id)
        with self.assertRefused(AccessError, "his own"):
            made.action_decide('approved', self.all_for())
        self.as_member('chair', made).action_decide('approved', self.all_for())

    # --- the wizards ----------------------------------------------------------------------------

    def test_the_wizards_end_in_the_same_steps(self):
        requests = self.make_requests(3, self.cash)
        session = self.make_session(state='planned')
        secretary = session.env.user
        make = self.env['amlaj.case.list.make'].with_user(secretary).create({
            'session_id': session.id, 'service_id': self.cash.id, 'name': "Season"})
        self.assertEqual((make.count, make.service_ids), (3, self.cash))
        made = self.env['amlaj.case.list'].browse(make.action_confirm()['res_id']).with_user(secretary)
        session.action_open()
        self.as_member('m1', made).action_vote_for()
        decide = self.env['amlaj.case.list.decide'].with_user(secretary).with_context(default_list_id=made.id).create({
            'amount': 100})
        self.assertEqual(decide.amount_total, 300)
        self.assertEqual(decide.line_ids.filtered('is_own').member_id, self.seat['m1'])
        decide.action_confirm()
        self.assertEqual(requests.sudo().decision_id.mapped('amount'), [100] * 3)
        with mute_logger(*QUIET), self.assertRefused(AccessError):
            self.env['amlaj.case.list.decide'].with_user(self.seat['m1'].user_id).with_context(
                default_list_id=made.id).create({}).action_confirm()


@tagged('post_install', '-at_install', 'amlaj')
class TestCaseListCost(CaseListCommon):
    """Three hundred rows are decided in one step; what grows is written in batches (rule 11)."""

    def cost(self, number):
        service = self.make_service(f"Baskets {number}")
        requests = self.make_requests(number, service)
        session, made = self.listed(service=service)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        made.action_decide('approved', self.all_for(), quantity=1)
        self.env.flush_all()
        count = self.env.cr.sql_log_count - before
        self.assertEqual(requests.sudo().decision_id.mapped('result'), ['approved'] * number)
        return session, count

    def test_three_hundred_rows(self):
        self.cost(2)  # what is cached for the whole process is not what is counted
        few, many = self.cost(10)[1], self.cost(ROWS)
        self.assertLess(many[1], few + ROWS // 10, f"{few} queries for ten rows, {many[1]} for {ROWS}")
        session, member = many[0], self.seat['m1'].user_id
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        lines = self.env['amlaj.paper'].with_user(member)._session_items(session.with_user(member))
        self.assertEqual(len(lines), 1)
        self.assertLess(self.env.cr.sql_log_count - before, ROWS // 3)
