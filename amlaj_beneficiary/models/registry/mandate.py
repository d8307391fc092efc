from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.phone import clean_phone
from .guarded import Actors, Blocker

RIGHTS = ('may_apply', 'may_follow', 'may_receive')
ADULT_AGE = 18


class AmlajMandate(models.Model):
    """Who may act on a beneficiary's file, and for what: the one answer for rules, pages, methods, signature and
    delivery, for portal and internal users alike (R22, R57, R70; PDPL on guardians).

    Relations employees and representatives record mandates; a mandate counts from the moment that somebody
    other than its holder has verified its proof, until it ends. Whoever holds a mandate on a file does nothing
    on that file in a staff role.
    """
    _name = 'amlaj.mandate'
    _description = "Mandate"
    _inherit = ['amlaj.guarded']
    _order = 'beneficiary_id, id'
    _rec_name = 'person_name'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', string="Account", index='btree_not_null', ondelete='cascade')
    person_name = fields.Char(string="Name", required=True)
    phone = fields.Char(index='btree_not_null')
    capacity = fields.Selection([
        ('self', "The beneficiary"),
        ('guardian', "Guardian"),
        ('agent', "Proxy"),
        ('delegate', "Authorised person"),
    ], required=True, default='delegate')
    may_apply = fields.Boolean(string="May apply")
    may_follow = fields.Boolean(string="May follow", default=True)
    may_receive = fields.Boolean(string="May receive")
    proof_number = fields.Char(string="Proof number", help="The number of the deed, power of attorney or letter.")
    verified_by_id = fields.Many2one('res.users', string="Verified by", copy=False)
    verified_at = fields.Datetime(string="Verified on", copy=False)
    valid_until = fields.Date(string="Valid until")
    is_valid = fields.Boolean(string="Valid", compute='_compute_is_valid', search='_search_is_valid')

    _user_once = models.UniqueIndex(
        '(beneficiary_id, user_id, capacity) WHERE user_id IS NOT NULL',
        "This account already holds a mandate of this kind for the file.")

    _guarded_fields = frozenset({'verified_by_id', 'verified_at'})
    _portal_fields = frozenset({
        'beneficiary_id', 'person_name', 'capacity', 'may_apply', 'may_follow', 'may_receive', 'valid_until',
        'is_valid'})
    # what was verified: changing one of these asks for a new verification
    _verified_fields = frozenset({'beneficiary_id', 'user_id', 'person_name', 'capacity', 'proof_number', 'valid_until',
                                  *RIGHTS})

    @api.depends('verified_at', 'valid_until')
    def _compute_is_valid(self):
        today = self._today()
        for mandate in self:
            mandate.is_valid = bool(mandate.verified_at) and (
                not mandate.valid_until or mandate.valid_until >= today)

    def _search_is_valid(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        return self._valid_domain() if True in value else ~self._valid_domain()

    @api.model
    def _valid_domain(self):
        return Domain('verified_at', '!=', False) & (
            Domain('valid_until', '=', False) | Domain('valid_until', '>=', self._today()))

    @api.constrains('capacity', 'proof_number', 'beneficiary_id')
    def _check_guardian(self):
        for mandate in self:
            age = mandate.beneficiary_id._age()
            if mandate.capacity == 'guardian' and not mandate.proof_number and (age is None or age >= ADULT_AGE):
                raise ValidationError(self.env._(
                    "An adult acts for himself. A guardian needs the number of the court's deed."))
            if mandate.capacity == 'agent' and not mandate.proof_number:
                raise ValidationError(self.env._("A proxy needs the number of the power of attorney."))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        self.check_access('write')  # before the stamp below falls: it is what stops the holder himself
        vals = self._clean_vals(vals)
        if not self.env.su and self._verified_fields & vals.keys():
            verified = self.filtered('verified_at')
            # what was verified has changed, so the stamp no longer holds
            verified.sudo().write({'verified_by_id': False, 'verified_at': False})
        return super().write(vals)

    @api.model
    def _clean_vals(self, vals):
        if vals.get('phone'):
            vals = dict(vals, phone=self._cleaned(clean_phone, vals['phone']))
        return vals

    def action_verify(self):
        """State that the proof of the mandate was seen; from now on it counts.

        :raise UserError: when the caller would verify his own mandate.
        """
        self._do('verify_mandate', self._stamp('verified'))
        self.sudo()._end_at_majority()  # the step was checked just above
        return True

    def action_end(self):
        """End the mandate at once; the record stays, and one that ended earlier keeps its day."""
        yesterday = fields.Date.subtract(self._today(), days=1)
        return self.filtered(lambda m: not m.valid_until or m.valid_until > yesterday)._do(
            'end_mandate', {'valid_until': yesterday})

    def _end_at_majority(self):
        """A guardian without a court's deed acts until the day before the eighteenth birthday (superuser)."""
        for mandate in self:
            birth = mandate.beneficiary_id.birth_date
            if mandate.capacity != 'guardian' or mandate.proof_number or not birth:
                continue
            last = birth + relativedelta(years=ADULT_AGE, days=-1)
            if not mandate.valid_until or mandate.valid_until > last:
                mandate.valid_until = last

    def _actors(self):
        desk = Actors(frozenset({'relations', 'representative', 'manager'}))
        return super()._actors() | {'verify_mandate': desk, 'end_mandate': desk}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'verify_mandate':
            for mandate in self:
                if mandate.verified_at:
                    blockers[mandate.id].append(Blocker('state', self.env._("This mandate is verified already.")))
                if mandate.user_id and mandate.user_id == self.env.user:
                    blockers[mandate.id].append(Blocker('own', self.env._("Nobody verifies a mandate of his own.")))
        return blockers

    # ------------------------------------------------------------
    # The one answer
    # ------------------------------------------------------------

    @api.model
    def _files_held(self, files, user, right=None):
        """Those of ``files`` for which ``user`` holds a valid mandate, with ``right`` where one is named.

        :param right: one of ``may_apply``, ``may_follow``, ``may_receive``.
        :return: ``files`` filtered, in the environment they came with.
        """
        if not files:
            return files
        domain = self._valid_domain() & Domain('user_id', '=', user.id) & Domain('beneficiary_id', 'in', files.ids)
        if right:
            domain &= Domain(right, '=', True)
        # answered for any user, who may not read the mandates themselves
        held_ids = {file.id for [file] in self.sudo()._read_group(domain, ['beneficiary_id'])}
        return files.filtered(lambda file: file.id in held_ids)
