from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.address import clean_short_address
from ...tools.hijri import parse_birth
from ...tools.iban import clean_iban, show_iban
from ...tools.identity import KINDS, clean_identity, guess_identity_kind
from ...tools.phone import clean_phone, show_phone
from ...tools.text import bare, clean_line
from .beneficiary import NAME_PARTS

# words that belong to the next one: عبد الله is one name
JOINED_WORDS = frozenset({'عبد', 'ابو', 'أبو', 'ابا', 'أبا', 'ابن', 'بن', 'بنت', 'آل', 'ال'})


class AmlajBeneficiary(models.Model):
    """What the desk is told while it types: the stored form of a value, or what is wrong with it, at the field itself.

    The same functions judge again when the file is saved; nothing here is a rule of its own.
    """
    _inherit = 'amlaj.beneficiary'

    @api.model
    def check_input(self, field, value, values=None):
        """Say what ``value`` becomes in ``field``, before anything is saved.

        :param field: a name among ``identity_number``, ``phone``, ``phone2``, ``iban``, ``short_address``,
            ``birth_text``, ``member_identity`` and the parts of a name; another field's value is only brought into
            one clean line.
        :param values: what else is known: ``id``, ``identity_kind``, ``identity_country_id``.
        :return: ``{'value': ..., 'message': ..., 'hint': ..., 'set': {...}}``; with a message the value is as it was
            typed; ``set`` holds what the value tells of other fields.
        :raise AccessError: for users who cannot open files.
        """
        if not self.has_access('create'):
            raise AccessError(self.env._("Your role does not open files."))
        typed = value or ''
        if not clean_line(typed):
            return {'value': False, 'message': '', 'hint': '', 'set': {}}
        values = dict(values) if isinstance(values, dict) else {}
        told = self._told_by(field, typed, values)
        try:
            cleaned, hint = self._checked_input(field, typed, values | told)
        except ValidationError as error:
            return {'value': typed, 'message': str(error.args[0]), 'hint': '', 'set': {}}
        return {'value': cleaned, 'message': '', 'hint': hint, 'set': told}

    @api.model
    def _told_by(self, field, typed, values):
        """The first digit tells a national ID from a resident ID: nobody has to choose the kind before typing."""
        kinds = ('national_id', 'iqama')
        if field != 'identity_number' or values.get('identity_kind', 'national_id') not in kinds:
            return {}
        kind = guess_identity_kind(typed)
        return {'identity_kind': kind} if kind in kinds and kind != values.get('identity_kind') else {}

    @api.model
    def _checked_input(self, field, typed, values):
        """Return ``(stored value, hint)``.

        :raise ValidationError: with what is wrong.
        """
        if field == 'identity_number':
            return self._checked_identity(typed, values), ''
        if field == 'member_identity':
            return self._cleaned(clean_identity, guess_identity_kind(typed) or 'national_id', typed), ''
        if field in ('phone', 'phone2'):
            phone = self._cleaned(clean_phone, typed)
            return phone, show_phone(phone)
        if field == 'iban':
            iban = self._cleaned(clean_iban, typed)
            return iban, show_iban(iban)
        if field == 'short_address':
            return self._cleaned(clean_short_address, typed), ''
        if field == 'birth_text':
            self._cleaned(parse_birth, typed, self._today())
            return clean_line(typed), ''  # the form shows the date in both calendars
        return clean_line(typed), ''

    @api.model
    def _checked_identity(self, typed, values):
        kind = values.get('identity_kind') or 'national_id'
        number = self._cleaned(clean_identity, kind if kind in KINDS else 'national_id', typed)
        if number:
            own_id = values.get('id')
            self._check_identities_free(
                [(number, kind, values.get('identity_country_id') or False)], [own_id] if own_id else [])
        return number

    @api.model
    def find_defaults(self, text):
        """What a new file starts with when the search for ``text`` found nothing: nobody types it twice.

        :return: ``default_…`` values for the form's context.
        """
        typed = clean_line(text or '')
        digits = bare(typed)
        if digits.lstrip('+').isdigit():
            return self._number_defaults(digits)
        if kind := guess_identity_kind(typed):
            return {'default_identity_kind': kind, 'default_identity_number': digits.upper()}
        words = []
        for word in typed.split():
            if words and words[-1].split()[-1] in JOINED_WORDS:
                words[-1] = f'{words[-1]} {word}'
            else:
                words.append(word)
        parts = {
            0: (), 1: NAME_PARTS[:1], 2: ('first_name', 'family_name'), 3: ('first_name', 'father_name', 'family_name'),
        }.get(len(words), NAME_PARTS)
        if len(words) > len(NAME_PARTS):
            words = [*words[:3], ' '.join(words[3:])]
        return {f'default_{part}': word for part, word in zip(parts, words, strict=True)}

    @api.model
    def _number_defaults(self, digits):
        try:
            return {'default_phone': self._cleaned(clean_phone, digits)}
        except ValidationError:
            kind = guess_identity_kind(digits)
        return {'default_identity_kind': kind, 'default_identity_number': digits} if kind else {}

    @api.onchange('birth_text')
    def _onchange_birth_text(self):
        # a mistyped date is said at the field and again at saving: it must not throw away what was typed
        try:
            return super()._onchange_birth_text()
        except ValidationError:
            self.birth_date = False
            return None
