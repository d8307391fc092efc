from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker
from .message_attempt import BY_HAND, MISSED, REACHED

# by these channels a person is spoken to; by the others something is only sent
SPOKEN_CHANNELS = {'interview': 'visit', 'phone': 'call', 'representative': 'visit', 'volunteering': 'visit'}
SENT_CHANNELS = {'social': 'chat', 'letter': 'letter'}
# after so many attempts that reached nobody the representative goes there
MOST_MISSED = 3


class AmlajMessage(models.Model):
    """A message to a beneficiary, waiting to be sent or sent: a number and a link, never the kind of help, a result,
    a reason or a need (design rule 9; R22, R61, R69).

    One for each person who is told. The app prepares them. Where a provider is set it sends them (see
    ``_cron_send``); what it cannot send, and everything without a provider, stands in the list of whom to tell today:
    relations employees and representatives call, write or go there, and note with one tap how it went. A message counts
    as arrived when the provider says so or the person was spoken to. Nobody changes a message that was sent.
    """
    _name = 'amlaj.message'
    _description = "Message to a beneficiary"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'kind'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade', copy=False)
    mandate_id = fields.Many2one('amlaj.mandate', string="Told by mandate", ondelete='set null', copy=False)
    recipient_name = fields.Char(string="First name", copy=False)
    phone = fields.Char(copy=False)
    kind = fields.Selection([('notice', "Notice")], required=True, default='notice', copy=False)
    body = fields.Text(required=True, copy=False)
    state = fields.Selection([
        ('ready', "To be sent"),
        ('sending', "Being sent"),
        ('sent', "Sent"),
        ('cancelled', "No longer needed"),
    ], required=True, default='ready', index=True, copy=False)
    channel_id = fields.Many2one('amlaj.channel', string="Sent by channel", copy=False)
    sent_by_id = fields.Many2one('res.users', string="Sent by", copy=False)
    sent_at = fields.Datetime(string="Sent on", copy=False)
    reached_at = fields.Datetime(string="Arrived on", copy=False)
    call_from = fields.Datetime(
        string="To be told by a person since", copy=False, help="An employee calls, writes or goes there.")
    is_unclear = fields.Boolean(string="Not certain whether it was sent", copy=False)
    missed = fields.Integer(string="Missed attempts", copy=False)
    attempt_ids = fields.One2many('amlaj.message.attempt', 'message_id', string="Attempts", copy=False)

    _to_call = models.Index('(call_from) WHERE call_from IS NOT NULL')

    _guarded_fields = frozenset({
        'beneficiary_id', 'mandate_id', 'recipient_name', 'phone', 'kind', 'body', 'state', 'channel_id', 'sent_by_id',
        'sent_at', 'reached_at', 'call_from', 'is_unclear', 'missed', 'attempt_ids'})
    _portal_fields = frozenset({'beneficiary_id', 'kind', 'body', 'state', 'sent_at'})

    @api.model
    def _to_call_domain(self):
        """The messages that wait for an employee."""
        return Domain('call_from', '!=', False) & Domain('state', 'in', ('ready', 'sent'))

    # ------------------------------------------------------------
    # Making them
    # ------------------------------------------------------------

    @api.model
    def _prepare_messages(self, vals_list):
        """Queue messages, one for each person who is told; the caller's own action was checked, and the text comes from
        the app, not from a user.

        :param vals_list: ``beneficiary_id``, ``kind``, ``body``; with ``phone`` for that number alone
        """
        expanded = []
        for vals in vals_list:
            # who is told follows from the file, whoever did the step
            file_sudo = self.env['amlaj.beneficiary'].sudo().browse(vals['beneficiary_id'])
            own_name = self.env['amlaj.paper']._first_name(file_sudo)
            recipients = [{'recipient_name': own_name}] if 'phone' in vals else file_sudo._recipients()
            expanded += [{**who, **vals} for who in recipients]
        messages_sudo = self.sudo().create(expanded)
        messages_sudo._hand_out()
        return messages_sudo

    def _hand_out(self):
        """Leave new messages to the provider where it can send them, else to the desk (superuser)."""
        by_provider = self.filtered('phone') if self.env.company._amlaj_sms_api() else self.browse()
        (self - by_provider).call_from = fields.Datetime.now()
        if by_provider:
            self.env.ref('amlaj_beneficiary.cron_send_messages')._trigger()

    def _outgoing_body(self):
        """The text as it goes out; later rooms put in what is not to stand in the list."""
        self.ensure_one()
        return self.body

    # ------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------

    def action_open_chat(self):
        """Open the chat application of this computer or phone with the text ready; the employee presses send."""
        self.ensure_one()
        self._check_actor('send_message')
        self._check_blockers('send_message')
        if not self.phone:
            raise UserError(self.env._("This file has no phone number."))
        return {
            'type': 'ir.actions.act_url',
            'url': f"https://wa.me/{self.phone.lstrip('+')}?text={quote(self._outgoing_body())}",
            'target': 'new',
        }

    def action_print(self):
        """Print the message as a note that is handed over or sent by letter."""
        self._check_actor('send_message')
        return self.env.ref('amlaj_beneficiary.report_message').report_action(self, config=False)

    def action_mark_sent(self, channel_id=None):
        """Record that the message went out, and by which channel (default: his preferred one); by a channel where people
        speak with each other it has arrived."""
        for message in self:
            chosen = self._picked('amlaj.channel', channel_id)
            channel = chosen or message.beneficiary_id.preferred_channel_id
            how = SPOKEN_CHANNELS.get(channel.code) or SENT_CHANNELS.get(channel.code) or 'chat'
            outcome = 'spoken' if channel.code in SPOKEN_CHANNELS else 'sent'
            message._record_by_hand(how, outcome, channel=channel)
        return True

    def action_spoken(self):
        """Record that the person was spoken to on the phone: the message has arrived."""
        self.action_record_attempt('call', 'spoken')
        return self._told_action()

    def action_no_answer(self):
        """Record that nobody answered; after three attempts the representative is asked to go there."""
        self.action_record_attempt('call', 'no_answer')
        return self._told_action()

    def action_record_attempt(self, how, outcome, note=None):
        """Record one attempt to reach the person (R22, R61).

        :param how: ``call``, ``chat``, ``letter`` or ``visit``
        :param outcome: ``spoken``, ``sent``, ``no_answer`` or ``wrong_number``
        :param note: a remark of the employee
        :raise UserError: for another way or outcome, or where the message needs nobody any more
        """
        if how not in BY_HAND or outcome not in ('spoken', 'sent', *MISSED):
            raise UserError(self.env._("Please choose how you tried to reach the person, and how it went."))
        for message in self:
            message._record_by_hand(how, outcome, self._given(note)[:200])
        return True

    def _record_by_hand(self, how, outcome, note='', channel=None):
        self.ensure_one()
        self._do('send_message')
        message_sudo = self.sudo()  # the step was checked just above
        before = message_sudo._as_noted()
        attempt_sudo = message_sudo._note_attempt(how, outcome, note)
        visits_sudo = message_sudo._miss() if outcome in MISSED else message_sudo.env['mail.activity']
        attempt_sudo.before = {**before, 'visit_ids': visits_sudo.ids}
        if outcome in MISSED:
            return
        code = {'call': 'phone', 'visit': 'interview', 'letter': 'letter', 'chat': 'social'}[how]
        channel = channel if channel is not None else self.env['amlaj.channel']._by_code(code)
        message_sudo.write({
            'state': 'sent', 'call_from': False, 'is_unclear': False, 'channel_id': channel.id, **self._stamp('sent')})

    def _note_attempt(self, how, outcome, note='', by_user=True):
        """Keep one attempt for each message, and stamp those that reached the person (superuser)."""
        now = fields.Datetime.now()
        attempts = self.env['amlaj.message.attempt'].create([{
            'message_id': message.id, 'at': now, 'user_id': by_user and self.env.uid, 'how': how, 'outcome': outcome,
            'note': note or False} for message in self])
        if outcome in REACHED:
            self.filtered(lambda message: not message.reached_at).write({'reached_at': now, 'call_from': False})
        return attempts

    def _miss(self):
        """Count an attempt that reached nobody; with the third the representatives are asked to go there (superuser).

        :return: the tasks of the representatives
        """
        self.missed += 1
        visits = self.env['mail.activity']
        if self.missed != MOST_MISSED:
            return visits
        for user in self.beneficiary_id.branch_id.representative_ids:
            visits |= self.beneficiary_id.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id, summary=self._visit_summary(),
                date_deadline=self._today())
        return visits

    def _visit_summary(self):
        """What the representative's task is called: no name and no matter."""
        return self.env._("Please visit file %(number)s: we could not reach the person.",
                          number=self.beneficiary_id.file_number)

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        desk = Actors(frozenset({'relations', 'representative', 'manager'}))
        return super()._actors() | {'send_message': desk}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for message in self.sudo() if action == 'send_message' else ():  # the actor is checked apart
            if message.state == 'sending':
                blockers[message.id].append(Blocker('state', self.env._("This message is being sent at this moment.")))
            elif message.state != 'ready' and not message.call_from:
                blockers[message.id].append(Blocker(
                    'state', self.env._("This message was sent or is no longer needed.")))
        return blockers
