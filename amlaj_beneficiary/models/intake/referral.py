from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker
from .interaction_line import DESK, LONGEST

DESK_READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in (
    'representative', 'relations', 'privacy_officer', 'auditor', 'manager'))


class AmlajReferral(models.Model):
    """A question handed to who can answer it: to the social-research officer, so that nobody starts again (R56), or to a
    partner body that serves.

    The desk asks; the officer, or a manager, answers; for a partner body the desk records what it answered. Employee and
    beneficiary read the answer; the message that tells of it says neither question nor answer (rule 9).
    """
    _name = 'amlaj.referral'
    _description = "Referral"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'state'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', index='btree_not_null', ondelete='restrict', copy=False)
    branch_id = fields.Many2one('amlaj.branch', string="Sub-office", index='btree_not_null', ondelete='restrict')
    line_ids = fields.One2many(
        'amlaj.interaction.line', 'referral_id', string="Question of a contact", copy=False, groups=DESK_READERS)
    question = fields.Text(required=True, copy=False)
    answer = fields.Text(copy=False)
    officer_id = fields.Many2one(
        'res.users', string="Social-research officer", index='btree_not_null', copy=False,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('amlaj_beneficiary.group_researcher').ids)],
        help="Empty: whoever of them comes first.")
    asked_by_id = fields.Many2one(
        'res.users', string="Asked by", default=lambda self: self.env.user, index='btree_not_null', copy=False)
    asked_at = fields.Datetime(string="Asked on", required=True, default=fields.Datetime.now, copy=False)
    state = fields.Selection([
        ('open', "Waiting for an answer"),
        ('answered', "Answered"),
    ], required=True, default='open', index=True, copy=False)
    answered_by_id = fields.Many2one('res.users', string="Answered by", copy=False)
    answered_at = fields.Datetime(string="Answered on", copy=False)
    told_by_id = fields.Many2one('res.users', string="Told by", copy=False)
    told_at = fields.Datetime(
        string="Told on", copy=False, help="When a visitor without a file was told, or the message was prepared.")

    _guarded_fields = frozenset({
        'answer', 'asked_by_id', 'asked_at', 'state', 'answered_by_id', 'answered_at', 'told_by_id', 'told_at'})

    @api.model_create_multi
    def create(self, vals_list):
        """Ask; a referral about a file belongs to the file's sub-office."""
        self.browse().check_access('create')  # before anything is told of what is missing
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_links(vals)
            if file := self._picked('amlaj.beneficiary', vals.get('beneficiary_id')):
                vals['branch_id'] = file.sudo().branch_id.id  # whether the user may read the file was asked just before
            if not vals.get('partner_body_id') and not vals.get('officer_id'):
                vals['officer_id'] = self._only_officer().id
        return super().create(vals_list)

    def write(self, vals):
        self.check_access('write')
        if not self.env.su and any(referral._is_fixed() for referral in self):
            raise UserError(self.env._("This referral is on its way or answered, and stays as it is."))
        vals = self._clean_vals(vals)
        self._check_links(vals)
        return super().write(vals)

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        if 'question' in vals:
            vals['question'] = self._given(vals['question'])[:LONGEST]
            if not vals['question']:
                raise UserError(self.env._("Please write the question."))
        return vals

    def _is_fixed(self):
        """Whether nobody changes this referral any more."""
        return self.state == 'answered'

    @api.model
    def _only_officer(self):
        """The social-research officer where there is but one; else nobody: whoever of them comes first answers."""
        group = self.env.ref('amlaj_beneficiary.group_researcher')
        # who has the role is no secret among colleagues, but not everyone reads users
        officers = self.env['res.users'].sudo().search(
            [('all_group_ids', 'in', group.ids), ('share', '=', False)], limit=2).with_env(self.env)
        return officers if len(officers) == 1 else officers.browse()

    @api.model
    def _open_for(self, contact, question):
        """Ask the social-research officer what was asked at a contact; the caller's own step was checked."""
        contact_sudo = contact.sudo()  # read by the step that calls
        return self.sudo().create({
            'beneficiary_id': contact_sudo.beneficiary_id.id, 'branch_id': contact_sudo.branch_id.id,
            'question': question, 'asked_by_id': self.env.uid, **self._vals_of_contact(contact_sudo)})

    @api.model
    def _vals_of_contact(self, contact):
        """What else a referral takes from its contact; later rooms add theirs (superuser)."""
        return {}

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_answer(self, text, outcome=None):
        """Answer the question, in words for the person: the contact has the answer, and a message says that there is one.

        :param text: the answer
        :param outcome: what came of a referral to a partner body
        :raise UserError: without words, or where it was answered already
        """
        self.check_access('read')
        for referral in self:
            step = referral._answer_step()
            referral._check_actor(step)
            referral._do(step, referral._answered_vals(text, outcome))
            referral._pass_on()
        return True

    def _answer_step(self):
        return 'answer'

    def _answered_vals(self, text, outcome=None):
        text = self._given(text)
        if not text:
            raise UserError(self.env._("Please write the answer, in words for the person."))
        if len(text) > LONGEST:
            raise UserError(self.env._("This text is too long: %(most)s characters at most.", most=LONGEST))
        return {'state': 'answered', 'answer': text, **self._stamp('answered'),
                'officer_id': self.sudo().officer_id.id or self.env.uid}  # whoever came first

    def _pass_on(self):
        """Bring the answer to the contact's question, and prepare the message that says that there is one."""
        referral_sudo = self.sudo()  # called by a step whose actor was checked
        referral_sudo.line_ids.filtered(lambda line: not line.answer).answer = referral_sudo.answer
        if referral_sudo.beneficiary_id:
            referral_sudo._tell()
            referral_sudo.write(self._stamp('told'))

    def _tell(self):
        """Queue the message to the person; it says that there is an answer, and no more (superuser)."""
        file = self.beneficiary_id
        told = self.with_context(lang=file.lang or self.env.lang)
        self.env['amlaj.message']._prepare_messages([
            {'beneficiary_id': file.id, 'kind': 'notice', 'body': told._tell_text()}])
        return True

    def _tell_text(self):
        number, phone = self.env['amlaj.change.request']._reach_numbers(self.beneficiary_id)
        if phone:
            return self.env._(
                "We have an answer to what you asked us (file no. %(number)s). To hear it, please call %(phone)s.",
                number=number, phone=phone)
        return self.env._(
            "We have an answer to what you asked us (file no. %(number)s). To hear it, please ask the sub-office.",
            number=number)

    def action_told(self):
        """Note that the visitor was told the answer."""
        return self._do('told', self._stamp('told'))

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {
            'answer': Actors(frozenset({'researcher', 'manager'})), 'told': Actors(DESK)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for referral in self.sudo():  # the actor is checked apart
            mine = blockers[referral.id]
            if action == 'answer' and referral.state != 'open':
                mine.append(Blocker('state', self.env._("This question was answered already.")))
            elif action == 'told' and referral.state == 'open':
                mine.append(Blocker('state', self.env._("This question has no answer yet.")))
            elif action == 'told' and referral.told_at:
                mine.append(Blocker('state', self.env._("The person was told already.")))
        return blockers

    @api.model
    def _to_answer_domain(self):
        """What waits for the current social-research officer."""
        mine = Domain('officer_id', '=', self.env.uid) | Domain('officer_id', '=', False)
        return Domain('state', '=', 'open') & mine

    @api.model
    def _to_tell_domain(self):
        """Answers that a visitor without a file still waits for."""
        return Domain('state', '=', 'answered') & Domain('told_at', '=', False)
