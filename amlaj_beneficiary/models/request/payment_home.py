from odoo import api, models
from odoo.fields import Domain

SHEETS = 'amlaj_beneficiary.amlaj_payment_sheet_action'
LINES = 'amlaj_beneficiary.amlaj_payment_line_action'


class AmlajHome(models.AbstractModel):
    """The tiles of payments: what waits for an approval, for the bank, or for a manager's look at a new account."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        draft = Domain('state', '=', 'draft') & Domain('line_ids.state', '=', 'ready')
        if self._has_role('finance'):
            tiles += [
                self._tile('sheets_to_approve', self.env._("Payment sheets to approve"), SHEETS,
                           draft & Domain('prepared_by_id', '!=', self.env.uid)),
                self._tile('sheets_to_pay', self.env._("Payment sheets to pay"), SHEETS,
                           Domain('state', '=', 'approved')),
            ]
        if self._has_role('manager'):
            tiles.append(self._tile(
                'accounts_to_accept', self.env._("New accounts to accept"), LINES,
                Domain('state', '=', 'stopped') & Domain('is_open', '=', True) & Domain(
                    'stop_code', 'in', ('account', 'decision'))))
        return tiles
