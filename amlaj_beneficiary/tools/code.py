"""Codes that people type: ten digits, shown 3-3-4, taken in any digits and with any separators (design rule 10)."""

from .text import latin_digits

CODE_DIGITS = 10
SPACE = 10 ** CODE_DIGITS


def code_of(number):
    """The code that stands for a large whole number.

    :param number: a number that nobody can guess, as of an HMAC
    :return: ten digits
    """
    return str(number % SPACE).zfill(CODE_DIGITS)


def show_code(code):
    """A code as it is printed and read aloud: ``123-456-7890``."""
    return f'{code[:3]}-{code[3:6]}-{code[6:]}' if code else ''


def clean_code(text):
    """The ten digits that somebody typed, or '' where it is no code at all; it never raises."""
    if not isinstance(text, str) or len(text) > 64:
        return ''
    digits = ''.join(sign for sign in latin_digits(text) if sign.isdigit())
    return digits if len(digits) == CODE_DIGITS and digits.isascii() else ''
