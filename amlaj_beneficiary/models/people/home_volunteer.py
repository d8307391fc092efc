from odoo import api, models
from odoo.fields import Domain

OPPORTUNITIES = 'amlaj_beneficiary.amlaj_volunteer_opportunity_action'
HOURS = 'amlaj_beneficiary.amlaj_volunteer_hours_action'
MESSAGES = 'amlaj_beneficiary.amlaj_message_action_people'


class AmlajHome(models.AbstractModel):
    """What waits of the volunteers: for the coordinator, and for whoever supervises some (R42)."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles(self):
        return super()._tiles() + self._tiles_supervisor() + self._tiles_coordinator()

    @api.model
    def _tiles_supervisor(self):
        Opportunity = self.env['amlaj.volunteer.opportunity']
        mine = Domain('supervisor_id', '=', self.env.uid) & Domain('state', 'in', ('open', 'full', 'done'))
        if not Opportunity._is_supervisor() or not Opportunity.search_count(mine, limit=1):
            return []
        entered = Domain('state', '=', 'entered') & Domain('end_at', '!=', False)
        return [
            self._tile('supervised', self.env._("Volunteers under my supervision"), OPPORTUNITIES,
                       mine & Domain('state', '!=', 'done')),
            self._tile('hours_entered', self.env._("Volunteering hours to approve"), HOURS,
                       entered & Domain('opportunity_id.supervisor_id', '=', self.env.uid)),
        ]

    @api.model
    def _tiles_coordinator(self):
        if not self._has_role('volunteer_coordinator'):
            return []
        today = self.env['amlaj.message']._today()
        return [
            self._tile('hours_approved', self.env._("Volunteering hours to confirm"), HOURS,
                       Domain('state', '=', 'approved') & (
                           Domain('approved_by_id', '=', False) | Domain('approved_by_id', '!=', self.env.uid))),
            self._tile('opportunities_draft', self.env._("Opportunities being prepared"), OPPORTUNITIES,
                       Domain('state', '=', 'draft'), 'draft'),
            self._tile('opportunities_over', self.env._("Opportunities that are over, to close"), OPPORTUNITIES,
                       Domain('state', 'in', ('open', 'full')) & Domain('date_end', '<', today)),
            self._tile('volunteers_told', self.env._("Volunteers to tell today"), MESSAGES,
                       self.env['amlaj.message']._to_volunteers_domain()),
        ]
