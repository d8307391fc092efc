from odoo import api, models
from odoo.fields import Domain

AWAITING = 'amlaj_beneficiary.amlaj_request_action_awaiting_reply'


class AmlajHome(models.AbstractModel):
    """What the reply asks of whoever gives it: the decided requests whose day has come, and all that wait."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles_desk(self):
        tiles = super()._tiles_desk()
        if self._has_role('relations'):
            waiting = Domain('is_awaiting_reply', '=', True)
            # a department's decision has no period of its own
            may_reply = (Domain('reply_not_before', '=', False) | Domain('reply_early_reason', '!=', False)
                         | Domain('reply_not_before', '<=', self.env['amlaj.guarded']._today()))
            tiles += [
                self._tile('to_reply', self.env._("To reply now"), AWAITING, waiting & may_reply),
                self._tile('awaiting_reply', self.env._("Decided, not replied"), AWAITING, waiting),
            ]
        return tiles
