from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain

from ...tools.phone import show_phone
from ...tools.text import isolate
from ..registry.guarded import Actors, AddedFields, Blocker
from .ticket import OPEN_STATES
from .ticket_steps import RECEIVERS

MOST_TURNS = 40


class AmlajTicket(models.Model):
    """What is said to and fro after the first word, and how the person learns of it (R14, R22, R61).

    It stands on the ticket itself, so that whoever may not see the ticket sees no word of it by another model either:
    no chatter, no follower, no mail. A message through the outbox says a number and where to read, never a kind.
    """
    _inherit = 'amlaj.ticket'

    exchange = fields.Json(copy=False, groups=NO_ACCESS, help="List of who, on, text, user_id, key.")
    exchange_text = fields.Text(string="Said since", compute='_compute_exchange_text')
    told_text = fields.Char(string="Who is told", compute='_compute_told_text')
    answer_count = fields.Integer(string="Written", compute='_compute_exchange_text')

    _guarded_fields = AddedFields('exchange')

    @api.depends('exchange')
    def _compute_exchange_text(self):
        self.check_access('read')
        for ticket, ticket_sudo in zip(self, self.sudo(), strict=True):  # whoever reads it reads what was said
            turns = ticket_sudo.exchange or []
            ticket.answer_count = len(turns)
            ticket.exchange_text = "\n\n".join(
                f"{turn['on']} · {self._told_who(turn['who'])}\n{turn['text']}" for turn in turns) or False

    @api.model
    def _told_who(self, who):
        return {'person': self.env._("The person"), 'question': self.env._("Question of the association"),
                'answer': self.env._("Answer of the association")}[who]

    def _say(self, who, text, key=''):
        """Add one turn (superuser)."""
        self.ensure_one()
        turns = self.exchange or []
        if len(turns) >= MOST_TURNS:
            raise UserError(self.env._("This conversation is long enough. Please call us, or write a new message."))
        self.exchange = [*turns, {'who': who, 'on': str(self._today()), 'text': text, 'key': key,
                                  'user_id': 0 if who == 'person' else self.env.uid}]

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_ask(self, text):
        """Ask the person something before answering; the time for the answer runs on.

        :param text: the question, in words for the person
        """
        self._check_actor('ask')
        text = self._checked_text(text)
        for ticket in self:
            ticket_sudo = ticket.sudo()  # the step is checked on this line's right
            ticket._do('ask', {'state': 'open', 'user_id': ticket_sudo.user_id.id or self.env.uid})
            ticket_sudo._say('question', text)
            ticket_sudo._notify_person()
        return True

    def _after_answer(self):
        """Keep the answer with what was said, and tell the person that it is there (superuser)."""
        for ticket in self | self._merged_here():
            ticket._say('answer', (ticket if ticket in self else ticket.merged_into_id).answer)
        self._count_answer()
        (self | self._merged_here())._notify_person()

    def _reply_by_person(self, text, files=(), key=''):
        """Take what the person writes further, by his page or his code (superuser).

        What was answered is open again, with a new day for the answer; the same click twice is one.
        """
        self.ensure_one()
        text = self._arrived_text(text)
        self._lock()
        key = self._key_hash(key or self._new_key(), self.id)
        if any(turn['key'] == key for turn in self.exchange or ()):
            return
        if not self._may_write_further():
            raise UserError(self.env._("This conversation is closed. Please write us a new message."))
        checked = self._checked_files(files, self.is_anonymous)
        own = self.with_user(SUPERUSER_ID)  # nothing that is written says who was logged in
        own._say('person', text, key)
        if self.state == 'answered':
            own.write({'state': 'open', 'due_date': self._answer_due(self._today(), self.kind)})
        own._keep_files(checked)
        own._blur_times()

    def _may_write_further(self):
        return self.state != 'closed' and self.kind != 'objection'

    def _actors(self):
        return super()._actors() | {'ask': Actors(RECEIVERS)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for ticket in self.sudo() if action == 'ask' else ():  # the actor is checked apart
            if ticket.state not in OPEN_STATES or ticket.kind == 'objection':
                blockers[ticket.id].append(Blocker('state', self.env._(
                    "%(number)s waits for no answer, or is an objection.", number=ticket.name)))
        return blockers

    # ------------------------------------------------------------
    # Who is told, and of what
    # ------------------------------------------------------------

    @api.depends_context('uid')
    def _compute_told_text(self):
        self.check_access('read')
        for ticket, ticket_sudo in zip(self, self.sudo(), strict=True):  # what he may know of it is chosen below
            ticket.told_text = ticket_sudo._told_to(self.env['amlaj.beneficiary'].has_access('read'))

    def _told_to(self, with_names):
        """Who hears that there is an answer (superuser); names only for who reads files."""
        if self.is_anonymous:
            return self.env._("Nobody is written to: the person reads it with his number and code.")
        if self.beneficiary_id and self.kind == 'complaint':
            # it may be about one of those who are told as well
            return show_phone(self.beneficiary_id.phone) if with_names and self.beneficiary_id.phone else self.env._(
                "The person of the file alone; the message says a number and no kind.")
        if self.beneficiary_id:
            return self.beneficiary_id.told_to if with_names else self.env._(
                "The person of the file, and whom he wished to be told; the message says a number and no kind.")
        if self.sender_phone:
            return show_phone(self.sender_phone) if with_names else self.env._("The person, by the phone that he left.")
        if self.sender_email:
            return self.sender_email if with_names else self.env._("The person, by the e-mail that he wrote from.")
        return self.env._("Nobody is written to: the person reads it on his page, or with number and code.")

    def _notify_person(self):
        """Queue the message that there is news; one that still waits is enough (superuser)."""
        Message = self.env['amlaj.message']
        for ticket in self.filtered(lambda ticket: not ticket.is_anonymous):
            waiting = Message.search_count(
                Domain('ticket_id', '=', ticket.id) & Domain('state', '=', 'ready'), limit=1)
            if waiting or not (ticket.beneficiary_id or ticket.sender_phone):
                continue
            lang = ticket.beneficiary_id.lang or self.env.lang
            vals = {'ticket_id': ticket.id, 'beneficiary_id': ticket.beneficiary_id.id, 'kind': 'ticket',
                    'body': ticket.with_context(lang=lang)._notice_text()}
            if ticket.kind == 'complaint' and ticket.beneficiary_id:
                vals['phone'] = ticket.beneficiary_id.phone  # nobody else is told of it
            elif not ticket.beneficiary_id:
                vals |= {'phone': ticket.sender_phone, 'recipient_name': (ticket.sender_name or '').split(' ')[0]}
            Message._prepare_messages([vals])

    def _notice_text(self):
        """A number and where to read, in the person's language (design rule 9)."""
        self.ensure_one()
        phone = self.branch_id.phone or self.env.company.phone
        ask = self.env._("call %(phone)s or ask the sub-office", phone=isolate(phone)) if phone \
            else self.env._("ask the sub-office")
        page = '/my/tickets' if self.sender_id else '/follow-up'
        return self.env._(
            "There is news of your message no. %(number)s. To see it: %(link)s, or %(ask)s.",
            number=isolate(self.name), link=f'{self.get_base_url()}{page}', ask=ask)
