import re
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.identity import clean_identity, guess_identity_kind
from ...tools.sheet import cell_text
from ...tools.text import name_key
from .beneficiary import NAME_PARTS
from .import_column import labels_by_key

GENDERS = {'ذكر': 'male', 'انثي': 'female', 'رجل': 'male', 'امراه': 'female', 'm': 'male', 'f': 'female'}
# what stands in a file as it is written in the table
PLAIN = (*NAME_PARTS, 'phone', 'phone2', 'phone2_owner', 'short_address', 'address_note', 'iban', 'iban_holder', 'email')
MOST_PLACES = 10_000
_BETWEEN = re.compile('[،,؛;/+|]')


class Judged(NamedTuple):
    """A row after a look at it.

    :param vals: what to make of it, or None where nothing is made
    :param verdict: ``good``, ``warned``, ``double`` or ``wrong``
    :param reason: for all but good ones, in the reader's language
    """
    vals: dict | None
    verdict: str = 'good'
    reason: str = ''


class AmlajImport(models.Model):
    """How a row of each sheet becomes a record: rows of files and of household members (R60)."""
    _inherit = 'amlaj.import'

    @api.model
    def _judge(self, kind, rows, seen):
        """Judge rows of a sheet.

        :param rows: list of ``{key of the column: text}``
        :param seen: a dict that is kept from batch to batch of one run
        :return: a list of ``Judged``, in their order
        """
        return getattr(self, f'_judge_{kind}')(rows, seen)

    @api.model
    def _model_of(self, kind):
        return {'files': 'amlaj.beneficiary', 'members': 'amlaj.household.member'}[kind]

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _judge_files(self, rows, seen):
        places = seen.setdefault('places', self._places())
        typed = []
        for row in rows:
            try:
                vals = self._file_vals(row, places)
                typed.append(Judged(self.env['amlaj.beneficiary']._clean_vals(vals)))
            except ValidationError as error:
                typed.append(Judged(None, 'wrong', error.args[0]))
        twins = self._twins([one.vals for one in typed if one.vals])
        return [self._judge_twin(one, twins, seen.setdefault('files', {})) if one.vals else one for one in typed]

    def _file_vals(self, row, places):
        """What a row says of a file.

        :raise ValidationError: with what is wrong
        """
        vals = {name: row[f'file_{name}'] for name in PLAIN if row.get(f'file_{name}')}
        if not any(name in vals for name in NAME_PARTS):
            if not row.get('file_name'):
                raise ValidationError(self.env._("The name is missing."))
            vals |= {
                name.removeprefix('default_'): part
                for name, part in self.env['amlaj.beneficiary'].find_defaults(row['file_name']).items()}
            if not any(name in vals for name in NAME_PARTS):
                raise ValidationError(self.env._("“%(text)s” is not a name.", text=row['file_name']))
        for name in ('kind', 'gender'):
            if text := row.get(f'file_{name}'):
                vals[name] = self._chosen(self.env['amlaj.beneficiary']._fields[name], text, GENDERS)
        vals |= self._identity_vals(row)
        if row.get('file_birth'):
            vals['birth_text'] = row['file_birth']
        if row.get('file_locality'):
            vals['locality_id'], vals['branch_id'] = self._named(places['locality'], row['file_locality'])
        if row.get('file_branch'):
            vals['branch_id'] = self._named(places['branch'], row['file_branch'])
        if row.get('file_categories'):
            vals['category_ids'] = [(6, 0, [
                self._named(places['category'], text) for text in _BETWEEN.split(row['file_categories']) if text.strip()])]
        return vals

    def _identity_vals(self, row):
        number = row.get('file_identity_number')
        kind = row.get('file_identity_kind') and self._chosen(
            self.env['amlaj.beneficiary']._fields['identity_kind'], row['file_identity_kind'])
        kind = kind or (guess_identity_kind(number) or 'national_id' if number else 'none')
        return {'identity_kind': kind, **({'identity_number': number} if number else {})}

    def _chosen(self, field, text, more=()):
        """The value of a selection that a cell names in any language."""
        known = labels_by_key(self.env, field) | dict(more or {})
        key = name_key(text)
        if key not in known:
            raise ValidationError(self.env._(
                "“%(text)s” is not one of: %(labels)s.", text=text,
                labels=self.env._(", ").join(label for _value, label in field._description_selection(self.env))))
        return known[key]

    def _named(self, known, text):
        """What a place or a category of that name is to us."""
        found = known.get(name_key(text))
        if not found:
            raise ValidationError(self.env._("“%(text)s” is not in our list. Please add it there, or mend the name.", text=text))
        return found

    @api.model
    def _places(self):
        """Places, sub-offices and open categories by the keys of their names in every language."""
        found = {'locality': {}, 'branch': {}, 'category': {}}
        for lang in dict(self.env['res.lang'].get_installed()):
            env = self.with_context(lang=lang).env
            for place in env['amlaj.locality'].search([], limit=MOST_PLACES):
                found['locality'][name_key(place.name)] = (place.id, place.branch_id.id)
            for branch in env['amlaj.branch'].search([], limit=MOST_PLACES):
                found['branch'][name_key(branch.name)] = branch.id
            for category in env['amlaj.beneficiary.category'].search([('is_sensitive', '=', False)]):
                found['category'][name_key(category.name)] = category.id
        return found

    # ------------------------------------------------------------
    # Who has a file already
    # ------------------------------------------------------------

    @api.model
    def _twins(self, vals_list):
        """The open files that could be those of ``vals_list``: ``{key: file}`` by number, by phone, and by name."""
        Beneficiary = self.env['amlaj.beneficiary'].with_context(prefetch_fields=False)
        keys = [self._keys_of(vals) for vals in vals_list]
        names = ['identity_number', 'identity_kind', 'phone', 'name_key', 'birth_date', 'locality_id', 'file_number']
        found = {}
        for field, rank in (('identity_number', 0), ('phone', 1), ('name_key', 2)):
            values = {key[rank] for key in keys if key[rank]}
            for file in Beneficiary.search_fetch([(field, 'in', list(values)), ('state', '!=', 'ended')], names):
                found.setdefault((field, file[field]), []).append(file)
        return found

    @api.model
    def _keys_of(self, vals):
        name = ' '.join(vals[part] for part in NAME_PARTS if vals.get(part))
        return vals.get('identity_number'), vals.get('phone'), name_key(name)

    def _judge_twin(self, judged, twins, seen):
        """Tell a row that exists already, and one that is like an existing file."""
        vals = judged.vals
        number, phone, name = self._keys_of(vals)
        if number:
            if twin := next(iter(twins.get(('identity_number', number), ())), None):
                return Judged(None, 'double', self.env._(
                    "The file %(number)s has this identity number.", number=twin.file_number))
            if number in seen:
                return Judged(None, 'double', self.env._("This identity number stands in this table already."))
        whole = (name, phone, vals.get('birth_date') or False)
        alike = twins.get(('name_key', name), [])
        for twin in alike if not number else ():
            if (phone and twin.phone == phone) or (whole[2] and twin.birth_date == whole[2]):
                return Judged(None, 'double', self.env._(
                    "The file %(number)s has this name, with the same phone or birth date.", number=twin.file_number))
        if not number and whole in seen:
            return Judged(None, 'double', self.env._("This person stands in this table already."))
        seen[number or whole] = True
        near = next((twin for twin in alike if self._is_near(twin, vals)), None) or next(
            iter(twins.get(('phone', phone), ())), None)
        if near:
            return Judged(vals, 'warned', self.env._(
                "Like the file %(number)s: the same phone, or the same name with the same year of birth or place.",
                number=near.file_number))
        return judged

    @api.model
    def _is_near(self, twin, vals):
        birth = vals.get('birth_date')
        same_year = birth and twin.birth_date and twin.birth_date.year == birth.year
        return bool(same_year or (vals.get('locality_id') and twin.locality_id.id == vals['locality_id']))

    # ------------------------------------------------------------
    # Household members
    # ------------------------------------------------------------

    def _judge_members(self, rows, seen):
        owners = self._owners([row.get('member_owner') for row in rows])
        Member = self.env['amlaj.household.member']
        known = {self._member_key(member.beneficiary_id.id, member.name, member.identity_number)
                 for member in Member.search([('beneficiary_id', 'in', [file.id for file in owners.values()])])}
        known |= seen.setdefault('members', set())
        judged = []
        for row in rows:
            try:
                vals, owner = self._member_vals(row, owners)
                vals = Member._clean_vals(vals)
            except ValidationError as error:
                judged.append(Judged(None, 'wrong', error.args[0]))
                continue
            key = self._member_key(owner, vals['name'], vals.get('identity_number'))
            if key in known:
                judged.append(Judged(None, 'double', self.env._("This member stands in the household already.")))
                continue
            known.add(key)
            seen['members'].add(key)
            judged.append(Judged(vals))
        return judged

    @api.model
    def _member_key(self, owner, name, number):
        return owner, number or name_key(name)

    def _owners(self, texts):
        """The open files by identity number and by file number, as they stand in the cells."""
        numbers = {text: self._number_of(text) for text in texts if text}
        files = self.env['amlaj.beneficiary'].search_fetch(
            ['|', ('identity_number', 'in', list(numbers.values())), ('file_number', 'in', list(numbers.values())),
             ('state', '!=', 'ended')], ['identity_number', 'file_number'])
        by_number = {file.file_number: file for file in files} | {
            file.identity_number: file for file in files if file.identity_number}
        return {text: by_number[number] for text, number in numbers.items() if number in by_number}

    @api.model
    def _number_of(self, text):
        try:
            return clean_identity(guess_identity_kind(text) or 'national_id', text)
        except ValueError:
            return text

    def _member_vals(self, row, owners):
        for name in ('owner', 'name', 'relationship'):
            if not row.get(f'member_{name}'):
                raise ValidationError(self.env._(
                    "%(column)s is missing.", column=self.env['amlaj.import.column']._targets('members')[f'member_{name}']))
        owner = owners.get(row['member_owner'])
        planned = self._number_of(row['member_owner'])
        if not owner and not self._is_planned(planned):
            raise ValidationError(self.env._("Nobody has a file with the number %(number)s.", number=row['member_owner']))
        fields_of = self.env['amlaj.household.member']._fields
        vals = {
            'beneficiary_id': owner.id if owner else False, 'name': row['member_name'],
            'relationship': self._chosen(fields_of['relationship'], row['member_relationship'], {
                name_key(word): value for word, value in self._relationship_words().items()})}
        if row.get('member_gender'):
            vals['gender'] = self._chosen(fields_of['gender'], row['member_gender'], GENDERS)
        if row.get('member_identity_number'):
            vals['identity_number'] = row['member_identity_number']
        if row.get('member_birth'):
            vals['birth_date'] = self.env['amlaj.beneficiary']._clean_vals({'birth_text': row['member_birth']})['birth_date']
        return vals, owner.id if owner else planned

    @api.model
    def _relationship_words(self):
        """What associations write for a relationship, beside our own words."""
        return {'زوج': 'spouse', 'زوجة': 'spouse', 'ابن': 'child', 'ابنة': 'child', 'بنت': 'child', 'أب': 'parent',
                'أم': 'parent', 'والد': 'parent', 'والدة': 'parent', 'أخ': 'sibling', 'أخت': 'sibling', 'حفيد': 'grandchild',
                'حفيدة': 'grandchild', 'جد': 'grandparent', 'جدة': 'grandparent'}

    def _is_planned(self, number):
        """Whether a trial would have made this file from the table's own rows."""
        return self.state == 'checking' and number in (self.env.context.get('amlaj_planned') or ())

    @api.model
    def _text_row(self, columns, values):
        """``{key: text}`` of a row, for the columns that hold something of ours."""
        return {key: cell_text(values[at]) for at, key in columns if at < len(values)}
