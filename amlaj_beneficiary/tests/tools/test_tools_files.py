import io
import random
import struct
import unicodedata
import zipfile
import zlib

from PIL import Image, ImageDraw

from odoo.tests import BaseCase, tagged

from ...tools import files, metadata
from ...tools.errors import BadInput
from ...tools.files import (
    check_upload,
    clean_image,
    image_size,
    is_blank_png,
    pdf_is_active,
    png_ok,
    safe_filename,
    sniff,
)
from .test_tools_numbers import Refusals

PDF = b'%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'
EXE = b'MZ\x90\x00' + b'\x00' * 60 + b'PE\x00\x00'
MEGABYTE = 1_000_000


def picture(kind, size=(40, 30), color='navy', **options):
    out = io.BytesIO()
    Image.new('RGB', size, color).save(out, kind, **options)
    return out.getvalue()


def photo_with_place(kind='JPEG', orientation=None):
    """A photo whose EXIF says where it was taken and with which camera."""
    exif = Image.Exif()
    exif[0x010F] = 'SECRETCAMERA'
    if orientation:
        exif[0x0112] = orientation
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = 'N', (25.0, 1.0, 21.5), 'E', (37.0, 16.0, 2.3)
    return picture(kind, exif=exif.tobytes())


def webp(size=(40, 30), extended=True):
    """A WebP with the parts a phone writes. Odoo does not load Pillow's encoder, so the parts are made by hand."""
    width, height = size
    bits = (width - 1) | (height - 1) << 14
    picture_part = b'VP8L' + struct.pack('<I', 6) + b'\x2f' + struct.pack('<I', bits) + b'\x00'
    if not extended:
        return b'RIFF' + struct.pack('<I', 4 + len(picture_part)) + b'WEBP' + picture_part
    header = b'VP8X' + struct.pack('<IB3x', 10, 0x0C)
    header += struct.pack('<I', width - 1)[:3] + struct.pack('<I', height - 1)[:3]
    exif = b'EXIF' + struct.pack('<I', 13) + b'SECRETCAMERA!' + b'\x00'
    xmp = b'XMP ' + struct.pack('<I', 10) + b'SECRETXMP!'
    parts = header + picture_part + exif + xmp
    return b'RIFF' + struct.pack('<I', 4 + len(parts)) + b'WEBP' + parts


def drawing(*strokes, background=(0, 0, 0, 0), ink='black', size=(600, 200), width=3):
    image = Image.new('RGBA', size, background)
    for stroke in strokes:
        ImageDraw.Draw(image).line(stroke, fill=ink, width=width)
    out = io.BytesIO()
    image.save(out, 'PNG')
    return out.getvalue()


def png_header(width, height):
    """A PNG that claims a size and has next to nothing in it."""
    header = b'IHDR' + struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    body = b'IDAT' + zlib.compress(b'')
    return b'\x89PNG\r\n\x1a\n' + b''.join(
        struct.pack('>I', len(chunk) - 4) + chunk + struct.pack('>I', zlib.crc32(chunk))
        for chunk in (header, body, b'IEND')
    )


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as packed:
        packed.writestr('x.txt', 'x')
    return out.getvalue()


def box(name, content):
    return struct.pack('>I', 8 + len(content)) + name + content


def heic_photo(exif=b'\x00\x00\x00\x06Exif\x00\x00II*\x00SECRETPLACE', xmp=b'<x:xmpmeta>SECRETXMP', method=0):
    """A HEIC as phones lay it out: three items (picture, Exif, XMP) whose places are listed in ``iloc``."""
    pixels = b'PIXELS' * 20
    brand = box(b'ftyp', b'heic\x00\x00\x00\x00mif1heic')
    infos = b''.join(box(b'infe', b'\x02\x00\x00\x00' + struct.pack('>HH', number, 0) + kind + b'\x00')
                     for number, kind in ((1, b'hvc1'), (2, b'Exif'), (3, b'mime')))
    iinf = box(b'iinf', b'\x00' * 4 + struct.pack('>H', 3) + infos)

    def meta(start):
        offsets = (start, start + len(pixels), start + len(pixels) + len(exif))
        rows = b''.join(
            struct.pack('>HHHHII', number, method, 0, 1, offset, len(content))
            for number, offset, content in zip((1, 2, 3), offsets, (pixels, exif, xmp), strict=True)
        )
        iloc = box(b'iloc', b'\x01\x00\x00\x00' + b'\x44\x00' + struct.pack('>H', 3) + rows)
        return box(b'meta', b'\x00' * 4 + iinf + iloc)

    start = len(brand) + len(meta(0)) + 8
    return brand + meta(start) + box(b'mdat', pixels + exif + xmp)


