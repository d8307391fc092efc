from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.text import clean_text

MOST_AMOUNT = 10 ** 9
OPINIONS = ('opinion_family', 'opinion_money', 'opinion_housing', 'opinion_health', 'opinion_needs')


class AmlajCaseStudy(models.Model):
    """What a social researcher found about a household for one request, or at the yearly update (R17, R56, R60; the form
    of the sector). It informs the committee; nothing is decided by it.

    All of it is sensitive. Nobody reads it who has not opened it by ``action_open_study``, which writes the look into the
    access log and opens it for some hours: researchers and managers any study of others' files, committee members those
    of their published agenda until the session closes (the committee's room). The researcher who made or took it up works
    on it until he finishes it; a finished study stays as it is, and a new one is a new version that starts from it.
    """
    _name = 'amlaj.case.study'
    _description = "Case study"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_names_search = ['beneficiary_id.file_number']
    _log_name = 'number'

    number = fields.Char(compute='_compute_number', compute_sudo=True)
    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, index=True, ondelete='restrict')
    request_id = fields.Many2one('amlaj.request', index='btree_not_null', ondelete='restrict')
    version = fields.Integer(copy=False)
    user_id = fields.Many2one(
        'res.users', string="Researcher", copy=False, index='btree_not_null',
        # a study that a step begins is nobody's until a researcher takes it up
        default=lambda self: False if self.env.su else self.env.uid)
    state = fields.Selection([
        ('draft', "In work"),
        ('done', "Finished"),
    ], required=True, default='draft', copy=False)
    is_current = fields.Boolean(string="Last finished one", copy=False)
    next_update_on = fields.Date(string="Next update due", copy=False)
    finished_by_id = fields.Many2one('res.users', string="Finished by", copy=False)
    finished_at = fields.Datetime(string="Finished on", copy=False)
    opening_ids = fields.One2many('amlaj.case.study.opening', 'study_id', string="Opened by", copy=False)
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')

    # the household
    marital_state = fields.Selection([
        ('single', "Single"), ('married', "Married"), ('widowed', "Widowed"), ('divorced', "Divorced"),
        ('left', "Left by the spouse"), ('prisoner', "Spouse in prison"), ('other', "Other"),
    ], string="Marital state")
    occupation = fields.Selection('_selection_occupation', string="Work of the applicant")
    education = fields.Char(string="Education of the applicant")
    member_ids = fields.One2many('amlaj.case.study.member', 'study_id', string="Household members")
    opinion_family = fields.Text(string="Opinion on the family")

    # money
    income_ids = fields.One2many('amlaj.case.study.income', 'study_id', string="Income sources")
    expense_ids = fields.One2many('amlaj.case.study.expense', 'study_id', string="Expenses")
    debt_total = fields.Monetary(string="Debts")
    debt_reason = fields.Char(string="Reason for the debts")
    debt_months = fields.Integer(string="Months left to pay")
    opinion_money = fields.Text(string="Opinion on the money")

    # housing
    housing_kind = fields.Selection([
        ('flat', "Flat"), ('villa', "Villa"), ('floor', "Floor of a house"), ('old_house', "Old house"),
        ('room', "Room"), ('caravan', "Caravan or tent"), ('other', "Other"),
    ], string="Housing kind")
    housing_tenure = fields.Selection([
        ('owned', "Owned"), ('rented', "Rented"), ('hosted', "With relatives"), ('endowment', "Charity housing"),
        ('other', "Other"),
    ], string="Tenure")
    housing_rooms = fields.Integer(string="Rooms")
    housing_state = fields.Selection([
        ('good', "Good"), ('repair', "Needs repair"), ('unfit', "Unfit to live in"),
    ], string="State of the home")
    opinion_housing = fields.Text(string="Opinion on the housing")

    # health and needs
    health = fields.Selection('_selection_health', string="Health of the applicant")
    health_note = fields.Text(string="Health in words")
    opinion_health = fields.Text(string="Opinion on the health")
    need_ids = fields.One2many('amlaj.case.study.need', 'study_id', string="Needs")
    opinion_needs = fields.Text(string="Opinion on the needs")
    recommendation = fields.Text(help="What the researcher recommends to the committee. The committee decides.")

    _version_once = models.UniqueIndex(
        '(beneficiary_id, version) WHERE version > 0', "This file has a study of this version already.")
    _one_draft_each_request = models.UniqueIndex(
        "(request_id) WHERE state = 'draft' AND request_id IS NOT NULL", "This request has a study in work already.")
    _one_draft_each_file = models.UniqueIndex(
        "(beneficiary_id) WHERE state = 'draft' AND request_id IS NULL", "This file has a study in work already.")
    _due = models.Index("(next_update_on) WHERE is_current")

    _guarded_fields = frozenset({
        'version', 'user_id', 'state', 'is_current', 'next_update_on', 'finished_by_id', 'finished_at', 'opening_ids',
        'result', 'content_hash'})

    @api.model
    def _selection_occupation(self):
        return self.env['amlaj.case.study.member']._fields['occupation']._description_selection(self.env)

    @api.model
    def _selection_health(self):
        return self.env['amlaj.case.study.member']._fields['health']._description_selection(self.env)

    @api.depends('beneficiary_id', 'version')
    def _compute_number(self):
        for study in self:
            study.number = f'{study.beneficiary_id.file_number or study.beneficiary_id.id}-{study.version}'

    @api.depends('number')
    def _compute_display_name(self):
        for study in self:
            study.display_name = study.number

    def _compute_currency_id(self):
        self.currency_id = self.env.ref('base.SAR')

    @api.constrains('debt_total', 'debt_months', 'housing_rooms')
    def _check_numbers(self):
        for study in self:
            if not 0 <= study.debt_total < MOST_AMOUNT or not 0 <= study.debt_months < 1200 or not 0 <= study.housing_rooms < 100:
                raise ValidationError(self.env._("Please check the numbers: one is below zero, or too large."))

    @api.constrains('request_id', 'beneficiary_id')
    def _check_request(self):
        if any(study.request_id and study.request_id.beneficiary_id != study.beneficiary_id for study in self.sudo()):
            raise ValidationError(self.env._("The request belongs to another file."))

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make studies; each has its file's next version and the household as the file knows it today."""
        self.check_access('create')  # before anything is looked up for this user
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        last = self._last_versions({vals.get('beneficiary_id') for vals in vals_list})
        rows = []
        for vals in vals_list:
            file_id = vals.get('beneficiary_id')
            last[file_id] = last.get(file_id, 0) + 1
            rows.append(last[file_id])
        studies = super().create(vals_list)
        for study_sudo, version in zip(studies.sudo(), rows, strict=True):  # the number is the house's own
            study_sudo.version = version
            if not study_sudo.member_ids:
                study_sudo._take_household()
        if not self.env.su:
            studies._open_until(None)
            studies._record_access('note', 'case_study')
        return studies

    @api.model
    def _last_versions(self, file_ids):
        """``{file id: version of its last study}``."""
        rows = self.sudo()._read_group(  # numbers, for files that the caller was let write for
            [('beneficiary_id', 'in', [id_ for id_ in file_ids if id_])], ['beneficiary_id'], ['version:max'])
        return {file.id: version for file, version in rows}

    def write(self, vals):
        if not self.env.su:
            self.check_access('write')
            self._check_in_work()
            if {'beneficiary_id', 'request_id'} & vals.keys():
                raise UserError(self.env._("A study stays with its file and its request."))
        return super().write(self._clean_vals(vals))

    def _check_in_work(self):
        """:raise UserError: for a finished study."""
        if any(study.state == 'done' for study in self.sudo()):  # whoever writes was let do so
            raise UserError(self.env._("A finished study stays as it is. A new one starts from it."))

    @api.model
    def _clean_vals(self, vals):
        texts = (*OPINIONS, 'recommendation', 'health_note', 'debt_reason', 'education')
        return {name: clean_text(value) if name in texts and isinstance(value, str) else value
                for name, value in vals.items()}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_the_house(self):
        if not self.env.su:
            raise UserError(self.env._("A study stays with its file."))

    # ------------------------------------------------------------
    # The household
    # ------------------------------------------------------------

    def action_take_household(self):
        """Take the household from the file again: who is new comes in, who left goes; what was found about others stays."""
        self._do('edit_study')
        self.sudo()._take_household()  # the step was checked just above
        return True

    def _take_household(self):
        """Bring the members in step with the file (superuser)."""
        for study in self:
            known = {line.member_id: line for line in study.member_ids if line.member_id}
            for member in study.beneficiary_id.member_ids:
                vals = {name: member[name] for name in ('name', 'relationship', 'birth_date', 'gender', 'is_contributing')}
                if member in known:
                    known.pop(member).write(vals)
                else:
                    study.env['amlaj.case.study.member'].create({**vals, 'study_id': study.id, 'member_id': member.id})
            for line in known.values():
                line.unlink()
