from odoo import api, fields, models

from ...models.listening.ticket_arrival import KINDS


class AmlajTicketStep(models.TransientModel):
    """Asks for the words of an answer, a question or a closing note; the ticket's own step checks who gives it (A20)."""
    _name = 'amlaj.ticket.step'
    _description = "Answer to a message"
    _inherit = ['amlaj.step']

    ticket_id = fields.Many2one('amlaj.ticket', string="Number", required=True, ondelete='cascade')
    step = fields.Selection([
        ('answer', "Answer"),
        ('ask', "Ask back"),
        ('uphold', "Uphold the objection"),
        ('dismiss', "Dismiss the objection"),
        ('close', "Close"),
        ('set_about', "Name whom it is about"),
        ('set_kind', "Say what it is"),
        ('hand_to', "Hand to a colleague"),
    ], required=True)
    kind = fields.Selection(related='ticket_id.kind')
    told_text = fields.Char(related='ticket_id.told_text')
    ready_id = fields.Many2one('amlaj.ready.answer', string="Begin with")
    faq_id = fields.Many2one('amlaj.faq', string="Ready answer", domain=[('state', '=', 'approved')])
    colleague_id = fields.Many2one('res.users', domain=[('share', '=', False)])
    text = fields.Text(string="In words for the applicant")
    about_user_id = fields.Many2one('res.users', string="About the employee", domain=[('share', '=', False)])
    about_department_id = fields.Many2one('hr.department', string="About the unit")
    new_kind = fields.Selection(selection='_selection_kind', string="It is")

    @api.model
    def _selection_kind(self):
        labels = dict(self.env['amlaj.ticket']._fields['kind']._description_selection(self.env))
        return [(kind, labels[kind]) for kind in KINDS]

    @api.onchange('ready_id')
    def _onchange_ready_id(self):
        if self.ready_id:
            self.text = self._in_readers_language(self.ready_id).text

    @api.onchange('faq_id')
    def _onchange_faq_id(self):
        if self.faq_id:
            self.text = self._in_readers_language(self.faq_id).answer

    def _in_readers_language(self, record):
        """``record`` in the language of who reads the answer."""
        file_sudo = self.ticket_id.sudo().beneficiary_id  # the language alone, for who answers it
        return record.with_context(lang=file_sudo.lang or self.env.lang)

    def action_confirm(self):
        """Do the step by the ticket's own method."""
        self.ensure_one()
        ticket = self.ticket_id
        if self.step == 'set_about':
            ticket.action_set_about(self.about_user_id.id, self.about_department_id.id)
        elif self.step == 'set_kind':
            ticket.action_set_kind(self.new_kind)
        elif self.step == 'hand_to':
            ticket.action_hand_to(self.colleague_id.id)
        else:
            getattr(ticket, f'action_{self.step}')(self.text)
        if ticket._filtered_access('read'):
            return {'type': 'ir.actions.act_window_close'}
        return self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_ticket_action')  # out of his sight now
