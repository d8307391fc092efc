from odoo import fields, models


class ResCompany(models.Model):
    """What the association's papers say of it. Who may change it: whoever may change the company."""

    _inherit = 'res.company'

    amlaj_licence_number = fields.Char(
        "Licence Number",
        help="The number of the association's licence, printed on the head of every paper.",
    )
    amlaj_paper_phone = fields.Char(
        "Phone on Papers",
        help="The number that people call about their request, printed on every paper. "
             "Empty: the company's own phone.",
    )

    def _get_paper_phone(self):
        """The number printed on papers."""
        self.ensure_one()
        return self.amlaj_paper_phone or self.phone or False
