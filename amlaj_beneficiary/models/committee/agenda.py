from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import hijri
from ..registry.guarded import Actors, AddedFields, Blocker
from .decision import VOTE_READERS
from .relation import DEGREES

MEMBERS = Actors(frozenset({'committee'}))
# what the members were told: a change of it is told again
TOLD = frozenset({'date', 'planned_time', 'place'})


class AmlajCommitteeSession(models.Model):
    """Before the session: the agenda reaches its members' phones, and each says once whether he is related to anybody on
    it (R60, policy on relatives).

    Where an agenda was published, nobody votes before he has answered; who answers at the table is recorded by the lead.
    """
    _inherit = 'amlaj.committee.session'

    published_at = fields.Datetime(string="Agenda published on", copy=False)
    published_by_id = fields.Many2one('res.users', string="Agenda published by", copy=False)
    is_changed = fields.Boolean(string="Changed since", copy=False, help="The agenda changed after it was published.")
    is_short_notice = fields.Boolean(
        string="Short notice", compute='_compute_is_short_notice',
        help="The agenda reaches the members later than the setting asks for.")
    answer_ids = fields.One2many('amlaj.agenda.answer', 'session_id', string="Answers about relatives", copy=False)
    unanswered = fields.Char(
        string="Not answered yet", compute='_compute_unanswered', compute_sudo=True, groups=VOTE_READERS,
        help="Who has not said yet whether he is related to anybody on the agenda.")
    must_answer = fields.Boolean(compute='_compute_must_answer')
    unreached = fields.Char(
        string="Without e-mail: please call", compute='_compute_unreached', compute_sudo=True, groups=VOTE_READERS,
        help="Whom the agenda reaches by no message; it waits on his first page in any case.")

    _guarded_fields = AddedFields('published_at', 'published_by_id', 'is_changed', 'answer_ids')

    @api.depends('date', 'published_at')
    def _compute_is_short_notice(self):
        days = self.env['amlaj.settings']._get('agenda_days')
        for session in self:
            day = self._local_day(session.published_at) if session.published_at else self._today()
            session.is_short_notice = session.state == 'planned' and bool(session.date) and (
                day > session.date - timedelta(days=days))

    @api.depends('answer_ids.decision_ids', 'decision_ids.result', 'published_at')
    def _compute_unanswered(self):
        for session in self:
            names = session._unanswered_members().user_id.mapped('name') if session.published_at else []
            session.unanswered = self.env['amlaj.paper']._joined(names)

    @api.depends('answer_ids.decision_ids', 'decision_ids.result', 'published_at')
    @api.depends_context('uid')
    def _compute_must_answer(self):
        for session in self:
            asked = session.sudo().published_at and session.state != 'closed'
            session.must_answer = bool(asked and session._my_members() & session.sudo()._unanswered_members())

    @api.depends('published_at', 'committee_id')
    def _compute_unreached(self):
        for session in self:
            users = session.committee_id._current_members().user_id if session.published_at else session.published_by_id.browse()
            session.unreached = self.env['amlaj.paper']._joined(users.filtered(
                lambda user: user.notification_type == 'email' and not user.email).mapped('name'))

    def _unanswered_members(self):
        """The voting members who have not answered for every undecided file (superuser)."""
        self.ensure_one()
        items = self._items().sudo().filtered(lambda item: not item.result)
        members = self.committee_id._current_members().filtered('is_voting')
        covered = {answer.member_id: answer.decision_ids for answer in self.answer_ids}
        return members.filtered(lambda member: items - covered.get(member, items.browse()))

    # ------------------------------------------------------------
    # The agenda goes out
    # ------------------------------------------------------------

    def action_publish(self):
        """Send the agenda to the members, or say that it changed: a number, a day and a link; no name and no kind of help.

        :raise UserError: when there is nothing on it, or nothing changed since it was sent
        """
        for session in self:
            was_published = session.published_at
            session._do('publish', {**session._stamp('published'), 'is_changed': False})
            members = session.sudo().committee_id._current_members() - session._my_members()
            session._keep_answers(session.sudo().committee_id._current_members().filtered('is_voting'), given=False)
            for user in members.user_id.filtered('active'):
                session.sudo()._tell_agenda(user, bool(was_published))
        return True

    def _tell_agenda(self, user, is_change):
        """Notify ``user`` in his language (superuser)."""
        env = self.with_context(lang=user.lang).env
        day = hijri.full_date(self.date, user.lang or 'en_US')
        subject = env._("The agenda of %(day)s changed", day=day) if is_change else env._("Agenda of %(day)s", day=day)
        files = env['amlaj.paper'].with_context(lang=user.lang)._files_text(self.item_count)
        body = Markup('<p>{text}</p><p><a href="{url}">{open}</a></p>').format(
            text=env._(
                "Session %(number)s, %(when)s: %(files)s.", number=self.name, files=files,
                when=env['amlaj.paper']._joined([day, self._hour_text(), self.place])),
            url=f'{self.get_base_url()}/odoo/committee-sessions/{self.id}',
            open=env._("Open the agenda, and say whether you are related to anybody on it"))
        env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids, subject=subject, body=body, email_layout_xmlid='mail.mail_notification_light')

    def _hour_text(self):
        minutes = round((self.planned_time or 0) * 60)
        return f'{minutes // 60:02}:{minutes % 60:02}' if minutes else ''

    def _add_items(self, requests_sudo):
        result = super()._add_items(requests_sudo)
        self._mark_changed()
        return result

    def _set_agenda(self, request_ids):
        before = self._items().sudo().request_id
        result = super()._set_agenda(request_ids)
        if before - self._items().sudo().request_id:
            self._mark_changed()
        return result

    def write(self, vals):
        changed = self.filtered(lambda session: any(
            name in vals and (session._fields[name].convert_to_cache(vals[name], session) or False) != session[name]
            for name in TOLD))
        result = super().write(vals)
        for session in changed:
            session._mark_changed()
        return result

    def _mark_changed(self):
        if self.published_at and self.state == 'planned':
            self.sudo().is_changed = True  # whoever changed the agenda was let do so

    # ------------------------------------------------------------
    # One question for the whole agenda
    # ------------------------------------------------------------

    def action_answer_relations(self, related=None):
        """Say, as a member for himself, to whom on the agenda he is related; to all others he is not.

        The relation is remembered for later requests, and he stands back where it is as near as the policy says. Members
        answer at the same moment, so the session itself is not taken: each writes the row of his own answer.

        :param related: list of ``{'request_id', 'kind', 'degree'}``; nothing means: to nobody
        :raise UserError: for what names no file of this agenda or no kind of relation
        """
        self.ensure_one()
        self._check_actor('answer')
        self._check_blockers('answer')
        for relation in self._checked_relations(related):
            items = self._items(relation['request_id'])
            items._remember_relation(relation)
            if self._is_near(relation):
                items._touch()
                items._recuse(self._my_members(), 'own', self.env._("Related to the applicant"))
        self._keep_answers(self._my_members().filtered('is_voting'))
        return True

    def _checked_relations(self, related):
        """What was sent as relations, in the right form.

        :raise UserError: where it is not
        """
        kinds = dict(self.env['amlaj.relation']._fields['kind'].selection)
        found = []
        for relation in related or () if isinstance(related or (), list | tuple) else (None,):
            relation = relation if isinstance(relation, dict) else {}
            number, kind, degree = relation.get('request_id'), relation.get('kind') or 'kin', relation.get('degree') or 1
            if not all(isinstance(value, int) and not isinstance(value, bool) for value in (number, degree)) or (
                    not isinstance(kind, str) or kind not in kinds or not 1 <= degree <= DEGREES):
                raise UserError(self.env._("Please say whom you are related to, and how."))
            found.append({'request_id': number, 'kind': kind, 'degree': degree})
        return found

    def _is_near(self, relation):
        """Whether the policy asks for standing back: any interest, and kinship up to the degree of the setting."""
        return relation['kind'] == 'interest' or relation['degree'] <= self.env['amlaj.settings']._get('relation_degrees')

    def action_record_answers(self):
        """Record, as the session's lead, that the members at the table who have not answered said: to nobody."""
        for session in self:
            session._do('record_answers')
            session._keep_answers(session.sudo()._unanswered_members() & session.sudo()._voters())
        return True

    def _keep_answers(self, members, given=True):
        """Write that ``members`` have answered for every file that is on the agenda now (the step was checked).

        :param given: False prepares the rows of those who were asked, so that two taps of one member write one row and
            the database lets the later one see it
        """
        Answer_sudo = self.env['amlaj.agenda.answer'].sudo()
        items = self._items().sudo()
        known = {answer.member_id: answer for answer in self.sudo().answer_ids}
        for member in members.sudo():
            vals = {'answered_at': fields.Datetime.now(), 'recorded_by_id': self.env.uid,
                    'decision_ids': [fields.Command.set(items.ids)]} if given else {}
            if member in known:
                known[member].write(vals)
            else:
                Answer_sudo.create({**vals, 'session_id': self.id, 'member_id': member.id})

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _own_steps(self):
        return super()._own_steps() | {'answer'}

    def _actors(self):
        return super()._actors() | dict.fromkeys(('publish', 'answer', 'record_answers'), MEMBERS)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for session in self.sudo() if action in ('publish', 'answer', 'record_answers') else ():  # the actor is checked apart
            mine = blockers[session.id]
            if session.state == 'closed' or (action == 'publish' and session.state != 'planned'):
                mine.append(Blocker('state', self.env._("The session is closed: nothing in it changes any more.")
                                    if session.state == 'closed' else self.env._("The session was opened before.")))
            elif action == 'record_answers' and session.kind == 'circulation':
                mine.append(Blocker('state', self.env._("By circulation each member answers himself.")))
            elif action != 'publish' and not session.published_at:
                mine.append(Blocker('state', self.env._("The agenda was not published.")))
            elif action == 'publish' and not session._items():
                mine.append(Blocker('empty', self.env._("There is nothing on the agenda yet.")))
            elif action == 'publish' and session.published_at and not session.is_changed:
                mine.append(Blocker('state', self.env._("The members have this agenda already.")))
        return blockers


