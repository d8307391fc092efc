"""Amounts in Saudi riyals, in figures and in words (for receipts and payment sheets).

The Arabic is written here and not taken from ``num2words``: its Arabic does not inflect the counted noun (ريالات،
ريالاً، مئتا ريال) and differs between versions. The English is ``num2words``.
"""
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from num2words import num2words

from .counted import arabic_form
from .errors import BadInput
from .text import number_text

LIMIT = Decimal(10) ** 15

_ONES = ("", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة")
_ONES_FEMININE = ("", "واحدة", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمانٍ", "تسع", "عشر")
_TENS = ("", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS = ("", "مئة", "مئتان", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة")
# singular, dual before another word, dual, plural, accusative singular
_SCALES = (
    ("ألف", "ألفا", "ألفان", "آلاف", "ألفاً"),
    ("مليون", "مليونا", "مليونان", "ملايين", "مليوناً"),
    ("مليار", "مليارا", "ملياران", "مليارات", "ملياراً"),
    ("تريليون", "تريليونا", "تريليونان", "تريليونات", "تريليوناً"),
)
_RIYAL = {'one': "ريال سعودي", 'two': "ريالان سعوديان", 'plural': "ريالات سعودية", 'accusative': "ريالاً سعودياً",
          'singular': "ريال سعودي"}
_HALALA = {'one': "هللة واحدة", 'two': "هللتان", 'plural': "هللات", 'accusative': "هللة"}


def to_decimal(amount):
    """Return the amount as a ``Decimal`` of two places, halves rounded up; text may have Arabic digits and separators.

    :raises BadInput: ``number_missing`` or ``number_invalid`` (also for NaN and infinity)
    """
    try:
        if isinstance(amount, str):
            amount = number_text(amount)
        elif isinstance(amount, float):
            amount = repr(amount)  # the shortest text, so that 1.005 counts as it is shown
        value = Decimal(amount).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)
        if not value.is_finite():
            raise InvalidOperation
        return value + 0  # "+ 0" turns -0.00 into 0.00
    except (InvalidOperation, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput('number_invalid', value=str(amount)[:40]) from None


def show_amount(amount):
    """Return the amount in figures, '1,250.00'; '' for None and False."""
    return '' if amount is None or amount is False else f'{to_decimal(amount):,.2f}'


def amount_words(amount, lang='ar'):
    """Return the amount in words, with riyals and halalas: 1250 is «ألف ومئتان وخمسون ريالاً سعودياً».

    :raises BadInput: ``number_invalid``, ``amount_negative`` or ``amount_too_large`` (from 10^15 on)
    """
    value = to_decimal(amount)
    if value < 0:
        raise BadInput('amount_negative')
    if value >= LIMIT:
        raise BadInput('amount_too_large')
    riyals, halalas = divmod(int(value * 100), 100)
    if (lang or '').startswith('ar'):
        parts = [_riyals_in_arabic(riyals)] if riyals or not halalas else []
        parts += [_halalas_in_arabic(halalas)] if halalas else []
        return ' و'.join(parts)
    parts = [_english(riyals, "Saudi riyal")] if riyals or not halalas else []
    parts += [_english(halalas, "halala")] if halalas else []
    return ' and '.join(parts)


def _english(number, noun):
    return f"{num2words(number, lang='en')} {noun}{'' if number == 1 else 's'}"


def _below_hundred(number, ones=_ONES, feminine=False):
    """Return 3-99 in words. In 11-19 the ten agrees with the noun and the unit, from 3 on, does not."""
    if number <= 10:
        return ones[number]
    if number < 20:
        ten = "عشرة" if feminine else "عشر"
        irregular = {11: "إحدى", 12: "اثنتا", 18: "ثماني"} if feminine else {11: "أحد", 12: "اثنا"}
        return f"{irregular.get(number, ones[number - 10])} {ten}"
    tens, unit = divmod(number, 10)
    if feminine and unit == 1:
        return f"إحدى و{_TENS[tens]}"
    return f"{ones[unit]} و{_TENS[tens]}" if unit else _TENS[tens]


def _groups(number):
    """Return the groups of three digits that are not zero, highest first, as (group, scale) with scale 0 for units."""
    groups, scale = [], 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            groups.append((group, scale))
        scale += 1
    return groups[::-1]


def _hundreds(number, construct):
    """Return the hundreds of a group; the dual loses its nun when the counted noun follows at once (مئتا ريال)."""
    return "مئتا" if number == 2 and construct else _HUNDREDS[number]


def _scaled(group, scale, last):
    """Return the words of one group of thousands or more; ``last`` when the counted noun follows at once."""
    single, dual_construct, dual, plural, accusative = _SCALES[scale - 1]
    hundreds, tail = divmod(group, 100)
    dual = dual_construct if last else dual
    words = [_hundreds(hundreds, construct=tail < 3)] if hundreds else []
    if tail == 0:
        return f"{words[0]} {single}"
    if tail in (1, 2):
        # «مئة ألف وألف»: after hundreds, one and two are said by the noun itself
        return " و".join(([f"{words[0]} {single}"] if words else []) + [single if tail == 1 else dual])
    words.append(_below_hundred(tail))
    noun = plural if tail <= 10 else single if last else accusative
    return f"{' و'.join(words)} {noun}"


def _riyals_in_arabic(number):
    if number == 0:
        return f"صفر {_RIYAL['singular']}"
    groups = _groups(number)
    tail = number % 100
    words = []
    for group, scale in groups:
        if scale:
            words.append(_scaled(group, scale, last=(group, scale) == groups[-1] or number % 1000 in (1, 2)))
            continue
        hundreds = group // 100
        if hundreds:
            words.append(_hundreds(hundreds, construct=tail < 3))
        if tail >= 3:
            words.append(_below_hundred(tail))
    if tail in (1, 2):
        # «مئة ريال وريال سعودي»: one and two are the noun itself, never a numeral before it
        noun = _RIYAL[arabic_form(tail)]
        return f"{' و'.join(words)} ريال و{noun}" if words else noun + (" واحد" if tail == 1 else "")
    return f"{' و'.join(words)} {_RIYAL[arabic_form(tail) if tail else 'singular']}"


def _halalas_in_arabic(number):
    form = arabic_form(number)
    if number <= 2:
        return _HALALA[form]
    words = "ثماني" if number == 8 else _below_hundred(number, _ONES_FEMININE, feminine=True)
    return f"{words} {_HALALA[form]}"
