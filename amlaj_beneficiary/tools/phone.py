"""Phone numbers: every way people in Saudi Arabia write them goes in, E.164 is stored, the familiar form is shown."""
import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

from .errors import BadInput
from .text import bare, clean_line

REGION = 'SA'
SAUDI_CODE = 966

_ACCEPTED = re.compile(r'\+?\d+')
_PUNCTUATION = re.compile(r'[-‐‑‒–—−.()\[\]]')
_WHOLE_FLOAT = re.compile(r'(\d+)\.0')
_ROUNDED = re.compile(r'\d(?:[.,]\d+)?E\+\d+', re.IGNORECASE)
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def _compact(raw):
    """Return digits with an optional leading plus, or None when something else was typed among them."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    typed = bare(raw)
    whole = _WHOLE_FLOAT.fullmatch(typed)
    typed = whole[1] if whole else _PUNCTUATION.sub('', typed.replace('\N{FULLWIDTH PLUS SIGN}', '+'))
    if typed.endswith('+') and typed[:-1].isdigit():  # a plus that a right-to-left field moved to the end
        typed = '+' + typed[:-1]
    return typed if _ACCEPTED.fullmatch(typed) else None


def clean_phone(raw, mobile=False):
    """Return the number in E.164 (+9665XXXXXXXX).

    Accepted: 05…, 5…, 9665…, +966…, 00966…, +96605…, Arabic digits, spaces, dashes, brackets, a number from a
    spreadsheet; numbers of other countries with + or 00.
    :param mobile: refuse what cannot receive a message
    :raises BadInput: a code ``phone_…``
    """
    value = clean_line(raw)[:40]
    if not value:
        raise BadInput('phone_missing')
    if _ROUNDED.fullmatch(bare(raw)):
        raise BadInput('phone_rounded', value=value)
    typed = _compact(raw)
    if not typed:
        raise BadInput('phone_characters', value=value)
    try:
        number = phonenumbers.parse(typed, REGION)
    except NumberParseException as error:
        long = error.error_type == NumberParseException.TOO_LONG
        short = error.error_type in (NumberParseException.TOO_SHORT_NSN, NumberParseException.TOO_SHORT_AFTER_IDD)
        code = 'phone_too_long' if long else 'phone_too_short' if short else 'phone_invalid'
        raise BadInput(code, value=value) from None
    if not phonenumbers.is_valid_number(number):
        reason = phonenumbers.is_possible_number_with_reason(number)
        national = str(number.national_number)
        if number.country_code == SAUDI_CODE and national.startswith('5') and len(national) != 9:
            # a Saudi mobile; other Saudi numbers may be longer, so the library calls it possible
            reason = ValidationResult.TOO_SHORT if len(national) < 9 else ValidationResult.TOO_LONG
        code = {ValidationResult.TOO_SHORT: 'phone_too_short', ValidationResult.TOO_LONG: 'phone_too_long'}
        raise BadInput(code.get(reason, 'phone_invalid'), value=value)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.PREMIUM_RATE:
        raise BadInput('phone_premium', value=value)
    if mobile and kind not in _MOBILE:
        raise BadInput('phone_not_mobile', value=value)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def show_phone(e164):
    """Return a stored number as people read it: '050 123 4567' for Saudi numbers, '+20 10 01234567' for others.

    What is not a number comes back as it is, so that a screen never fails on old data; nothing gives ''.
    """
    if not e164:
        return ''
    try:
        number = phonenumbers.parse(str(e164), REGION)
    except NumberParseException:
        return str(e164)
    saudi = number.country_code == SAUDI_CODE
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if saudi else PhoneNumberFormat.INTERNATIONAL)


def phone_digits(raw):
    """Return the digits to look for inside stored E.164 numbers: '0501' and '+966 501' both give '501'; '' for none."""
    typed = _compact(raw) or bare(raw)
    digits = re.sub(r'[^0-9]', '', typed)
    if digits.startswith('00'):
        digits, international = digits[2:], True
    else:
        international = typed.startswith('+')
    if digits.startswith('966') and (international or len(digits) >= 12):
        digits = digits[3:]
    return digits.lstrip('0')
