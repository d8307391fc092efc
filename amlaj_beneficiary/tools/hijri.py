"""Dates as people in Saudi Arabia write them: Hijri by the Umm al-Qura calendar beside Gregorian.

Only the server converts, by ``hijridate`` (1343-01-01 to 1500-12-30, 1924-08-01 to 2077-11-16): browsers disagree with
it on birth dates. Gregorian dates are what is stored and counted with; the Hijri text is for people.
"""
import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from hijridate import Gregorian, Hijri

from .errors import BadInput
from .text import clean_line

HIJRI_MONTHS = (
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
    "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
)
HIJRI_MONTHS_EN = (
    "Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Thani",
    "Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah",
)
MONTHS = ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر")
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")
WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

HIJRI_YEARS = range(1300, 1501)  # what is taken for a Hijri year; the conversion table begins later
GREGORIAN_YEARS = range(1900, 2101)
TABLE_YEARS = range(1343, 1501)
TABLE_FIRST, TABLE_LAST = date(1924, 8, 1), date(2077, 11, 16)
OLDEST_AGE = 130

# Other spellings of the months, by number. They are compared folded, so hamza, ta marbuta and ya do not matter.
_HIJRI_SPELLINGS = {
    1: "محرم الحرام|المحرم", 2: "صفر الخير", 3: "ربيع اول|ربيع الاولى|Rabi I|Rabi al-Awal|Rabia al-Awwal",
    4: "ربيع الثاني|ربيع ثاني|ربيع اخر|ربيع الاخرة|Rabi II|Rabi al-Akhir|Rabi al-Akhar|Rabia al-Thani",
    5: "جمادى الاول|جماد الاول|جماد الاولى|جماد اول|جمادى اول|جمادى اولى|جماد اولى|"
       "Jumada I|Jumada al-Awwal|Jumada al-Oula",
    6: "جمادى الاخر|جمادى الثانية|جمادى الثاني|جماد الثاني|جماد الثانية|جماد ثاني|جماد الاخر|جماد الاخرة|جماد اخر|"
       "جمادى ثاني|جمادى ثانية|Jumada II|Jumada al-Akhirah|Jumada al-Akhira|Jumada al-Thaniyah",
    7: "رجب الفرد|رجب المرجب", 8: "شعبان المعظم|Sha'ban|Shaaban", 9: "رمضان المبارك|Ramadhan", 10: "شوال المكرم|Shawal",
    11: "ذي القعدة|ذا القعدة|القعدة|ذوالقعدة|ذيالقعدة|قعدة|Dhu al-Qa'dah|Dhul Qadah|Dhu al-Qada|Thul Qidah",
    12: "ذي الحجة|ذا الحجة|الحجة|ذوالحجة|ذيالحجة|حجة|Dhul Hijjah|Dhu al-Hijja|Thul Hijjah",
}
_SPELLINGS = {
    1: "كانون الثاني|Jan", 2: "شباط|فبراير|Feb", 3: "آذار|Mar", 4: "نيسان|ابريل|إبريل|Apr", 5: "أيار|ماي",
    6: "حزيران|يونيه|جوان|Jun", 7: "تموز|يوليه|Jul", 8: "آب|اغسطس|أوغسطس|Aug", 9: "أيلول|Sep|Sept",
    10: "تشرين الأول|اكتوبر|Oct", 11: "تشرين الثاني|Nov", 12: "كانون الأول|Dec",
}
_FOLD = str.maketrans('آأإٱىئؤةکی', 'ااااييوهكي', 'ءـ')


def _fold(text):
    """Return small letters without marks and hamza: not ``name_key``, which would take «م» for a part of a name."""
    return text.casefold().translate(_FOLD)


def _month_table():
    table = {}
    for calendar, names, english, spellings in (
        ('hijri', HIJRI_MONTHS, HIJRI_MONTHS_EN, _HIJRI_SPELLINGS), ('gregorian', MONTHS, MONTHS_EN, _SPELLINGS),
    ):
        for number, (arabic, latin) in enumerate(zip(names, english, strict=True), start=1):
            for name in (arabic, latin, *spellings[number].split('|')):
                words = re.findall(r'[^\W\d_]+', _fold(name))
                table.setdefault(' '.join(words), (calendar, number))
    return table


_MONTH_TABLE = _month_table()
_IGNORED = frozenset(_fold(word) for word in (
    *WEEKDAYS, *WEEKDAYS_EN, "الإثنين", "الاربعا", "الثلاثا", "يوم", "عام", "سنة", "شهر", "من", "الموافق", "of", "the",
    "th", "st", "nd", "rd",
))
_MARKERS = {**dict.fromkeys(('ه', 'ھ', 'هـ', 'هجري', 'هجريه', 'ah', 'h', 'hijri'), 'hijri'),
            **dict.fromkeys(('م', 'ميلادي', 'ميلاديه', 'ad', 'ce', 'gregorian'), 'gregorian')}

