from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.hijri import full_date
from ...tools.text import clean_line
from ..registry.guarded import GROUP, Actors, AddedFields, Blocker
from .ticket_steps import LONGEST

STAFF = frozenset({'relations', 'representative'})


class AmlajTicket(models.Model):
    """The objection to what was no decision of the committee: a suspension of the file, or a delivery that failed (A20).

    A manager who took no part decides; where every manager took part, the chair of the board. Upheld, the suspension is
    lifted, or the delivery planned again.
    """
    _inherit = 'amlaj.ticket'

    objection_to = fields.Selection([
        ('decision', "A decision"),
        ('suspension', "A suspension of the file"),
        ('delivery', "A failed delivery"),
    ], string="Objection to", copy=False)
    delivery_id = fields.Many2one('amlaj.delivery', string="Failed delivery", ondelete='restrict', copy=False)
    suspended_at = fields.Datetime(string="Suspended on", copy=False)

    _objection_whole = models.Constraint(
        """CHECK(kind != 'objection' OR (beneficiary_id IS NOT NULL AND (
            (request_id IS NOT NULL AND decision_id IS NOT NULL) OR (objection_to = 'suspension' AND suspended_at IS NOT NULL)
            OR (objection_to = 'delivery' AND delivery_id IS NOT NULL))))""",
        "An objection needs what it is about.")
    _one_of_suspension = models.UniqueIndex(
        "(beneficiary_id, suspended_at) WHERE objection_to = 'suspension'", "This suspension was objected to already.")
    _one_of_delivery = models.UniqueIndex(
        "(delivery_id) WHERE objection_to = 'delivery'", "This delivery was objected to already.")

    _guarded_fields = AddedFields('objection_to', 'delivery_id', 'suspended_at')

    @api.model
    def _object_to(self, what, record, text, submission_key, received_on, vals):
        """Make an objection to a suspension or a delivery, or return the one of the same click (superuser).

        :param what: ``suspension`` or ``delivery``
        :param record: the file or the delivery, in superuser mode, with its ``_objection_problem``
        :raise UserError: saying why there can be none
        """
        key = clean_line(str(submission_key or ''))
        key_hash = key and self._key_hash(key, f'{what}-{record.id}')
        known = key and self.search([('submission_key', '=', key_hash)], limit=1)
        if known:
            return known
        record._lock()
        day = received_on or self._today()
        if problem := record._objection_problem(day):
            raise UserError(problem)
        file = record if what == 'suspension' else record.beneficiary_id
        ticket = self.create({
            'kind': 'objection', 'objection_to': what, 'beneficiary_id': file.id, 'text': self.env[
                'amlaj.request']._objection_text(text), 'received_on': day, 'due_date': self._answer_due(day),
            'submission_key': key_hash or False, **vals,
            **({'suspended_at': file.suspended_at} if what == 'suspension' else {
                'delivery_id': record.id, 'request_id': record.request_id.id})})
        ticket._give_to_who_took_no_part()
        return ticket

    @api.model
    def _objected(self, what, record, text, channel_id=None, received_on=None, submission_key=None):
        """Take an objection of the current user to ``record``, whose actor the caller has checked; see ``_object_to``."""
        record_sudo = record.sudo()  # checked by the caller
        own_sudo = self.env['amlaj.mandate']._files_held(record_sudo._file(), self.env.user)
        if not self.env.user._is_internal() or own_sudo:
            channel_sudo = self.env['amlaj.channel'].sudo()._by_code('website')  # the policy's own list
            house = self.with_user(SUPERUSER_ID)  # nothing that is written says more than the sender does
            return house._object_to(what, record_sudo.with_env(house.env), text, submission_key, None, {
                'sender_id': self.env.uid, 'channel_id': channel_sudo.id}).with_env(self.env)
        channel = self._picked('amlaj.channel', channel_id) or self.env['amlaj.channel']._by_code('interview')
        return self.sudo()._object_to(what, record_sudo, text, submission_key, self._given_day(received_on), {
            'origin': 'staff', 'entered_by_id': self.env.uid, 'channel_id': channel.id}).with_env(self.env)

    @api.model
    def _window_problem(self, moment, day, known):
        """Why what arrives on ``day`` is no objection to what was done at ``moment``; '' where it is one (superuser)."""
        done, days = self._local_day(moment), self.env['amlaj.settings']._get('objection_days')
        if known:
            return self.env._("An objection was received already: number %(number)s.", number=known.name)
        if not done <= day <= self._today():
            return self.env._("Please check the day on which the objection was received.")
        last = self.env['amlaj.request']._working_day(fields.Date.add(done, days=days))
        return day > last and self.env._(
            "The time for an objection ended on %(day)s. Please call us: we gladly help you.",
            day=full_date(last, (self.env.lang or 'en')[:2])) or ''

    @api.model
    def _objectionable(self, what, record_id):
        """The file or the delivery to which the current user may object by a mandate to apply, in superuser mode; an empty
        record for all else."""
        model = {'suspension': 'amlaj.beneficiary', 'delivery': 'amlaj.delivery'}.get(what)
        if not model:
            return self.browse()
        record_sudo = self.sudo()._picked(model, record_id)  # the mandate is asked for on the next line
        held = self.env['amlaj.mandate']._files_held(record_sudo._file(), self.env.user, 'may_apply')
        return record_sudo if held else record_sudo.browse()

    @api.model
    def _objection_form(self, what, record, back_url):
        """What the page for objecting to a suspension or a delivery shows (superuser)."""
        file = record if what == 'suspension' else record.beneficiary_id
        return {
            'number': file.file_number if what == 'suspension' else record.request_id.name,
            'intro': self.env._(
                "You have the right to object. Somebody who took no part in it reads what you write, and it affects neither "
                "this nor another request of yours."),
            'problem': record._objection_problem(self._today()), 'url': f'/my/objections/{what}/{record.id}',
            'back_url': back_url, 'home_url': '/my', 'longest': LONGEST, 'call_phone': file.branch_id._call_phone()}

    def _who_took_part(self):
        """Who did what this objects to (superuser)."""
        self.ensure_one()
        return self.beneficiary_id.suspended_by_id if self.objection_to == 'suspension' else self.delivery_id.failed_by_id

    def _deciders_left(self):
        """The managers who may decide on it (superuser)."""
        return self.env.ref(GROUP % 'manager').all_user_ids.filtered('active') - self._who_took_part()

    def _give_to_who_took_no_part(self):
        """Give it to the chair of the board where every manager took part (superuser)."""
        chair = self.env['amlaj.settings']._board_chair() - self._who_took_part()
        if chair and not self._deciders_left():
            self.write({'lane': 'board', 'user_id': chair.id})

    def _review_problem(self):
        if self.objection_to not in ('suspension', 'delivery'):
            return super()._review_problem()
        return not self._deciders_left() and self.lane != 'board' and self.env._(
            "Every manager took part in what this objects to. Please name the chair of the board in the settings, or "
            "another manager.")

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_uphold(self, text):
        """Uphold an objection: its request goes back to the committee, its suspension is lifted, its delivery planned.

        :param text: why, in words for the applicant
        :raise UserError: for who took part himself, and where it cannot be put right any more
        """
        others = self.filtered(lambda ticket: ticket.sudo().objection_to in ('suspension', 'delivery'))
        result = not self - others or super(AmlajTicket, self - others).action_uphold(text)
        for ticket in others:
            ticket._check_actor('uphold')
            ticket._do('uphold', ticket._answered(text, 'upheld'))
            ticket_sudo = ticket.sudo()  # the step was checked
            if ticket_sudo.objection_to == 'delivery':
                ticket_sudo.delivery_id._plan_after_objection()
            elif ticket_sudo.beneficiary_id.state == 'suspended':
                ticket_sudo.beneficiary_id.action_reactivate(ticket_sudo.answer)
            ticket_sudo._after_decision()
        return result

    def action_dismiss(self, text):
        """Dismiss an objection: what was done stands, and the applicant is told that there is news and reads why.

        :param text: why, in words for the applicant
        :raise UserError: for who took part himself
        """
        others = self.filtered(lambda ticket: ticket.sudo().objection_to in ('suspension', 'delivery'))
        result = not self - others or super(AmlajTicket, self - others).action_dismiss(text)
        for ticket in others:
            ticket._check_actor('dismiss')
            ticket._do('dismiss', ticket._answered(text, 'dismissed'))
            ticket.sudo()._after_decision()  # the step was checked
        return result

    def _after_decision(self):
        """Count the answer, and tell the person that it is there (superuser)."""
        self._count_answer()
        self._notify_person()

    def _decide_blockers(self, deciders, reopen):
        if self.objection_to not in ('suspension', 'delivery'):
            return super()._decide_blockers(deciders, reopen)
        found = []
        if self.env.user in self._who_took_part():
            found.append(Blocker('decider', self.env._(
                "You took part in what this objects to: another manager decides on the objection.")))
        return found


