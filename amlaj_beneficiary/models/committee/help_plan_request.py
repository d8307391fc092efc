from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.text import clean_line
from ..registry.guarded import Actors, AddedFields, Blocker

PLAN_READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in (
    'representative', 'relations', 'researcher', 'delivery', 'privacy_officer', 'auditor', 'manager'))
STARTABLE = ('approved', 'delivery')


class AmlajRequest(models.Model):
    """What recurring help does to its request: it stays in delivery while the help runs (R64)."""
    _inherit = 'amlaj.request'

    help_plan_ids = fields.One2many(
        'amlaj.help.plan', 'request_id', string="Recurring help", copy=False, groups=PLAN_READERS)

    _guarded_fields = AddedFields('help_plan_ids')

    def action_start_help(self, interval, first_date, end_date=None, times=None, amount=0.0, quantity=1.0, what=None,
                          place=None):
        """Start recurring help for an approved request; the request is in delivery from then on.

        :param interval: ``monthly``, or ``seasonal`` for the same Hijri day every year
        :param first_date: the first day, today or later
        :param end_date: no time after this day; this or ``times`` is given, or both
        :param times: how many times at most
        :param amount: in riyals, each time
        :param quantity: how many, each time
        :param place: ``office``, ``home`` or ``bank``; by default the bank for cash
        :return: the plan
        :raise UserError: saying what does not hold, also when all times together are more than was decided
        """
        self.ensure_one()
        self._do('start_help')
        Plan = self.env['amlaj.help.plan']
        terms = Plan._checked_terms(self, interval, first_date, end_date, times, amount, quantity, place)
        plan_sudo = Plan.sudo()._begin(  # the actor and the blockers were asked just above
            self.sudo(), clean_line(what) if isinstance(what, str) else False, terms)
        return plan_sudo.with_env(self.env)

    def _running_help(self):
        """The plans that run for these requests, for the house's own rules (searched: see ``_decisions_sudo``)."""
        return self.env['amlaj.help.plan'].sudo().search([('request_id', 'in', self.ids), ('state', '=', 'running')])

    def _do(self, action, vals=None):
        result = super()._do(action, vals)
        if action in ('cancel', 'reopen'):
            reason = self.env._("The request was cancelled.") if action == 'cancel' \
                else self.env._("The decision is under review.")
            self._running_help()._stop(reason)
        return result

    def _actors(self):
        return super()._actors() | {'start_help': Actors(frozenset({'delivery', 'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'close':
            for plan in self._running_help():
                blockers[plan.request_id.id].append(Blocker('help_runs', self.env._(
                    "Recurring help runs for request %(number)s: it is completed when the help ends or is stopped.",
                    number=plan.request_id.name)))
        elif action == 'start_help':
            for request_id, mine in self._start_help_blockers().items():
                blockers[request_id] += mine
        return blockers

    def _start_help_blockers(self):
        found = {request.id: [] for request in self}
        running, deciders = self._running_help().request_id, self._deciders()
        for request in self.sudo():  # the actor is checked apart
            mine = found[request.id]
            if request.state not in STARTABLE or not request.replied_at:
                mine.append(Blocker('state', self.env._("Recurring help begins once a request is approved.")))
                continue
            if request in running:
                mine.append(Blocker('state', self.env._("Recurring help runs for this request.")))
            if any(delivery.state == 'planned' for delivery in request.delivery_ids):
                mine.append(Blocker('delivery', self.env._(
                    "A delivery is planned already: record it as delivered or as failed first.")))
            if self.env.user in deciders[request.id]:
                mine.append(Blocker('decider', self.env._("You took part in the decision: somebody else delivers.")))
            mine += request._suspended_blockers()
        return found

    # ------------------------------------------------------------
    # What the beneficiary is told
    # ------------------------------------------------------------

    def _told_dates(self):
        """The day of the next help, and nothing of what it is (rule 9)."""
        dates = super()._told_dates()
        if self.state != 'delivery':
            return dates
        plans_sudo = self.env['amlaj.help.plan'].sudo().search(  # of the request whose page this is
            [('request_id', '=', self.id), ('state', 'in', ('running', 'ended'))])
        running_sudo = plans_sudo.filtered(lambda plan: plan.state == 'running')
        plan = running_sudo[:1] or plans_sudo.sorted('id')[-1:]
        day = plan and not plan.is_paused and plan._next_help_day()
        return [*dates, (self.env._("The next help"), self._told_day(day))] if day else dates

    def _told_deliveries(self, door):
        deliveries = super()._told_deliveries(door)
        # what was stopped with the help did not fail
        rows = self.env['amlaj.delivery'].browse(delivery['id'] for delivery in deliveries)
        stopped = rows.filtered(lambda row: row.is_stopped and row.plan_id).ids
        return [delivery for delivery in deliveries if delivery['id'] not in stopped]

    def _delivery_fields(self):
        return [*super()._delivery_fields(), 'plan_id']


class AmlajDelivery(models.Model):
    """A time of recurring help (R64)."""
    _inherit = 'amlaj.delivery'

    plan_id = fields.Many2one(
        'amlaj.help.plan', string="Recurring help", copy=False, index='btree_not_null', ondelete='restrict')
    plan_date = fields.Date(string="Date of the plan", copy=False)
    plan_try = fields.Integer(
        string="Try", default=0, copy=False,
        help="0: the first try of this date; 1: planned again after it failed.")

    _once_a_date = models.UniqueIndex(
        '(plan_id, plan_date, COALESCE(plan_try, 0)) WHERE plan_id IS NOT NULL',
        "This date of the recurring help is planned already.")

    _guarded_fields = AddedFields('plan_id', 'plan_date', 'plan_try')

    def action_plan_again(self, planned_on):
        """Plan a failed time of recurring help again, once.

        :param planned_on: the new day, today or later
        """
        self._check_actor('plan_again')
        day = self._given_day(planned_on)
        if not day or day < self._today():
            raise UserError(self.env._("Please choose the new day."))
        self._do('plan_again')
        for delivery in self.sudo():  # the actor and the blockers were asked just above
            delivery.copy(delivery._again_vals(day))
        return True

    def action_fail(self, reason, planned_on=None):
        if planned_on:
            self._check_actor('fail')  # before anything is told of it
            if any(delivery.plan_try for delivery in self.sudo()):
                raise UserError(self._message_again())
        return super().action_fail(reason, planned_on)

    def _message_again(self):
        return self.env._("A time of recurring help is planned again once only.")

    def _again_vals(self, planned_on):
        vals = super()._again_vals(planned_on)
        if self.plan_id:
            vals |= {'plan_id': self.plan_id.id, 'plan_date': self.plan_date, 'plan_try': self.plan_try + 1}
        return vals

    def _actors(self):
        actors = super()._actors()
        return actors | {'plan_again': actors['fail']}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action != 'plan_again':
            return blockers
        for delivery in self.sudo():  # the actor is checked apart
            mine, request = blockers[delivery.id], delivery.request_id
            is_open = delivery.plan_id and request.state == 'delivery'
            if not is_open or delivery.state != 'failed' or delivery.is_stopped:
                mine.append(Blocker('state', self.env._("Only a failed time of recurring help is planned again.")))
            elif delivery.plan_try or delivery._other_tries():
                mine.append(Blocker('state', self._message_again()))
            else:
                mine += request._suspended_blockers() + delivery._rest_blockers()
        return blockers

    def _other_tries(self):
        return self.plan_id.delivery_ids.filtered(lambda other: other.plan_date == self.plan_date) - self

    def _rest_blockers(self):
        """Nothing above what was decided, also where something else was planned meanwhile (superuser)."""
        amount, quantity = self.plan_id._rests()[self.request_id.id]
        if (amount is None or self.amount <= amount) and (quantity is None or self.quantity <= quantity):
            return []
        return [Blocker('rest', self.env._("This is more than what is left of the decision."))]
