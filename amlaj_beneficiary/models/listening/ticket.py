from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..committee.decision import READERS

OPEN_STATES = ('new', 'open')
# nobody waits longer, whatever was typed into the settings
MOST_DAYS = 250
# who sees whose file it is: the quality officer reads what was said, not by whom
FILE_READERS = ','.join([*(f'amlaj_beneficiary.group_{role}' for role in (
    'representative', 'relations', 'privacy_officer', 'auditor', 'manager')), 'base.group_portal'])


class AmlajTicket(models.Model):
    """What a person says to the association and waits for an answer to: an enquiry, a suggestion, a complaint, or an
    objection to a decision (R14, R20; A20). In Arabic never «تذكرة».

    An objection is made by ``amlaj.request.action_object`` alone, by the applicant or for him at the desk; relations
    employees receive it and a manager who took no part in the decision upholds or dismisses it. Relations employees,
    managers, the quality officer and the auditor read all, representatives those of their sub-offices, a portal user those
    of the files that he follows; members of a committee meet an objection in the dossier of their agenda. Nobody
    writes: the steps do.
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
    submission_key = fields.Char(copy=False)
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
    ], copy=False)
    answer = fields.Text(copy=False)
    answered_by_id = fields.Many2one('res.users', string="Answered by", copy=False)
    answered_at = fields.Datetime(string="Answered on", copy=False)
    closed_by_id = fields.Many2one('res.users', string="Closed by", copy=False)
    closed_at = fields.Datetime(string="Closed on", copy=False)

    _number_unique = models.UniqueIndex('(name)', "This number is taken.")
    _submission_once = models.UniqueIndex(
        '(create_uid, submission_key) WHERE submission_key IS NOT NULL', "This was received already.")
    _one_objection = models.UniqueIndex(
        "(decision_id) WHERE kind = 'objection'", "This decision was objected to already.")
    _objection_whole = models.Constraint(
        "CHECK(kind != 'objection' OR (request_id IS NOT NULL AND decision_id IS NOT NULL AND beneficiary_id IS NOT NULL))",
        "An objection needs the decision that it is about.")
    _open_by_day = models.Index("(due_date) WHERE state IN ('new', 'open')")

    _guarded_fields = frozenset({
        'name', 'kind', 'channel_id', 'beneficiary_id', 'request_id', 'decision_id', 'text', 'submission_key', 'origin',
        'entered_by_id', 'received_on', 'due_date', 'state', 'user_id', 'outcome', 'answer', 'answered_by_id',
        'answered_at', 'closed_by_id', 'closed_at'})
    _portal_fields = frozenset({
        'name', 'kind', 'beneficiary_id', 'request_id', 'text', 'received_on', 'due_date', 'state', 'answer',
        'answered_at'})

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
    def _answer_due(self, day):
        """The day by which what was received on ``day`` is answered: so many working days after it."""
        days = self.env['amlaj.settings']._get('objection_answer_days')
        for __ in range(min(days, MOST_DAYS)):
            day = self.env['amlaj.request']._working_day(day + timedelta(days=1))
        return day

    def _file(self):
        return self.beneficiary_id
