from email.utils import getaddresses

from odoo import api, models
from odoo.tools import html2plaintext

from .interaction_line import LONGEST


class AmlajInteraction(models.Model):
    """A letter that comes by e-mail makes its contact by itself, and waits to be received (R40)."""
    _inherit = 'amlaj.interaction'

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a contact of an e-mail to the association's address: its text is the question.

        The sender's file is named only where exactly one file has his address; else he is a visitor.
        """
        names = getaddresses([msg_dict.get('email_from') or ''])
        name, address = names[0] if names else ('', '')
        files = self.env['amlaj.beneficiary'].search(
            [('email', '=ilike', address), ('state', '!=', 'ended')], limit=2) if address else self.browse()
        text = html2plaintext(msg_dict.get('body') or '').strip()
        question = '\n'.join(filter(None, [msg_dict.get('subject'), text]))[:LONGEST]
        contact = super().message_new(msg_dict, {
            **(custom_values or {}),
            'channel_id': self.env['amlaj.channel']._by_code('letter').id, 'origin': 'mail', 'state': 'waiting',
            'user_id': False, 'beneficiary_id': files.id if len(files) == 1 else False,
            'visitor_name': len(files) != 1 and (name or address)})
        if question:
            contact.line_ids.create({'interaction_id': contact.id, 'question': question})
        return contact
