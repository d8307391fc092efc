from odoo import api, models
from odoo.fields import Domain

from ...tools.text import name_key, name_tokens
from ..registry.guarded import GROUP

ROLES = ('relations', 'representative', 'researcher', 'manager', 'quality', 'auditor', 'privacy_officer')
MOST_SHOWN = 60


class AmlajDesk(models.AbstractModel):
    """The employee's tools on one screen: the documents in force, ready answers and common notions; the request room adds
    the services (R45-R48, R27). The model has no table and holds nothing of a person."""
    _name = 'amlaj.desk'
    _description = "Tools of the desk"

    @api.model
    def get_tools(self, text='', contact_id=None):
        """All that the screen shows, narrowed to the words of ``text`` in any spelling.

        :param contact_id: the contact from which the screen was opened: answers can be sent to its person
        :return: ``{'documents', 'faqs', 'notions', 'services', 'contact'}``: lists of dicts; ``contact`` False or
            ``{'id', 'who'}``; nothing for roles that do not work at the desk
        """
        told = {'documents': [], 'faqs': [], 'notions': [], 'services': [], 'contact': False, 'may_record': False}
        if not any(self.env.user.has_group(GROUP % role) for role in ROLES):
            return told
        words = name_tokens(text) if isinstance(text, str) else []
        return {
            **told,
            'documents': self._told_documents(),
            'faqs': self._found(self._told_faqs(), words),
            'notions': self._found(self._told_notions(), words),
            'services': self._found(self._told_services(), words),
            'contact': self._told_contact(contact_id),
            'may_record': self.env['amlaj.interaction'].has_access('create'),
        }

    @api.model
    def _found(self, rows, words):
        """The rows that have all the words, in whatever spelling."""
        if not words:
            return rows[:MOST_SHOWN]
        found = []
        for row in rows:
            key = name_key(' '.join(value for value in row.values() if isinstance(value, str)))
            if all(word in key for word in words):
                found.append(row)
        return found[:MOST_SHOWN]

    @api.model
    def _told_documents(self):
        guides = self.env['amlaj.guide'].search_fetch(
            [('state', '=', 'approved')], ['kind', 'name', 'version', 'link', 'file_name'])
        kinds = dict(guides._fields['kind']._description_selection(self.env))
        by_kind = guides.grouped('kind')
        told = []
        for kind, label in kinds.items():
            guide = by_kind.get(kind, guides.browse())[:1]
            told.append({
                'kind': kind, 'label': label, 'id': guide.id, 'name': guide.name or '', 'version': guide.version,
                'link': guide.link or ''})
        return told

    @api.model
    def _told_faqs(self):
        faqs = self.env['amlaj.faq'].search_fetch([('state', '=', 'approved')], ['question', 'answer', 'topic'])
        topics = dict(faqs._fields['topic']._description_selection(self.env))
        return [{'id': faq.id, 'question': faq.question, 'answer': faq.answer, 'topic': topics[faq.topic]} for faq in faqs]

    @api.model
    def _told_notions(self):
        notions = self.env['amlaj.notion'].search_fetch(
            Domain('state', '=', 'approved'), ['name', 'correction'])
        return [{'id': notion.id, 'name': notion.name, 'correction': notion.correction} for notion in notions]

    @api.model
    def _told_services(self):
        """The service catalogue; the request room fills it."""
        return []

    @api.model
    def _told_contact(self, contact_id):
        """The contact of this id that the user may read and that is not closed, or False."""
        contact = self.env['amlaj.interaction']
        if not contact.has_access('read'):
            return False
        contact = contact._picked('amlaj.interaction', contact_id)._filtered_access('read')
        return bool(contact) and contact.state != 'closed' and {'id': contact.id, 'who': contact.who}
