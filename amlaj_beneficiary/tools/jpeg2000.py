"""JPEG 2000 pictures, as PDFs carry them, without what names their maker: XML and UUID boxes, and comments."""
from .errors import BadInput

_SIGNATURE = b'\x00\x00\x00\x0cjP  '
# how it is drawn: signature, type, header (size, colours), codestream; all others speak of the maker, place and rights
_KEPT_BOXES = (b'jP  ', b'ftyp', b'jp2h', b'jp2c')
_START, _COMMENT, _TILE = b'\xff\x4f', b'\xff\x64', b'\xff\x90'


def strip_jpeg2000(data):
    """Return the picture alone, of a file of boxes or of a bare codestream.

    :raises BadInput: ``file_broken`` where its parts cannot be read
    """
    if data.startswith(_START):
        return _strip_codestream(data)
    if not data.startswith(_SIGNATURE):
        raise BadInput('file_broken')
    out, at = bytearray(), 0
    while at < len(data):
        size, kind, head = int.from_bytes(data[at:at + 4], 'big'), data[at + 4:at + 8], 8
        if size == 1:  # the true size follows, in eight bytes
            size, head = int.from_bytes(data[at + 8:at + 16], 'big'), 16
        end = at + size if size else len(data)  # no size: up to the end
        if not at + head <= end <= len(data):
            raise BadInput('file_broken')
        if kind in _KEPT_BOXES:
            body = _strip_codestream(data[at + head:end]) if kind == b'jp2c' else data[at + head:end]
            out += (len(body) + 8).to_bytes(4, 'big') + kind + body
        at = end
    return bytes(out)


def _strip_codestream(data):
    """The codestream without the comments of its main header."""
    out, at = bytearray(data[:2]), 2
    while data.startswith(_START):
        marker, size = data[at:at + 2], int.from_bytes(data[at + 2:at + 4], 'big')
        if marker == _TILE:
            return bytes(out + data[at:])
        if size < 2 or at + 2 + size > len(data):
            break
        if marker != _COMMENT:
            out += data[at:at + 2 + size]
        at += 2 + size
    raise BadInput('file_broken')
