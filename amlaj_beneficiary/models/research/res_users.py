from odoo import fields, models


class ResUsers(models.Model):
    """Which researchers are women: some households ask for one (R17, R50)."""
    _inherit = 'res.users'

    is_female_researcher = fields.Boolean(
        string="Female researcher", help="She is offered to households that ask for a female researcher.")
