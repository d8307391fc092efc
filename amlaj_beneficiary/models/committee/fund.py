from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .decision import GRANTED

# a request that ended keeps no promise: what was delivered of it is spent, the rest is free again
ENDED_STATES = ('done', 'rejected', 'cancelled')


class AmlajFund(models.Model):
    """Money set aside for a purpose, and what of it is promised: shown when the committee decides (R60).

    No accounting: a fund knows what was allotted to it, what decisions promised and what was delivered. The committee
    cannot promise more than there is, not even by two decisions at the same moment. Managers and the financial
    supervisor keep the funds; the committee and the auditor read them.
    """
    _name = 'amlaj.fund'
    _description = "Fund"
    _inherit = ['amlaj.guarded']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    restriction = fields.Selection([
        ('general', "General"),
        ('zakat', "Zakat"),
        ('programme', "For a programme"),
        ('donor', "As a donor wished"),
    ], required=True, default='general', help="What the money may be used for.")
    note = fields.Text(string="Conditions of use")
    service_ids = fields.Many2many(
        'amlaj.service', 'amlaj_fund_service_rel', 'fund_id', 'service_id', string="For these services alone",
        help="Empty: for all services.")
    entry_ids = fields.One2many('amlaj.fund.entry', 'fund_id', string="Allotments", copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    allotted = fields.Monetary(compute='_compute_balance', compute_sudo=True)
    spent = fields.Monetary(string="Delivered", compute='_compute_balance', compute_sudo=True)
    promised = fields.Monetary(
        compute='_compute_balance', compute_sudo=True, help="Granted by decisions, and not delivered yet.")
    available = fields.Monetary(
        compute='_compute_balance', compute_sudo=True, help="Allotted, less what was delivered and what is promised.")
    held_at = fields.Datetime(copy=False)

    _code_unique = models.UniqueIndex('(code)', "This code is taken.")

    _guarded_fields = frozenset({'held_at'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('entry_ids.amount')
    def _compute_balance(self):
        allotted = dict(self.env['amlaj.fund.entry']._read_group(
            [('fund_id', 'in', self.ids)], ['fund_id'], ['amount:sum']))
        spent = dict(self.env['amlaj.delivery']._read_group(
            [('fund_id', 'in', self.ids), ('state', '=', 'delivered')], ['fund_id'], ['amount:sum']))
        promised = self._promised()
        for fund in self:
            fund.allotted = allotted.get(fund._origin, 0)
            fund.spent = spent.get(fund._origin, 0)
            fund.promised = promised.get(fund._origin.id, 0)
            fund.available = fund.allotted - fund.spent - fund.promised

    @api.depends('available')
    @api.depends_context('amlaj_with_balance')
    def _compute_display_name(self):
        if not self.env.context.get('amlaj_with_balance'):
            return super()._compute_display_name()
        for fund in self:
            fund.display_name = self.env._(
                "%(fund)s (available: %(amount)s)", fund=fund.name, amount=f'{fund.available:,.2f}')
        return None

    def _promised(self):
        """``{fund id: amount}`` of what the decisions in force grant, less what was delivered of it (superuser).

        What failed and is not planned again is free; planning it again takes it anew.
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        return dict(self.env.execute_query(SQL(
            """SELECT decision.fund_id, SUM(
                      CASE WHEN request.state = 'delivery' AND given.last = 'failed' AND NOT given.is_waiting THEN 0
                           ELSE GREATEST(decision.amount - COALESCE(given.amount, 0), 0) END)
                 FROM amlaj_decision decision
                 JOIN amlaj_request request ON request.decision_id = decision.id
                 LEFT JOIN LATERAL (
                      SELECT SUM(delivery.amount) FILTER (WHERE delivery.state = 'delivered') AS amount,
                             BOOL_OR(delivery.state = 'planned') AS is_waiting,
                             (ARRAY_AGG(delivery.state ORDER BY delivery.id DESC))[1] AS last
                        FROM amlaj_delivery delivery
                       WHERE delivery.request_id = request.id) given ON TRUE
                WHERE decision.fund_id IN %s AND decision.result IN %s AND request.state NOT IN %s
                GROUP BY decision.fund_id""", tuple(self.ids), GRANTED, ENDED_STATES)))

    def _hold(self):
        """Make whoever else draws on these funds wait, and look at them anew afterwards.

        The stamp is written and not only locked: a transaction that began before this one ended is refused by the
        database and played again by Odoo, so it never counts with an old balance.
        """
        funds_sudo = self.sudo()  # the step that draws on them was checked
        funds_sudo.sorted('id').write({'held_at': fields.Datetime.now()})
        funds_sudo.flush_recordset(['held_at'])
        funds_sudo.invalidate_recordset(['allotted', 'spent', 'promised', 'available'])

    def _check_not_overdrawn(self, asked=None):
        """The caller holds the funds.

        :param asked: ``{fund: amount}`` of what was just taken, to say what there was before
        :raise UserError: when more is promised than there is
        """
        for fund in self.sudo():  # whoever decides is told what is left
            if fund.available < -0.005:
                there_was = max(fund.available + (asked or {}).get(fund, 0), 0)
                raise UserError(self.env._(
                    "The fund “%(fund)s” does not hold that much: %(missing)s riyals are missing. Available: "
                    "%(available)s riyals.", fund=fund.name, missing=f'{-fund.available:,.2f}',
                    available=f'{there_was:,.2f}'))

    def _file(self):
        return self.env['amlaj.beneficiary']


class AmlajFundEntry(models.Model):
    """An amount allotted to a fund, or taken back from it. It is entered once and never changed: what was wrong is taken
    back by another entry."""
    _name = 'amlaj.fund.entry'
    _description = "Allotment to a fund"
    _inherit = ['amlaj.guarded']
    _order = 'date desc, id desc'
    _rec_name = 'reference'

    fund_id = fields.Many2one('amlaj.fund', required=True, index=True, ondelete='restrict')
    date = fields.Date(required=True, default=lambda self: self._today())
    amount = fields.Monetary(required=True, help="Less than zero: taken back.")
    currency_id = fields.Many2one(related='fund_id.currency_id')
    reference = fields.Char(required=True, help="The board's resolution, the donor's letter or the programme's agreement.")
    note = fields.Char()

    _amount_given = models.Constraint(
        'CHECK(amount != 0 AND amount > -1000000000 AND amount < 1000000000)', "Please enter the amount.")

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries.fund_id._hold()
        taken = entries.filtered(lambda entry: entry.amount < 0)
        taken.fund_id._check_not_overdrawn({
            fund: -sum(items.mapped('amount')) for fund, items in taken.grouped('fund_id').items()})
        return entries

    def _file(self):
        return self.env['amlaj.beneficiary']
