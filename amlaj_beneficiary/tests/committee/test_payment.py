from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import payment_common


@tagged('post_install', '-at_install', 'amlaj')
class TestPayment(payment_common.PaymentCommon):
    """A payment sheet from what is planned to what the bank paid, and all that stops a line (R64)."""

    def test_the_way_of_a_sheet(self):
        deliveries = self.planned(3)
        sheet = self.make_sheet()
        self.assertRegex(sheet.name, r'^\d\d-\d{4}$')
        self.assertEqual((sheet.total, sheet.sent_count, sheet.prepared_by_id), (3600, 3, self.officer))
        self.assertEqual(sheet.with_context(lang='ar_001').total_words, "ثلاثة آلاف وستمئة ريال سعودي")
        self.assertRegex(sheet.line_ids[0].iban_shown, r'^SA\d\d( \d{4}){5}$')
        money = sheet.with_user(self.finance)
        money.action_approve()
        self.assertEqual((sheet.state, sheet.approved_by_id), ('approved', self.finance))
        money.action_pay("TRX-77")
        self.assertEqual((sheet.state, sheet.bank_reference, sheet.paid_by_id), ('paid', "TRX-77", self.finance))
        self.assertEqual(self.states(sheet), ['paid'] * 3)
        self.assertEqual(set(deliveries.mapped('state')), {'delivered'})
        self.assertEqual(set(deliveries.mapped('method')), {'transfer'})
        self.assertEqual(len(set(deliveries.mapped('receipt_number'))), 3)
        self.assertEqual(deliveries.delivered_by_id, self.finance)

    def test_two_clicks_pay_once(self):
        deliveries = self.planned(2)
        sheet = self.make_sheet(state='approved').with_user(self.finance)
        sheet.action_pay("TRX-1")
        receipts = deliveries.mapped('receipt_number')
        with self.assertRefused(UserError, "Paid"):
            sheet.action_pay("TRX-2")
        self.assertEqual((sheet.bank_reference, deliveries.mapped('receipt_number')), ("TRX-1", receipts))

    def test_what_is_no_reference(self):
        self.planned()
        sheet = self.make_sheet(state='approved').with_user(self.finance)
        for word in (None, False, '', '  ', 5, [], {}):
            with self.subTest(word=word), self.assertRefused(UserError, "reference"):
                sheet.action_pay(word)

    def test_who_prepared_it_does_not_approve(self):
        self.planned(2)
        both = self.make_user('both', 'delivery', 'finance')
        sheet = self.env['amlaj.payment.sheet'].with_user(both).create({})
        sheet.action_fill()
        with self.assertRefused(UserError, "somebody else approves"):
            sheet.action_approve()
        # nor who added a line to a colleague's sheet
        more = self.planned()
        sheet = self.env['amlaj.payment.sheet'].with_user(self.officer).create({})
        sheet.with_user(both).action_add(more.ids)
        with self.assertRefused(UserError, "somebody else approves"):
            sheet.with_user(both).action_approve()
        sheet.with_user(self.finance).action_approve()

    def test_an_empty_sheet(self):
        sheet = self.make_sheet()
        self.assertFalse(sheet.line_ids)
        with self.assertRefused(UserError, "nothing to pay"):
            sheet.with_user(self.finance).action_approve()
        for nothing in (None, [], ['x'], [True], [2 ** 40], [-1], 'x', {}):
            with self.subTest(given=nothing), self.assertRefused(UserError, "choose"):
                sheet.action_add(nothing)

    # ------------------------------------------------------------
    # What comes on a sheet
    # ------------------------------------------------------------

    def test_only_what_may_be_paid_comes_on_it(self):
        fit = self.planned()
        no_iban = self.planned(files=[self.make_file()])
        unconfirmed, office, none = self.planned(3)
        self.change_iban(unconfirmed, confirm=False)
        office.place = 'office'
        none.amount = 0
        sheet = self.make_sheet()
        self.assertEqual(sheet.line_ids.delivery_id, fit)
        for delivery, words in ((no_iban, "no valid Saudi IBAN"), (unconfirmed, "not confirmed"), (none, "more than zero")):
            self.assertRegex(sheet.left_out, f'{delivery.request_id.name}: .*{words}')
            with self.assertRefused(UserError, words):
                sheet.action_add(delivery.ids)
        with self.assertRefused(UserError, "Only what is planned to the bank account"):
            sheet.action_add(office.ids)

    def test_an_iban_that_fails_its_check_or_is_abroad(self):
        wrong, abroad = self.planned(2)
        self.env.flush_all()
        for delivery, iban in ((wrong, 'SA0080000000608010167519'), (abroad, 'GB82WEST12345698765432')):
            self.env.cr.execute("UPDATE amlaj_beneficiary SET iban = %s WHERE id = %s", [
                iban, delivery.beneficiary_id.id])
        self.env.invalidate_all()
        sheet = self.make_sheet()
        self.assertFalse(sheet.line_ids)
        self.assertEqual(sheet.left_out.count("no valid Saudi IBAN"), 2)

    def test_one_delivery_on_one_open_sheet(self):
        delivery = self.planned()
        sheet = self.make_sheet(delivery)
        other = self.env['amlaj.payment.sheet'].with_user(self.officer).create({})
        with self.assertRefused(UserError, f"on payment sheet {sheet.name}"):
            other.action_add(delivery.ids)
        with self.assertRefused(UserError, f"on payment sheet {sheet.name}"):
            sheet.action_add(delivery.ids)
        other.action_fill()
        self.assertFalse(other.line_ids)
        for change in ({'amount': 5}, {'place': 'office'}, {'quantity': 2}):
            with self.subTest(change=change), self.assertRefused(UserError, "on payment sheet"):
                delivery.write(change)
        with self.assertRefused(UserError, "on payment sheet"):
            delivery.sudo().action_deliver("Salem", 'transfer')
        with self.assertRefused(UserError, "on payment sheet"):
            delivery.action_fail("Nobody there")
        sheet.action_cancel("Another day")
        self.assertEqual(self.states(sheet), ['stopped'])
        other.action_fill()
        self.assertEqual(other.line_ids.delivery_id, delivery)

    def test_planned_for_a_later_day(self):
        delivery = self.planned()
        delivery.planned_on = '2999-01-01'
        self.assertFalse(self.make_sheet().line_ids)

    def test_take_off_a_draft(self):
        deliveries = self.planned(2)
        sheet = self.make_sheet()
        sheet.line_ids[0].action_remove()
        self.assertEqual(sheet.line_ids.delivery_id, deliveries[1])
        sheet.with_user(self.finance).action_approve()
        with self.assertRefused(UserError, "Approved"):
            sheet.line_ids.action_remove()
        with self.assertRefused(UserError, "Approved"):
            sheet.action_add(deliveries[0].ids)
        with self.assertRefused(UserError, "Approved"):
            sheet.action_fill()
        with self.assertRefused(UserError, "Only a draft"):
            sheet.write({'date': '2026-01-01'})

    # ------------------------------------------------------------
    # What stops a line
    # ------------------------------------------------------------

    def assertStopped(self, line, words):
        line.invalidate_recordset()
        self.assertEqual(line.state, 'stopped')
        self.assertRegex(line.stop_reason, words)

    def test_another_account_since_the_decision(self):
        changed, other = self.planned(2)
        self.change_iban(changed)
        sheet = self.make_sheet()
        line = sheet.line_ids.filtered(lambda line: line.delivery_id == changed)
        self.assertStopped(line, "at the decision")
        sheet.with_user(self.finance).action_approve()
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual((changed.state, other.state), ('planned', 'delivered'), "one line waits, not the sheet")
        again = self.make_sheet()
        self.assertEqual(again.line_ids.delivery_id, changed)
        self.assertStopped(again.line_ids, "at the decision")
        with self.assertRefused(UserError, "reason"):
            again.line_ids.with_user(self.manager).action_accept_iban(" ")
        again.line_ids.with_user(self.manager).action_accept_iban("Phoned her")
        self.assertEqual(again.line_ids.state, 'ready')
        log = self.env['amlaj.access.log'].search([('event', '=', 'accept')])
        self.assertEqual((log.res_name, log.user_ref), (changed.request_id.name, self.manager.id))
        again.with_user(self.finance).action_approve()
        again.with_user(self.finance).action_pay("TRX-2")
        self.assertEqual(changed.state, 'delivered')

    def test_an_account_entered_after_the_decision(self):
        delivery = self.planned(files=[self.make_file()])
        delivery.sudo().beneficiary_id.with_user(self.relations).iban = payment_common.saudi_iban(77)
        self.assertStopped(self.make_sheet().line_ids, "at the decision")

    def test_another_account_after_the_approval(self):
        changed, other = self.planned(2)
        sheet = self.make_sheet(state='approved')
        line = sheet.line_ids.filtered(lambda line: line.delivery_id == changed)
        was = line.iban
        file = self.change_iban(changed, confirm=False)
        self.assertStopped(line, "not the one on this sheet")
        accept = line.with_user(self.manager).action_accept_iban
        with self.assertRefused(UserError, "not confirmed"):
            accept("Phoned her")
        file.with_user(self.manager).action_confirm_iban()
        line.with_user(self.manager).action_accept_iban("Phoned her")
        self.assertEqual((line.state, line.iban, line.iban == was), ('ready', file.iban, False))
        self.assertEqual((sheet.state, bool(sheet.approved_by_id)), ('draft', False), "the approval was of the other account")
        sheet.with_user(self.finance).action_approve()
        self.change_iban(changed, iban=was)
        self.assertStopped(line, "not the one on this sheet")
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual((changed.state, other.state), ('planned', 'delivered'))

    def test_what_stops_after_the_bank_had_its_list(self):
        changed, unpaid, other = self.planned(3)
        sheet = self.make_sheet(state='approved')
        money = sheet.with_user(self.finance)
        money._make_xlsx()
        self.assertTrue(sheet.exported_at)
        for delivery in (changed, unpaid):
            self.change_iban(delivery)
        for user in (self.officer, self.manager):
            with self.assertRefused(UserError, "The bank has this list|approved"):
                sheet.with_user(user).action_cancel("Another day")
        money.action_pay("TRX-1")
        self.assertEqual(sorted(self.states(sheet)), ['paid', 'stopped', 'stopped'])
        again = self.env['amlaj.payment.sheet'].with_user(self.officer).create({})
        again.action_fill()
        self.assertFalse(again.line_ids, "the bank may have paid it")
        lines = {line.sudo().delivery_id: line.with_user(self.finance) for line in sheet.line_ids}
        with self.assertRaises(AccessError):
            lines[changed].with_user(self.officer).action_bank_paid()
        with self.assertRefused(UserError, "No answer"):
            lines[other].action_bank_unpaid()
        lines[changed].action_bank_paid()
        lines[unpaid].action_bank_unpaid()
        self.assertEqual((changed.state, unpaid.state), ('delivered', 'planned'))
        again.action_fill()
        self.assertEqual(again.line_ids.delivery_id, unpaid)
        with self.assertRefused(UserError, "No answer"):
            lines[unpaid].action_bank_paid()

    def test_a_draft_is_not_given_to_the_bank(self):
        self.planned()
        with self.assertRefused(UserError, "Draft"):
            self.make_sheet().with_user(self.manager)._make_xlsx()

    def test_changed_behind_all_code(self):
        changed, other = self.planned(2)
        sheet = self.make_sheet(state='approved')
        self.env.flush_all()
        self.env.cr.execute("UPDATE amlaj_beneficiary SET iban = %s WHERE id = %s", [
            payment_common.saudi_iban(99), changed.beneficiary_id.id])
        self.env.invalidate_all()
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual((changed.state, other.state), ('planned', 'delivered'))

    def test_another_amount_behind_all_screens(self):
        changed, other = self.planned(2)
        sheet = self.make_sheet(state='approved')
        changed.sudo().amount = 900
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual((changed.state, other.state), ('planned', 'delivered'))
        self.assertStopped(sheet.line_ids.filtered(lambda line: line.delivery_id == changed), "amount of the delivery")

    def test_another_holder(self):
        delivery = self.planned()
        sheet = self.make_sheet(state='approved')
        file = delivery.sudo().beneficiary_id.with_user(self.relations)
        file.iban_holder = "Somebody Else"
        self.assertStopped(sheet.line_ids, "not the one on this sheet")
        with self.assertRefused(UserError, "nothing to pay"):
            sheet.with_user(self.finance).action_pay("TRX-1")

    def test_who_entered_an_account_does_not_accept_it(self):
        delivery = self.planned()
        sheet = self.make_sheet()
        file = delivery.sudo().beneficiary_id
        file.with_user(self.manager).iban = payment_common.saudi_iban(98)
        file.with_user(self.relations).action_confirm_iban()
        with self.assertRefused(UserError, "another manager"):
            sheet.line_ids.with_user(self.manager).action_accept_iban("It is right")

    def test_a_suspended_file_and_check_again(self):
        suspended, other = self.planned(2)
        sheet = self.make_sheet(state='approved')
        suspended.sudo().beneficiary_id.with_user(self.manager).action_suspend("In doubt")
        with self.subTest("checked again"):
            sheet.with_user(self.finance).action_check_again()
            line = sheet.line_ids.filtered(lambda line: line.delivery_id == suspended)
            self.assertStopped(line, "suspended")
        suspended.request_id.with_user(self.manager).action_allow_delivery("The rent is due")
        sheet.with_user(self.finance).action_check_again()
        self.assertEqual(self.states(sheet), ['ready', 'ready'])

    def test_who_decided_does_not_pay(self):
        delivery = self.planned()
        chair = self.seat['chair'].user_id
        chair.group_ids = [Command.link(self.env.ref('amlaj_beneficiary.group_finance').id)]
        sheet = self.make_sheet(state='approved')
        other = self.make_sheet(self.planned_without(chair), 'draft')
        other.with_user(self.finance).action_approve()
        other.with_user(chair).action_pay("TRX-9")
        with self.assertRefused(UserError, "nothing to pay"):
            sheet.with_user(chair).action_pay("TRX-1")
        self.assertEqual(delivery.state, 'planned')
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual(delivery.state, 'delivered')

    def planned_without(self, user):
        """A planned transfer of a session at which ``user`` was not."""
        request = self.make_request(file=self.make_account_file(), service=self.cash)
        session = self.make_session(request, present=('deputy', 'm1', 'm2', 'm3'))
        session.action_decide(request.ids, 'approved', self.all_for('deputy', 'm1', 'm2', 'm3'), amount=300)
        request.with_user(self.manager).action_allow_early_reply("Today")
        request.action_reply()
        request.with_user(self.officer).action_start_delivery()
        return request.sudo().delivery_ids.with_user(self.officer)

    def test_a_payer_stands_on_the_sheet_himself(self):
        own, other = self.planned(2)
        sheet = self.make_sheet(state='approved')
        self.make_mandate(own.sudo().beneficiary_id, self.finance)
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual((own.state, other.state), ('planned', 'delivered'))
        self.assertEqual(self.states(sheet), ['stopped', 'paid'])

    def test_a_cancelled_request(self):
        gone, other = self.planned(2)
        sheet = self.make_sheet(state='approved')
        gone.request_id.with_user(self.relations).action_cancel("Moved")
        line = sheet.line_ids.filtered(lambda line: line.delivery_id == gone)
        self.assertStopped(line, "not open")
        sheet.with_user(self.finance).action_pay("TRX-1")
        self.assertEqual((gone.state, other.state), ('failed', 'delivered'))

    def test_who_recorded_the_request_pays_with_a_second_name(self):
        self.relations.group_ids = [Command.link(self.env.ref('amlaj_beneficiary.group_finance').id)]
        delivery = self.planned()
        sheet = self.make_sheet(state='approved')
        sheet.with_user(self.relations).action_pay("TRX-1")
        self.assertEqual((delivery.state, delivery.second_name), ('delivered', self.finance.name))

    # ------------------------------------------------------------
    # Returned, cancelled
    # ------------------------------------------------------------

    def test_a_returned_transfer(self):
        delivery = self.planned()
        request = delivery.request_id
        request.sudo().user_id = self.relations
        sheet = self.make_sheet(state='paid')
        request.with_user(self.officer).action_close()
        self.assertEqual(request.state, 'done')
        line = sheet.line_ids.with_user(self.finance)
        with self.assertRefused(UserError, "why the bank"):
            line.action_return("")
        line.action_return("Account closed")
        self.assertEqual((delivery.state, request.state, line.state), ('failed', 'delivery', 'returned'))
        again = request.sudo().delivery_ids - delivery.sudo()
        self.assertEqual((again.state, again.amount, again.place), ('planned', 1200, 'bank'))
        self.assertEqual(request.sudo().activity_ids.user_id, self.relations)
        self.assertNotIn("closed", request.sudo().activity_ids.summary)
        with self.assertRefused(UserError, "Only what was paid"):
            line.action_return("Twice")
        self.assertEqual(self.make_sheet().line_ids.delivery_id, again.with_user(self.officer))
        self.assertEqual(sheet.total, 1200, "the paper of what was sent stays as it was")

    def test_cancelling(self):
        self.planned(2)
        sheet = self.make_sheet()
        with self.assertRefused(UserError, "reason"):
            sheet.action_cancel(None)
        sheet.with_user(self.finance).action_approve()
        with self.assertRefused(UserError, "a manager or the financial supervisor"):
            sheet.action_cancel("No")
        sheet.with_user(self.finance).action_cancel("Wrong day")
        self.assertEqual((sheet.state, sheet.cancelled_by_id), ('cancelled', self.finance))
        with self.assertRefused(UserError, "Cancelled"):
            sheet.with_user(self.finance).action_pay("TRX-1")
        paid = self.make_sheet(state='paid')
        with self.assertRefused(UserError, "Paid"):
            paid.with_user(self.manager).action_cancel("No")

    # ------------------------------------------------------------
    # Funds, many lines
    # ------------------------------------------------------------

    def test_of_one_fund(self):
        fund = self.env['amlaj.fund'].create({
            'name': "Zakat (test)", 'entry_ids': [Command.create({'amount': 5000, 'reference': "R"})]})
        other = self.planned()
        mine = self.planned(fund_id=fund.id)
        sheet = self.env['amlaj.payment.sheet'].with_user(self.manager).create({'fund_id': fund.id})
        sheet.action_fill()
        self.assertEqual(sheet.line_ids.delivery_id, mine.with_user(self.manager))
        with self.assertRefused(UserError, "another fund"):
            sheet.action_add(other.ids)
        self.assertEqual((fund.promised, fund.available), (1200, 3800))
        sheet.with_user(self.finance).action_approve()
        sheet.with_user(self.finance).action_pay("TRX-1")
        fund.invalidate_recordset()
        self.assertEqual((fund.promised, fund.spent), (0, 1200))
        sheet.line_ids.with_user(self.finance).action_return("Account closed")
        fund.invalidate_recordset()
        self.assertEqual((fund.promised, fund.spent, fund.available), (1200, 0, 3800))

    def test_the_account_at_the_decision_is_a_hash_for_managers(self):
        request = self.planned().request_id
        stamp = request.sudo().iban_at_decision
        self.assertEqual(len(stamp), 64)
        self.assertNotIn(request.sudo().beneficiary_id.iban, stamp)
        for user in (self.finance, self.officer, self.relations, self.seat['m1'].user_id):
            with self.subTest(user=user.login), self.assertRefused(AccessError):
                request.with_user(user).read(['iban_at_decision'])
