from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Command, Domain

from ..registry.guarded import Actors, Blocker
from .committee import LEADS

COMMITTEE = Actors(frozenset({'committee'}))


class AmlajCommitteeSession(models.Model):
    """A session of a committee: its agenda, who is present, what was decided (R59, R60).

    The committee's chair, deputy or secretary prepare it, open it, record its decisions and close it; each member
    votes for himself. A closed session never changes. Other roles that follow requests read when sessions are held.

    The agenda is a list of ``amlaj.decision``; ``request_ids`` shows it as requests. The steps are in
    ``session_steps``.
    """
    _name = 'amlaj.committee.session'
    _description = "Session of a committee"
    _inherit = ['amlaj.guarded']
    _order = 'date desc, id desc'
    _log_name = 'name'

    name = fields.Char(string="Session number", readonly=True, copy=False, index=True)
    committee_id = fields.Many2one(
        'amlaj.committee', required=True, index=True, ondelete='restrict',
        default=lambda self: self._default_committee())
    date = fields.Date(required=True, default=lambda self: self._today())
    planned_time = fields.Float(string="Time", help="The hour at which the session is to begin.")
    place = fields.Char()
    opened_at = fields.Datetime(string="Opened on", copy=False)
    closed_at = fields.Datetime(string="Closed on", copy=False)
    state = fields.Selection([
        ('planned', "Session planned"),
        ('open', "Session open"),
        ('closed', "Session closed"),
    ], required=True, default='planned', copy=False, index=True)
    note = fields.Text(string="Notes for the minutes", copy=False)
    present_ids = fields.Many2many(
        'amlaj.committee.member', 'amlaj_session_present_rel', 'session_id', 'member_id', copy=False,
        domain="[('committee_id', '=', committee_id), ('is_current', '=', True)]")
    decision_ids = fields.One2many('amlaj.decision', 'session_id', string="Agenda", copy=False)
    request_ids = fields.Many2many(
        'amlaj.request', string="Requests on the agenda", compute='_compute_request_ids',
        inverse='_inverse_request_ids', compute_sudo=True, copy=False)
    quorum = fields.Integer(
        compute='_compute_quorum', help="How many voting members must be present for a decision.")
    has_quorum = fields.Boolean(string="Quorum reached", compute='_compute_quorum')
    closed_record = fields.Json(
        copy=False, groups=NO_ACCESS, help="Attendance, quorum and the minutes' lines as they were at the closing.")
    is_due = fields.Boolean(string="Its day has come", compute='_compute_is_due')
    item_count = fields.Integer(string="Files", compute='_compute_counts')
    undecided_count = fields.Integer(string="Undecided", compute='_compute_counts')
    candidate_count = fields.Integer(string="Waiting for a session", compute='_compute_candidate_count')

    _number_unique = models.UniqueIndex('(name)', "This session number is taken.")

    _guarded_fields = frozenset({'name', 'state', 'opened_at', 'closed_at', 'closed_record', 'decision_ids'})

    # ------------------------------------------------------------
    # Defaults, computed fields
    # ------------------------------------------------------------

    @api.model
    def _default_committee(self):
        return self.env['amlaj.committee'].search(self._lead_domain(), limit=1)

    @api.model
    def _lead_domain(self):
        """Committees in which the current user leads sessions today."""
        return Domain('member_ids', 'any', [
            ('user_id', '=', self.env.uid), ('is_current', '=', True), ('role', 'in', LEADS)])

    @api.depends('decision_ids.result', 'decision_ids.request_id')
    def _compute_request_ids(self):
        for session in self:
            session.request_ids = session._items().sudo().request_id

    def _inverse_request_ids(self):
        for session in self:
            session._set_agenda(session.request_ids.ids)

    @api.depends('committee_id', 'present_ids', 'state')
    def _compute_quorum(self):
        for session in self:
            frozen = session._frozen()
            needed = frozen.get('quorum') or (session.committee_id and session.committee_id._quorum()) or 0
            session.quorum = needed
            session.has_quorum = bool(needed) and len(session._voters()) >= needed

    @api.depends('date')
    def _compute_is_due(self):
        today = self._today()
        for session in self:
            session.is_due = bool(session.date) and session.date <= today

    @api.depends('decision_ids.result')
    def _compute_counts(self):
        by_session = self._items().sudo().grouped('session_id')  # numbers, whoever may not see one of the files
        for session in self:
            items = by_session.get(session, self.env['amlaj.decision']).sudo()
            session.item_count = len(items)
            session.undecided_count = len(items.filtered(lambda item: not item.result))

    @api.depends('committee_id', 'state', 'decision_ids.result')
    def _compute_candidate_count(self):
        # a number only: the requests themselves are seen once they are on the agenda
        count = self.env['amlaj.request'].sudo().search_count(self._candidate_domain())
        for session in self:
            session.candidate_count = count if session.state != 'closed' else 0

    @api.constrains('present_ids', 'committee_id')
    def _check_present(self):
        for session in self:
            if session.present_ids.committee_id - session.committee_id:
                raise UserError(self.env._("Only members of this committee are present in its session."))

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        agendas = [vals.get('request_ids') for vals in vals_list]
        sessions = super().create([
            {name: value for name, value in vals.items() if name != 'request_ids'} for vals in vals_list])
        for session in sessions.sudo():  # the number is the house's own
            session.name = session.name or self.env['ir.sequence'].next_by_code(
                'amlaj.committee.session', sequence_date=session.date)
        for session, commands in zip(sessions, agendas, strict=True):
            if commands:
                session._set_agenda(session._commanded_requests(commands))
        return sessions

    def write(self, vals):
        if vals and any(session.state == 'closed' for session in self):
            raise UserError(self.env._("The session is closed: nothing in it changes any more."))
        if 'committee_id' in vals and any(session.decision_ids for session in self):
            raise UserError(self.env._("The agenda belongs to this committee: please plan another session instead."))
        # the secretary names requests that he sees only once they are on the agenda: Odoo's own way would refuse them
        commands = vals.get('request_ids')
        result = super().write({name: value for name, value in vals.items() if name != 'request_ids'})
        for session in self if commands else ():
            session._set_agenda(session._commanded_requests(commands))
        return result

    def _commanded_requests(self, commands):
        """The ids of the requests that the agenda is to hold."""
        ids = dict.fromkeys(self._items().sudo().request_id.ids)
        for command in commands:
            code, request_id, value = (*command, False, False)[:3]
            if code == Command.LINK:
                ids[request_id] = None
            elif code in (Command.UNLINK, Command.DELETE):
                ids.pop(request_id, None)
            elif code in (Command.SET, Command.CLEAR):
                ids = dict.fromkeys(value if code == Command.SET else ())
            else:
                raise UserError(self.env._("A request is made at the desk, not on an agenda."))
        return list(ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(session.state != 'planned' for session in self):
            raise UserError(self.env._("A session that was opened stays."))
        if any(session.published_at for session in self):
            raise UserError(self.env._("The members know of this session: please plan it on another day instead."))

    # ------------------------------------------------------------
    # The agenda
    # ------------------------------------------------------------

    def _items(self, request_ids=None):
        """The agenda's items, or those of some requests, in the order of the agenda.

        :param request_ids: ids of requests
        :raise UserError: when one of them is not on the agenda, or none is named.
        """
        # the agenda itself is read as the house keeps it; who may see which file is checked where files are shown
        # (a search, since rows read as the superuser through ``decision_ids`` would stay in the user's cache)
        items_sudo = self.env['amlaj.decision'].sudo().search([
            ('session_id', 'in', self.ids), ('result', 'not in', ['withdrawn'])])
        if request_ids is None:
            return items_sudo.with_env(self.env)
        given = getattr(request_ids, 'ids', request_ids)
        wanted = [given] if isinstance(given, int) else list(given) if isinstance(given, list | tuple | set) else []
        if not wanted:
            raise UserError(self.env._("Please choose at least one request."))
        # of a request that comes twice (deferred, then raised again) the undecided item counts
        by_request = {item.request_id.id: item for item in items_sudo.sorted(lambda item: (not item.result, item.id))}
        if any(not isinstance(request_id, int) or request_id not in by_request for request_id in wanted):
            raise UserError(self.env._("A request is not on the agenda of this session."))
        ids = {by_request[request_id].id for request_id in wanted}
        return items_sudo.filtered(lambda item: item.id in ids).with_env(self.env)

    @api.model
    def _candidate_domain(self):
        """Raised requests that wait for a session: on no agenda, and not decided yet."""
        return Domain('state', '=', 'committee') & Domain('decision_id', '=', False) & Domain(
            'decision_ids', 'not any', [('result', '=', False)])

    def _candidates(self):
        """The requests that wait for a session, grouped by service, urgent and older ones first (superuser)."""
        requests_sudo = self.env['amlaj.request'].sudo().search(self._candidate_domain())
        return requests_sudo.sorted(lambda request: (
            request.service_id.sequence, request.service_id.id, request.priority != '1',
            request.reply_due or fields.Date.to_date('9999-12-31'), request.id))

    def action_add_candidates(self, request_ids=None):
        """Put requests that wait for a session on the agenda, grouped by service.

        :param request_ids: ids of some of them; by default all
        :return: how many were added
        """
        self.ensure_one()
        self._do('schedule')
        candidates_sudo = self._candidates()
        if request_ids is not None:
            candidates_sudo = candidates_sudo.filtered(lambda request: request.id in set(request_ids))
        self._add_items(candidates_sudo)
        return len(candidates_sudo)

    def _set_agenda(self, request_ids):
        """Make the agenda hold exactly these requests; what is decided or voted on stays."""
        self.ensure_one()
        self._do('schedule')
        items = self._items()
        present = set(items.sudo().request_id.ids)
        gone = items.filtered(lambda item: item.sudo().request_id.id not in set(request_ids))
        if any(item.result or item.vote_ids for item in gone.sudo()):
            raise UserError(self.env._("What was decided or voted on stays on the agenda; it can be deferred."))
        gone.sudo().unlink()  # the actor and the session's state were checked just above
        self._add_items(self.env['amlaj.request'].sudo().browse(
            [request_id for request_id in request_ids if request_id not in present]).exists())

    def _add_items(self, requests_sudo):
        """Write agenda items for raised requests; the caller has checked who adds them."""
        requests_sudo._lock()
        known = self._candidates()
        for request_sudo in requests_sudo - known:
            raise UserError(self.env._(
                "Request %(number)s does not wait for a session: it is not with the committee, is decided, or is on an "
                "agenda.", number=request_sudo.name))
        last = max(self.sudo().decision_ids.mapped('sequence'), default=0)
        items_sudo = self.env['amlaj.decision'].sudo().create([
            {'session_id': self.id, 'request_id': request_sudo.id, 'kind': request_sudo._next_item_kind(),
             'sequence': last + 10 * rank}
            for rank, request_sudo in enumerate(known & requests_sudo, 1)])
        if self.state == 'open':
            items_sudo._force_recusals()

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def _file(self):
        return self.env['amlaj.beneficiary']  # an agenda is of many files: each item asks for its own

    def _my_members(self):
        """The current user's own seats in the committees of these sessions."""
        return self.sudo().committee_id._current_members().filtered(lambda member: member.user_id == self.env.user)

    def _own_steps(self):
        """The steps that every member does for himself; all others are the leads'."""
        return {'vote', 'recuse'}

    def _actors(self):
        return super()._actors() | dict.fromkeys(
            ('schedule', 'open', 'close', 'decide', 'propose', 'vote', 'recuse'), COMMITTEE)

    def _filtered_actor(self, action):
        sessions = super()._filtered_actor(action)
        if self.env.su:
            return sessions
        seats = self._my_members()
        if action not in self._own_steps():
            seats = seats.filtered(lambda member: member.role in LEADS)
        return sessions.filtered(lambda session: session.sudo().committee_id in seats.committee_id)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        texts = {
            'schedule': (('planned', 'open'), self.env._("The session is closed: nothing in it changes any more.")),
            'open': (('planned',), self.env._("The session was opened before.")),
            'close': (('open',), self.env._("Only an open session is closed.")),
            'decide': (('open',), self.env._("The session is not open.")),
            'propose': (('open',), self.env._("The session is not open.")),
            'vote': (('open',), self.env._("The session is not open.")),
            'recuse': (('planned', 'open'), self.env._("The session is closed: nothing in it changes any more.")),
        }
        if action not in texts:
            return blockers
        states, text = texts[action]
        for session in self:
            if session.state not in states:
                blockers[session.id].append(Blocker('state', text))
        return blockers
