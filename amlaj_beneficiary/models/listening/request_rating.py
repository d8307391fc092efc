from datetime import timedelta

from odoo import SUPERUSER_ID, models

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
        """The invitation of this request, for doors that have checked the mandate or the code.

        As the superuser himself, not in his mode: what the database notes of who wrote must not name the person.
        """
        self.ensure_one()
        return self.env['amlaj.rating.invitation'].with_user(SUPERUSER_ID).search([('request_id', '=', self.id)], limit=1)

    def _told_actions(self, door):
        actions = super()._told_actions(door)
        invitation_sudo = self._rating_invitation() if self.state == 'done' else None
        if invitation_sudo and invitation_sudo._may_answer():
            is_answered = invitation_sudo.state == 'answered'
            actions.append({
                'key': 'rating', 'url': self._told_url(door, 'rating'),
                'label': self.env._("Change your rating") if is_answered else self.env._("Rate the service"),
                'help': self.env._("Rating is your right; whoever served you does not learn who rated.")})
        return actions
