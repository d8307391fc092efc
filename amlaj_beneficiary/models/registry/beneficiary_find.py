from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.text import latin_digits, name_key
from .guarded import GROUP

FIND_LIMIT = 20
SEARCHING_ROLES = ('relations', 'representative', 'researcher', 'manager', 'privacy_officer', 'auditor', 'delivery')
# a number shorter than this could belong to many people and would tell who has a file
FULL_NUMBER_LENGTH = 5


class AmlajBeneficiary(models.Model):
    """Search first: one box for a name in any spelling, a file number, an identity number or a phone (R18, R50)."""
    _inherit = 'amlaj.beneficiary'

    @api.model
    def find(self, text, limit=FIND_LIMIT):
        """Find files by fragments of the name, or by a number.

        :return: a list of dicts: for a file that the user may read ``id``, ``name``, ``file_number``, ``phone``,
            ``branch``, ``locality``, ``state``; for a file of another sub-office, and only when its number was given
            whole, nothing but ``{'elsewhere': True, 'branch': ...}``.
        :raise AccessError: for users without a role that meets beneficiaries.
        """
        if not any(self.env.user.has_group(GROUP % role) for role in SEARCHING_ROLES):
            raise AccessError(self.env._("Your role does not search the files."))
        text = (text or '').strip()
        if not text:
            return []
        files = self.search_fetch(
            self._find_domain(text), ['name', 'name_key', 'file_number', 'phone', 'branch_id', 'locality_id', 'state'],
            limit=min(int(limit), 80), order='name_key, id')
        key = name_key(text)
        states = dict(self._fields['state']._description_selection(self.env))
        found = [{
            'id': file.id, 'name': file.name, 'file_number': file.file_number, 'phone': file.phone or '',
            'branch': file.branch_id.sudo().name or '', 'locality': file.locality_id.sudo().name or '',
            'state': states[file.state],
        } for file in files.sorted(lambda file: (
            file.file_number != key, not (file.name_key or '').startswith(key), file.name_key or ''))]
        return found + self._find_elsewhere(text, files)

    @api.model
    def _find_elsewhere(self, text, seen):
        """Say of a file that the user may not read that it exists, and where; a whole number is needed."""
        digits = ''.join(char for char in latin_digits(text) if char.isdigit())
        if len(digits) < FULL_NUMBER_LENGTH:
            return []
        phone = digits.removeprefix('00').removeprefix('966').removeprefix('0')
        # the existence alone is told, never who it is
        others_sudo = self.sudo().search_fetch(
            ['&', ('id', 'not in', seen.ids),
             '|', '|', ('identity_number', '=', digits), ('file_number', '=', digits), ('phone', '=', f'+966{phone}')],
            ['branch_id'], limit=3)
        return [
            {'elsewhere': True, 'branch': other_sudo.branch_id.name or self.env.company.name}
            for other_sudo in others_sudo if not other_sudo.with_env(self.env).has_access('read')]
