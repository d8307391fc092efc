from odoo import fields, models

from .request import STATES

SECONDS_PER_HOUR = 3600


class AmlajRequestTransition(models.Model):
    """One move of a request: from, to, who, when, and how long it had been where it was (R12, R23, R49).

    Written by the request itself whenever its state changes; whoever may read the request reads its way.
    """
    _name = 'amlaj.request.transition'
    _description = "Move of a request"
    _inherit = ['amlaj.guarded']
    _order = 'id'
    _rec_name = 'to_state'

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='cascade')
    from_state = fields.Selection(STATES, string="From")
    to_state = fields.Selection(STATES, string="To", required=True)
    user_id = fields.Many2one('res.users', string="By", required=True)
    at = fields.Datetime(string="On", required=True)
    lasted_hours = fields.Float(string="Hours in the state before", help="Whole time, rest days included.")

    _guarded_fields = frozenset({'request_id', 'from_state', 'to_state', 'user_id', 'at', 'lasted_hours'})
    _portal_fields = frozenset({'request_id', 'to_state', 'at'})

    def _file(self):
        return self.request_id.beneficiary_id


class AmlajRequest(models.Model):
    _inherit = 'amlaj.request'

    def _add_transitions(self, states):
        """Write one row for each request whose state differs from ``states`` (``{id: state before}``)."""
        now = fields.Datetime.now()
        rows = []
        for request in self.sudo():  # the way is the house's own record, whoever moved the request
            before = states.get(request.id)
            if before == request.state:
                continue
            entered = request.transition_ids[-1:].at or request.create_date or now
            rows.append({
                'request_id': request.id, 'from_state': before, 'to_state': request.state, 'user_id': self.env.uid,
                'at': now, 'lasted_hours': (now - entered).total_seconds() / SECONDS_PER_HOUR if before else 0,
            })
        self.env['amlaj.request.transition'].sudo().create(rows)
        for request in self.sudo().filtered(lambda r: states.get(r.id) != r.state):
            request._enter_state(states.get(request.id))

    def _enter_state(self, before):
        """What a new state means for the request itself, by whatever path it came (superuser)."""
        self.ensure_one()
        vals = {'stage_due': self._next_stage_due(), 'is_aside': False, 'aside_reason': False}
        if self.state == 'incomplete':
            # verified again once it is complete; the reminders are counted from now
            vals |= {'verified_by_id': False, 'verified_at': False, 'reminders_sent': 0}
        if before == 'incomplete':
            self._cancel_notices('incomplete', 'reminder')
        if self.state == 'cancelled':
            self._cancel_notices('update')
        self.write(vals)
