from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..registry.guarded import Actors, Blocker
from .decision import FINAL


class AmlajRequest(models.Model):
    """The decision of a department's manager on services that are no support: without a session and without the two
    weeks (policy, "who decides")."""
    _inherit = 'amlaj.request'

    decided_by = fields.Selection(related='service_id.decided_by')

    def action_decide_by_department(self, result, reason_id=None, amount=None):
        """Decide verified requests as the manager of their department; the reply may follow at once.

        :param result: ``approved``, ``partial`` or ``rejected``
        :param reason_id: an ``amlaj.reason`` of refusal
        :param amount: what is granted to each
        :raise AccessError: for everyone but the department's own manager
        """
        for request in self:
            request._do('decide_by_department')
            if result not in FINAL:
                raise UserError(self.env._("A department approves, approves partly, or rejects."))
            item_sudo = self.env['amlaj.decision'].sudo().create({'request_id': request.id})  # the step was checked
            item_sudo._settle(item_sudo._prepare_decision(result, reason_id, amount))
        return True

    def _deciding_department(self):
        """The department that decides on this request (superuser)."""
        return self.service_id.department_id or self.department_id

    def _actors(self):
        # who manages a department may have any role, or several: ``_filtered_actor`` asks for the person
        return super()._actors() | {'decide_by_department': Actors()}

    def _filtered_actor(self, action):
        if action != 'decide_by_department' or self.env.su:
            return super()._filtered_actor(action)
        held_sudo = self.env['amlaj.mandate']._files_held(self.sudo()._file(), self.env.user)
        return self.filtered(
            lambda request: request.sudo()._deciding_department().manager_id.user_id == self.env.user
            and not request.sudo()._file() & held_sudo)

    def _check_actor(self, action):
        if action == 'decide_by_department' and self - self._filtered_actor(action):
            raise AccessError(self.env._("Only the manager of the department decides on this request."))
        return super()._check_actor(action)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'decide_by_department':
            for request in self.sudo():  # the actor is checked apart
                blockers[request.id] += request._department_blockers()
        return blockers

    def _department_blockers(self):
        if self.state not in ('submitted', 'research') or self.decision_id:
            return [Blocker('state', self._message_wrong_state())]
        lacks = []
        if self.service_id.decided_by != 'department':
            lacks.append(Blocker('committee', self.env._("The research committee decides on this service.")))
        return lacks + self._unverified_blockers()
