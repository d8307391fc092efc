import html as markup

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import objection_common
from .objection_common import WHY


class OtherBuilders(objection_common.ObjectionBuilders):
    """A suspended file of its own holder, and a delivery that failed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager2 = cls.make_user('other_manager', 'manager')
        cls.chair_of_board = cls.make_user('other_chair')

    @classmethod
    def suspend(cls, by=None):
        cls.file.with_user(by or cls.manager).action_suspend("The contact was lost")
        return cls.file

    @classmethod
    def failed(cls):
        """A delivery of the file that failed, of a request in delivery."""
        request = cls.decided('approved', cls.make_request(cls.file), reply=True)
        request.with_user(cls.user['delivery']).action_start_delivery()
        delivery = request.sudo().delivery_ids[:1] or cls.env['amlaj.delivery'].create({'request_id': request.id})
        delivery.with_user(cls.user['delivery']).action_fail("Nobody was at home")
        cls.env.flush_all()
        return delivery.sudo()


@tagged('post_install', '-at_install', 'amlaj')
class TestObjectionOther(OtherBuilders, objection_common.ObjectionCommon):
    """Objections to a suspension and to a failed delivery (A20)."""

    def object(self, user=None, text=WHY, **values):
        return self.file.with_user(user or self.holder).action_object_suspension(text, **values).sudo()

    def test_a_suspension_is_lifted(self):
        self.suspend()
        ticket = self.object()
        self.assertRecordValues(ticket, [{
            'kind': 'objection', 'objection_to': 'suspension', 'beneficiary_id': self.file.id, 'state': 'new',
            'text': WHY, 'origin': 'applicant', 'request_id': False}])
        self.assertEqual(ticket.create_uid, self.env.ref('base.user_root'))
        with self.assertRefused(UserError, "You took part"):
            ticket.with_user(self.manager).action_uphold("We were wrong.")
        ticket.with_user(self.manager2).action_uphold("We were wrong.")
        self.assertEqual((ticket.state, ticket.outcome, self.file.state), ('answered', 'upheld', 'registered'))
        message = self.env['amlaj.message'].search([('ticket_id', '=', ticket.id)])
        self.assertIn(ticket.name, message.body)
        self.assertNotRegex(message.body, "(?i)suspen|object|wrong")
        page = self.env['amlaj.ticket'].with_user(self.holder)._held_ticket(ticket.id)._told_page()
        self.assertIn("We were wrong.", str(page['turns']))
        self.assertFalse(page['may_reply'])

    def test_dismissed_it_stays(self):
        self.suspend()
        ticket = self.object()
        ticket.with_user(self.manager2).action_dismiss("Please come to us.")
        self.assertEqual((ticket.outcome, self.file.state), ('dismissed', 'suspended'))

    def test_one_for_each_suspension_within_the_window(self):
        with self.assertRefused(UserError, "not suspended"):
            self.object()
        self.suspend()
        first = self.object(submission_key='k')
        self.assertEqual(self.object(submission_key='k'), first, "the same click is one")
        with self.assertRefused(UserError, f"received already: number {first.name}"):
            self.object()
        first.with_user(self.manager2).action_uphold("Yes.")
        moment = fields.Datetime.add(fields.Datetime.now(), days=1)
        with freeze_time(moment):
            self.suspend()
            self.assertNotEqual(self.object(), first, "another suspension, another objection")
        with freeze_time(fields.Datetime.add(moment, days=200)):
            self.file.with_user(self.manager2).action_reactivate("x")
            self.suspend()
        with freeze_time(fields.Datetime.add(moment, days=300)), self.assertRefused(UserError, "ended"):
            self.object()

    def test_who_may_object(self):
        self.suspend()
        for user in (self.follower, self.stranger, self.former, self.user['researcher'], self.user['auditor']):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.object(user)
        for text in ('', None, 5, 'x' * 4001):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.object(text=text)
        wizard = self.env['amlaj.ticket.entry'].with_user(self.relations).create({
            'beneficiary_id': self.file.id, 'objection_to': 'suspension', 'text': WHY})
        ticket = self.env['amlaj.ticket'].browse(wizard.action_confirm()['res_id'])
        self.assertEqual((ticket.origin, ticket.entered_by_id), ('staff', self.relations))

    def test_where_every_manager_took_part(self):
        others = self.env.ref('amlaj_beneficiary.group_manager').all_user_ids - self.manager
        others.action_archive()
        self.suspend()
        ticket = self.object()
        self.assertIn("Every manager took part", ticket.with_user(self.manager).review_hint)
        with self.assertRefused(UserError, "You took part"):
            ticket.with_user(self.manager).action_dismiss("x")
        ticket.unlink()
        self.env['res.config.settings'].create({'amlaj_board_chair_id': self.chair_of_board.id}).set_values()
        ticket = self.object()
        self.assertRecordValues(ticket, [{'lane': 'board', 'user_id': self.chair_of_board.id}])
        self.assertFalse(self.env['amlaj.ticket'].with_user(self.manager).search([('id', '=', ticket.id)]))
        ticket.with_user(self.chair_of_board).action_uphold("The board lifts it.")
        self.assertEqual(self.file.state, 'registered')

    # ------------------------------------------------------------
    # A failed delivery
    # ------------------------------------------------------------

    def test_a_delivery_is_planned_again(self):
        delivery = self.failed()
        ticket = delivery.with_user(self.holder).action_object("I was at home.").sudo()
        self.assertEqual((ticket.request_id, ticket.delivery_id), (delivery.request_id, delivery))
        self.assertFalse(delivery.request_id._objections_sudo(), "it is none to the decision")
        self.assertTrue(delivery.request_id._get_blockers('close')[delivery.request_id.id])
        with self.assertRefused(UserError, "received already"):
            delivery.with_user(self.relations).action_object("Again")
        ticket.with_user(self.manager).action_uphold("We come again.")
        again = delivery.request_id.delivery_ids - delivery
        self.assertEqual((again.state, delivery.state), ('planned', 'failed'))
        self.assertGreater(again.planned_on, ticket._today())
        self.assertEqual(delivery.request_id.state, 'delivery')
        with self.assertRefused(UserError, "planned again already"):
            delivery.with_user(self.holder).action_object("Again")

    def test_what_did_not_fail(self):
        delivery = self.failed()
        planned = delivery.copy({'request_id': delivery.request_id.id})
        with self.assertRefused(UserError, "has not failed"):
            planned.with_user(self.holder).action_object("x")
        with self.assertRaises(AccessError):
            delivery.with_user(self.stranger).action_object("x")


@tagged('post_install', '-at_install', 'amlaj')
class TestObjectionOtherPages(OtherBuilders, objection_common.ObjectionHttpCommon):
    """The pages for them."""

    def test_the_pages(self):
        self.opener.cookies['frontend_lang'] = 'en_US'
        self.suspend()
        delivery = self.failed_before_the_suspension()
        self.login()
        for path in (f'/my/objections/suspension/{self.file.id}', f'/my/objections/delivery/{delivery.id}'):
            place = self.post(path, path, text=WHY).headers['Location']
            self.assertIn(WHY.split('\n')[0], markup.unescape(self.page(place).text))
            self.assertIn("received already", self.page(path).text)
        self.login(self.stranger)
        for path in (f'/my/objections/suspension/{self.file.id}', f'/my/objections/delivery/{delivery.id}',
                     '/my/objections/suspension/0', '/my/objections/ghost/1'):
            self.page(path, 404)

    def failed_before_the_suspension(self):
        self.file.with_user(self.manager2).action_reactivate("x")
        delivery = self.failed()
        self.suspend()
        return delivery
