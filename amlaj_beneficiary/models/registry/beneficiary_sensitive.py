from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

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
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade')
    category_id = fields.Many2one(
        'amlaj.beneficiary.category', required=True, ondelete='restrict',
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
        named = category_ids if isinstance(category_ids, list | tuple) else [category_ids]
        wanted = self.env['amlaj.beneficiary.category'].union(
            *(self._picked('amlaj.beneficiary.category', category_id) for category_id in named)).filtered('is_sensitive')
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


class AmlajBeneficiaryCategory(models.Model):
    """A category in use stays on its side: an open link is read by all, a sensitive one by no one directly."""
    _inherit = 'amlaj.beneficiary.category'

    @api.constrains('is_sensitive')
    def _check_stays_on_its_side(self):
        # whoever edits the list need not see the files to be told that some have the category
        noted_sudo = self.env['amlaj.beneficiary.sensitive'].sudo().search(
            [('category_id', 'in', self.filtered(lambda category: not category.is_sensitive).ids)], limit=1)
        if noted_sudo or self.filtered('is_sensitive')._are_open_on_files():
            raise ValidationError(self.env._(
                "There are files with this category. Please archive it and make a new one that is sensitive, or not."))

    def _are_open_on_files(self):
        """Whether one of these is an open category of a file; asked of the table, as the field shows open ones only."""
        self.env['amlaj.beneficiary'].flush_model(['category_ids'])
        return bool(self and self.env.execute_query(SQL(
            "SELECT 1 FROM amlaj_beneficiary_category_rel WHERE category_id IN %s LIMIT 1", tuple(self.ids))))
