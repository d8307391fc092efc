import random
from collections import Counter
from datetime import date, datetime, timedelta

from hijridate import Hijri

from odoo.tests import BaseCase, tagged

from ...tools import hijri
from ...tools.hijri import (
    age_on,
    full_date,
    hijri_parts,
    hijri_text,
    parse_birth,
    parse_date,
    same_hijri_day_next_year,
    short_date,
)
from ...tools.workdays import LONGEST_REST, shown_day
from .test_tools_numbers import ARABIC, Refusals

RAJAB = (date(1990, 2, 10), 'hijri')  # 15 Rajab 1410
MARCH = (date(1990, 3, 3), 'gregorian')


@tagged('post_install', '-at_install', 'amlaj')
class TestTypedDates(Refusals, BaseCase):

    def test_hijri_spellings(self):
        for typed in (
            '15/7/1410', '15-07-1410', '15.7.1410', '15 7 1410', '1410/7/15', '1410-07-15', "15/7/1410 هـ",
            "15/7/1410ه",
            "١٥/٧/١٤١٠", "١٤١٠/٧/١٥ هـ", "15 رجب 1410", "15 رجب 1410 هـ", "15 رجب 1410هـ", "١٥ رَجَب ١٤١٠", "15-رجب-1410",
            "1410 رجب 15", "15 Rajab 1410 AH", "Rajab 15, 1410", "السبت 15 رجب 1410", "15 من شهر رجب عام 1410 هـ",
            "\u200f15/7/1410\u200f", "15 / 7 / 1410", "15\\7\\1410", "15،7،1410", "15 رجـــب 1410",
        ):
            self.assertEqual(parse_date(typed), RAJAB, typed)
        self.assertEqual(parse_date(date(1410, 7, 15)), RAJAB, "a date picker that was given a Hijri year")

    def test_gregorian_spellings(self):
        for typed in (
            '3/3/1990', '03-03-1990', '1990-03-03', '1990/3/3', '3 3 1990', "٣/٣/١٩٩٠", "3 مارس 1990", "3 مارس 1990 م",
            "3 آذار 1990م", '3 March 1990', 'March 3, 1990', '3rd of Mar 1990', '1990-03-03 00:00:00',
            '1990-03-03T10:20:30.5Z', "السبت 3/3/1990 م", date(1990, 3, 3), datetime(1990, 3, 3, 23, 59),
        ):
            self.assertEqual(parse_date(typed), MARCH, typed)

    def test_each_month_by_each_of_its_names(self):
        for number in range(1, 13):
            names = [hijri.HIJRI_MONTHS[number - 1], hijri.HIJRI_MONTHS_EN[number - 1]]
            names += hijri._HIJRI_SPELLINGS[number].split('|')
            expected = (date(*Hijri(1440, number, 2).to_gregorian().datetuple()), 'hijri')
            for name in names:
                self.assertEqual(parse_date(f'2 {name} 1440'), expected, name)
            names = [hijri.MONTHS[number - 1], hijri.MONTHS_EN[number - 1], *hijri._SPELLINGS[number].split('|')]
            for name in names:
                self.assertEqual(parse_date(f'2 {name} 2001'), (date(2001, number, 2), 'gregorian'), name)

    def test_each_fault_has_its_code(self):
        for typed, code in (
            ('', 'date_missing'), (None, 'date_missing'), ('\u200f ', 'date_missing'), ('x', 'date_unreadable'),
            ("15 رجبب 1410", 'date_unreadable'), ('15/7', 'date_unreadable'), ('15//7/1410', 'date_unreadable'),
            ('15/7/1410/2', 'date_unreadable'), ('-15/7/1410', 'date_unreadable'), ('15/7/14100', 'date_unreadable'),
            ('115/7/1410', 'date_unreadable'), ("ربيع 1410/2", 'date_unreadable'), ('=1+1', 'date_unreadable'),
            ("2 ربيع 1440", 'date_unreadable'), ("2 جمادى 1440", 'date_unreadable'), ('<b>1/1/1990', 'date_unreadable'),
            ('15/7/90', 'date_two_digit_year'), ('15/7/10', 'date_two_digit_year'),
            ("15 رجب 10", 'date_two_digit_year'),
            ('1/1/1700', 'date_year'), ('1/1/2150', 'date_year'), ('1/1/1299', 'date_year'), ('1/1/0001', 'date_year'),
            ('1/0/1990', 'date_month'), ('31/31/1990', 'date_month'), ('1/99/1410', 'date_month'),
            ('12/25/1990', 'date_day_first'), ('7/15/1410', 'date_day_first'),
            ('31/02/1990', 'date_day'), ('29/2/2023', 'date_day'), ('0/5/1990', 'date_day'), ('31/7/1410', 'date_day'),
            ('0/7/1410', 'date_day'), ("31 أبريل 1990", 'date_day'),
            ('1/1/1342', 'hijri_out_of_table'), ('30/12/1300', 'hijri_out_of_table'),
            ("15/7/1410 م", 'date_calendar_conflict'), ("3/3/1990 هـ", 'date_calendar_conflict'),
            ("15 رجب 1990", 'date_calendar_conflict'), ("3 مارس 1410", 'date_calendar_conflict'),
            ("15/7/1410 هـ م", 'date_calendar_conflict'),
            ('45000', 'date_serial'), ('32874.0', 'date_serial'), (45000, 'date_serial'), ('1462', 'date_serial'),
        ):
            self.refused(code, parse_date, typed)

    def test_leap_days(self):
        self.assertEqual(parse_date('29/2/2024')[0], date(2024, 2, 29))
        self.assertEqual(parse_date('29/02/1445')[1], 'hijri')

    def test_the_thirtieth_of_a_short_hijri_month(self):
        """Each month of the table: day 30 exists or is refused with the month's name and length.

        Five early months have 28 days and three have 31, as the calendar was published then.
        """
        lengths = Counter()
        for year in range(1343, 1501):
            for month in range(1, 13):
                first = parse_date(f'1/{month}/{year}')[0]
                following = (year + month // 12, month % 12 + 1)
                if following[0] > 1500:
                    continue
                length = (parse_date(f'1/{following[1]}/{following[0]}')[0] - first).days
                lengths[length] += 1
                if length >= 30:
                    self.assertEqual(parse_date(f'30/{month}/{year}')[0], first + timedelta(days=29))
                    continue
                with self.assertRaises(hijri.BadInput) as caught:
                    parse_date(f'30/{month}/{year}')
                self.assertEqual(caught.exception.code, 'hijri_day_missing')
                self.assertEqual(caught.exception.values['length'], length)
                self.assertEqual(caught.exception.values_in('ar')['month'], hijri.HIJRI_MONTHS[month - 1])
                self.assertIn(hijri.HIJRI_MONTHS_EN[month - 1], str(caught.exception))
        self.assertEqual(lengths, {28: 5, 29: 882, 30: 1005, 31: 3})
        self.refused('hijri_day_missing', parse_date, '29/9/1343')

    def test_the_edges_of_the_table(self):
        self.assertEqual(parse_date('1/1/1343')[0], hijri.TABLE_FIRST)
        self.assertEqual(parse_date('30/12/1500')[0], hijri.TABLE_LAST)

    def test_random_days_in_random_spellings(self):
        random.seed(26)
        span = (hijri.TABLE_LAST - hijri.TABLE_FIRST).days
        for __ in range(1500):
            day = hijri.TABLE_FIRST + timedelta(days=random.randint(0, span))
            year, month, number = hijri_parts(day)
            sign = random.choice('/-. ')
            typed = random.choice((
                f'{number}{sign}{month}{sign}{year}', f'{year}{sign}{month:02}{sign}{number:02}', hijri_text(day),
                hijri_text(day, 'en'), f'{hijri.WEEKDAYS[day.weekday()]} {hijri_text(day)}',
            ))
            if random.random() < 0.5:
                typed = typed.translate(ARABIC)
            self.assertEqual(parse_date(typed), (day, 'hijri'), typed)
            plain = random.choice((day.isoformat(), f'{day.day}/{day.month}/{day.year}',
                                   f'{day.day} {hijri.MONTHS[day.month - 1]} {day.year} م'))
            self.assertEqual(parse_date(plain), (day, 'gregorian'), plain)

    def test_words_for_days_need_today(self):
        today = date(2026, 12, 6)
        self.assertEqual(parse_date("اليوم", today), (today, 'gregorian'))
        self.assertEqual(parse_date("أمس", today), (date(2026, 12, 5), 'gregorian'))
        self.refused('date_unreadable', parse_date, "اليوم")
        self.assertEqual(parse_date('1/1/2030', today)[0], date(2030, 1, 1), "a date to come is a date")

    def test_birth(self):
        today = date(2026, 12, 6)
        self.assertEqual(parse_birth('15/7/1410', today), RAJAB)
        self.assertEqual(parse_birth('6/12/2026', today)[0], today)
        self.refused('birth_future', parse_birth, '7/12/2026', today)
        self.refused('birth_future', parse_birth, '27/6/1448', today)
        self.refused('birth_too_old', parse_birth, '1/1/1900', date(2050, 1, 1))


@tagged('post_install', '-at_install', 'amlaj')
class TestShownDates(BaseCase):

    def test_texts(self):
        day = date(2026, 12, 6)
        self.assertEqual(hijri_text(day), "26 جمادى الآخرة 1448 هـ")
        self.assertEqual(full_date(day), "الأحد 26 جمادى الآخرة 1448 هـ (6/12/2026 م)")
        self.assertEqual(full_date(day, 'ar_001'), full_date(day))
        self.assertEqual(full_date(day, 'en_US'), "Sunday 6 December 2026 (26 Jumada al-Thani 1448 AH)")
        self.assertEqual(short_date(day), "2026/12/06 م - 1448/06/26 هـ")
        self.assertEqual(short_date(day, 'en'), "2026/12/06 - 1448/06/26 AH")
        self.assertEqual(full_date(date(2026, 12, 22)), "الثلاثاء 13 رجب 1448 هـ (22/12/2026 م)")

    def test_nothing_and_outside_the_table(self):
        self.assertEqual((hijri_text(False), full_date(None), short_date(False)), ('', '', ''))
        for day in (date(1924, 7, 31), date(2077, 11, 17), date(1, 1, 1), date(9999, 12, 31)):
            self.assertEqual(hijri_text(day), '')
            self.assertNotIn("هـ", full_date(day) + short_date(day))
            self.assertIn(str(day.year), full_date(day))

    def test_every_day_of_the_table_follows_the_one_before(self):
        """Recount of the whole table: the day number grows by one or a new month begins after 29 or 30 days."""
        day, previous = hijri.TABLE_FIRST, None
        while day <= hijri.TABLE_LAST:
            year, month, number = hijri_parts(day)
            if previous and number != previous[2] + 1:
                self.assertEqual((number, previous[2] in (28, 29, 30, 31)), (1, True), day)
                self.assertEqual((year, month), (previous[0] + previous[1] // 12, previous[1] % 12 + 1), day)
            elif previous:
                self.assertEqual((year, month), previous[:2], day)
            previous = (year, month, number)
            day += timedelta(days=1)
        self.assertEqual(previous, (1500, 12, 30))

    def test_only_latin_digits(self):
        for offset in range(0, 400, 7):
            day = date(2026, 1, 1) + timedelta(days=offset)
            for text in (full_date(day), short_date(day), hijri_text(day)):
                self.assertFalse([char for char in text if char.isdigit() and not char.isascii()])

    def test_age(self):
        self.assertEqual(age_on(date(2008, 12, 7), date(2026, 12, 6)), 17)
        self.assertEqual(age_on(date(2008, 12, 6), date(2026, 12, 6)), 18)
        self.assertEqual(age_on(date(2008, 2, 29), date(2026, 2, 28)), 17)
        self.assertEqual(age_on(date(2008, 2, 29), date(2026, 3, 1)), 18)
        self.assertEqual(age_on(date(2026, 1, 1), date(2026, 1, 1)), 0)
        with self.assertRaises(hijri.BadInput):
            age_on(date(2026, 1, 2), date(2026, 1, 1))

    def test_age_recounted_by_birthdays(self):
        random.seed(3)
        for __ in range(200):
            birth = date(1950, 1, 1) + timedelta(days=random.randrange(20000))
            day = birth + timedelta(days=random.randrange(30000))
            birthdays = 0
            for year in range(birth.year + 1, day.year + 1):
                leap = birth.month == 2 and birth.day == 29 and (year % 4 or year % 100 == 0 and year % 400)
                birthdays += (date(year, 3, 1) if leap else birth.replace(year=year)) <= day
            self.assertEqual(age_on(birth, day), birthdays)


@tagged('post_install', '-at_install', 'amlaj')
class TestShownDay(BaseCase):

    def test_friday_and_saturday(self):
        def weekend(day):
            return day.weekday() in (4, 5)

        self.assertEqual(shown_day(date(2026, 12, 3), weekend), date(2026, 12, 3))
        self.assertEqual(shown_day(date(2026, 12, 4), weekend), date(2026, 12, 6))
        self.assertEqual(shown_day(date(2026, 12, 5), weekend), date(2026, 12, 6))

    def test_a_calendar_without_working_days_moves_nothing(self):
        asked = []
        self.assertEqual(shown_day(date(2026, 1, 1), lambda day: asked.append(day) or True), date(2026, 1, 1))
        self.assertEqual(len(asked), LONGEST_REST + 1)

    def test_a_long_feast(self):
        last = date(2026, 1, 1) + timedelta(days=LONGEST_REST)
        self.assertEqual(shown_day(date(2026, 1, 1), lambda day: day < last), last)


@tagged('post_install', '-at_install', 'amlaj')
class TestSameHijriDay(Refusals, BaseCase):

    def test_the_same_day_of_the_next_year(self):
        day = parse_date('1/9/1447')[0]
        self.assertEqual(hijri_parts(same_hijri_day_next_year(day)), (1448, 9, 1))
        self.assertEqual(hijri_parts(same_hijri_day_next_year(day, 12)), (1459, 9, 1))
        self.assertEqual(same_hijri_day_next_year(day, 0), day)

    def test_every_month_end_of_the_table(self):
        shortened = kept = 0
        for year in range(1440, 1470):
            for month in range(1, 13):
                length = Hijri(year, month, 1).month_length()
                day = date(*Hijri(year, month, length).to_gregorian().datetuple())
                there = Hijri(year + 1, month, 1).month_length()
                self.assertEqual(hijri_parts(same_hijri_day_next_year(day)), (year + 1, month, min(length, there)))
                shortened += length == 30 and there == 29
                kept += length == 30 and there == 30
        self.assertTrue(shortened and kept, "both kinds of years were met")

    def test_a_thirtieth_comes_back_when_it_is_counted_from_the_first_day(self):
        for year in range(1440, 1470):
            if [Hijri(year + n, 9, 1).month_length() for n in range(3)] == [30, 29, 30]:
                break
        day = date(*Hijri(year, 9, 30).to_gregorian().datetuple())
        self.assertEqual([hijri_parts(same_hijri_day_next_year(day, n))[2] for n in range(3)], [30, 29, 30])

    def test_outside_the_table(self):
        for day, years in ((date(2077, 11, 16), 1), (date(2026, 2, 18), 60), (date(1900, 1, 1), 1), (None, 1)):
            with self.assertRaises(hijri.BadInput) as caught:
                same_hijri_day_next_year(day, years)
            self.assertEqual(caught.exception.code, 'hijri_out_of_table')
