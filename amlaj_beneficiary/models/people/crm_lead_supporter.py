from odoo import fields, models
from odoo.exceptions import UserError

from .crm_lead import COORDINATOR_GROUP


class CrmLead(models.Model):
    """An offer of support in the pipeline of its team: a number for a name, and nobody's data on it (R5)."""
    _inherit = 'crm.lead'

    supporter_ids = fields.One2many(
        'amlaj.supporter', 'lead_id', string="Supporters", groups=COORDINATOR_GROUP, copy=False)
    supporter_name = fields.Char(string="Name of the supporter", related='supporter_ids.name', groups=COORDINATOR_GROUP)
    supporter_phone = fields.Char(string="Mobile of the supporter", related='supporter_ids.phone', groups=COORDINATOR_GROUP)
    supporter_offer = fields.Text(string="What he offers", related='supporter_ids.offer', groups=COORDINATOR_GROUP)
    supporter_interest_ids = fields.Many2many(
        string="Interests", related='supporter_ids.interest_ids', groups=COORDINATOR_GROUP)
    supporter_state = fields.Selection(
        string="State of the offer", related='supporter_ids.state', groups=COORDINATOR_GROUP)

    def _check_move(self, stage):
        result = super()._check_move(stage)
        for lead in self.filtered(lambda lead: lead.stage_id != stage):
            lead.sudo().supporter_ids._check_move(stage)  # the lead's own reader asks, by its rules
        return result

    def _supporter(self):
        """The one supporter of this offer.

        :raise UserError: for a lead of another kind
        """
        self.ensure_one()
        self.check_access('read')
        supporter = self.supporter_ids if self.env.user.has_group(COORDINATOR_GROUP) or self.env.su else None
        if not supporter:
            raise UserError(self.env._("This is no offer of a supporter."))
        return supporter

    def action_open_supporter(self):
        """Open the supporter, with all that he offers."""
        supporter = self._supporter()
        return {'type': 'ir.actions.act_window', 'res_model': supporter._name, 'res_id': supporter.id,
                'views': [(False, 'form')], 'target': 'current'}

    def action_make_supporter(self):
        """Accept the offer: its maker is a supporter from today on."""
        return self._supporter().action_make_supporter()

    def action_decline_offer(self):
        """Decline the offer with thanks."""
        return self._supporter().action_decline()

    def action_chat_supporter(self):
        """Open the chat application with a word of greeting; nothing is sent by itself."""
        return self._supporter().action_open_chat()
