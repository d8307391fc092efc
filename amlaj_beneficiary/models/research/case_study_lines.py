import math

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.text import clean_line
from .case_study import MOST_AMOUNT

MOST_LINES = 100
# what has to be paid each month whatever the family does without
OBLIGATIONS = frozenset({'rent', 'instalment'})


class AmlajCaseStudyPart(models.AbstractModel):
    """A line of a case study: it opens, is written and stays with its study."""
    _name = 'amlaj.case.study.part'
    _description = "Part of a case study"
    _inherit = ['amlaj.guarded']
    _order = 'study_id, id'

    study_id = fields.Many2one('amlaj.case.study', required=True, index=True, ondelete='cascade')

    def _file(self):
        return self.study_id.beneficiary_id

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create([self._clean_vals(vals) for vals in vals_list])
        parts._check_open()
        return parts

    def write(self, vals):
        if not self.env.su:
            self.check_access('write')
        self._check_open()
        return super().write(self._clean_vals(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        self._check_open()

    def _check_open(self):
        """:raise UserError: when a study is finished, for whoever but the house itself."""
        if not self.env.su:
            self.sudo().study_id._check_in_work()

    @api.model
    def _clean_vals(self, vals):
        return {name: clean_line(value) if name in ('name', 'note') and isinstance(value, str) else value
                for name, value in vals.items()}


class AmlajCaseStudyMoney(models.AbstractModel):
    """An amount of one kind each month."""
    _name = 'amlaj.case.study.money'
    _description = "Monthly amount of a case study"
    _inherit = ['amlaj.case.study.part']

    amount = fields.Monetary(string="Each month", required=True)
    note = fields.Char()
    currency_id = fields.Many2one(related='study_id.currency_id')

    @api.constrains('amount')
    def _check_amount(self):
        if any(not 0 <= line.amount < MOST_AMOUNT for line in self):
            raise ValidationError(self.env._("Please check the amount."))

    @api.model
    def _clean_vals(self, vals):
        amount = vals.get('amount')
        if isinstance(amount, float) and not math.isfinite(amount):
            raise ValidationError(self.env._("Please check the amount."))  # before it is rounded, which it cannot be
        return super()._clean_vals(vals)


class AmlajCaseStudyIncome(models.Model):
    """A source of the household's income, with its monthly amount."""
    _name = 'amlaj.case.study.income'
    _description = "Income source of a case study"
    _inherit = ['amlaj.case.study.money']
    _rec_name = 'kind'

    kind = fields.Selection([
        ('salary', "Salary"),
        ('pension', "Pension"),
        ('gosi', "Social insurance (GOSI)"),
        ('social_security', "Social security"),
        ('citizen_account', "Citizen Account"),
        ('rehabilitation', "Comprehensive rehabilitation"),
        ('associations', "Other associations' support"),
        ('benefactors', "Benefactors"),
        ('livestock', "Livestock or fishing"),
        ('assets', "Income of property"),
        ('other', "Other"),
    ], required=True)


class AmlajCaseStudyExpense(models.Model):
    """What the household pays each month."""
    _name = 'amlaj.case.study.expense'
    _description = "Expense of a case study"
    _inherit = ['amlaj.case.study.money']
    _rec_name = 'kind'

    kind = fields.Selection([
        ('rent', "Rent"),
        ('instalment', "Monthly instalment"),
        ('food', "Food"),
        ('electricity', "Electricity"),
        ('water', "Water"),
        ('gas', "Gas"),
        ('phone', "Phone"),
        ('internet', "Internet"),
        ('medical', "Medical"),
        ('transport', "Transport"),
        ('education', "School"),
        ('other', "Other"),
    ], required=True)


class AmlajCaseStudyNeed(models.Model):
    """Something that the household needs, with its number."""
    _name = 'amlaj.case.study.need'
    _description = "Need of a case study"
    _inherit = ['amlaj.case.study.part']

    name = fields.Char(string="What is needed", required=True)
    quantity = fields.Float(string="How many", default=1)
    note = fields.Char()

    @api.constrains('quantity')
    def _check_quantity(self):
        if any(not math.isfinite(need.quantity) or not 0 < need.quantity < 10 ** 6 for need in self):
            raise ValidationError(self.env._("Please check the number of what is needed."))


class AmlajCaseStudyMember(models.Model):
    """A member of the household as the study found it: the file's own list at that time, and what the researcher adds."""
    _name = 'amlaj.case.study.member'
    _description = "Household member in a case study"
    _inherit = ['amlaj.case.study.part']
    _order = 'study_id, birth_date, id'

    member_id = fields.Many2one('amlaj.household.member', string="Member in the file", ondelete='set null')
    name = fields.Char(required=True)
    relationship = fields.Selection('_selection_relationship', required=True)
    birth_date = fields.Date(string="Birth date")
    gender = fields.Selection([('male', "Male"), ('female', "Female")])
    is_contributing = fields.Boolean(string="Contributes to the income")
    occupation = fields.Selection([
        ('works', "Works"), ('studies', "Studies"), ('jobless', "Looks for work"), ('home', "At home"),
        ('retired', "Retired"), ('unable', "Unable to work"), ('small', "Below school age"),
    ], string="Work or school")
    health = fields.Selection([
        ('sound', "Healthy"), ('chronic', "Chronic illness"), ('disabled', "Disability"),
    ])
    note = fields.Char()
    age = fields.Integer(compute='_compute_age')

    _guarded_fields = frozenset({'member_id'})

    @api.model
    def _selection_relationship(self):
        return self.env['amlaj.household.member']._fields['relationship']._description_selection(self.env)

    @api.depends('birth_date', 'study_id.finished_at')
    def _compute_age(self):
        for member in self:
            age = member._age_at_study()
            member.age = age if age is not None else 0

    def _age_at_study(self):
        """Age in whole years on the day of the study; None where no birth date is known."""
        self.ensure_one()
        if not self.birth_date:
            return None
        finished = self.study_id.finished_at
        day = self._local_day(finished) if finished else self._today()
        return relativedelta(day, self.birth_date).years
