import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..registry.guarded import AddedFields
from .sms_provider import read_report

_logger = logging.getLogger(__name__)

# how long a text that the provider did not take waits for its next try, in minutes; then an employee calls
WAITS = (5, 30, 2 * 60, 12 * 60)
# whoever is sending for longer than that has died at it
MOST_MINUTES = 15
AT_ONCE = 100
# a text of which nobody heard that it arrived is not an answer: then the person is called
PROOF_HOURS = 48


class AmlajMessage(models.Model):
    """Sending by the provider: queued, tried again, visible, and sent once (R22, R61).

    A text is claimed, under a name of its own, in a transaction before the provider is asked. Whoever dies in between
    leaves it claimed; nobody knows then whether it went out, so it is not sent again by itself but shown to the desk.
    """
    _inherit = 'amlaj.message'

    reference = fields.Char(string="Our name of the text", copy=False, index='btree_not_null')
    provider_ref = fields.Char(string="The provider's number", copy=False, index='btree_not_null')
    tries = fields.Integer(copy=False)
    next_try_at = fields.Datetime(string="Next try", copy=False)
    sending_at = fields.Datetime(string="Being sent since", copy=False)

    _queue = models.Index("(id) WHERE state IN ('ready', 'sending')")

    _guarded_fields = AddedFields('reference', 'provider_ref', 'tries', 'next_try_at', 'sending_at')

    @api.model
    def _new_reference(self):
        return uuid.uuid4().hex

    @api.model
    def _proven_kinds(self):
        """The kinds of messages that must be proved to have arrived; rooms add theirs."""
        return []

    # ------------------------------------------------------------
    # The queue
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send what waits, one text at a time, each in a transaction of its own."""
        self._release_claims()
        self._ask_for_calls()
        provider = self.env.company._amlaj_sms_api()
        now = fields.Datetime.now()
        waiting = Domain('state', '=', 'ready') & Domain('call_from', '=', False)
        if not provider:
            self.search(waiting).call_from = now
            return
        due = self.search(
            waiting & (Domain('next_try_at', '=', False) | Domain('next_try_at', '<=', now)), order='id', limit=AT_ONCE)
        remaining = len(due)
        for message in due:
            remaining -= 1
            if message._claim():
                self.env['ir.cron']._commit_progress(0, remaining=remaining + 1)
                message._take_outcome(provider.send_one(message.phone, message._outgoing_body(), message.reference))
            if not self.env['ir.cron']._commit_progress(1, remaining=remaining):
                break

    def _claim(self):
        """Take this message for sending; False where somebody else has it or it is no longer needed."""
        self.ensure_one()
        if not self.try_lock_for_update():
            return False
        self.invalidate_recordset(['state', 'call_from'])
        if self.state != 'ready' or self.call_from:
            return False
        self.write({
            'state': 'sending', 'sending_at': fields.Datetime.now(), 'reference': self.reference or self._new_reference()})
        return True

    def _take_outcome(self, outcome):
        """Note what the provider answered."""
        self.ensure_one()
        self.invalidate_recordset(['state'])
        if self.state != 'sending':
            return  # the provider's report was quicker than its answer
        now = fields.Datetime.now()
        if outcome.kind == 'accepted':
            self._note_attempt('sms', 'sent', by_user=False)
            self.write({'state': 'sent', 'sent_at': now, 'provider_ref': outcome.provider_id or False})
        elif outcome.kind == 'unclear':
            self._note_attempt('sms', 'unclear', outcome.reason, by_user=False)
            self.write({'state': 'ready', 'is_unclear': True, 'call_from': now})
        elif outcome.kind == 'retry' and self.tries < len(WAITS):
            self._note_attempt('sms', 'failed', outcome.reason, by_user=False)
            self.write({
                'state': 'ready', 'tries': self.tries + 1, 'next_try_at': now + timedelta(minutes=WAITS[self.tries])})
        else:
            self._note_attempt('sms', 'failed', outcome.reason, by_user=False)
            self.write({'state': 'ready', 'call_from': now})
        if outcome.kind != 'accepted':
            _logger.info("Message #%d was not sent: %s (%s).", self.id, outcome.kind, outcome.reason)

    @api.model
    def _release_claims(self):
        """What was being sent when its sender died: nobody knows whether it went out."""
        old = fields.Datetime.now() - timedelta(minutes=MOST_MINUTES)
        lost = self.search(Domain('state', '=', 'sending') & Domain('sending_at', '<', old)).try_lock_for_update()
        lost._note_attempt('sms', 'unclear', by_user=False)
        lost.write({'state': 'ready', 'is_unclear': True, 'call_from': fields.Datetime.now()})

    @api.model
    def _ask_for_calls(self):
        """What was sent days ago, and nobody knows to have arrived, comes to whoever calls."""
        old = fields.Datetime.now() - timedelta(hours=PROOF_HOURS)
        self.search(
            Domain('state', '=', 'sent') & Domain('reached_at', '=', False) & Domain('call_from', '=', False)
            & Domain('kind', 'in', self._proven_kinds()) & Domain('sent_at', '<', old) & Domain('missed', '=', 0),
            limit=1000).call_from = fields.Datetime.now()

    # ------------------------------------------------------------
    # Again, by an employee; and what the provider reports
    # ------------------------------------------------------------

    def action_send_again(self):
        """Give the message to the provider once more: the employee has seen that it did not arrive."""
        self._do('send_message', {
            'call_from': False, 'is_unclear': False, 'state': 'ready', 'tries': 0, 'next_try_at': False, 'reference': False})
        self.sudo()._hand_out()  # the step was checked just above
        return True

    @api.model
    def _take_report(self, report):
        """Note a provider's delivery report; the same one twice is noted once, and one of an unknown text is nothing.

        The caller has checked that it comes from the provider.
        """
        ids, is_delivered = read_report(report)
        if not ids or is_delivered is None:
            return
        message_sudo = self.sudo().search(  # nobody else can match the ids
            (Domain('reference', 'in', ids) | Domain('provider_ref', 'in', ids)) & Domain('state', '!=', 'cancelled'), limit=1)
        if not message_sudo or message_sudo.reached_at:
            return
        message_sudo.lock_for_update()
        if is_delivered:
            message_sudo._note_attempt('sms', 'delivered', by_user=False)
            message_sudo.write({
                'state': 'sent', 'is_unclear': False, 'call_from': False,
                'sent_at': message_sudo.sent_at or fields.Datetime.now()})
        elif not message_sudo.call_from:
            message_sudo._note_attempt('sms', 'failed', by_user=False)
            message_sudo.write({'state': 'ready', 'call_from': fields.Datetime.now()})
