from odoo import api, fields, models
from odoo.fields import Command

from ..registry.guarded import Actors
from .interaction_line import DESK

TOPICS = [
    ('services', "Services"),
    ('papers', "Papers and data"),
    ('period', "Periods and answers"),
    ('rights', "Rights and complaints"),
    ('account', "Account and following"),
    ('environment', "Environment"),
    ('volunteering', "Volunteering"),
]


class AmlajNotion(models.Model):
    """A common notion about the association, and what is right (R27): the employee corrects it kindly, and a question
    that carries it counts it.

    Everybody at the desk reads them; managers write and approve them.
    """
    _name = 'amlaj.notion'
    _description = "Common notion"
    _inherit = ['amlaj.versioned']
    _order = 'sequence, id'

    name = fields.Char(string="What people think", required=True, translate=True)
    correction = fields.Text(string="What is right", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    enquiry_count = fields.Integer(
        string="Times heard", compute='_compute_enquiry_count', help="In how many questions it was heard.")
    heard_this_year = fields.Integer(string="Times heard this year", compute='_compute_enquiry_count')

    _approved_fields = frozenset({'name', 'correction'})

    def _compute_enquiry_count(self):
        # the number alone is told, to whoever reads the notions
        Line_sudo = self.env['amlaj.interaction.line'].sudo()
        every = dict(Line_sudo._read_group([('notion_id', 'in', self.ids)], ['notion_id'], ['__count']))
        year = self._today().replace(month=1, day=1)
        recent = dict(Line_sudo._read_group(
            [('notion_id', 'in', self.ids), ('create_date', '>=', year)], ['notion_id'], ['__count']))
        for notion in self:
            notion.enquiry_count = every.get(notion.sudo(), 0)
            notion.heard_this_year = recent.get(notion.sudo(), 0)


    def action_heard(self):
        """Record that someone said this at the desk and heard what is right: no name is needed."""
        self.ensure_one()
        self._do('record_heard')
        return self.env['amlaj.interaction']._record_answered('interview', {
            'question': self.name, 'answer': self.correction, 'notion_id': self.id})

    def _actors(self):
        return super()._actors() | {'record_heard': Actors(DESK)}


class AmlajFaq(models.Model):
    """A question that people ask, and the association's answer to it, word for word the same for everyone (R15, R50).

    Everybody at the desk reads them; managers write and approve them. An approved answer has a page of its own without
    a login, so what is sent to a person is a link, and no message says what he asked about (rule 9).
    """
    _name = 'amlaj.faq'
    _description = "Ready answer"
    _inherit = ['amlaj.versioned']
    _order = 'sequence, id'
    _rec_name = 'question'

    topic = fields.Selection(TOPICS, required=True, default='services')
    question = fields.Char(required=True, translate=True)
    answer = fields.Text(required=True, translate=True)
    notion_id = fields.Many2one('amlaj.notion', string="Common notion", ondelete='set null')
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _approved_fields = frozenset({'topic', 'question', 'answer', 'notion_id'})

    @api.model
    def _public_answer(self, code):
        """The approved answer of this code in superuser mode, or an empty record."""
        # what is approved is for everyone
        return self.sudo().search([('code', '=', code), ('state', '=', 'approved')], limit=1)

    @api.model
    def _public_answers(self):
        """The approved answers by topic: list of ``{'topic', 'faqs'}`` of records in superuser mode."""
        # what is approved is for everyone
        faqs_sudo = self.sudo().search_fetch([('state', '=', 'approved')], ['code', 'topic', 'question', 'answer'])
        by_topic = faqs_sudo.grouped('topic')
        return [
            {'topic': label, 'faqs': by_topic[topic]}
            for topic, label in self._fields['topic']._description_selection(self.env) if topic in by_topic]

    def _public_url(self):
        self.ensure_one()
        return f'{self.get_base_url()}/answers/{self.code}'

    def action_answered_by_phone(self):
        """Record that someone asked this on the phone and had the answer: no name is needed."""
        return self._record_answered('phone')

    def action_answered_here(self):
        """Record that someone asked this at the desk and had the answer: no name is needed."""
        return self._record_answered('interview')

    def _actors(self):
        return super()._actors() | {'record_answered': Actors(DESK)}

    def _record_answered(self, code):
        self.ensure_one()
        self._do('record_answered')
        return self.env['amlaj.interaction']._record_answered(code, {
            'question': self.question, 'answer': self.answer, 'faq_id': self.id, 'notion_id': self.notion_id.id})


class AmlajInteraction(models.Model):
    _inherit = 'amlaj.interaction'

    @api.model
    def _record_answered(self, code, line):
        """Record a question without a name, answered on the channel ``code``; returns a word of confirmation."""
        contact = self.create({
            'channel_id': self.env['amlaj.channel']._by_code(code).id, 'line_ids': [Command.create(line)]})
        contact.action_close()
        return contact._notify_done(self.env._("Recorded: asked and answered."))