@tagged('post_install', '-at_install', 'amlaj')
class TestSniff(BaseCase):

    def test_accepted_types(self):
        for data, mimetype in (
            (PDF, 'application/pdf'), (picture('JPEG'), 'image/jpeg'), (picture('PNG'), 'image/png'),
            (webp(), 'image/webp'), (webp(extended=False), 'image/webp'), (heic_photo(), 'image/heic'),
        ):
            self.assertEqual(sniff(data), mimetype)
            self.assertEqual(sniff(bytearray(data)), mimetype)

    def test_everything_else(self):
        for data in (
            b'', b'x', EXE, archive(), b'<html><body>', b'<!DOCTYPE html>', b'<?xml version="1.0"?><svg onload="x"/>',
            b'<svg xmlns="">', b'GIF89a/*' + b'x' * 50, b'#!/bin/sh\n', b' ' + PDF, b'\n' + PDF, EXE + PDF,
            archive() + PDF,
            b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', b'%!PS-Adobe', b'Rar!\x1a\x07', b'\x7fELF',
            b'RIFF\x00\x00\x00\x00AVI LIST',
            b'\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avif',
            b'\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom', b'%PDF-',
            b'\x89PNG\r\n\x1a\n', b'\xff\xd8\xff', picture('GIF'), picture('BMP'), b'II*\x00' + b'\x00' * 60,
        ):
            self.assertIsNone(sniff(data), data[:20])

    def test_two_things_at_once(self):
        for data in (PDF, picture('JPEG'), picture('PNG'), webp()):
            self.assertIsNone(sniff(data + archive()), "an archive behind it")
        self.assertIsNone(sniff(b'%PDF-1.4\n<script>alert(1)</script>' + PDF))
        self.assertIsNone(sniff(b'%PDF-1.4\n<HTML>' + PDF))
        self.assertIsNone(sniff(picture('JPEG', comment=b'<?php x ?>')))

    def test_an_archive_signature_inside_is_no_archive(self):
        self.assertEqual(sniff(PDF + b'PK\x05\x06' + b'\xff' * 30), 'application/pdf')

    def test_random_bytes(self):
        random.seed(4)
        heads = (b'', b'%PDF-1.7', b'\xff\xd8\xff\xe0', b'RIFF', b'\x00\x00\x00\x18ftypheic', b'PK',
        b'\x89PNG\r\n\x1a\n')
        for __ in range(2000):
            data = random.choice(heads) + random.randbytes(random.randrange(80))
            self.assertIn(sniff(data), (None, *files.MIMETYPES))
            image_size(data)


