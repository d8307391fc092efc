from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker


class AmlajMessage(models.Model):
    """A message to a beneficiary, waiting to be sent or sent: a number and a link, never the kind of help, a result,
    a reason or a need (design rule 9; R22, R61, R69).

    The app prepares messages; relations employees and representatives send them by the person's own channel (a call,
    a text from the office's phone, a chat) and record it. Nobody changes a message that was sent.
    """
    _name = 'amlaj.message'
    _description = "Message to a beneficiary"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'kind'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade', copy=False)
    kind = fields.Selection([('notice', "Notice")], required=True, default='notice', copy=False)
    body = fields.Text(required=True, copy=False)
    state = fields.Selection([
        ('ready', "To be sent"),
        ('sent', "Sent"),
        ('cancelled', "No longer needed"),
    ], required=True, default='ready', index=True, copy=False)
    phone = fields.Char(related='beneficiary_id.phone')
    channel_id = fields.Many2one('amlaj.channel', string="Sent by channel", copy=False)
    sent_by_id = fields.Many2one('res.users', string="Sent by", copy=False)
    sent_at = fields.Datetime(string="Sent on", copy=False)

    _guarded_fields = frozenset({
        'beneficiary_id', 'kind', 'body', 'state', 'channel_id', 'sent_by_id', 'sent_at'})
    _portal_fields = frozenset({'beneficiary_id', 'kind', 'body', 'state', 'sent_at'})

    def action_open_chat(self):
        """Open the chat application of this computer or phone with the text ready; the employee presses send."""
        self.ensure_one()
        self._check_actor('send_message')
        self._check_blockers('send_message')
        if not self.phone:
            raise UserError(self.env._("This file has no phone number."))
        return {
            'type': 'ir.actions.act_url',
            'url': f"https://wa.me/{self.phone.lstrip('+')}?text={quote(self.body)}",
            'target': 'new',
        }

    def action_mark_sent(self, channel_id=None):
        """Record that the message reached the person, and by which channel (default: his preferred one)."""
        for message in self:
            chosen = self._picked('amlaj.channel', channel_id)
            channel = chosen or message.beneficiary_id.preferred_channel_id
            message._do('send_message', {
                'state': 'sent', 'channel_id': channel.id, **self._stamp('sent')})
        return True

    @api.model
    def _prepare_messages(self, vals_list):
        """Queue messages; the caller's own action was checked, and the text comes from the app, not from a user."""
        return self.sudo().create(vals_list)

    def _actors(self):
        return super()._actors() | {'send_message': Actors(frozenset({'relations', 'representative', 'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for message in self:
            if action == 'send_message' and message.state != 'ready':
                blockers[message.id].append(Blocker(
                    'state', self.env._("This message was sent or is no longer needed.")))
        return blockers
