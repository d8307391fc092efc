"""IBAN: checked by its country's form and the check digits (ISO 7064 mod 97-10), shown in groups of four."""
import functools
import os
import re

import stdnum
from stdnum import numdb
from stdnum.iso7064 import mod_97_10

from .errors import BadInput
from .text import bare

SAUDI_LENGTH = 24
CHARACTERS = {'n': '[0-9]', 'a': '[A-Z]', 'c': '[A-Z0-9]'}


@functools.cache
def _countries():
    """stdnum's table of the IBAN's form in each country.

    Read from its file: Odoo's import hook leaves the package without a loader that can open its data, so
    ``import stdnum.iban`` fails inside Odoo with the versions that read by ``importlib.resources``.
    """
    with open(os.path.join(os.path.dirname(stdnum.__file__), 'iban.dat'), encoding='utf-8') as table:
        return numdb.read(table)


def _has_form(number, form):
    """Whether the part after the check digits has its country's ``form``, for example ``2!n18!c``."""
    pattern = ''.join(
        CHARACTERS[kind] + '{' + ('' if fixed else '0,') + length + '}'
        for length, fixed, kind in re.findall(r'(\d+)(!?)([nac])', form))
    return re.fullmatch(pattern, number[4:]) is not None


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
    if not number[:2].isalpha():
        raise BadInput('iban_no_country')
    if number.startswith('SA'):
        if len(number) != SAUDI_LENGTH:
            raise BadInput('iban_length', expected=SAUDI_LENGTH, length=len(number))
        if not number[2:6].isdigit():
            raise BadInput('iban_structure')
    form = _countries().info(number)[0][1].get('bban')
    if not form:
        raise BadInput('iban_country', country=number[:2])
    if not mod_97_10.is_valid(number[4:] + number[:4]):
        raise BadInput('iban_check_digits')
    if not _has_form(number, form):
        raise BadInput('iban_structure')
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
