from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

# Answers are printed, hashed into the declaration and shown to the committee: only plain values can be.
QUESTION_TYPES = ('boolean', 'char', 'date', 'float', 'integer', 'selection', 'text')


class AmlajService(models.Model):
    """A service of the association: for whom, on what conditions, with which papers, who decides (R11, R18, R46-R48).

    Every role of the app reads the services; managers edit them. A portal user reads the published services for
    external beneficiaries. The ceiling and the repetition interval warn and never block.
    """
    _name = 'amlaj.service'
    _description = "Service"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'sequence, name, id'

    _portal_fields = frozenset([
        'name', 'kind', 'catalogue', 'description', 'conditions', 'requirement_ids', 'document_type_ids',
        'repeat_after_days', 'is_published', 'question_definition', 'sequence', 'active',
    ])

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False)
    kind = fields.Selection(
        [('cash', "Cash support"), ('in_kind', "In-kind support"), ('service', "Service")],
        required=True, default='in_kind')
    catalogue = fields.Selection(
        [('social', "Social"), ('environmental', "Environmental"), ('own', "Our own")],
        required=True, default='own')
    description = fields.Text(translate=True, help="What the beneficiary gets, in plain words.")
    conditions = fields.Text(translate=True, help="Who may ask and on what conditions, one per line.")
    beneficiary_scope = fields.Selection(
        [('external', "External beneficiaries"), ('internal', "Internal beneficiaries"), ('both', "Both")],
        "Offered To", required=True, default='external')
    category_ids = fields.Many2many(
        'amlaj.beneficiary.category', 'amlaj_service_category_rel', string="Who May Ask",
        help="Empty: every beneficiary.")
    # papers
    requirement_ids = fields.One2many('amlaj.service.requirement', 'service_id', "Required Papers", copy=True)
    document_type_ids = fields.Many2many(
        'amlaj.document.type', string="Papers", compute='_compute_document_type_ids',
        inverse='_inverse_document_type_ids', search='_search_document_type_ids')
    question_definition = fields.PropertiesDefinition("Questions")
    # Odoo edits questions only beside answers: these two let a manager see and edit them on the service itself.
    self_id = fields.Many2one('amlaj.service', "This Service", compute='_compute_self_id')
    question_sample = fields.Properties(
        "Questions of This Service", definition='self_id.question_definition', copy=False)
    # decision
    requires_case_study = fields.Boolean("Case Study Needed")
    decided_by = fields.Selection(
        [('committee', "Research committee"), ('department', "Department")],
        required=True, default='committee',
        help="Support goes to the research committee. Only services that are no support (advice, a seat in a "
             "workshop) and internal services may be decided by a department.")
    department_id = fields.Many2one('hr.department', index='btree_not_null')
    ceiling_amount = fields.Monetary("Ceiling", help="Above it the committee is warned. 0: no ceiling.")
    currency_id = fields.Many2one('res.currency', compute='_compute_currency_id')
    repeat_after_days = fields.Integer(
        "Repetition Interval (Days)",
        help="A request that comes sooner after the last delivery is marked for the committee. 0: no interval.")
    is_published = fields.Boolean("Published", copy=False, help="Shown on the website and in the portal.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND code <> ''",
        "Another service already has this code.")
    _ceiling_positive = models.Constraint('CHECK(ceiling_amount >= 0)', "A ceiling is 0 (none) or more.")
    _repeat_positive = models.Constraint(
        'CHECK(repeat_after_days >= 0)', "The repetition interval is a number of days: 0 for none, or more.")

    @api.depends('requirement_ids.document_type_id')
    def _compute_document_type_ids(self):
        for service in self:
            service.document_type_ids = service.requirement_ids.document_type_id

    def _inverse_document_type_ids(self):
        # The first line made or removed recomputes the field: read what is wanted for all records before.
        wanted_by_service = [
            (service, service.with_context(active_test=False).document_type_ids) for service in self
        ]
        for service, wanted in wanted_by_service:
            lines = service.requirement_ids
            # An archived paper is not shown in the field, so nobody meant to remove its line.
            gone = lines.filtered(
                lambda line, wanted=wanted: line.document_type_id.active and line.document_type_id not in wanted)
            added = wanted - lines.document_type_id
            last = max(lines.mapped('sequence'), default=0)
            service.requirement_ids = [
                *(Command.delete(line.id) for line in gone),
                *(
                    Command.create({'document_type_id': paper.id, 'sequence': last + 10 * number})
                    for number, paper in enumerate(added, 1)
                ),
            ]

    def _search_document_type_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = Domain('requirement_ids.document_type_id', operator, value)
        if operator == 'in' and False in value:
            domain |= Domain('requirement_ids', '=', False)
        return domain

    def _compute_self_id(self):
        for service in self:
            service.self_id = service._origin

    def _compute_currency_id(self):
        self.currency_id = self.env.ref('base.SAR')

    @api.constrains('category_ids')
    def _check_categories_not_sensitive(self):
        for service in self:
            if sensitive := service.category_ids.filtered('is_sensitive'):
                raise ValidationError(self.env._(
                    "“%(category)s” is a sensitive category: whoever asks for a service that is only for it would "
                    "tell everyone that he belongs to it. Leave “Who may ask” wider, and put the paper that only this "
                    "category brings into the list of papers.",
                    category=sensitive[0].name,
                ))

    @api.constrains('decided_by', 'department_id', 'kind', 'beneficiary_scope')
    def _check_decided_by(self):
        for service in self.filtered(lambda service: service.decided_by == 'department'):
            if service.kind != 'service' and service.beneficiary_scope != 'internal':
                raise ValidationError(self.env._(
                    "“%(service)s” is support for external beneficiaries: the policy gives its decision to the "
                    "research committee. A department decides only services that are no support, and internal ones.",
                    service=service.name,
                ))
            if not service.department_id:
                raise ValidationError(self.env._(
                    "Please choose the department that decides “%(service)s”.", service=service.name))

    @api.constrains('question_definition')
    def _check_question_definition(self):
        for service in self:
            for question in service.question_definition:
                if question['type'] not in QUESTION_TYPES:
                    raise ValidationError(self.env._(
                        "The question “%(question)s” has a type that a request cannot carry. An answer is printed, "
                        "signed for and read by the committee, so it is text, a number, a choice, a date, or yes or "
                        "no. Tags let the person who answers change the list; links to other records and formatted "
                        "text could show or hide what nobody signed for.",
                        question=question.get('string') or question['name'],
                    ))
                if not (question.get('string') or '').strip():
                    raise ValidationError(self.env._("Please write the text of every question."))

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if 'name' in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=service.name))
            for service, vals in zip(self, vals_list, strict=True)
        ]

    def _required_documents(self, categories):
        """Return the requirement lines that hold for a beneficiary of ``categories``, required and welcome ones.

        :param categories: all categories of the beneficiary, sensitive ones too: the caller reads them in sudo
        """
        return self.requirement_ids.filtered(
            lambda line: line.document_type_id.active
            and (not line.category_ids or line.category_ids & categories)
        )
