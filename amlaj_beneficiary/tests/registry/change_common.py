import io

from PIL import Image

from .. import common

IBAN = 'SA0380000000608010167519'
SECOND_IBAN = 'SA4420000001234567891234'
# what a client may send in place of a text, an id or a list
WORDS = (None, False, True, [], {}, -1, 2 ** 63, [[1, 2]], {'a': 1}, '   ', '\u200f')


def photo(size=(60, 40)):
    """A small photo with a place in its EXIF data."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "canary"
    Image.new('RGB', size, 'white').save(out, 'JPEG', exif=exif)
    return out.getvalue()


class ChangeBuilders(common.AmlajBuilders):
    """A file with a holder who may apply, one who only follows, one whose mandate has ended, and a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file(
            first_name="Salem", father_name="Ali", family_name="Alharbi", phone='+966501234567', email='salem@example.com',
            iban=IBAN, hours_to_call="After noon")
        cls.son = cls.env['amlaj.household.member'].create({
            'beneficiary_id': cls.file.id, 'name': "Saad Salem", 'relationship': 'child', 'birth_date': '2015-05-05'})
        cls.holder = cls.make_portal_user('change_holder')
        cls.mandate = cls.make_mandate(cls.file, cls.holder)
        cls.follower = cls.make_portal_user('change_follower')
        cls.make_mandate(cls.file, cls.follower, capacity='delegate', may_apply=False, may_receive=False)
        cls.former = cls.make_portal_user('change_former')
        cls.make_mandate(cls.file, cls.former, capacity='guardian', proof_number='77', valid_until='2020-01-01')
        cls.other = cls.make_file("Maryam Saad Aljohani", phone='+966507654321')
        cls.stranger = cls.make_portal_user('change_stranger')
        cls.make_mandate(cls.other, cls.stranger)

    def ask(self, subject='phone', user=None, file=None, member=None, files=(), key=None, **typed):
        """What a holder asks for, in superuser mode; what is wrong fails the test."""
        change, errors = (file or self.file).with_user(user or self.holder)._ask_change(
            subject, typed or {'phone': '0559876543'}, member, key, files)
        self.assertFalse(errors)
        return change

    def staff(self, change, role='relations'):
        return change.with_env(self.env).with_user(self.user[role])


class ChangeCommon(ChangeBuilders, common.AmlajCommon):
    """Base of the tests of changes that are asked for."""


class ChangeHttpCommon(ChangeBuilders, common.AmlajHttpCommon):
    """Base of the tests of their pages."""
