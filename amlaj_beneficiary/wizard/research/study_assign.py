from odoo import fields, models
from odoo.exceptions import UserError


class AmlajStudyAssign(models.TransientModel):
    """Asks to which researcher a study goes (R49); the study's own step checks who gives it."""
    _name = 'amlaj.study.assign'
    _description = "Give a study to a researcher"
    _inherit = ['amlaj.step']

    request_id = fields.Many2one('amlaj.request', required=True, ondelete='cascade')
    user_id = fields.Many2one(
        'res.users', string="Researcher", required=True,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('amlaj_beneficiary.group_researcher').ids)])

    def action_confirm(self):
        """Give the study of the request to the researcher.

        :raise UserError: when there is no study, or it is finished
        """
        self.ensure_one()
        if self.request_id.study_state not in ('free', 'draft'):
            raise UserError(self.env._("There is no case study in work for this request."))
        self.request_id._study_for_user().action_assign(self.user_id.id)
        return {'type': 'ir.actions.act_window_close'}