@tagged('post_install', '-at_install', 'amlaj')
class TestUpload(Refusals, BaseCase):

    def test_good_files(self):
        self.assertEqual(check_upload("عقد الإيجار.pdf", PDF, MEGABYTE), ("عقد الإيجار.pdf", 'application/pdf'))
        self.assertEqual(check_upload('IMG_1.JPEG', picture('JPEG'), MEGABYTE), ('IMG_1.jpg', 'image/jpeg'))
        self.assertEqual(check_upload('photo.png', picture('JPEG'), MEGABYTE), ('photo.jpg', 'image/jpeg'))
        self.assertEqual(check_upload('', PDF, MEGABYTE), ('document.pdf', 'application/pdf'))
        self.assertEqual(check_upload('IMG.HEIC', heic_photo(), MEGABYTE), ('IMG.heic', 'image/heic'))

    def test_size(self):
        self.assertEqual(check_upload('x', PDF, len(PDF))[1], 'application/pdf')
        self.refused('file_too_large', check_upload, 'x.pdf', PDF, len(PDF) - 1)
        self.refused('file_empty', check_upload, 'x.pdf', b'', MEGABYTE)
        self.refused('file_empty', check_upload, 'x.pdf', None, MEGABYTE)
        with self.assertRaises(BadInput) as caught:
            check_upload('x.jpg', b'\xff' * (10 * MEGABYTE + 1), 10 * MEGABYTE)
        self.assertEqual(caught.exception.values, {'size': '10.1', 'limit': '10'})

    def test_names_that_lie(self):
        self.refused('file_name_lies', check_upload, 'contract.pdf', EXE, MEGABYTE)
        self.refused('file_name_lies', check_upload, 'photo.jpg', b'<html><script>', MEGABYTE)
        self.refused('file_name_lies', check_upload, 'photo.jpg', picture('GIF'), MEGABYTE)
        self.refused('file_name_lies', check_upload, 'setup.exe', PDF, MEGABYTE)
        self.refused('file_name_lies', check_upload, 'photo\u202egpj.exe', picture('JPEG'), MEGABYTE)
        self.refused('file_name_lies', check_upload, 'x.pdf.HTML', PDF, MEGABYTE)
        self.refused('file_name_lies', check_upload, 'x.exe ', PDF, MEGABYTE)

    def test_other_kinds(self):
        self.refused('file_type', check_upload, 'table.xlsx', archive(), MEGABYTE)
        self.refused('file_type', check_upload, 'logo.svg', b'<svg onload="x">', MEGABYTE)
        self.refused('file_type', check_upload, 'noname', b'text', MEGABYTE)

    def test_pdf_with_a_program(self):
        for action in (b'/S /JavaScript /JS (app.alert(1))', b'/S/JavaScript', b'/S /Launch /F (x.exe)',
                       b'/J#61vaScript', b'/#4aavaScript'):
            self.refused('file_active', check_upload, 'form.pdf', PDF + action, MEGABYTE)
        for action in (b'/JavaScripts', b'/Launched', b'JavaScript', b'/Type /Action /S /URI'):
            self.assertFalse(pdf_is_active(PDF + action), action)

    def test_bombs_and_damaged_photos(self):
        self.refused('image_too_many_pixels', check_upload, 'x.png', png_header(50_000, 50_000), MEGABYTE)
        self.refused('image_too_many_pixels', clean_image, png_header(50_000, 50_000))
        self.refused('file_broken', check_upload, 'x.png', png_header(0, 5), MEGABYTE)
        self.refused('file_broken', check_upload, 'x.jpg', b'\xff\xd8\xff\xe0\x00\x10JFIF\x00' + b'\x00' * 40, MEGABYTE)


@tagged('post_install', '-at_install', 'amlaj')
class TestNamesOfFiles(BaseCase):

    def test_names(self):
        for name, safe in (
            ('a.pdf', 'a.pdf'), ('../../etc/passwd', 'passwd.pdf'), ('C:\\temp\\x.pdf', 'x.pdf'),
            ('con.txt', '_con.txt.pdf'),
            ('CON', '_CON.pdf'), ('com1.pdf', '_com1.pdf'), ('LPT9', '_LPT9.pdf'), ('nul.', '_nul.pdf'),
            ('.htaccess', 'htaccess.pdf'),
            ('', 'document.pdf'), (None, 'document.pdf'), ('...', 'document.pdf'), ('/', 'document.pdf'),
            ('\u202e', 'document.pdf'),
            ("تقرير\u202egpj.pdf", "تقريرgpj.pdf"), ('a\x00b\nc.pdf', 'ab c.pdf'), ('a<b>:"c|?*.pdf', 'a_b_c.pdf'),
            ('=cmd.pdf', 'cmd.pdf'), ('-rf.pdf', 'rf.pdf'), ('a/b／c.jpg', 'c.pdf'), ('x.PDF', 'x.pdf'),
            ('x.jpg', 'x.pdf'),
            ('صك  إعالة 1448.pdf', 'صك إعالة 1448.pdf'), ('v1.2 report', 'v1.2 report.pdf'), ('x.docx', 'x.docx.pdf'),
            ("it's; rm `x` $y.pdf", 'it_s_ rm _x_ _y.pdf'), ('constant.pdf', 'constant.pdf'),
        ):
            self.assertEqual(safe_filename(name, 'application/pdf'), safe, repr(name))

    def test_length(self):
        for name in ('x' * 5000, "م" * 5000 + '.pdf', '😀' * 500, 'con.' + 'x' * 400, 'e\u0301' * 300):
            safe = safe_filename(name, 'image/heic')
            self.assertLessEqual(len(safe), files.LONGEST_NAME)
            self.assertLessEqual(len(safe.encode()), 255)
            self.assertTrue(safe.endswith('.heic'))

    def test_an_unknown_type_is_a_programming_error(self):
        with self.assertRaises(KeyError):
            safe_filename('x.exe', 'application/x-msdownload')

    def test_random_names(self):
        random.seed(6)
        letters = 'ab.م/\\:*?"<>|\x00\x1f\u202e\u200f\ud800\ufeff \u00a0-_=+@\'%é😀\n\t٣.\ufffe\ue000con'
        for __ in range(4000):
            name = ''.join(random.choices(letters, k=random.randrange(12)))
            safe = safe_filename(name, 'image/png')
            stem = safe.removesuffix('.png')
            self.assertTrue(stem, repr(name))
            self.assertNotRegex(safe, r'[/\\:*?"<>|\x00-\x1f]')
            self.assertFalse({unicodedata.category(char) for char in safe} & {'Cc', 'Cf', 'Cs', 'Co', 'Cn'}, repr(name))
            self.assertEqual(stem, stem.strip(' .'))
            self.assertNotIn(safe[0], '.-=+@', repr(name))
            self.assertNotIn(safe.split('.')[0].lower(), ('con', 'nul', 'aux', 'prn'))
            safe.encode()
            self.assertEqual(safe_filename(safe, 'image/png'), safe)


