from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.files import check_upload, clean_image
from ...tools.text import clean_line, name_key
from .beneficiary_state import DESK
from .change_subject import OF_ONE_MEMBER, WITH_PHOTO
from .guarded import Actors

MOST_OPEN = 30
MOST_PHOTOS = 3
MEGABYTE = 1024 * 1024
LONGEST_KEY = 64


class AmlajBeneficiary(models.Model):
    """Asking for a change in a file: by the holder of a mandate in his pages, or by an employee for whoever came, called
    or wrote (R21, R57, R70; design rule 5)."""
    _inherit = 'amlaj.beneficiary'

    change_request_ids = fields.One2many(
        'amlaj.change.request', 'beneficiary_id', string="Change requests", copy=False)
    open_change_count = fields.Integer(string="Changes waiting", compute='_compute_open_change_count')

    def _compute_open_change_count(self):
        Change = self.env['amlaj.change.request']
        counts = dict(Change._read_group(
            [('beneficiary_id', 'in', self.ids), ('state', '=', 'new')], ['beneficiary_id'], ['__count'],
        )) if Change.has_access('read') else {}
        for file in self:
            file.open_change_count = counts.get(file._origin, 0)

    def action_enter_change(self, subject, typed, medium, member_id=None, mandate_id=None):
        """Enter a change for a person who came, called or wrote; a colleague accepts it (R70).

        :param subject: a key of the list of subjects
        :param typed: ``{input: text}`` of that subject's inputs
        :param medium: ``visit``, ``phone`` or ``paper``
        :param member_id: the household member that a correction or a departure is about
        :param mandate_id: by whose mandate it is asked for; without one by the beneficiary himself
        :return: the id of the request
        :raise UserError: with everything that is wrong
        """
        self.ensure_one()
        self._do('enter_change')
        file_sudo = self.sudo()  # the step was checked just above
        Change = self.env['amlaj.change.request']
        if medium not in Change._fields['medium'].get_values(self.env):
            raise UserError(self.env._("Please say how this reached us."))
        mandate_sudo = file_sudo._mandate_asking(mandate_id)
        change_sudo, errors = file_sudo._ask(
            subject, typed, member_id, origin='staff', medium=medium, mandate_id=mandate_sudo.id)
        if errors:
            raise UserError('\n'.join(dict.fromkeys(errors.values())))
        return change_sudo.id

    def _mandate_asking(self, mandate_id):
        """The mandate of this file by which an employee says that somebody asked (superuser).

        :raise UserError: when it gives no right to ask now
        """
        mandate = self._picked('amlaj.mandate', mandate_id)
        if mandate_id and not (mandate in self.mandate_ids and mandate.is_valid and mandate.may_apply):
            raise UserError(self.env._("This person's mandate does not allow to ask for changes now."))
        return mandate

    def _ask_change(self, subject, typed, member_id=None, key=None, files=()):
        """Record what the holder of a mandate to apply asks to change in this file.

        :param subject: a key of the list of subjects
        :param typed: ``{input: text}`` as it came from the form
        :param member_id: the household member that a correction or a departure is about
        :param key: the form's submission key: the second arrival is the first one's request
        :param files: list of ``(name, content)``: photos that help the decision
        :return: ``(request in superuser mode, {input: sentence})``: the second says what is wrong
        :raise AccessError: without such a mandate; for another file's member or a subject that there is not
        :raise UserError: for a closed file, and while too many changes of it wait
        """
        mandate_sudo = self._mandate_to_apply()
        file_sudo = self.sudo()  # the mandate was checked; a portal user reads only a part of the file
        key = clean_line(key)[:LONGEST_KEY] if isinstance(key, str) else False
        return file_sudo._ask(
            subject, typed, member_id, files, origin='applicant', mandate_id=mandate_sudo.id, submission_key=key or False)

    def _mandate_to_apply(self):
        """The valid mandate by which the current user asks for something in this file, in superuser mode.

        :raise AccessError: when he holds none; the same words as for a file that there is not
        """
        Mandate_sudo = self.env['amlaj.mandate'].sudo()  # asked for any user, who may not read the mandates
        mandate_sudo = Mandate_sudo.search(Mandate_sudo._valid_domain() & Domain([
            ('beneficiary_id', 'in', self.ids), ('user_id', '=', self.env.uid), ('may_apply', '=', True),
            ('may_follow', '=', True)]), limit=1)
        if not mandate_sudo:
            raise AccessError(self._message_no_record())
        return mandate_sudo

    @api.model
    def _message_no_record(self):
        return self.env._("There is no such record, or it is not open to you.")

    def _ask(self, subject, typed, member_id, files=(), **vals):
        """Judge what was typed and record it (superuser; the right was checked). :return: ``(request, errors)``"""
        Change = self.env['amlaj.change.request']
        member = self._member_to_change(subject, member_id)
        if self.state == 'ended':
            raise UserError(self.env._("This file is closed. Please call us; we are glad to help."))
        values, errors = self._typed_change(subject, typed if isinstance(typed, dict) else {})
        photos, photo_error = self._judged_photos(subject, files)
        errors |= photo_error
        if errors := errors or self._unchanged(subject, values, member):
            # the same click arrived twice, and the first one counted at once
            known = vals.get('submission_key') and Change.search([
                ('asked_by_id', '=', self.env.uid), ('submission_key', '=', vals['submission_key']),
                ('beneficiary_id', '=', self.id), ('subject', '=', subject)])
            return (known, {}) if known and known.new_values == values else (Change, errors)
        if Change.search_count([('beneficiary_id', '=', self.id), ('state', '=', 'new')], limit=MOST_OPEN) == MOST_OPEN:
            raise UserError(self.env._("Many changes of this file wait already. Please call us; we are glad to help."))
        slot = [subject, str(member.id or ''), name_key(values['name']) if subject == 'member_add' else '']
        change = Change._record({
            'beneficiary_id': self.id, 'subject': subject, 'member_id': member.id, 'slot': ':'.join(filter(None, slot)),
            'old_values': self._change_values(subject, member) if subject != 'member_add' else {},
            'new_values': values, **vals}, photos)
        if change.state == 'new' and self._is_at_once(subject, values):
            change._count_at_once()
        return change, {}

    def _member_to_change(self, subject, member_id):
        """The member of this file that ``subject`` is about, or none (superuser).

        :raise AccessError: when there is no such subject for this file, or no such member in it
        """
        member = self.member_ids.filtered(lambda member: member.id == member_id)
        if subject not in self._change_subjects() or (subject in OF_ONE_MEMBER) != bool(member):
            raise AccessError(self._message_no_record())
        return member

    @api.model
    def _judged_photos(self, subject, files):
        """Return ``(values of attachments, {'photo': sentence})``: files judged by their content, photos made bare."""
        if not files:
            return [], {}
        try:
            if subject not in WITH_PHOTO or len(files) > MOST_PHOTOS:
                raise UserError(self.env._("At most %(number)s photos can be sent here.", number=MOST_PHOTOS))
            return [self._judged_photo(name, content) for name, content in files], {}
        except UserError as error:
            return [], {'photo': str(error.args[0])}

    @api.model
    def _judged_photo(self, name, content):
        limit = self.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
        safe_name, mimetype = self._cleaned(check_upload, name, content, limit)
        if mimetype.startswith('image/'):
            content = self._cleaned(clean_image, content)
        return {'name': safe_name, 'raw': content, 'mimetype': mimetype}

    def _rename_own_account(self):
        """The beneficiary's own mandate and contact carry his name (superuser; the change was accepted)."""
        self.mandate_ids.filtered(lambda mandate: mandate.capacity == 'self').person_name = self.name
        if self.partner_id:
            self.partner_id.name = self.name

    def _actors(self):
        return super()._actors() | {'enter_change': Actors(DESK)}
