import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext
from odoo.tools.mail import email_split_tuples

from ...tools.follow_code import show_follow_code
from ...tools.text import clean_line
from ..registry.settings import PREFIX
from .ticket_arrival import LONGEST_LINE, MOST_FILES
from .ticket_steps import LONGEST

_logger = logging.getLogger(__name__)

HOUR = 60 * 60
MAILS_OF_SENDER, MAILS_IN_TOTAL = 10, 200


class AmlajTicketInbox(models.Model):
    """The association's address for enquiries (R38, R41): a mail to its alias becomes an enquiry of the desk.

    Nothing of the mail is kept but its words and the files that pass our judgement; no message, no follower, no contact.
    A sender's address proves nobody, so no file is linked by it. One record is shipped; administrators set its alias in
    the settings.
    """
    _name = 'amlaj.ticket.inbox'
    _description = "Mail to the association"
    _inherit = ['mail.thread', 'mail.alias.mixin.optional']

    name = fields.Char(required=True)

    def _alias_get_creation_values(self):
        return super()._alias_get_creation_values() | {
            'alias_model_id': self.env['ir.model']._get_id(self._name), 'alias_contact': 'everyone'}

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make an enquiry of a mail; the same mail twice is one, and a flood of one sender is left aside."""
        self._take_mail(msg_dict)
        return self.sudo().search([], limit=1)  # where Odoo would post the mail; nothing is posted

    def message_update(self, msg_dict, update_vals=None):
        """A reply to the address is a new enquiry too."""
        self._take_mail(msg_dict)
        return True

    def message_post(self, *, body='', **kwargs):
        return self.env['mail.message']  # what was written stands on the enquiry, and nowhere else

    @api.model
    def _take_mail(self, msg_dict):
        """Keep the words and the files of a parsed mail as an enquiry.

        :return: the ticket in superuser mode; empty for a flood
        """
        Ticket = self.env['amlaj.ticket'].with_user(SUPERUSER_ID)  # a mail comes from nobody who is logged in
        name, address = (email_split_tuples(msg_dict.get('email_from') or '') or [('', '')])[0]
        address = clean_line(address)[:LONGEST_LINE].lower()
        if self.env['amlaj.throttle']._take('mail', (f'from:{address}', MAILS_OF_SENDER, HOUR), ('all', MAILS_IN_TOTAL, HOUR)):
            _logger.info("A mail to the association was left aside: too many in one hour.")
            return Ticket.browse()
        text, files = self._mail_text(msg_dict), []
        for attachment in msg_dict.get('attachments') or ():
            taken = self._mail_files(attachment) if len(files) < MOST_FILES else []
            files += taken
            if not taken:
                text += '\n' + self.env._(
                    "(A file was not taken: %(name)s)", name=clean_line(attachment[0])[:LONGEST_LINE])
        key = msg_dict.get('message_id') or Ticket._new_key()
        return Ticket._arrive({
            'kind': 'enquiry', 'text': text[:LONGEST], 'sender_name': clean_line(name)[:LONGEST_LINE] or False,
            'sender_email': address or False, 'channel_id': Ticket.env['amlaj.channel']._by_code('letter').id,
        }, [], Ticket._key_hash(key, 'mail'), files)

    @api.model
    def _mail_files(self, attachment):
        """The file of a mail as ``_checked_files`` gives it; nothing where it is refused."""
        content = attachment[1].encode() if isinstance(attachment[1], str) else attachment[1]
        try:
            return self.env['amlaj.ticket']._checked_files([(attachment[0] or '', content)]) \
                if isinstance(content, bytes) else []
        except UserError:
            return []

    @api.model
    def _mail_text(self, msg_dict):
        """Subject and body as plain words; a mail without words says so."""
        body = self.env['amlaj.ticket']._given(html2plaintext(str(msg_dict.get('body') or '')))
        text = '\n'.join(filter(None, (clean_line(msg_dict.get('subject')), body)))
        return text[:LONGEST - 500] or self.env._("(A mail without words)")


class AmlajTicket(models.Model):
    """The answer to a mail is a mail with number, link and code (design rule 9): the words stand on the page."""
    _inherit = 'amlaj.ticket'

    def _notify_person(self):
        result = super()._notify_person()
        for ticket in self.filtered(lambda t: t.sender_email and not t.beneficiary_id and not t.sender_phone):
            ticket._mail_news()
        return result

    def _mail_news(self):
        """Mail that there is news, with a new code: the one before, if any, ends (superuser)."""
        self.ensure_one()
        code = self._open_by_code()
        self.env['mail.mail'].create({
            'email_to': self.sender_email, 'auto_delete': True,
            'subject': self.env._("News of your message no. %(number)s", number=self.name),
            'body_html': self.env['ir.qweb']._render('amlaj_beneficiary.ticket_mail', {
                'number': self.name, 'code': show_follow_code(code), 'link': f'{self.get_base_url()}/follow-up',
                'association': self.env.company.name}),
        })


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    amlaj_inbox_alias = fields.Char(string="Mail for enquiries", help="The part before the @ of the address.")

    @api.model
    def get_values(self):
        inbox = self.env.ref(PREFIX + 'ticket_inbox', raise_if_not_found=False)
        return super().get_values() | {'amlaj_inbox_alias': inbox.sudo().alias_name if inbox else False}

    def set_values(self):
        result = super().set_values()
        inbox = self.env.ref(PREFIX + 'ticket_inbox', raise_if_not_found=False)
        if inbox and (self.amlaj_inbox_alias or False) != (inbox.sudo().alias_name or False):
            inbox.sudo().alias_name = self.amlaj_inbox_alias  # administrators alone save settings
        return result
