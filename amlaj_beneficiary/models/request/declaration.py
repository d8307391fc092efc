import base64
import hashlib
import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.files import is_blank_png, png_ok
from ...tools.text import clean_line
from ..registry.guarded import Actors, Blocker
from ..registry.mandate import ADULT_AGE
from .request import EDITABLE_STATES

TEXT_VERSION = '2026-1'
DRAWN_METHODS = ('portal', 'drawn', 'home')
MOST_SIGNATURE = 1024 * 1024
HASH_SCHEMA = 1


class AmlajDeclaration(models.Model):
    """A signed declaration that what the applicant gave is true, and that he is responsible for it (R57, R58).

    Made by ``amlaj.request.action_sign`` alone; it covers what was declared at that moment (``data_hash``), and a later
    change of that voids it. Whoever reads the request reads its declarations.
    """
    _name = 'amlaj.declaration'
    _description = "Declaration"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'signer_name'

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='cascade')
    text_version = fields.Char(string="Text version", required=True)
    rights_version = fields.Char(
        string="Version of the rights and duties", help="The version that was in force when this was signed.")
    signed_at = fields.Datetime(string="Signed on", required=True)
    method = fields.Selection([
        ('portal', "In the portal"),
        ('drawn', "Drawn on a screen at the desk"),
        ('paper', "On paper"),
        ('thumbprint', "Thumbprint on paper"),
        ('guardian', "By the guardian"),
        ('home', "At home, by a link and a code"),
    ], required=True)
    signer_name = fields.Char(string="Name as typed", required=True)
    signature = fields.Binary(attachment=True, copy=False, groups='base.group_user')
    data_hash = fields.Char(string="Hash of what was declared", required=True)
    captured_by_id = fields.Many2one('res.users', string="Captured by")
    witness = fields.Char(string="Witnessed by, and where the paper is")
    voided_at = fields.Datetime(string="Void since", copy=False)
    # whether it holds is told to the applicant, when it was voided is not
    is_valid = fields.Boolean(string="Valid", compute='_compute_is_valid', compute_sudo=True)

    _guarded_fields = frozenset({
        'request_id', 'text_version', 'rights_version', 'signed_at', 'method', 'signer_name', 'signature', 'data_hash',
        'captured_by_id', 'witness', 'voided_at'})
    _portal_fields = frozenset({
        'request_id', 'text_version', 'rights_version', 'signed_at', 'method', 'signer_name', 'is_valid'})

    @api.depends('voided_at')
    def _compute_is_valid(self):
        for declaration in self:
            declaration.is_valid = not declaration.voided_at

    def _file(self):
        return self.request_id.beneficiary_id


