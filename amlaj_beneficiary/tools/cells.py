"""Cells of CSV and XLSX files that others open in a spreadsheet: text never becomes a formula there."""
import math
import re

LONGEST = 32767  # characters in one cell; writers of XLSX drop the whole cell beyond it

_FORMULA = '=+-@\t\r\n|%＝＋－＠﹦﹢﹣﹫\N{MINUS SIGN}'
_SKIPPED = ' \u00a0\u061c\u3000\ufeff' + ''.join(map(chr, (
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
)))
_NOT_IN_XML = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')


def safe_cell(value):
    """Return a value that a spreadsheet shows and never executes.

    Text that starts like a formula (= + - @ tab CR and the full-width forms, also behind spaces or invisible marks)
    gets a leading apostrophe; characters that XML forbids are dropped. Numbers, dates and booleans stay themselves;
    None, NaN and infinity give ''.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ''
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub('', value)
    start = text.lstrip(_SKIPPED)[:1]
    if start and start in _FORMULA:
        text = "'" + text
    return text if len(text) <= LONGEST else text[:LONGEST - 1] + '…'
