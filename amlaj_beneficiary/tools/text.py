"""Arabic and Latin text as people type it: digits, one clean line, and the key by which names are found and sorted.

The key is the one of Lucene's ArabicNormalizer, extended for names; PostgreSQL's ``unaccent`` folds nothing in Arabic,
so the key is a stored column and a query goes through the same function. All of it is linear in the text's length.
"""
import re
import unicodedata

from .errors import BadInput

_DIGITS = {base + digit: str(digit) for base in (0x0660, 0x06F0, 0xFF10) for digit in range(10)}

# What nobody sees: bidi marks and overrides, zero-width characters, soft hyphen, byte-order mark, fillers, tags,
# variation selectors, lone surrogates (which no database accepts) and non-characters (which no XML accepts).
_INVISIBLE = {
    0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0, 0xFFFE, 0xFFFF,
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
    *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000), *range(0xE0000, 0xE0080),
}
_SPACES = {*range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F,
           0x205F, 0x3000}
_CONTROLS = {*range(0x20), *range(0x7F, 0xA0)} - _SPACES

_DROPPED = dict.fromkeys(_INVISIBLE | _CONTROLS)
_LINE = {**_DROPPED, **dict.fromkeys(_SPACES, ' ')}
_PARAGRAPHS = {**_LINE, 0x0A: '\n', 0x0B: '\n', 0x0C: '\n', 0x85: '\n', 0x2028: '\n', 0x2029: '\n'}
_MANY_SPACES = re.compile(r'  +')
_NUMBER = re.compile(r'[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?')

# Marks in their isolated presentation forms: NFKC would make each a space and a mark, and cut the name in two.
_ISOLATED_MARKS = dict.fromkeys([*range(0xFC5E, 0xFC64), *range(0xFCF2, 0xFCF5), *range(0xFE70, 0xFE80)])

_LETTERS = {
    **dict.fromkeys('آأإٱٲٳٵ', 'ا'), **dict.fromkeys('ىئیېےۍ', 'ي'), **dict.fromkeys('ؤۄۇۆۈ', 'و'),
    **dict.fromkeys('ةۃہۂۀھە', 'ه'), **dict.fromkeys('کگڪ', 'ك'), 'ء': None, 'ـ': None,
}


class _FoldTable(dict):
    """What the name key makes of each character; filled as characters are met, so that ``translate`` stays in C."""

    def __missing__(self, code):
        folded = self._fold(code)
        if code < 0x10000:  # the rest is rare: not keeping it bounds the table
            self[code] = folded
        return folded

    @staticmethod
    def _fold(code):
        if code in _SPACES:
            return ' '
        category = unicodedata.category(chr(code))
        if category == 'Nd':
            return str(unicodedata.digit(chr(code)))
        if category in ('Mn', 'Me', 'Cc', 'Cf', 'Cs', 'Cn', 'Co'):
            return None
        return ' ' if category[0] in 'PSZ' else chr(code)


_FOLD = _FoldTable({**_DROPPED, **{ord(letter): folded for letter, folded in _LETTERS.items()}})

_JOINED = frozenset(('عبد', 'ابو'))
_PARTICLES = frozenset(('بن', 'ابن', 'بنت', 'ابنه', 'ال'))
_TITLES = frozenset((
    'ا', 'د', 'م', 'الشيخ', 'الشيخه', 'الدكتور', 'الدكتوره', 'المهندس', 'المهندسه', 'الاستاذ', 'الاستاذه',
))
# Words of address that are also names of women and men: they count as a title only before a real title or in a query.
_ADDRESS = frozenset(('سعاده', 'فضيله', 'معالي'))
_SPECIAL = _JOINED | _PARTICLES | _TITLES | _ADDRESS


def latin_digits(text):
    """Return the text with Arabic-Indic, Persian and full-width digits as 0-9. Nothing typed gives ''."""
    return '' if text is None or text is False else str(text).translate(_DIGITS)