class AmlajRequest(models.Model):
    """Signing: what is covered, by whom, by which means, and what voids it."""
    _inherit = 'amlaj.request'

    is_declared = fields.Boolean(
        string="Declared", compute='_compute_is_declared', help="Signed, and nothing of it changed since.")

    @api.model
    def _declaration_text(self):
        """The sentence that is signed; a change of it needs a new ``TEXT_VERSION``."""
        return self.env._(
            "I declare that all data and papers given in this request are true, I bear direct responsibility for them, "
            "and I undertake to tell the association of any change in them.")

    @api.depends('declaration_ids.voided_at', 'origin', 'beneficiary_id')
    def _compute_is_declared(self):
        requests_sudo = self.sudo()  # whether it is signed is no secret for whoever sees the request
        outreach_sudo = requests_sudo.filtered(lambda request: request.origin == 'outreach')
        leaning = outreach_sudo._recently_declared()
        signed = {request.id for [request] in self.env['amlaj.declaration'].sudo()._read_group(
            [('request_id', 'in', requests_sudo._origin.ids), ('voided_at', '=', False)], ['request_id'])}
        for request, request_sudo in zip(self, requests_sudo, strict=True):
            request.is_declared = request._origin.id in signed or (
                request_sudo in outreach_sudo and request_sudo.beneficiary_id.id in leaning)

    def _recently_declared(self):
        """Ids of the files with a declaration on which what the association offers of itself may lean (superuser)."""
        if not self:
            return set()
        since = fields.Datetime.now() - relativedelta(months=self.env['amlaj.settings']._get('declaration_months'))
        recent = self.env['amlaj.declaration'].search([
            ('request_id.beneficiary_id', 'in', self.beneficiary_id.ids), ('voided_at', '=', False),
            ('signed_at', '>=', since)])
        return set(recent.request_id.beneficiary_id.ids)

    def _declared_data(self):
        """What the applicant declares, as plain values: what is asked for, his answers, his household."""
        self.ensure_one()
        request_sudo = self.sudo()  # the same data for whoever signs or changes
        return {
            'schema': HASH_SCHEMA,
            'beneficiary': request_sudo.beneficiary_id.id,
            'service': request_sudo.service_id.id,
            'description': (request_sudo.description or '').strip(),
            'amount': f'{request_sudo.amount_requested:.2f}',
            'answers': {name: str(value) for name, value in request_sudo._answers_given().items()},
            'members': sorted(
                # without the identity number: a mistyped one is corrected, not declared anew
                [member.name, member.relationship, str(member.birth_date or ''), member.gender or '',
                 bool(member.is_contributing)]
                for member in request_sudo.beneficiary_id.member_ids),
        }

    def _declared_hash(self):
        content = json.dumps(self._declared_data(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def _signed_hashes(self):
        """``{request: hash}`` of those with a valid declaration, to see afterwards what a change voids."""
        return {
            request: request._declared_hash()
            for request in self.sudo() if any(declaration.is_valid for declaration in request.declaration_ids)}

    def _void_changed(self, hashes):
        """Void the declarations of the requests whose declared data is no longer what ``hashes`` says."""
        for request_sudo, before in hashes.items():
            if request_sudo._declared_hash() != before:
                request_sudo.declaration_ids.filtered('is_valid').write({'voided_at': fields.Datetime.now()})

    # ------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------

    def action_sign(self, method, signature=None, name=None, witness=None):
        """Sign the declaration.

        :param method: ``portal`` (by who holds a mandate to apply), ``drawn`` (on a screen at the desk), ``paper`` (no
            scan is required), ``thumbprint`` (on paper, witnessed) or ``guardian`` (at the desk, or drawn by the
            guardian who holds the mandate)
        :param signature: base64 PNG, for ``portal`` and ``drawn``, and from who holds a mandate
        :param name: the signer's name as he typed it
        :param witness: for a thumbprint, who saw it and where the paper is
        :raise UserError: saying what is missing
        """
        self.check_access('read')  # before anything is told of these requests
        if method == 'home':
            raise UserError(self.env._("This way of signing is not known."))  # the link's page alone signs so
        return self._sign(method, signature, name, witness)

    def _sign(self, method, signature=None, name=None, witness=None):
        """Sign by a way that ``action_sign`` or the page of a link allows; see there."""
        for request in self:
            held = self.env['amlaj.mandate']._files_held(request.sudo().beneficiary_id, self.env.user)
            # what was signed on paper or at the desk is recorded by staff, who saw it
            request._do('sign_portal' if method == 'portal' or (held and method == 'guardian') else 'sign')
            request._check_signature(method, signature, name, witness, by_mandate=bool(held))
            request.sudo().declaration_ids.filtered('is_valid').write({'voided_at': fields.Datetime.now()})
            self.env['amlaj.declaration'].sudo().create({  # the actor was checked above; nobody else makes declarations
                'request_id': request.id, 'text_version': TEXT_VERSION,
                'rights_version': self.env['amlaj.guide']._rights_version(), 'signed_at': fields.Datetime.now(),
                'method': method, 'signer_name': clean_line(name), 'data_hash': request._declared_hash(),
                'signature': signature or False, 'witness': clean_line(witness) or False,
                'captured_by_id': False if held else self.env.uid})
        return True

    def _check_signature(self, method, signature, name, witness, by_mandate):
        if method not in dict(self.env['amlaj.declaration']._fields['method'].selection):
            raise UserError(self.env._("This way of signing is not known."))
        if not isinstance(name, str) or not clean_line(name):
            raise UserError(self.env._("Please type the name of the person who signs."))
        if method in DRAWN_METHODS or signature or by_mandate:
            self._check_drawing(signature)
        if method == 'thumbprint' and not clean_line(witness):
            raise UserError(self.env._("A thumbprint needs a witness, and where the paper is kept."))
        file_sudo = self.sudo().beneficiary_id  # age and guardians decide who may sign
        guardians_sudo = file_sudo.mandate_ids.filtered(
            lambda mandate: mandate.capacity == 'guardian' and mandate.is_valid
            and (not by_mandate or mandate.user_id == self.env.user))
        age = file_sudo._age() if file_sudo.kind == 'person' else None
        if method == 'guardian' and not guardians_sudo:
            raise UserError(self.env._("No verified guardian is noted in the file."))
        if method != 'guardian' and age is not None and age < ADULT_AGE:
            raise UserError(self.env._("For a person under 18 the guardian signs."))

    def _check_drawing(self, signature):
        """A drawing must be a PNG by its content, and not blank."""
        try:
            data = base64.b64decode(signature or b'', validate=True)
        except (ValueError, TypeError):
            data = b''
        if len(data) > MOST_SIGNATURE or not png_ok(data) or is_blank_png(data):
            raise UserError(self.env._("The signature is empty. Please sign again."))

    def _actors(self):
        return super()._actors() | {
            'sign': Actors(frozenset({'relations', 'representative'})),
            'sign_portal': Actors(frozenset(), 'may_apply'),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action in ('sign', 'sign_portal'):
            for request in self.sudo():  # the actor is checked apart
                if request.state not in EDITABLE_STATES:
                    blockers[request.id].append(Blocker('state', request._message_wrong_state()))
                if not request.service_id:
                    blockers[request.id].append(Blocker(
                        'service', self.env._("Choose the service that is asked for."), 'applicant'))
        return blockers


class AmlajHouseholdMember(models.Model):
    """Members are part of what was declared: a change voids the signatures that covered them."""
    _inherit = 'amlaj.household.member'

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access('create')
        hashes = self._files_named(vals_list)._open_signed_hashes()
        members = super().create(vals_list)
        self.env['amlaj.request']._void_changed(hashes)
        return members

    def write(self, vals):
        self.check_access('write')
        hashes = (self.beneficiary_id | self._files_named([vals]))._open_signed_hashes()
        result = super().write(vals)
        self.env['amlaj.request']._void_changed(hashes)
        return result

    def unlink(self):
        self.check_access('unlink')
        hashes = self.beneficiary_id._open_signed_hashes()
        result = super().unlink()
        self.env['amlaj.request']._void_changed(hashes)
        return result

    @api.model
    def _files_named(self, vals_list):
        """The files to which these values move members: their requests are concerned too."""
        return self.env['amlaj.beneficiary'].browse(
            {vals['beneficiary_id'] for vals in vals_list if vals.get('beneficiary_id')})


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    request_ids = fields.One2many('amlaj.request', 'beneficiary_id', string="Requests", copy=False)

    def _open_signed_hashes(self):
        """What the file's requests that are still with the desk declare now; locks them."""
        requests_sudo = self.sudo().request_ids.filtered(lambda request: request.state in EDITABLE_STATES)
        hashes = requests_sudo._signed_hashes()
        self.env['amlaj.request'].concat(*hashes)._lock()
        return hashes
