import uuid

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.text import clean_line, name_tokens
from ..committee.request_reply import REOPENABLE
from ..registry.guarded import Actors, AddedFields, Blocker
from .ticket import FILE_READERS, OPEN_STATES
from .ticket_steps import LONGEST

OBJECTABLE = ('partial', 'rejected')
STAFF = frozenset({'relations', 'representative'})
KEY_LENGTH = 64
# shorter words of a service's name say nothing by themselves
SHORTEST_KIND = 4


class AmlajRequest(models.Model):
    """The objection to what was decided (A20): made by the applicant in the portal or with the code of his papers, or for
    him at the desk; once for each decision, from the reply until the day that the letter names.

    Before the reply every door answers alike, whether something was decided or not.
    """
    _inherit = 'amlaj.request'

    # objections alone: whether somebody complained is no property of a request that one could search by
    ticket_ids = fields.One2many(
        'amlaj.ticket', 'request_id', string="Objections", copy=False, groups=FILE_READERS,
        domain=[('kind', '=', 'objection')])

    _guarded_fields = AddedFields('ticket_ids')

    def action_object(self, text, channel_id=None, received_on=None, submission_key=None):
        """Object to the decision on this request: as the holder of a mandate to apply, or as staff for the applicant.

        :param text: why, in the applicant's words
        :param channel_id: for staff: how it reached the association; default the interview
        :param received_on: for staff: the day on which it arrived, which counts for the time limit; default today
        :param submission_key: made by the client: the second arrival returns the first
        :return: the objection
        :raise UserError: saying why there can be none now
        """
        self.ensure_one()
        self._check_actor('object')
        request_sudo = self.sudo()  # the actor was checked just above
        if not self._by_staff():
            return request_sudo._object_by_applicant(text, submission_key).with_env(self.env)
        day = self._given_day(received_on)
        channel = self._channel(channel_id) or self._channel_interview()
        ticket_sudo = request_sudo._object(text, submission_key, day, {
            'origin': 'staff', 'entered_by_id': self.env.uid, 'channel_id': channel.id})
        return ticket_sudo.with_env(self.env)

    def _by_staff(self):
        """Whether the current user acts for the applicant here, and not by a mandate of his own."""
        own_sudo = self.env['amlaj.mandate']._files_held(self.sudo().beneficiary_id, self.env.user)
        return self.env.user._is_internal() and not own_sudo

    def _object_by_applicant(self, text, submission_key=None):
        """Take the objection that the applicant sends himself, in the portal or with the code (superuser; the door has
        checked the mandate or the code)."""
        website = self.env['amlaj.channel']._by_code('website')
        return self._object(text, submission_key, None, {'origin': 'applicant', 'channel_id': website.id})

    def _object(self, text, submission_key, received_on, vals):
        """Make the objection, or return the one that the same click made already (superuser).

        :raise UserError: saying why there can be none now, or what its text lacks
        """
        self.ensure_one()
        Ticket, key = self.env['amlaj.ticket'], clean_line(str(submission_key or ''))[:KEY_LENGTH]
        mine = key and Ticket.search([('create_uid', '=', self.env.uid), ('submission_key', '=', key)], limit=1)
        if mine and mine.request_id == self:
            return mine
        self._lock()
        today = self._today()
        day = received_on or today
        problems = [blocker.text for blocker in self._objection_blockers(day)[self.id]]
        if not problems and not self._local_day(self.replied_at) <= day <= today:
            problems = [self.env._("Please check the day on which the objection was received.")]
        if problems:
            raise UserError("\n".join(problems))
        ticket = Ticket.create({
            'kind': 'objection', 'beneficiary_id': self.beneficiary_id.id, 'request_id': self.id,
            'objection_to': 'decision', 'decision_id': self.decision_id.id, 'text': self._objection_text(text),
            'received_on': day,
            'due_date': Ticket._answer_due(day), **vals,
            # a key that stands on another request's objection already was not made for this one
            'submission_key': uuid.uuid4().hex if mine or not key else key})
        self.env.flush_all()
        return ticket

    def _objection_text(self, text):
        text = self._given(text)
        if not text:
            raise UserError(self.env._("Please write why you object."))
        if len(text) > LONGEST:
            raise UserError(self.env._("This text is too long: %(most)s characters at most.", most=LONGEST))
        return text

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {'object': Actors(STAFF, 'may_apply')}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'object':
            for request_id, mine in self.sudo()._objection_blockers(self._today()).items():  # the actor is checked apart
                blockers[request_id] += mine
        if action == 'close':
            # those to a failed delivery too; the request alone tells which
            waiting_sudo = self.env['amlaj.ticket'].sudo().search(
                [('request_id', 'in', self.ids), ('kind', '=', 'objection'), ('state', 'in', OPEN_STATES)])
            for request in waiting_sudo.request_id:
                blockers[request.id].append(Blocker('objection', self.env._(
                    "An objection waits for its answer: the request stays open until then.")))
        return blockers

    def _objections_sudo(self):
        """The objections to the decisions on these requests, newest first, for the house's own rules; searched, since rows
        read as the superuser through ``ticket_ids`` would stay in the user's cache."""
        return self.env['amlaj.ticket'].sudo().search_fetch(
            [('request_id', 'in', self.ids), ('kind', '=', 'objection'), ('decision_id', '!=', False)],
            ['request_id', 'decision_id', 'state', 'name', 'received_on', 'due_date', 'text', 'answer', 'answered_at',
             'outcome'])

    def _objection_blockers(self, day, objections=None):
        """``{id: [Blocker]}``: why what arrives on ``day`` is no objection (superuser). Nothing of an unreplied decision
        is asked.

        :param objections: those of these requests, where the caller has them
        """
        found = {request.id: request._unobjectable_blockers(day) for request in self}
        asked = self.filtered(lambda request: not found[request.id])
        for ticket in asked and (asked._objections_sudo() if objections is None else objections):
            if ticket.decision_id == ticket.request_id.decision_id:
                found[ticket.request_id.id].append(Blocker('state', self.env._(
                    "An objection to this decision was received already: number %(number)s.", number=ticket.name)))
        return found

    def _unobjectable_blockers(self, day):
        if not self.replied_at:
            return [Blocker('state', self.env._("An objection is possible once you have received our answer."))]
        if self.decision_id.result not in OBJECTABLE:
            return [Blocker('state', self.env._("There was no refusal to object to. Please call us: we gladly help you."))]
        if self.state not in REOPENABLE:
            return [Blocker('state', self.env._("This request is closed. Please call us: we gladly help you."))]
        last = self._objection_last_day()
        if day > last:
            return [Blocker('late', self.env._(
                "The time for an objection ended on %(day)s. You may submit another request at any time.",
                day=self._told_day(last)))]
        return []

    def _do(self, action, vals=None):
        result = super()._do(action, vals)
        if action == 'cancel':
            # what is cancelled is decided no more, nor delivered
            self.env['amlaj.ticket'].sudo().search(
                [('request_id', 'in', self.ids), ('kind', '=', 'objection')])._withdraw()
        return result

    # ------------------------------------------------------------
    # What the applicant is told
    # ------------------------------------------------------------

    def _told(self, door):
        # not in ``_told_actions``: one search serves what is offered and what is told
        told = super()._told(door)
        objections = self._objections_sudo() if self.replied_at or self.reopened_at else self.env['amlaj.ticket']
        actions = self._told_objecting(door, objections)
        if told['result'] and not actions:
            told['result']['objection_text'] = ''  # no right is promised that has ended or was used
        actions += self._told_objecting_deliveries(door, told['deliveries'])
        return {**told, 'actions': told['actions'] + actions, 'objection': self._told_objection(door, objections)}

    def _told_objecting_deliveries(self, door, deliveries):
        """The action of objecting to each delivery that failed, on the person's own pages."""
        may_object = door == 'portal' and self.state in ('delivery', 'done')
        failed = self.env['amlaj.delivery'].browse(
            delivery['id'] for delivery in deliveries if may_object and delivery['state'] == 'failed')
        return [{
            'key': 'objection', 'label': self.env._("Object to the failed delivery"),
            'url': f'/my/objections/delivery/{delivery.id}',
            'help': self.env._("If you do not agree that the delivery failed on your side, write to us.")}
            for delivery in failed if not delivery._objection_problem(self._today())]

    def _told_objecting(self, door, objections):
        """The action of objecting, while it is possible."""
        if self._objection_blockers(self._today(), objections)[self.id]:
            return []
        return [{
            'key': 'objection', 'label': self.env._("Lodge objection"), 'url': self._told_url(door, 'objection'),
            'help': self.env._(
                "If you do not agree with the answer, write to us until %(day)s. Somebody who took no part in the "
                "decision reads it.", day=self._told_day(self._objection_last_day()))}]

    def _told_page(self, mandates):
        told = super()._told_page(mandates)
        # who only follows sees where the objection is and makes none
        told['actions'] = [action for action in told['actions'] if told['may_act'] or action['key'] != 'objection']
        return told

    def _told_objection(self, door, objections):
        """Where the newest objection stands, or False: dict ``number``, ``state_text``, ``received_on``, ``answer_by``,
        ``text`` (the applicant's own, in the portal only), ``answered_on``, ``answer``."""
        self.ensure_one()
        ticket = objections[:1]
        if not ticket:
            return False
        waits = ticket.state in OPEN_STATES
        return {
            'number': ticket.name,
            'state_text': self._told_objection_state(ticket),
            'received_on': self._told_day(ticket.received_on),
            'answer_by': self._told_day(ticket.due_date) if waits else '',
            'text': ticket.text if door == 'portal' else '',
            'answered_on': self._told_day(ticket.answered_at),
            'answer': self._told_answer(ticket, door),
        }

    def _told_objection_state(self, ticket):
        if ticket.state in OPEN_STATES:
            return self.env._("We received your objection and are studying it")
        if ticket.outcome == 'upheld' and self.replied_at:
            return self.env._("Your objection was accepted, and the committee studied your request again")
        return {
            'upheld': self.env._("Your objection was accepted: the committee studies your request again"),
            'dismissed': self.env._("We studied your objection, and the answer stays as it was"),
            'withdrawn': self.env._("Your objection ended with the request"),
        }[ticket.outcome]

    def _told_answer(self, ticket, door):
        """The answer to an objection; with the code alone only where it names neither the person nor the help."""
        if not ticket.answered_at:
            return ''
        if door != 'portal' and self._is_telling(ticket.answer):
            return self.env._("To hear our answer in full, please call us.")
        return ticket.answer

    def _is_telling(self, text):
        """Whether ``text`` holds a part of the person's name, or of the service's in whatever form (superuser)."""
        words = set(name_tokens(text))
        if words & set(name_tokens(self.beneficiary_id.name or '')):
            return True
        kinds = [word for word in name_tokens(self.service_id.name or '') if len(word) >= SHORTEST_KIND]
        return any(kind in word for kind in kinds for word in words)

    def _objection_page(self, door):
        """All that the page for objecting shows (superuser)."""
        self.ensure_one()
        return {
            'number': self.name,
            'intro': self.env._(
                "You have the right to object until %(day)s. Somebody who took no part in the decision reads what you write, "
                "and it affects neither this nor another request of yours.",
                day=self._told_day(self._objection_last_day())),
            'problem': "\n".join(blocker.text for blocker in self._objection_blockers(self._today())[self.id]),
            'url': self._told_url(door, 'objection'),
            'back_url': self._told_url(door, 'request') if door == 'follow' else f'/my/requests/{self.id}',
            'home_url': '/' if door == 'follow' else '/my',
            'longest': LONGEST,
            'call_phone': self.branch_id._call_phone(),
        }
