import random
from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ...tools.amount import amount_words, show_amount, to_decimal
from ...tools.cells import LONGEST, safe_cell
from ...tools.counted import NOUNS, counted
from .test_tools_numbers import Refusals

# A reader of Arabic number words, written apart from the writer: every word has one value.
UNITS = {
    "واحد": 1, "واحدة": 1, "أحد": 1, "إحدى": 1, "اثنان": 2, "اثنتان": 2, "اثنا": 2, "اثنتا": 2, "ثلاثة": 3, "ثلاث": 3,
    "أربعة": 4, "أربع": 4, "خمسة": 5, "خمس": 5, "ستة": 6, "ست": 6, "سبعة": 7, "سبع": 7, "ثمانية": 8,
    "ثماني": 8, "ثمانٍ": 8,
    "تسعة": 9, "تسع": 9, "عشرة": 10, "عشر": 10, "عشرون": 20, "ثلاثون": 30, "أربعون": 40, "خمسون": 50, "ستون": 60,
    "سبعون": 70, "ثمانون": 80, "تسعون": 90, "مئة": 100, "مئتان": 200, "مئتا": 200, "ثلاثمئة": 300, "أربعمئة": 400,
    "خمسمئة": 500, "ستمئة": 600, "سبعمئة": 700, "ثمانمئة": 800, "تسعمئة": 900,
}
SCALES = {
    **dict.fromkeys(("ألف", "آلاف", "ألفاً"), 10 ** 3), **dict.fromkeys(("مليون", "ملايين", "مليوناً"), 10 ** 6),
    **dict.fromkeys(("مليار", "مليارات", "ملياراً"), 10 ** 9),
    **dict.fromkeys(("تريليون", "تريليونات", "تريليوناً"), 10 ** 12),
}
DUALS = {
    **dict.fromkeys(("ألفان", "ألفا"), 2 * 10 ** 3), **dict.fromkeys(("مليونان", "مليونا"), 2 * 10 ** 6),
    **dict.fromkeys(("ملياران", "مليارا"), 2 * 10 ** 9), **dict.fromkeys(("تريليونان", "تريليونا"), 2 * 10 ** 12),
}


def read_arabic(words):
    """Return the riyals and halalas that the words say."""
    riyals, halalas, total, group, last_scale = 0, 0, 0, 0, None
    for word in words.replace("ريال سعودي واحد", "ريال سعودي").split():
        bare = word[1:] if word.startswith("و") and word != "واحد" and word != "واحدة" else word
        if bare in UNITS:
            group += UNITS[bare]
        elif bare in SCALES:
            # «مئة ألف وألف»: a scale without a number before it counts once more
            total += (group or 1) * SCALES[bare]
            group, last_scale = 0, bare
        elif bare in DUALS:
            total += group * DUALS[bare] // 2 + DUALS[bare]
            group = 0
        elif bare in ("ريال", "ريالاً", "ريالات"):
            said = total + group
            riyals += said if said or last_scale else 1
            if not said:
                last_scale = bare
            total, group, last_scale = 0, 0, None
        elif bare == "ريالان":
            riyals += 2
        elif bare in ("هللة", "هللات"):
            halalas = group or 1
            group = 0
        elif bare == "هللتان":
            halalas = 2
        elif bare in ("سعودي", "سعودياً", "سعودية", "سعوديان"):
            group = 0
        elif bare != "صفر":
            raise AssertionError(f"unknown word {word!r} in {words!r}")
    return riyals, halalas


