from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker
from .request import EDITABLE_STATES

DESK = frozenset({'relations', 'representative'})


class AmlajRequest(models.Model):
    """From the desk to the committee: submit, complete, verify, inform, study, raise (R49-R59).

    Each step has its guard in ``_flow_blockers``; each is done by one public method below.
    """
    _inherit = 'amlaj.request'

    missing = fields.Text(
        compute='_compute_missing', help="What the applicant has still to bring or to say.")

    @api.depends(
        'state', 'service_id', 'answers', 'is_declared', 'beneficiary_id.state', 'beneficiary_id.identity_matched_at',
        'verified_at', 'document_ids.state', 'document_ids.is_required', 'document_ids.received_on',
        'document_ids.issued_on', 'document_ids.expiry_date')
    @api.depends_context('lang')
    def _compute_missing(self):
        submit, verify = self._get_blockers('submit'), self._get_blockers('verify')
        for request in self:
            # a draft lacks what the submission asks for too
            asked = (submit[request.id] * (request.state in ('draft', 'incomplete'))
                     + verify[request.id] * (request.state in EDITABLE_STATES))  # later nothing can be brought any more
            texts = dict.fromkeys(blocker.text for blocker in asked if blocker.whom == 'applicant')
            request.missing = "\n".join(texts) or False

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_submit(self):
        """Receive the request, or receive it again once completed: signed, with the data that its service needs.

        Papers may still be missing: the request then waits for them (``incomplete``) with its number and a notice that
        names them. Nothing is ever refused for being incomplete (R53, R57).
        """
        self._check_actor('submit')  # before anything is told of these requests
        for request in self:
            request._do('submit', {'submitted_at': request.submitted_at or fields.Datetime.now()})
            is_incomplete = request._has_missing_papers()
            request.sudo().state = 'incomplete' if is_incomplete else 'submitted'  # the step's guard was asked above
            if is_incomplete:
                request._prepare_notice('incomplete')
        return True

    def action_ask_completion(self, reason):
        """Ask the applicant for what is missing; the verification has to be made again, the dates stay.

        :param reason: what is asked for, in words for the applicant
        """
        reason = self._require_reason(reason)
        self._do('ask_completion', {'state': 'incomplete', 'completion_reason': reason})
        return self._prepare_notice('incomplete')

    def action_verify(self):
        """State that each required paper is matched and was valid on the day it was received (R54, R55)."""
        self._do('verify', self._stamp('verified'))
        self.sudo().beneficiary_id._register_if_complete()  # what the registration lacked may just have been matched
        for request in self.sudo():  # the next limit counts from now; the caller's right was checked above
            request.write({'stage_due': request._next_stage_due()})
        return True

    def action_inform(self, channel_id=None):
        """State that the applicant was told of the committee and the period; fixes the dates of the reply (R59, R62).

        :param channel_id: how he was told; by default the request's own channel
        """
        self._check_actor('inform')  # before anything is told of these requests
        period = self._reply_period()
        for request in self:
            channel = self._channel(channel_id) or request.channel_id or self._channel_interview()
            request._do('inform', {**self._stamp('informed'), **period, 'informed_channel_id': channel.id})
        return True

    def action_start_research(self):
        """Hand a verified request to the social-research officer, where its service asks for a study."""
        return self._do('start_research', {'state': 'research'})

    def action_raise(self, reason=None):
        """Raise the request to the research committee (R53, R59).

        :param reason: a manager's reason for raising it although a paper is missing; the committee sees it. He also
            states by it that the applicant was told of the committee and the period, where the desk has not done so
        """
        reason = self._given(reason)
        for request in self:
            # a paper that never comes keeps the request from being verified and so from the desk's news: the manager
            # who raises it without the paper is the one who told the applicant
            told = {} if not reason or request.informed_at else {**request._stamp('informed'), **request._reply_period()}
            request._do('raise_exception' if reason else 'raise', {
                **told, 'state': 'committee', 'raised_at': fields.Datetime.now(),
                'raise_exception_reason': reason or False})
        return True

    def action_receive_at_desk(self, channel_id=None):
        """The first moves in one: submit, verify, inform; each guard still runs, and what stops one stops there.

        A request with papers missing ends as ``incomplete``: its notice is what the applicant takes home.
        """
        self.ensure_one()
        self.check_access('read')
        if self.state in ('draft', 'incomplete'):
            self.action_submit()
        if self.state == 'submitted' and not self.verified_at:
            self.action_verify()
        if self.state == 'submitted' and not self.informed_at:
            self.action_inform(channel_id)
        return True

    def action_handover(self, user_id, note):
        """Give the request to a colleague with a note (R49)."""
        note = self._require_reason(note)
        self._do('handover')
        colleague = self._picked('res.users', user_id).filtered(
            lambda user: user.active and user._is_internal())
        if not colleague:
            raise UserError(self.env._("Please choose the colleague who takes it over."))
        for request in self:
            # the actor was checked; the owner moves and the note stays, whoever may write otherwise
            request.sudo().user_id = colleague
            request.sudo().message_post(
                body=self.env._("Handed over to %(name)s: %(note)s", name=colleague.name, note=note),
                author_id=self.env.user.partner_id.id)
        return True

    # ------------------------------------------------------------
    # Means
    # ------------------------------------------------------------

    def _require_reason(self, reason):
        """The reason, cleaned.

        :raise UserError: when none was given
        """
        if not (given := self._given(reason)):
            raise UserError(self.env._("Please give the reason."))
        return given

    def _channel(self, channel_id):
        return self._picked('amlaj.channel', channel_id)

    def _channel_interview(self):
        return self.env['amlaj.channel']._by_code('interview')

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {
            'submit': Actors(DESK, 'may_apply'),
            'ask_completion': Actors(frozenset({'relations', 'researcher'})),
            'verify': Actors(DESK),
            'inform': Actors(DESK),
            'start_research': Actors(frozenset({'relations'})),
            'raise': Actors(frozenset({'relations', 'researcher'})),
            'raise_exception': Actors(frozenset({'manager'})),
            'handover': Actors(frozenset({'relations', 'representative', 'researcher', 'manager'})),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {
            'submit': ('draft', 'incomplete'), 'ask_completion': ('submitted', 'research'), 'verify': ('submitted',),
            'inform': ('submitted',), 'start_research': ('submitted',), 'raise': ('submitted', 'research'),
            'raise_exception': ('submitted', 'incomplete', 'research'),
        }
        if action not in states:
            return blockers
        for request in self.sudo():  # the actor is checked apart; the reasons are the same for everyone
            if request.state not in states[action]:
                blockers[request.id].append(Blocker('state', request._message_wrong_state()))
            blockers[request.id] += request._flow_blockers(action)
        return blockers

    def _message_wrong_state(self):
        label = dict(self._fields['state']._description_selection(self.env))[self.state]
        return self.env._("Request %(number)s is in the state “%(state)s”, which does not allow this step.",
                          number=self.name, state=label)

    def _flow_blockers(self, action):
        """The guard of one step, the state apart."""
        self.ensure_one()
        if action == 'submit':
            return self._submit_blockers()
        if action == 'verify':
            return self._verify_blockers()
        if action == 'inform':
            return self._done_blockers(self.informed_at, self.env._("The applicant was informed before.")) \
                + self._unverified_blockers()
        if action == 'start_research':
            return self._unverified_blockers() + ([] if self.service_id.requires_case_study else [
                Blocker('no_study', self.env._("This service asks for no case study."))])
        if action == 'raise':
            return self._unverified_blockers() + self._uninformed_blockers() + self._evidence_blockers() \
                + self._study_blockers()
        if action == 'raise_exception':
            return self._undeclared_blockers()
        return []

    def _submit_blockers(self):
        lacks = self._unsaid_blockers()
        if self.beneficiary_id.state == 'ended':
            lacks.append(Blocker('file_closed', self.env._("The beneficiary's file is closed.")))
        return lacks

    def _unsaid_blockers(self):
        """What the applicant himself has to say before he submits."""
        lacks = []
        if not self.service_id:
            lacks.append(Blocker('service', self.env._("Choose the service that is asked for."), 'applicant'))
        lacks += [Blocker('answer', self.env._("Please answer: %(question)s", question=question), 'applicant')
                  for question in self._unanswered()]
        return lacks + self._undeclared_blockers()

    def _verify_blockers(self):
        return self._done_blockers(self.verified_at, self.env._("The request was verified before.")) \
            + self._evidence_blockers()

    def _evidence_blockers(self):
        """What a verification states, and what has to hold still when the request goes up to the committee."""
        lacks = self._undeclared_blockers()
        if not self.beneficiary_id.identity_matched_at:
            lacks.append(Blocker('identity', self.env._("The identity is not yet matched with the original.")))
        return lacks + self._paper_blockers()

    def _undeclared_blockers(self):
        return [] if self.is_declared else [
            Blocker('declaration', self.env._("The declaration is not signed."), 'applicant')]

    def _done_blockers(self, done, text):
        return [Blocker('state', text)] if done else []

    def _unverified_blockers(self):
        return [] if self.verified_at else [Blocker('verified', self.env._("The request is not yet verified."))]

    def _uninformed_blockers(self):
        return [] if self.informed_at else [Blocker('informed', self.env._(
            "The applicant was not yet told of the committee and of the period of the reply."))]

    def _study_blockers(self):
        if not self.service_id.requires_case_study or self.state == 'research':
            return []
        return [Blocker('study', self.env._("This service asks for a study: start the research first."))]
