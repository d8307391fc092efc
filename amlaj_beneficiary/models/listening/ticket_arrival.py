import secrets
from hmac import compare_digest

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

from ...tools.files import check_upload, clean_image
from ...tools.follow_code import SPACE, clean_follow_code, follow_code_of
from ...tools.pdf_clean import clean_pdf
from ...tools.phone import clean_phone
from ...tools.text import bare, clean_line
from ..registry.guarded import GROUP
from ..request.request_document import MEGABYTE
from .ticket import PLAIN_KINDS
from .ticket_steps import LONGEST

MOST_FILES = 5
MOST_FILES_IN_ALL = 15
LONGEST_LINE = 80
KEY_BYTES = 24
KEY_LENGTH = 32
KINDS = (*PLAIN_KINDS, 'complaint')
DESK = ('relations', 'representative', 'quality', 'manager')


class AmlajTicket(models.Model):
    """How a word arrives: from the person's own pages, from the website, by mail, or entered by staff (R14, R35-R44).

    What comes from outside is made by the house itself, so no column says who was logged in, and its times are cut to
    the day. Without a name it has no file, no account, no phone and no address either, also where its sender was
    logged in; his code alone opens it again. The controllers' methods here are no API: the caller has counted the tries.
    """
    _inherit = 'amlaj.ticket'

    attachment_ids = fields.Many2many('ir.attachment', string="Files", compute='_compute_attachment_ids')

    def _compute_attachment_ids(self):
        self.check_access('read')
        # whoever reads it reads what was sent with it
        files_sudo = self.env['ir.attachment'].sudo().search([('res_model', '=', self._name), ('res_id', 'in', self.ids)])
        for ticket in self:
            ticket.attachment_ids = files_sudo.filtered(lambda file, t=ticket: file.res_id == t.id).ids

    # ------------------------------------------------------------
    # The doors
    # ------------------------------------------------------------

    @api.model
    def _new_key(self):
        """The secret of a form: the second arrival with it is the same word, and the visitor's code follows from it."""
        return secrets.token_urlsafe(KEY_BYTES)

    @api.model
    def _send_by_visitor(self, typed, files=(), key=''):
        """Take what a visitor sends, with a name or without.

        :param typed: texts by name: ``kind``, ``about_kind``, ``about_text``, ``text``, ``name``, ``phone``,
            ``is_anonymous``
        :param files: list of ``(name, content)``
        :param key: of ``_new_key``
        :return: the ticket in superuser mode, and the code that opens it
        :raise UserError: saying what is wrong with it
        """
        vals = self._typed_vals(typed, key)
        if not vals['is_anonymous']:
            vals |= self._sender_vals(typed)
        ticket_sudo = self._arrive(vals, files, self._key_hash(key))
        return ticket_sudo, ticket_sudo._open_by_code(self._code_of_key(key))

    @api.model
    def _send_by_holder(self, typed, files=(), key='', file_id=None):
        """Take what a user sends from his own pages; without a name it is as if a visitor had sent it.

        :param file_id: the file that it concerns, one that he follows; None for the only one
        :return: the ticket in superuser mode, and its code where it has no name
        :raise UserError: saying what is wrong with it
        """
        vals = self._typed_vals(typed, key)
        if vals['is_anonymous']:
            return self._send_by_visitor(typed, files, key)
        files_sudo = self.env['amlaj.request']._holder_files()
        file_sudo = files_sudo if file_id is None and len(files_sudo) == 1 else files_sudo.filtered(
            lambda file: file.id == file_id)
        if not file_sudo and len(files_sudo) > 1:
            raise UserError(self.env._("Please choose for whom you write."))
        vals |= {'sender_id': self.env.uid, 'beneficiary_id': file_sudo.id}
        return self._arrive(vals, files, self._key_hash(key, self.env.uid)), ''

    @api.model
    def _enter_by_staff(self, vals):
        """Take what somebody says at the desk or on the phone, entered for him (rule 5).

        :param vals: values by name: ``kind``, ``text``, ``channel_id``, ``beneficiary_id``, ``request_id``, ``priority``,
            ``received_on``, ``about_kind``, ``about_user_id``, ``about_department_id``, ``sender_name``, ``sender_phone``
        :return: the ticket in superuser mode, and the code that is read to the person
        :raise AccessError: for who is not of the desk, or a file that he may not read
        :raise UserError: saying what is missing
        """
        if not any(self.env.user.has_group(GROUP % role) for role in DESK):
            raise AccessError(self.env._("This step belongs to another role, or it concerns a file of your own."))
        file_sudo, request_sudo = self._staff_file(vals)
        if vals.get('kind') not in KINDS:
            raise UserError(self.env._("Please choose what the person tells us."))
        today, day = self._today(), self._given_day(vals.get('received_on')) or self._today()
        if day > today:
            raise UserError(self.env._("Please check the day on which it was received."))
        about = {name: vals.get(name) or False for name in ('about_kind', 'about_user_id', 'about_department_id')}
        ticket_sudo = self.sudo().create({  # the role and the file were checked above
            'kind': vals['kind'], 'text': self._arrived_text(vals.get('text')), 'origin': 'staff',
            'entered_by_id': self.env.uid, 'beneficiary_id': file_sudo.id, 'request_id': request_sudo.id,
            'channel_id': self._picked('amlaj.channel', vals.get('channel_id')).id,
            'priority': '1' if vals.get('priority') == '1' else '0', 'received_on': day,
            'due_date': self._answer_due(day, vals['kind']), **(about if vals['kind'] == 'complaint' else {}),
            **({} if file_sudo else self._sender_vals({'name': vals.get('sender_name'), 'phone': vals.get('sender_phone')}))})
        return ticket_sudo, ticket_sudo._open_by_code()

    def _staff_file(self, vals):
        """File and request that staff named, in superuser mode after they were found to be his to read."""
        file, request = (self._picked(model, vals.get(name)) for model, name in (
            ('amlaj.beneficiary', 'beneficiary_id'), ('amlaj.request', 'request_id')))
        for record in filter(None, (file, request)):
            record.check_access('read')
        request_sudo = request.sudo()  # read by him just above
        file_sudo = file.sudo() or request_sudo.beneficiary_id  # as above
        if request_sudo and request_sudo.beneficiary_id != file_sudo:
            raise UserError(self.env._("This request belongs to another file."))
        if file_sudo and self.env['amlaj.mandate']._files_held(file_sudo, self.env.user):
            raise AccessError(self.env._("Nobody works on a file of his own. Please ask a colleague."))
        return file_sudo, request_sudo

    def _typed_vals(self, typed, key):
        """What was typed, judged (nothing is looked up)."""
        kind = typed.get('kind')
        if kind not in KINDS:
            raise UserError(self.env._("Please choose what you want to send us."))
        if len(key or '') != KEY_LENGTH:
            raise UserError(self.env._("Please send the form once more."))
        about = typed.get('about_kind') if kind == 'complaint' else ''
        if about and about not in dict(self._fields['about_kind'].selection):
            raise UserError(self.env._("Please choose about whom your complaint is."))
        return {
            'kind': kind, 'text': self._arrived_text(typed.get('text')), 'is_anonymous': bool(typed.get('is_anonymous')),
            'about_kind': about or False,
            'about_text': about and clean_line(typed.get('about_text'))[:LONGEST_LINE] or False,
            'channel_id': self.env['amlaj.channel'].sudo()._by_code('website').id,  # the policy's own list
        }

    def _arrived_text(self, text):
        text = self._given(text)
        if not text:
            raise UserError(self.env._("Please write what you want to tell us."))
        if len(text) > LONGEST:
            raise UserError(self.env._("This text is too long: %(most)s characters at most.", most=LONGEST))
        return text

    def _sender_vals(self, typed):
        """Name and number of a stranger, both of them his choice."""
        phone = clean_line(typed.get('phone'))[:LONGEST_LINE]
        return {
            'sender_name': clean_line(typed.get('name'))[:LONGEST_LINE] or False,
            'sender_phone': phone and self._cleaned(clean_phone, phone) or False}

    def _arrive(self, vals, files, key_hash, checked=None):
        """Make the ticket in the house's own name, once for each key (superuser afterwards).

        :param checked: files that were judged already, see ``_checked_files``
        """
        Ticket_sudo = self.with_user(SUPERUSER_ID).sudo()  # nothing that is written says who was logged in
        known = Ticket_sudo.search([('submission_key', '=', key_hash)], limit=1)
        if known:
            return known
        checked = self._checked_files(files, vals.get('is_anonymous')) if checked is None else checked
        today = self._today()
        try:
            ticket = Ticket_sudo.create({
                'submission_key': key_hash, 'received_on': today, 'due_date': self._answer_due(today, vals['kind']), **vals})
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name == 'amlaj_ticket_submission_once':
                # the same click arrived twice at the same moment: the retry finds the first one's ticket
                raise ConcurrencyError("submission_key") from error
            raise
        ticket._keep_files(checked)
        ticket._blur_times()
        return ticket

    def _blur_times(self):
        """Cut the times of these rows and their files to the day: beside others they would tell who was there then."""
        self.env.flush_all()
        for table, column, ids in (
                ('amlaj_ticket', 'id', self.ids), ('ir_attachment', 'res_id', self.ids)):
            model = SQL("AND res_model = 'amlaj.ticket'") if column == 'res_id' else SQL()
            self.env.cr.execute(SQL(
                """UPDATE %s SET create_date = date_trunc('day', create_date), write_date = date_trunc('day', write_date)
                   WHERE %s = ANY(%s) %s""", SQL.identifier(table), SQL.identifier(column), ids, model))
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # Files
    # ------------------------------------------------------------

    def _checked_files(self, files, is_anonymous=False):
        """Judge files by their content and take out of them where, when and by whom they were made.

        :return: list of ``(name, content)``; without a name the sender's own file names are dropped too
        """
        if len(files) > MOST_FILES:
            raise UserError(self.env._("At most %(count)s files at once, please.", count=MOST_FILES))
        limit = self.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
        checked = []
        for rank, (name, content) in enumerate(files, 1):
            safe, mimetype = self._cleaned(check_upload, name, content, limit)
            is_pdf = mimetype == 'application/pdf'
            content = self._cleaned(clean_pdf if is_pdf else clean_image, content)
            checked.append((f"{rank}.{safe.rpartition('.')[2]}" if is_anonymous else safe, content))
        return checked

    def _keep_files(self, checked):
        """Keep judged files with this ticket (superuser)."""
        Attachment = self.env['ir.attachment'].with_context(image_no_postprocess=True)
        held = Attachment.search_count([('res_model', '=', self._name), ('res_id', '=', self.id)]) if checked else 0
        if held + len(checked) > MOST_FILES_IN_ALL:
            raise UserError(self.env._("There are enough files with this message already."))
        Attachment.create([
            {'name': name, 'raw': content, 'res_model': self._name, 'res_id': self.id} for name, content in checked])

    # ------------------------------------------------------------
    # The code
    # ------------------------------------------------------------

    def _key_hash(self, key, user_id=0):
        return self.env['amlaj.secret']._hmac('ticket-key', user_id, key)

    def _code_of_key(self, key):
        return follow_code_of(int(self.env['amlaj.secret']._hmac('ticket-code', key), 16))

    def _code_hash(self, number, code):
        return self.env['amlaj.secret']._hmac('ticket-follow', number, code)

    def _open_by_code(self, code=None):
        """Let ``code``, or a new one, open this ticket; only its hash is kept (superuser).

        :return: the code
        """
        self.ensure_one()
        code = code or follow_code_of(secrets.randbelow(SPACE))
        self.follow_up_hash = self._code_hash(self.name, code)
        if self.origin == 'applicant':
            self._blur_times()
        return code

    @api.model
    def _opened_by_code(self, number, code):
        """The ticket of this number that this code opens, in superuser mode; an empty record for all else."""
        number, code = bare(number)[:LONGEST_LINE], clean_follow_code(code)
        Ticket_sudo = self.with_user(SUPERUSER_ID).sudo()  # the code is the right
        ticket_sudo = Ticket_sudo.search([('name', '=', number), ('follow_up_hash', '!=', False)], limit=1)
        # a number of nobody costs the same
        is_right = compare_digest(ticket_sudo.follow_up_hash or '-', self._code_hash(number, code)) and bool(code)
        return ticket_sudo if is_right else Ticket_sudo.browse()
