from odoo import api, fields, models
from odoo.exceptions import AccessError

from .guarded import GROUP

SENSITIVE_READERS = ('researcher', 'committee', 'manager')
SENSITIVE_WRITERS = ('researcher', 'manager')


class AmlajBeneficiarySensitive(models.Model):
    """A sensitive category of a beneficiary, in a table that nobody reads directly (rule 1; PDPL sensitive data).

    Researchers and managers note it, they and the committee (for a file on its agenda) see it, each time through a
    method of the file that keeps a record of the look.
    """
    _name = 'amlaj.beneficiary.sensitive'
    _description = "Sensitive category of a beneficiary"
    _rec_name = 'category_id'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', string="Beneficiary", required=True, index=True, ondelete='cascade')
    category_id = fields.Many2one(
        'amlaj.beneficiary.category', string="Category", required=True, ondelete='restrict',
        domain=[('is_sensitive', '=', True)])

    _once = models.UniqueIndex('(beneficiary_id, category_id)', "This category is noted already.")


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    def action_reveal(self, field):
        """Return a sensitive value of one file, and log who looked at it.

        :param field: ``sensitive_categories``; later rooms add theirs in ``_reveal``.
        :raise AccessError: for users who may not see sensitive data, or not this file.
        """
        self.ensure_one()
        self.check_access('read')
        if not any(self.env.user.has_group(GROUP % role) for role in SENSITIVE_READERS):
            raise AccessError(self.env._("Your role does not see sensitive data."))
        if self.env['amlaj.mandate']._files_held(self, self.env.user):
            raise AccessError(self.env._("Nobody sees the sensitive data of a file of his own."))
        value = self._reveal(field)
        self._record_access('reveal', field)
        return value

    def _reveal(self, field):
        if field != 'sensitive_categories':
            raise AccessError(self.env._("There is no such value."))
        # the role and the file were checked by the caller
        rows_sudo = self.env['amlaj.beneficiary.sensitive'].sudo().search([('beneficiary_id', '=', self.id)])
        return [{'id': category.id, 'name': category.name} for category in rows_sudo.category_id]

    def action_set_sensitive_categories(self, category_ids):
        """Note the sensitive categories of one file; replaces those noted before.

        :param category_ids: ids of categories that are marked sensitive.
        """
        self.ensure_one()
        self.check_access('read')
        if not any(self.env.user.has_group(GROUP % role) for role in SENSITIVE_WRITERS):
            raise AccessError(self.env._("Your role does not note sensitive data."))
        if self._filtered_own('write'):
            raise AccessError(self.env._("Nobody works on a file of his own. Please ask a colleague."))
        wanted = self.env['amlaj.beneficiary.category'].browse(category_ids).exists().filtered('is_sensitive')
        Sensitive_sudo = self.env['amlaj.beneficiary.sensitive'].sudo()  # the role and the file were checked above
        present_sudo = Sensitive_sudo.search([('beneficiary_id', '=', self.id)])
        present_sudo.filtered(lambda row: row.category_id not in wanted).unlink()
        Sensitive_sudo.create([
            {'beneficiary_id': self.id, 'category_id': category.id}
            for category in wanted - present_sudo.exists().category_id])
        self._record_access('note', 'sensitive_categories')
        return True

    def _all_categories(self):
        """Open and sensitive categories, for rules of the house that show neither (superuser)."""
        self.ensure_one()
        rows_sudo = self.env['amlaj.beneficiary.sensitive'].sudo().search([('beneficiary_id', '=', self.id)])
        return self.sudo().category_ids | rows_sudo.category_id
