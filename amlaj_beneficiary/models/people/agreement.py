from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.text import clean_line, clean_text
from ..registry.guarded import Actors, Blocker

# the version of the charter's text below: a new text has a new version
CHARTER_VERSION = '2026-1'
LONGEST = 20000
KEEPERS = Actors(frozenset({'volunteer_coordinator', 'manager'}))
# a signature is no public picture
SIGNATURE_READERS = ','.join(
    f'amlaj_beneficiary.group_{role}' for role in ('volunteer_coordinator', 'auditor', 'manager'))


class AmlajAgreement(models.Model):
    """What binds the association and a party: a volunteer's charter, an agreement with a supporter or another body, with
    its period, the rights and duties as they stood on that day, and what came of it (R3, R5, R6).

    The volunteer coordinator and managers draw agreements up and note breaches, ends and renewals; auditors read them. A
    volunteer reads and signs his own in the portal. A signed text never changes: a new one is another agreement.
    """
    _name = 'amlaj.agreement'
    _description = "Agreement"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'number'
    _log_name = 'number'

    number = fields.Char(readonly=True, copy=False)
    kind = fields.Selection([
        ('charter', "Volunteer charter"),
        ('support', "Agreement with a supporter"),
        ('partner', "Agreement with another body"),
        ('other', "Another agreement"),
    ], required=True, default='partner')
    title = fields.Char(required=True)
    volunteer_id = fields.Many2one(
        'amlaj.volunteer', index='btree_not_null', ondelete='restrict', copy=False)
    party_name = fields.Char(string="Other party", compute='_compute_party_name', store=True, readonly=False, precompute=True)
    party_phone = fields.Char(string="Phone of the other party")
    valid_from = fields.Date(string="In force from", default=lambda self: self._today(), required=True)
    valid_until = fields.Date(string="In force until")
    is_over = fields.Boolean(string="Its time is over", compute='_compute_is_over')
    text = fields.Text(string="Rights and duties as agreed", required=True)
    text_version = fields.Char(string="Text version", copy=False)

    state = fields.Selection([
        ('draft', "To be signed"),
        ('signed', "Signed"),
        ('ended', "Ended"),
    ], required=True, default='draft', index=True, copy=False)
    method = fields.Selection([
        ('portal', "In the portal"),
        ('paper', "On paper"),
    ], string="How it was signed", copy=False)
    signed_at = fields.Datetime(string="Signed on", copy=False)
    signer_name = fields.Char(string="Name of who signed", copy=False)
    signature = fields.Binary(attachment=True, copy=False, groups=SIGNATURE_READERS)
    signed_copy = fields.Binary(string="Signed copy", attachment=True, copy=False, groups=SIGNATURE_READERS)
    signed_copy_name = fields.Char(string="Name of the file", copy=False)
    captured_by_id = fields.Many2one('res.users', string="Captured by", copy=False)
    ended_on = fields.Date(string="Ended on", copy=False)
    end_reason = fields.Char(string="Why it ended", copy=False)
    renews_id = fields.Many2one(
        'amlaj.agreement', index='btree_not_null', ondelete='restrict', copy=False)
    renewal_ids = fields.One2many('amlaj.agreement', 'renews_id', string="Renewals", copy=False)
    breach_ids = fields.One2many('amlaj.agreement.breach', 'agreement_id', string="Breaches", copy=False)

    _number_unique = models.UniqueIndex('(number)', "This number is taken.")
    _period = models.Constraint(
        'CHECK(valid_until IS NULL OR valid_until >= valid_from)', "The period ends before it begins.")
    _ends = models.Index("(valid_until) WHERE state = 'signed'")

    _guarded_fields = frozenset({
        'number', 'volunteer_id', 'text_version', 'state', 'method', 'signed_at', 'signer_name', 'signature',
        'captured_by_id', 'ended_on', 'end_reason', 'renews_id', 'renewal_ids', 'breach_ids'})
    _portal_fields = frozenset({
        'number', 'kind', 'title', 'text', 'text_version', 'state', 'signed_at', 'signer_name', 'valid_from', 'valid_until'})
    # what was signed stays as it was
    _signed_fields = frozenset({'kind', 'title', 'party_name', 'valid_from', 'valid_until', 'text'})

    @api.depends('volunteer_id')
    def _compute_party_name(self):
        for agreement in self.filtered('volunteer_id'):
            agreement.party_name = agreement.volunteer_id.name

    @api.depends('valid_until', 'state')
    def _compute_is_over(self):
        today = self._today()
        for agreement in self:
            agreement.is_over = bool(
                agreement.state == 'signed' and agreement.valid_until and agreement.valid_until < today)

    @api.constrains('text', 'title')
    def _check_text(self):
        for agreement in self:
            if len(agreement.text) > LONGEST or len(agreement.title) > 200:
                raise ValidationError(self.env._("This text is too long."))

    @api.model_create_multi
    def create(self, vals_list):
        """Make agreements, each with its number of the year."""
        agreements = super().create(vals_list)
        for agreement_sudo in agreements.sudo():  # the number is the house's own
            agreement_sudo.number = agreement_sudo.number or agreement_sudo.env['ir.sequence'].next_by_code(
                'amlaj.agreement', sequence_date=self._today())
        return agreements

    def write(self, vals):
        self.check_access('write')  # before anything is told of them
        if self._signed_fields & vals.keys() and any(agreement.state != 'draft' for agreement in self.sudo()):
            raise UserError(self.env._("What was signed is not changed. Please renew the agreement with a new text."))
        return super().write(vals)

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    # ------------------------------------------------------------
    # The volunteer's charter
    # ------------------------------------------------------------

    @api.model
    def _draw_up_charter(self, volunteer_sudo):
        """Make the charter that waits for the volunteer's signature (the caller's own step was checked)."""
        lang = self.with_context(lang=volunteer_sudo.user_id.lang or self.env.lang)
        return self.sudo().create({
            'kind': 'charter', 'title': lang.env._("Volunteer-opportunity charter"), 'volunteer_id': volunteer_sudo.id,
            'text': lang._charter_text(), 'text_version': CHARTER_VERSION})

    @api.model
    def _charter_text(self):
        """The rights and duties that the Volunteer Work Law (M/70) names, one to a line."""
        return '\n'.join([
            self.env._("What the association does:"),
            self.env._("- trains the volunteer for his work and gives him the equipment and clothing that it needs;"),
            self.env._("- gives him a volunteer card, and a certificate of his hours when he asks for it;"),
            self.env._("- provides food, transport and lodging where the work is outside his home area;"),
            self.env._("- has him treated if he is hurt during the work, its training or on the way;"),
            self.env._("- asks for nothing dangerous, and for work that suits his age and skills."),
            self.env._("What the volunteer does:"),
            self.env._("- keeps to the code of ethics, the association's rules and the safety instructions;"),
            self.env._("- keeps secret what he learns of people and of the association, now and after he leaves;"),
            self.env._("- makes no statement to the media and publishes no pictures without permission;"),
            self.env._("- gives back what was entrusted to him, and says in time when he cannot come."),
            self.env._("Either side may end this charter by telling the other. The work is without pay."),
        ])

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def action_sign(self, signature, name):
        """Sign one's own agreement by drawing, in the portal.

        :param signature: base64 PNG
        :param name: the signer's name as he typed it
        :raise UserError: saying what is missing
        """
        self.ensure_one()
        self._check_actor('sign')
        name = clean_line(name) if isinstance(name, str) else ''
        if not name or len(name) > 200:
            raise UserError(self.env._("Please type the name of the person who signs."))
        self.env['amlaj.request']._check_drawing(signature)
        return self._do('sign', {
            'state': 'signed', 'method': 'portal', 'signature': signature, 'signer_name': name,
            'signed_at': fields.Datetime.now()})

    def action_note_paper(self, name):
        """Note that the agreement was signed on paper before the employee.

        :param name: of who signed
        """
        self.ensure_one()
        name = clean_line(name) if isinstance(name, str) else ''
        self._check_actor('note_paper')
        if not name or len(name) > 200:
            raise UserError(self.env._("Please type the name of the person who signs."))
        return self._do('note_paper', {
            'state': 'signed', 'method': 'paper', 'signer_name': name, 'signed_at': fields.Datetime.now(),
            'captured_by_id': self.env.uid})

    # ------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------

    def action_note_breach(self, what, outcome, day=None):
        """Note that the other party did not keep to the agreement, and what followed (R6).

        :param what: in plain words
        :param outcome: ``none``, ``warning`` or ``ended``
        :param day: when; default today
        """
        self.ensure_one()
        self._check_actor('note_breach')
        what, day = self._given(what), self._given_day(day) or self._today()
        if not what or len(what) > 2000:
            raise UserError(self.env._("Please write what happened, in a few words."))
        if not isinstance(outcome, str) or outcome not in dict(self.env['amlaj.agreement.breach']._fields['outcome'].selection):
            raise UserError(self.env._("Please choose what followed."))
        if day > self._today():
            raise UserError(self.env._("Please check the day."))
        self._do('note_breach')
        self.env['amlaj.agreement.breach'].sudo().create({  # the step was checked; nobody else makes them
            'agreement_id': self.id, 'day': day, 'what': what, 'outcome': outcome, 'noted_by_id': self.env.uid})
        if outcome == 'ended':
            return self._do('end', {'state': 'ended', 'ended_on': self._today(), 'end_reason': what[:200]})
        return True

    def action_end(self, reason):
        """End the agreement, with a reason."""
        self._check_actor('end')
        reason = clean_text(self._given(reason))
        if not reason or len(reason) > 200:
            raise UserError(self.env._("Please write the reason, in a few words."))
        return self._do('end', {'state': 'ended', 'ended_on': self._today(), 'end_reason': reason})

    def action_renew(self):
        """Draw up the agreement that follows this one, with the same text; it is signed anew.

        :return: the action that opens it
        """
        self.ensure_one()
        self._do('renew')
        first = fields.Date.add(self.valid_until, days=1) if self.valid_until else self._today()
        length = self.valid_until - self.valid_from if self.valid_until else None
        renewal_sudo = self.sudo().copy({  # the step was checked
            'renews_id': self.id, 'volunteer_id': self.volunteer_id.id, 'valid_from': max(first, self._today()),
            'valid_until': max(first, self._today()) + length if length else False, 'text_version': self.text_version})
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': renewal_sudo.id,
                'views': [(False, 'form')], 'target': 'current'}

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | dict.fromkeys(('note_paper', 'note_breach', 'end', 'renew'), KEEPERS) | {
            'sign': Actors()}

    def _filtered_actor(self, action):
        if self.env.su:
            return super()._filtered_actor(action)
        own = self.filtered(lambda agreement: agreement.sudo().volunteer_id.user_id == self.env.user)  # whose it is
        return own if action == 'sign' else super()._filtered_actor(action) - own

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        wanted = {'sign': 'draft', 'note_paper': 'draft', 'note_breach': 'signed', 'renew': 'signed'}.get(action)
        for agreement in self.sudo():  # the actor is checked apart
            mine = blockers[agreement.id]
            if (wanted and agreement.state != wanted) or (action == 'end' and agreement.state == 'ended'):
                mine.append(Blocker('state', self.env._("The state of this agreement does not allow it.")))
            if action == 'sign' and agreement.volunteer_id.state == 'ended':
                mine.append(Blocker('state', self.env._("This volunteer has left.")))
            if action == 'renew' and agreement.renewal_ids:
                mine.append(Blocker('state', self.env._("This agreement has its renewal already.")))
        return blockers


