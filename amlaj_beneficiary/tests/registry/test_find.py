from odoo.exceptions import AccessError
from odoo.tests import tagged

from .. import common

# (written in the file, typed in the box), at least one pair for each class of spelling: fragments, hamza, ta marbuta,
# alef maqsura, عبد with and without space, بن, آل, titles, marks, tatweel, presentation forms, digits, Latin
PAIRS = (
    ("خالد بن سعد محمد الحربي", "خالد الحربي"),
    ("خالد بن سعد محمد الحربي", "الحربي خالد"),
    ("خالد سعد محمد الحربي", "خالد بن سعد"),
    ("أحمد إبراهيم آدم", "احمد ابراهيم ادم"),
    ("احمد ابراهيم", "أحمد إبراهيم"),
    ("فاطمة عبدالله", "فاطمه"),
    ("هدى موسى", "هدي موسي"),
    ("عبدالله صالح", "عبد الله صالح"),
    ("عبد الرحمن علي", "عبدالرحمن"),
    ("أبو بكر حسن", "ابوبكر"),
    ("سالم آل زهير", "سالم زهير"),
    ("مُحَمَّد سعيد", "محمد سعيد"),
    ("عبـــدالعزيز فهد", "عبدالعزيز"),
    ("ﷲ نور", "الله نور"),
    ("مسؤول بئر", "مسوول بير"),
    ("الشيخ ناصر سليمان", "ناصر سليمان"),
    ("ناصر سليمان", "الشيخ ناصر سليمان"),
    ("نورة سعادة", "سعادة نورة"),
    ("مدرسة ١٢ الابتدائية", "مدرسة 12"),
    ("Umluj Fishers", "umluj FISHERS"),
    ("عائشة رائد", "عايشه رايد"),
    ("رحمة\u200f الله", "رحمة الله"),
)


@tagged('post_install', '-at_install', 'amlaj')
class TestFind(common.AmlajCommon):
    """Search first: a name in any spelling, or a number; and no more than existence and place to a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relations = cls.env['amlaj.beneficiary'].with_user(cls.user['relations'])
        cls.representative = cls.relations.with_user(cls.user['representative'])

    def _ids(self, found):
        return [line['id'] for line in found if 'id' in line]

    def test_spellings(self):
        for written, typed in PAIRS:
            with self.subTest(written=written, typed=typed):
                file = self.make_file(written, registered=False)
                self.assertIn(file.id, self._ids(self.relations.find(typed, limit=80)))
                self.assertIn(file.id, [found[0] for found in self.relations.name_search(typed, limit=None)])

    def test_every_word_counts(self):
        file = self.make_file("خالد سعد الحربي", registered=False)
        self.assertNotIn(file.id, self._ids(self.relations.find("خالد الجهني")))
        self.assertEqual(self.relations.find("!!!"), [])
        self.assertEqual(self.relations.find("   "), [])
        self.assertEqual(self.relations.find("%"), [])
        self.assertEqual(self.relations.find("_"), [])

    def test_numbers(self):
        file = self.make_file("A person", registered=False, phone='0507654321', phone2='0559876543')
        other = self.make_file("Another person", registered=False, phone='0531112223')
        number = file.identity_number
        for typed in (
            file.file_number, number, number[2:8], number.translate(str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩')),
            '0507654321', '+966507654321', '00966507654321', '966507654321', '507654321', '050 765 4321', '٠٥٠٧٦٥٤٣٢١',
            '05076', '4321', '0559876543', 'person 0507654321',
        ):
            with self.subTest(typed=typed):
                found = self._ids(self.relations.find(typed))
                self.assertIn(file.id, found)
                self.assertNotIn(other.id, found)

    def test_an_exact_file_number_comes_first(self):
        first, second = self.make_file("A person", registered=False), self.make_file("B person", registered=False)
        first.phone = f'05012{second.file_number[-5:]}'
        self.assertEqual(self.relations.find(second.file_number)[0]['id'], second.id)

    def test_limits_are_kept(self):
        for number in range(3):
            self.make_file(f"Very Common {number}", registered=False)
        self.assertEqual(len(self.relations.find("very common", limit=2)), 2)
        self.assertEqual(len(self.relations.find("very common", limit=-5)), 1)

    def test_another_office_tells_existence_and_place_only(self):
        file = self.make_file(
            "Hidden Person", branch_id=self.branch2.id, phone='0507654321', registered=False)
        for typed in (file.file_number, file.identity_number, '0507654321', '+966 50 765 4321', '٠٥٠٧٦٥٤٣٢١'):
            with self.subTest(typed=typed):
                self.assertEqual(
                    self.representative.find(typed), [{'elsewhere': True, 'branch': "South office"}])
                self.assertEqual(self._ids(self.relations.find(typed)), [file.id])
        number = file.identity_number
        for typed in ("Hidden Person", "hidden", number[:-1], number[3:], '050765432', '7654321', file.file_number[:4],
                      f"hidden {file.file_number}", f"{file.file_number} {number}"):
            with self.subTest(typed=typed):
                self.assertEqual(self.representative.find(typed), [])

    def test_a_passport_elsewhere(self):
        self.make_file("A guest", identity_kind='passport', identity_number='A1234567', branch_id=self.branch2.id,
                       registered=False)
        self.assertEqual(self.representative.find('a1234567'), [{'elsewhere': True, 'branch': "South office"}])

    def test_own_files_are_never_elsewhere(self):
        file = self.make_file("Own Person", registered=False)
        self.assertEqual([line.get('elsewhere') for line in self.representative.find(file.identity_number)], [None])

    def test_only_roles_that_meet_people_search(self):
        outsider, portal = self.make_user('amlaj_outsider'), self.make_portal_user()
        for user in (outsider, portal, *(self.user[role] for role in (
                'committee', 'volunteer_coordinator', 'quality', 'finance'))):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.relations.with_user(user).find(common.identity(1))

    def test_it_costs_the_same_for_one_and_for_fifty(self):
        for number in range(50):
            self.make_file(f"Lonely Oasis {number:02}", registered=False)
        self.make_file("Single Oasis", registered=False)
        costs = []
        for typed in ("single", "lonely"):
            self.relations.find(typed, limit=80)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.relations.find(typed, limit=80)), 1 if typed == "single" else 50)
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0])
        self.assertLessEqual(costs[1], 8)
