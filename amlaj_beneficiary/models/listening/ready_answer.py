from odoo import fields, models


class AmlajReadyAnswer(models.Model):
    """A text to begin an answer with, in the reader's language; whoever answers changes it as he likes (R14, R28).

    Who answers reads them; managers keep them.
    """
    _name = 'amlaj.ready.answer'
    _description = "Wording of an answer"
    _order = 'sequence, id'

    name = fields.Char(string="Title", required=True, translate=True)
    text = fields.Text(required=True, translate=True)
    kind = fields.Selection([
        ('enquiry', "Enquiry"),
        ('suggestion', "Suggestion"),
        ('complaint', "Complaint"),
    ], string="For", help="Empty: for all.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
