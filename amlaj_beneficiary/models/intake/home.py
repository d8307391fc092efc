from odoo import api, models
from odoo.fields import Domain

from ..registry.home import DESK_ROLES

CONTACTS = 'amlaj_beneficiary.amlaj_interaction_action'
REFERRALS = 'amlaj_beneficiary.amlaj_referral_action'


class AmlajHome(models.AbstractModel):
    _inherit = 'amlaj.home'

    @api.model
    def get_find(self):
        rights = super().get_find()
        return {**rights, 'may_contact': rights['may_search'] and self._has_role(*DESK_ROLES)}

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        if self._has_role('researcher'):
            tiles.append(self._tile(
                'referrals', self.env._("Questions to answer"), REFERRALS, self.env['amlaj.referral']._to_answer_domain()))
        if self._has_role(*DESK_ROLES):
            mine = Domain('user_id', 'in', (self.env.uid, False))
            tiles += [
                self._tile(
                    'messages', self.env._("To tell today"), 'amlaj_beneficiary.amlaj_message_action',
                    self.env['amlaj.message']._to_call_domain()),
                self._tile('contacts_waiting', self.env._("Waiting to be received"), CONTACTS,
                           Domain('state', '=', 'waiting')),
                self._tile('contacts_open', self.env._("My contacts not ended"), CONTACTS,
                           Domain('state', '=', 'open') & Domain('user_id', '=', self.env.uid), 'draft'),
                self._tile('call_backs', self.env._("To call back"), CONTACTS,
                           Domain('call_back_at', '!=', False) & Domain('called_back_at', '=', False) & mine),
                self._tile('answers_to_tell', self.env._("Answers for visitors"), REFERRALS,
                           self.env['amlaj.referral']._to_tell_domain()),
                self._tile('referrals_late', self.env._("Late answers of partner bodies"), REFERRALS,
                           Domain('is_late', '=', True), 'late'),
            ]
        return tiles
