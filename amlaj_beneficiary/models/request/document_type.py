from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AmlajDocumentType(models.Model):
    """A kind of paper that a service may ask for, explained to the person who has to bring it (R18, R53-R55).

    Every role of the app reads the papers; managers edit them. A portal user reads the papers of published services.
    """
    _name = 'amlaj.document.type'
    _description = "Kind of paper"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'sequence, name, id'

    _portal_fields = frozenset([
        'name', 'help', 'has_expiry', 'max_age_days', 'proof', 'identifies_person', 'sequence', 'active',
    ])

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False)
    help = fields.Text(
        "What It Is and Where to Get It", translate=True,
        help="Plain words for the person who has to bring this paper.")
    has_expiry = fields.Boolean("Has an Expiry Date", help="The paper bears a date after which it is no longer valid.")
    max_age_days = fields.Integer(
        "Not Older Than (Days)",
        help="Counted from the date of issue to the day the paper was received. 0: no limit.")
    proof = fields.Selection(
        [
            ('seen', "Seen and matched with the original"),
            ('file', "A copy is kept"),
            ('lookup', "Looked up in an official service"),
        ],
        required=True, default='file',
        help="How this paper is usually proved; staff may choose another proof.")
    identifies_person = fields.Boolean(
        "Identifies a Person",
        help="An official paper that identifies a person is seen and matched, and never copied (personal data "
             "protection law, article 28).")
    is_sensitive = fields.Boolean(
        "Named Discreetly",
        help="Its name tells of health, need, a family matter or the kind of help. Whoever follows a request without an "
             "account reads “a paper that our office has named to you” instead.")
    requirement_ids = fields.One2many('amlaj.service.requirement', 'document_type_id', "Asked For By")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND code <> ''",
        "Another kind of paper already has this code.")
    _max_age_positive = models.Constraint(
        'CHECK(max_age_days >= 0)',
        "“Not older than” is a number of days: 0 for no limit, or more.")

    @api.constrains('identifies_person', 'proof')
    def _check_identity_is_only_seen(self):
        for paper in self:
            if paper.identifies_person and paper.proof != 'seen':
                raise ValidationError(self.env._(
                    "“%(paper)s” identifies a person. The personal data protection law (article 28) asks us not to "
                    "copy such papers: they are seen and matched with the original, by name and date. Please choose "
                    "“Seen and matched with the original”.",
                    paper=paper.name,
                ))

    def _is_outdated(self, issued_on, expiry_date, day):
        """Whether a paper with these dates no longer counts on ``day``; dates not noted do not count against it."""
        self.ensure_one()
        return bool(
            (self.has_expiry and expiry_date and expiry_date < day)
            or (self.max_age_days and issued_on and issued_on < day - timedelta(days=self.max_age_days)))

    @api.onchange('identifies_person')
    def _onchange_identifies_person(self):
        if self.identifies_person:
            self.proof = 'seen'
