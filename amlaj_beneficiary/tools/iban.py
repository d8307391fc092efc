"""IBAN: checked by its country's length and the check digits (ISO 13616, ISO 7064 mod 97-10), shown in groups of four.

Only the check digits come from python-stdnum: its own ``iban`` module reads a data file that cannot be opened inside
Odoo 19, which replaces the package's loader when it patches ``stdnum``.
"""
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from .errors import BadInput
from .text import bare

# Characters of an IBAN by country, from the IBAN registry; a test compares it with python-stdnum's own copy.
LENGTHS = {
    'AD': 24, 'AE': 23, 'AL': 28, 'AT': 20, 'AZ': 28, 'BA': 20, 'BE': 16, 'BG': 22, 'BH': 22, 'BI': 27, 'BR': 29,
    'BY': 28, 'CH': 21, 'CR': 22, 'CY': 28, 'CZ': 24, 'DE': 22, 'DJ': 27, 'DK': 18, 'DO': 28, 'EE': 20, 'EG': 29,
    'ES': 24, 'FI': 18, 'FK': 18, 'FO': 18, 'FR': 27, 'GB': 22, 'GE': 22, 'GI': 23, 'GL': 18, 'GR': 27, 'GT': 28,
    'HN': 28, 'HR': 21, 'HU': 28, 'IE': 22, 'IL': 23, 'IQ': 23, 'IS': 26, 'IT': 27, 'JO': 30, 'KW': 30, 'KZ': 20,
    'LB': 28, 'LC': 32, 'LI': 21, 'LT': 20, 'LU': 20, 'LV': 21, 'LY': 25, 'MC': 27, 'MD': 24, 'ME': 22, 'MK': 19,
    'MN': 20, 'MR': 27, 'MT': 31, 'MU': 30, 'NI': 28, 'NL': 18, 'NO': 15, 'OM': 23, 'PK': 24, 'PL': 28, 'PS': 29,
    'PT': 25, 'QA': 29, 'RO': 24, 'RS': 22, 'RU': 33, 'SA': 24, 'SC': 31, 'SD': 18, 'SE': 24, 'SI': 19, 'SK': 24,
    'SM': 27, 'SO': 23, 'ST': 25, 'SV': 28, 'TL': 23, 'TN': 24, 'TR': 26, 'UA': 29, 'VA': 22, 'VG': 24, 'XK': 20,
    'YE': 30,
}


def _compact(raw):
    typed = bare(raw).upper()
    for separator in '-‐‑–.:_':
        typed = typed.replace(separator, '')
    return typed.removeprefix('IBAN')


def clean_iban(raw):
    """Return the IBAN without spaces, in capitals.

    :raises BadInput: ``iban_missing``, ``iban_characters``, ``iban_no_country``, ``iban_country``, ``iban_length``
        (Saudi: 24 characters), ``iban_structure`` or ``iban_check_digits``
    """
    number = _compact(raw)
    if not number:
        raise BadInput('iban_missing')
    if not (number.isascii() and number.isalnum()):
        raise BadInput('iban_characters')
    country = number[:2]
    if not country.isalpha():
        raise BadInput('iban_no_country')
    if country not in LENGTHS:
        raise BadInput('iban_country', country=country)
    if len(number) != LENGTHS[country]:
        raise BadInput('iban_length', expected=LENGTHS[country], length=len(number))
    if not number[2:4].isdigit() or (country == 'SA' and not number[4:6].isdigit()):
        raise BadInput('iban_structure')
    try:
        mod_97_10.validate(number[4:] + number[:4])
    except ValidationError:
        raise BadInput('iban_check_digits') from None
    return number


def show_iban(iban):
    """Return the IBAN in groups of four: 'SA03 8000 0000 6080 1016 7519'. Write it left to right as one run."""
    number = _compact(iban)
    return ' '.join(number[start:start + 4] for start in range(0, len(number), 4))


def mask_iban(iban):
    """Return the IBAN with only country and last four characters readable: 'SA** **** **** **** **** 7519'."""
    number = _compact(iban)
    if len(number) <= 8:
        return '*' * len(number)
    return show_iban(number[:2] + '*' * (len(number) - 6) + number[-4:])
