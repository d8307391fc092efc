
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import hijri
from ..registry.guarded import Actors, Blocker

# ten years of months: whoever needs help for longer is studied anew
MOST_TIMES = 120
MOST_YEARS = 10


class AmlajHelpPlan(models.Model):
    """Recurring help: what was approved, given in parts every month, or on the same Hijri day every year (R6, R64).

    It follows one decision and never gives more than it: what a decision grants is the whole of it, as everywhere in the
    house, so all times together stay within its amount and its quantity; where it grants neither, the number of times
    or the end is the limit. Delivery officers and managers start and stop it; whoever serves or oversees the request
    reads it. Dates are counted from the first one, so that a month of 29 or 30 days shortens no later one.

    The deliveries are planned by ``help_plan_run``.
    """
    _name = 'amlaj.help.plan'
    _description = "Recurring help"
    _inherit = ['amlaj.guarded']
    _order = 'next_date, id'
    _rec_name = 'request_id'

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='restrict', copy=False)
    beneficiary_id = fields.Many2one(related='request_id.beneficiary_id', store=True, index=True)
    interval = fields.Selection([
        ('monthly', "Every month"),
        ('seasonal', "Every year, on the same Hijri day"),
    ], string="How often", required=True, copy=False)
    amount = fields.Monetary(string="Amount each time", copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    quantity = fields.Float(string="Quantity each time", default=1, copy=False)
    what = fields.Char(string="What is delivered", copy=False)
    place = fields.Selection([
        ('office', "At the office"),
        ('home', "At the beneficiary's place"),
        ('bank', "To the bank account"),
    ], required=True, default='office', copy=False)
    start_date = fields.Date(string="First date", required=True, copy=False)
    end_date = fields.Date(string="Last date at the latest", copy=False)
    times = fields.Integer(string="Number of times", copy=False, help="0: until the last date.")
    step = fields.Integer(default=0, copy=False, help="How many intervals lie between the first date and the next one.")
    next_date = fields.Date(string="Next date", copy=False, help="The next date that is not planned yet.")
    state = fields.Selection([
        ('running', "Help runs"),
        ('stopped', "Help stopped"),
        ('ended', "Help ended"),
    ], required=True, default='running', copy=False)
    stop_reason = fields.Char(string="Stopped because", copy=False)
    stopped_by_id = fields.Many2one('res.users', string="Stopped by", copy=False)
    stopped_at = fields.Datetime(string="Stopped on", copy=False)
    delivery_ids = fields.One2many('amlaj.delivery', 'plan_id', string="Deliveries", copy=False)
    planned_times = fields.Integer(string="Times planned", compute='_compute_planned_times', compute_sudo=True)
    is_paused = fields.Boolean(
        string="Paused", compute='_compute_is_paused', search='_search_is_paused',
        compute_sudo=True,
        help="The file is suspended: nothing is planned until it is active again.")
    has_papers_due = fields.Boolean(
        string="Papers to check", compute='_compute_has_papers_due', compute_sudo=True,
        help="A paper of the request ends before the next date. The help goes on.")
    note_text = fields.Char(string="To note", compute='_compute_note_text')

    _one_running = models.UniqueIndex("(request_id) WHERE state = 'running'", "Recurring help runs for this request.")
    _due = models.Index("(next_date) WHERE state = 'running'")

    _guarded_fields = frozenset({
        'request_id', 'interval', 'amount', 'quantity', 'what', 'place', 'start_date', 'end_date', 'times', 'step',
        'next_date', 'state', 'stop_reason', 'stopped_by_id', 'stopped_at', 'delivery_ids'})

    def _compute_currency_id(self):
        self.currency_id = self.env['ir.model.data']._xmlid_to_res_id('base.SAR')

    @api.depends('request_id.name')
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = plan.sudo().request_id.name  # a number is all that is shown of the request

    @api.depends('delivery_ids.plan_try')
    def _compute_planned_times(self):
        counts = self._count_times()
        for plan in self:
            plan.planned_times = counts.get(plan.id, 0)

    @api.depends('state', 'beneficiary_id.state', 'request_id.delivery_exception_reason')
    def _compute_is_paused(self):
        for plan in self:
            plan.is_paused = plan.state == 'running' and plan._is_held_back()

    def _search_is_paused(self, operator, value):
        if operator != 'in':
            return NotImplemented
        paused = Domain('state', '=', 'running') & (
            Domain('beneficiary_id.state', '=', 'ended') | Domain('beneficiary_id.state', '=', 'suspended') & Domain(
                'request_id.delivery_exception_reason', '=', False))
        return paused if True in value else ~paused

    @api.depends('state', 'next_date', 'delivery_ids.state', 'request_id.document_ids.expiry_date')
    def _compute_has_papers_due(self):
        due = self._with_papers_due({plan: plan._next_help_day() for plan in self})
        for plan in self:
            plan.has_papers_due = plan in due

    @api.depends('is_paused', 'has_papers_due')
    @api.depends_context('lang')
    def _compute_note_text(self):
        for plan in self:
            notes = {self.env._("Paused"): plan.is_paused, self.env._("Papers to check"): plan.has_papers_due}
            plan.note_text = " · ".join(text for text, holds in notes.items() if holds) or False

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    @api.model
    def action_start(self, request_id, interval, first_date, **terms):
        """Start recurring help for an approved request: see ``amlaj.request.action_start_help``.

        :return: the plan
        """
        request = self._picked('amlaj.request', getattr(request_id, 'id', request_id))
        if not request:
            raise UserError(self.env._("Please choose the request."))
        return request.action_start_help(interval, first_date, **terms)

    def action_stop(self, reason):
        """Stop the help, with a reason that stays among staff; what was planned and not delivered is stopped with it.
        The beneficiary is told that there is news of his request.

        :param reason: why, in a few words
        """
        self._check_actor('stop')
        reason = self._given(reason)
        if not reason:
            raise UserError(self.env._("Please give the reason."))
        self._do('stop')
        self.sudo()._stop(reason)
        self.sudo().request_id._prepare_notice('update')
        return True

    def _stop(self, reason):
        """Write the stop; what is planned is not given any more (superuser)."""
        self.write({'state': 'stopped', 'stop_reason': reason, 'next_date': False, **self._stamp('stopped')})
        self.delivery_ids.filtered(lambda delivery: delivery.state == 'planned').write({
            'state': 'failed', 'is_stopped': True, 'fail_reason': self.env._("The recurring help was stopped.")})

    @api.model
    def _begin(self, request_sudo, what, terms):
        """The plan of a request whose step was checked; what is due within the week is planned at once (superuser).

        :raise UserError: when all times together are more than was decided
        """
        plan = self.create({**terms, 'request_id': request_sudo.id, 'what': what, 'next_date': terms['start_date']})
        plan._check_within_decision()
        if request_sudo.state == 'approved':
            request_sudo.write({'state': 'delivery'})
        plan._plan_due()
        return plan

    # ------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------

    @api.model
    def _checked_terms(self, request, interval, first_date, end_date, times, amount, quantity, place):
        """The values of a new plan for ``request``.

        :raise UserError: for terms that cannot be
        """
        if not isinstance(interval, str) or interval not in dict(self._fields['interval'].selection):
            raise UserError(self.env._("Please say how often: every month or every year."))
        is_cash = request.sudo().service_id.kind == 'cash'  # what kind of help it is follows from the request
        place = place or ('bank' if is_cash else 'office')
        if not isinstance(place, str) or place not in dict(self._fields['place'].selection):
            raise UserError(self.env._("Please say where it is delivered."))
        amount, quantity = self._given_number(amount), self._given_number(quantity)
        if not quantity or (is_cash and not amount):
            raise UserError(self.env._("Please say how much is given each time."))
        first, last = self._given_day(first_date), self._given_day(end_date)
        if not first or first < self._today():
            raise UserError(self.env._("The first date is today or later."))
        if (last or first).year > self._today().year + MOST_YEARS:
            raise UserError(self.env._("Please check the day."))
        if last and last < first:
            raise UserError(self.env._("The last date is on or after the first one."))
        times = times or 0
        if isinstance(times, bool) or not isinstance(times, int) or not 0 <= times <= MOST_TIMES:
            raise UserError(self.env._("The number of times is from 1 to %(most)s.", most=MOST_TIMES))
        if not times and not last:
            raise UserError(self.env._("Recurring help has an end: a last date, or a number of times."))
        return {'interval': interval, 'place': place, 'amount': amount, 'quantity': quantity, 'start_date': first,
                'end_date': last, 'times': times}

    def _check_within_decision(self):
        """:raise UserError: when all times together would be more than is left of what was decided (superuser)."""
        count = self._count_dates()
        amount, quantity = self._rests()[self.request_id.id]
        paper = self.env['amlaj.paper']
        if self.amount and amount is None:
            raise UserError(self.env._("The decision grants no amount."))
        if amount is not None and round(count * self.amount - amount, 2) > 0:
            raise UserError(self.env._(
                "%(count)s times %(each)s is more than what is left of the decision: %(left)s.", count=count,
                each=paper._show_amount(self.amount), left=paper._show_amount(amount) or '0'))
        if quantity is not None and round(count * self.quantity - quantity, 2) > 0:
            raise UserError(self.env._(
                "%(count)s times %(each)s is more than what is left of the decision: %(left)s.", count=count,
                each=f'{self.quantity:g}', left=f'{quantity:g}'))

    def _count_dates(self):
        """How many times the plan gives.

        :raise UserError: when it has more than ``MOST_TIMES``
        """
        if self.times and not self.end_date:
            self._date_of(self.times - 1)  # the last one is still a day that the calendar knows
            return self.times
        count = 0
        while (not self.times or count < self.times) and self._date_of(count) <= self.end_date:
            count += 1
            if count > MOST_TIMES:
                raise UserError(self.env._("The number of times is from 1 to %(most)s.", most=MOST_TIMES))
        return count

    def _date_of(self, step):
        """The day ``step`` intervals after the first one."""
        if self.interval == 'monthly':
            return self.start_date + relativedelta(months=step)
        return self._cleaned(hijri.same_hijri_day_next_year, self.start_date, step)

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def _lock(self):
        self.sudo().request_id._lock()  # always the request first, whoever reads it
        return super()._lock()

    def _actors(self):
        return super()._actors() | {'stop': Actors(frozenset({'delivery', 'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'stop':
            for plan in self.filtered(lambda plan: plan.state != 'running'):
                blockers[plan.id].append(Blocker('state', self.env._("This help does not run any more.")))
        return blockers
