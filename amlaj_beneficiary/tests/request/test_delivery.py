import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common

IBAN = 'SA0380000000608010167519'


@tagged('post_install', '-at_install', 'amlaj')
class TestDelivery(request_common.RequestCommon):
    """From the approval to the receipt: planned, delivered to whom it may be, failed and planned again, closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user['delivery']
        cls.cash = cls.make_service("Cash (test)", cls.lease, kind='cash')

    def request_of(self, delivery):
        return delivery.request_id.with_user(self.officer)

    # ------------------------------------------------------------
    # Planning
    # ------------------------------------------------------------

    def test_start_plans_the_first(self):
        delivery = self.make_delivery()
        self.assertRecordValues(delivery, [{
            'state': 'planned', 'amount': 1200, 'place': 'office', 'receipt_number': False,
            'beneficiary_id': self.file.id}])
        self.assertEqual(delivery.request_id.state, 'delivery')
        self.assertEqual(self.make_delivery(service=self.cash).place, 'bank')

    def test_plan_more(self):
        request = self.request_of(self.make_delivery())
        request.action_plan_delivery(planned_on='2026-09-01', what="School bags", quantity=3, place='home')
        self.assertRecordValues(request.delivery_ids[-1], [{
            'what': "School bags", 'quantity': 3, 'planned_on': date(2026, 9, 1), 'place': 'home', 'state': 'planned'}])
        with mute_logger('odoo.sql_db'), self.assertRaises(Exception):  # noqa: B017 (the database's own constraint)
            request.action_plan_delivery(quantity=0)
            self.env.flush_all()

    def test_nobody_makes_deliveries_by_hand(self):
        delivery = self.make_delivery()
        for role in ('delivery', 'representative', 'manager', 'relations'):
            with self.subTest(role=role), mute_logger('odoo.addons.base.models.ir_model'), \
                    self.assertRaises(AccessError):
                self.env['amlaj.delivery'].with_user(self.user[role]).create({'request_id': delivery.request_id.id})
        for vals in ({'state': 'delivered'}, {'receipt_number': '1'}, {'receiver_name': "X"}, {'method': 'paper'},
                     {'delivered_by_id': self.relations.id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                delivery.write(vals)

    # ------------------------------------------------------------
    # Receipt
    # ------------------------------------------------------------

    def test_deliver(self):
        delivery = self.make_delivery()
        with freeze_time('2026-04-01 08:00:00'):
            delivery.action_deliver("  Salem   Alharbi ")
        self.assertRecordValues(delivery, [{
            'state': 'delivered', 'receiver_name': "Salem Alharbi", 'method': 'paper',
            'delivered_by_id': self.officer.id}])
        self.assertRegex(delivery.receipt_number, r'^26-\d{5}$')
        with self.assertRefused(UserError, "not open"):
            delivery.action_deliver("Salem")
        with self.assertRefused(UserError, "not open"):
            delivery.action_fail("Away")
        for vals in ({'amount': 1}, {'what': "Less"}, {'planned_on': '2026-01-01'}, {'place': 'home'},
                     {'photo': base64.b64encode(request_common.picture())}):
            with self.subTest(vals=list(vals)), self.assertRefused(UserError, "stays as it was recorded"):
                delivery.write(vals)

    def test_receipt_numbers_are_unique(self):
        deliveries = [self.make_delivery(file=self.make_file()) for __ in range(3)]
        for delivery in deliveries:
            delivery.action_deliver("Salem")
        self.assertEqual(len({delivery.receipt_number for delivery in deliveries}), 3)
        with mute_logger('odoo.sql_db'), self.assertRaises(Exception):  # noqa: B017 (the database's own index)
            deliveries[0].sudo().with_context(tracking_disable=True).receipt_number = deliveries[1].receipt_number
            self.env.flush_all()

    def test_receipts_of_all_kinds(self):
        drawing = request_common.signature()
        cases = [
            ({'receiver_name': "Salem", 'method': 'signature', 'signature': drawing}, None),
            ({'receiver_name': "Salem", 'method': 'thumbprint'}, None),
            ({'receiver_name': "Salem", 'method': 'signature'}, "signature is empty"),
            ({'receiver_name': "Salem", 'method': 'signature',
              'signature': request_common.signature(ink=False)}, "signature is empty"),
            ({'receiver_name': "Salem", 'method': 'paper', 'signature': "garbage"}, "signature is empty"),
            ({'receiver_name': " \u200f", 'method': 'paper'}, "name of the person"),
            ({'receiver_name': None, 'method': 'thumbprint'}, "name of the person"),
            ({'receiver_name': "Salem", 'method': 'transfer'}, "to the bank account"),
            ({'receiver_name': "Salem", 'method': 'word'}, "not known"),
        ]
        for options, message in cases:
            delivery = self.make_delivery(file=self.make_file())
            with self.subTest(**options):
                if message:
                    with self.assertRefused(UserError, message):
                        delivery.action_deliver(**options)
                else:
                    self.assertTrue(delivery.action_deliver(**options))

    def test_authorised_persons(self):
        helper = self.make_mandate(self.file, person_name="Saad", capacity='delegate')
        cases = {
            'may not receive': self.make_mandate(self.file, may_receive=False, capacity='delegate'),
            'not verified': self.make_mandate(self.file, verified=False, capacity='delegate'),
            'ended': self.make_mandate(self.file, valid_until='2020-01-01', capacity='delegate'),
            'of another file': self.make_mandate(self.make_file()),
        }
        delivery = self.make_delivery()
        for name, mandate in cases.items():
            with self.subTest(name), self.assertRefused(UserError, "not authorised"):
                delivery.action_deliver("Saad", mandate_id=mandate.id)
        with self.assertRefused(UserError, "not authorised"):
            delivery.action_deliver("Saad", mandate_id=helper.id + 10000)
        delivery.action_deliver("Saad", mandate_id=helper.id)
        self.assertEqual(delivery.receiver_mandate_id, helper)

    def test_a_second_name(self):
        both = self.make_user('delivery_both', 'relations', 'delivery')
        for field in ('entered_by_id', 'verified_by_id'):
            delivery = self.make_delivery().with_user(both)
            delivery.sudo().request_id[field] = both
            for second in (None, "  ", both.name, both.name.upper(), "Salem Alharbi"):
                with self.subTest(field=field, second=second), self.assertRefused(UserError, "a second person"):
                    delivery.action_deliver("Salem Alharbi", second_name=second)
            delivery.action_deliver("Salem Alharbi", second_name="Huda")
            self.assertEqual(delivery.second_name, "Huda")
        self.assertTrue(self.make_delivery().action_deliver("Salem"))

    def test_money_is_handed_over_before_a_second_person(self):
        delivery = self.make_delivery(service=self.cash)
        delivery.write({'place': 'office', 'amount': 10})
        for second in (None, " ", self.officer.name, "Salem Alharbi"):
            with self.assertRefused(UserError, "second name"):
                delivery.action_deliver("Salem Alharbi", second_name=second)
        self.assertTrue(delivery.action_deliver("Salem Alharbi", second_name="Huda"))

    @mute_logger('odoo.sql_db')
    def test_no_number_below_zero_and_none_that_is_none(self):
        delivery = self.make_delivery()
        request = delivery.request_id
        for bad in (float('nan'), float('inf'), -5, 1e12, 'x'):
            for name in ('amount', 'quantity'):
                with self.subTest(bad=bad, name=name):
                    with self.assertRaises(UserError):
                        request.action_plan_delivery(**{name: bad})
                    with self.assertRaises(Exception):  # noqa: B017 (the database's own check, or the model's)
                        delivery.write({name: bad})
                        self.env.flush_all()
        with self.assertRaises(Exception):  # noqa: B017 (the database's own check)
            delivery.sudo().amount = -5
            self.env.flush_all()

    def test_bank_needs_a_confirmed_iban(self):
        file = self.make_file()
        delivery = self.make_delivery(service=self.cash, file=file)
        paid = delivery.sudo()  # as the payment sheet does it, once somebody else approved it
        with self.assertRefused(UserError, "IBAN is not confirmed"):
            paid.action_deliver(method='transfer')
        file.with_user(self.relations).iban = IBAN
        file.with_user(self.relations).iban_holder = "Somebody Else"
        self.assertEqual(file.iban_state, 'to_confirm')
        with self.assertRefused(UserError, "IBAN is not confirmed"):
            paid.action_deliver(method='transfer')
        file.with_user(self.user['manager']).action_confirm_iban()
        with self.assertRefused(UserError, "payment sheet"):
            delivery.action_deliver(method='transfer')
        paid.action_deliver(method='transfer')
        self.assertEqual(delivery.receiver_name, file.name)

    def test_a_suspended_file(self):
        request = self.make_request('approved', file=self.make_file())
        request.beneficiary_id.action_suspend("Under review")
        carrier = request.with_user(self.officer)
        with self.assertRefused(UserError, "file is suspended"):
            carrier.action_start_delivery()
        request.with_user(self.user['manager']).action_allow_delivery(" Her children ")
        self.assertEqual(request.delivery_exception_reason, "Her children")
        carrier.action_start_delivery()
        carrier.delivery_ids.action_deliver("Salem")

    def test_suspended_while_in_delivery(self):
        delivery = self.make_delivery(file=self.make_file())
        delivery.sudo().beneficiary_id.action_suspend("Under review")
        with self.assertRefused(UserError, "file is suspended"):
            delivery.action_deliver("Salem")
        with self.assertRefused(UserError, "file is suspended"):
            self.request_of(delivery).action_plan_delivery()
        delivery.action_fail("The file is under review")
        request = self.request_of(delivery)
        request.with_user(self.user['manager']).action_allow_delivery("Her children")
        request.action_plan_delivery()
        request.delivery_ids.filtered(lambda d: d.state == 'planned').action_deliver("Salem")

    # ------------------------------------------------------------
    # Failing, closing
    # ------------------------------------------------------------

    def test_fail_and_plan_again(self):
        delivery = self.make_delivery()
        delivery.write({'what': "Basket", 'quantity': 2, 'place': 'home'})
        with self.assertRefused(UserError, "why the delivery failed"):
            delivery.action_fail("  ")
        delivery.action_fail(" Nobody at home ", planned_on='2026-05-05')
        self.assertRecordValues(delivery, [{'state': 'failed', 'fail_reason': "Nobody at home", 'delivered_at': False}])
        again = delivery.request_id.delivery_ids - delivery
        self.assertRecordValues(again.with_user(self.officer), [{
            'state': 'planned', 'what': "Basket", 'quantity': 2, 'place': 'home', 'planned_on': date(2026, 5, 5),
            'fail_reason': False, 'receipt_number': False}])
        with self.assertRefused(UserError, "stays as it was recorded"):
            delivery.what = "Other"

    def test_close(self):
        delivery = self.make_delivery()
        request = self.request_of(delivery)
        with self.assertRefused(UserError, "still open"):
            request.action_close()
        delivery.action_deliver("Salem")
        request.action_plan_delivery()
        with self.assertRefused(UserError, "still open"):
            request.action_close()
        (request.delivery_ids - delivery).action_fail("Not needed any more")
        request.action_close()
        self.assertEqual(request.state, 'done')
        with self.assertRaises(UserError):
            request.action_plan_delivery()
        empty = self.make_request('delivery')
        with self.assertRefused(UserError, "Nothing was delivered"):
            empty.with_user(self.officer).action_close()

    def test_who(self):
        delivery = self.make_delivery()
        for role in request_common.ROLES:
            if role in ('delivery', 'representative'):
                continue
            with self.subTest(role=role), self.assertRaises(AccessError), \
                    mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                delivery.with_user(self.user[role]).action_deliver("Salem")
        delivery.with_user(self.user['representative']).action_deliver("Salem")
        own = self.make_delivery(file=self.make_file())
        self.make_mandate(own.sudo().beneficiary_id, self.officer)
        with self.assertRaises(AccessError):
            own.action_deliver("Salem")

    def test_who_delivers_sees_what_is_to_be_delivered(self):
        before, carried = self.make_request('committee'), self.make_delivery()
        seen = self.env['amlaj.request'].with_user(self.officer).search([('beneficiary_id', '=', self.file.id)])
        self.assertEqual(seen, carried.request_id)
        self.assertNotIn(before, seen)
        with self.assertRaises(AccessError):
            carried.request_id.with_user(self.officer).document_ids.read(['number'])

    # ------------------------------------------------------------
    # Photo
    # ------------------------------------------------------------

    def test_photo(self):
        exif = b'Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02\x00\x00\x00\x08\x00\x00\x00\x1aSecret7\x00'
        delivery = self.make_delivery()
        delivery.photo = base64.b64encode(request_common.picture(kind='JPEG', exif=exif))
        self.assertNotIn(b'Secret7', base64.b64decode(delivery.photo))
        for data in (b'<svg onload="alert(1)"/>', b'MZ' + b'\x00' * 99, request_common.PDF, b'',
                     b'\xff\xd8\xff\xe0cut'):
            with self.subTest(data=data[:8]), self.assertRaises(ValidationError):
                delivery.photo = base64.b64encode(data) or b'===='
        with self.assertRaises(ValidationError):
            delivery.photo = "not base64 é"
        delivery.photo = False
