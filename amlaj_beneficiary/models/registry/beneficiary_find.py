import contextlib

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.errors import BadInput
from ...tools.phone import clean_phone
from ...tools.text import bare, name_key
from .guarded import GROUP

FIND_LIMIT = 20
MOST_FOUND = 80
SEARCHING_ROLES = ('relations', 'representative', 'researcher', 'manager', 'privacy_officer', 'auditor', 'delivery')
# a number shorter than this could belong to many people and would tell who has a file
FULL_NUMBER_LENGTH = 5


class AmlajBeneficiary(models.Model):
    """Search first: one box for a name in any spelling, a file number, an identity number or a phone (R18, R50)."""
    _inherit = 'amlaj.beneficiary'

    @api.model
    def _searching_roles(self):
        """The roles that meet beneficiaries and so search the files."""
        return SEARCHING_ROLES

    @api.model
    def find(self, text, limit=FIND_LIMIT):
        """Find files by fragments of the name, or by a number.

        :return: a list of dicts: for a file that the user may read ``id``, ``name``, ``file_number``, ``phone``,
            ``branch``, ``locality``, ``state``; for a file of another sub-office, and only when its number was given
            whole, nothing but ``{'elsewhere': True, 'branch': ...}``.
        :raise AccessError: for users without a role that meets beneficiaries.
        """
        if not any(self.env.user.has_group(GROUP % role) for role in self._searching_roles()):
            raise AccessError(self.env._("Your role does not search the files."))
        text = text.strip() if isinstance(text, str) else ''
        if not text:
            return []
        files = self.search_fetch(
            self._find_domain(text), ['name', 'name_key', 'file_number', 'phone', 'branch_id', 'locality_id', 'state'],
            limit=min(max(int(limit), 1), MOST_FOUND), order='name_key, id')
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
        number = bare(text).upper().replace('-', '')
        if len(number) < FULL_NUMBER_LENGTH or not number.lstrip('+').isalnum() or not any(map(str.isdigit, number)):
            return []
        wanted = Domain('identity_number', '=', number) | Domain('file_number', '=', number)
        with contextlib.suppress(BadInput):
            wanted |= Domain('phone', '=', clean_phone(text))
        # the existence alone is told, never who it is
        others_sudo = self.sudo().search_fetch(wanted & Domain('id', 'not in', seen.ids), ['branch_id'], limit=3)
        unseen_sudo = others_sudo - others_sudo.with_env(self.env)._filtered_access('read').sudo()
        return [{'elsewhere': True, 'branch': other.branch_id.name or self.env.company.name} for other in unseen_sudo]
