from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.files import check_upload, clean_image
from ..registry.guarded import Actors, Blocker
from .request import EDITABLE_STATES

MEGABYTE = 1024 * 1024
DESK = frozenset({'relations', 'representative'})


class AmlajRequestDocument(models.Model):
    """One paper of a request: received on a day, matched with the original, judged as of that day (R53-R55, A22, A23).

    Papers that identify a person are seen and matched, no file is kept. Whoever keeps the request keeps its papers.
    """
    _name = 'amlaj.request.document'
    _description = "Paper of a request"
    _inherit = ['amlaj.guarded']
    _order = 'request_id, sequence, id'
    _rec_name = 'document_type_id'

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='cascade')
    beneficiary_id = fields.Many2one(related='request_id.beneficiary_id', store=True, index=True)
    document_type_id = fields.Many2one(
        'amlaj.document.type', string="Paper", required=True, index=True, ondelete='restrict')
    sequence = fields.Integer(default=10)
    is_required = fields.Boolean(string="Required", default=True)
    note = fields.Char()
    number = fields.Char(string="Number on the paper")
    issued_on = fields.Date(string="Issued on")
    expiry_date = fields.Date(string="Valid until")
    received_on = fields.Date(string="Received on", copy=False)
    received_note = fields.Char(string="Why the day was set back", copy=False)
    proof = fields.Selection([
        ('seen', "Original seen"),
        ('file', "File"),
        ('lookup', "Looked up"),
    ], required=True, default='seen')
    state = fields.Selection([
        ('missing', "Missing"),
        ('provided', "Provided"),
        ('matched', "Matched with the original"),
        ('mismatch', "Mismatch"),
    ], required=True, default='missing', copy=False, index=True)
    matched_by_id = fields.Many2one('res.users', string="Matched by", copy=False)
    matched_at = fields.Datetime(string="Matched on", copy=False)
    mismatch_reason = fields.Char(string="What does not agree", copy=False)
    reused_from_id = fields.Many2one('amlaj.request.document', string="Known from", copy=False, index='btree_not_null')
    attachment_ids = fields.Many2many(
        'ir.attachment', 'amlaj_request_document_attachment_rel', 'document_id', 'attachment_id', string="Files",
        copy=False, groups='base.group_user')
    fault = fields.Char(string="What is wrong with it", compute='_compute_fault')

    _type_once = models.UniqueIndex('(request_id, document_type_id)', "This paper is in the list already.")

    _guarded_fields = frozenset({
        'is_required', 'state', 'received_on', 'received_note', 'matched_by_id', 'matched_at', 'mismatch_reason',
        'reused_from_id'})
    _portal_fields = frozenset({
        'request_id', 'document_type_id', 'is_required', 'note', 'issued_on', 'expiry_date', 'received_on', 'state',
        'proof', 'fault', 'sequence'})
    # what was compared with the original: a change asks for a new comparison
    _matched_fields = frozenset({'document_type_id', 'number', 'issued_on', 'expiry_date', 'attachment_ids'})

    @api.depends('state', 'received_on', 'issued_on', 'expiry_date', 'document_type_id', 'mismatch_reason')
    @api.depends_context('lang')
    def _compute_fault(self):
        for document in self:
            blocker = document._blocker()
            document.fault = blocker.text if blocker else False

    def _blocker(self):
        """Why this paper does not count, or None. Judged on the day it was received, not today (R55)."""
        self.ensure_one()
        kind = self.document_type_id
        name = kind.name or ''
        day = self.received_on or self._today()
        if self.state == 'missing':
            return Blocker('paper_missing', self.env._("%(paper)s: missing", paper=name), 'applicant')
        if self.state == 'mismatch':
            return Blocker('paper_mismatch', self.env._(
                "%(paper)s: does not agree with the data (%(reason)s)", paper=name, reason=self.mismatch_reason or ''),
                'applicant')
        if kind.has_expiry and self.expiry_date and self.expiry_date < day:
            return Blocker('paper_expired', self.env._(
                "%(paper)s: expired on %(day)s; please bring the renewed one. Your request keeps its place.",
                paper=name, day=self.expiry_date.strftime('%d/%m/%Y')), 'applicant')
        if kind.max_age_days and self.issued_on and self.issued_on < day - timedelta(days=kind.max_age_days):
            return Blocker('paper_old', self.env._(
                "%(paper)s: issued on %(day)s; please bring one that is not older than %(count)s days.",
                paper=name, day=self.issued_on.strftime('%d/%m/%Y'), count=kind.max_age_days), 'applicant')
        if self.state == 'provided':
            return Blocker('paper_unmatched', self.env._("%(paper)s: not yet matched with the original", paper=name))
        return None

    def _is_known_valid(self):
        """Whether a matched paper of an earlier request serves today; an expiry that nobody noted is not known."""
        self.ensure_one()
        kind = self.document_type_id
        if kind.has_expiry and not self.expiry_date:
            return False
        return not kind._is_outdated(self.issued_on or self.received_on, self.expiry_date, self._today())

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access('create')
        requests = self.env['amlaj.request'].browse(
            {vals['request_id'] for vals in vals_list if vals.get('request_id')})
        requests._lock()
        kinds = self.env['amlaj.document.type'].browse([vals.get('document_type_id') for vals in vals_list])
        documents = super().create([
            {'proof': kind.proof or 'seen', **vals} for kind, vals in zip(kinds, vals_list, strict=True)])
        documents._check_changeable()
        documents._check_files()
        return documents

    def write(self, vals):
        self.check_access('write')
        if not self.env.su and 'request_id' in vals and any(
                document.request_id.id != vals['request_id'] for document in self):
            raise UserError(self.env._("A paper stays with its request."))
        if vals:
            self.request_id._lock()
            self._check_changeable()
        files_sudo = self.sudo().attachment_ids
        if not self.env.su and self._matched_fields & vals.keys():
            # the comparison was with what stood here before
            self.filtered(lambda d: d.state == 'matched').sudo().write({
                'state': 'provided', 'matched_by_id': False, 'matched_at': False, 'reused_from_id': False})
        result = super().write(vals)
        if {'attachment_ids', 'document_type_id'} & vals.keys():
            self._check_files(files_sudo)
        return result

    def _check_changeable(self):
        """:raise UserError: when the committee has the request already: what it saw stays as it was."""
        if not self.env.su and any(document.request_id.state not in EDITABLE_STATES for document in self):
            raise UserError(self.env._("The papers of this request can no longer be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_required(self):
        self._check_changeable()
        if not self.env.su and any(
                document.state != 'missing' or document.document_type_id in document._service_papers()
                for document in self):
            raise UserError(self.env._("A paper that was received, or that the service requires, stays in the list."))

    def _service_papers(self):
        """The papers that the service asks of everyone or of some."""
        return self.sudo().request_id.service_id.requirement_ids.document_type_id  # a setting of the catalogue

    def _check_files(self, known=()):
        """Only pictures and PDFs of a bearable size, named safely, never a copy of a paper that identifies a person.

        :param known: files that were judged when they came; of these, what is no longer in the list is deleted
        :raise ValidationError: saying what is wrong and what to do.
        """
        if known:
            (known - self.sudo().attachment_ids).unlink()  # a file taken out of the list is kept nowhere else
        limit = self.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
        for document in self:
            files_sudo = document.sudo().attachment_ids  # just written by this user; bound to the paper below
            if files_sudo and document.document_type_id.identifies_person:
                raise ValidationError(self.env._(
                    "%(paper)s: the original is seen and matched; no copy is kept.",
                    paper=document.document_type_id.name))
            for file_sudo in files_sudo.filtered(lambda file: file not in known):
                # the web client names the record already when it sends the file
                bound_to = file_sudo.res_id and (file_sudo.res_model, file_sudo.res_id)
                is_free = not bound_to or bound_to == (document._name, document.id)
                if not is_free or (file_sudo.create_uid != self.env.user and not self.env.su):
                    raise ValidationError(self.env._("This file belongs to something else. Please send it again."))
                document._take_file(file_sudo, limit)

    def _take_file(self, file_sudo, limit):
        """Judge a file by its content, clean it, and keep it for this paper alone (superuser)."""
        data = file_sudo.raw or b''
        name, mimetype = self._cleaned(check_upload, file_sudo.name, data, limit)
        if mimetype != 'application/pdf':
            data = self._cleaned(clean_image, data)
        file_sudo.write({
            'name': name, 'raw': data, 'mimetype': mimetype, 'res_model': self._name, 'res_id': self.id,
            'res_field': False, 'type': 'binary', 'url': False, 'public': False, 'access_token': False})

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_receive(self, received_on=None, reason=None):
        """Record that the paper was received.

        :param received_on: the day (default: today); an earlier one with a reason, never a later one
        :param reason: why the day is set back
        """
        day, reason = self._given_day(received_on) or self._today(), self._given(reason)
        if day > self._today():
            raise UserError(self.env._("A paper cannot be received after today."))
        if day < self._today() and not reason:
            raise UserError(self.env._("Please say why the paper counts as received on an earlier day."))
        return self._do('receive', {
            'state': 'provided', 'received_on': day, 'received_note': reason or False,
            'matched_by_id': False, 'matched_at': False, 'mismatch_reason': False, 'reused_from_id': False})

    def action_match(self):
        """State that the paper agrees with the original and with the data (R54)."""
        return self._do('match', {'state': 'matched', 'mismatch_reason': False, **self._stamp('matched')})

    def action_receive_and_match(self):
        """Received and matched today, in one tap; what is matched already stays as it is."""
        self._check_actor('match')  # before anything is told of these papers
        self.filtered(lambda document: document.state in ('missing', 'mismatch')).action_receive()
        return self.filtered(lambda document: document.state != 'matched').action_match()

    def action_mismatch(self, reason):
        """State that the paper does not agree, and in what."""
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please say what does not agree."))
        return self._do('mismatch', {
            'state': 'mismatch', 'mismatch_reason': reason, 'matched_by_id': False, 'matched_at': False})

    def _lock(self):
        self.sudo().request_id._lock()  # always the request first, whoever reads it
        return super()._lock()

    def _file(self):
        return self.request_id.beneficiary_id

    def _actors(self):
        staff = Actors(DESK | {'researcher'})
        return super()._actors() | {'receive': staff, 'match': staff, 'mismatch': staff}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for document in self.sudo():  # the actor is checked apart
            mine = blockers[document.id]
            if document.request_id.state not in EDITABLE_STATES:
                mine.append(Blocker('state', self.env._("The papers of this request can no longer be changed.")))
            if action == 'match' and document.state not in ('provided', 'mismatch'):
                mine.append(Blocker('not_received', self.env._(
                    "%(paper)s: receive the paper first.", paper=document.document_type_id.name)))
        return blockers
