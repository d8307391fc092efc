from odoo import api, fields, models
from odoo.fields import Command


class AmlajSessionAgenda(models.TransientModel):
    """Choose which of the raised requests go on a session's agenda (R59). It shows a number, a first name and dates:
    the files open once they are on the agenda."""
    _name = 'amlaj.session.agenda'
    _description = "Choose requests for an agenda"

    session_id = fields.Many2one('amlaj.committee.session', required=True, ondelete='cascade')
    line_ids = fields.One2many('amlaj.session.agenda.line', 'agenda_id', string="Waiting for a session")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        session = self.env['amlaj.committee.session'].browse(values.get('session_id')).exists()
        if session and 'line_ids' in fields:
            session._check_actor('schedule')
            is_blind = session.committee_id.hides_names
            values['line_ids'] = [Command.create({
                'request_ref': request.id, 'number': request.name,
                'first_name': request.beneficiary_id.file_number if is_blind else request._first_name(),
                'service_id': request.service_id.id, 'is_urgent': request.priority == '1',
                'reply_due': request.reply_due,
            }) for request in session._candidates()]
        return values

    def action_confirm(self):
        """Put the chosen requests on the agenda."""
        self.ensure_one()
        chosen = self.line_ids.filtered('is_chosen').mapped('request_ref')
        self.session_id.action_add_candidates(chosen)
        return {'type': 'ir.actions.act_window_close'}


class AmlajSessionAgendaLine(models.TransientModel):
    """One request that waits for a session."""
    _name = 'amlaj.session.agenda.line'
    _description = "Request that waits for a session"

    agenda_id = fields.Many2one('amlaj.session.agenda', required=True, ondelete='cascade')
    request_ref = fields.Integer(required=True)
    number = fields.Char(string="Request number")
    first_name = fields.Char(string="First name")
    service_id = fields.Many2one('amlaj.service')
    is_urgent = fields.Boolean(string="Urgent")
    reply_due = fields.Date(string="Reply due")
    is_chosen = fields.Boolean(string="On the agenda", default=True)
