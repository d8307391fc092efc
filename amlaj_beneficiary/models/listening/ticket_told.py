from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.counted import counted
from ...tools.hijri import full_date
from ...tools.text import isolate
from .ticket import OPEN_STATES, PLAIN_KINDS
from .ticket_arrival import KINDS, MOST_FILES
from .ticket_steps import LONGEST

ROWS = 20


class AmlajTicket(models.Model):
    """What the person reads on his own pages and with his code: his words and ours, and when the answer comes (R14, R22).

    On his pages he sees what he wrote himself; of a file that he follows also what was entered for it by staff, but a
    complaint only where the file is his own: nobody else's mandate opens it. The caller calls in superuser mode.
    """
    _inherit = 'amlaj.ticket'

    @api.model
    def _holder_domain(self):
        """The tickets on the current user's own pages."""
        mandates_sudo = self.env['amlaj.mandate']._held_by(self.env.user)
        files_sudo = mandates_sudo._files()
        own_sudo = mandates_sudo.filtered(lambda mandate: mandate.capacity == 'self')._files()
        mine = Domain('sender_id', '=', self.env.uid) & (
            Domain('beneficiary_id', '=', False) | Domain('beneficiary_id', 'in', files_sudo.ids))
        entered = Domain('sender_id', '=', False) & Domain('is_anonymous', '=', False)
        return mine | entered & (
            Domain('beneficiary_id', 'in', files_sudo.ids) & Domain('kind', 'in', (*PLAIN_KINDS, 'objection'))
            | Domain('beneficiary_id', 'in', own_sudo.ids))

    @api.model
    def _holder_tickets(self, page=1):
        """One page of the current user's words, newest first: dict ``rows``, ``total``, ``step``."""
        domain = self._holder_domain()
        Ticket_sudo = self.sudo()  # the domain asks for his own
        found = Ticket_sudo.search_fetch(
            domain, ['name', 'kind', 'state', 'received_on', 'due_date', 'request_id', 'outcome'],
            limit=ROWS, offset=(max(page, 1) - 1) * ROWS)
        return {
            'total': Ticket_sudo.search_count(domain), 'step': ROWS,
            'rows': [{
                'number': ticket.name, 'kind_text': ticket._told_kind(), 'state_text': ticket._told_state(),
                'date': ticket._told_day(ticket.received_on), 'url': f'/my/tickets/{ticket.id}'} for ticket in found]}

    @api.model
    def _held_ticket(self, ticket_id):
        """The ticket of this id on the current user's pages, in superuser mode; an empty record for all else."""
        # the domain asks for his own
        return self.sudo().search(self._holder_domain() & Domain('id', '=', ticket_id), limit=1)

    @api.model
    def _told_day(self, day):
        return full_date(day, (self.env.lang or 'en')[:2]) if day else ''

    def _told_kind(self):
        return dict(self._fields['kind']._description_selection(self.env))[self.kind]

    def _told_state(self):
        if self.outcome == 'merged':
            return self.env._("Answered together with another message of yours")
        return {
            'new': self.env._("We received it"), 'open': self.env._("We are working on it"),
            'answered': self.env._("We answered"), 'closed': self.env._("Closed")}[self.state]

    def _told_page(self):
        """All that the page of one word shows."""
        self.ensure_one()
        waits = self.state in OPEN_STATES
        turns = [{'who_text': self.env._("You") if turn['who'] == 'person' else self.env._("The association"),
                  'is_own': turn['who'] == 'person', 'on': self._told_day(fields.Date.to_date(turn['on'])), 'text': turn['text']}
                 for turn in self.exchange or ()]
        if self.kind == 'objection' and self.answer:
            turns.append({'who_text': self.env._("The association"), 'is_own': False,
                          'on': self._told_day(self._local_day(self.answered_at)), 'text': self.answer})
        is_late = bool(self.due_date and self.due_date < self._today() and waits)
        return {
            'title': self.env._("%(kind)s no. %(number)s", kind=self._told_kind(), number=isolate(self.name)),
            'number': self.name, 'state_text': self._told_state(), 'text': self.text,
            'received_on': self._told_day(self.received_on),
            'answer_by': self._told_day(self.due_date) if waits and not is_late else '',
            'late_text': is_late and self.env._(
                "We promised you an answer by %(day)s, and we are late. We apologise, and follow it up.",
                day=self._told_day(self.due_date)),
            'turns': turns, 'file_count': len(self.attachment_ids), 'may_reply': self._may_write_further(),
            'is_anonymous': self.is_anonymous, 'longest': LONGEST, 'most_files': MOST_FILES,
            'call_phone': self.branch_id._call_phone(),
        }

    @api.model
    def _send_page(self):
        """What the form for a new word offers."""
        kinds = dict(self._fields['kind']._description_selection(self.env))
        return {
            'kinds': [(kind, kinds[kind], text) for kind, text in zip(KINDS, (
                self.env._("A question"), self.env._("An idea to do something better"),
                self.env._("Something went wrong, or somebody did")), strict=True)],
            'about_kinds': self._fields['about_kind']._description_selection(self.env),
            'longest': LONGEST, 'most_files': MOST_FILES, 'limit_mb': self.env['amlaj.settings']._get('max_upload_mb'),
            'days_text': self._days_text(),
        }

    def _days_text(self):
        settings, lang = self.env['amlaj.settings'], (self.env.lang or 'en')[:2]
        return self.env._(
            "We answer a question within %(enquiry)s, a complaint within %(complaint)s and a suggestion within "
            "%(suggestion)s, counted in our working days.",
            **{kind: counted(settings._get(f'{kind}_answer_days'), 'day', lang, oblique=True) for kind in KINDS})
