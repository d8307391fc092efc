"""Uploaded files: judged by their content, named safely, photos without the place where they were taken.

Accepted are PDF, JPEG, PNG, WebP and HEIC. Nothing here trusts a name, an extension or a declared type.
"""
import io
import re
import unicodedata

from PIL import Image, ImageOps

from .errors import BadInput
from .metadata import strip_heic, strip_webp
from .text import clean_line

MIMETYPES = {
    'application/pdf': 'pdf',
    'image/jpeg': 'jpg',
    'image/png': 'png',
    'image/webp': 'webp',
    'image/heic': 'heic',
}
LONGEST_NAME = 100
MAX_PIXELS = 80_000_000  # below Pillow's own warning; 240 MB in memory
MAX_SIGNATURE_PIXELS = 16_000_000
_PNG_END = b'IEND\xaeB`\x82'
MIN_INK = 24  # pixels: a dot by mistake is no signature

_EXTENSIONS = {**{ext: mimetype for mimetype, ext in MIMETYPES.items()}, 'jpeg': 'image/jpeg', 'jpe': 'image/jpeg',
               'jfif': 'image/jpeg', 'heif': 'image/heic'}
_HEIC_BRANDS = frozenset((b'heic', b'heix', b'heim', b'heis', b'hevc', b'hevx', b'mif1', b'msf1'))
_ACTIVE_HEAD = re.compile(rb'<(?:!doctype|html|head|body|script|svg|iframe|\?php|%@)|^#!|^MZ', re.IGNORECASE)
_ACTIVE_PDF = frozenset((b'JavaScript', b'Launch'))
_PDF_NAME = re.compile(rb'/((?:[A-Za-z]|#[0-9A-Fa-f]{2}){6,40})')
_PDF_ESCAPE = re.compile(rb'#([0-9A-Fa-f]{2})')
_RUNNABLE = frozenset((
    'apk', 'app', 'asp', 'aspx', 'bat', 'cmd', 'com', 'cpl', 'dll', 'dmg', 'docm', 'dotm', 'exe', 'hta', 'htm', 'html',
    'iso', 'jar', 'js', 'jse', 'jsp', 'lnk', 'msi', 'msp', 'php', 'phtml', 'pif', 'pptm', 'ps1', 'py', 'reg', 'scr',
    'sh', 'shtml', 'svg', 'svgz', 'swf', 'sys', 'url', 'vbe', 'vbs', 'wsf', 'wsh', 'xhtml', 'xlam', 'xlsm', 'xml',
))
_RESERVED = re.compile(r'(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\.|$)', re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*%#&;`$!{}\[\]^~\'=+@\x00-\x1f\x7f]+')


def sniff(data):
    """Return the type of the content, one of ``MIMETYPES``, or None for everything else.

    A file that is two things at once (a PDF or photo with an archive behind it, or with a page or script at its start)
    is None, as are HTML, SVG, programs and archives. A PDF must start at the first byte.
    """
    head = bytes(data[:1024])
    mimetype = _by_magic(head)
    if not mimetype or _ACTIVE_HEAD.search(head) or _ends_as_archive(data):
        return None
    return mimetype


def _by_magic(head):
    if re.match(rb'%PDF-[12]\.\d', head):
        return 'application/pdf'
    if re.match(rb'\xff\xd8\xff[\xc0-\xfe]', head):
        return 'image/jpeg'
    if head.startswith(b'\x89PNG\r\n\x1a\n') and head[12:16] == b'IHDR':
        return 'image/png'
    if head.startswith(b'RIFF') and head[8:12] == b'WEBP' and head[12:16] in (b'VP8 ', b'VP8L', b'VP8X'):
        return 'image/webp'
    if head[4:8] == b'ftyp':
        size = min(int.from_bytes(head[:4], 'big'), 256)
        brands = {head[8:12], *(head[start:start + 4] for start in range(16, size - 3, 4))}
        if brands & _HEIC_BRANDS and b'avif' not in brands:
            return 'image/heic'
    return None


def _ends_as_archive(data):
    """True when a ZIP reader would open the data: its end record lies where its own length says."""
    tail = bytes(data[-65557:])
    at = tail.rfind(b'PK\x05\x06')
    while at >= 0:
        if at + 22 <= len(tail) and at + 22 + int.from_bytes(tail[at + 20:at + 22], 'little') <= len(tail):
            return True
        at = tail.rfind(b'PK\x05\x06', 0, at)
    return False


def pdf_is_active(data):
    """True when a PDF carries JavaScript or starts a program, as far as it is readable without unpacking it."""
    for match in _PDF_NAME.finditer(data):
        name = _PDF_ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), match[1])
        if name in _ACTIVE_PDF:
            return True
    return False


