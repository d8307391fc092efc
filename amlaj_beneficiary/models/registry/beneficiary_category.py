from odoo import fields, models


class AmlajBeneficiaryCategory(models.Model):
    """A segment of beneficiaries: widows, fishers, schools (R11, R17).

    A sensitive category tells something about health, a sentence, or parents; a file's link to such a category is kept
    apart and is not read by every role. The *list* of categories is no secret: every role reads it, managers edit it.
    """
    _name = 'amlaj.beneficiary.category'
    _description = "Beneficiary category"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False)
    beneficiary_kind = fields.Selection(
        [('person', "Person"), ('household', "Household"), ('organisation', "Organisation")],
        "Kind of Beneficiary", help="Whom this category describes. Empty: any beneficiary.")
    is_sensitive = fields.Boolean(
        "Sensitive",
        help="Tells something about health, disability, debts, a sentence, or unknown parents. Only those who "
             "study and decide see it on a file, and no service is ever announced for it.")
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND code <> ''",
        "Another category already has this code.")
