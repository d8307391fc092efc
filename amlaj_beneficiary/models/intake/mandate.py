from odoo import fields, models
from odoo.fields import Domain

from ..registry.mandate import ADULT_AGE


class AmlajMandate(models.Model):
    _inherit = 'amlaj.mandate'

    tells_too = fields.Boolean(
        string="Is told as well", help="The beneficiary wishes that this person receives the messages on his requests too.")


class AmlajBeneficiary(models.Model):
    """Who is told when there is something to tell (R22, R61)."""
    _inherit = 'amlaj.beneficiary'

    told_to = fields.Char(string="Who is told", compute='_compute_told_to', compute_sudo=True)

    def _compute_told_to(self):
        for file in self:
            file.told_to = self.env._(", ").join(
                ' '.join(filter(None, (who['recipient_name'], who['phone'] and f"\u2066{who['phone']}\u2069")))
                for who in file._recipients())

    def _recipients(self):
        """Whom a message about this file reaches: the person, or a child's guardian, and whoever is told as well.

        Superuser. Nobody is left out for having no phone: his message is then for the desk or the representative.

        :return: list of ``{'recipient_name', 'phone', 'mandate_id'}``
        """
        self.ensure_one()
        Mandate = self.env['amlaj.mandate']
        mandates = Mandate.search(
            Mandate._valid_domain() & Domain('beneficiary_id', '=', self.id) & Domain('phone', '!=', False)
            & Domain('capacity', '!=', 'self'), order='id')
        age = self._age() if self.kind == 'person' else None
        is_child = age is not None and age < ADULT_AGE
        guardians = mandates.filtered(lambda mandate: is_child and mandate.capacity == 'guardian')
        told = [] if guardians else [
            {'recipient_name': self.env['amlaj.paper']._first_name(self), 'phone': self.phone, 'mandate_id': False}]
        others = mandates.filtered(lambda mandate: mandate.tells_too and mandate.may_follow)
        for mandate in guardians | others:
            if mandate.phone not in [who['phone'] for who in told]:
                told.append({'recipient_name': mandate.person_name.split()[0], 'phone': mandate.phone,
                             'mandate_id': mandate.id})
        return told