class AmlajBeneficiary(models.Model):
    """Who suspended a file and when, and the objection to it (A20)."""
    _inherit = 'amlaj.beneficiary'

    suspended_at = fields.Datetime(string="Suspended on", copy=False)
    suspended_by_id = fields.Many2one('res.users', string="Suspended by", copy=False)

    _guarded_fields = AddedFields('suspended_at', 'suspended_by_id')

    def action_suspend(self, reason):
        """Suspend the file, by a person and with a reason; nothing suspends a file by itself."""
        result = super().action_suspend(reason)
        self.sudo().write(self._stamp('suspended'))  # the step was checked
        return result

    def action_object_suspension(self, text, channel_id=None, received_on=None, submission_key=None):
        """Object to the suspension of this file: as the holder of a mandate to apply, or as staff for him.

        :param text: why, in the person's words
        :param channel_id: for staff: how it reached the association; default the interview
        :param received_on: for staff: the day on which it arrived; default today
        :param submission_key: made by the client: the second arrival returns the first
        :return: the objection
        :raise UserError: saying why there can be none now
        """
        self.ensure_one()
        self._check_actor('object_suspension')
        return self.env['amlaj.ticket']._objected('suspension', self, text, channel_id, received_on, submission_key)

    def _objection_problem(self, day):
        """Why what arrives on ``day`` is no objection to the suspension; '' where it is one (superuser)."""
        self.ensure_one()
        if self.state != 'suspended' or not self.suspended_at:
            return self.env._("The file is not suspended.")
        known = self.env['amlaj.ticket'].search(
            Domain('beneficiary_id', '=', self.id) & Domain('objection_to', '=', 'suspension')
            & Domain('suspended_at', '=', self.suspended_at), limit=1)
        return self.env['amlaj.ticket']._window_problem(self.suspended_at, day, known)

    def _actors(self):
        return super()._actors() | {'object_suspension': Actors(STAFF, 'may_apply')}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for file in self.sudo() if action == 'object_suspension' else ():  # the actor is checked apart
            if problem := file._objection_problem(self._today()):
                blockers[file.id].append(Blocker('state', problem))
        return blockers


