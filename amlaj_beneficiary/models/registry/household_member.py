from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.identity import clean_identity, guess_identity_kind
from ...tools.text import clean_line


class AmlajHouseholdMember(models.Model):
    """A person of a beneficiary's household, as the applicant declared him (R17, R53).

    Whoever may edit the file edits its members; a change voids the declarations that covered them.
    """
    _name = 'amlaj.household.member'
    _description = "Household member"
    _inherit = ['amlaj.guarded']
    _order = 'beneficiary_id, birth_date, id'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade')
    name = fields.Char(required=True)
    relationship = fields.Selection([
        ('spouse', "Spouse"),
        ('child', "Son or daughter"),
        ('parent', "Father or mother"),
        ('sibling', "Brother or sister"),
        ('grandchild', "Grandchild"),
        ('grandparent', "Grandparent"),
        ('other', "Other"),
    ], required=True)
    birth_date = fields.Date(string="Birth date")
    identity_number = fields.Char(string="Identity number", index='btree_not_null')
    gender = fields.Selection([('male', "Male"), ('female', "Female")])
    is_contributing = fields.Boolean(string="Contributes to the income")

    _portal_fields = frozenset({
        'beneficiary_id', 'name', 'relationship', 'birth_date', 'gender', 'is_contributing'})

    @api.constrains('birth_date')
    def _check_birth_date(self):
        today = self._today()
        if any(member.birth_date and member.birth_date > today for member in self):
            raise ValidationError(self.env._("Please check the birth date: it is in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_vals(vals))

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        if vals.get('name'):
            vals['name'] = clean_line(vals['name'])
        if vals.get('identity_number'):
            number = vals['identity_number']
            # a number of no known form is told what a national ID looks like
            kind = guess_identity_kind(number) or 'national_id'
            vals['identity_number'] = self._cleaned(clean_identity, kind, number)
        return vals
