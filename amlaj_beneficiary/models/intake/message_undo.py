from datetime import timedelta

from odoo import fields, models
from odoo.fields import NO_ACCESS

from ..registry.guarded import AddedFields, Blocker
from .message_attempt import BY_HAND

UNDO_MINUTES = 15
# what noting an attempt changes
NOTED_FIELDS = (
    'state', 'call_from', 'is_unclear', 'channel_id', 'sent_by_id', 'sent_at', 'reached_at', 'missed', 'next_try_at')


class AmlajMessageAttempt(models.Model):
    """An attempt noted by mistake stays in the list, marked as withdrawn."""
    _inherit = 'amlaj.message.attempt'

    withdrawn_at = fields.Datetime(string="Withdrawn on", copy=False)
    before = fields.Json(string="The message before it", copy=False, groups=NO_ACCESS)

    _guarded_fields = AddedFields('withdrawn_at', 'before')


class AmlajMessage(models.Model):
    """Taking back a mistaken tap: whoever noted an attempt withdraws it for a quarter of an hour (R22, R61)."""
    _inherit = 'amlaj.message'

    def action_withdraw_attempt(self):
        """Take back what one has just noted oneself: the message waits as it did before, and the attempt stays, marked.

        :raise UserError: when somebody else noted it, after 15 minutes, or when something has happened since
        """
        for message in self:
            message._do('withdraw_attempt')
            message_sudo = message.sudo()  # the step was checked just above
            attempt_sudo = message_sudo._last_attempt()
            before = attempt_sudo.before
            visits_sudo = self.env['mail.activity'].sudo().browse(before['visit_ids'])  # asked for by this attempt alone
            visits_sudo.exists().unlink()
            message_sudo.write({name: before[name] for name in NOTED_FIELDS})
            attempt_sudo.withdrawn_at = fields.Datetime.now()
        return True

    def _last_attempt(self):
        # no slice of the list: it would be read one message at a time
        return max(self.attempt_ids, key=lambda attempt: attempt.id, default=self.attempt_ids)

    def _as_noted(self):
        """What an attempt may change of this message, to be put back should it be withdrawn (superuser)."""
        self.ensure_one()
        values = {name: self._fields[name].convert_to_write(self[name], self) for name in NOTED_FIELDS}
        return {
            name: fields.Datetime.to_string(value) if self._fields[name].type == 'datetime' else value
            for name, value in values.items()}

    def _told_action(self):
        """What a button that notes an attempt answers: a word with which a mistaken tap is taken back."""
        return {
            'type': 'ir.actions.client',
            'tag': 'amlaj_noted',
            'params': {'message': self.env._("Noted."), 'undo': self.env._("Undo"), 'ids': self.ids},
        }

    def _actors(self):
        actors = super()._actors()
        return actors | {'withdraw_attempt': actors['send_message']}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for message in self.sudo() if action == 'withdraw_attempt' else ():  # the actor is checked apart
            blockers[message.id] += message._withdraw_blockers()
        return blockers

    def _withdraw_blockers(self):
        """Why the last attempt cannot be taken back by the current user (superuser)."""
        last = self._last_attempt()
        if not last or last.withdrawn_at or last.how not in BY_HAND or not last.before:
            return [Blocker('state', self.env._("There is nothing to take back."))]
        if last.user_id != self.env.user:
            return [Blocker('state', self.env._("Only who noted an attempt takes it back."))]
        if last.at < fields.Datetime.now() - timedelta(minutes=UNDO_MINUTES):
            return [Blocker('state', self.env._(
                "An attempt is taken back within %(count)s minutes. Please note another one.", count=UNDO_MINUTES))]
        if self.state in ('sending', 'cancelled'):
            return [Blocker('state', self.env._("This message is being sent, or is no longer needed."))]
        return []
