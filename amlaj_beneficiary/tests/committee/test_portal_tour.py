from odoo.fields import Command
from odoo.tests import tagged

from . import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalTour(committee_common.CommitteeHttpCommon):
    """The applicant's whole way in a browser of 360 px, in Arabic: from the services through a photo, his finger's
    signature and a paper that was missing, to the answer and the receipt (R18, R22, R53, R57, R61, R64)."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env['website'].search([], limit=1)
        arabic = cls.env['res.lang']._activate_lang('ar_001')
        website.write({'language_ids': [Command.link(arabic.id)], 'default_lang_id': arabic.id})
        cls.holder = cls.make_portal_user('tour_holder', lang='ar_001')
        cls.file = cls.make_file('فاطمة سعد محمد الحربي', lang='ar_001')
        cls.make_mandate(cls.file, cls.holder)
        lease, card = cls.env['amlaj.document.type'].create([
            {'name': 'عقد إيجار', 'proof': 'file'},
            {'name': 'الهوية الوطنية', 'proof': 'seen', 'identifies_person': True}])
        cls.service = cls.env['amlaj.service'].create({
            'name': 'خدمة الجوال', 'kind': 'cash', 'is_published': True, 'sequence': 0,
            'question_definition': [{'name': 'months', 'type': 'integer', 'string': 'كم شهراً؟'}],
            'requirement_ids': [
                Command.create({'document_type_id': paper.id, 'sequence': rank})
                for rank, paper in enumerate((lease, card))]})

    def walk(self, tour, path):
        self.env.flush_all()
        self.start_tour(path, f'amlaj_portal_{tour}', login=self.holder.login, timeout=180)
        self.env.invalidate_all()

    def test_from_the_services_to_the_receipt(self):
        self.walk('apply', '/services')
        request = self.file.request_ids
        self.assertRecordValues(request, [{'state': 'incomplete', 'origin': 'applicant', 'entered_by_id': False}])
        self.assertEqual(request._answers_given(), {'months': 3})
        self.assertEqual(request.declaration_ids.method, 'portal')
        lease, card = request.document_ids
        self.assertEqual(lease.state, 'provided')
        self.assertEqual(lease.attachment_ids.mapped('name'), ['contract.jpg'])
        self.assertLessEqual(lease.attachment_ids.file_size, 400 * 1024, "the phone made it small")
        self.assertEqual(card.state, 'missing')

        self.walk('complete', '/my/requests')
        self.assertEqual(request.state, 'submitted')
        self.assertRecordValues(card, [{'state': 'provided', 'number': '1000000008', 'attachment_ids': []}])

        self.answer_and_deliver(request)
        self.walk('result', f'/my/requests/{request.id}')
        receipt = self.url_open(f'/my/requests/{request.id}/receipts/{request.delivery_ids.id}')
        self.assertTrue(receipt.content.startswith(b'%PDF'))

    def answer_and_deliver(self, request):
        """What the association does meanwhile."""
        request = request.with_user(self.relations)
        request.document_ids.action_match()
        request.action_receive_at_desk()
        request.action_raise()
        self.decided('approved', request, reply=True, amount=1500)
        request.with_user(self.user['delivery']).action_start_delivery()
        delivery = request.sudo().delivery_ids
        delivery.place = 'office'
        delivery.with_user(self.user['delivery']).action_deliver('فاطمة الحربي', second_name='هدى سالم')
