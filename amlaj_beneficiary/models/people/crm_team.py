from odoo import api, fields, models


class CrmTeam(models.Model):
    """A team whose leads only the members of one group see: Odoo shows leads without an owner to every salesman (R42, R69)."""
    _inherit = 'crm.team'

    keeper_group_id = fields.Many2one(
        'res.groups', string="Kept by", readonly=True, copy=False, index='btree_not_null', ondelete='restrict',
        help="Nobody but the members of this group sees the sign-ups of this team.")

    def _is_kept(self):
        """Whether all these teams are the app's own, with a group that keeps them."""
        return bool(self) and all(team.keeper_group_id for team in self.sudo())  # configuration, no secret

    @api.model
    def _get_default_team_id(self, user_id=False, domain=False):
        """A lead without a team falls to any team that there is: never to one of those that are kept apart."""
        team = super()._get_default_team_id(user_id=user_id, domain=domain)
        if team._is_kept() and team.id != self.env.context.get('default_team_id'):
            return self.search([('keeper_group_id', '=', False)], limit=1)
        return team
