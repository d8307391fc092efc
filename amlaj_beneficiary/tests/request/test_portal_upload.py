import io
from unittest.mock import patch

from PIL import Image

from odoo.addons.http_routing.tests.common import MockRequest
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.request import request_upload
from . import portal_common
from .request_common import PDF, picture
from .test_request_files import EXIF, huge_png


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalUpload(portal_common.PortalHttpCommon):
    """Papers from home: photos and PDFs judged by their content, numbers alone where the paper is only seen, nothing
    lost and nothing kept twice (R18, R41, R53; PDPL 28)."""

    def setUp(self):
        super().setUp()
        self.request = self.draft(service=self.make_service("Papers (test)", self.lease, self.card, is_published=True))
        self.lease_paper, self.card_paper = self.request.document_ids
        self.login()

    def send(self, paper, *files, json=False, **form):
        """Post a paper's form; with ``json`` as the page's script does."""
        if json:
            self.opener.headers['Accept'] = 'application/json'
            self.addCleanup(self.opener.headers.pop, 'Accept', None)
        return self.post(
            f'/my/requests/{self.request.id}/papers/{paper.id}', files=[('files', file) for file in files] or None, **form)

    def test_a_photo_by_a_plain_form(self):
        response = self.send(self.lease_paper, ('lease.jpg', picture(kind='JPEG', exif=EXIF)))
        self.assertIn(f'step/papers#paper-{self.lease_paper.id}', response.headers['Location'])
        self.assertRecordValues(self.lease_paper, [{
            'state': 'provided', 'received_on': self.request._today(), 'mismatch_reason': False}])
        file = self.lease_paper.attachment_ids
        self.assertRecordValues(file, [{
            'res_model': 'amlaj.request.document', 'res_id': self.lease_paper.id, 'public': False,
            'create_uid': self.holder.id, 'mimetype': 'image/jpeg'}])
        self.assertNotIn(b'Secret7', file.raw)
        self.assertIn("lease.jpg", self.page(f'/my/requests/{self.request.id}/step/papers').text)

    def test_several_photos_make_one_paper(self):
        self.send(self.lease_paper, ('1.png', picture()), ('2.png', picture(size=(200, 80))))
        self.send(self.lease_paper, ('3.pdf', PDF))
        self.assertEqual(len(self.lease_paper.attachment_ids), 3)

    def test_the_script_is_told_how_the_paper_stands(self):
        answer = self.send(self.lease_paper, ('lease.pdf', PDF), json=True).json()
        self.assertEqual(answer['error'], '')
        self.assertIn("lease.pdf", answer['html'])
        self.assertIn(f'/my/requests/{self.request.id}/files/{self.lease_paper.attachment_ids.id}', answer['html'])

    def test_the_same_photo_twice_is_there_once(self):
        for __ in range(3):
            self.assertEqual(self.send(self.lease_paper, ('a.jpg', picture(kind='JPEG')), json=True).json()['error'], '')
        self.assertEqual(len(self.lease_paper.attachment_ids), 1)

    def test_bad_files_are_named_at_the_paper_and_nothing_is_lost(self):
        self.send(self.lease_paper, ('good.pdf', PDF))
        cases = {
            'a program named pdf': (('lease.pdf', b'MZ\x90\x00' + b'\x00' * 300), "not what its name says"),
            'a program': (('setup.exe', b'MZ\x90\x00' + b'\x00' * 300), "cannot be accepted"),
            'a page': (('photo.jpg', b'<html><script>alert(1)</script></html>'), "not what its name says"),
            'a drawing with a script': (('logo.svg', b'<svg onload="alert(1)"/>'), "cannot be accepted"),
            'an image bomb': (('photo.png', huge_png()), "pixels"),
            'nothing': (('empty.pdf', b''), "empty"),
            'a torn photo': (('photo.jpg', picture(kind='JPEG')[:400]), "damaged"),
            '40 MB': (('photo.jpg', picture(kind='JPEG') + b'\x00' * 40_000_000), "MB"),
        }
        for name, (file, message) in cases.items():
            with self.subTest(name):
                page = self.send(self.lease_paper, ('fine.png', picture()), file, issued_on='1/2/2026')
                self.assertEqual(page.status_code, 200)
                self.assertIn(message, page.text)
                self.assertEqual(self.lease_paper.attachment_ids.mapped('name'), ['good.pdf'])
                self.assertIn(message, self.send(self.lease_paper, file, json=True).json()['error'])
                self.opener.headers.pop('Accept')

    def test_the_number_of_the_file_is_not_asked_again(self):
        self.env.ref('amlaj_beneficiary.document_type_identity_card').code = 'another'
        self.env.flush_all()
        self.card.code, self.file.identity_kind = 'identity_card', 'national_id'
        self.file.identity_number = number = self.next_identity()
        page = self.page(f'/my/requests/{self.request.id}/step/papers').text
        self.assertIn('******' + number[-4:], page)
        self.assertNotIn(number, page)
        self.assertNotIn('••••', page)
        self.assertIn("is not right", self.send(self.card_paper, number='1000007779').text)
        self.assertEqual(self.card_paper.state, 'missing')
        self.send(self.card_paper, number='')
        self.assertRecordValues(self.card_paper, [{'state': 'provided', 'number': number}])
        told = self.request.sudo()._followed_papers()
        self.assertNotIn(number[-4:], str(told))

    def test_an_identity_paper_by_its_number_alone(self):
        page = self.page(f'/my/requests/{self.request.id}/step/papers').text
        self.assertIn("We will see the original at our first meeting.", page)
        refused = self.send(self.card_paper, ('card.jpg', picture(kind='JPEG')), number='1')
        self.assertIn("no copy is kept", refused.text)
        self.assertFalse(self.card_paper.attachment_ids)
        self.assertIn("enter the number", self.send(self.card_paper, number=' ').text)
        self.assertEqual(self.card_paper.state, 'missing')
        self.send(self.card_paper, number='١٠٠ ٢٠٠', expiry_date='١٥/٧/١٤٥٠')
        self.assertRecordValues(self.card_paper, [{
            'state': 'provided', 'number': '100200', 'received_on': self.request._today()}])
        self.assertEqual(str(self.card_paper.expiry_date), '2028-12-02')
        self.assertNotIn('100200', self.page(f'/my/requests/{self.request.id}/step/papers').text)
        self.send(self.card_paper, number='', expiry_date='1/1/2030')
        self.assertEqual(self.card_paper.number, '100200', "what is not shown again is not emptied")

    def test_a_paper_that_is_only_seen(self):
        report = self.env['amlaj.document.type'].create({'name': "Report (test)", 'proof': 'seen'})
        self.request = self.draft(service=self.make_service("Seen (test)", report, is_published=True))
        paper = self.request.document_ids
        self.assertIn("no copy is kept", self.send(paper, ('report.pdf', PDF)).text)
        self.send(paper)
        self.assertEqual(paper.state, 'provided')

    def test_dates_where_the_kind_needs_them(self):
        page = self.page(f'/my/requests/{self.request.id}/step/papers').text
        self.assertNotIn(f'id="paper-{self.lease_paper.id}-issued"', page)
        self.assertIn(f'id="paper-{self.card_paper.id}-expiry"', page)
        self.request = self.draft(service=self.make_service("Letter (test)", self.letter, is_published=True))
        paper = self.request.document_ids
        for typed, message in (('31/02/2026', "no day 31"), ('1/1/2090', "in the future"), ('yesterday?', "cannot be read")):
            page = self.send(paper, ('letter.pdf', PDF), issued_on=typed)
            self.assertIn(message, page.text)
            self.assertIn(f'value="{typed}"', page.text)
            self.assertFalse(paper.attachment_ids)
        page = self.send(paper, ('letter.pdf', PDF), issued_on='1/1/2020')
        self.assertIn("not older than 90 days", self.page(f'/my/requests/{self.request.id}/step/papers').text)
        self.assertEqual(paper.state, 'provided')

    def test_a_file_is_taken_back(self):
        self.send(self.lease_paper, ('1.png', picture()), ('2.pdf', PDF))
        first, second = self.lease_paper.attachment_ids
        self.send(self.lease_paper, remove=first.id)
        self.assertFalse(first.exists())
        self.assertEqual(self.lease_paper.state, 'provided')
        self.send(self.lease_paper, remove=second.id)
        self.assertFalse(second.exists())
        self.assertRecordValues(self.lease_paper, [{'state': 'missing', 'received_on': False}])
        for wrong in ('x', '0', str(2 ** 70)):
            self.assertEqual(self.send(self.lease_paper, remove=wrong).status_code, 303)

    def test_another_s_file_is_not_taken_back(self):
        scan = self.env['ir.attachment'].with_user(self.relations).create({'name': "scan.pdf", 'raw': PDF})
        self.lease_paper.with_user(self.relations).attachment_ids = [(4, scan.id)]
        self.send(self.lease_paper, remove=scan.id)
        self.assertTrue(scan.exists())

    def test_a_matched_paper_takes_nothing_more(self):
        self.send(self.lease_paper, ('1.pdf', PDF))
        self.lease_paper.with_user(self.relations).action_match()
        self.assertIn("nothing more is needed", self.send(self.lease_paper, ('2.png', picture())).text)
        self.assertIn("nothing more is needed", self.send(
            self.lease_paper, remove=self.lease_paper.attachment_ids.id).text)
        self.assertEqual(self.lease_paper.attachment_ids.mapped('name'), ['1.pdf'])
        self.assertNotIn(f'id="paper-{self.lease_paper.id}-files"', self.page(
            f'/my/requests/{self.request.id}/step/papers').text)

    def test_with_the_committee_it_is_too_late(self):
        self.request = self.make_request('committee').sudo()
        with self.assertRaises(UserError):
            self.request.document_ids.with_user(self.holder).sudo()._receive_upload([('1.pdf', PDF)])
        self.page(f'/my/requests/{self.request.id}/step/papers', status=303)

    def test_a_mismatch_is_mended(self):
        self.send(self.lease_paper, ('1.pdf', PDF))
        self.lease_paper.with_user(self.relations).action_mismatch("Another's name")
        self.assertIn("Another&#39;s name", self.page(f'/my/requests/{self.request.id}/step/papers').text)
        self.send(self.lease_paper, ('2.png', picture()))
        self.assertRecordValues(self.lease_paper, [{'state': 'provided', 'mismatch_reason': False}])

    def test_a_known_paper_is_not_asked_again(self):
        earlier = self.make_request('submitted', service=self.service)
        self.request = self.draft(service=self.make_service("Again (test)", self.lease, is_published=True))
        self.assertEqual(self.request.document_ids.reused_from_id, earlier.document_ids)
        page = self.page(f'/my/requests/{self.request.id}/step/papers').text
        self.assertIn("We have this paper already", page)
        self.assertNotIn('type="file"', page)

    def test_not_more_files_than_a_paper_has(self):
        with patch.object(request_upload, 'MOST_FILES', 2):
            page = self.send(self.lease_paper, *((f'{rank}.png', picture(size=(90 + rank, 60))) for rank in range(3)))
            self.assertIn("at most 2 files", page.text)
            self.assertFalse(self.lease_paper.attachment_ids)

    @mute_logger('odoo.http')
    def test_a_paper_of_another_request(self):
        other = self.draft(service=self.studied)
        response = self.post(f'/my/requests/{self.request.id}/papers/{other.document_ids.id}', number='1')
        self.assertEqual(response.status_code, 404)

    def test_a_large_photo_is_kept_as_it_was_sent(self):
        """Odoo would shrink what it makes an attachment of; the phone has done that already, or could not."""
        stream = io.BytesIO()
        Image.new('RGB', (2400, 1800), 'white').save(stream, 'JPEG')
        self.send(self.lease_paper, ('lease.jpg', stream.getvalue()))
        with Image.open(io.BytesIO(self.lease_paper.attachment_ids.raw)) as kept:
            self.assertEqual(kept.size, (2400, 1800))

    def test_names_are_made_safe(self):
        self.send(self.lease_paper, ('../../x<script>.pdf', PDF))
        name = self.lease_paper.attachment_ids.name
        self.assertNotIn('/', name)
        self.assertNotIn('<', name)

    def test_what_the_script_says_is_translated(self):
        with MockRequest(self.env):
            self.assertIn('amlaj_beneficiary', self.env['ir.http'].get_translation_frontend_modules())
