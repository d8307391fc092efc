import io
import json
import re
import zlib
from base64 import b64decode
from datetime import time as clock
from unittest.mock import patch

from PIL import Image
from PyPDF2 import PdfReader, PdfWriter
from PyPDF2.generic import ArrayObject, NameObject

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools import pdf_clean
from ...tools.follow_code import clean_follow_code, show_follow_code
from ...tools.jpeg2000 import strip_jpeg2000
from ...tools.pdf_clean import clean_pdf
from . import ticket_common

MAKER = 'SecretMakerOfThisFile'
# a red square of 8 x 8 in JPEG 2000, whose codestream notes MAKER
JPEG_2000 = b64decode(
    'AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAACAAAAAgAAwcHAAAAAAAPY29scgEAAAAA'
    'ABAAAACYanAyY/9P/1EALwAAAAAACAAAAAgAAAAAAAAAAAAAAAgAAAAIAAAAAAAAAAAAAwcBAQcBAQcBAf9SAAwAAAABAAMEBAAB'
    '/1wADUBASEhQSEhQSEhQ/2QAGQABU2VjcmV0TWFrZXJPZlRoaXNGaWxl/5AACgAAAAAAIwAB/5PPtAQA34AIB9+ACAeAgICAgICA'
    'gID/2Q==')


