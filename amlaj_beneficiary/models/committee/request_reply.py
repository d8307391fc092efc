from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..registry.guarded import Actors, Blocker
from .decision import FINAL, GRANTED

# the letter of a partial approval names a last day to object: what was delivered before it does not end that right
REOPENABLE = ('rejected', 'approved', 'delivery', 'done')


class AmlajMessage(models.Model):
    _inherit = 'amlaj.message'

    @api.model
    def _proven_kinds(self):
        """A reply counts once a channel proved it or the person was spoken to (R61)."""
        return [*super()._proven_kinds(), 'update']


class AmlajRequest(models.Model):
    """The reply, which alone moves a decided request; reopening after an upheld objection (R61, R62, A1, A20)."""
    _inherit = 'amlaj.request'

    def action_reply(self, channel_id=None, is_told=False):
        """Reply to the applicant what was decided: not before the period has passed, unless a manager allowed it.

        :param channel_id: how he is told; by default his preferred channel, or the request's own
        :param is_told: he was told just now by this channel; else the message to him waits in the list of whom to tell
        """
        for request in self:
            request._check_actor('reply')
            request_sudo = request.sudo()  # the decision is read for whoever may reply
            usual = request_sudo.beneficiary_id.preferred_channel_id or request_sudo.channel_id
            channel = self._channel(channel_id) or usual
            state = 'approved' if request_sudo.decision_id.result in GRANTED else 'rejected'
            request._do('reply', {'state': state, **request._stamp('replied'), 'reply_channel_id': channel.id})
            request_sudo.decision_id.replied_at = request_sudo.replied_at
            request._prepare_notice('update')
            if is_told:
                request_sudo.message_out_ids.filtered(
                    lambda message: message.kind == 'update' and message.state == 'ready' and not message.mandate_id
                ).with_env(self.env).action_mark_sent(channel.id)
        return True

    def action_allow_early_reply(self, reason):
        """Allow, as a manager, a reply before its day; the reason is kept and reported."""
        self._check_actor('allow_early_reply')
        reason = self._require_reason(reason)
        return self._do('allow_early_reply', {
            'reply_early_reason': reason, **self._stamp('reply_early')})

    def action_reopen(self, ticket_id):
        """Give a replied request to the committee again, after its objection was upheld; there are no new two weeks.

        Only the app's own code calls it, once the objection itself was decided. What was planned and not delivered yet
        is stopped: the new decision plans anew, less what was delivered (see ``action_start_delivery``).

        :param ticket_id: the objection
        """
        if not self.env.su:
            raise AccessError(self.env._("A request is reopened by upholding its objection."))
        for request in self:
            request._do('reopen', request._reopen_vals(ticket_id))
            request.delivery_ids.filtered(lambda delivery: delivery.state == 'planned').write({
                'state': 'failed', 'is_stopped': True, 'fail_reason': self.env._("The decision is under review.")})
        return True

    def _reopen_vals(self, ticket_id):
        """What reopening writes; the decisions taken before stay in the list."""
        return {
            'state': 'committee', 'reopened_at': fields.Datetime.now(), 'decision_id': False, 'replied_at': False,
            'replied_by_id': False, 'reply_channel_id': False, 'reply_early_reason': False, 'reply_early_by_id': False,
            'reply_early_at': False, 'delivery_exception_reason': False}

    def _objection_last_day(self):
        """The last day of the right to object: counted from the reply, never ending on a day of rest; None before it."""
        self.ensure_one()
        if not self.replied_at:
            return None
        days = self.env['amlaj.settings']._get('objection_days')
        return self._working_day(fields.Date.add(self._local_day(self.replied_at), days=days))

    def _review_due(self):
        """The day by which a reopened request is decided anew."""
        days = self.env['amlaj.settings']._get('objection_review_days')
        return fields.Date.add(self._local_day(self.reopened_at), days=days)

    def _next_stage_due(self):
        if self.state == 'committee' and self.reopened_at:
            return self._review_due()
        return super()._next_stage_due()

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {
            'reply': Actors(frozenset({'relations', 'manager'})),
            'allow_early_reply': Actors(frozenset({'manager'})),
            'reopen': Actors(),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        guard = {
            'reply': self._reply_blockers, 'allow_early_reply': self._early_blockers, 'reopen': self._reopen_blockers,
        }.get(action)
        for request in self.sudo() if guard else ():  # the actor is checked apart
            blockers[request.id] += guard(request)
        return blockers

    def _reply_blockers(self, request):
        decision = request.decision_id
        if not decision or decision.result not in FINAL:
            return [Blocker('state', request._message_undecided())]
        if request.replied_at or request.state not in request._decided_states():
            return [Blocker('state', request._message_wrong_state())]
        lacks = []
        if decision.needs_confirmation and not decision.confirmed_at:
            lacks.append(Blocker('confirmation', self.env._(
                "The decision on request %(number)s waits for its confirmation.", number=request.name)))
        # the period is of the first answer: after an objection there are no new two weeks, nor the rest of the old ones
        has_period = decision.session_id and request.reply_not_before and not request.reopened_at
        if has_period and not request.reply_early_reason and self._today() < request.reply_not_before:
            lacks.append(Blocker('too_early', self.env._(
                "The reply to request %(number)s is given from %(day)s on, unless a manager allows it earlier.",
                number=request.name, day=request.reply_not_before.strftime('%d/%m/%Y'))))
        return lacks

    def _message_undecided(self):
        return self.env._("Request %(number)s is not decided yet.", number=self.name)

    def _decided_states(self):
        """The states in which this request waits for its reply: a department decides before any raising."""
        return ('committee',) if self.decision_id.session_id else ('submitted', 'research')

    def _early_blockers(self, request):
        if request.state != 'committee' or request.replied_at:
            return [Blocker('state', self.env._(
                "Only the reply to a request that is with the committee can be earlier."))]
        if request.reopened_at:
            return [Blocker('state', self.env._("After an objection the reply waits for no period."))]
        return []

    def _reopen_blockers(self, request):
        if request.state not in REOPENABLE or not request.replied_at:
            return [Blocker('state', request._message_wrong_state())]
        return []