def _extension(name):
    """Return the last extension of a name, small and clean, '' when there is none."""
    stem, dot, extension = clean_line(name).rpartition('.')
    return extension.strip().lower() if dot and re.fullmatch(r'\w{1,8}', extension.strip()) else ''


def safe_filename(name, mimetype):
    """Return a name that every system can store and show: no path, no control or bidi character, the type's extension.

    At most 100 characters and never empty; names that Windows reserves get a leading underscore.
    :param mimetype: a key of ``MIMETYPES``; another one raises ``KeyError``
    """
    right = MIMETYPES[mimetype]
    line = re.split(r'[/\\\u2044\u2215\u29f8\uff0f\uff3c]', clean_line(name))[-1]
    stem = unicodedata.normalize('NFC', _UNSAFE.sub('_', line))
    extension = _extension(stem)
    if extension in _EXTENSIONS:
        stem = stem[:stem.rindex('.')]
    stem = ''.join(char for char in stem if unicodedata.category(char)[0] != 'C')
    stem = re.sub(r' {2,}', ' ', re.sub(r'_{2,}', '_', stem)).strip(' ._-')
    room = LONGEST_NAME - len(right) - 1
    # 255 bytes is the limit of file systems, and an Arabic letter has two
    stem = stem[:room].encode()[:200].decode(errors='ignore').strip(' ._-') or 'document'
    if _RESERVED.match(stem):
        stem = '_' + stem[:room - 1]
    return f'{stem}.{right}'


def check_upload(name, data, max_bytes):
    """Return ``(safe name, mimetype)`` of a file that may be kept.

    :param data: the content, bytes
    :param max_bytes: the most that is accepted
    :raises BadInput: ``file_empty``, ``file_too_large`` (with both sizes in MB), ``file_name_lies`` (a program or other
        content behind a name that says PDF or photo, or the reverse), ``file_type``, ``file_active``, ``file_broken``,
        ``image_too_many_pixels``
    """
    if not data:
        raise BadInput('file_empty')
    if len(data) > max_bytes:
        raise BadInput('file_too_large', size=_megabytes(len(data), up=True), limit=_megabytes(max_bytes))
    extension = _extension(name)
    mimetype = sniff(data)
    if not mimetype:
        raise BadInput('file_name_lies' if extension in _EXTENSIONS else 'file_type', extension=extension)
    if extension in _RUNNABLE:
        raise BadInput('file_name_lies', extension=extension)
    if mimetype == 'application/pdf':
        if pdf_is_active(data):
            raise BadInput('file_active')
    elif mimetype != 'image/heic':
        _check_pixels(data, MAX_PIXELS)
    return safe_filename(name, mimetype), mimetype


