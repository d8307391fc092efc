"""The Saudi short national address: four letters and four digits, such as RNBB2312."""
import re

from .errors import BadInput
from .text import bare, clean_line

_SHORT = re.compile(r'[A-Z]{4}[0-9]{4}')


def clean_short_address(raw):
    """Return the short address in capitals without spaces.

    :raises BadInput: ``short_address_missing`` or ``short_address_invalid``
    """
    typed = re.sub(r'[-‐‑–_.]', '', bare(raw)).upper()
    if not typed:
        raise BadInput('short_address_missing')
    if not _SHORT.fullmatch(typed):
        raise BadInput('short_address_invalid', value=clean_line(raw)[:40])
    return typed
