import base64
import io
import struct
import zipfile

from PIL import Image

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common
from .request_common import PDF, picture

EXIF = b'Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02\x00\x00\x00\x08\x00\x00\x00\x1aSecret7\x00'


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, 'w') as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def huge_png():
    """A PNG that says it is 50,000 x 50,000 pixels."""
    head = struct.pack('>IIBBBBB', 50000, 50000, 8, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + struct.pack('>I', 13) + b'IHDR' + head + b'\x00' * 4 + picture()[33:]


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestFiles(request_common.RequestCommon):
    """Files of papers: what is kept, under which name, for whom."""

    def setUp(self):
        super().setUp()
        self.paper = self.ask(file=self.make_file()).document_ids

    def upload(self, name="lease.pdf", data=PDF, user=None, **vals):
        """A file as it arrives: made by the user, hung on nothing yet."""
        return self.env['ir.attachment'].with_user(user or self.relations).create({
            'name': name, 'raw': data, **vals})

    def hang(self, file, paper=None):
        (paper or self.paper).attachment_ids = [Command.link(file.id)]
        return file.sudo()

    def test_good_files(self):
        cases = [
            ("lease.pdf", PDF, "lease.pdf", 'application/pdf'),
            ("عقد إيجار.pdf", PDF, "عقد إيجار.pdf", 'application/pdf'),
            ("photo.JPG", picture(kind='JPEG'), "photo.jpg", 'image/jpeg'),
            ("photo", picture(), "photo.png", 'image/png'),
            ("page.webp", picture(kind='JPEG'), "page.jpg", 'image/jpeg'),
        ]
        for name, data, kept, mimetype in cases:
            with self.subTest(name=name):
                file = self.hang(self.upload(name, data))
                self.assertRecordValues(file, [{
                    'name': kept, 'mimetype': mimetype, 'res_model': 'amlaj.request.document',
                    'res_id': self.paper.id, 'public': False}])
        self.assertEqual(len(self.paper.attachment_ids), len(cases), "several photos make one paper")

    def test_bad_files(self):
        png, page = picture(), b'<html><script>alert(1)</script></html>'
        cases = {
            'program named pdf': ("lease.pdf", b'MZ\x90\x00' + b'\x00' * 300, "not what its name says"),
            'program': ("setup.exe", b'MZ\x90\x00' + b'\x00' * 300, "cannot be accepted"),
            'pdf named exe': ("lease.exe", PDF, "not what its name says"),
            'svg': ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "cannot be accepted"),
            'svg as png': ("logo.png", b'<svg onload="alert(1)"/>', "not what its name says"),
            'page as jpg': ("photo.jpg", page, "not what its name says"),
            'page with the head of a pdf': ("lease.pdf", b'%PDF-1.4\n' + page, "not what its name says"),
            'photo with an archive behind it': ("photo.png", png + zipped(a=b'a'), "not what its name says"),
            'archive': ("all.zip", zipped(a=b'a'), "cannot be accepted"),
            'empty': ("lease.pdf", b'', "empty"),
            'cut off photo': ("photo.jpg", picture(kind='JPEG')[:400], "damaged"),
            'pdf with a script': ("form.pdf", PDF.replace(b'/Catalog', b'/Catalog/OpenAction<</S/JavaScript>>'),
                                  "contains a program"),
            'photo of 2500 million pixels': ("photo.png", huge_png(), "pixels"),
        }
        for name, (file_name, data, message) in cases.items():
            with self.subTest(name), self.assertRefused(ValidationError, message):
                self.hang(self.upload(file_name, data))
        self.assertFalse(self.paper.attachment_ids)

    def test_too_large(self):
        self.env['ir.config_parameter'].set_param('amlaj_beneficiary.max_upload_mb', 1)
        limit = 1024 * 1024
        padding = b'%' + b' ' * (limit - len(PDF) - 1)
        self.hang(self.upload("exact.pdf", PDF + padding))
        with self.assertRefused(ValidationError, "MB"):
            self.hang(self.upload("more.pdf", PDF + padding + b' '))

    def test_forty_megabytes_by_default(self):
        with self.assertRefused(ValidationError, "40"):
            self.hang(self.upload("scan.pdf", PDF + b' ' * 40_000_000))

    def test_what_the_phone_noted_is_removed(self):
        data = picture(kind='JPEG', exif=EXIF)
        self.assertIn(b'Secret7', data)
        file = self.hang(self.upload("photo.jpg", data))
        self.assertNotIn(b'Secret7', file.raw)
        self.assertFalse(Image.open(io.BytesIO(file.raw)).getexif())

    def test_names_are_made_safe(self):
        cases = {
            "../../etc/passwd.pdf": "passwd.pdf", "C:\\temp\\lease.pdf": "lease.pdf", "con.pdf": "_con.pdf",
            "=cmd|' /C calc'!A0.pdf": None, "\u202egpj.pdf": None, "a\x00b\n.pdf": None, "x" * 5000 + ".pdf": None,
            "<img src=x>.pdf": None,
        }
        for name, kept in cases.items():
            with self.subTest(name=name[:20]):
                file = self.hang(self.upload(name.replace('\x00', ''), PDF))
                if kept:
                    self.assertEqual(file.name, kept)
                self.assertRegex(file.name, r'^[\w .()-]{1,100}\.pdf$')

    def test_the_web_clients_way(self):
        """The web client says at the upload already to which record the file belongs; it is judged all the same."""
        bound = {'res_model': 'amlaj.request.document', 'res_id': self.paper.id}
        file = self.hang(self.upload("photo.jpg", picture(kind='JPEG', exif=EXIF), **bound))
        self.assertNotIn(b'Secret7', file.raw)
        for name, data in [("lease.pdf", b'MZ' + b'\x00' * 200), ("page.svg", b'<svg onload="alert(1)"/>')]:
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.hang(self.upload(name, data, **bound))

    def test_an_identity_paper_has_no_file(self):
        card = self.ask(self.make_service("Card (test)", self.card)).document_ids
        with self.assertRefused(ValidationError, "no copy is kept"):
            self.hang(self.upload("card.jpg", picture(kind='JPEG')), card)
        self.hang(self.upload())
        with self.assertRefused(ValidationError, "no copy is kept"):
            self.paper.document_type_id = self.card

    def test_others_files_are_not_hung_on(self):
        other = self.ask(self.studied, self.make_file()).document_ids
        taken = self.hang(self.upload(), other).with_user(self.relations)
        contact = self.env['res.partner'].create({'name': "Someone"})
        colleague = self.upload("lease.pdf", user=self.user['representative'])
        cases = {
            'of another paper': taken,
            'of another record': self.env['ir.attachment'].with_user(self.relations).sudo().create({
                'name': "lease.pdf", 'raw': PDF, 'res_model': 'res.partner', 'res_id': contact.id,
            }).sudo(False),
        }
        for name, file in cases.items():
            with self.subTest(name), self.assertRefused(ValidationError, "belongs to something else"):
                self.hang(file)
        self.assertEqual(taken.sudo().res_id, other.id)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.hang(colleague)  # of another user

    def test_a_public_file_becomes_private(self):
        file = self.upload("photo.png", picture())
        file.sudo().write({'public': True, 'access_token': 'known'})
        self.assertRecordValues(self.hang(file), [{'public': False, 'access_token': False}])

    def test_a_link_is_no_file(self):
        link = self.upload("lease.pdf", b'', type='url', url='https://example.com/lease.pdf')
        with self.assertRaises(ValidationError):
            self.hang(link)

    def test_what_is_taken_out_is_deleted(self):
        first, second = self.hang(self.upload()), self.hang(self.upload("page2.pdf"))
        self.paper.action_receive_and_match()
        self.paper.attachment_ids = [Command.unlink(first.id)]
        self.assertFalse(first.exists(), "nobody would find it, and it would stay for ever")
        self.assertTrue(second.exists())
        self.assertEqual(self.paper.state, 'provided', "what was compared has changed")
        self.paper.attachment_ids = [Command.clear()]
        self.assertFalse(second.exists())

    def test_a_kept_file_is_not_exchanged(self):
        file = self.hang(self.upload()).with_user(self.relations)
        self.paper.action_receive_and_match()
        for vals in ({'raw': b'<svg/>'}, {'datas': base64.b64encode(b'other')}, {'name': "other.exe"},
                     {'mimetype': 'text/html'}, {'public': True}, {'res_id': 0}, {'res_model': 'res.partner'}):
            with self.subTest(vals=list(vals)), self.assertRaises(AccessError):
                file.write(vals)
        with self.assertRaises(AccessError):
            file.unlink()
        self.assertEqual(file.sudo().raw, PDF)

    def test_portal_reads_no_file(self):
        file = self.hang(self.upload())
        applicant = self.make_portal_user('files_applicant')
        self.make_mandate(self.paper.request_id.beneficiary_id, applicant)
        self.assertTrue(self.paper.with_user(applicant).read(['state', 'document_type_id']))
        with self.assertRaises(AccessError):
            self.paper.with_user(applicant).read(['attachment_ids'])
        with mute_logger('odoo.addons.base.models.ir_rule'), self.assertRaises(AccessError):
            file.with_user(applicant).read(['name', 'raw'])
        self.assertFalse(self.env['ir.attachment'].with_user(applicant).search([('id', '=', file.id)]))
        with self.assertRaises(AccessError):
            self.env['ir.attachment'].with_user(applicant).create({
                'name': "x.pdf", 'raw': PDF, 'res_model': 'amlaj.request.document', 'res_id': self.paper.id})

    def test_without_a_role_no_file(self):
        file = self.hang(self.upload())
        for role in ('delivery', 'finance', 'quality', 'volunteer_coordinator', 'committee'):
            with self.subTest(role=role), self.assertRaises(AccessError), \
                    mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                file.with_user(self.user[role]).read(['raw'])