def clean_line(text):
    """Return one clean line: NFC, no bidi or zero-width control, no NUL, single spaces, trimmed; '' for nothing."""
    if not text:
        return ''
    line = _MANY_SPACES.sub(' ', str(text).translate(_LINE)).strip()
    return unicodedata.normalize('NFC', line)


def clean_text(text):
    """Return several clean lines: like ``clean_line`` line by line, with at most one empty line in a row."""
    if not text:
        return ''
    lines = str(text).replace('\r\n', '\n').replace('\r', '\n').translate(_PARAGRAPHS).split('\n')
    lines = [_MANY_SPACES.sub(' ', line).strip() for line in lines]
    return unicodedata.normalize('NFC', re.sub(r'\n{3,}', '\n\n', '\n'.join(lines)).strip('\n'))


def bare(text):
    """Return what was typed with 0-9 digits and without spaces and invisible characters: for numbers of all kinds."""
    return clean_line(latin_digits(text)).replace(' ', '')


def number_text(text):
    """Return a typed number as plain text for ``Decimal``: «١٬٢٣٤٫٥» and '1,234.5' both give '1234.5'.

    A comma is accepted only between groups of three digits, because '1,5' is read differently by different people.
    :raises BadInput: ``number_missing`` or ``number_invalid`` (also for NaN, infinity and exponents)
    """
    typed = bare(text).replace('٫', '.').replace('٬', ',').replace('،', ',').replace('\N{MINUS SIGN}', '-')
    if not typed:
        raise BadInput('number_missing')
    if not _NUMBER.fullmatch(typed) or not any(char.isdigit() for char in typed):
        raise BadInput('number_invalid', value=clean_line(text)[:40])
    sign = '-' if typed.startswith('-') else ''
    whole, __, part = typed.lstrip('+-').replace(',', '').partition('.')
    plain = (whole.lstrip('0') or '0') + ('.' + part if part else '')
    return plain if not plain.strip('0.') else sign + plain


def _tokens(text, titles):
    """Return the folded words, with عبد and ابو joined to the next, without particles, without these leading titles."""
    if not text:
        return []
    text = str(text)
    if not unicodedata.is_normalized('NFKC', text):
        text = unicodedata.normalize('NFKC', text.translate(_ISOLATED_MARKS))
    words = text.casefold().translate(_FOLD).split()
    if _SPECIAL.isdisjoint(words):
        return words
    joined, prefix = [], ''
    for word in words:
        if word in _JOINED:
            prefix += word
        else:
            joined.append(prefix + word)
            prefix = ''
    if prefix:
        joined.append(prefix)
    kept = [word for word in joined if word not in _PARTICLES] or joined
    start = 0
    while start < len(kept) - 1 and (
        kept[start] in titles or (kept[start] in _ADDRESS and kept[start + 1] in titles and start < len(kept) - 2)
    ):
        start += 1
    return kept[start:]


def name_key(text):
    """Return the key of a name: equal for all spellings of the same name, good to sort by, '' when nothing is left.

    In order: NFKC; invisible characters, tatweel and marks dropped; alef, ya, waw, ta marbuta, hamza and kaf folded;
    digits 0-9; punctuation to spaces; «عبد X» and «ابو X» joined; بن، ابن، بنت، ابنه، آل dropped (unless nothing else
    is left); leading titles (أ. د. م. الشيخ …) dropped when a name follows. Latin letters become small.
    """
    return ' '.join(_tokens(text, _TITLES))


def name_tokens(text):
    """Return the words to look for, each as a substring of the stored ``name_key``, all of them (AND).

    Empty only when no letter or digit was typed: the caller then has nothing to search and must not return everything.
    Here سعادة and its like are dropped before any name; in the key they stay, since some people are called so.
    """
    return _tokens(text, _TITLES | _ADDRESS)


def isolate(text):
    """Return a number, phone or date so that it keeps its order inside an Arabic sentence (Unicode isolates)."""
    return f'\u2066{text}\u2069' if text else ''
