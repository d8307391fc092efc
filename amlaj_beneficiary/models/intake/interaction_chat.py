from urllib.parse import quote

from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import AddedFields


class AmlajInteraction(models.Model):
    """A click on WhatsApp with a prepared text, which is a contact of its own on record (R39)."""
    _inherit = 'amlaj.interaction'

    message_out_id = fields.Many2one('amlaj.message', string="Message", index='btree_not_null', ondelete='set null', copy=False)

    _guarded_fields = AddedFields('message_out_id')

    def action_open_chat(self):
        """Open WhatsApp with a greeting ready; the click is recorded as a contact from us."""
        self.ensure_one()
        self._do('open_chat')
        phone = self.beneficiary_id.phone or self.visitor_phone
        text = self.env._("Peace be upon you. This is %(association)s. How can we help you?",
                          association=self.env.company.name)
        return self._open_chat(phone, text)

    def _open_chat(self, phone, text):
        """The link with ``text`` ready to be sent, and the record of it."""
        self.sudo()._log_chat(self.beneficiary_id, self.visitor_name, phone)  # the step of the caller was checked
        return self._chat_link(phone, text)

    def _chat_link(self, phone, text):
        return {
            'type': 'ir.actions.act_url', 'url': f"https://wa.me/{phone.lstrip('+')}?text={quote(text)}", 'target': 'new'}

    def _log_chat(self, file, visitor_name, phone, message=None):
        """Record a click on WhatsApp as a contact from us, closed: what follows is said there (superuser)."""
        contact = self.create({
            'beneficiary_id': file.id, 'visitor_name': not file and visitor_name, 'visitor_phone': not file and phone,
            'channel_id': self.env['amlaj.channel']._by_code('social').id, 'platform': 'whatsapp', 'direction': 'out',
            'origin': 'chat', 'user_id': self.env.uid, 'message_out_id': message and message.id})
        contact.action_close()
        return contact

    def action_send_answer(self, faq_id):
        """Send the person the page of a ready answer: by the outbox to who has a file, by WhatsApp to a visitor.

        :param faq_id: an approved ready answer
        :return: None, or the action that opens WhatsApp
        :raise UserError: where the answer is not approved, or nothing reaches the person
        """
        self.ensure_one()
        self._do('send_answer')
        faq = self._picked('amlaj.faq', faq_id)
        if not faq or faq.state != 'approved':
            raise UserError(self.env._("Only an approved answer is sent."))
        if not self.line_ids.filtered(lambda line: line.faq_id == faq):
            self.env['amlaj.interaction.line'].create({
                'interaction_id': self.id, 'question': faq.question, 'answer': faq.answer, 'faq_id': faq.id,
                'notion_id': faq.notion_id.id})
        file_sudo = self.sudo().beneficiary_id  # its language
        text = self.with_context(lang=file_sudo.lang or self.env.lang)._answer_text(faq)
        if file_sudo:
            self.env['amlaj.message']._prepare_messages([
                {'beneficiary_id': file_sudo.id, 'kind': 'notice', 'body': text}])
            return self._notify_done(self.env._("The answer's page was put among the messages to the person."))
        if not self.visitor_phone:
            raise UserError(self.env._("No number of this person is known: please read the answer to him, or print it."))
        return self._open_chat(self.visitor_phone, text)

    def _answer_text(self, faq):
        """Where the answer stands; neither question nor answer are in the message (rule 9)."""
        return self.env._("Here is the answer to what you asked us: %(link)s", link=faq._public_url())

    def _notify_done(self, text):
        return {'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {'type': 'success', 'message': text}}


class AmlajMessage(models.Model):
    _inherit = 'amlaj.message'

    def action_open_chat(self):
        """Open the chat application with the text ready, and record the click as a contact, once for each message and day."""
        action = super().action_open_chat()
        Interaction_sudo = self.env['amlaj.interaction'].sudo()  # the message's own step was checked just above
        known = Interaction_sudo.search_count([('message_out_id', '=', self.id), ('is_today', '=', True)], limit=1)
        if not known:
            Interaction_sudo._log_chat(self.sudo().beneficiary_id, False, self.phone, self)
        return action
