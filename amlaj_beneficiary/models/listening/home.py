from odoo import api, models
from odoo.fields import Domain

from .ticket import OPEN_STATES, PLAIN_KINDS

OBJECTIONS = 'amlaj_beneficiary.amlaj_ticket_action_objection'
MESSAGES = 'amlaj_beneficiary.amlaj_ticket_action'
COMPLAINTS = 'amlaj_beneficiary.amlaj_ticket_action_complaint'


class AmlajHome(models.AbstractModel):
    """Who asks, suggests, complains or objects is answered: by the desk, by who handles complaints, by the manager (A20)."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles(self):
        tiles = super()._tiles() + self._message_tiles() + self._complaint_tiles()
        objections = Domain('kind', '=', 'objection')
        if self._has_role('manager'):
            tiles.append(self._tile(
                'objections', self.env._("Objections to decide"), OBJECTIONS,
                objections & Domain('state', 'in', OPEN_STATES)))
        if self._has_role('relations'):
            tiles += [
                self._tile('objections_new', self.env._("Objections to take in hand"), OBJECTIONS,
                           objections & Domain('state', '=', 'new')),
                self._tile('objections_told', self.env._("Objections answered, to close"), OBJECTIONS,
                           objections & Domain('state', '=', 'answered')),
            ]
        if self._has_role('manager', 'relations'):
            tiles.append(self._tile(
                'objections_late', self.env._("Late answers to objections"), OBJECTIONS,
                objections & Domain('is_late', '=', True), 'late'))
        return tiles

    @api.model
    def _message_tiles(self):
        if not self._has_role('relations', 'representative'):
            return []
        plain = Domain('kind', 'in', PLAIN_KINDS)
        return [
            self._tile('tickets', self.env._("Messages to answer"), MESSAGES, plain & Domain('state', 'in', OPEN_STATES)),
            self._tile('messages_late', self.env._("Late answers to messages"), MESSAGES,
                       plain & Domain('is_late', '=', True), 'late'),
        ]

    @api.model
    def _complaint_tiles(self):
        """Those of which the reader may know: the rules count for a tile as for its list."""
        if not self._has_role('quality', 'manager', 'board'):
            return []
        complaints = Domain('kind', '=', 'complaint')
        return [
            self._tile('complaints', self.env._("Complaints to answer"), COMPLAINTS,
                       complaints & Domain('state', 'in', OPEN_STATES)),
            self._tile('complaints_late', self.env._("Late answers to complaints"), COMPLAINTS,
                       complaints & Domain('is_late', '=', True), 'late'),
        ]