def photo():
    """A JPEG whose Exif names its maker and whose comment does too."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = MAKER
    exif[0x0132] = '2026:01:02 03:04:05'
    Image.new('RGB', (40, 30), 'red').save(out, 'JPEG', exif=exif, comment=MAKER.encode())
    return out.getvalue()


def pdf(packed=False):
    """A PDF with an author, a page with a remark and a photo that carries Exif, ``packed`` once more."""
    plain = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(plain, 'PDF')
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(plain.getvalue())))
    picture = next(iter(writer.pages[0]['/Resources']['/XObject'].values())).get_object()
    picture._data = zlib.compress(photo()) if packed else photo()
    if packed:
        picture[NameObject('/Filter')] = ArrayObject([NameObject('/FlateDecode'), NameObject('/DCTDecode')])
    writer.add_metadata({'/Author': MAKER, '/Creator': MAKER, '/CreationDate': "D:20260102030405+03'00'"})
    writer.add_uri(0, f'https://example.org/{MAKER}', [0, 0, 10, 10])
    writer.add_attachment('secret.txt', MAKER.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@tagged('post_install', '-at_install', 'amlaj')
class TestTicketAnonymous(ticket_common.TicketCommon):
    """Without a name: nobody finds who it was, and he reads and answers by his code alone (rule 10)."""

    def anonymous(self, **typed):
        return self.send('complaint', is_anonymous='1', name="Salem", phone='0501234567', **typed)

    def test_nothing_says_who_it_was(self):
        ticket, code = self.anonymous(files=[('salem-alharbi.jpg', photo())])
        ticket._reply_by_person("More of it.", [('salem.pdf', pdf())], self.new_key())
        self.env.flush_all()
        self.assertRecordValues(ticket, [{
            'beneficiary_id': False, 'sender_id': False, 'sender_name': False, 'sender_phone': False, 'sender_email': False,
            'branch_id': False, 'request_id': False, 'entered_by_id': False, 'is_anonymous': True}])
        self.env.cr.execute("SELECT to_jsonb(t) FROM amlaj_ticket t WHERE id = %s", ticket.ids)
        row = self.env.cr.fetchone()[0]
        root = self.env.ref('base.user_root').id
        self.assertEqual((row['create_uid'], row['write_uid']), (root, root))
        self.assertTrue(all(row[name].endswith('T00:00:00') for name in ('create_date', 'write_date')))
        text = json.dumps(row)
        for trace in (str(self.holder.partner_id.id) + '"', self.holder.login, "Salem", '501234567', code):
            self.assertNotIn(trace, text)
        self.assertFalse([name for name, value in row.items() if value == self.holder.id and name != 'id'
                          and self.Ticket._fields[name].comodel_name == 'res.users'])
        self.env.cr.execute(
            "SELECT create_uid, write_uid, create_date, write_date, name FROM ir_attachment "
            "WHERE res_model = 'amlaj.ticket' AND res_id = %s", ticket.ids)
        files = self.env.cr.fetchall()
        self.assertEqual({row[4] for row in files}, {'1.jpg', '1.pdf'})
        for create_uid, write_uid, created, written, _name in files:
            self.assertEqual((create_uid, write_uid, created.time(), written.time()), (root, root, clock(0), clock(0)))
        for model in ('mail.message', 'amlaj.message', 'amlaj.access.log', 'website.visitor'):
            Model = self.env[model].sudo()
            texts = [name for name, field in Model._fields.items() if field.store and field.type in ('char', 'text', 'html')]
            for name in texts:
                self.assertFalse(Model.search([(name, 'ilike', ticket.name)], limit=1), f'{model}.{name}')

    def test_the_code_alone_opens_it(self):
        ticket, code = self.anonymous()
        self.assertRegex(code, r'^\d{16}$')
        opened = self.Ticket.with_user(self.env.ref('base.public_user'))._opened_by_code
        arabic = show_follow_code(code).translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩'))
        for typed in (code, show_follow_code(code), arabic, f' {code} '):
            self.assertEqual(opened(ticket.name, typed), ticket)
        other = self.visit('complaint', is_anonymous='1')[0]
        for number, typed in ((ticket.name, code[:-1] + str((int(code[-1]) + 1) % 10)), (other.name, code), ('', code),
                              (ticket.name, ''), (ticket.name, None), (ticket.name, code[:10]), ('99-9999', code),
                              (ticket.name, 7), (None, code)):
            with self.subTest(number=number, typed=typed):
                self.assertFalse(opened(number, typed))
        self.assertNotIn(code, ticket.follow_up_hash)
        self.assertEqual(len(ticket.follow_up_hash), 64)
        self.assertNotEqual(
            ticket.follow_up_hash, self.Ticket._code_hash(other.name, code), "a hash copied to another row opens nothing")

    def test_staff_cannot_make_or_read_the_code(self):
        ticket = self.anonymous()[0]
        for user in (self.quality, self.manager):
            for name in ('follow_up_hash', 'submission_key', 'barred_user_ids', 'exchange'):
                with self.subTest(user=user.login, name=name):
                    if name == 'submission_key':
                        self.assertNotRegex(ticket.with_user(user).submission_key or '', r'^0+\d+$', "its hash alone")
                    else:
                        self.assertNotIn(name, self.Ticket.with_user(user).fields_get())

    def test_the_talk_by_code(self):
        ticket, code = self.anonymous()
        ticket.with_user(self.quality).action_ask("On which day?")
        opened = self.Ticket._opened_by_code(ticket.name, code)
        self.assertIn("On which day?", str(opened._told_page()['turns']))
        opened.with_user(self.holder).sudo()._reply_by_person("On Sunday.", (), self.new_key())
        self.env.cr.execute("SELECT write_uid FROM amlaj_ticket WHERE id = %s", ticket.ids)
        self.assertEqual(self.env.cr.fetchone()[0], self.env.ref('base.user_root').id)
        self.assertNotIn(str(self.holder.id), re.findall(r"'user_id': (\d+)", str(ticket.exchange)))
        ticket.with_user(self.quality).action_answer("We looked into it.")
        self.assertFalse(self.env['amlaj.message'].search([('ticket_id', '=', ticket.id)]))
        self.assertIn("Nobody is written to", ticket.with_user(self.quality).told_text)

    def test_it_is_on_no_page_of_its_sender(self):
        ticket = self.anonymous()[0]
        self.assertFalse(self.Ticket.with_user(self.holder)._held_ticket(ticket.id))
        self.assertNotIn(ticket.name, str(self.Ticket.with_user(self.holder)._holder_tickets()))

    def test_files_lose_who_made_them(self):
        ticket = self.anonymous(files=[('a.jpg', photo()), ('b.pdf', pdf())])[0]
        for file in ticket.attachment_ids.sudo():
            self.assertNotIn(MAKER.encode(), file.raw, file.name)
            self.assertNotIn(b'2026:01:02', file.raw)
            self.assertFalse(file.description)
        cleaned = PdfReader(io.BytesIO(ticket.attachment_ids.sudo().filtered(lambda f: f.name.endswith('pdf')).raw))
        self.assertEqual(len(cleaned.pages), 1)
        self.assertNotIn('/Annots', cleaned.pages[0])
        self.assertFalse({'/Author', '/Producer', '/Creator', '/CreationDate'} & set(cleaned.metadata or ()))
        self.assertNotIn('/Names', cleaned.trailer['/Root'])

    def test_files_are_judged(self):
        for name, content in (('a.jpg', b'<script>'), ('a.exe', b'MZ' + b'x' * 99), ('a.pdf', b'%PDF-1.4 broken'),
                              ('a.svg', b'<svg onload="x"/>'), ('a.pdf', pdf().replace(b'/Type', b'/JavaScript /Type', 1))):
            with self.subTest(name=name, content=content[:9]), self.assertRaises(UserError):
                self.anonymous(files=[(name, content)])
        with self.assertRefused(UserError, "At most"):
            self.anonymous(files=[('a.jpg', photo())] * 6)
        self.assertFalse(self.Ticket.search([('is_anonymous', '=', True)]))

    def test_a_locked_pdf_says_so(self):
        writer = PdfWriter()
        writer.add_blank_page(10, 10)
        writer.encrypt('x')
        out = io.BytesIO()
        writer.write(out)
        with self.assertRaises(ValueError):
            clean_pdf(out.getvalue())

    def test_a_photo_packed_twice(self):
        cleaned = clean_pdf(pdf(packed=True))
        self.assertNotIn(MAKER.encode(), cleaned)
        picture = next(iter(PdfReader(io.BytesIO(cleaned)).pages[0]['/Resources']['/XObject'].values())).get_object()
        self.assertNotIn(MAKER.encode(), picture._data)
        self.assertEqual(Image.open(io.BytesIO(picture._data)).size, (40, 30))

    def test_a_photo_packed_without_end(self):
        with patch.object(pdf_clean, 'MOST_UNPACKED', 100), self.assertRaises(ValueError):
            clean_pdf(pdf(packed=True))

    def test_a_picture_in_jpeg_2000(self):
        note = (8 + len(MAKER)).to_bytes(4, 'big') + b'xml ' + MAKER.encode()
        at = JPEG_2000.index(b'jp2c') - 4
        marked, bare = JPEG_2000[:at] + note + JPEG_2000[at:], JPEG_2000[at + 8:]
        clean = strip_jpeg2000(marked)
        self.assertEqual(clean, strip_jpeg2000(clean))
        self.assertTrue(clean.endswith(strip_jpeg2000(bare)))
        for picture in (clean, strip_jpeg2000(bare)):
            self.assertNotIn(MAKER.encode(), picture)
            self.assertTrue(picture.endswith(bare[bare.index(b'\xff\x90'):]), "the picture itself is whole")
        for broken in (b'', b'no picture', marked[:60], marked[:-60], bare[:30]):
            with self.subTest(broken=broken), self.assertRaises(ValueError):
                strip_jpeg2000(broken)
        packed = PdfReader(io.BytesIO(pdf()))
        writer = PdfWriter()
        writer.append_pages_from_reader(packed)
        drawn = next(iter(writer.pages[0]['/Resources']['/XObject'].values())).get_object()
        drawn._data, drawn[NameObject('/Filter')] = marked, NameObject('/JPXDecode')
        out = io.BytesIO()
        writer.write(out)
        self.assertNotIn(MAKER.encode(), clean_pdf(out.getvalue()))

    def test_codes_that_people_type(self):
        self.assertEqual(clean_follow_code('1234-5678 9012.3456'), '1234567890123456')
        for bad in (None, 5, '', '123', 'x' * 100, '12345678901234567', b'1234567890123456'):
            self.assertEqual(clean_follow_code(bad), '')
