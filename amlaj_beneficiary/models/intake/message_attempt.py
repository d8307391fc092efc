from odoo import fields, models

HOWS = [
    ('sms', "Text message"),
    ('call', "Phone call"),
    ('chat', "Chat application"),
    ('mail', "E-mail"),
    ('letter', "Letter or note"),
    ('visit', "In person"),
]
BY_HAND = ('call', 'chat', 'letter', 'visit')
OUTCOMES = [
    ('sent', "Sent"),
    ('delivered', "Arrived, the provider says"),
    ('spoken', "Spoken to"),
    ('no_answer', "No answer"),
    ('wrong_number', "Wrong number"),
    ('failed', "Could not be sent"),
    ('unclear', "Not certain whether it was sent"),
]
# the person has it for sure
REACHED = ('delivered', 'spoken')
MISSED = ('no_answer', 'wrong_number')


class AmlajMessageAttempt(models.Model):
    """One try to reach the person of a message: when, by whom, how, and how it went (R22, R61).

    Made by the message's own methods alone, and never changed; who reads the message reads its attempts.
    """
    _name = 'amlaj.message.attempt'
    _description = "Attempt to reach a person"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'outcome'

    message_id = fields.Many2one('amlaj.message', required=True, index=True, ondelete='cascade')
    at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one('res.users', string="Who")
    how = fields.Selection(HOWS, required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    note = fields.Char(string="Remark")

    _guarded_fields = frozenset({'message_id', 'at', 'user_id', 'how', 'outcome', 'note'})

    def _file(self):
        return self.message_id.beneficiary_id
