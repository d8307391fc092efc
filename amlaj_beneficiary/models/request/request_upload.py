from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...tools.address import clean_short_address
from ...tools.files import check_upload
from ...tools.hijri import parse_date
from ...tools.identity import clean_identity, mask_identity
from ...tools.text import bare, clean_line
from .request import EDITABLE_STATES
from .request_document import MEGABYTE

MOST_FILES = 20
LONGEST_NUMBER = 40
IDENTITY_CARD, NATIONAL_ADDRESS = 'identity_card', 'national_address'


class AmlajRequestDocument(models.Model):
    """How an applicant sends a paper from home: photos or a PDF, or the number alone of a paper that is only seen
    (R18, R41, R53; PDPL 28).

    The caller has checked a mandate to apply or a code, and calls in superuser mode: these methods are no API. A file
    is judged here by its content like one of the desk; the same file sent twice is there once.
    """
    _inherit = 'amlaj.request.document'

    def _way_to_send(self):
        """``number`` (identifies a person, or is looked up: its number is enough), ``show`` (only seen), ``file``."""
        self.ensure_one()
        if self.document_type_id.identifies_person or self.proof == 'lookup':
            return 'number'
        return 'show' if self.proof == 'seen' else 'file'

    def _may_be_sent(self):
        """Whether the applicant may still send this paper: not what was matched, unless it does not count."""
        self.ensure_one()
        if self.request_id.state not in EDITABLE_STATES:
            return False
        blocker = self._blocker() if self.state == 'matched' else None
        return self.state != 'matched' or bool(blocker and blocker.whom == 'applicant')

    def _receive_upload(self, files=(), number=None, issued_on=None, expiry_date=None):
        """Take what the applicant sent for this paper; it is then provided, and waits to be matched.

        :param files: list of ``(name, content)``; what is there already with the same content is not kept twice
        :param number: the number on the paper, as typed
        :param issued_on: the day of issue as typed, in either calendar; None leaves what is there
        :param expiry_date: the day of expiry likewise
        :raise UserError: saying what is wrong with it; nothing is then changed
        """
        self.ensure_one()
        self._lock()
        self._check_sendable()
        way = self._way_to_send()
        if files and way != 'file':
            raise UserError(self.env._(
                "%(paper)s: the original is seen and matched; no copy is kept.", paper=self.document_type_id.name))
        vals = self._typed_vals(number, issued_on, expiry_date)
        if way == 'number' and not vals.get('number', self.number):
            raise UserError(self.env._("Please enter the number of the paper."))
        added = self._add_files(files)
        if way == 'file' and not (added or self.attachment_ids):
            raise UserError(self.env._("Please choose a photo or a PDF of the paper."))
        self.write({**vals, **self._received_vals()})
        return True

    def _remove_upload(self, file_id):
        """Take a file back that this user sent for this paper, before it was matched.

        :raise UserError: when it cannot be taken back any more
        """
        self.ensure_one()
        self._lock()
        self._check_sendable()
        file = self._own_files().filtered(lambda file: file.id == file_id)
        if file:
            self.attachment_ids = [Command.unlink(file.id)]
            if not self.attachment_ids:
                self.write({'state': 'missing', 'received_on': False})
        return True

    def _own_files(self):
        """The files of this paper that the current user sent himself."""
        return self.attachment_ids.filtered(lambda file: file.create_uid == self.env.user)

    def _check_sendable(self):
        if not self._may_be_sent():
            raise UserError(self.env._(
                "This paper was matched, or the request is with the committee already: nothing more is needed."))

    def _received_vals(self):
        return {
            'state': 'provided', 'received_on': self._today(), 'received_note': False, 'mismatch_reason': False,
            'matched_by_id': False, 'matched_at': False, 'reused_from_id': False}

    def _typed_vals(self, number, issued_on, expiry_date):
        """The values of what was typed beside the files."""
        vals, today = {}, self._today()
        if number is not None:
            # what stands there is not shown again, so an empty field leaves it; the file's own number is not asked again
            typed = bare(number)[:LONGEST_NUMBER]
            if typed and self._is_own_identity():
                typed = self._cleaned(clean_identity, self.beneficiary_id.identity_kind, typed)
            elif typed and self._is_national_address():
                typed = self._cleaned(clean_short_address, typed)
            vals['number'] = typed or self.number or self._own_number()
        for name, typed in (('issued_on', issued_on), ('expiry_date', expiry_date)):
            if typed is not None:
                vals[name] = self._cleaned(parse_date, typed, today)[0] if clean_line(typed) else False
        if vals.get('issued_on') and vals['issued_on'] > today:
            raise ValidationError(self.env._("The day of issue is in the future. Please check it."))
        return vals

    def _is_own_identity(self):
        """Whether this is the national or resident ID of the person whose file it is."""
        return self.document_type_id.code == IDENTITY_CARD and self.beneficiary_id.identity_kind in ('national_id', 'iqama')

    def _is_national_address(self):
        """Whether the short national address is what this paper proves."""
        return self.document_type_id.code == NATIONAL_ADDRESS

    def _own_number(self):
        """The number that the file has already, where this paper shows it; '' else."""
        if self._is_national_address():
            return self.beneficiary_id.short_address or ''
        return self._is_own_identity() and self.beneficiary_id.identity_number or ''

    def _shown_own_number(self):
        """The same as its owner reads it: of an identity number the last digits."""
        number = self._own_number()
        return number if self._is_national_address() else number and mask_identity(number)

    def _add_files(self, files):
        """Keep new files with this paper; return how many arrived, those known already included."""
        if len(files) + len(self.attachment_ids) > MOST_FILES:
            raise UserError(self.env._("A paper has at most %(count)s files.", count=MOST_FILES))
        limit = self.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
        for name, content in files:
            # judged before Odoo looks at it: a picture too large to be opened is never opened
            self._cleaned(check_upload, name, content, limit)
            known = self.attachment_ids
            self.with_context(image_no_postprocess=True).attachment_ids = [
                Command.create({'name': clean_line(name) or 'document', 'raw': content})]
            new = self.attachment_ids - known
            if new.checksum in known.mapped('checksum'):
                self.attachment_ids = [Command.unlink(new.id)]  # the same click, or the same line, arrived again
        return len(files)

    # ------------------------------------------------------------
    # What the page shows
    # ------------------------------------------------------------

    def _is_discreet(self, door):
        """Whether this paper is not named at this door: without an account its name would tell health or need."""
        return door == 'follow' and self.document_type_id.is_sensitive

    def _told_name(self, door):
        """What this paper is called: numbered, where several of a request are not named."""
        self.ensure_one()
        if not self._is_discreet(door):
            return self.document_type_id.name
        unnamed = self.request_id.document_ids.filtered('document_type_id.is_sensitive')
        if len(unnamed) == 1:
            return self.env._("A paper that our office has named to you")
        return self.env._("Paper %(rank)s of those that our office has named to you", rank=unnamed.ids.index(self.id) + 1)

    def _told_fault(self, door):
        """Why this paper does not count, for who brings it; without an account nothing that staff wrote, and no name."""
        blocker = self._blocker()
        if self.state == 'missing' or not blocker or blocker.whom != 'applicant':
            return ''
        if door != 'follow' or (blocker.code != 'paper_mismatch' and not self._is_discreet(door)):
            return blocker.text
        return self.env._("%(paper)s: please send it once more, or call us.", paper=self._told_name(door))

    def _told_line(self, door='portal'):
        """How this paper stands, in a list.

        :param door: ``portal``, or ``follow`` without an account
        """
        self.ensure_one()
        return {
            'name': self._told_name(door),
            'is_required': self.is_required,
            'state': self.state,
            'fault': self._told_fault(door),
        }

    def _told_paper(self, door='portal'):
        """This paper for the template ``paper_upload``; files are those that the reader sent himself."""
        self.ensure_one()
        kind, is_discreet = self.document_type_id, self._is_discreet(door)
        own = self._own_files()
        limit = self.env['amlaj.settings']._get('max_upload_mb')
        return {
            **self._told_line(door),
            'id': self.id,
            'help': '' if is_discreet else ' '.join(filter(None, (self.note, kind.help))),
            # welcome, but nothing waits for it
            'is_extra': not self.is_required and self.state == 'missing',
            'way': self._way_to_send(),
            'is_lookup': self.proof == 'lookup' and not kind.identifies_person,
            'may_send': self._may_be_sent(),
            'is_known': bool(self.reused_from_id),
            'has_number': bool(self.number or self._own_number()),
            # no digit of anybody's number without an account
            'known_number': not self.number and self._own_number() and (
                '••••' if door == 'follow' else self._shown_own_number()),
            'is_address': self._is_national_address(),
            'asks_issued': bool(kind.max_age_days),
            'asks_expiry': kind.has_expiry,
            'issued_on': self._typed_day(self.issued_on),
            'expiry_date': self._typed_day(self.expiry_date),
            'files': [
                {'id': file.id, 'name': self.env._("File %(rank)s", rank=rank) if is_discreet else file.name}
                for rank, file in enumerate(own, 1)],
            'other_files': len(self.attachment_ids - own),
            'limit_mb': limit,
            'hint': self.env._("Several photos make one paper. A file has at most %(limit)s MB.", limit=limit),
        }

    def _typed_day(self, day):
        """A day as people type it."""
        return f'{day.day}/{day.month}/{day.year}' if day else ''
