from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestInputCheck(common.AmlajCommon):
    """What the desk is told while it types (section 7 of the work: a clear message at the field, nothing lost)."""

    def check(self, field, value, role='relations', **values):
        return self.env['amlaj.beneficiary'].with_user(self.user[role]).check_input(field, value, values)

    def assertStored(self, field, typed, stored, **values):
        answer = self.check(field, typed, **values)
        self.assertEqual((answer['value'], answer['message']), (stored, ''))
        return answer

    def assertRefused(self, field, typed, word, **values):
        answer = self.check(field, typed, **values)
        self.assertIn(word, answer['message'])
        self.assertEqual(answer['value'], typed, "what was typed stays")

    def test_arabic_digits_and_spaces_are_brought_to_one_form(self):
        number = common.identity(77)
        arabic = number.translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩'))
        self.assertStored('identity_number', f' {arabic[:4]} {arabic[4:]}', number, identity_kind='national_id')
        self.assertEqual(self.assertStored('phone', '٠٥٠ ١٢٣ ٤٥٦٧', '+966501234567')['hint'], '050 123 4567')
        self.assertStored('short_address', 'rnbb ٢٣١٢', 'RNBB2312')
        self.assertStored('first_name', '  سعد   بن  ', 'سعد بن')

    def test_iban_is_shown_in_groups(self):
        answer = self.assertStored('iban', 'sa03 8000 0000 6080 1016 7519', 'SA0380000000608010167519')
        self.assertEqual(answer['hint'], 'SA03 8000 0000 6080 1016 7519')

    def test_each_mistake_has_its_own_sentence(self):
        number = common.identity(77)
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        self.assertRefused('identity_number', wrong, "mistyped", identity_kind='national_id')
        self.assertRefused('identity_number', '12345', "10 digits", identity_kind='national_id')
        self.assertRefused('phone', '5012', "too short")
        self.assertRefused('iban', 'SA0380000000608010167518', "not right")
        self.assertRefused('short_address', 'RN12', "short national address")
        # Safar 1410 had 29 days
        self.assertRefused('birth_text', '30/2/1410', "29")
        self.assertRefused('birth_text', '1/1/2090', "future")

    def test_the_first_digit_tells_the_kind(self):
        iqama = common.identity(5, 'iqama')
        answer = self.assertStored('identity_number', iqama, iqama, identity_kind='national_id')
        self.assertEqual(answer['set'], {'identity_kind': 'iqama'})
        self.assertFalse(self.check('identity_number', iqama, identity_kind='iqama')['set'])
        self.assertFalse(self.check('identity_number', 'A1234567', identity_kind='passport')['set'])

    def test_a_number_that_has_a_file_is_said_at_once(self):
        near = self.make_file("Near File")
        far = self.make_file("Far File", branch_id=self.branch2.id)
        self.assertRefused('identity_number', near.identity_number, near.file_number, identity_kind='national_id')
        self.assertStored('identity_number', near.identity_number, near.identity_number,
                          identity_kind='national_id', id=near.id)
        answer = self.check('identity_number', far.identity_number, 'representative', identity_kind='national_id')
        self.assertIn("South office", answer['message'])
        self.assertNotIn(far.file_number, answer['message'])
        self.assertNotIn("Far File", answer['message'])

    def test_only_who_opens_files_is_told(self):
        for role in ('committee', 'delivery', 'auditor', 'finance', 'quality', 'researcher'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.check('phone', '0501234567', role)

    def test_the_form_keeps_a_mistyped_date(self):
        with Form(self.env['amlaj.beneficiary'].with_user(self.user['relations'])) as form:
            form.first_name = "Salem"
            form.birth_text = '30/2/1410'
            self.assertEqual(form.birth_text, '30/2/1410')
            self.assertFalse(form.birth_shown)
            form.birth_text = '15/7/1410'
            self.assertIn('1990', form.birth_shown)
        self.assertEqual(str(form.record.birth_date), '1990-02-10')

    def test_a_search_that_found_nothing_fills_the_new_file(self):
        Beneficiary = self.env['amlaj.beneficiary'].with_user(self.user['relations'])
        self.assertEqual(Beneficiary.find_defaults('فاطمة'), {'default_first_name': 'فاطمة'})
        self.assertEqual(Beneficiary.find_defaults('سعد الحربي'), {
            'default_first_name': 'سعد', 'default_family_name': 'الحربي'})
        self.assertEqual(Beneficiary.find_defaults('عبد الله سعد محمد الحربي'), {
            'default_first_name': 'عبد الله', 'default_father_name': 'سعد',
            'default_grandfather_name': 'محمد', 'default_family_name': 'الحربي'})
        self.assertEqual(Beneficiary.find_defaults('سعد محمد علي صالح الحربي')['default_family_name'], 'صالح الحربي')
        self.assertEqual(Beneficiary.find_defaults('٠٥٠١٢٣٤٥٦٧'), {'default_phone': '+966501234567'})
        self.assertEqual(Beneficiary.find_defaults('1000000008'), {
            'default_identity_kind': 'national_id', 'default_identity_number': '1000000008'})
        self.assertEqual(Beneficiary.find_defaults('  '), {})