@tagged('post_install', '-at_install', 'amlaj')
class TestImages(Refusals, BaseCase):

    def test_place_and_camera_are_gone(self):
        for kind in ('JPEG', 'PNG'):
            data = photo_with_place(kind)
            self.assertIn(b'SECRETCAMERA', data)
            clean = clean_image(data)
            self.assertNotIn(b'SECRETCAMERA', clean)
            self.assertEqual(sniff(clean), sniff(data))
            with Image.open(io.BytesIO(clean)) as image:
                self.assertFalse(image.getexif().get_ifd(0x8825))
                self.assertEqual(image.size, (40, 30))

    def test_hidden_text_is_gone(self):
        from PIL.PngImagePlugin import PngInfo
        info = PngInfo()
        info.add_text('Comment', 'SECRETTEXT')
        self.assertNotIn(b'SECRETTEXT', clean_image(picture('PNG', pnginfo=info)))
        self.assertNotIn(b'SECRETTEXT', clean_image(picture('JPEG', comment=b'SECRETTEXT')))
        self.assertNotIn(b'SECRETTAIL', clean_image(picture('JPEG') + b'SECRETTAIL'))

    def test_turned_upright(self):
        with Image.open(io.BytesIO(clean_image(photo_with_place(orientation=6)))) as image:
            self.assertEqual(image.size, (30, 40))

    def test_colours_stay(self):
        for kind in ('PNG', 'JPEG'):
            with Image.open(io.BytesIO(clean_image(picture(kind, color=(200, 30, 60))))) as image:
                pixel = image.convert('RGB').getpixel((20, 15))
                self.assertTrue(all(abs(got - put) < 12 for got, put in zip(pixel, (200, 30, 60), strict=True)), (kind, pixel))

    def test_transparency_and_palette_stay(self):
        out = io.BytesIO()
        image = Image.new('P', (10, 10), 1)
        image.putpalette([255, 0, 0, 0, 255, 0])
        image.save(out, 'PNG', transparency=1)
        with Image.open(io.BytesIO(clean_image(out.getvalue()))) as clean:
            self.assertEqual(clean.convert('RGBA').getpixel((5, 5))[3], 0)

    def test_modes(self):
        for mode in ('1', 'L', 'LA', 'RGB', 'RGBA', 'P', 'I;16'):
            out = io.BytesIO()
            Image.new(mode, (8, 8)).save(out, 'PNG')
            self.assertTrue(png_ok(clean_image(out.getvalue())), mode)
        out = io.BytesIO()
        Image.new('CMYK', (8, 8)).save(out, 'JPEG')
        self.assertEqual(image_size(clean_image(out.getvalue())), (8, 8))

    def test_max_side(self):
        for kind in ('JPEG', 'PNG'):
            self.assertEqual(image_size(clean_image(picture(kind, size=(400, 200)), max_side=100)), (100, 50))
            self.assertEqual(image_size(clean_image(picture(kind, size=(40, 20)), max_side=100)), (40, 20))

    def test_a_small_photo_stays_small(self):
        """What the phone made small is not made larger by being cleaned."""
        out = io.BytesIO()
        Image.effect_noise((600, 400), 90).convert('RGB').save(out, 'JPEG', quality=30)
        cleaned = clean_image(out.getvalue())
        self.assertLessEqual(len(cleaned), len(out.getvalue()))
        with Image.open(io.BytesIO(cleaned)) as image:
            self.assertEqual(image.size, (600, 400))

    def test_image_size(self):
        for options in ({'kind': 'JPEG'}, {'kind': 'JPEG', 'progressive': True}, {'kind': 'PNG'}):
            for size in ((1, 1), (17, 300), (300, 17)):
                self.assertEqual(image_size(picture(size=size, **options)), size, options)
        for extended in (True, False):
            self.assertEqual(image_size(webp((300, 17), extended)), (300, 17))
        self.assertIsNone(image_size(PDF))

    def test_damaged_photos(self):
        for whole in (photo_with_place(), photo_with_place('PNG'), webp()):
            for length in range(0, len(whole), 7):
                try:
                    clean = clean_image(whole[:length])
                except BadInput as error:
                    self.assertIn(error.code, ('file_broken', 'file_type'))
                else:
                    self.assertNotIn(b'SECRETCAMERA', clean)
        self.refused('file_type', clean_image, PDF)
        self.refused('file_type', clean_image, b'')

    def test_webp_keeps_its_picture_only(self):
        clean = clean_image(webp() + b'SECRETTAIL')
        self.assertNotIn(b'SECRET', clean)
        self.assertIn(webp(extended=False)[12:], clean)
        self.assertEqual(int.from_bytes(clean[4:8], 'little') + 8, len(clean))
        self.assertFalse(clean[20] & 0x0C, "the header no longer promises Exif and XMP")
        self.assertEqual((image_size(clean), sniff(clean)), ((40, 30), 'image/webp'))
        self.assertEqual(clean_image(clean), clean)
        self.assertEqual(clean_image(webp(extended=False)), webp(extended=False))

    def test_heic_is_blanked_in_place(self):
        whole = heic_photo()
        clean = clean_image(whole)
        self.assertEqual(len(clean), len(whole))
        self.assertIn(b'PIXELS' * 20, clean)
        self.assertNotIn(b'SECRET', clean)
        self.assertEqual(sniff(clean), 'image/heic')
        self.assertEqual(clean_image(clean), clean)
        self.assertIn(metadata._EMPTY_EXIF, clean_image(heic_photo(exif=b'SECRET' * 20)))

    def test_unusual_heic_is_refused(self):
        self.refused('image_heic', clean_image, heic_photo(method=1))
        self.refused('image_heic', clean_image, heic_photo()[:40])
        self.refused('image_heic', clean_image, heic_photo()[:-30])
        whole = heic_photo()
        for place in range(0, len(whole) - 170, 3):
            broken = whole[:place] + b'\xff' + whole[place + 1:]
            try:
                clean_image(broken)
            except BadInput as error:
                self.assertIn(error.code, ('image_heic', 'file_type'))


