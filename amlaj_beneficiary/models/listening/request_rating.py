from odoo import SUPERUSER_ID, models

from ...tools.code import show_code
from ..registry.guarded import Actors, Blocker

# who serves at the desk, and may hand over the tablet or type what stands on paper
DESK = frozenset({'relations', 'representative'})


class AmlajRequest(models.Model):
    """A finished service may be rated: a right of the beneficiary, and never a condition (R24, R30)."""
    _inherit = 'amlaj.request'

    def _do(self, action, vals=None):
        result = super()._do(action, vals)
        if (vals or {}).get('state') == 'done':
            self._invite_to_rate()
        return result

    def _has_delivered(self):
        return any(delivery.state == 'delivered' for delivery in self.delivery_ids)

    def _invite_to_rate(self):
        """Invite once for each of these requests in which something was delivered; the step was checked."""
        finished_sudo = self.sudo().filtered(lambda request: request._has_delivered())  # the invitation is the house's own
        self.env['amlaj.rating.invitation']._invite(finished_sudo)

    def _rating_facts(self):
        """What an answer about this request is counted by, and whose it is (superuser)."""
        self.ensure_one()
        return {
            'beneficiary_id': self.beneficiary_id.id, 'service_id': self.service_id.id, 'branch_id': self.branch_id.id,
            'department_id': self.department_id.id, 'channel_id': self.channel_id.id, 'provider_id': self.user_id.id,
            'scope': self.beneficiary_id.scope, 'survey': self.service_id.survey_id}

    def _rating_invitation(self):
        """The invitation of this request, for doors that have checked the mandate or the code; where something was
        delivered and nobody was invited yet, the person rates unasked.

        As the superuser himself, not in his mode: what the database notes of who wrote must not name the person.
        """
        self.ensure_one()
        Invitation = self.env['amlaj.rating.invitation']
        request_sudo = self.sudo()  # only whether there is something to rate
        if request_sudo.state in ('delivery', 'done') and request_sudo._has_delivered():
            return Invitation._invite(request_sudo, is_asked=False)
        return Invitation.with_user(SUPERUSER_ID).search([('request_id', '=', self.id)], limit=1)

    def _told_actions(self, door):
        actions = super()._told_actions(door)
        if self.state not in ('delivery', 'done') or not self._has_delivered():
            return actions
        # looked up and not made: a page that is only read makes nothing
        invitation = self.env['amlaj.rating.invitation'].with_user(SUPERUSER_ID).search(
            [('request_id', '=', self.id)], limit=1)
        if not invitation or invitation._may_answer():
            is_answered = invitation.state == 'answered'
            actions.append({
                'key': 'rating', 'url': self._told_url(door, 'rating'),
                'label': self.env._("Change your rating") if is_answered else self.env._("Rate the service"),
                'help': self.env._("Rating is your right; whoever served you does not learn who rated.")})
        return actions

    # ------------------------------------------------------------
    # At the desk
    # ------------------------------------------------------------

    def action_rating_code(self):
        """Tell the ten digits that open the questions on the desk's tablet; who asked for them is logged.

        :return: a note on the employee's screen
        """
        self.ensure_one()
        self._do('rating_code')
        invitation = self._rating_invitation()
        self._record_access('follow', 'code given')
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'sticky': True, 'title': self.env._("Code for the tablet"),
                'message': self.env._(
                    "%(code)s: type it at %(address)s and give the tablet to the person.",
                    code=show_code(invitation._digits()), address=f'{self.get_base_url()}/rate')}}

    def action_rate_on_paper(self, values):
        """Enter what the person wrote on paper; it is marked so, with the employee's name.

        :param values: ``procedure``, ``conduct``, ``impression`` (1 to 5 each), ``comment``
        :raise UserError: for who served the person himself, and once the person has rated
        """
        self.ensure_one()
        self._do('rate_on_paper')
        self._rating_invitation()._answer(values if isinstance(values, dict) else {}, entered_by=self.env.user)
        return True

    def _actors(self):
        desk = Actors(DESK)
        return super()._actors() | {'rating_code': desk, 'rate_on_paper': desk}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action not in ('rating_code', 'rate_on_paper'):
            return blockers
        requests_sudo = self.sudo()  # the actor is checked apart
        invitations = self.env['amlaj.rating.invitation'].with_user(SUPERUSER_ID).search([
            ('request_id', 'in', self.ids), ('state', '=', 'answered')])
        answered = set(invitations.request_id.ids)
        for request in requests_sudo:
            mine = blockers[request.id]
            served = request.user_id | request.delivery_ids.delivered_by_id
            if request.state not in ('delivery', 'done') or not request._has_delivered():
                mine.append(Blocker('state', self.env._("Nothing was delivered yet.")))
            elif request.id in answered and action == 'rate_on_paper':
                mine.append(Blocker('answered', self.env._("The person has rated already: nobody else changes it.")))
            elif self.env.user in served and action == 'rate_on_paper':
                mine.append(Blocker('provider', self.env._(
                    "You served this person: a colleague enters what he wrote on paper.")))
        return blockers
