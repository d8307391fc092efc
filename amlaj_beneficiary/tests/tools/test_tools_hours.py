from odoo.tests import BaseCase, tagged

from ...tools.hours import hours_words, told_hours
from .test_tools_numbers import Refusals


@tagged('post_install', '-at_install', 'amlaj')
class TestHours(Refusals, BaseCase):
    """Hours of a certificate, in words and with their nouns: the hour is feminine, and minutes are exact."""

    def test_in_words(self):
        for hours, words in (
            (0, "صفر ساعة"), (0.5, "ثلاثون دقيقة"), (1, "ساعة واحدة"), (1.5, "ساعة واحدة ونصف"), (2, "ساعتان"),
            (2.25, "ساعتان وربع"), (3, "ثلاث ساعات"), (8, "ثماني ساعات"), (8.75, "ثماني ساعات وثلاثة أرباع الساعة"),
            (10, "عشر ساعات"), (11, "إحدى عشرة ساعة"), (12.5, "اثنتا عشرة ساعة ونصف"), (18, "ثماني عشرة ساعة"),
            (21, "إحدى وعشرون ساعة"), (28, "ثمانٍ وعشرون ساعة"), (100, "مئة ساعة"), (101, "مئة ساعة وساعة"),
            (108, "مئة وثماني ساعات"), (111, "مئة وإحدى عشرة ساعة"), (200, "مئتا ساعة"), (1003, "ألف وثلاث ساعات"),
            (1000, "ألف ساعة"), (3.1, "ثلاث ساعات وست دقائق"), (0.1, "ست دقائق"), (1 / 60, "دقيقة واحدة"),
        ):
            with self.subTest(hours=hours):
                self.assertEqual(hours_words(hours), words)
        self.assertEqual(hours_words(12.5, 'en_US'), "twelve hours and thirty minutes")
        self.assertEqual(hours_words(1, 'en_US'), "one hour")

    def test_with_their_nouns(self):
        for hours, text in ((12.5, "12 ساعة و30 دقيقة"), (2, "ساعتان"), (0.25, "15 دقيقة"), (3, "3 ساعات")):
            with self.subTest(hours=hours):
                self.assertEqual(told_hours(hours), text)
        self.assertEqual(told_hours(3.5, 'en_US'), "3 hours and 30 minutes")

    def test_thirds_of_an_hour_are_minutes(self):
        self.assertEqual(told_hours(20 / 60 * 3), "ساعة واحدة")
        self.assertEqual(told_hours(1 / 3), "20 دقيقة")

    def test_what_nobody_helped(self):
        for hours in (-1, -0.02, 10 ** 7):
            self.refused('number_invalid', hours_words, hours)
