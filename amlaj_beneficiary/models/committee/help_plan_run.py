from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import ValidationError

BATCH = 100
AHEAD = timedelta(days=7)


class AmlajHelpPlan(models.Model):
    """Planning the deliveries of recurring help a week ahead, each date once (R64, A23; design rules 2 and 11)."""
    _inherit = 'amlaj.help.plan'

    @api.model
    def _cron_plan_deliveries(self):
        """Plan what is due within a week; may run any number of times a day, and goes on where it was stopped."""
        due = self.search([('state', '=', 'running'), ('next_date', '<=', self._today() + AHEAD)], order='id')
        for start in range(0, len(due), BATCH):
            batch = due[start:start + BATCH]
            # every step of a plan takes its request first: what somebody works on now waits for the next run
            free = batch.request_id.try_lock_for_update(allow_referencing=True)
            batch.filtered(lambda plan, free=free: plan.request_id in free)._plan_due()
            left = max(len(due) - start - BATCH, 0)
            if not self.env['ir.cron']._commit_progress(len(batch), remaining=left):
                break

    def _plan_due(self):
        """Plan what is due within a week; the date is moved on in the same transaction (superuser).

        Dates on which nothing was planned because no server ran are made up for; dates that passed while the file was
        suspended are not, and count as no time.
        """
        running = self.filtered(lambda plan: plan.state == 'running')
        for plan in running.filtered(lambda plan: plan.request_id.state != 'delivery'):
            plan._stop(self.env._("The request is no longer in delivery."))
        running = running.filtered(lambda plan: plan.state == 'running')
        held = running.filtered(lambda plan: plan._is_held_back())
        held._skip_passed()
        rests, counts = running._rests(), running._count_times()
        vals_list = []
        for plan in running - held:
            vals_list += plan._due_vals(rests[plan.request_id.id], counts.get(plan.id, 0))
        self.env['amlaj.delivery'].create(vals_list)
        running._ask_for_papers({vals['plan_id']: vals['plan_date'] for vals in vals_list})

    def _due_vals(self, rest, count):
        """The values of the deliveries that are due; the plan's next date is moved past them (superuser).

        :param rest: ``(amount, quantity)`` that is left of the decision; None: it grants none, and limits none
        :param count: how many times were planned before
        """
        vals_list, horizon = [], self._today() + AHEAD
        (amount, quantity), step, day = rest, self.step, self.next_date
        while self._goes_on(day, count) and day <= horizon:
            vals = {
                'request_id': self.request_id.id, 'plan_id': self.id, 'plan_date': day, 'planned_on': day,
                'what': self.what, 'place': self.place,
                'amount': self.amount if amount is None else min(self.amount, amount),
                'quantity': self.quantity if quantity is None else min(self.quantity, quantity)}
            if vals['quantity'] <= 0 or (self.amount and vals['amount'] <= 0):
                day = None
                break
            vals_list.append(vals)
            amount = amount if amount is None else round(amount - vals['amount'], 2)
            quantity = quantity if quantity is None else round(quantity - vals['quantity'], 2)
            count, step = count + 1, step + 1
            day = self._day_or_none(step)
        self._move_to(step, day if self._goes_on(day, count) else None)
        return vals_list

    def _goes_on(self, day, count):
        return bool(day) and not (self.times and count >= self.times) and not (self.end_date and day > self.end_date)

    def _move_to(self, step, day):
        self.write({'step': step, 'next_date': day} if day else {'step': step, 'next_date': False, 'state': 'ended'})

    def _day_or_none(self, step):
        """The day of this step; None after the last year of the Hijri calendar."""
        try:
            return self._date_of(step)
        except ValidationError:
            return None

    def _skip_passed(self):
        """Move on past the dates on which the file was suspended (superuser)."""
        today = self._today()
        for plan in self.filtered(lambda plan: plan.next_date < today):
            step, day = plan.step, plan.next_date
            while day and day < today:
                step += 1
                day = plan._day_or_none(step)
            plan._move_to(step, day if plan._goes_on(day, 0) else None)

    def _is_held_back(self):
        """Whether nothing is planned now: the file is ended, or suspended without a manager's exception (superuser)."""
        return self.beneficiary_id.state == 'ended' or bool(self.request_id._suspended_blockers())

    # ------------------------------------------------------------
    # How much
    # ------------------------------------------------------------

    def _count_times(self):
        """``{plan id: times planned}``; the second try of a failed delivery is no other time (superuser)."""
        return {
            plan.id: count for plan, count in self.env['amlaj.delivery'].sudo()._read_group(
                [('plan_id', 'in', self.ids), ('plan_try', '=', 0)], ['plan_id'], ['__count'])}

    def _rests(self):
        """``{request id: (amount, quantity)}`` left of what was decided, less all that is planned or delivered; None
        where the decision grants none (superuser)."""
        requests = self.request_id
        given = {
            request: (amount, quantity) for request, amount, quantity in self.env['amlaj.delivery']._read_group(
                [('request_id', 'in', requests.ids), ('state', 'in', ('planned', 'delivered'))],
                ['request_id'], ['amount:sum', 'quantity:sum'])}
        rests = {}
        for request in requests:
            amount, quantity = given.get(request, (0, 0))
            decision = request.decision_id
            rests[request.id] = (
                round(decision.amount - amount, 2) if decision.amount else None,
                round(decision.quantity - quantity, 2) if decision.quantity else None)
        return rests

    # ------------------------------------------------------------
    # Papers
    # ------------------------------------------------------------

    def _next_help_day(self):
        """The day of the help that comes next, planned or not; None where none comes (superuser)."""
        self.ensure_one()
        planned = [
            delivery.planned_on for delivery in self.delivery_ids
            if delivery.state == 'planned' and delivery.planned_on and delivery.planned_on >= self._today()]
        return min(planned + ([self.next_date] if self.state == 'running' and self.next_date else []), default=None)

    def _with_papers_due(self, days):
        """The plans of which a paper of the request ends before the plan's day, and no newer one is in the file
        (superuser).

        :param days: ``{plan: day or None}``
        """
        if self.env['amlaj.settings']._get('recheck_papers') != 'always':
            return self.browse()
        papers = self.env['amlaj.request.document'].sudo().search([
            ('beneficiary_id', 'in', self.beneficiary_id.ids), ('state', '=', 'matched'), ('expiry_date', '!=', False)])
        newest, asked = {}, defaultdict(set)
        for paper in papers:
            key = paper.beneficiary_id, paper.document_type_id
            newest[key] = max(newest.get(key, paper.expiry_date), paper.expiry_date)
            asked[paper.request_id].add(key)
        return self.filtered(lambda plan: days.get(plan) and any(
            newest[key] < days[plan] for key in asked[plan.request_id]))

    def _ask_for_papers(self, days):
        """Give the owner of each request the task to look at papers that end before the help; the help is planned all
        the same (superuser).

        :param days: ``{plan id: day}`` of what was planned just now
        """
        plans = self.filtered(lambda plan: plan.id in days)
        due = plans._with_papers_due({plan: days[plan.id] for plan in plans})
        kind = self.env['ir.model.data']._xmlid_to_res_id('mail.mail_activity_data_todo')
        model_id = self.env['ir.model']._get_id('amlaj.request')
        vals_list = []
        for plan in due:
            owner = plan.request_id.user_id or plan.create_uid
            vals_list.append({
                'activity_type_id': kind, 'res_model_id': model_id, 'res_id': plan.request_id.id, 'user_id': owner.id,
                'date_deadline': days[plan.id],
                'summary': self.with_context(lang=owner.lang or self.env.lang).env._(
                    "Papers to check before the next delivery")})
        # the summary stands in his list; no e-mail for each of a month's plans
        self.env['mail.activity'].with_context(mail_activity_quick_update=True).create(vals_list)
