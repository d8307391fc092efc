from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..registry.entry_common import CLOCK
from . import people_common

SCRIPT = '<script>alert("x")</script>'
OFFER = "خمسون شتلة سدر"


class SupporterBuilders(people_common.PeopleBuilders):
    """Builders of supporters, pledges and receipts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Supporter = cls.env['amlaj.supporter']
        cls.interest = cls.env.ref('amlaj_beneficiary.supporter_interest_planting')

    @classmethod
    def make_supporter(cls, name="Salem Obaid Almutairi", **vals):
        return cls.Supporter.with_user(cls.coordinator).create({
            'name': name, 'phone': '0501112233', 'offer': OFFER, **vals})

    def make_pledge(self, supporter, **vals):
        return self.env['amlaj.pledge'].with_user(self.coordinator).create({
            'supporter_id': supporter.id, 'what': "Baskets", 'quantity': 10, **vals})

    def make_receipt(self, supporter, **vals):
        return self.env['amlaj.inkind.receipt'].with_user(self.coordinator).create({
            'supporter_id': supporter.id, 'line_ids': [Command.create({'what': "Blankets", 'quantity': 4, 'unit': "pieces"})],
            **vals})


@tagged('post_install', '-at_install', 'amlaj')
class TestSupporter(SupporterBuilders, people_common.PeopleCommon):
    """From the offer to the receipt and the thanks (R5; form 13)."""

    # ------------------------------------------------------------
    # The pipeline
    # ------------------------------------------------------------

    def test_the_offer_moves_through_the_pipeline(self):
        supporter = self.make_supporter()
        lead = supporter.lead_id
        stage = {name: self.env.ref(f'amlaj_beneficiary.crm_stage_supporter_{name}')
                 for name in ('new', 'contacted', 'accepted', 'declined')}
        self.assertEqual((lead.team_id, lead.stage_id), (self.env.ref('amlaj_beneficiary.crm_team_supporters'), stage['new']))
        self.assertFalse(lead.sudo().partner_id or lead.sudo().phone)
        self.assertNotIn("Salem", lead.name)
        mine = lead.with_user(self.coordinator)
        mine.stage_id = stage['contacted']
        for closed in ('accepted', 'declined'):
            with self.assertRefused(UserError, "use the buttons"):
                mine.stage_id = stage[closed]
        with self.assertRefused(UserError, "another team"):
            mine.stage_id = self.stage('contacted')
        mine.action_make_supporter()
        self.assertRecordValues(supporter, [{'state': 'active', 'since': supporter._today(), 'open_key': False}])
        self.assertEqual(lead.stage_id, stage['accepted'])
        with self.assertRefused(UserError, "step that comes now"):
            supporter.action_decline()
        supporter.action_end()
        supporter.action_take_up()
        self.assertEqual(supporter.state, 'active')

    def test_declined(self):
        supporter = self.make_supporter()
        supporter.lead_id.with_user(self.coordinator).action_decline_offer()
        self.assertEqual((supporter.state, supporter.lead_id.stage_id),
                         ('declined', self.env.ref('amlaj_beneficiary.crm_stage_supporter_declined')))

    def test_salesmen_do_not_see_it(self):
        supporter = self.make_supporter()
        salesman = self.make_user('supporter_salesman')
        salesman.group_ids += self.env.ref('sales_team.group_sale_manager')
        self.assertFalse(self.env['crm.lead'].with_user(salesman).search([('id', '=', supporter.lead_id.id)]))
        with self.assertRaises(AccessError):
            supporter.lead_id.with_user(salesman).action_open_supporter()
        self.assertTrue(self.env['crm.lead'].with_user(self.coordinator).search([('supporter_ids.name', 'ilike', "Salem")]))

    def test_who_may(self):
        supporter = self.make_supporter()
        pledge, receipt = self.make_pledge(supporter), self.make_receipt(supporter)
        readers = {'manager', 'auditor', 'volunteer_coordinator'}
        for role, user in self.user.items():
            for record in (supporter, pledge, receipt, receipt.line_ids):
                mine = record.with_user(user)
                self.assertEqual(mine.has_access('read'), role in readers, (role, record))
                self.assertEqual(mine.has_access('write'), role == 'volunteer_coordinator', (role, record))
            if role == 'volunteer_coordinator':
                continue
            for door in (lambda u=user: supporter.with_user(u).action_make_supporter(),
                         lambda u=user: pledge.with_user(u).action_receive(),
                         lambda u=user: pledge.with_user(u).action_withdraw(),
                         lambda u=user: receipt.with_user(u).action_issue()):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    door()
        with self.assertRaises(AccessError):
            supporter.write({'state': 'active'})
        with self.assertRaises(AccessError):
            pledge.write({'state': 'received'})
        with self.assertRaises(AccessError):
            receipt.write({'number': '1', 'state': 'issued'})

    # ------------------------------------------------------------
    # Pledges and receipts
    # ------------------------------------------------------------

    def test_a_pledge_is_received(self):
        supporter = self.make_supporter()
        today = supporter._today()
        pledge = self.make_pledge(supporter, due_date=fields.Date.subtract(today, days=1))
        self.assertTrue(pledge.is_late)
        self.assertIn(pledge, pledge.search([('is_late', '=', True)]))
        action = pledge.action_receive()
        receipt = self.env['amlaj.inkind.receipt'].with_user(self.coordinator).browse(action['res_id'])
        self.assertRecordValues(receipt.line_ids, [{'what': "Baskets", 'quantity': 10, 'pledge_id': pledge.id}])
        self.assertEqual(pledge.state, 'promised', "a draft receives nothing")
        receipt.action_issue()
        self.assertRecordValues(pledge, [{'state': 'received', 'receipt_id': receipt.id, 'is_late': False}])
        with self.assertRefused(UserError, "waits for nothing"):
            pledge.action_withdraw()
        receipt.action_cancel("Written twice")
        self.assertRecordValues(pledge, [{'state': 'promised', 'receipt_id': False}])

    def test_receipts_have_serial_numbers_and_stay_as_they_are(self):
        supporter = self.make_supporter()
        first, second = self.make_receipt(supporter), self.make_receipt(supporter)
        self.assertFalse(first.number)
        first.action_issue()
        second.action_issue()
        self.assertEqual(int(second.number[-4:]), int(first.number[-4:]) + 1)
        self.assertEqual(first.giver_name, "Salem Obaid Almutairi")
        for change in (lambda: first.write({'place': "Elsewhere"}), lambda: first.line_ids.write({'quantity': 9}),
                       lambda: first.line_ids.unlink(), lambda: first.line_ids.create({'receipt_id': first.id, 'what': "x"}),
                       lambda: first.write({'line_ids': [Command.clear()]})):
            with self.assertRefused(UserError, "stays as it is"):
                change()
        with self.assertRefused(UserError, "issued already"):
            first.action_issue()
        with self.assertRefused(UserError, "why"):
            first.action_cancel("  ")
        self.env['amlaj.inkind.cancel'].with_user(self.user['manager']).create({
            'receipt_id': first.id, 'reason': "Wrong name"}).action_confirm()
        self.assertRecordValues(first, [{'state': 'cancelled', 'cancel_reason': "Wrong name", 'valid_number': False}])

    def test_bad_receipts(self):
        supporter, other = self.make_supporter(), self.make_supporter("Another Person", phone='0501112244')
        empty = self.make_receipt(supporter, line_ids=[])
        with self.assertRefused(UserError, "what was received"):
            empty.action_issue()
        with self.assertRefused(ValidationError, "another supporter"):
            self.make_receipt(other, line_ids=[Command.create({'what': "x", 'pledge_id': self.make_pledge(supporter).id})])
        for refusal, vals in ((CheckViolation, {'quantity': 0}), (CheckViolation, {'quantity': -1}),
                              (CheckViolation, {'estimate': -5}), (UserError, {'quantity': float('nan')})):
            with self.subTest(vals=vals), mute_logger('odoo.sql_db'), self.assertRaises(refusal):
                self.make_receipt(supporter, line_ids=[Command.create({'what': "x", **vals})])
                self.env.flush_all()
        both = self.make_pledge(supporter) | self.make_pledge(other)
        with self.assertRefused(UserError, "one supporter"):
            both.action_receive()
        with self.assertRefused(UserError, "issue the receipt first"):
            empty.action_print_thanks()

    def test_the_papers(self):
        receipt = self.make_receipt(self.make_supporter("سالم عبيد المطيري"), wish="للأسر")
        receipt.action_issue()
        report = self.env['ir.actions.report'].with_user(self.coordinator)
        for name in ('paper_inkind_receipt', 'paper_supporter_thanks'):
            html = report._render_qweb_html(f'amlaj_beneficiary.{name}', receipt.ids)[0].decode()
            self.assertIn("سالم عبيد المطيري", html)
            self.assertIn("Blankets", html)
        draft = self.make_receipt(receipt.supporter_id)
        with self.assertRaises(UserError):
            report._render_qweb_html('amlaj_beneficiary.paper_inkind_receipt', draft.ids)


@tagged('post_install', '-at_install', 'amlaj')
class TestSupportPages(SupporterBuilders, people_common.PeoplePagesCommon):
    """Offering on the page: what is taken, and that nobody learns from it who is known (R5, R69)."""

    def offer(self, **values):
        values = {'kind': 'person', 'name': "سالم عبيد المطيري", 'phone': '٠٥٠١١١٢٢٣٣', 'offer': OFFER,
                  'interest': str(self.interest.id), 'notice': '1', **values}
        return self.post('/support', '/support', **values)

    def newest(self):
        self.env.invalidate_all()
        return self.Supporter.search([], limit=1)

    def test_an_offer_is_taken(self):
        done = self.offer(state='active', number='1', team_id='1', lead_id='1', origin='staff', since='2020-01-01')
        self.assertEqual((done.status_code, done.headers['Location'].endswith('/support/sent')), (303, True))
        self.assertRecordValues(self.newest(), [{
            'name': "سالم عبيد المطيري", 'phone': '+966501112233', 'offer': OFFER, 'interest_ids': self.interest.ids,
            'state': 'offered', 'origin': 'page', 'notice_version': '2026-1', 'since': False}])
        self.assertEqual(self.url_open('/support/sent').status_code, 200)

    def test_the_same_person_twice_joins(self):
        before = self.Supporter.search_count([])
        first = self.offer()
        again = self.offer(name="سالم عبيد المطيرى", offer="ومعها سماد")
        self.assertEqual((again.status_code, again.headers['Location']), (first.status_code, first.headers['Location']))
        self.assertEqual(self.Supporter.search_count([]), before + 1)
        self.assertEqual(self.newest().times_received, 2)
        self.assertIn("سماد", self.newest().message_ids[:1].body)

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self):
        before = self.Supporter.search_count([])
        page = self.offer(kind='x', name=SCRIPT, phone='12', offer='', notice='').text
        self.assertEqual(page.count('role="alert"'), 5)
        self.assertNotIn(SCRIPT, page)
        page = self.offer(name='😀', offer=SCRIPT).text
        self.assertIn("Please write the name", page)
        self.assertNotIn(SCRIPT, page)
        self.assertEqual(self.Supporter.search_count([]), before)

    def test_a_program_is_thanked_for_nothing(self):
        before = self.Supporter.search_count([])
        self.assertEqual(self.offer(website='http://spam.example').status_code, 303)
        self.assertEqual(self.Supporter.search_count([]), before)
        answer = self.url_open('/support', data={'kind': 'person', 'name': "Ali Saad", 'phone': '0501112233'})
        self.assertEqual(answer.status_code, 400)

    def test_ten_thousand_by_a_script(self):
        with patch(CLOCK, return_value=10_000.0):
            answers = [self.offer(offer=f"Offer {rank}").status_code for rank in range(5)]
        self.assertEqual(answers, [303, 303, 303, 429, 429])

    def test_no_money_is_taken(self):
        page = self.url_open('/support').text
        self.assertIn("We take no money here", page)
        self.assertNotIn("official platform</a>", page)
        for url, is_shown in (('https://platform.example/give', True), ('javascript:alert(1)', False)):
            self.env['ir.config_parameter'].set_param('amlaj_beneficiary.giving_url', url)
            self.assertEqual(url in self.url_open('/support').text, is_shown)
        self.assertNotRegex(page, 'iban|IBAN|SA[0-9]{10}')

    def test_the_receipts_square_tells_of_nobody(self):
        receipt = self.make_receipt(self.make_supporter("سالم عبيد المطيري"))
        receipt.action_issue()
        self.env.flush_all()
        page = self.url_open(f'/verify/{self.env["amlaj.paper"]._get_code(receipt)}').text
        self.assertIn(receipt.number, page)
        self.assertNotIn("سالم", page)