class AmlajAgreementBreach(models.Model):
    """One time when a party did not keep to an agreement, and what followed (R6). Noted by the agreement's own step."""
    _name = 'amlaj.agreement.breach'
    _description = "Breach of an agreement"
    _inherit = ['amlaj.guarded']
    _order = 'day desc, id desc'
    _rec_name = 'day'

    agreement_id = fields.Many2one('amlaj.agreement', required=True, index=True, ondelete='cascade')
    day = fields.Date(required=True)
    what = fields.Text(string="What happened", required=True)
    outcome = fields.Selection([
        ('none', "Nothing more"),
        ('warning', "A warning"),
        ('ended', "The end of the agreement"),
    ], string="What followed", required=True)
    noted_by_id = fields.Many2one('res.users', string="Noted by", required=True)

    _guarded_fields = frozenset({'agreement_id', 'day', 'what', 'outcome', 'noted_by_id'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file


class AmlajVolunteer(models.Model):
    _inherit = 'amlaj.volunteer'

    agreement_ids = fields.One2many('amlaj.agreement', 'volunteer_id', string="Agreements", copy=False)
    has_signed = fields.Boolean(string="Charter signed", compute='_compute_has_signed', compute_sudo=True)

    @api.depends('agreement_ids.state', 'agreement_ids.valid_until')
    def _compute_has_signed(self):
        signed = {volunteer.id for [volunteer] in self.env['amlaj.agreement']._read_group(
            [('volunteer_id', 'in', self.ids), ('kind', '=', 'charter'), ('state', '=', 'signed')], ['volunteer_id'])}
        for volunteer in self:
            volunteer.has_signed = volunteer.id in signed
