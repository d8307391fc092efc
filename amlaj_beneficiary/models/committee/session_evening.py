from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, AddedFields, Blocker
from .decision import GRANTED

MEMBERS = Actors(frozenset({'committee'}))


class AmlajCommitteeSession(models.Model):
    """The evening itself in few taps: members at a distance, the rest of the votes at once, the minutes signed (R60)."""
    _inherit = 'amlaj.committee.session'

    remote_ids = fields.Many2many(
        'amlaj.committee.member', 'amlaj_session_remote_rel', 'session_id', 'member_id', string="At a distance",
        copy=False, domain="[('id', 'in', present_ids)]", help="Those present who take part by phone or screen.")
    unvoted_count = fields.Integer(string="Waiting for my vote", compute='_compute_mine')
    unconfirmed_count = fields.Integer(string="My recorded votes to confirm", compute='_compute_mine')
    must_sign = fields.Boolean(compute='_compute_must_sign')
    signature_ids = fields.One2many('amlaj.minutes.signature', 'session_id', string="Signatures", copy=False)

    _guarded_fields = AddedFields('signature_ids')

    @api.depends('decision_ids.result', 'decision_ids.vote_ids', 'decision_ids.recusal_ids', 'state')
    @api.depends_context('uid')
    def _compute_mine(self):
        votes = self._my_unconfirmed_votes().grouped(lambda vote: vote.decision_id.session_id)
        for session in self:
            session.unvoted_count = len(session._unvoted()) if session.state == 'open' else 0
            session.unconfirmed_count = len(votes.get(session.sudo(), ()))

    @api.depends('state', 'signature_ids')
    @api.depends_context('uid')
    def _compute_must_sign(self):
        for session in self:
            seat = session._present_seat() if session.state == 'closed' else session.sudo().signature_ids.member_id.browse()
            session.must_sign = bool(seat - session.sudo().signature_ids.filtered('signed_at').member_id)

    @api.model_create_multi
    def create(self, vals_list):
        sessions = super().create(vals_list)
        sessions._keep_remote_present()
        return sessions

    def write(self, vals):
        result = super().write(vals)
        if {'present_ids', 'remote_ids'} & vals.keys():
            self._keep_remote_present()
        return result

    def _keep_remote_present(self):
        """Whoever leaves, or was never there, takes no part at a distance either."""
        for session in self:
            if gone := session.remote_ids - session.present_ids:
                session.remote_ids -= gone

    def _attendance(self):
        lines = super()._attendance()
        if self._frozen():
            return lines
        remote = self.sudo().remote_ids.ids
        return [{**line, 'remote': line['member_id'] in remote} for line in lines]

    def action_all_present(self):
        """Note, as the session's lead, that every member of the committee is there; who is not is then taken off."""
        for session in self:
            session._do('schedule')
            session.present_ids = session.sudo().committee_id._current_members()
        return True

    # ------------------------------------------------------------
    # A member's own taps
    # ------------------------------------------------------------

    def _unvoted(self):
        """The items that are proposed to be approved, on which the current user may vote and has not voted yet.

        What is proposed otherwise is an exception: one tap "for all" would say the opposite there.
        """
        items = self._items().filtered(lambda item: not item.sudo().result and item.sudo().proposed_result in GRANTED)
        if not items or not self._filtered_actor('vote'):
            return items.browse()
        items -= items._own_files()
        blockers = items._get_blockers('vote')
        own = self.env['amlaj.vote'].sudo().search([  # his own votes, whatever he may read
            ('decision_id', 'in', items.ids), ('member_id.user_id', '=', self.env.uid), ('cast_by_id', '=', self.env.uid)])
        voted = {vote.decision_id.id for vote in own if vote.question == vote.decision_id.proposed_result}
        return items.filtered(lambda item: not blockers[item.id] and item.id not in voted)

    def action_vote_rest(self, vote='for'):
        """Vote, as a member for himself, on every file on which he may vote and has not voted yet.

        Sent again after the line was lost it finds nothing left, and that is no error.

        :param vote: ``for``, ``against`` or ``abstain``
        """
        self.ensure_one()
        self._check_vote_value(vote)
        self._check_actor('vote')
        self._check_blockers('vote')
        if self.must_answer:
            raise UserError(self.env._("Please say first whether you are related to anybody on this agenda."))
        items = self._unvoted()
        return self.action_vote(items.sudo().request_id.ids, vote) if items else True

    def action_confirm_votes(self):
        """Confirm, as a member for himself, every vote that was recorded for him in these sessions."""
        self._check_actor('vote')
        return self._my_unconfirmed_votes().with_env(self.env).action_confirm()

    def _my_unconfirmed_votes(self):
        return self.env['amlaj.vote'].sudo().search([  # his own votes
            ('decision_id.session_id', 'in', self.ids), ('member_id.user_id', '=', self.env.uid),
            ('confirmed_at', '=', False)])

    # ------------------------------------------------------------
    # The minutes
    # ------------------------------------------------------------

    def action_close(self):
        result = super().action_close()
        for session_sudo in self.sudo():  # the step was checked; a row for each who may sign, so that two taps are one
            present = [line['member_id'] for line in session_sudo.closed_record['attendance'] if line['present']]
            self.env['amlaj.minutes.signature'].sudo().create([
                {'session_id': session_sudo.id, 'member_id': member_id} for member_id in present])
        return result

    def _closed_record(self):
        """What the minutes say, as it is now: nothing that is renamed later changes what was signed."""
        paper = self.env['amlaj.paper']
        lines = paper._frozen_lines(self)
        return {**super()._closed_record(), 'committee': self.committee_id.name, 'items': lines,
                'presided': paper._presided_by(self)}

    def action_sign_minutes(self):
        """Sign the minutes of a closed session by a tap, as one of those who were present; twice is once.

        The signature keeps the hash of what was signed.
        """
        self._check_actor('sign_minutes')
        self._check_blockers('sign_minutes')
        for session in self:
            seat = session._present_seat()
            row_sudo = session.sudo().signature_ids.filtered(lambda row, seat=seat: row.member_id == seat)
            if not row_sudo:
                row_sudo = row_sudo.create({'session_id': session.id, 'member_id': seat.id})
            if not row_sudo.signed_at:
                row_sudo.write({  # the step was checked
                    'signed_at': fields.Datetime.now(),
                    'record_hash': self.env['amlaj.decision']._hash(session.sudo().closed_record)})
        return True

    def _present_seat(self):
        """The current user's seat in this session, if he was present at it (superuser)."""
        present = {line['member_id'] for line in self._frozen().get('attendance', ()) if line['present']}
        members = self.sudo().committee_id.with_context(active_test=False).member_ids
        return members.filtered(lambda member: member.id in present and member.user_id == self.env.user)[:1]

    def _own_steps(self):
        return super()._own_steps() | {'sign_minutes'}

    def _actors(self):
        return super()._actors() | {'sign_minutes': MEMBERS}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for session in self if action == 'sign_minutes' else ():
            if session.state != 'closed':
                blockers[session.id].append(Blocker('state', self.env._("Minutes are signed once the session is closed.")))
            elif not session._present_seat():
                blockers[session.id].append(Blocker('state', self.env._("Whoever was present signs the minutes.")))
        return blockers