@tagged('post_install', '-at_install', 'amlaj')
class TestSignatures(BaseCase):

    def test_signed(self):
        wave = [(50, 100), (120, 60), (180, 140), (260, 80), (330, 120)]
        for data in (drawing(wave), drawing(wave, background='white'), drawing(wave, ink='blue'),
                     drawing([(50, 50),
                     (150, 60)]), drawing(wave, background='black', ink='white'), drawing(wave, size=(1200,
                     400), width=4)):
            self.assertTrue(png_ok(data))
            self.assertFalse(is_blank_png(data))

    def test_blank(self):
        for data in (drawing(), drawing(background='white'), drawing(background='black'), drawing([(5, 5), (7, 5)]),
                     drawing([(5, 5), (300, 5)], ink=(0, 0, 0, 5)),
                     drawing([(5, 5), (300, 5)], background='white', ink='white'),
                     drawing([(5, 5), (300, 5)], background='white', ink='#f8f8f8'), drawing(size=(1, 1))):
            self.assertTrue(png_ok(data))
            self.assertTrue(is_blank_png(data))

    def test_no_drawing_at_all(self):
        whole = drawing([(50, 100), (300, 60)])
        for data in (b'', None, PDF, picture('JPEG'), whole[:60], png_header(50_000, 50_000), png_header(5000, 5000)):
            self.assertFalse(png_ok(data))
            self.assertTrue(is_blank_png(data))