_NUMERIC = re.compile(r'(\d+) ?[/\-.\\,،‐‑–\u066b ] ?(\d+) ?[/\-.\\,،‐‑–\u066b ] ?(\d+)')
_TIME = re.compile(r'(?<=\d)[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$')
_MARKS = re.compile(r'[\u0610-\u061a\u0640\u064b-\u065f\u0670]')
_NAMED = re.compile(r"[\w /\\\-.,،\u066b'’()]+")


def parse_date(raw, today=None):
    """Return ``(day, calendar)``: a ``datetime.date`` and the calendar it was typed in, 'hijri' or 'gregorian'.

    Accepted: day/month/year and year/month/day with / - . or spaces, ISO (a time after it is ignored), month names in
    Arabic and English, «هـ» and «م», weekday names, Arabic digits; «اليوم» and «أمس» when ``today`` is given; a
    ``date`` or ``datetime`` (of a spreadsheet). The year tells the calendar: 1300-1500 Hijri, 1900-2100 Gregorian.
    The day comes before the month.
    :param today: the association's day, only for the words above: dates in the future are not refused
    :raises BadInput: ``date_…``, ``hijri_day_missing`` or ``hijri_out_of_table``
    """
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return _resolve(raw.year, raw.month, raw.day, raw.isoformat(), None)
    value = clean_line(raw)
    if not value:
        raise BadInput('date_missing')
    shown = value[:40]
    typed = _TIME.sub('', _latin(_MARKS.sub('', value)))
    relative = {'اليوم': 0, 'today': 0, 'امس': 1, 'yesterday': 1}.get(_fold(typed))
    if relative is not None and today:
        return today - timedelta(days=relative), 'gregorian'
    if re.fullmatch(r'\d{1,6}(\.\d+)?', typed):
        raise BadInput('date_serial' if len(typed.split('.')[0]) >= 4 else 'date_unreadable', value=shown)
    words, numbers = _split(typed, shown)
    calendars = {_MARKERS[word] for word in words if word in _MARKERS}
    name = ' '.join(word for word in words if word not in _MARKERS and word not in _IGNORED)
    if len(calendars) > 1:
        raise BadInput('date_calendar_conflict', value=shown)
    calendar = calendars.pop() if calendars else None
    if name:
        return _parse_named(name, numbers, shown, calendar)
    return _parse_numeric(numbers, shown, calendar)


def _latin(value):
    return ''.join(str(int(char)) if char.isdecimal() else char for char in value)


def _split(typed, shown):
    """Return the folded words and the numbers (as text) of what was typed; other signs are refused."""
    if not (_NAMED.fullmatch(typed) or _NUMERIC.fullmatch(typed)):
        raise BadInput('date_unreadable', value=shown)
    folded = _fold(typed)
    words = re.findall(r'[^\W\d_]+', folded)
    rest = re.sub(r'[^\W\d_]+', ' ', folded)
    rest = re.sub(r"[()'’]", ' ', rest)
    rest = re.sub(r' +', ' ', rest).strip(' .,،')
    numbers = re.findall(r'\d+', rest)
    if not any(word not in _MARKERS and word not in _IGNORED for word in words) and not _NUMERIC.fullmatch(rest):
        raise BadInput('date_unreadable', value=shown)
    return words, numbers


def _parse_named(name, numbers, shown, calendar):
    if name not in _MONTH_TABLE or len(numbers) != 2:
        raise BadInput('date_unreadable', value=shown)
    month_calendar, month = _MONTH_TABLE[name]
    if calendar and calendar != month_calendar:
        raise BadInput('date_calendar_conflict', value=shown)
    day, year = numbers if len(numbers[1]) >= len(numbers[0]) else numbers[::-1]
    return _resolve(_year(year, shown), month, _small(day, shown), shown, month_calendar)


def _parse_numeric(numbers, shown, calendar):
    first, middle, last = numbers
    year, day = (first, last) if len(first) > 2 else (last, first)
    return _resolve(_year(year, shown), _small(middle, shown), _small(day, shown), shown, calendar)


def _year(text, shown):
    if len(text) <= 2:
        raise BadInput('date_two_digit_year', value=shown)
    if len(text) != 4:
        raise BadInput('date_unreadable', value=shown)
    return int(text)


def _small(text, shown):
    if len(text) > 2:
        raise BadInput('date_unreadable', value=shown)
    return int(text)


def _resolve(year, month, day, shown, calendar):
    """Return the date of these numbers, refusing each part that does not exist with its own code."""
    if year not in HIJRI_YEARS and year not in GREGORIAN_YEARS:
        raise BadInput('date_year', year=year)
    by_year = 'hijri' if year in HIJRI_YEARS else 'gregorian'
    if calendar and calendar != by_year:
        raise BadInput('date_calendar_conflict', value=shown)
    if not 1 <= month <= 12:
        if 12 < month <= 31 and 1 <= day <= 12:
            raise BadInput('date_day_first', month_number=month, suggestion=f'{month}/{day}/{year}')
        raise BadInput('date_month', month_number=month)
    return (_from_hijri if by_year == 'hijri' else _from_gregorian)(year, month, day, shown), by_year


