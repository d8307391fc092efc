from odoo import fields, models


class AmlajPartnerBody(models.Model):
    """A body outside the association that serves what it does not: a person is referred to it with his consent (R7, R16).

    Every role reads them; managers keep the list.
    """
    _name = 'amlaj.partner.body'
    _description = "Partner body"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    serves = fields.Text(string="What it serves", translate=True)
    contact_name = fields.Char(string="Whom to address")
    phone = fields.Char()
    email = fields.Char(string="E-mail")
    address = fields.Char()
    answer_days = fields.Integer(string="Days to answer", default=14, help="When we ask after an answer, in days.")
    active = fields.Boolean(default=True)

    _days_positive = models.Constraint(
        'CHECK(answer_days BETWEEN 1 AND 365)', "The days to answer are between 1 and 365.")
