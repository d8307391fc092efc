from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

ROLES = [
    ('chair', "Chair"),
    ('deputy', "Deputy chair"),
    ('member', "Member"),
    ('secretary', "Secretary"),
]
# who prepares, opens, records and closes a session
LEADS = ('chair', 'deputy', 'secretary')


class AmlajCommittee(models.Model):
    """A research committee: its members with their roles and terms, its quorum, and the amount above which its chair
    confirms (R60, A6).

    Managers form committees. Every role that follows requests reads them; only current members act in them.
    """
    _name = 'amlaj.committee'
    _description = "Research committee"
    _inherit = ['amlaj.guarded']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    member_ids = fields.One2many('amlaj.committee.member', 'committee_id', string="Members")
    session_ids = fields.One2many('amlaj.committee.session', 'committee_id', string="Sessions", copy=False)
    confirmation_amount = fields.Monetary(
        string="Chair confirms above",
        help="A decision on a larger amount waits for the chair's confirmation before its reply. 0: only what is above "
             "the service's ceiling.")
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    quorum_rule = fields.Selection([
        ('majority', "More than half of the voting members"),
        ('two_thirds', "Two thirds of the voting members"),
        ('number', "A fixed number"),
    ], string="Quorum", required=True, default='majority')
    quorum_number = fields.Integer(string="Members for the quorum", default=3)

    _amount_positive = models.Constraint('CHECK(confirmation_amount >= 0)', "The amount is 0 (none) or more.")
    _quorum_positive = models.Constraint('CHECK(quorum_number > 0)', "A quorum is one member or more.")

    def _compute_currency_id(self):
        self.currency_id = self.env.ref('base.SAR')

    def _file(self):
        return self.env['amlaj.beneficiary']

    def _current_members(self):
        """The members whose term runs today, by role; who is in a committee is no secret among its own code."""
        return self.sudo().member_ids.filtered('is_current')

    def _quorum(self):
        """How many voting members must be present, and not recused, for a decision."""
        self.ensure_one()
        voting = len(self._current_members().filtered('is_voting'))
        return {
            'majority': voting // 2 + 1,
            'two_thirds': -(-voting * 2 // 3),
            'number': self.quorum_number,
        }[self.quorum_rule]


class AmlajCommitteeMember(models.Model):
    """A member of a committee: who, in which role, from when to when, and whether he votes (R60, A7).

    Managers keep them. The secretary keeps the record and votes only where that is marked. When a term ends, so do the
    rights that it gave; the votes stay.
    """
    _name = 'amlaj.committee.member'
    _description = "Member of a committee"
    _inherit = ['amlaj.guarded']
    _order = 'committee_id, sequence, id'
    _rec_name = 'user_id'

    committee_id = fields.Many2one('amlaj.committee', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one('res.users', string="Member", required=True, index=True, ondelete='restrict')
    role = fields.Selection(ROLES, required=True, default='member')
    date_from = fields.Date(string="Term from", required=True, default=lambda self: self._today())
    date_to = fields.Date(string="Term to")
    is_voting = fields.Boolean(
        string="Votes", compute='_compute_is_voting', store=True, readonly=False, precompute=True)
    is_current = fields.Boolean(string="In office", compute='_compute_is_current', search='_search_is_current')

    _term_order = models.Constraint(
        'CHECK(date_to IS NULL OR date_to >= date_from)', "A term ends on or after the day on which it begins.")

    @api.depends('role')
    def _compute_is_voting(self):
        for member in self:
            member.is_voting = member.role != 'secretary'

    @api.depends('date_from', 'date_to')
    def _compute_is_current(self):
        today = self._today()
        for member in self:
            member.is_current = bool(
                member.date_from and member.date_from <= today and (not member.date_to or member.date_to >= today))

    def _search_is_current(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        today = self._today()
        current = Domain('date_from', '<=', today) & (Domain('date_to', '=', False) | Domain('date_to', '>=', today))
        return current if True in value else ~current

    @api.constrains('committee_id', 'user_id', 'role', 'date_from', 'date_to')
    def _check_terms(self):
        for member in self:
            others = member.committee_id.member_ids.filtered(lambda other, m=member: other != m and other._overlaps(m))
            if member.user_id in others.user_id:
                raise ValidationError(self.env._(
                    "%(name)s is in this committee already at that time.", name=member.user_id.name))
            if member.role in ('chair', 'secretary') and member.role in others.mapped('role'):
                raise ValidationError(self.env._("A committee has one chair and one secretary at a time."))

    def _overlaps(self, other):
        return (not self.date_to or self.date_to >= other.date_from) and (
            not other.date_to or other.date_to >= self.date_from)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_voted(self):
        # votes name their member and stay; the database would refuse anyway, without saying what to do
        if self.env['amlaj.vote'].sudo().search_count([('member_id', 'in', self.ids)], limit=1):
            raise ValidationError(self.env._("This member has voted: please end the term instead."))

    def _file(self):
        return self.env['amlaj.beneficiary']
