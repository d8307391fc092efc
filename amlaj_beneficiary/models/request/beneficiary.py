from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from ...tools.text import isolate
from ..registry.change_subject import OF_MEMBERS
from .request import EDITABLE_STATES

SOON = timedelta(days=60)


class AmlajBeneficiary(models.Model):
    """What the requests add to a file's own page: the papers on file, and what a change of the household means."""
    _inherit = 'amlaj.beneficiary'

    def _told_papers(self):
        """Each kind of paper once, the newest: ``{'name', 'until', 'is_soon', 'is_over'}``; nothing stops by its end."""
        documents = self.env['amlaj.request.document'].search_fetch(
            Domain('beneficiary_id', '=', self.id) & Domain('state', 'in', ('provided', 'matched')),
            ['document_type_id', 'expiry_date', 'received_on'], order='received_on desc, id desc')
        newest, today = {}, self._today()
        for document in documents:
            newest.setdefault(document.document_type_id, document)
        return [{
            'name': kind.name, 'until': self._told_day(document.expiry_date),
            'is_over': bool(document.expiry_date) and document.expiry_date < today,
            'is_soon': bool(document.expiry_date) and today <= document.expiry_date <= today + SOON,
        } for kind, document in newest.items()]

    def _told_before_change(self, subject):
        told = super()._told_before_change(subject)
        if subject in OF_MEMBERS:
            signed = self.request_ids.filtered(
                lambda request: request.state in EDITABLE_STATES and any(request.declaration_ids.mapped('is_valid')))
            if signed:
                told = [*told, self.env._(
                    "You have signed what you declared in the request no. %(numbers)s. Once this change is accepted, "
                    "we will ask you to sign again.", numbers='، '.join(isolate(name) for name in signed.mapped('name')))]
        return told
