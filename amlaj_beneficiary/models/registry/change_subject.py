from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import single_email_re

from ...tools.address import clean_short_address
from ...tools.hijri import parse_birth
from ...tools.iban import clean_iban
from ...tools.phone import clean_phone
from ...tools.text import clean_line, latin_digits
from .beneficiary import NAME_PARTS

SUBJECTS = [
    ('name', "Name"),
    ('phone', "Phone"),
    ('phone2', "Second phone"),
    ('reach', "How and when to reach you"),
    ('email', "E-mail"),
    ('address', "Address"),
    ('iban', "Bank account (IBAN)"),
    ('member_add', "A new household member"),
    ('member_change', "Correction of a household member"),
    ('member_left', "A household member who left"),
]
OF_MEMBERS = ('member_add', 'member_change', 'member_left')
OF_ONE_MEMBER = ('member_change', 'member_left')
# where a photo of a deed or certificate may help; it never has to be sent
WITH_PHOTO = ('name', 'iban', 'member_add')
MEMBER_FIELDS = ('name', 'relationship', 'birth_date', 'gender', 'is_contributing')
FIELDS = {
    'phone': ('phone',),
    'phone2': ('phone2', 'phone2_owner'),
    'reach': ('hours_to_call',),
    'email': ('email',),
    'address': ('locality_id', 'short_address'),
    'iban': ('iban', 'iban_holder'),
    **dict.fromkeys(OF_MEMBERS, MEMBER_FIELDS),
}
CHOSEN = frozenset({'locality_id', 'relationship', 'gender'})
REQUIRED = frozenset({'first_name', 'name', 'phone', 'iban', 'relationship'})
LONGEST_LINE = 100
LONGEST_TYPED = 500
LONGEST_ID = 9


