from odoo import api, fields, models

from ...models.listening.ticket_arrival import KINDS
from ...tools.follow_code import show_follow_code


class AmlajTicketEntry(models.TransientModel):
    """What somebody says at the desk or on the phone, written down while he speaks (R14, R39, R40; rule 5).

    The ticket's own method checks it. The code is told once, to be read to the person, and kept nowhere.
    """
    _name = 'amlaj.ticket.entry'
    _description = "New message at the desk"
    _inherit = ['amlaj.step']

    kind = fields.Selection(selection='_selection_kind', string="What it is", required=True, default='enquiry')
    beneficiary_id = fields.Many2one('amlaj.beneficiary', string="File", ondelete='cascade')
    request_id = fields.Many2one(
        'amlaj.request', string="About the request", ondelete='cascade', domain="[('beneficiary_id', '=', beneficiary_id)]")
    channel_id = fields.Many2one('amlaj.channel', default=lambda self: self.env['amlaj.channel']._by_code('phone'))
    received_on = fields.Date(string="Received on", default=lambda self: self.env['amlaj.guarded']._today())
    priority = fields.Selection([('0', "Normal"), ('1', "Urgent")], required=True, default='0')
    sender_name = fields.Char(string="Name, where there is no file")
    sender_phone = fields.Char(string="Phone, where there is no file")
    about_kind = fields.Selection(selection='_selection_about', string="About whom")
    about_user_id = fields.Many2one('res.users', string="About the employee", domain=[('share', '=', False)])
    about_department_id = fields.Many2one('hr.department', string="About the unit")
    objection_to = fields.Selection([
        ('suspension', "A suspension of the file"),
        ('delivery', "A failed delivery"),
    ], string="Objection to")
    delivery_id = fields.Many2one('amlaj.delivery', string="Failed delivery", ondelete='cascade')
    text = fields.Text(string="In the person's words", required=True)

    @api.model
    def _selection_kind(self):
        labels = dict(self.env['amlaj.ticket']._fields['kind']._description_selection(self.env))
        return [(kind, labels[kind]) for kind in KINDS]

    @api.model
    def _selection_about(self):
        return self.env['amlaj.ticket']._fields['about_kind']._description_selection(self.env)

    def action_confirm(self):
        """Keep it, and say number and code for the person."""
        self.ensure_one()
        if self.objection_to:
            return self._object()
        ticket_sudo, code = self.env['amlaj.ticket']._enter_by_staff({
            'kind': self.kind, 'text': self.text, 'beneficiary_id': self.beneficiary_id.id, 'request_id': self.request_id.id,
            'channel_id': self.channel_id.id, 'received_on': self.received_on, 'priority': self.priority,
            'sender_name': self.sender_name, 'sender_phone': self.sender_phone, 'about_kind': self.about_kind,
            'about_user_id': self.about_user_id.id, 'about_department_id': self.about_department_id.id})
        number = ticket_sudo.name
        self.sudo().unlink()  # his own; what was said stays in one place alone
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success', 'sticky': True,
                'title': self.env._("Received under number %(number)s", number=number),
                'message': self.env._(
                    "The person reads the answer with this number and the code %(code)s. Please read both to him now: the "
                    "code is not shown again.", code=show_follow_code(code)),
                'next': {'type': 'ir.actions.act_window_close'}}}

    def _object(self):
        """Enter an objection to a suspension or a failed delivery, by the record's own step."""
        given = (self.text, self.channel_id.id, self.received_on)
        ticket = self.delivery_id.action_object(*given) if self.objection_to == 'delivery' \
            else self.beneficiary_id.action_object_suspension(*given)
        if not ticket._filtered_access('read'):
            return {'type': 'ir.actions.act_window_close'}
        return {
            'type': 'ir.actions.act_window', 'res_model': 'amlaj.ticket', 'res_id': ticket.id, 'view_mode': 'form',
            'views': [(False, 'form')]}
