"""The code that opens a word to the association without an account: sixteen digits, shown 4-4-4-4 (design rule 10)."""

from .text import latin_digits

FOLLOW_DIGITS = 16
SPACE = 10 ** FOLLOW_DIGITS


def follow_code_of(number):
    """The code that stands for a large whole number that nobody can guess."""
    return str(number % SPACE).zfill(FOLLOW_DIGITS)


def show_follow_code(code):
    """A code as it is shown and read aloud: ``1234-5678-9012-3456``."""
    return '-'.join(code[at:at + 4] for at in range(0, FOLLOW_DIGITS, 4)) if code else ''


def clean_follow_code(text):
    """The sixteen digits that somebody typed, or '' where it is no code at all; it never raises."""
    if not isinstance(text, str) or len(text) > 64:
        return ''
    digits = ''.join(sign for sign in latin_digits(text) if sign.isdigit())
    return digits if len(digits) == FOLLOW_DIGITS and digits.isascii() else ''