@tagged('post_install', '-at_install', 'amlaj')
class TestCounted(BaseCase):

    def test_days(self):
        for number, text in (
            (0, "0 يوم"), (1, "يوم واحد"), (2, "يومان"), (3, "3 أيام"), (10, "10 أيام"), (11, "11 يوماً"),
            (14, "14 يوماً"),
            (99, "99 يوماً"), (100, "100 يوم"), (101, "101 يوم"), (102, "102 يوم"), (103, "103 أيام"), (110, "110 أيام"),
            (111, "111 يوماً"), (200, "200 يوم"), (1000, "1000 يوم"), (1003, "1003 أيام"), (1_000_000, "1,000,000 يوم"),
        ):
            self.assertEqual(counted(number, 'day'), text)

    def test_nouns(self):
        self.assertEqual(counted(2, 'week'), "أسبوعان")
        self.assertEqual(counted(2, 'week', oblique=True), "أسبوعين")
        self.assertEqual(counted(2, 'year'), "سنتان")
        self.assertEqual(counted(1, 'year'), "سنة واحدة")
        self.assertEqual(counted(12, 'month'), "12 شهراً")
        self.assertEqual(counted(5, 'person'), "5 أفراد")
        self.assertEqual(counted(4, 'paper'), "4 مستندات")
        self.assertEqual(counted(15, 'request', 'ar_001'), "15 طلباً")
        self.assertEqual(counted(3.0, 'item'), "3 أصناف")

    def test_english(self):
        self.assertEqual([counted(n, 'day', 'en_US') for n in (0, 1, 2, 11)], ['0 days', '1 day', '2 days', '11 days'])
        self.assertEqual(counted(10000, 'paper', 'en'), '10,000 documents')

    def test_every_number_against_the_written_rule(self):
        """The rule recounted from the last two digits of the written number, for every noun."""
        for noun, ((singular, one, stem, plural, accusative), __) in NOUNS.items():
            for number in range(1001):
                last = int(str(number)[-2:])
                if number in (1, 2):
                    expected = one if number == 1 else stem + "ان"
                elif str(number)[-2:].lstrip('0') in ('3', '4', '5', '6', '7', '8', '9', '10'):
                    expected = f"{number} {plural}"
                else:
                    expected = f"{number} {accusative if last > 10 else singular}"
                self.assertEqual(counted(number, noun), expected)

    def test_refused(self):
        with self.assertRaises(ValueError):
            counted(1.5, 'day')
        with self.assertRaises(KeyError):
            counted(1, 'camel')


@tagged('post_install', '-at_install', 'amlaj')
class TestAmounts(Refusals, BaseCase):

    def test_arabic(self):
        for amount, words in (
            (0, "صفر ريال سعودي"), (1, "ريال سعودي واحد"), (2, "ريالان سعوديان"), (3, "ثلاثة ريالات سعودية"),
            (10, "عشرة ريالات سعودية"), (11, "أحد عشر ريالاً سعودياً"), (12, "اثنا عشر ريالاً سعودياً"),
            (21, "واحد وعشرون ريالاً سعودياً"), (100, "مئة ريال سعودي"), (101, "مئة ريال وريال سعودي"),
            (102, "مئة ريال وريالان سعوديان"), (103, "مئة وثلاثة ريالات سعودية"), (200, "مئتا ريال سعودي"),
            (250, "مئتان وخمسون ريالاً سعودياً"), (800, "ثمانمئة ريال سعودي"), (1000, "ألف ريال سعودي"),
            (1250, "ألف ومئتان وخمسون ريالاً سعودياً"), (2000, "ألفا ريال سعودي"), (2500, "ألفان وخمسمئة ريال سعودي"),
            (3000, "ثلاثة آلاف ريال سعودي"), (12500, "اثنا عشر ألفاً وخمسمئة ريال سعودي"),
            (100000, "مئة ألف ريال سعودي"), (102500, "مئة ألف وألفان وخمسمئة ريال سعودي"),
            (2000000, "مليونا ريال سعودي"), (0.01, "هللة واحدة"), (0.02, "هللتان"), (0.08, "ثماني هللات"),
            (0.11, "إحدى عشرة هللة"), (0.18, "ثماني عشرة هللة"), (0.28, "ثمانٍ وعشرون هللة"),
            (5.05, "خمسة ريالات سعودية وخمس هللات"), (1250.5, "ألف ومئتان وخمسون ريالاً سعودياً وخمسون هللة"),
            ("١٬٢٥٠", "ألف ومئتان وخمسون ريالاً سعودياً"),
        ):
            self.assertEqual(amount_words(amount), words, amount)

    def test_english(self):
        self.assertEqual(amount_words(1250, 'en_US'), "one thousand, two hundred and fifty Saudi riyals")
        self.assertEqual(amount_words(1.01, 'en'), "one Saudi riyal and one halala")
        self.assertEqual(amount_words(0, 'en'), "zero Saudi riyals")

    def check_words(self, riyals, halalas):
        words = amount_words(Decimal(riyals) + Decimal(halalas) / 100)
        self.assertEqual(read_arabic(words), (riyals, halalas), words)
        self.assertNotIn('  ', words)
        tail = riyals % 100
        if riyals > 2 and 3 <= tail <= 10:
            self.assertIn("ريالات سعودية", words)
        elif riyals > 2 and tail > 10:
            self.assertIn("ريالاً سعودياً", words)
        elif riyals > 2 and tail == 2:
            self.assertIn("ريالان سعوديان", words)
        elif riyals > 2:
            self.assertIn("ريال سعودي", words)
            self.assertNotIn("ريالاً", words)
        for number in ("مئتان ريال", "ألفان ريال", "مئتان ألف", "مليونان ريال"):
            self.assertNotIn(number, words, "the dual before its noun has no nun")

    def test_words_read_back_give_the_amount(self):
        """Each small amount, each halala and many large ones, read by a reader that knows nothing of the writer."""
        for riyals in (*range(1, 2300), *range(9990, 10120), *range(99990, 100120), *range(199990, 203010)):
            self.check_words(riyals, 0)
        for halalas in range(1, 100):
            self.check_words(0, halalas)
            self.check_words(halalas, halalas)
        random.seed(5)
        for __ in range(2000):
            riyals = random.randrange(10 ** random.randint(4, 15))
            if random.random() < 0.4:
                riyals -= riyals % 1000 - random.choice((0, 1, 2, 100, 200))
            self.check_words(max(riyals, 0), random.choice((0, random.randrange(100))) if riyals > 0 else 1)

    def test_figures(self):
        for amount, text in (
            (1250, '1,250.00'), (0, '0.00'), (-0.0, '0.00'), (-0.001, '0.00'), (1234567.891, '1,234,567.89'),
            (-5, '-5.00'),
            (0.1 + 0.2, '0.30'), (1.005, '1.01'), (Decimal('2.675'), '2.68'), ("١٬٢٣٤٫٥", '1,234.50'),
            (None, ''), (False, ''),
            (2 ** 53 + 1, '9,007,199,254,740,993.00'),
        ):
            self.assertEqual(show_amount(amount), text, amount)

    def test_refused(self):
        for amount in (float('nan'), float('inf'), '1e309', 'x', [], 'NaN', Decimal('NaN')):
            self.refused('number_invalid', to_decimal, amount)
        self.refused('number_missing', amount_words, '')
        self.refused('amount_negative', amount_words, -1)
        self.refused('amount_too_large', amount_words, 10 ** 15)