class AmlajBeneficiary(models.Model):
    """What can be asked to change in a file: a fixed list of subjects and the fields of each (R21, R57).

    Whatever is typed is brought into the stored form here, by the functions that judge it again when it is accepted.
    No name of a field ever comes from a form.
    """
    _inherit = 'amlaj.beneficiary'

    def _change_subjects(self):
        """What can be asked to change in this file."""
        self.ensure_one()
        left_out = OF_MEMBERS if self.kind == 'organisation' else ()
        return [subject for subject, __ in SUBJECTS if subject not in left_out]

    def _change_fields(self, subject):
        """The fields that ``subject`` changes in this file; rooms with more to say of how to reach a person add theirs."""
        if subject == 'name':
            return ('name',) if self.kind == 'organisation' else NAME_PARTS
        return FIELDS[subject]

    def _is_at_once(self, subject, values):
        """Whether a change counts as soon as it is asked for: a wish of the person, or an e-mail that he takes back."""
        return subject == 'reach' or (subject == 'email' and not values['email'])

    def _told_before_change(self, subject):
        """What a person should know before he sends such a change: a list of sentences; later rooms add theirs."""
        return {
            'phone': [self.env._(
                "We write to your present number and to the new one once it is changed, so that nobody changes it "
                "without your knowledge.")],
            'iban': [self.env._("Two employees look at a new account before anything is paid to it.")],
            'email': [self.env._("You need no e-mail to be served. If you leave this empty, we remove it at once.")],
        }.get(subject, [])

    # ------------------------------------------------------------
    # Values
    # ------------------------------------------------------------

    def _change_values(self, subject, member=None):
        """What the file says now of ``subject``, as plain texts."""
        self.ensure_one()
        record = member if subject in OF_MEMBERS else self
        values = {name: self._plain(record[name] if record else False) for name in self._change_fields(subject)}
        return values | ({'name': self.name or ''} if subject == 'name' else {})

    @api.model
    def _plain(self, value):
        """A value of a field as a text; empty ones are all alike."""
        if isinstance(value, models.BaseModel):
            return str(value.id or '')
        if isinstance(value, bool):
            return '1' if value else ''
        return str(value) if value else ''

    def _change_vals(self, subject, values):
        """The texts of a request as ``write`` takes them."""
        if subject == 'name' and self.kind != 'organisation':
            values = {name: values[name] for name in NAME_PARTS}  # the whole name follows from them
        fields = self.env['amlaj.household.member' if subject in OF_MEMBERS else 'amlaj.beneficiary']._fields
        return {
            name: int(value) if value and fields[name].type == 'many2one' else value or False
            for name, value in values.items() if name in fields}

    # ------------------------------------------------------------
    # What was typed
    # ------------------------------------------------------------

    def _typed_change(self, subject, typed):
        """Return ``(values, errors)``: what was typed in the stored form, and ``{input: sentence}`` of what is wrong.

        :param typed: ``{input: text}`` as it came; what is no text, and every other name, is left aside
        """
        values, errors = {}, {}
        if subject == 'member_left':
            return dict.fromkeys(MEMBER_FIELDS, ''), {}
        for name in self._change_fields(subject):
            try:
                values[name] = self._typed_value(subject, name, typed.get(name))
            except ValidationError as error:
                errors[name] = str(error.args[0])
        if errors:
            return values, errors
        if subject == 'name':
            parts = [values[name] for name in self._change_fields(subject)]
            values['name'] = ' '.join(filter(None, parts))
        if subject == 'address' and not values['locality_id'] and not values['short_address']:
            errors['locality_id'] = self.env._("Please choose the village or district, or enter the short address.")
        if subject == 'phone2' and not values['phone2']:
            values['phone2_owner'] = ''
        return values, errors

    def _typed_value(self, subject, name, text):
        """The stored form of one input.

        :raise ValidationError: with what is wrong with it
        """
        text = text if isinstance(text, str) else ''
        if not clean_line(text):
            if name in REQUIRED:
                raise ValidationError(self._message_missing(name))
            return ''
        if len(text) > LONGEST_TYPED:
            raise ValidationError(self._message_long())
        if name in CHOSEN or name.endswith('_id'):
            return self._typed_choice(subject, name, text)
        if name == 'is_contributing':
            return '1'
        if name == 'birth_date':
            return self._typed_birth(text)
        if name == 'email':
            return self._typed_email(text)
        clean = {
            'phone': clean_phone, 'phone2': clean_phone, 'iban': clean_iban, 'short_address': clean_short_address,
        }.get(name)
        return self._cleaned(clean, text) if clean else self._typed_line(text)

    def _message_missing(self, name):
        return {
            'phone': self.env._("Please enter the phone number."),
            'iban': self.env._("Please enter the IBAN."),
        }.get(name) or self.env._("Please fill this in.")

    def _message_long(self):
        return self.env._("Please write at most %(number)s letters.", number=LONGEST_LINE)

    def _typed_birth(self, text):
        return str(self._cleaned(parse_birth, text, self._today())[0])

    def _typed_email(self, text):
        email = clean_line(text)
        if len(email) > LONGEST_LINE or not single_email_re.match(email):
            raise ValidationError(self.env._("This is not an e-mail address. You may leave it empty."))
        return email

    def _typed_choice(self, subject, name, text):
        key = latin_digits(text.strip())[:LONGEST_LINE]
        if key not in dict(self._change_choices(subject, name)):
            raise ValidationError(self.env._("Please choose one of the list."))
        return key

    def _typed_line(self, text):
        """One clean line."""
        line = clean_line(text)
        if len(line) > LONGEST_LINE:
            raise ValidationError(self._message_long())
        return line

    @api.model
    def _change_choices(self, subject, name):
        """``[(key, label)]`` of an input that is chosen from a list; keys are texts."""
        if name == 'locality_id':
            localities_sudo = self.env['amlaj.locality'].sudo().search_fetch([], ['name'])  # the list is no secret
            return [(str(locality.id), locality.name) for locality in localities_sudo]
        return self.env['amlaj.household.member']._fields[name]._description_selection(self.env)

    def _unchanged(self, subject, values, member):
        """What to say when the file says all of it already."""
        if subject in ('member_add', 'member_left') or self._change_values(subject, member) != values:
            return {}
        first = self._change_fields(subject)[0]
        return {first: self.env._("Your file says this already. There is nothing to change.")}
