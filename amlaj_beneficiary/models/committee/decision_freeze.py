import base64
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .decision import FILE_READERS, FINAL, GRANTED

SNAPSHOT_SCHEMA = 1
REPORT = 'amlaj_beneficiary.report_dossier'
BATCH = 20


class AmlajDecision(models.Model):
    """Recording a decision: what it needs, the dossier frozen with it, what it does to the request (R60, A21)."""
    _inherit = 'amlaj.decision'

    snapshot = fields.Json(string="File at the decision", copy=False, groups=FILE_READERS)
    snapshot_schema = fields.Integer(copy=False, groups=FILE_READERS)
    snapshot_hash = fields.Char(string="Hash of the file at the decision", copy=False, groups=FILE_READERS)
    snapshot_pdf = fields.Binary(
        string="File at the decision, as paper", attachment=True, copy=False, groups=FILE_READERS)
    snapshot_pdf_hash = fields.Char(string="Hash of the paper", copy=False, groups=FILE_READERS)
    paper_pending = fields.Boolean(string="Paper to be made", copy=False, index='btree_not_null', groups=FILE_READERS)

    # ------------------------------------------------------------
    # What a result needs
    # ------------------------------------------------------------

    def _prepare_decision(self, result, reason_id=None, amount=None, defer_to=None, note=None, quantity=None):
        """The values of a decision on these items.

        :raise UserError: saying what the result lacks.
        """
        self._check_result(result)
        vals = {'result': result, 'note': self._given(note) or False, 'decided_at': fields.Datetime.now(),
                'decided_by_id': self.env.uid, 'reason_id': False, 'amount': 0, 'quantity': 0, 'defer_to': False}
        if result == 'deferred':
            return {**vals, 'defer_to': self._checked_deferral(defer_to, note)}
        reason = self._picked('amlaj.reason', getattr(reason_id, 'id', reason_id))
        if result == 'rejected' and (not reason or reason.kind != 'refusal'):
            raise UserError(self.env._("A refusal needs its reason."))
        if reason and reason.kind == 'refusal' and result in ('rejected', 'partial'):
            vals['reason_id'] = reason.id
        if result in GRANTED:
            vals.update(self._checked_grant(amount, quantity))
        return vals

    def _checked_deferral(self, defer_to, note):
        if defer_to not in dict(self._fields['defer_to'].selection):
            raise UserError(self.env._("Please say to what it is deferred."))
        if defer_to == 'completion' and not self._given(note):
            raise UserError(self.env._("Please say what the applicant is asked for."))
        return defer_to

    def _checked_grant(self, amount, quantity):
        amount, quantity = self._given_number(amount), self._given_number(quantity)
        if not amount and any(item.request_id.service_id.kind == 'cash' for item in self.sudo()):
            raise UserError(self.env._("Please enter the amount that is granted."))
        return {'amount': amount, 'quantity': quantity}

    def _is_above_limit(self, amount):
        """Whether ``amount`` is above the service's ceiling or the committee's amount (superuser)."""
        self.ensure_one()
        limits = [limit for limit in (self.service_id.ceiling_amount, self.committee_id.confirmation_amount) if limit]
        return any(amount > limit for limit in limits)

    # ------------------------------------------------------------
    # Recording
    # ------------------------------------------------------------

    def _settle(self, vals):
        """Write the decision of these items, freeze their dossiers, and do to the requests what it asks for.

        A final decision leaves the request where it is: only the reply moves it.
        """
        items_sudo = self.sudo()  # every check of the step came before
        above = items_sudo.filtered(
            lambda item: vals['result'] in GRANTED and item._is_above_limit(vals['amount']))
        above.write({**vals, 'needs_confirmation': True})
        (items_sudo - above).write({**vals, 'needs_confirmation': False})
        items_sudo._freeze()
        if vals['result'] in FINAL:
            for item in items_sudo:
                item.request_id.decision_id = item
        else:
            items_sudo.request_id._defer(vals['defer_to'], vals['note'])

    def _defer_undecided(self):
        """Defer what a session did not come to, to the committee's next session where one is planned already."""
        items_sudo = self.sudo()
        items_sudo.write({
            'result': 'deferred', 'defer_to': 'session', 'decided_at': fields.Datetime.now(),
            'decided_by_id': self.env.uid, 'note': self.env._("Not decided in this session.")})
        for session in items_sudo.session_id:
            requests = items_sudo.filtered(lambda item, s=session: item.session_id == s).request_id
            following = session._next_session()
            if following:
                following._add_items(requests.filtered(lambda request: request.state == 'committee'))

    def _withdraw(self):
        """Take undecided items off their agendas: the request left the committee (superuser)."""
        self.write({'result': 'withdrawn', 'decided_at': fields.Datetime.now()})

    # ------------------------------------------------------------
    # The frozen file
    # ------------------------------------------------------------

    def _freeze(self):
        """Keep the file as it was at the decision, with a hash that shows any later change (superuser)."""
        dossiers = self._dossiers()
        for item in self:
            snapshot = {
                'schema': SNAPSHOT_SCHEMA, 'dossier': dossiers[item.id],
                'decision': {
                    'result': item.result, 'defer_to': item.defer_to or '', 'reason': item.reason_id.code or '',
                    'note': item.note or '', 'amount': f'{item.amount:.2f}', 'quantity': f'{item.quantity:.2f}',
                    'decided_at': fields.Datetime.to_string(item.decided_at), 'decided_by': item.decided_by_id.id},
                'votes': sorted([row.member_id.id, row.question, row.vote] for row in item.vote_ids),
                'recused': sorted([row.member_id.id, row.cause] for row in item.recusal_ids),
            }
            item.write({
                'snapshot': snapshot, 'snapshot_schema': SNAPSHOT_SCHEMA, 'snapshot_hash': self._hash(snapshot),
                'paper_pending': True})
        if cron := self.env.ref('amlaj_beneficiary.cron_decision_papers', raise_if_not_found=False):
            cron._trigger()

    @api.model
    def _hash(self, content):
        """SHA-256 of ``content`` written in one only way."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
        return hashlib.sha256(text.encode()).hexdigest()

    def _is_snapshot_genuine(self):
        """Whether the frozen file, and its paper where it is made, are what they were at the decision."""
        self.ensure_one()
        decision_sudo = self.sudo()  # the answer shows nothing of the file
        if not decision_sudo.snapshot or self._hash(decision_sudo.snapshot) != decision_sudo.snapshot_hash:
            return False
        paper = decision_sudo.with_context(bin_size=False).snapshot_pdf
        return not paper or hashlib.sha256(base64.b64decode(paper)).hexdigest() == decision_sudo.snapshot_pdf_hash

    def _make_paper(self):
        """Draw the dossier as PDF and keep it with its hash (superuser); nothing where the form is not there."""
        report = self.env.ref(REPORT, raise_if_not_found=False)
        for item in self if report else ():
            target = item if report.model == item._name else item.request_id
            content, __ = self.env['ir.actions.report']._render_qweb_pdf(REPORT, target.ids)
            item.write({
                'snapshot_pdf': base64.b64encode(content), 'snapshot_pdf_hash': hashlib.sha256(content).hexdigest(),
                'paper_pending': False})
        return bool(report)

    @api.model
    def _cron_make_papers(self):
        """Draw the papers of decisions that still lack theirs; each is kept as soon as it is drawn."""
        if not self.env.ref(REPORT, raise_if_not_found=False):
            return
        pending = self.search([('paper_pending', '=', True)])
        for start in range(0, len(pending), BATCH):
            batch = pending[start:start + BATCH].try_lock_for_update(allow_referencing=True)
            batch._make_paper()
            left = len(pending) - start - BATCH
            if not self.env['ir.cron']._commit_progress(len(batch), remaining=max(left, 0)):
                break

    def action_print_snapshot(self):
        """Open the paper of the frozen file; it is drawn now where it is not yet there."""
        self.ensure_one()
        self.check_access('read')
        if not any(self.env.user.has_group(group) for group in FILE_READERS.split(',')):
            raise UserError(self.env._("Your role does not open the file at the decision."))
        decision_sudo = self.sudo()  # the role was checked just above
        if decision_sudo.snapshot and not decision_sudo.snapshot_pdf:
            decision_sudo._make_paper()
        if not decision_sudo.snapshot_pdf:
            raise UserError(self.env._("There is no paper of this decision."))
        self._record_access('print', 'snapshot')
        return {'type': 'ir.actions.act_url', 'target': 'new',
                'url': f'/web/content/amlaj.decision/{self.id}/snapshot_pdf/{self.display_name}.pdf'}