def _from_gregorian(year, month, day, shown):
    length = monthrange(year, month)[1]
    if not 1 <= day <= length:
        raise BadInput('date_day', day=day, year=year, length=length, month=MONTHS[month - 1],
                       month_ar=MONTHS[month - 1], month_en=MONTHS_EN[month - 1])
    return date(year, month, day)


def _from_hijri(year, month, day, shown):
    # As published, five months of the years 1343-1364 have 28 days and three have 31
    if year not in TABLE_YEARS:
        raise BadInput('hijri_out_of_table', value=shown)
    length = Hijri(year, month, 1).month_length()
    if not 1 <= day <= length:
        raise BadInput('hijri_day_missing' if day in (29, 30) else 'date_day', day=day, year=year, length=length,
                       month=HIJRI_MONTHS[month - 1], month_ar=HIJRI_MONTHS[month - 1],
                       month_en=HIJRI_MONTHS_EN[month - 1])
    return date(*Hijri(year, month, day).to_gregorian().datetuple())


def parse_birth(raw, today):
    """Like ``parse_date``, and refuses a birth after ``today`` or more than 130 years before it.

    :raises BadInput: as ``parse_date``, ``birth_future`` or ``birth_too_old``
    """
    birth, calendar = parse_date(raw, today=today)
    if birth > today:
        raise BadInput('birth_future')
    age = age_on(birth, today)
    if age > OLDEST_AGE:
        raise BadInput('birth_too_old', age=age)
    return birth, calendar


def hijri_parts(day):
    """Return ``(year, month, day)`` in the Hijri calendar, or None outside the table."""
    if isinstance(day, datetime):
        day = day.date()
    if not day or not TABLE_FIRST <= day <= TABLE_LAST:
        return None
    return Gregorian(day.year, day.month, day.day).to_hijri().datetuple()


def same_hijri_day_next_year(day, years=1):
    """Return the day that has the same Hijri day and month ``years`` Hijri years after ``day``.

    The 30th becomes the 29th where that month has 29 days. Whoever counts on for several years counts from the first
    day: counted from year to year, a 30th once shortened would stay a 29th.
    :raises BadInput: ``hijri_out_of_table`` when either day is not in the table
    """
    parts = hijri_parts(day)
    if not parts or parts[0] + years not in TABLE_YEARS:
        raise BadInput('hijri_out_of_table', value=short_date(day, 'en'))
    year, month, number = parts
    length = Hijri(year + years, month, 1).month_length()
    return date(*Hijri(year + years, month, min(number, length)).to_gregorian().datetuple())


def hijri_text(day, lang='ar'):
    """Return '26 جمادى الآخرة 1448 هـ' (English: '26 Jumada al-Thani 1448 AH').

    Without a date, or outside the table (before 1924-08-01, after 2077-11-16), the answer is ''.
    """
    parts = hijri_parts(day)
    if not parts:
        return ''
    year, month, number = parts
    if lang.startswith('ar'):
        return f"{number} {HIJRI_MONTHS[month - 1]} {year} هـ"
    return f"{number} {HIJRI_MONTHS_EN[month - 1]} {year} AH"


def full_date(day, lang='ar'):
    """Return weekday and both calendars: 'الأحد 26 جمادى الآخرة 1448 هـ (6/12/2026 م)', '' without a date.

    English: 'Sunday 6 December 2026 (26 Jumada al-Thani 1448 AH)'. Outside the Hijri table the Gregorian date alone.
    A ``datetime`` is taken as it is: convert it to the association's time first.
    """
    if not day:
        return ''
    hijri = hijri_text(day, lang)
    if lang.startswith('ar'):
        gregorian = f"{day.day}/{day.month}/{day.year} م"
        return f"{WEEKDAYS[day.weekday()]} {hijri} ({gregorian})" if hijri else f"{WEEKDAYS[day.weekday()]} {gregorian}"
    gregorian = f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"
    return f"{gregorian} ({hijri})" if hijri else gregorian


def short_date(day, lang='ar'):
    """Return both calendars in figures for tables: '2026/12/06 م - 1448/06/26 هـ', '' without a date.

    Year first with leading zeros: columns stay aligned and sort as text. English: '2026/12/06 - 1448/06/26 AH'.
    """
    if not day:
        return ''
    arabic = lang.startswith('ar')
    gregorian = f"{day.year:04}/{day.month:02}/{day.day:02}" + (" م" if arabic else "")
    parts = hijri_parts(day)
    if not parts:
        return gregorian
    year, month, number = parts
    return f"{gregorian} - {year:04}/{month:02}/{number:02} " + ("هـ" if arabic else "AH")


def age_on(birth, day):
    """Return the age in full Gregorian years on that day; a birthday of 29 February is 1 March in common years.

    :raises BadInput: ``birth_future`` when the birth is after the day
    """
    if birth > day:
        raise BadInput('birth_future')
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
