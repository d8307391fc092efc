"""IBAN: checked by its country's form and the check digits (ISO 7064 mod 97-10), shown in groups of four."""
from stdnum import iban as stdnum_iban
from stdnum import numdb
from stdnum.exceptions import InvalidChecksum, ValidationError

from .errors import BadInput
from .text import bare

SAUDI_LENGTH = 24


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
    elif not numdb.get('iban').info(number)[0][1]:
        raise BadInput('iban_country', country=number[:2])
    try:
        return stdnum_iban.validate(number)
    except InvalidChecksum:
        raise BadInput('iban_check_digits') from None
    except ValidationError:
        raise BadInput('iban_structure') from None


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
