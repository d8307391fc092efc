from odoo import api, models

from ...tools.phone import show_phone
from .change_subject import CHOSEN, OF_ONE_MEMBER, REQUIRED, WITH_PHOTO

NUMBERS = {'phone': 'tel', 'phone2': 'tel', 'iban': 'text', 'short_address': 'text', 'email': 'email'}


class AmlajBeneficiary(models.Model):
    """The short form on which a person asks for a change: its inputs, and what the file says now (R21)."""
    _inherit = 'amlaj.beneficiary'

    @api.model
    def _change_form(self, file_id, subject, member_id):
        """The form for the current user, or False where it is not his to fill.

        :return: dict ``file_id``, ``number``, ``acts_for``, ``subject``, ``title``, ``told`` (sentences), ``member`` (False
            or his name), ``member_id``, ``inputs`` (see ``_change_input``), ``with_photo``, ``limit_mb``, ``waiting``
        """
        mine_sudo = self._files_followed().filtered(lambda mandate: mandate.beneficiary_id.id == file_id)
        file_sudo = mine_sudo.beneficiary_id
        if not file_sudo or file_sudo.state == 'ended' or not any(mine_sudo.mapped('may_apply')):
            return False
        member_sudo = file_sudo.member_ids.filtered(lambda member: member.id == member_id)
        if subject not in file_sudo._change_subjects() or (subject in OF_ONE_MEMBER) != bool(member_sudo):
            return False
        return {
            'file_id': file_sudo.id, 'number': file_sudo.file_number, 'subject': subject,
            'acts_for': not any(mandate.capacity == 'self' for mandate in mine_sudo) and file_sudo.name,
            'title': dict(self.env['amlaj.change.request']._fields['subject']._description_selection(self.env))[subject],
            'told': file_sudo._told_before_change(subject),
            'member': member_sudo.name or False, 'member_id': member_sudo.id,
            'inputs': [] if subject == 'member_left' else file_sudo._change_inputs(subject, member_sudo),
            'is_at_once': subject == 'reach', 'with_photo': subject in WITH_PHOTO,
            'limit_mb': self.env['amlaj.settings']._get('max_upload_mb'),
            'waiting': bool(self.env['amlaj.change.request'].sudo().search_count([  # his own file's
                ('beneficiary_id', '=', file_sudo.id), ('state', '=', 'new'), ('subject', '=', subject),
                ('member_id', '=', member_sudo.id)], limit=1)) and subject != 'member_add',
        }

    def _change_inputs(self, subject, member):
        """The inputs of a subject: ``{'name', 'kind', 'label', 'help', 'value', 'choices', 'is_needed'}``."""
        self.ensure_one()
        now = self._change_values(subject, member)
        model = 'amlaj.household.member' if subject.startswith('member_') else 'amlaj.beneficiary'
        return [{
            'name': name, 'label': self.env[model]._fields[name]._description_string(self.env),
            'kind': self._input_kind(name), 'help': self._input_help(name), 'value': self._input_value(name, now[name]),
            'choices': self._change_choices(subject, name) if self._input_kind(name) == 'choice' else [],
            'is_needed': self._is_needed(name)} for name in self._change_fields(subject)]

    @api.model
    def _input_kind(self, name):
        if name in CHOSEN or name.endswith('_id'):
            return 'choice'
        return 'tick' if name == 'is_contributing' else NUMBERS.get(name, 'line')

    @api.model
    def _input_value(self, name, value):
        """The present value as people type it; another account begins empty, as it is never shown in full."""
        if name in ('iban', 'iban_holder') or not value:
            return ''
        if name == 'birth_date':
            year, month, day = value.split('-')
            return f'{int(day)}/{int(month)}/{year}'
        return show_phone(value) if name in ('phone', 'phone2') else value

    @api.model
    def _input_help(self, name):
        return {
            'birth_date': self.env._("Hijri or Gregorian, the day first."),
            'short_address': self.env._("Four letters and four digits of the National Address, if you know it."),
            'iban_holder': self.env._("Only if the account is another person's."),
            'hours_to_call': self.env._("For example: after the afternoon prayer."),
        }.get(name, '')

    @api.model
    def _is_needed(self, name):
        return name in REQUIRED
