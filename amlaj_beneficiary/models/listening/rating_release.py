from odoo import api, fields, models
from odoo.exceptions import UserError

DIMENSIONS = ('association', 'department', 'service', 'branch', 'channel', 'employee')  # of a quarter, in this order
# the field of a row that names its cell
CELL_FIELDS = {
    'department': 'department_id', 'service': 'service_id', 'branch': 'branch_id', 'channel': 'channel_id',
    'employee': 'user_id', 'category': 'category_id'}
MEASURES = ('procedure', 'conduct', 'impression')


class AmlajRatingRelease(models.Model):
    """The published figures of satisfaction: one row for each cell of a closed quarter, the only source of every
    dashboard, list, page and export (R24, R31, R33; design rule 3).

    Written once by ``_release`` (see ``rating_release_make.py``) and never changed. A row speaks of five answers or more,
    and no sum or difference of rows of fewer (``tools/disclosure.py``). External and internal beneficiaries stand
    apart, and nothing sums them. Whoever listens in the app reads them, but for the rows of employees: those are shown one
    employee at a time, to himself and to the manager, whose look is logged (``amlaj.rating.coaching``).
    """
    _name = 'amlaj.rating.release'
    _description = "Published satisfaction"
    _inherit = ['amlaj.guarded']
    _order = 'quarter desc, scope, sequence, id'
    _rec_name = 'dimension'

    quarter = fields.Date(required=True, index=True, help="Its first day.")
    scope = fields.Selection(
        [('external', "External beneficiaries"), ('internal', "Internal beneficiaries")], required=True, index=True)
    dimension = fields.Selection([
        ('association', "The association"),
        ('department', "Department"),
        ('service', "Service"),
        ('branch', "Sub-office"),
        ('channel', "Channel"),
        ('employee', "Employee"),
        ('category', "Category"),
    ], string="By", required=True, index=True)
    sequence = fields.Integer(required=True, help="The fixed order in which the cells were published.")
    department_id = fields.Many2one('hr.department', ondelete='restrict')
    service_id = fields.Many2one('amlaj.service', ondelete='restrict')
    branch_id = fields.Many2one('amlaj.branch', string="Sub-office", ondelete='restrict')
    channel_id = fields.Many2one('amlaj.channel', ondelete='restrict')
    user_id = fields.Many2one('res.users', string="Employee", ondelete='restrict')
    category_id = fields.Many2one('amlaj.beneficiary.category', ondelete='restrict')
    cell = fields.Char(compute='_compute_cell')
    is_withheld = fields.Boolean(string="Fewer than five answers", help="The quarter is closed; nothing of it is published.")

    invited = fields.Integer(aggregator='sum')
    answers = fields.Integer(aggregator='sum')
    response_rate = fields.Float(string="Response rate", digits=(16, 2), aggregator='avg')
    procedure = fields.Float(string="The procedure", digits=(16, 2), aggregator='avg')
    conduct = fields.Float(string="The provider's conduct", digits=(16, 2), aggregator='avg')
    impression = fields.Float(string="The impression", digits=(16, 2), aggregator='avg')
    procedure_count = fields.Integer(string="Answers on the procedure")
    conduct_count = fields.Integer(string="Answers on the conduct")
    impression_count = fields.Integer(string="Answers on the impression")
    previous_id = fields.Many2one(
        'amlaj.rating.release', string="The quarter before", ondelete='restrict')
    procedure_change = fields.Float(string="Change of the procedure", compute='_compute_change', digits=(16, 2))
    conduct_change = fields.Float(string="Change of the conduct", compute='_compute_change', digits=(16, 2))
    impression_change = fields.Float(string="Change of the impression", compute='_compute_change', digits=(16, 2))

    _once = models.UniqueIndex(
        '(quarter, scope, COALESCE(round_id, 0), dimension, '
        'COALESCE(department_id, service_id, branch_id, channel_id, user_id, category_id, 0))',
        "This quarter's figures are published already.")

    _guarded_fields = frozenset({
        'quarter', 'scope', 'dimension', 'sequence', 'department_id', 'service_id', 'branch_id', 'channel_id', 'user_id',
        'category_id', 'is_withheld', 'invited', 'answers', 'response_rate', 'procedure', 'conduct', 'impression',
        'procedure_count', 'conduct_count', 'impression_count', 'previous_id'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # a figure is nobody's

    @api.depends('dimension', 'department_id', 'service_id', 'branch_id', 'channel_id', 'user_id', 'category_id')
    def _compute_cell(self):
        for row_sudo in self.sudo():  # the name of a service or an office, which is printed with the figure
            field = CELL_FIELDS.get(row_sudo.dimension)
            row_sudo.cell = row_sudo[field].display_name if field else self.env._("The association")

    @api.depends('previous_id')
    def _compute_change(self):
        for row in self:
            before = row.previous_id
            for measure in MEASURES:
                known = row[f'{measure}_count'] and before[f'{measure}_count']
                row[f'{measure}_change'] = round(row[measure] - before[measure], 2) if known else 0.0

    def write(self, vals):
        """Nobody changes what is published, the superuser neither.

        :raise UserError: always
        """
        if vals and self.env.su:  # others are refused each field by the guard
            raise UserError(self.env._("What is published stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        raise UserError(self.env._("What is published stays as it is."))

    @api.model
    def _last_quarter(self, day):
        """The first day of the last quarter that was over before ``day``."""
        return fields.Date.subtract(fields.Date.start_of(day, 'quarter'), months=3)

    @api.model
    def _quarter_text(self, quarter):
        """``2026/4``: the same in every language."""
        return f'{quarter.year}/{(quarter.month + 2) // 3}'
