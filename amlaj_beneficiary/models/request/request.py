import math
import uuid

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError

from ...tools.text import clean_line

MOST_ASKED = 10 ** 12
OPEN_STATES = ('draft', 'submitted', 'incomplete', 'research', 'committee', 'approved', 'delivery')
# until the file goes up to the committee the applicant may still correct what he asks for
EDITABLE_STATES = ('draft', 'submitted', 'incomplete', 'research')
STATES = [
    ('draft', "Draft"),
    ('submitted', "Submitted"),
    ('incomplete', "Waiting for missing items"),
    ('research', "Under study"),
    ('committee', "Raised to the committee"),
    ('approved', "Approved"),
    ('rejected', "Rejected"),
    ('delivery', "In delivery"),
    ('done', "Completed"),
    ('cancelled', "Cancelled"),
]


class AmlajRequest(models.Model):
    """A support request on its way from the applicant to the delivered service (R48-R64).

    ``state`` is what the beneficiary has been told: a decision moves it only when it is replied. Relations
    employees and the representatives of the request's sub-office record requests; researchers study them; committee
    members see those on an agenda of theirs; delivery officers those to be delivered; auditors read; managers give
    named exceptions. A portal user reads the listed fields of the requests of files for which he holds a mandate, and
    may write a draft where the mandate lets him apply. Nobody in a staff role works on a request of his own file.

    The steps are in ``request_flow``, ``request_delivery`` and, with the decision, in the committee's room.
    """
    _name = 'amlaj.request'
    _description = "Support request"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'amlaj.guarded']
    _order = 'id desc'
    _log_name = 'name'

    # what is asked, by whom
    name = fields.Char(string="Request number", readonly=True, copy=False, index=True)
    submission_key = fields.Char(copy=False, default=lambda self: uuid.uuid4().hex)
    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='restrict')
    service_id = fields.Many2one('amlaj.service', index=True, ondelete='restrict')
    service_kind = fields.Selection(related='service_id.kind')
    description = fields.Text(string="What is asked for, and why")
    amount_requested = fields.Monetary(string="Amount asked for")
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    priority = fields.Selection([('0', "Normal"), ('1', "Urgent")], default='0', required=True)
    priority_reason = fields.Char(string="Why it is urgent")
    channel_id = fields.Many2one('amlaj.channel', index='btree_not_null')
    origin = fields.Selection([
        ('applicant', "The applicant"),
        ('staff', "Staff on behalf of the applicant"),
        ('outreach', "Proactive service"),
    ], required=True, default='applicant')
    entered_by_id = fields.Many2one('res.users', string="Entered by", copy=False)

    # who works on it
    branch_id = fields.Many2one('amlaj.branch', string="Sub-office", index='btree_not_null')
    department_id = fields.Many2one('hr.department', index='btree_not_null')
    user_id = fields.Many2one('res.users', string="Owner", index='btree_not_null', copy=False)

    # where it is
    state = fields.Selection(STATES, required=True, default='draft', copy=False, index=True, group_expand=True)
    document_ids = fields.One2many('amlaj.request.document', 'request_id', string="Papers", copy=False)
    declaration_ids = fields.One2many('amlaj.declaration', 'request_id', string="Declarations", copy=False)
    transition_ids = fields.One2many('amlaj.request.transition', 'request_id', string="Way so far", copy=False)
    delivery_ids = fields.One2many('amlaj.delivery', 'request_id', string="Deliveries", copy=False)
    submitted_at = fields.Datetime(string="Submitted on", copy=False, help="The first time; it never moves.")
    verified_by_id = fields.Many2one('res.users', string="Verified by", copy=False)
    verified_at = fields.Datetime(string="Verified on", copy=False)
    informed_by_id = fields.Many2one('res.users', string="Informed by", copy=False)
    informed_at = fields.Datetime(string="Informed on", copy=False)
    informed_channel_id = fields.Many2one('amlaj.channel', string="Informed by channel", copy=False)
    raised_at = fields.Datetime(string="Raised on", copy=False)
    raise_exception_reason = fields.Char(string="Raised without a paper because", copy=False)
    reply_not_before = fields.Date(string="Reply not before", copy=False)
    reply_due = fields.Date(string="Reply due", copy=False)
    completion_reason = fields.Text(string="What was asked for", copy=False)
    cancel_reason = fields.Char(string="Reason for cancelling", copy=False)

    _number_unique = models.UniqueIndex('(name)', "This request number is taken.")
    _submission_once = models.UniqueIndex(
        '(create_uid, submission_key) WHERE submission_key IS NOT NULL', "This request was received already.")
    _open_by_stage = models.Index("(state, stage_due) WHERE state NOT IN ('done', 'rejected', 'cancelled')")

    _guarded_fields = frozenset({
        'name', 'state', 'entered_by_id', 'submitted_at', 'verified_by_id', 'verified_at', 'informed_by_id',
        'informed_at', 'informed_channel_id', 'raised_at', 'raise_exception_reason', 'reply_not_before', 'reply_due',
        'stage_due', 'completion_reason', 'cancel_reason', 'is_aside', 'aside_reason', 'reminders_sent',
        'delivery_exception_reason'})
    _portal_fields = frozenset({
        'name', 'beneficiary_id', 'service_id', 'service_kind', 'description', 'answers', 'amount_requested',
        'currency_id', 'priority', 'priority_reason', 'state', 'submitted_at', 'informed_at', 'reply_not_before',
        'reply_due', 'reply_shown_on', 'completion_reason', 'missing', 'document_ids', 'delivery_ids', 'submission_key',
        'channel_id', 'create_date'})
    _portal_write_fields = frozenset({
        'beneficiary_id', 'service_id', 'description', 'answers', 'amount_requested', 'priority', 'priority_reason',
        'submission_key', 'channel_id'})
    # what the applicant declares: a change voids his signature (``answers`` and household members too)
    _declared_fields = frozenset({
        'beneficiary_id', 'service_id', 'description', 'amount_requested', 'answers', 'answers_form'})

    def _compute_currency_id(self):
        self.currency_id = self.env.ref('base.SAR')

    @api.constrains('priority', 'priority_reason')
    def _check_priority_reason(self):
        for request in self:
            if request.priority == '1' and not (request.priority_reason or '').strip():
                raise ValidationError(self.env._("Please say why the request is urgent."))

    @api.constrains('amount_requested')
    def _check_amount(self):
        if any(not 0 <= request.amount_requested < MOST_ASKED for request in self):
            raise ValidationError(self.env._("Please check the amount asked for."))

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make requests; one with a ``submission_key`` that this user has used already is the record made then."""
        self.check_access('create')  # before the files are looked at: who may not apply shall not ask which exist
        vals_list = self._prepare_new(vals_list)
        known = self._find_twins([vals['submission_key'] for vals in vals_list])
        fresh = {}
        for vals in vals_list:
            if vals['submission_key'] not in known:
                fresh.setdefault(vals['submission_key'], vals)
        try:
            created = super(AmlajRequest, self.with_context(mail_create_nosubscribe=True)).create(list(fresh.values()))
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name == 'amlaj_request_submission_once':
                # the same click arrived twice at the same moment: the retry finds the first one's record
                raise ConcurrencyError("submission_key") from error
            raise
        created = created.with_env(self.env)
        for request in created:
            request.sudo().write(request._first_stamps())  # number and origin are the house's own
        created.sudo()._add_transitions({})
        created._sync_documents()
        known |= dict(zip(fresh, created, strict=True))
        return self.browse().concat(*(known[vals['submission_key']] for vals in vals_list))

    @api.model
    def _prepare_new(self, vals_list):
        """The values of new requests, each with its key and its sub-office, for files that this user may use."""
        default = self.default_get(['beneficiary_id']).get('beneficiary_id')
        vals_list = [{'beneficiary_id': default, **self._prepare_vals(vals)} for vals in vals_list]
        files = self._check_files([vals['beneficiary_id'] for vals in vals_list])
        offices = {file_sudo.id: file_sudo.branch_id.id for file_sudo in files.sudo()}  # where the request belongs
        for vals in vals_list:
            vals['submission_key'] = vals.get('submission_key') or uuid.uuid4().hex
            if not vals.get('branch_id') and self.env.user._is_internal():
                # the rules of his own sub-office are asked while the request is made
                vals['branch_id'] = offices.get(vals['beneficiary_id'])
        return vals_list

    @api.model
    def _find_twins(self, keys):
        twins_sudo = self.sudo().search([  # his own ones, by a field that not everyone reads
            ('create_uid', '=', self.env.uid), ('submission_key', 'in', keys)])
        return {twin.submission_key: twin.with_env(self.env) for twin in twins_sudo}

    def _first_stamps(self):
        """Number, sub-office, who entered it; an applicant's own request has no one who entered it."""
        self.ensure_one()
        request_sudo = self.sudo()  # the house's own stamps, whoever made the request
        by_applicant = bool(self.env['amlaj.mandate']._files_held(request_sudo.beneficiary_id, self.env.user))
        by_staff = self.env.user._is_internal() and not by_applicant
        return {
            'name': request_sudo.name or self.env['ir.sequence'].sudo().next_by_code(
                'amlaj.request', sequence_date=self._today()),
            'branch_id': (request_sudo.branch_id or request_sudo.beneficiary_id.branch_id).id,
            'entered_by_id': self.env.uid if by_staff else False,
            'user_id': request_sudo.user_id.id or (self.env.uid if by_staff else False),
            'origin': request_sudo.origin if by_staff else 'applicant',
        }

    def write(self, vals):
        self.check_access('write')  # before anything is told of these requests or of a file
        if len(self) > 1 and vals.keys() & {'answers', 'answers_form'}:
            return all([request.write(vals) for request in self])  # each service has its own questions
        vals = self._prepare_vals(vals)
        if 'beneficiary_id' in vals:
            self._check_files([vals['beneficiary_id']])
        if not self.env.su and self._declared_fields & vals.keys():
            self._check_still_editable()
        signed = self._signed_hashes() if self._declared_fields & vals.keys() else {}
        states = {request.id: request.state for request in self} if 'state' in vals else {}
        moved = self.filtered(lambda request: request.beneficiary_id.id != vals.get('beneficiary_id'))
        result = super().write(vals)
        if 'beneficiary_id' in vals:
            moved.sudo()._forget_papers()  # the house's own list
        if {'service_id', 'beneficiary_id'} & vals.keys():
            self._sync_documents()
        self._void_changed(signed)
        if states:
            self._add_transitions(states)
        return result

    def _check_still_editable(self):
        """:raise UserError: when a request is with the committee or beyond."""
        self._lock()
        if any(request.state not in EDITABLE_STATES for request in self):
            raise UserError(self.env._(
                "The request is with the committee or beyond: what was asked for stays as it is."))

    @api.model
    def _check_files(self, file_ids):
        """The files of these ids, for which this user may make a request.

        :raise AccessError: alike for a file that he may not read and for one that does not exist.
        :raise UserError: for a portal user whose mandate is only to follow.
        """
        files = self.env['amlaj.beneficiary'].browse(dict.fromkeys(filter(None, file_ids)))
        if self.env.su:
            return files
        if files.exists()._filtered_access('read') != files:
            raise AccessError(self.env._("There is no such file, or it is not yours to work on."))
        if not self.env.user._is_internal() and files - self.env['amlaj.mandate']._files_held(
                files, self.env.user, 'may_apply'):
            raise UserError(self.env._("Your mandate does not let you apply for this file."))
        return files

    @api.model
    def _prepare_vals(self, vals):
        vals = dict(vals)
        if vals.get('submission_key'):
            vals['submission_key'] = clean_line(str(vals['submission_key']))[:64]
        amount = vals.get('amount_requested')
        if isinstance(amount, float) and not math.isfinite(amount):
            raise ValidationError(self.env._("Please check the amount asked for."))
        if 'answers_form' in vals:
            self._check_field_access(self._fields['answers_form'], 'write')
            given = vals.pop('answers_form') or {}
            vals['answers'] = given.get('values', given) if isinstance(given, dict) else given
        if 'answers' in vals:
            vals['answers'] = self._clean_answers(vals)
        return vals

    @api.model
    def _add_missing_default_values(self, values):
        # a default of the user's own, or of his context, could be a list, and a list changes the service's questions
        return super()._add_missing_default_values({'answers': {}, **values})

    def _filtered_own(self, operation):
        # an employee who is a beneficiary himself applies like everybody else, by his mandate
        own = super()._filtered_own(operation)
        if operation not in ('create', 'write') or not own:
            return own
        entitled_sudo = self.env['amlaj.mandate']._files_held(own.sudo().beneficiary_id, self.env.user, 'may_apply')
        return own.filtered(lambda request: not (
            request.sudo().beneficiary_id <= entitled_sudo and request.sudo().state in ('draft', 'incomplete')))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        if not self.env.su or any(request.state != 'draft' for request in self):
            raise UserError(self.env._("A request has a number and stays; it can be cancelled."))

    def _message_locked(self):
        return self.env._("Someone else is working on this request at this moment. Please try again shortly.")
