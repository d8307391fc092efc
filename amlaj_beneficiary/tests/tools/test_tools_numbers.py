import pickle
import random
import re
from pathlib import Path

import stdnum

from odoo.tests import BaseCase, tagged

from ...tools import errors
from ...tools.address import clean_short_address
from ...tools.errors import BadInput
from ...tools.iban import LENGTHS, clean_iban, mask_iban, show_iban
from ...tools.identity import KINDS, clean_identity, guess_identity_kind, mask_identity
from ...tools.phone import clean_phone, phone_digits, show_phone

ARABIC = str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩')
PERSIAN = str.maketrans('0123456789', '۰۱۲۳۴۵۶۷۸۹')


def luhn_digit(nine):
    """The check digit, counted from the definition: double every other digit from the right, add the digits."""
    total = 0
    for position, digit in enumerate(reversed(nine)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def iban_of(country, account):
    """An IBAN with right check digits, by ISO 13616: letters as numbers, 98 minus the remainder of 97."""
    number = int(''.join(str(int(char, 36)) for char in account + country + '00'))
    return f'{country}{98 - number % 97:02}{account}'


class Refusals:
    """Not a test case: asserts that a call is refused with a code whose sentence can be said in both languages."""

    def refused(self, code, function, *args, **kwargs):
        with self.subTest(args=args), self.assertRaises(BadInput) as caught:
            function(*args, **kwargs)
        self.assertEqual(caught.exception.code, code, args)
        self.assertNotIn('%(', str(caught.exception))
        caught.exception.template % caught.exception.values_in('ar_001')


@tagged('post_install', '-at_install', 'amlaj')
class TestErrors(BaseCase):
    """The one list of messages is complete and each can be formatted."""

    def test_an_unknown_code_is_a_programming_error(self):
        with self.assertRaises(KeyError):
            BadInput('no_such_code')

    def test_values_and_languages(self):
        error = BadInput('hijri_day_missing', day=30, year=1445, length=29, month='x', month_ar="صفر", month_en="Safar")
        self.assertIn("Safar 1445", str(error))
        self.assertEqual(error.values_in('ar_001')['month'], "صفر")
        self.assertEqual(error.values_in(None)['month'], "Safar")
        copy = pickle.loads(pickle.dumps(error))
        self.assertEqual((copy.code, copy.values, str(copy)), (error.code, error.values, str(error)))

    def test_sentences(self):
        for code, sentence in errors.CODES.items():
            self.assertRegex(code, r'^[a-z0-9_]+$')
            self.assertRegex(sentence, r'^[A-Z“].*\w', code)
            self.assertFalse(re.search(r'%(?!\(\w+\)s)', sentence), code)

    def test_every_sentence_is_used(self):
        """A code that nothing raises any more is a sentence that translators keep for nothing."""
        sources = [path.read_text(encoding='utf-8') for path in Path(errors.__file__).parents[1].rglob('*.py')
                   if path.name != 'errors.py' and 'tests' not in path.parts]
        for code in errors.CODES:
            self.assertTrue(any(f"'{code}'" in source for source in sources), code)

    def test_no_identity_or_account_number_in_a_sentence(self):
        for code, sentence in errors.CODES.items():
            if code.startswith(('identity_', 'iban_')) and code != 'identity_rounded':
                self.assertNotIn('%(value)s', sentence, code)


@tagged('post_install', '-at_install', 'amlaj')
class TestIdentity(Refusals, BaseCase):

    def test_known_numbers(self):
        self.assertEqual(clean_identity('national_id', '1000000008'), '1000000008')
        self.assertEqual(clean_identity('iqama', '2000000006'), '2000000006')
        self.refused('identity_check_digit', clean_identity, 'national_id', '1000000000')
        self.refused('identity_check_digit', clean_identity, 'national_id', '1111111111')

    def test_every_spelling(self):
        for typed in ('1000000008', ' 1000000008 ', '1000-000-008', '100 000 0008', '\u200f1000000008\u200e',
                      '1000\u200c000008', '1000\u00a0000008', '1000000008'.translate(ARABIC),
                      '1000000008'.translate(PERSIAN), '10000٠٠٠٠8', 1000000008, 1000000008.0, '1000000008.0'):
            self.assertEqual(clean_identity('national_id', typed), '1000000008', repr(typed))

    def test_each_fault_has_its_code(self):
        self.refused('identity_length', clean_identity, 'national_id', '100000000')
        self.refused('identity_length', clean_identity, 'national_id', '10000000080')
        self.refused('identity_length', clean_identity, 'iqama', '000000006')  # a leading digit lost
        self.refused('identity_not_digits', clean_identity, 'national_id', '10000O0008')
        self.refused('identity_not_digits', clean_identity, 'national_id', '100000000²')
        self.refused('identity_not_digits', clean_identity, 'national_id', '=1+1')
        self.refused('identity_is_iqama', clean_identity, 'national_id', '2000000006')
        self.refused('identity_is_national', clean_identity, 'iqama', '1000000008')
        self.refused('identity_first_digit', clean_identity, 'national_id', '3000000004')
        self.refused('identity_first_digit', clean_identity, 'iqama', '1000000000')
        self.refused('identity_rounded', clean_identity, 'national_id', '1.0E+09')
        self.refused('identity_missing', clean_identity, 'national_id', ' \u200f')
        self.refused('identity_missing', clean_identity, 'passport', False)
        self.refused('identity_kind_unknown', clean_identity, 'driver', '1')

    def test_other_kinds(self):
        self.assertEqual(clean_identity('passport', ' a-12 345٦٧ '), 'A1234567')
        self.assertEqual(clean_identity('registration', '7001234567'), '7001234567')
        self.assertEqual(clean_identity('border', '٣٠٠٠٠٠٠٠٠١'), '3000000001')
        self.assertEqual(clean_identity('gcc', '784-1990-1234567-1'), '784199012345671')
        self.assertEqual(clean_identity('none', ''), '')
        self.refused('identity_not_expected', clean_identity, 'none', '12345')
        self.refused('identity_characters', clean_identity, 'passport', "أ123456")
        self.refused('identity_characters', clean_identity, 'passport', "A12'; DROP")
        self.refused('identity_size', clean_identity, 'passport', 'A1')
        self.refused('identity_size', clean_identity, 'passport', 'A' * 30)

    def test_random_numbers_against_the_definition(self):
        random.seed(7)
        for __ in range(400):
            kind = random.choice(('national_id', 'iqama'))
            nine = {'national_id': '1', 'iqama': '2'}[kind] + ''.join(random.choices('0123456789', k=8))
            good = nine + luhn_digit(nine)
            self.assertEqual(clean_identity(kind, good.translate(random.choice((ARABIC, PERSIAN)))), good)
            place = random.randrange(1, 10)
            wrong = good[:place] + str((int(good[place]) + random.randint(1, 9)) % 10) + good[place + 1:]
            self.refused('identity_check_digit', clean_identity, kind, wrong)
            place = random.randrange(1, 9)
            pair = good[place:place + 2]
            if len(set(pair)) == 2 and set(pair) != {'0', '9'}:  # the one swap that Luhn cannot see
                swapped = good[:place] + pair[::-1] + good[place + 2:]
                self.refused('identity_check_digit', clean_identity, kind, swapped)

    def test_guess(self):
        for typed, kind in (
            ('1000000008', 'national_id'), ('٢٠٠٠٠٠٠٠٠٦', 'iqama'), ('1000000000', 'national_id'),
            ('A1234567', 'passport'),
            ('7001234567', 'registration'), ('0501234567', None), ('محمد', None), ('', None), (None, None),
            ('Ahmed', None), ('1E+09', None), ('123', None),
        ):
            self.assertEqual(guess_identity_kind(typed), kind, typed)
            self.assertIn(kind, (*KINDS, None))

    def test_mask(self):
        self.assertEqual(mask_identity('1000000008'), '******0008')
        self.assertEqual(mask_identity('123'), '***')
        self.assertEqual(mask_identity('1234'), '****')
        self.assertEqual(mask_identity(False), '')


@tagged('post_install', '-at_install', 'amlaj')
class TestPhone(Refusals, BaseCase):

    def test_every_spelling(self):
        for typed in (
            '0501234567', '501234567', '966501234567', '+966501234567', '00966501234567', '+9660501234567',
            '050 123 4567', '050-123-4567', '(050) 1234567', '+966 (0) 50 123 4567', '٠٥٠١٢٣٤٥٦٧', '۰۵۰۱۲۳۴۵۶۷',
            '+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧', '\u202a+966 50 123 4567\u202c', '050\u00a0123\u00a04567', 501234567, 501234567.0,
            '501234567.0', '966501234567+', '050.123.4567', '＋966501234567',
        ):
            self.assertEqual(clean_phone(typed, mobile=True), '+966501234567', repr(typed))

    def test_each_mobile_prefix(self):
        for prefix in range(50, 60):
            typed = f'0{prefix}1234567'
            if prefix == 52:
                self.refused('phone_invalid', clean_phone, typed)
            else:
                self.assertEqual(clean_phone(typed, mobile=True), f'+966{prefix}1234567')

    def test_each_fault_has_its_code(self):
        self.refused('phone_missing', clean_phone, '')
        self.refused('phone_missing', clean_phone, False)
        self.refused('phone_too_short', clean_phone, '05012345')
        self.refused('phone_too_long', clean_phone, '05012345678')
        self.refused('phone_too_long', clean_phone, '5' * 30)
        self.refused('phone_characters', clean_phone, '0501234567 / 0551234567')
        self.refused('phone_characters', clean_phone, '0501234567 تحويلة 5')
        self.refused('phone_characters', clean_phone, '1-800-FLOWERS')
        self.refused('phone_characters', clean_phone, '=cmd|0501234567')
        self.refused('phone_rounded', clean_phone, '5.01E+08')
        self.refused('phone_premium', clean_phone, '+44 909 879 0000')
        self.refused('phone_not_mobile', clean_phone, '0143221234', mobile=True)
        self.refused('phone_not_mobile', clean_phone, '920012345', mobile=True)
        self.refused('phone_invalid', clean_phone, '+9991234567')

    def test_lines_that_are_no_mobiles(self):
        self.assertEqual(clean_phone('014 322 1234'), '+966143221234')
        self.assertEqual(clean_phone('920012345'), '+966920012345')

    def test_foreign_numbers(self):
        self.assertEqual(clean_phone('+20 100 123 4567', mobile=True), '+201001234567')
        self.assertEqual(clean_phone('00971501234567'), '+971501234567')

    def test_show(self):
        self.assertEqual(show_phone('+966501234567'), '050 123 4567')
        self.assertEqual(show_phone('+966143221234'), '014 322 1234')
        self.assertTrue(show_phone('+201001234567').startswith('+20 '))
        self.assertEqual(show_phone(False), '')
        self.assertEqual(show_phone('old data'), 'old data')

    def test_digits_to_search(self):
        for typed, digits in (
            ('0501', '501'), ('+966 501', '501'), ('00966501', '501'), ('٠٥٠١', '501'), ('501234', '501234'),
            ('966501234567', '501234567'), ('966', '966'), ('+20 100', '20100'), ('4567', '4567'), ('0', ''), ('', ''),
            ('محمد', ''), (None, ''), ('050-123 45', '5012345'), (501234567.0, '501234567'),
        ):
            self.assertEqual(phone_digits(typed), digits, repr(typed))

    def test_random_numbers_round_trip_and_are_found(self):
        random.seed(9)
        for __ in range(300):
            nine = '5' + random.choice('013456789') + f'{random.randrange(10**7):07}'
            stored = clean_phone('0' + nine)
            self.assertEqual(stored, '+966' + nine)
            self.assertEqual(clean_phone(show_phone(stored)), stored)
            start = random.randrange(6)
            self.assertIn(phone_digits(nine[start:start + 4]), stored)
            self.assertIn(phone_digits('0' + nine[:5]), stored)


@tagged('post_install', '-at_install', 'amlaj')
class TestIban(Refusals, BaseCase):

    def test_every_spelling(self):
        for typed in (
            'SA0380000000608010167519', 'sa03 8000 0000 6080 1016 7519', 'IBAN: SA03-8000-0000-6080-1016-7519',
            'SA٠٣ ٨٠٠٠ ٠٠٠٠ ٦٠٨٠ ١٠١٦ ٧٥١٩', '\u200eSA0380000000608010167519\u200f',
        ):
            self.assertEqual(clean_iban(typed), 'SA0380000000608010167519', typed)

    def test_each_fault_has_its_code(self):
        self.refused('iban_missing', clean_iban, '')
        self.refused('iban_characters', clean_iban, 'ＳＡ0380000000608010167519')
        self.refused('iban_check_digits', clean_iban, 'SA0380000000608010167518')
        self.refused('iban_length', clean_iban, 'SA038000000060801016751')
        self.refused('iban_length', clean_iban, 'SA03800000006080101675190')
        self.refused('iban_no_country', clean_iban, '0380000000608010167519')
        self.refused('iban_country', clean_iban, 'XX0380000000608010167519')
        self.refused('iban_characters', clean_iban, "SA03'80000000608010167519")
        self.refused('iban_structure', clean_iban, 'SAA380000000608010167519')
        self.refused('iban_structure', clean_iban, 'SA03A000000608010167519X')
        self.refused('iban_length', clean_iban, 'GB82WEST123456987654321')

    def test_other_countries(self):
        self.assertEqual(clean_iban('GB82 WEST 1234 5698 7654 32'), 'GB82WEST12345698765432')
        for country, length in LENGTHS.items():
            good = iban_of(country, ('12AB' * 8)[:length - 4] if country != 'SA' else '80' + '1' * 18)
            self.assertEqual(clean_iban(good), good)

    def test_lengths_against_the_registry(self):
        """python-stdnum carries the registry as text: a country and parts such as "2!n18!c" that sum up to the rest."""
        lines = (Path(stdnum.__file__).parent / 'iban.dat').read_text(encoding='utf-8').splitlines()
        rows = re.findall(r'^([A-Z]{2})\b.*bban="([^"]+)"', '\n'.join(lines), re.MULTILINE)
        registry = {country: 4 + sum(int(size) for size in re.findall(r'(\d+)!', form)) for country, form in rows}
        self.assertGreater(len(registry), 70)
        self.assertEqual({country: LENGTHS[country] for country in registry if country in LENGTHS},
                         {country: length for country, length in registry.items() if country in LENGTHS})
        self.assertLessEqual({'SA', 'AE', 'EG', 'YE', 'JO', 'PK', 'SD', 'GB'}, set(LENGTHS))

    def test_show_and_mask(self):
        self.assertEqual(show_iban('SA0380000000608010167519'), 'SA03 8000 0000 6080 1016 7519')
        self.assertEqual(mask_iban('SA0380000000608010167519'), 'SA** **** **** **** **** 7519')
        self.assertEqual((show_iban(False), mask_iban(''), mask_iban('SA031234')), ('', '', '********'))

    def test_random_accounts_against_the_definition(self):
        random.seed(11)
        for __ in range(300):
            good = iban_of('SA', ''.join(random.choices('0123456789', k=20)))
            self.assertEqual(clean_iban(show_iban(good).lower()), good)
            place = random.randrange(4, 24)
            wrong = good[:place] + str((int(good[place]) + random.randint(1, 9)) % 10) + good[place + 1:]
            self.refused('iban_check_digits', clean_iban, wrong)


@tagged('post_install', '-at_install', 'amlaj')
class TestShortAddress(Refusals, BaseCase):

    def test_spellings(self):
        for typed in ('RNBB2312', 'rnbb2312', ' RNBB 2312 ', 'RNBB-2312', 'RNBB٢٣١٢', '\u200fRNBB2312'):
            self.assertEqual(clean_short_address(typed), 'RNBB2312')

    def test_refused(self):
        for typed in ('RNB2312', 'RNBB231', 'RNBB23122', '2312RNBB', 'رنبب2312', 'RNBB231²', 'RNBB2312\nX'):
            self.refused('short_address_invalid', clean_short_address, typed)
        self.refused('short_address_missing', clean_short_address, None)
