from odoo import fields, models


class AmlajReason(models.Model):
    """Why something was not done, in two voices: a short label for staff, a respectful sentence for the person (R61).

    The sentence completes a letter that thanks and apologises already; it says what happened, never what someone is.
    Every role of the app reads the reasons; managers edit them.
    """
    _name = 'amlaj.reason'
    _description = "Reason"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'kind, sequence, id'

    name = fields.Char("Short Label", required=True, translate=True, help="What staff read in lists and reports.")
    letter_text = fields.Text(
        "Sentence for the Letter", required=True, translate=True,
        help="What the beneficiary reads: polite, in plain words, with what can be done next.")
    kind = fields.Selection(
        [
            ('refusal', "Refusal of a request"),
            ('suspension', "Suspension of a file"),
            ('cancellation', "Cancellation of a request"),
            ('delivery_failure', "Failed delivery"),
        ],
        required=True, default='refusal', index=True)
    code = fields.Char(copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL AND code <> ''",
        "Another reason already has this code.")