def _megabytes(size, up=False):
    """Return megabytes with one decimal; a file's size is rounded up, so that it never reads like the limit itself."""
    tenths = -(-size * 10 // 1_000_000) if up else size * 10 // 1_000_000
    return f'{tenths // 10}.{tenths % 10}' if tenths % 10 else str(tenths // 10)


def image_size(data):
    """Return (width, height) from the header of a JPEG, PNG or WebP without decoding it, or None when it is damaged."""
    head = bytes(data[:64])
    kind = _by_magic(head)
    if kind == 'image/png':
        return int.from_bytes(head[16:20], 'big'), int.from_bytes(head[20:24], 'big')
    if kind == 'image/jpeg':
        return _jpeg_size(data)
    if kind == 'image/webp':
        if head[12:16] == b'VP8X':
            return 1 + int.from_bytes(head[24:27], 'little'), 1 + int.from_bytes(head[27:30], 'little')
        if head[12:16] == b'VP8L':
            bits = int.from_bytes(head[21:25], 'little')
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        return int.from_bytes(head[26:28], 'little') & 0x3FFF, int.from_bytes(head[28:30], 'little') & 0x3FFF
    return None


def _jpeg_size(data):
    """Walk the segments of a JPEG to its frame header."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in (0x01, *range(0xD0, 0xD9)):
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7:at + 9], 'big'), int.from_bytes(data[at + 5:at + 7], 'big')
        else:
            at += 2 + int.from_bytes(data[at + 2:at + 4], 'big')
    return None


def _check_pixels(data, limit):
    """Refuse a decompression bomb before anything is decoded."""
    size = image_size(data)
    if not size or not size[0] or not size[1]:
        raise BadInput('file_broken')
    if size[0] * size[1] > limit:
        millions = -(-size[0] * size[1] // 1_000_000)
        raise BadInput('image_too_many_pixels', pixels=millions, limit=limit // 1_000_000)


def clean_image(data, max_side=None):
    """Return the photo without EXIF, place, comments and hidden chunks, turned upright, as bytes of the same type.

    HEIC and WebP are not decoded here: they lose their metadata and keep their size.
    :param max_side: shrink so that no side is longer (pixels); a smaller photo is not enlarged
    :raises BadInput: ``file_type``, ``file_broken``, ``image_too_many_pixels`` or ``image_heic`` (an unusual HEIC)
    """
    mimetype = sniff(data)
    if mimetype == 'image/heic':
        return strip_heic(data)
    if mimetype not in ('image/jpeg', 'image/png', 'image/webp'):
        raise BadInput('file_type')
    _check_pixels(data, MAX_PIXELS)
    if mimetype == 'image/webp':
        return strip_webp(data)
    try:
        with Image.open(io.BytesIO(data), formats=[mimetype.removeprefix('image/').upper()]) as image:
            if max_side:
                image.draft(None, (max_side, max_side))  # a JPEG is then decoded at a fraction of its size
            tables = getattr(image, 'quantization', None)
            plain = _plain(image, max_side)
            cleaned = _encode(plain, mimetype)
            if tables and len(cleaned) > len(data):
                cleaned = _encode(plain, mimetype, tables)  # a photo that the phone made small stays small
            return cleaned
    except BadInput:
        raise
    except Exception:
        # decoders of damaged data raise almost anything (SyntaxError, struct.error, OSError, ValueError …)
        raise BadInput('file_broken') from None


def _plain(image, max_side):
    """Return upright pixels alone, without what the file carried beside them."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ('P', 'PA', 'LA') or (upright.mode in ('L', 'RGB') and 'transparency' in upright.info):
        upright = upright.convert('RGBA' if 'transparency' in upright.info or upright.mode in ('PA', 'LA') else 'RGB')
    if max_side:
        upright.thumbnail((max_side, max_side), Image.LANCZOS)
    plain = Image.new(upright.mode, upright.size)
    plain.paste(upright)
    return plain


def _encode(image, mimetype, tables=None):
    out = io.BytesIO()
    if mimetype == 'image/jpeg':
        if image.mode not in ('L', 'RGB'):
            image = image.convert('RGB')
        fineness = {'qtables': tables} if tables else {'quality': 85}
        image.save(out, 'JPEG', optimize=True, progressive=True, **fineness)
    else:
        image.save(out, 'PNG', optimize=True)
    return out.getvalue()


def _open_signature(data):
    """Return the decoded PNG, or None when it is none, damaged or too large to be a drawing."""
    # Odoo tells Pillow to draw what it has of a truncated file, so the end is looked for here
    if not data or sniff(data) != 'image/png' or _PNG_END not in bytes(data[-64:]):
        return None
    try:
        _check_pixels(data, MAX_SIGNATURE_PIXELS)
        with Image.open(io.BytesIO(data), formats=['PNG']) as image:
            image.load()
            return image.convert('RGBA')
    except Exception:
        # as in clean_image: whatever a damaged file makes the decoder raise
        return None


def png_ok(data):
    """True for a whole PNG that can be decoded and has the size of a drawing."""
    return _open_signature(data) is not None


def is_blank_png(data):
    """True when a drawn PNG has no ink: one colour, transparent, or only a few pixels beside the background.

    What cannot be decoded is blank too, since it shows nothing.
    """
    drawing = _open_signature(data)
    if drawing is None:
        return True
    page = Image.new('RGBA', drawing.size, 'white')
    page.alpha_composite(drawing)
    counts = page.convert('L').histogram()
    paper = counts.index(max(counts))
    ink = sum(count for level, count in enumerate(counts) if abs(level - paper) > 40)
    return ink < max(MIN_INK, drawing.width * drawing.height // 5000)
