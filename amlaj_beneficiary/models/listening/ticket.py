from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

from ..committee.decision import READERS

OPEN_STATES = ('new', 'open')
# what relations employees and representatives answer themselves
PLAIN_KINDS = ('enquiry', 'suggestion')
# nobody waits longer, whatever was typed into the settings
MOST_DAYS = 250
# who sees whose file it is: the quality officer reads what was said, not by whom
FILE_READERS = ','.join([*(f'amlaj_beneficiary.group_{role}' for role in (
    'representative', 'relations', 'privacy_officer', 'auditor', 'manager')), 'base.group_portal'])


class AmlajTicket(models.Model):
    """What a person says to the association and waits for an answer to: an enquiry, a suggestion, a complaint, or an
    objection (R14, R20; A20). In Arabic never «تذكرة».

    It arrives from his pages, from the website with or without a name, by mail, or entered by staff; see
    ``ticket_arrival.py``. Enquiries and suggestions are answered by relations employees, managers and the representative
    of the sub-office; complaints by the quality officer or a manager, see ``ticket_lane.py`` for who must not see them.
    An objection is received by relations employees and decided by a manager who took no part. The auditor reads what is
    no complaint; a portal user reads objections of the files that he follows, and all else on his pages; members of a
    committee meet an objection in the dossier of their agenda. Nobody writes: the steps do.
    """
    _name = 'amlaj.ticket'
    _description = "Word to the association"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _log_name = 'name'

    name = fields.Char(string="Number", readonly=True, copy=False)
    kind = fields.Selection([
        ('enquiry', "Enquiry"),
        ('suggestion', "Suggestion"),
        ('complaint', "Complaint"),
        ('objection', "Objection"),
    ], required=True, copy=False)
    channel_id = fields.Many2one('amlaj.channel', copy=False)
    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', index='btree_not_null', ondelete='restrict', copy=False, groups=FILE_READERS)
    request_id = fields.Many2one('amlaj.request', index='btree_not_null', ondelete='restrict', copy=False)
    decision_id = fields.Many2one(
        'amlaj.decision', string="Decision objected to", ondelete='restrict', copy=False, groups=READERS)
    text = fields.Text(string="In the person's words", required=True, copy=False)
    priority = fields.Selection([('0', "Normal"), ('1', "Urgent")], required=True, default='0', copy=False)
    branch_id = fields.Many2one(
        'amlaj.branch', string="Sub-office", compute='_compute_branch_id', store=True, index='btree_not_null')
    department_id = fields.Many2one(related='request_id.department_id', string="Unit of the request", store=True)
    submission_key = fields.Char(copy=False)
    # who wrote it, where the file does not say it
    is_anonymous = fields.Boolean(string="Without a name", copy=False)
    sender_id = fields.Many2one(
        'res.users', string="Account of the sender", index='btree_not_null', copy=False, groups=FILE_READERS)
    sender_name = fields.Char(string="Name of the sender", copy=False, groups=FILE_READERS)
    sender_phone = fields.Char(string="Phone of the sender", copy=False, groups=FILE_READERS)
    sender_email = fields.Char(string="E-mail of the sender", copy=False, groups=FILE_READERS)
    follow_up_hash = fields.Char(copy=False, groups=NO_ACCESS, help="Of the code that opens it without an account.")
    origin = fields.Selection([
        ('applicant', "The person himself"),
        ('staff', "Entered by staff"),
    ], string="Made by", required=True, default='applicant', copy=False)
    entered_by_id = fields.Many2one('res.users', string="Entered by", copy=False)
    received_on = fields.Date(string="Received on", required=True, default=lambda self: self._today(), copy=False)
    due_date = fields.Date(string="Answer due", copy=False, help="The association's limit, in its working days.")
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')

    state = fields.Selection([
        ('new', "Received"),
        ('open', "In hand"),
        ('answered', "Answered"),
        ('closed', "Closed"),
    ], required=True, default='new', index=True, copy=False)
    user_id = fields.Many2one('res.users', string="Handled by", index='btree_not_null', copy=False)
    outcome = fields.Selection([
        ('upheld', "Upheld"),
        ('dismissed', "Dismissed"),
        ('withdrawn', "Withdrawn with the request"),
        ('merged', "Answered with another"),
    ], copy=False)
    answer = fields.Text(copy=False)
    answered_by_id = fields.Many2one('res.users', string="Answered by", copy=False)
    answered_at = fields.Datetime(string="Answered on", copy=False)
    closed_by_id = fields.Many2one('res.users', string="Closed by", copy=False)
    closed_at = fields.Datetime(string="Closed on", copy=False)
    closing_note = fields.Char(string="Closing note", copy=False)
    # what the first answer says of the association
    answer_days = fields.Integer(string="Days to the first answer", copy=False, aggregator='avg')
    was_late = fields.Boolean(string="Answered late", copy=False)
    late_count = fields.Integer(string="Late answers", copy=False, help="1 where the first answer was late, to be summed.")

    _number_unique = models.UniqueIndex('(name)', "This number is taken.")
    _submission_once = models.UniqueIndex(
        '(create_uid, submission_key) WHERE submission_key IS NOT NULL', "This was received already.")
    _one_objection = models.UniqueIndex(
        "(decision_id) WHERE kind = 'objection'", "This decision was objected to already.")
    _open_by_day = models.Index("(due_date) WHERE state IN ('new', 'open')")

    _guarded_fields = frozenset({
        'name', 'kind', 'channel_id', 'beneficiary_id', 'request_id', 'decision_id', 'text', 'submission_key', 'origin',
        'entered_by_id', 'received_on', 'due_date', 'state', 'user_id', 'outcome', 'answer', 'answered_by_id',
        'answered_at', 'closed_by_id', 'closed_at', 'priority', 'branch_id', 'department_id', 'is_anonymous', 'sender_id',
        'sender_name', 'sender_phone', 'sender_email', 'follow_up_hash', 'closing_note', 'answer_days', 'was_late',
        'late_count'})
    _portal_fields = frozenset({
        'name', 'kind', 'beneficiary_id', 'request_id', 'text', 'received_on', 'due_date', 'state', 'answer',
        'answered_at'})

    @api.depends('beneficiary_id.branch_id', 'request_id.branch_id')
    def _compute_branch_id(self):
        for ticket in self:
            ticket.branch_id = ticket.request_id.branch_id or ticket.beneficiary_id.branch_id

    @api.depends('due_date', 'state')
    def _compute_is_late(self):
        today = self._today()
        for ticket in self:
            ticket.is_late = bool(ticket.due_date and ticket.due_date < today and ticket.state in OPEN_STATES)

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        late = Domain('due_date', '<', self._today()) & Domain('state', 'in', OPEN_STATES)
        return late if True in value else ~late

    @api.model_create_multi
    def create(self, vals_list):
        """Make tickets, each with the number of its year."""
        tickets = super().create(vals_list)
        for ticket_sudo in tickets.sudo():  # the number is the house's own
            ticket_sudo.name = ticket_sudo.name or ticket_sudo.env['ir.sequence'].next_by_code(
                'amlaj.ticket', sequence_date=self._today())
        return tickets

    @api.model
    def _answer_due(self, day, kind='objection'):
        """The day by which what was received on ``day`` is answered: so many working days after it, by its kind."""
        days = self.env['amlaj.settings']._get(f'{kind}_answer_days')
        for __ in range(min(days, MOST_DAYS)):
            day = self.env['amlaj.request']._working_day(day + timedelta(days=1))
        return day

    def _file(self):
        return self.beneficiary_id
