from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestDeskSteps(request_common.RequestCommon):
    """The desk's buttons and small dialogs: each ends in the model's own method, whose guards still run."""

    def step(self, request, step, user=None, **vals):
        return self.env['amlaj.request.step'].with_user(user or self.relations).with_context(
            default_request_id=request.id, default_step=step).create(vals)

    def paper_step(self, paper, step, **vals):
        return self.env['amlaj.request.document.step'].with_user(self.relations).create(
            {'document_id': paper.id, 'step': step, **vals})

    def delivery_step(self, step, user='delivery', **vals):
        about = {f'default_{name}': vals.pop(name) for name in ('delivery_id', 'request_id') if name in vals}
        return self.env['amlaj.delivery.step'].with_user(self.user[user]).with_context(
            default_step=step, **about).create(vals)

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    def test_the_green_button_receives_tells_and_prints(self):
        request = self.match(self.sign(self.ask()))
        action = request.action_receive_and_print()
        self.assertEqual(action['report_name'], 'amlaj_beneficiary.paper_slip')
        self.assertEqual(request.state, 'submitted')
        self.assertTrue(request.verified_at and request.informed_at)

    def test_with_a_paper_missing_it_prints_what_is_missing(self):
        request = self.sign(self.ask())
        action = request.action_receive_and_print()
        self.assertEqual(action['report_name'], 'amlaj_beneficiary.paper_missing')
        self.assertEqual(request.state, 'incomplete')

    def test_the_green_button_takes_no_right_of_its_own(self):
        request = self.match(self.sign(self.ask()))
        with self.assertRaises(AccessError):
            request.with_user(self.user['researcher']).action_receive_and_print()
        self.assertEqual(request.state, 'draft')

    def test_the_slip_has_the_paper_of_the_settings(self):
        request = self.make_request(informed=True)
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.slip_paper', 'roll')
        self.assertEqual(request.action_print_slip()['report_name'], 'amlaj_beneficiary.paper_slip_roll')
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.slip_paper', 'parchment')
        self.assertEqual(request.action_print_slip()['report_name'], 'amlaj_beneficiary.paper_slip')

    def test_all_papers_in_one_tap(self):
        request = self.ask(self.make_service("Two papers", self.lease, self.letter))
        self.assertTrue(request.papers_waiting)
        request.action_match_papers()
        self.assertEqual(set(request.document_ids.mapped('state')), {'matched'})
        request.invalidate_recordset()
        self.assertFalse(request.papers_waiting)
        request.action_match_papers()  # a second tap changes nothing

    def test_what_lacks_on_our_side_stands_apart(self):
        stranger = self.make_file("Not Matched", registered=False)
        request = self.sign(self.ask(file=stranger))
        self.match(request)
        request.action_submit()
        request.invalidate_recordset()
        self.assertIn("identity", request.missing_ours)
        self.assertFalse(request.missing)
        request.action_match_identity()
        request.invalidate_recordset()
        self.assertFalse(request.missing_ours)
        self.assertEqual(stranger.identity_matched_by_id, self.relations)

    def test_the_channel_of_the_desk(self):
        self.assertEqual(self.ask().channel_id.code, 'interview')
        self.assertEqual(self.ask(user=self.user['representative']).channel_id.code, 'representative')

    def test_the_declarations_corner(self):
        request = self.ask()
        before = request.get_signing()
        self.assertEqual((before['name'], before['signed']), (self.file.name, False))
        self.sign(request)
        self.assertEqual(request.get_signing()['signed']['name'], "Salem Alharbi")
        request.description = "Three months are due"
        self.assertFalse(request.get_signing()['signed'], "what was declared changed")
        link = request.action_open_signature_link()
        self.assertTrue(link['qr'].startswith('data:image/svg+xml'))
        with self.assertRaises(AccessError):
            request.with_user(self.user['finance']).get_signing()

    # ------------------------------------------------------------
    # The dialogs
    # ------------------------------------------------------------

    def test_handing_over_needs_a_colleague_and_a_note(self):
        request = self.make_request()
        colleague = self.make_user('amlaj_colleague', 'relations')
        with self.assertRaises(UserError):
            self.step(request, 'handover', note="Please").action_confirm()
        with self.assertRaises(UserError):
            self.step(request, 'handover', user_id=colleague.id, note=" ").action_confirm()
        self.step(request, 'handover', user_id=colleague.id, note="Please call him").action_confirm()
        self.assertEqual(request.user_id, colleague)

    def test_asking_for_completion_prints_the_notice(self):
        request = self.make_request()
        with self.assertRaises(UserError):
            self.step(request, 'ask_completion').action_confirm()
        action = self.step(request, 'ask_completion', note="A clearer photo").action_confirm()
        self.assertEqual(action['report_name'], 'amlaj_beneficiary.paper_missing')
        self.assertEqual((request.state, request.completion_reason), ('incomplete', "A clearer photo"))

    def test_informing_proposes_the_preferred_channel(self):
        request = self.make_request(verified=True)
        phone = self.env['amlaj.channel']._by_code('phone')
        self.file.preferred_channel_id = phone
        step = self.step(request, 'inform')
        self.assertEqual(step.channel_id, phone)
        step.action_confirm()
        self.assertEqual(request.informed_channel_id, phone)

    def test_cancelling_by_a_reason_or_in_own_words(self):
        reason = self.env['amlaj.reason'].search([('kind', '=', 'cancellation')], limit=1)
        request = self.make_request()
        self.step(request, 'cancel', reason_id=reason.id).action_confirm()
        self.assertEqual((request.state, request.cancel_reason), ('cancelled', reason.name))

    def test_only_a_manager_keeps_aside_or_raises_without_a_paper(self):
        waiting = self.make_request('incomplete')
        with self.assertRaises(AccessError):
            self.step(waiting, 'set_aside', note="No answer").action_confirm()
        self.step(waiting, 'set_aside', self.user['manager'], note="No answer").action_confirm()
        self.assertTrue(waiting.is_aside)
        informed = self.make_request(informed=True)
        with self.assertRaises(AccessError):
            self.step(informed, 'raise_exception', note="Urgent").action_confirm()
        self.step(informed, 'raise_exception', self.user['manager'], note="Urgent").action_confirm()
        self.assertEqual((informed.state, informed.raise_exception_reason), ('committee', "Urgent"))

    def test_a_paper_that_came_earlier_or_does_not_agree(self):
        paper = self.ask().document_ids
        yesterday = fields.Date.subtract(paper._today(), days=1)
        with self.assertRaises(UserError):
            self.paper_step(paper, 'receive', received_on=yesterday).action_confirm()
        self.paper_step(paper, 'receive', received_on=yesterday, note="Left at the sub-office").action_confirm()
        self.assertEqual((paper.state, paper.received_on), ('provided', yesterday))
        self.paper_step(paper, 'mismatch', note="Another name").action_confirm()
        self.assertEqual(paper.state, 'mismatch')
        self.assertIn("Another name", paper.remark)

    def test_a_known_paper_says_so(self):
        self.match(self.ask())
        self.assertTrue(self.ask().document_ids.remark)

    # ------------------------------------------------------------
    # Deliveries
    # ------------------------------------------------------------

    def test_the_receipt_is_printed_at_once(self):
        delivery = self.make_delivery()
        step = self.delivery_step('deliver', delivery_id=delivery.id)
        self.assertEqual(step.receiver_name, self.file.name)
        action = step.action_confirm()
        self.assertEqual(action['report_name'], 'amlaj_beneficiary.paper_receipt')
        self.assertEqual(delivery.state, 'delivered')
        self.assertEqual(delivery.display_name, delivery.receipt_number)

    def test_a_failed_delivery_is_planned_again(self):
        delivery = self.make_delivery()
        self.assertEqual(delivery.display_name, delivery.request_id.name)
        tomorrow = fields.Date.add(delivery._today(), days=1)
        self.delivery_step('fail', delivery_id=delivery.id, note="Nobody at home", planned_on=tomorrow).action_confirm()
        self.assertEqual(delivery.request_id.sudo().delivery_ids.mapped('state'), ['failed', 'planned'])
        self.delivery_step('plan', request_id=delivery.request_id.id, what="Second part").action_confirm()
        self.assertEqual(delivery.request_id.sudo().delivery_ids[-1:].what, "Second part")


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestTiles(request_common.RequestCommon):
    """The first screen's numbers of the requests, for every role."""

    def tiles(self, role):
        return {tile['key']: tile for tile in self.env['amlaj.home'].with_user(self.user[role]).get_tiles()}

    def counts(self, role):
        return {key: tile['count'] for key, tile in self.tiles(role).items()}

    def test_each_number_is_its_list(self):
        self.make_request('draft')
        self.make_request(verified=True)
        self.make_request('research')
        self.make_delivery()
        for role, user in self.user.items():
            for key, tile in self.tiles(role).items():
                with self.subTest(role=role, tile=key):
                    rows = self.env[tile['action']['res_model']].with_user(user).web_search_read(
                        tile['action']['domain'], {'id': {}})
                    self.assertEqual(tile['count'], rows['length'])

    def test_a_request_moves_from_tile_to_tile(self):
        request = self.sign(self.ask())
        self.assertEqual(self.counts('relations')['requests_draft'], 1)
        self.match(request).action_submit()
        self.assertEqual(self.counts('relations')['to_verify'], 1)
        request.action_verify()
        self.assertEqual(self.counts('relations')['to_inform'], 1)
        request.action_inform()
        self.assertEqual(self.counts('relations')['to_raise'], 1)
        request.sudo().stage_due = fields.Date.subtract(request._today(), days=1)
        for role in ('relations', 'manager'):
            self.assertEqual(self.counts(role)['late'], 1)
        self.assertEqual(self.counts('researcher')['late'], 0, "not a study")
        request.action_raise()
        self.assertEqual(self.counts('relations')['to_raise'], 0)

    def test_who_studies_and_who_delivers(self):
        self.make_request('research')
        self.make_delivery()
        self.assertEqual(self.counts('researcher')['research'], 1)
        self.assertEqual(self.counts('delivery')['deliveries'], 1)
        for role in ('quality', 'volunteer_coordinator'):
            self.assertFalse({'research', 'deliveries', 'late', 'to_verify'} & self.counts(role).keys(), role)
        self.assertFalse(any(self.counts('finance').values()), "payment sheets alone, and none waits")
