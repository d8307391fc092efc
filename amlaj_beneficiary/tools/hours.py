"""Hours in words, for certificates: 12.5 is «اثنتا عشرة ساعة ونصف».

The hour is feminine, so the numeral differs from that of riyals; the groups of thousands are the same (``amount``).
"""
from num2words import num2words

from .amount import _ONES_FEMININE, _below_hundred, _groups, _hundreds, _scaled
from .counted import arabic_form, counted
from .errors import BadInput

MOST_HOURS = 10 ** 6
_HOUR = {'one': "ساعة", 'two': "ساعتان", 'plural': "ساعات", 'accusative': "ساعة", 'singular': "ساعة"}
_MINUTE = {'one': "دقيقة واحدة", 'two': "دقيقتان", 'plural': "دقائق", 'accusative': "دقيقة", 'singular': "دقيقة"}
_PARTS = {15: "ربع", 30: "نصف", 45: "ثلاثة أرباع الساعة"}


def split_hours(hours):
    """Return ``(hours, minutes)`` of a number of hours, to the minute.

    :raises BadInput: ``number_invalid`` for what is below nothing or above a million
    """
    minutes = round(float(hours) * 60)
    if not 0 <= minutes < MOST_HOURS * 60:
        raise BadInput('number_invalid', value=str(hours)[:40])
    return divmod(minutes, 60)


def told_hours(hours, lang='ar'):
    """Return the hours in figures with their nouns: 12.5 is «12 ساعة و30 دقيقة».

    :raises BadInput: as ``split_hours``
    """
    whole, minutes = split_hours(hours)
    parts = [counted(whole, 'hour', lang)] if whole or not minutes else []
    parts += [counted(minutes, 'minute', lang)] if minutes else []
    return (' و' if (lang or '').startswith('ar') else ' and ').join(parts)


def hours_words(hours, lang='ar'):
    """Return the hours in words.

    :param hours: a number of hours with a fraction, in minutes exact
    :raises BadInput: as ``split_hours``
    """
    whole, minutes = split_hours(hours)
    if not (lang or '').startswith('ar'):
        return _in_english(whole, minutes)
    parts = [_hours_in_arabic(whole)] if whole or not minutes else []
    if minutes and whole and minutes in _PARTS:
        parts.append(_PARTS[minutes])
    elif minutes:
        parts.append(_minutes_in_arabic(minutes))
    return ' و'.join(parts)


def _in_english(whole, minutes):
    parts = [(whole, 'hour')] if whole or not minutes else []
    parts += [(minutes, 'minute')] if minutes else []
    return ' and '.join(f"{num2words(number, lang='en')} {noun}{'' if number == 1 else 's'}" for number, noun in parts)


def _hours_in_arabic(number):
    if number == 0:
        return f"صفر {_HOUR['singular']}"
    if number in (1, 2):
        return "ساعة واحدة" if number == 1 else "ساعتان"
    groups, tail, words = _groups(number), number % 100, []
    for group, scale in groups:
        if scale:
            words.append(_scaled(group, scale, last=(group, scale) == groups[-1] or number % 1000 in (1, 2)))
            continue
        if group // 100:
            words.append(_hundreds(group // 100, construct=tail < 3))
        if tail >= 3:
            words.append(_below_hundred(tail, _ONES_FEMININE, feminine=True))
    if tail in (1, 2):
        # «مئة ساعة وساعة»: one and two are said by the noun itself
        return f"{' و'.join(words)} ساعة و{_HOUR[arabic_form(tail)]}"
    # before its noun eight keeps its ya: «ثماني ساعات»
    text = ' و'.join(words)
    if tail == 8:
        text = text.removesuffix("ثمانٍ") + "ثماني"
    return f"{text} {_HOUR[arabic_form(tail) if tail else 'singular']}"


def _minutes_in_arabic(number):
    form = arabic_form(number)
    if number <= 2:
        return _MINUTE[form]
    words = "ثماني" if number == 8 else _below_hundred(number, _ONES_FEMININE, feminine=True)
    return f"{words} {_MINUTE[form]}"
