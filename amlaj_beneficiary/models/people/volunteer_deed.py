from odoo import fields, models
from odoo.tools import SQL

from ..registry.guarded import AddedFields


class AmlajVolunteerDeed(models.AbstractModel):
    """What a volunteer does: his seats, his hours, his visits. He takes his own steps from his pages; in a staff role
    nobody does anything on what is his own (R69).

    Models of it have a ``volunteer_id``. ``_own_actions`` names the steps of the volunteer himself, ``_supervised`` those
    that a supervisor does for his own opportunities alone.
    """
    _name = 'amlaj.volunteer.deed'
    _description = "Deed of a volunteer"
    _inherit = ['amlaj.guarded']

    _own_actions = frozenset()
    _supervised = frozenset()

    def _file(self):
        return self.env['amlaj.beneficiary']  # a volunteer is no beneficiary: the files stay apart

    def _supervisor(self):
        """Who is in charge of this one record; nobody where there is none (superuser)."""
        return self.env['res.users']

    def _filtered_mine(self):
        """Those of the current user, who is the volunteer."""
        mine_sudo = self.env['amlaj.volunteer']._of_user(self.env.user)
        return self.filtered(lambda deed: deed.sudo().volunteer_id == mine_sudo) if mine_sudo else self.browse()

    def _filtered_own(self, operation):
        return super()._filtered_own(operation) | self._filtered_mine()

    def _filtered_actor(self, action):
        if self.env.su:
            return self
        mine = self._filtered_mine()
        permitted = super()._filtered_actor(action)
        if action in self._supervised and not self.env.user.has_group('amlaj_beneficiary.group_volunteer_coordinator'):
            permitted = permitted.filtered(lambda deed: deed.sudo()._supervisor() == self.env.user)
        permitted -= mine
        return permitted | mine if action in self._own_actions else permitted


class AmlajVolunteer(models.Model):
    """Whose deeds are taken one by one."""
    _inherit = 'amlaj.volunteer'

    deed_turn = fields.Integer(
        copy=False, help="Counts the changes of his times, so that two at the same moment come one by one.")
    participation_ids = fields.One2many('amlaj.volunteer.participation', 'volunteer_id', string="Participations", copy=False)

    _guarded_fields = AddedFields('deed_turn', 'participation_ids')

    def _take_turn(self):
        """Wait until this is the only transaction that changes the times of this volunteer (superuser).

        The row is written, as with an opportunity's seats: whoever waited begins anew.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE amlaj_volunteer SET deed_turn = coalesce(deed_turn, 0) + 1 WHERE id = %s", self.id))
        self.invalidate_recordset(['deed_turn'])