class AmlajAgendaAnswer(models.Model):
    """A member's answer to the one question about relatives, for the files that were on the agenda then.

    Written by the session's steps alone; the members of the committee, auditors and managers read it.
    """
    _name = 'amlaj.agenda.answer'
    _description = "Answer about relatives"
    _inherit = ['amlaj.guarded']
    _order = 'session_id, id'
    _rec_name = 'member_id'

    session_id = fields.Many2one('amlaj.committee.session', required=True, index=True, ondelete='cascade', copy=False)
    member_id = fields.Many2one('amlaj.committee.member', required=True, index=True, ondelete='restrict', copy=False)
    answered_at = fields.Datetime(string="Answered on", copy=False)
    recorded_by_id = fields.Many2one('res.users', string="Recorded by", copy=False)
    decision_ids = fields.Many2many(
        'amlaj.decision', 'amlaj_agenda_answer_decision_rel', 'answer_id', 'decision_id', string="For these files",
        copy=False)

    _once = models.UniqueIndex('(session_id, member_id)', "This member has answered already.")

    _guarded_fields = frozenset({'session_id', 'member_id', 'answered_at', 'recorded_by_id', 'decision_ids'})

    def _file(self):
        return self.env['amlaj.beneficiary']


class AmlajDecision(models.Model):
    """Nobody votes before he has said whether he is related (policy on relatives)."""
    _inherit = 'amlaj.decision'

    def _answered(self):
        """``{decision id: members}`` who answered for each of these items (superuser)."""
        found = {item.id: self.env['amlaj.committee.member'] for item in self}
        for answer in self.session_id.answer_ids:
            for item in answer.decision_ids & self:
                found[item.id] |= answer.member_id
        return found

    def _vote_blockers(self, decisions_sudo):
        found = super()._vote_blockers(decisions_sudo)
        asked = decisions_sudo.filtered('session_id.published_at')
        answered = asked._answered()
        for decision in asked:
            if decision._my_seats().filtered('is_voting') - answered[decision.id]:
                found[decision.id].append(Blocker('relatives', self.env._(
                    "Please say first whether you are related to anybody on this agenda.")))
        return found

    def _check_voters(self, members):
        result = super()._check_voters(members)
        asked = self.filtered('session_id.published_at')
        for answered in asked._answered().values():
            for member in members - answered:
                raise UserError(self.env._(
                    "%(name)s has not said yet whether he is related to anybody on this agenda.",
                    name=member.user_id.name))
        return result


class AmlajPaper(models.AbstractModel):
    _inherit = 'amlaj.paper'

    @api.model
    def _files_text(self, count):
        """How many files there are."""
        return self.env._("files: %(count)s", count=count)