@tagged('post_install', '-at_install', 'amlaj')
class TestCells(BaseCase):

    def test_formulas_become_text(self):
        for text in ('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠x', '  =1',
                     '\u200f=1',
                     '\ufeff=cmd|x', '\x00=1', '\u00a0=1', '\N{MINUS SIGN}1', "=HYPERLINK(\"//x\")", '﹦1', '\u202e=1',
                     '|calc', '%0A=1'):
            cell = safe_cell(text)
            self.assertTrue(cell.startswith("'"), repr(text))
            self.assertNotIn('\x00', cell)

    def test_plain_text_stays(self):
        for text in ("محمد علي", 'a=b', '1-2', "أملج + ينبع", '', "'=1", '3 - 4', "«=»"):
            self.assertEqual(safe_cell(text), text)

    def test_values_stay_themselves(self):
        for value in (0, -5, 1.5, -0.25, True, False, Decimal('-3.20'), date(2026, 12, 6), datetime(2026, 12, 6, 1)):
            cell = safe_cell(value)
            self.assertEqual(cell, value)
            self.assertIs(type(cell), type(value))

    def test_what_a_spreadsheet_cannot_hold(self):
        self.assertEqual([safe_cell(value) for value in (None, float('nan'), float('inf'))], ['', '', ''])
        self.assertEqual(safe_cell('a\x0bb\ud800c\ufffe'), 'abc')
        self.assertEqual(len(safe_cell('x' * 40000)), LONGEST)
        self.assertEqual(len(safe_cell('=' + 'x' * 40000)), LONGEST)

    def test_random_text_never_starts_a_formula(self):
        random.seed(2)
        for __ in range(3000):
            cell = safe_cell(''.join(random.choices(" =+-@\t\r\u200f\ufeffab'ل\x00＝", k=random.randint(0, 6))))
            self.assertNotIn(cell.strip(' \t\r\n\u200f\ufeff\x00')[:1] or 'x', '=+-@＝')
