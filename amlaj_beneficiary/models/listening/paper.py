from odoo import api, models

from ...tools.code import show_code
from ...tools.paper import qr_data_uri


class AmlajPaper(models.AbstractModel):
    """What the dossier of an objection says of the decision before (A20), where the receipt leads to the rating (R24), and
    the text of a message with its link."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {
            'earlier_result': self._earlier_result, 'rating_square': self._rating_square, 'outgoing': self._outgoing}

    @api.model
    def _earlier_result(self, objection):
        labels = dict(self.env['amlaj.decision']._fields['result']._description_selection(self.env))
        return labels.get(objection['result'], '')

    @api.model
    def _rating_square(self, request):
        """Link, address and code for rating what was delivered; False once the person answered or declined."""
        invitation = request._rating_invitation()
        if not invitation or invitation.state != 'open':
            return False
        return {
            'qr': qr_data_uri(invitation._url()), 'code': self._ltr(show_code(invitation._digits())),
            'address': self._ltr(f'{invitation.get_base_url()}/rate'.split('://')[-1])}

    @api.model
    def _outgoing(self, message):
        return message._outgoing_body()
