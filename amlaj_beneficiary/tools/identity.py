"""Identity numbers: national ID, resident ID (Iqama) and the others a beneficiary may have.

National ID and Iqama are 10 digits starting with 1 or 2 with the Luhn check digit; for the other kinds no public rule
could be verified, so they are only brought to one spelling and a sane length. Nothing here logs or repeats a number.
"""
import re

from stdnum import luhn

from .errors import BadInput
from .text import bare

KINDS = ('national_id', 'iqama', 'gcc', 'passport', 'border', 'registration', 'none')

_SAUDI_FIRST = {'national_id': '1', 'iqama': '2'}
_SIZES = {'gcc': (6, 20), 'passport': (5, 15), 'border': (6, 15), 'registration': (5, 20)}
_SEPARATORS = re.compile(r'[-‐‑‒–—−_./\\]')
_WHOLE_FLOAT = re.compile(r'(\d+)\.0+')
_ROUNDED = re.compile(r'\d(?:[.,]\d+)?E\+?\d+', re.IGNORECASE)


def _compact(raw):
    """Return the number in upper case without separators; a spreadsheet's '1000000008.0' loses its tail."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    typed = bare(raw).upper()
    if _ROUNDED.fullmatch(typed) and '+' in typed:
        raise BadInput('identity_rounded', value=typed[:20])
    whole = _WHOLE_FLOAT.fullmatch(typed)
    return whole[1] if whole else _SEPARATORS.sub('', typed)


def clean_identity(kind, raw):
    """Return the identity number in its one stored spelling; '' for the kind ``none``.

    :param kind: one of ``KINDS``
    :param raw: as typed: Arabic digits, spaces, dashes and invisible marks are accepted, or a spreadsheet's number
    :raises BadInput: a code ``identity_…`` that says what is wrong: missing, letters, length, first digit, check digit
    """
    if kind not in KINDS:
        raise BadInput('identity_kind_unknown', kind=str(kind))
    number = _compact(raw)
    if kind == 'none':
        if number:
            raise BadInput('identity_not_expected')
        return ''
    if not number:
        raise BadInput('identity_missing')
    return _clean_saudi(kind, number) if kind in _SAUDI_FIRST else _clean_other(kind, number)


def _clean_saudi(kind, number):
    if not (number.isascii() and number.isdigit()):
        raise BadInput('identity_not_digits')
    if len(number) != 10:
        raise BadInput('identity_length', expected=10, length=len(number))
    if number[0] != _SAUDI_FIRST[kind]:
        if luhn.is_valid(number) and number[0] in '12':
            raise BadInput('identity_is_iqama' if kind == 'national_id' else 'identity_is_national')
        raise BadInput('identity_first_digit', expected=_SAUDI_FIRST[kind])
    if not luhn.is_valid(number):
        raise BadInput('identity_check_digit')
    return number


def _clean_other(kind, number):
    if not (number.isascii() and number.isalnum()):
        raise BadInput('identity_characters')
    shortest, longest = _SIZES[kind]
    if not shortest <= len(number) <= longest:
        raise BadInput('identity_size', shortest=shortest, longest=longest, length=len(number))
    return number


def guess_identity_kind(raw):
    """Return the kind a typed number most likely has, or None: only a suggestion, its check digit is not looked at."""
    try:
        number = _compact(raw)
    except BadInput:
        return None
    if not (number.isascii() and number.isalnum()):
        return None
    if number.isdigit():
        return {'1': 'national_id', '2': 'iqama', '7': 'registration'}.get(number[0]) if len(number) == 10 else None
    digits = sum(char.isdigit() for char in number)
    return 'passport' if 5 <= len(number) <= 12 and number[0].isalpha() and digits >= 4 else None


def mask_identity(number):
    """Return the number with only its last 4 characters readable ('******0008'); one of 4 or fewer is hidden whole."""
    number = str(number or '')
    hidden = len(number) - 4 if len(number) > 4 else len(number)
    return '*' * hidden + number[hidden:]
