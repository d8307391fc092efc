"""Whether a password is among the first that a stranger would try."""
import re
from itertools import pairwise

from .text import bare, latin_digits

# what lists of stolen passwords begin with, of eight letters and digits or more (shorter ones are refused for their length)
COMMONEST = frozenset("""
password password1 password12 password123 passw0rd qwertyui qwertyuiop qwerty123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
1234qwer q1w2e3r4 zaq12wsx asdfghjk asdfghjkl zxcvbnm1 abcd1234 abc12345 a1234567 aa123456 123456aa 12345678a iloveyou
sunshine princess football baseball superman trustno1 whatever computer internet welcome1 letmein1 admin123
administrator changeme mohammed mohammad muhammad abdullah saudiarabia saudi123 riyadh123 umluj123 amlaj123
allahuakbar bismillah السعودية بسمالله الحمدلله لاالهالاالله محمد1234 احمد1234 1122334455 11223344 12344321 10203040
147258369 159753159 741852963 789456123 456789123 112233445566
""".split())
SIGNS = re.compile(r'[\W_]+')
MOBILE = re.compile(r'(?:00966|966|0)?5\d{8}')
# a day written with eight digits: most people's first idea for a number of that length, and known to their family
DAY = re.compile(r'(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:1[34]|19|20)\d\d'
                 r'|(?:1[34]|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])')


def is_guessable(password):
    """Whether the password is one of the commonest, one sign or pair again and again, a row of digits or keys, a mobile
    number or a day.

    ``password`` is text as typed, with the digits of any keyboard; spaces, other signs and capitals change nothing.
    """
    plain = SIGNS.sub('', bare(latin_digits(password)).lower())
    return (
        plain in COMMONEST or len(set(plain)) <= 2 or _is_row(plain) or _is_repeated(plain)
        or bool(MOBILE.fullmatch(plain) or DAY.fullmatch(plain)))


def _is_row(text):
    """Whether each sign is the next, or the one before, of the sign before it: 12345678, 87654321, abcdefgh."""
    steps = {(ord(after) - ord(before)) % 10 if text.isdecimal() else ord(after) - ord(before)
             for before, after in pairwise(text)}
    return steps in ({1}, {-1}, {9})


def _is_repeated(text):
    """Whether it is a short beginning said again and again: 123123123, abcabcabc."""
    return any(len(text) % size == 0 and text == text[:size] * (len(text) // size) for size in range(1, 5))
