from odoo import api, fields, models
from odoo.exceptions import AccessError

from .rating_release import MEASURES


class AmlajRatingCoaching(models.TransientModel):
    """The published figures of one employee, for coaching: he sees his own, the manager those of one employee at a time,
    and each look of the manager is logged (R31, A27). No list, no comparison, no ranking of people."""
    _name = 'amlaj.rating.coaching'
    _description = "Figures for coaching"
    _inherit = ['amlaj.step']

    user_id = fields.Many2one(
        'res.users', string="Employee", required=True, default=lambda self: self.env.user,
        domain=[('share', '=', False)])
    is_shown = fields.Boolean(readonly=True)
    line_ids = fields.One2many('amlaj.rating.coaching.line', 'coaching_id', string="Quarters", readonly=True)

    @api.model
    def action_open_mine(self):
        """Open the current user's own figures.

        :return: the action
        """
        coaching = self.create({'user_id': self.env.uid})
        coaching.action_show()
        return coaching._window()

    def action_show(self):
        """Show the figures of the employee: quarters in which five persons or more rated what he served.

        :raise AccessError: for another employee's figures, to whoever is not the manager
        """
        self.ensure_one()
        is_own = self.user_id == self.env.user
        if not is_own and not self.env.user.has_group('amlaj_beneficiary.group_manager'):
            raise AccessError(self.env._("These figures are shown to the employee himself and to the manager."))
        if not is_own:
            self.env['amlaj.access.log']._add(self.user_id, 'open', 'coaching', 'name')
        # nobody reads these rows by himself: this method answers, and has logged the look
        rows_sudo = self.env['amlaj.rating.release'].sudo().search([
            ('dimension', '=', 'employee'), ('user_id', '=', self.user_id.id)], order='quarter desc, scope')
        self.sudo().write({'is_shown': True, 'line_ids': [  # lines are made here alone
            fields.Command.clear(), *(fields.Command.create({
                'quarter': row._quarter_text(row.quarter), 'scope': row.scope, 'answers': row.answers,
                **{name: row[name] for name in MEASURES}}) for row in rows_sudo)]})
        return self._window()

    def _window(self):
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'target': 'new',
            'name': self.env._("Figures for coaching"), 'views': [(False, 'form')]}

    def write(self, vals):
        if not self.env.su:  # the figures of one employee never stand under the name of another
            vals = {name: value for name, value in vals.items() if name == 'user_id'}
            self.sudo().write({'line_ids': [fields.Command.clear()], 'is_shown': False})  # its owner's own row
        return super().write(vals)


class AmlajRatingCoachingLine(models.TransientModel):
    _name = 'amlaj.rating.coaching.line'
    _description = "One quarter's figures for coaching"
    _order = 'id'

    coaching_id = fields.Many2one('amlaj.rating.coaching', required=True, ondelete='cascade')
    quarter = fields.Char(readonly=True)
    scope = fields.Selection(
        [('external', "External beneficiaries"), ('internal', "Internal beneficiaries")], readonly=True)
    answers = fields.Integer(readonly=True)
    procedure = fields.Float(string="The procedure", digits=(16, 2), readonly=True)
    conduct = fields.Float(string="The provider's conduct", digits=(16, 2), readonly=True)
    impression = fields.Float(string="The impression", digits=(16, 2), readonly=True)
