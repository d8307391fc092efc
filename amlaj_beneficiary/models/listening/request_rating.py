from datetime import timedelta

from odoo import models

USUAL_SURVEY = 'amlaj_beneficiary.survey_satisfaction'


class AmlajRequest(models.Model):
    """A finished service may be rated: a right of the beneficiary, and never a condition (R24, R30)."""
    _inherit = 'amlaj.request'

    def _do(self, action, vals=None):
        result = super()._do(action, vals)
        if (vals or {}).get('state') == 'done':
            self.sudo()._invite_to_rate()  # the step was checked; the invitation is the house's own
        return result

    def _invite_to_rate(self):
        """Invite once for each of these requests in which something was delivered (superuser)."""
        Invitation = self.env['amlaj.rating.invitation']
        invited = Invitation.search([('request_id', 'in', self.ids)]).request_id
        usual = self.env.ref(USUAL_SURVEY, raise_if_not_found=False)
        until = self._today() + timedelta(days=self.env['amlaj.settings']._get('rating_days'))
        Invitation.create([
            {'request_id': request.id, 'survey_id': survey.id, 'valid_until': until}
            for request in self - invited
            if any(delivery.state == 'delivered' for delivery in request.delivery_ids)
            and (survey := request.service_id.survey_id or usual)])

    def _rating_invitation(self):
        """The invitation of this request, in superuser mode; for doors that have checked the mandate or the code."""
        self.ensure_one()
        return self.env['amlaj.rating.invitation'].sudo().search([('request_id', '=', self.id)], limit=1)

