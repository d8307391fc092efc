from odoo import fields, models


class AmlajRequestStep(models.TransientModel):
    """An objection that came on paper, by phone or in person, entered for the applicant (A20; rule 5)."""
    _inherit = 'amlaj.request.step'

    step = fields.Selection(selection_add=[('objection', "Enter an objection")], ondelete={'objection': 'cascade'})
    received_on = fields.Date(string="Received on", default=lambda self: self.env['amlaj.guarded']._today())

    def _do_objection(self):
        ticket = self.request_id.action_object(self.note, self.channel_id.id or None, self.received_on)
        return {
            'type': 'ir.actions.act_window', 'res_model': 'amlaj.ticket', 'res_id': ticket.id, 'view_mode': 'form',
            'views': [(False, 'form')]}
