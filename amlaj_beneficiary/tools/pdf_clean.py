"""PDFs without who made them, when and where: for people who must not be found (design rule 10)."""
import io
import zlib

from PyPDF2 import PdfReader, PdfWriter
from PyPDF2.generic import DictionaryObject, IndirectObject, NameObject

from .errors import BadInput
from .jpeg2000 import strip_jpeg2000

MOST_PAGES = 200
# a photo that was packed once more does not grow beyond it
MOST_UNPACKED = 64 * 1024 * 1024
# beside the drawing itself: remarks with their authors, programs' notes, files and forms, who edited when
_PAGE_TRACES = ('/Annots', '/Metadata', '/PieceInfo', '/LastModified', '/AA', '/Thumb', '/B', '/StructParents', '/Tabs', '/ID')
_OBJECT_TRACES = ('/Metadata', '/PieceInfo', '/LastModified', '/OPI')


def strip_jpeg(data):
    """Return a JPEG without Exif, XMP, place and comments: its picture, size and colour parts only.

    :raises BadInput: ``file_broken`` where its parts cannot be read
    """
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return bytes(out + data[at:])
        end = at + 2 + int.from_bytes(data[at + 2:at + 4], 'big')
        # APP0 is JFIF and APP14 says how the colours are meant; all other APPn and the comments speak of the maker
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):
            out += data[at:end]
        at = end
    raise BadInput('file_broken')


def clean_pdf(data):
    """Return the PDF with its pages alone: no author, programs, times, remarks, attached files, nor Exif in its photos.

    :raises BadInput: ``file_broken`` for what cannot be opened (also with a password) or has too many pages
    """
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted or not 0 < len(reader.pages) <= MOST_PAGES:
            raise BadInput('file_broken')
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        for page in writer.pages:
            for name in _PAGE_TRACES:
                page.pop(NameObject(name), None)
            _clean_resources(page.get('/Resources'), set())
        writer._info.get_object().clear()  # the program's own name too
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    except BadInput:
        raise
    except Exception:
        # a damaged PDF makes the reader raise almost anything
        raise BadInput('file_broken') from None


def _clean_resources(resources, seen):
    """Clean the pictures and forms that a page draws, and those inside them."""
    resources = resources.get_object() if isinstance(resources, IndirectObject) else resources
    drawn = resources.get('/XObject') if isinstance(resources, DictionaryObject) else None
    drawn = drawn.get_object() if drawn is not None else {}
    for name in list(drawn):
        item = drawn[name].get_object()
        if id(item) in seen:
            continue
        seen.add(id(item))
        for trace in _OBJECT_TRACES:
            item.pop(NameObject(trace), None)
        if item.get('/Filter') == ['/FlateDecode', '/DCTDecode']:
            # a photo that was packed once more
            item._data = _unpack(item._data)
            item[NameObject('/Filter')] = NameObject('/DCTDecode')
            item.pop(NameObject('/DecodeParms'), None)
        if item.get('/Filter') in ('/DCTDecode', ['/DCTDecode']) and item._data[:2] == b'\xff\xd8':
            item._data = strip_jpeg(item._data)
        elif item.get('/Filter') in ('/JPXDecode', ['/JPXDecode']):
            item._data = strip_jpeg2000(item._data)
        _clean_resources(item.get('/Resources'), seen)
        if '/SMask' in item:
            for trace in _OBJECT_TRACES:
                item['/SMask'].get_object().pop(NameObject(trace), None)


def _unpack(data):
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(data, MOST_UNPACKED)
    if unpacker.unconsumed_tail:
        raise BadInput('file_broken')
    return unpacked
