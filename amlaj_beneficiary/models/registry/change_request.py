import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from .beneficiary_state import DESK
from .change_subject import SUBJECTS
from .guarded import Actors, Blocker

SCHEMA = 1
LONGEST_REASON = 500


class AmlajChangeRequest(models.Model):
    """What whoever acts for a beneficiary asks to change in the file, with old and new side by side (R21, R57, R70).

    The holder of a mandate to apply asks in his pages, or an employee enters it for him from paper or phone; one open
    request for each thing: a newer one takes its place, and both say so. Relations employees, managers and the
    representatives of the file's own sub-office accept it or refuse it with a reason that he reads. A bank account needs
    two people: one has seen the certificate, a manager accepts. Nobody accepts what he entered himself, nobody decides
    on a file of his own, nobody edits a request, and no row is deleted. The file's own methods judge the values again.
    """
    _name = 'amlaj.change.request'
    _description = "Change request"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'subject'

    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, index=True, ondelete='cascade', copy=False)
    subject = fields.Selection(SUBJECTS, string="What changes", required=True, copy=False)
    slot = fields.Char(required=True, copy=False, help="The one thing that it changes: of two open requests one ends.")
    member_id = fields.Many2one(
        'amlaj.household.member', string="Household member", index='btree_not_null', ondelete='set null', copy=False)
    schema = fields.Integer(string="Version of the form", required=True, default=SCHEMA, copy=False)
    old_values = fields.Json(string="Before", copy=False)
    new_values = fields.Json(string="Asked for", copy=False)
    state = fields.Selection([
        ('new', "Waiting"),
        ('accepted', "Accepted"),
        ('refused', "Refused"),
        ('withdrawn', "Withdrawn"),
    ], required=True, default='new', index=True, copy=False)
    replaced_by_id = fields.Many2one(
        'amlaj.change.request', string="Replaced by", index='btree_not_null', ondelete='set null', copy=False)
    # who asked, and how it reached us
    origin = fields.Selection([
        ('applicant', "In the person's own pages"),
        ('staff', "Entered by staff"),
    ], required=True, default='applicant', copy=False)
    medium = fields.Selection([
        ('visit', "The person came"),
        ('phone', "By phone"),
        ('paper', "On paper"),
    ], string="How it reached us", copy=False)
    mandate_id = fields.Many2one(
        'amlaj.mandate', string="Asked by the holder of", ondelete='set null', index='btree_not_null', copy=False,
        help="Empty when the beneficiary asked an employee himself.")
    asked_by_id = fields.Many2one('res.users', string="Entered by", index='btree_not_null', copy=False)
    asked_at = fields.Datetime(string="Asked on", copy=False)
    submission_key = fields.Char(copy=False)
    attachment_ids = fields.Many2many(
        'ir.attachment', 'amlaj_change_request_attachment_rel', 'change_id', 'attachment_id', string="Photos",
        copy=False, groups='base.group_user')
    # the answer
    seen_by_id = fields.Many2one('res.users', string="Certificate seen by", copy=False)
    seen_at = fields.Datetime(string="Certificate seen on", copy=False)
    decided_by_id = fields.Many2one('res.users', string="Decided by", copy=False)
    decided_at = fields.Datetime(string="Decided on", copy=False)
    refuse_reason = fields.Text(string="Reason, as the person reads it", copy=False)
    is_stale = fields.Boolean(
        string="Changed meanwhile", compute='_compute_is_stale',
        help="The file no longer says what it said when this was asked for.")

    _once = models.UniqueIndex("(beneficiary_id, slot) WHERE state = 'new'", "This change waits already.")
    _submission_once = models.UniqueIndex(
        '(asked_by_id, submission_key) WHERE submission_key IS NOT NULL', "This change was received already.")

    _guarded_fields = frozenset({
        'beneficiary_id', 'subject', 'slot', 'member_id', 'schema', 'old_values', 'new_values', 'state',
        'replaced_by_id', 'origin', 'medium', 'mandate_id', 'asked_by_id', 'asked_at', 'submission_key',
        'attachment_ids', 'seen_by_id', 'seen_at', 'decided_by_id', 'decided_at', 'refuse_reason'})
    # the values stay inside: the person's own page shows them, an account masked
    _portal_fields = frozenset({'beneficiary_id', 'subject', 'state', 'asked_at', 'decided_at', 'refuse_reason'})

    @api.depends('state', 'old_values', 'subject', 'member_id', 'beneficiary_id')
    def _compute_is_stale(self):
        for change in self:
            change.is_stale = change.state == 'new' and change._is_stale()

    def _is_stale(self):
        """Whether the file says neither what it said when this was asked for, nor what is asked for."""
        self.ensure_one()
        if self.subject == 'member_add':
            return False
        now = self._values_now()
        old, new = self.old_values or {}, self.new_values or {}
        return any(now[name] not in (old.get(name, ''), new.get(name, '')) for name in now)

    def _values_now(self):
        """What the file says now of what this request changes."""
        return self.beneficiary_id._change_values(self.subject, self.member_id)

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def action_see_certificate(self):
        """State that the bank's certificate was seen and agrees; another person, a manager, then accepts."""
        return self._do('see_certificate', self._stamp('seen'))

    def action_accept(self):
        """Put what is asked for into the file, by its own rules, and tell the person that there is an answer.

        :raise UserError: when the file has changed since, when the mandate of whoever asked has ended, or when this
            needs somebody else
        """
        self.check_access('read')
        for change in self:
            step = 'accept_iban' if change.sudo().subject == 'iban' else 'accept_change'
            change._check_actor(step)
            change.sudo().beneficiary_id._lock()  # between the comparison and the change nobody else writes the file
            former = change.sudo().beneficiary_id.phone
            change._do(step, {'state': 'accepted', **self._stamp('decided')})
            change._write_file()
            change._close_photos()
            change._notify(former)
        return True

    def action_compare_again(self):
        """Take what the file says now as the old value, so that old and new are seen side by side before accepting."""
        for change in self:
            change._check_actor('compare_change')
            now = change.sudo()._values_now()  # the role was asked for just above
            change._do('compare_change', {'old_values': now, 'seen_by_id': False, 'seen_at': False})
        return True

    def action_refuse(self, reason):
        """Refuse, with a reason that the person reads on his page.

        :raise UserError: without a reason
        """
        reason = self._given(reason)[:LONGEST_REASON]
        if not reason:
            raise UserError(self.env._("Please give the reason. The person reads it."))
        self.check_access('read')
        for change in self:
            step = 'refuse_iban' if change.sudo().subject == 'iban' else 'refuse_change'
            change._do(step, {'state': 'refused', 'refuse_reason': reason, **self._stamp('decided')})
        self._close_photos()
        self._notify()
        return True

    def action_withdraw(self):
        """Withdraw a request while it waits: by who may ask for changes, or by the desk at his word."""
        self._do('withdraw_change', {'state': 'withdrawn', **self._stamp('decided')})
        self._close_photos()
        return True

    def _write_file(self):
        """Write what is asked for with the rights of whoever acts: the file cleans, checks and stamps it again."""
        self.ensure_one()
        file = self.sudo().beneficiary_id.with_env(self.env)
        values = file.sudo()._change_vals(self.sudo().subject, self.sudo().new_values or {})
        subject, member = self.sudo().subject, self.sudo().member_id.with_env(self.env)
        if subject == 'member_add':
            self.env['amlaj.household.member'].create({**values, 'beneficiary_id': file.id})
        elif subject == 'member_change':
            member.write(values)
        elif subject == 'member_left':
            member.unlink()
        else:
            file.write(values)
        if subject == 'iban':
            # two people have looked at it: who saw the certificate, and who accepted
            file.sudo().write({
                'iban_state': 'confirmed', 'iban_changed_by_id': self.sudo().seen_by_id.id,
                'iban_confirmed_by_id': self.env.uid})
        if subject == 'name':
            file.sudo()._rename_own_account()
        names = ['member_ids'] if subject.startswith('member_') else values
        file._record_access('change', ','.join(names))

    def _close_photos(self):
        """What was sent to help the decision goes with it: no copy is kept (PDPL 28)."""
        self.sudo().attachment_ids.unlink()

    def _notify(self, former_phone=None):
        """Tell the person that there is an answer; called after a decision that is not his own.

        Nothing happens here: the registry knows no messages. The intake room queues discreet ones.

        :param former_phone: the file's phone before an acceptance
        """

    def _actors(self):
        desk, second = Actors(DESK), Actors(frozenset({'manager'}))
        return super()._actors() | {
            'see_certificate': desk,
            'accept_change': desk,
            'accept_iban': second,
            'compare_change': desk,
            'refuse_change': desk,
            'refuse_iban': Actors(frozenset({'relations', 'manager'})),
            'withdraw_change': Actors(DESK, 'may_apply'),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for change in self.sudo():  # the actor is checked apart
            mine = blockers[change.id]
            if change.state != 'new':
                mine.append(Blocker('state', self.env._("This change no longer waits for a decision.")))
            elif not change._is_step_of_subject(action):
                mine.append(Blocker('state', self.env._("This step belongs to another kind of change.")))
            elif action in ('accept_change', 'accept_iban'):
                mine += change._accept_blockers() + change._person_blockers()
            elif action == 'see_certificate' and change.seen_at:
                mine.append(Blocker('state', self.env._("The certificate was seen already.")))
            elif action == 'compare_change' and (not change._is_stale() or change._is_member_gone()):
                mine.append(Blocker('state', self.env._("The file still says the same.")))
        return blockers

    def _is_step_of_subject(self, action):
        """A bank account has its own steps, where the second person is asked for."""
        is_iban = self.subject == 'iban'
        return {
            'see_certificate': is_iban, 'accept_iban': is_iban, 'refuse_iban': is_iban, 'accept_change': not is_iban,
            'refuse_change': not is_iban}.get(action, True)

    def _accept_blockers(self):
        """Why what is asked for cannot go into the file as it is (superuser)."""
        self.ensure_one()
        if self.beneficiary_id.state == 'ended':
            return [Blocker('ended', self.env._("This file is closed. Please refuse the change, with the reason."))]
        if self._is_mandate_over():
            return [Blocker('mandate', self.env._(
                "The mandate of whoever asked for this has ended. Please ask the person, and refuse the change."))]
        if self._is_member_gone():
            return [Blocker('gone', self.env._("This household member is no longer in the file."))]
        if self._is_stale():
            return [Blocker('stale', self.env._(
                "The file has changed since this was asked for. Please compare once more before you accept it."))]
        return []

    def _person_blockers(self):
        """Why the current user is not the one who accepts it (superuser)."""
        if self.origin == 'staff' and self.asked_by_id == self.env.user:
            return [Blocker('own_entry', self.env._("You entered this yourself: please ask a colleague to accept it."))]
        if self.subject != 'iban':
            return []
        if not self.seen_at:
            return [Blocker('certificate', self.env._("First somebody states that the bank's certificate was seen."))]
        if self.seen_by_id == self.env.user:
            return [Blocker('second_person', self.env._("You have seen the certificate: a second person accepts it."))]
        return []

    def _is_mandate_over(self):
        if not self.mandate_id:
            return self.origin == 'applicant'
        return not self.mandate_id.is_valid or not self.mandate_id.may_apply

    def _is_member_gone(self):
        return self.subject in ('member_change', 'member_left') and not self.member_id

    # ------------------------------------------------------------
    # Recording
    # ------------------------------------------------------------

    @api.model
    def _record(self, vals, files=()):
        """Record what was asked for (superuser; the right was checked, the values are clean).

        One that waits for the same thing is replaced; the very same, sent twice, stays the one it is.

        :param files: attachments' values of photos, judged already
        :return: the request
        """
        key = vals.get('submission_key')
        known = key and self.search([('asked_by_id', '=', self.env.uid), ('submission_key', '=', key)])
        if known and (known.slot, known.new_values) == (vals['slot'], vals['new_values']):
            return known
        if known:  # the form was opened again and says something else now
            vals = {**vals, 'submission_key': False}
        waiting = self.search([
            ('beneficiary_id', '=', vals['beneficiary_id']), ('slot', '=', vals['slot']), ('state', '=', 'new')])
        if waiting and waiting.new_values == vals['new_values'] and not files:
            return waiting
        waiting.write({'state': 'withdrawn', **self._stamp('decided')})
        waiting.flush_recordset()
        try:
            change = self.create({**vals, **self._stamp('asked')})
        except psycopg2.errors.UniqueViolation as error:
            # another tab sent at this very moment: the retry finds what it left
            raise ConcurrencyError("change_request") from error
        waiting.write({'replaced_by_id': change.id})
        waiting._close_photos()
        change._add_photos(files)
        return change

    def _add_photos(self, files):
        for file_vals in files:
            self.env['ir.attachment'].with_context(image_no_postprocess=True).create(
                {**file_vals, 'res_model': self._name, 'res_id': self.id})
        if files:
            self.attachment_ids = self.env['ir.attachment'].search(
                [('res_model', '=', self._name), ('res_id', '=', self.id)])

    def _count_at_once(self):
        """Let a wish of the person count as soon as it is asked for (superuser)."""
        self._write_file()
        self.write({'state': 'accepted', 'decided_at': fields.Datetime.now()})
