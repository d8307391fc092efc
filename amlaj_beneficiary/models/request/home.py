from odoo import api, models
from odoo.fields import Domain

REQUESTS = 'amlaj_beneficiary.amlaj_request_action'
DELIVERIES = 'amlaj_beneficiary.amlaj_delivery_action'
CLOSED = ('done', 'rejected', 'cancelled')


class AmlajHome(models.AbstractModel):
    """The tiles of the requests: what each role does next."""
    _inherit = 'amlaj.home'

    @api.model
    def get_find(self):
        rights = super().get_find()
        return {**rights, 'may_request': rights['may_search'] and self._has_role('relations', 'representative')}

    @api.model
    def _tiles(self):
        return (
            self._tiles_desk() + self._tiles_research() + self._tiles_delivery() + self._tiles_late()
            + super()._tiles())

    @api.model
    def _tiles_desk(self):
        if not self._has_role('relations', 'representative'):
            return []
        received = Domain('state', '=', 'submitted')
        tiles = [
            self._tile('requests_draft', self.env._("My drafts"), REQUESTS,
                       Domain('state', '=', 'draft') & Domain('create_uid', '=', self.env.uid), 'draft'),
            self._tile('to_verify', self.env._("To verify"), REQUESTS, received & Domain('verified_at', '=', False)),
            self._tile('to_inform', self.env._("To inform of the period"), REQUESTS,
                       received & Domain('verified_at', '!=', False) & Domain('informed_at', '=', False)),
        ]
        if self._has_role('relations'):
            ready = received & Domain('informed_at', '!=', False) & Domain('verified_at', '!=', False)
            tiles += [
                self._tile('to_study', self.env._("To refer to research"), REQUESTS,
                           ready & Domain('service_id.requires_case_study', '=', True)),
                self._tile('to_raise', self.env._("To raise to the committee"), REQUESTS,
                           ready & Domain('service_id.requires_case_study', '=', False)),
            ]
        return tiles

    @api.model
    def _tiles_research(self):
        if not self._has_role('researcher'):
            return []
        return [self._tile('research', self.env._("Under study"), REQUESTS, Domain('state', '=', 'research'))]

    @api.model
    def _tiles_delivery(self):
        if not self._has_role('delivery', 'representative'):
            return []
        return [
            self._tile('to_deliver', self.env._("Approved, to deliver"), REQUESTS, Domain('state', '=', 'approved')),
            self._tile('deliveries', self.env._("Planned deliveries"), DELIVERIES,
                       Domain('state', '=', 'planned') & Domain('request_id.state', '=', 'delivery')),
        ]

    @api.model
    def _tiles_late(self):
        if not self._has_role('relations', 'representative', 'researcher', 'manager'):
            return []
        # whoever only studies is late with studies only
        mine = Domain('state', '=', 'research')
        if self._has_role('relations', 'representative', 'manager'):
            mine = Domain.TRUE
        tiles = [self._tile('late', self.env._("Late"), REQUESTS, Domain('is_late', '=', True) & mine, 'late')]
        if self._has_role('manager'):
            tiles += [
                self._tile('aside', self.env._("Kept aside"), REQUESTS,
                           Domain('is_aside', '=', True) & Domain('state', '=', 'incomplete')),
            ]
        tiles.append(self._tile(
            'mine', self.env._("Requests that I own"), REQUESTS,
            Domain('user_id', '=', self.env.uid) & Domain('state', 'not in', CLOSED)))
        return tiles
