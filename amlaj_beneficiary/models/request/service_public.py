from odoo import api, models
from odoo.fields import Domain
from odoo.tools import frozendict, ormcache

from ...tools.text import name_key, name_tokens
from .mandate import MOST_ID

PAGE_FIELDS = ['name', 'description', 'kind', 'conditions']
LINE_FIELDS = ['service_id', 'document_type_id', 'is_required', 'note']


class AmlajService(models.Model):
    """The services as everyone may read them: on the website before anybody is asked who he is, and where one applies
    (R11, R18). Published ones alone, and of them what ``_portal_fields`` names.

    What the pages of everyone say is kept in the server's memory until somebody changes a service, a paper or a category:
    every server forgets it then (see ``amlaj.catalogue.mixin``).
    """
    _inherit = 'amlaj.service'

    @api.model
    def _public_domain(self, scope='external'):
        return Domain('is_published', '=', True) & Domain('beneficiary_scope', 'in', (scope, 'both'))

    @api.model
    def _catalogue(self, text='', scope='external'):
        """The published services as pages tell them: see ``_told_services``.

        :param text: words to look for in name and description, in any spelling
        :param scope: ``external``, or ``internal`` for an employee's own file
        """
        told, words = self._told_published(scope), name_tokens(text)
        return [service for service in told if all(word in service['key'] for word in words)] if words else list(told)

    @api.model
    @ormcache('scope', 'self.env.lang')
    def _told_published(self, scope):
        """The published services told in the reader's language."""
        services_sudo = self.sudo().search(self._public_domain(scope))  # what is published is for everyone
        return tuple(
            frozendict(told, key=name_key(f"{told['name']} {told['description']}"))
            for told in services_sudo._told_services())

    @api.model
    def _public_service(self, service_id, scope='external'):
        """The published service of this id in superuser mode, or an empty record."""
        if not 0 < service_id <= MOST_ID:
            return self.sudo().browse()
        return self.sudo().search_fetch(self._public_domain(scope) & Domain('id', '=', service_id), PAGE_FIELDS)

    def _told_services(self):
        """These services for a page, one dict each: what it gives, for whom, on what conditions, with which papers
        (superuser)."""
        kinds = dict(self._fields['kind']._description_selection(self.env))
        papers = {service.id: [] for service in self}
        for line in self.requirement_ids.browse().search_fetch([('service_id', 'in', self.ids)], LINE_FIELDS):
            if line.document_type_id.active:
                papers[line.service_id.id].append(line._told_requirement())
        return [{
            'id': service.id,
            'name': service.name,
            'kind': kinds[service.kind],
            'description': service.description or '',
            'conditions': [line.strip() for line in (service.conditions or '').splitlines() if line.strip()],
            # never a sensitive one: the model refuses that
            'categories': service.category_ids.mapped('name'),
            'papers': papers[service.id],
        } for service in self]


class AmlajServiceRequirement(models.Model):
    _inherit = 'amlaj.service.requirement'

    def _told_requirement(self):
        """This paper as the page of its service lists it (superuser)."""
        self.ensure_one()
        kind = self.document_type_id
        return {
            'name': kind.name,
            'help': ' '.join(filter(None, (self.note, kind.help))),
            'is_required': self.is_required,
            # for whom is not told: it may be a sensitive category
            'is_for_some': bool(self.category_ids),
            'is_only_seen': kind.proof == 'seen',
        }