class AmlajMinutesSignature(models.Model):
    """That a member signed the minutes by a tap, and when; the closed session itself never changes (R60)."""
    _name = 'amlaj.minutes.signature'
    _description = "Signature of minutes"
    _inherit = ['amlaj.guarded']
    _order = 'session_id, id'
    _rec_name = 'member_id'

    session_id = fields.Many2one('amlaj.committee.session', required=True, index=True, ondelete='cascade', copy=False)
    member_id = fields.Many2one('amlaj.committee.member', required=True, index=True, ondelete='restrict', copy=False)
    signed_at = fields.Datetime(string="Signed on", copy=False)
    record_hash = fields.Char(string="Hash of the minutes", copy=False)

    _once = models.UniqueIndex('(session_id, member_id)', "These minutes are signed by this member already.")

    _guarded_fields = frozenset({'session_id', 'member_id', 'signed_at', 'record_hash'})

    def _file(self):
        return self.env['amlaj.beneficiary']


class AmlajPaper(models.AbstractModel):
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {
            'presided_by': lambda session: session._frozen().get('presided') or self._presided_by(session),
            'hour_text': lambda session: session._hour_text(),
            'committee_of': lambda session: session._frozen().get('committee') or session.committee_id.name}

    @api.model
    def _presided_by(self, session):
        """Who led the meeting: the chair, or the deputy where the chair was absent; '' by circulation."""
        present = session.sudo().present_ids  # who was present stands in the minutes anyway
        for role in ('chair', 'deputy'):
            if leads := present.filtered(lambda member, r=role: member.role == r):
                return leads[0].user_id.name
        return ''

    @api.model
    def _frozen_lines(self, session):
        """The lines of the minutes as values that can be kept."""
        return [{**line, 'due': str(line['due'] or '')} for line in self._session_items(session, with_rows=True)]

    @api.model
    def _attendance_lines(self, session):
        signed = {row.member_id.id: row.signed_at for row in session.sudo().signature_ids}  # no secret in the minutes
        return [{**line, 'signed_at': signed.get(line['member_id'])} for line in super()._attendance_lines(session)]
