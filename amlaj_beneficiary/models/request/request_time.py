from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.workdays import shown_day
from ..registry.guarded import ASSOCIATION_TZ, Actors, Blocker

HOURS_PER_DAY = 24
CLOSED_STATES = ('done', 'rejected', 'cancelled')


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        return super()._defaults() | {
            'reply_rule': 'minimum',    # the board's text: "not less than two weeks" (A1)
            'reply_days': 14,
            'reply_max_days': 30,       # ours: nobody waits for ever
            'verify_days': 3,
            'research_days': 10,
            'raise_days': 5,
            'deliver_days': 10,
            'declaration_months': 12,
            'objection_days': 30,
        }


class AmlajRequest(models.Model):
    """Days: the period of the reply, the association's limits, who is waited for (R12, R23, R62, A1-A3, A21)."""
    _inherit = 'amlaj.request'

    stage_due = fields.Date(
        string="Stage due", copy=False, help="The day by which this stage should be over; the association's limit.")
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')
    waiting_for = fields.Selection([
        ('us', "The association"),
        ('applicant', "The applicant"),
        ('nobody', "Nobody"),
    ], string="Waiting for", compute='_compute_waiting_for', search='_search_waiting_for')
    reply_shown_on = fields.Date(
        string="Reply from", compute='_compute_reply_shown_on',
        help="The first working day on which the reply may be given.")
    is_aside = fields.Boolean(string="Kept aside", copy=False)
    aside_reason = fields.Char(string="Kept aside because", copy=False)

    @api.depends('stage_due', 'is_aside', 'state')
    def _compute_is_late(self):
        today = self._today()
        for request in self:
            request.is_late = bool(
                request.stage_due and request.stage_due < today and not request.is_aside
                and request.state not in CLOSED_STATES)

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        today = self._today()
        if True in value:
            return (Domain('stage_due', '<', today) & Domain('is_aside', '=', False)
                    & Domain('state', 'not in', CLOSED_STATES))
        return (Domain('stage_due', '>=', today) | Domain('stage_due', '=', False) | Domain('is_aside', '=', True)
                | Domain('state', 'in', CLOSED_STATES))

    @api.depends('state')
    def _compute_waiting_for(self):
        for request in self:
            request.waiting_for = (
                'applicant' if request.state in ('incomplete', 'draft')
                else 'nobody' if request.state in CLOSED_STATES else 'us')

    def _search_waiting_for(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domains = {
            'applicant': Domain('state', 'in', ('incomplete', 'draft')),
            'nobody': Domain('state', 'in', CLOSED_STATES),
        }
        domains['us'] = ~(domains['applicant'] | domains['nobody'])
        return Domain.OR(domains[who] for who in value if who in domains)

    @api.depends('reply_not_before')
    def _compute_reply_shown_on(self):
        for request in self:
            request.reply_shown_on = request.reply_not_before and self._working_day(request.reply_not_before)

    # ------------------------------------------------------------
    # Days
    # ------------------------------------------------------------

    @api.model
    def _working_day(self, day):
        """``day``, or the next day on which the association works (its calendar's week and holidays)."""
        calendar_sudo = self.env.company.sudo().amlaj_calendar_id  # the week is no secret
        if not calendar_sudo:
            return day
        worked, closed = calendar_sudo._amlaj_week(calendar_sudo.id)
        zone = pytz.timezone(ASSOCIATION_TZ)

        def is_rest(some_day):
            noon = zone.localize(datetime.combine(some_day, time(12)))
            return some_day.weekday() not in worked or any(start <= noon <= end for start, end in closed)

        return shown_day(day, is_rest)

    def _reply_period(self):
        """The dates that ``action_inform`` fixes: ``reply_not_before`` and ``reply_due``."""
        setting = self.env['amlaj.settings']._get
        today = self._today()
        days = timedelta(days=setting('reply_days'))
        if setting('reply_rule') == 'maximum':
            return {'reply_not_before': today, 'reply_due': today + days}
        return {'reply_not_before': today + days,
                'reply_due': today + max(timedelta(days=setting('reply_max_days')), days)}

    def _next_stage_due(self):
        """The day by which the association should have moved on from the present stage; none while it waits itself."""
        self.ensure_one()
        setting = self.env['amlaj.settings']._get
        limits = {'submitted': 'raise_days' if self.verified_at else 'verify_days', 'research': 'research_days',
                  'approved': 'deliver_days', 'delivery': 'deliver_days'}
        if self.state == 'committee':
            # the internal maximum stands still only while the applicant was asked for something
            return self.reply_due and self.reply_due + timedelta(days=self._days_waited_for_applicant())
        if self.state in limits:
            return self._today() + timedelta(days=setting(limits[self.state]))
        return False

    def _days_waited_for_applicant(self):
        """Whole days since the applicant was informed in which the request waited for him."""
        waits = self.transition_ids.filtered(
            lambda move: move.from_state == 'incomplete' and self.informed_at and move.at > self.informed_at)
        return int(sum(move.lasted_hours for move in waits) / HOURS_PER_DAY)

    # ------------------------------------------------------------
    # Kept aside: only by a manager, taken up in one tap
    # ------------------------------------------------------------

    def action_set_aside(self, reason):
        """Keep a request aside that has waited long for its applicant; nothing is refused by it."""
        return self._do('set_aside', {'is_aside': True, 'aside_reason': self._require_reason(reason)})

    def action_resume(self):
        """Take a request up again that was kept aside."""
        return self._do('resume', {'is_aside': False, 'aside_reason': False})

    def _actors(self):
        return super()._actors() | {
            'set_aside': Actors(frozenset({'manager'})),
            'resume': Actors(frozenset({'relations', 'representative', 'manager'})),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for request in self.sudo():  # the actor is checked apart
            if action == 'set_aside' and (request.state != 'incomplete' or request.is_aside):
                blockers[request.id].append(Blocker(
                    'state', self.env._("Only a request that waits for its applicant is kept aside.")))
            if action == 'resume' and not request.is_aside:
                blockers[request.id].append(Blocker('state', self.env._("The request is not kept aside.")))
        return blockers
