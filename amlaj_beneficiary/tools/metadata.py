"""HEIC and WebP photos: what they carry beside the picture is taken out of the file without decoding it.

Pillow cannot decode HEIC, and Odoo leaves Pillow's WebP decoder unloaded on purpose. A phone writes the place, the time
and its serial number into the parts named Exif and XMP. In HEIC (ISO/IEC 23008-12) their bytes are overwritten and keep
their length, so that every offset in the file stays right; in WebP (a RIFF file) the parts are left out.
"""
from .errors import BadInput

# An Exif item without any entry: offset of the TIFF header, the marker, a big-endian header, no entries, no next one
_EMPTY_EXIF = b'\x00\x00\x00\x06Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00'
_WEBP_KEPT = frozenset((b'VP8 ', b'VP8L', b'VP8X', b'ALPH', b'ANIM', b'ANMF', b'ICCP'))
_WEBP_FLAGS = 0x08 | 0x04  # "has Exif", "has XMP"
_MAX_ITEMS = 10_000
_FULL_BOX = 4  # version and flags


class _Reader:
    """Big-endian numbers from a part of the data, one after the other; reading past the end is an ``IndexError``."""

    def __init__(self, data, start, end):
        self.data, self.at, self.end = data, start, end

    def number(self, size):
        if self.at + size > self.end:
            raise IndexError
        value = int.from_bytes(self.data[self.at:self.at + size], 'big')
        self.at += size
        return value

    def name(self):
        return self.number(4).to_bytes(4, 'big')


def _boxes(data, start, end):
    """Yield (type, start of the content, end) of the boxes between two offsets."""
    while start + 8 <= end:
        size, head = int.from_bytes(data[start:start + 4], 'big'), 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8:start + 16], 'big'), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise IndexError
        yield bytes(data[start + 4:start + 8]), start + head, start + size
        start += size


def strip_heic(data):
    """Return the photo with its Exif and XMP items blanked, of the same length.

    :raises BadInput: ``image_heic`` when the file is not laid out as phones do it, so that nothing can be promised
    """
    photo = bytearray(data)
    try:
        meta = next((box for box in _boxes(data, 0, len(data)) if box[0] == b'meta'), None)
        if not meta:
            raise IndexError
        parts = {name: (start, end) for name, start, end in _boxes(data, meta[1] + _FULL_BOX, meta[2])}
        kinds = _item_kinds(data, *parts[b'iinf'])
        for item, extents in _item_extents(data, *parts[b'iloc'], parts.get(b'idat')):
            if kinds.get(item) in (b'Exif', b'mime'):
                _blank(photo, kinds[item], extents)
    except (IndexError, KeyError):
        raise BadInput('image_heic') from None
    return bytes(photo)


def strip_webp(data):
    """Return the photo with its picture and colour parts only.

    :raises BadInput: ``file_broken`` when a part reaches beyond the end
    """
    at, end = 12, 8 + int.from_bytes(data[4:8], 'little')
    if end > len(data):
        raise BadInput('file_broken')
    kept = bytearray()
    while at + 8 <= end:
        name, size = bytes(data[at:at + 4]), int.from_bytes(data[at + 4:at + 8], 'little')
        following = at + 8 + size + size % 2
        if at + 8 + size > end:
            raise BadInput('file_broken')
        if name in _WEBP_KEPT:
            part = bytearray(data[at:min(following, end)])
            if name == b'VP8X' and size >= 1:
                part[8] &= ~_WEBP_FLAGS & 0xFF
            kept += part.ljust(8 + size + size % 2, b'\x00')
        at = following
    if not any(name in kept for name in (b'VP8 ', b'VP8L', b'ANMF')):
        raise BadInput('file_broken')
    return b'RIFF' + (4 + len(kept)).to_bytes(4, 'little') + b'WEBP' + bytes(kept)


def _item_kinds(data, start, end):
    """Return the type of each item by its number."""
    wide = data[start] > 0
    kinds = {}
    for name, inner, inner_end in _boxes(data, start + _FULL_BOX + (4 if wide else 2), end):
        version = data[inner]
        if name != b'infe' or version < 2:
            continue  # older entries are not used for pictures and carry no type
        reader = _Reader(data, inner + _FULL_BOX, inner_end)
        item = reader.number(4 if version >= 3 else 2)
        reader.number(2)
        kinds[item] = reader.name()
    return kinds


def _item_extents(data, start, end, idat):
    """Yield (item number, [(offset in the file, length)]) for each item."""
    version = data[start]
    reader = _Reader(data, start + _FULL_BOX, end)
    sizes, more = reader.number(1), reader.number(1)
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version else 0
    count = reader.number(4 if version >= 2 else 2)
    if count > _MAX_ITEMS:
        raise IndexError
    for __ in range(count):
        item = reader.number(4 if version >= 2 else 2)
        method = reader.number(2) & 15 if version else 0
        elsewhere = reader.number(2)
        base = reader.number(base_size)
        extents = []
        for ___ in range(reader.number(2)):
            reader.number(index_size)
            offset = base + reader.number(offset_size)
            extents.append((offset, reader.number(length_size)))
        yield item, _in_file(extents, method, elsewhere, idat)


def _in_file(extents, method, elsewhere, idat):
    """Return the extents counted from the start of the file, or None for what lies in another file or item."""
    if elsewhere or method > 1 or (method == 1 and not idat):
        return None
    start = idat[0] if method == 1 else 0
    return [(start + offset, length) for offset, length in extents]


def _blank(photo, kind, extents):
    if extents is None or any(not length or offset + length > len(photo) for offset, length in extents):
        raise IndexError
    for position, (offset, length) in enumerate(extents):
        if kind == b'mime':
            blank = b' ' * length
        else:
            blank = _EMPTY_EXIF if position == 0 and length >= len(_EMPTY_EXIF) else b''
            blank = blank.ljust(length, b'\x00')
        photo[offset:offset + length] = blank