class AmlajDelivery(models.Model):
    """When a delivery failed and who said so, and the objection to it (A20)."""
    _inherit = 'amlaj.delivery'

    failed_at = fields.Datetime(string="Failed on", copy=False)
    failed_by_id = fields.Many2one('res.users', string="Recorded as failed by", copy=False)

    _guarded_fields = AddedFields('failed_at', 'failed_by_id')

    def action_fail(self, reason, planned_on=None):
        """Record that the delivery failed, and why."""
        result = super().action_fail(reason, planned_on)
        self.sudo().write(self._stamp('failed'))  # the step was checked
        return result

    def action_object(self, text, channel_id=None, received_on=None, submission_key=None):
        """Object to a delivery that failed: as the holder of a mandate to apply, or as staff for him; see
        ``amlaj.beneficiary.action_object_suspension`` for what is given."""
        self.ensure_one()
        self._check_actor('object_delivery')
        return self.env['amlaj.ticket']._objected('delivery', self, text, channel_id, received_on, submission_key)

    def _objection_problem(self, day):
        """Why what arrives on ``day`` is no objection to this failure; '' where it is one (superuser)."""
        self.ensure_one()
        if self.state != 'failed' or not self.failed_at:
            return self.env._("This delivery has not failed.")
        if self.request_id.state not in ('delivery', 'done'):
            return self.env._("This request is closed. Please call us: we gladly help you.")
        if self.request_id.delivery_ids.filtered(lambda other: other.state == 'planned' and other.id > self.id):
            return self.env._("It is planned again already.")
        known = self.env['amlaj.ticket'].search([('delivery_id', '=', self.id)], limit=1)
        return self.env['amlaj.ticket']._window_problem(self.failed_at, day, known)

    def _plan_after_objection(self):
        """Plan what failed again, on the next working day; a request that was closed is open for it (superuser)."""
        self.ensure_one()
        request = self.request_id
        if request.state == 'done':
            request.state = 'delivery'
        self.copy(self._again_vals(request._working_day(self._today() + timedelta(days=1))))

    def _actors(self):
        return super()._actors() | {'object_delivery': Actors(STAFF, 'may_apply')}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for delivery in self.sudo() if action == 'object_delivery' else ():  # the actor is checked apart
            if problem := delivery._objection_problem(self._today()):
                blockers[delivery.id].append(Blocker('state', problem))
        return blockers
