from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

# what a contact of a beneficiary never gets: every internal user of Odoo reads contacts, files they do not
ADDRESS = frozenset({'street', 'street2', 'zip', 'city', 'state_id', 'country_id', 'vat', 'phone'})
# all that the holder of a mandate changes of his own account; the rest by a change request
OWN_SETTINGS = frozenset({'lang', 'tz', 'api_key_ids', 'password', 'new_password'})


class ResPartner(models.Model):
    """The contact of a beneficiary holds a name, a language and an e-mail, and no address (design: contacts show nobody
    outside the app that someone is a beneficiary; R21, R69).

    Odoo's portal lets people edit their contact, and make contacts for more addresses. Whoever holds a mandate asks for
    a change of his file instead, by whatever route of Odoo he comes.
    """
    _inherit = 'res.partner'

    # Odoo searches through it without asking who may see the accounts: any employee would learn who has one
    user_ids = fields.One2many(bypass_search_access=False)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access and not self.env.su:
            # whether there is an account at all, and whose, Odoo looks up in the accounts' table without their rules
            domain = Domain(domain).map_conditions(self._condition_on_seen_accounts)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _condition_on_seen_accounts(self, condition):
        """The same question about accounts, asked of those alone that the user may see."""
        if condition.field_expr != 'user_ids' or condition.operator not in ('in', 'not in', '=', '!='):
            return condition
        one = condition.value is None or isinstance(condition.value, (str, int))
        values = [condition.value] if one else list(condition.value)
        if any(isinstance(value, str) for value in values):
            return condition  # a name: Odoo looks it up among the accounts that the user may see
        ids = [value for value in values if value and value is not True]
        wanted = Domain('user_ids', 'any', Domain('id', 'in', ids)) if ids else Domain.FALSE
        has_one = Domain('user_ids', 'any', Domain('id', '!=', False))
        wanted |= Domain.OR([has_one if value else ~has_one for value in values if value is True or not value])
        return ~wanted if condition.operator in ('not in', '!=') else wanted

    @api.model_create_multi
    def create(self, vals_list):
        parents = {vals['parent_id'] for vals in vals_list if vals.get('parent_id')}
        if parents and self.browse(parents)._is_of_beneficiary():
            raise ValidationError(self._message_no_address())
        return super().create(vals_list)

    def write(self, vals):
        if any(vals.get(name) for name in ADDRESS) and self._is_of_beneficiary():
            raise ValidationError(self._message_no_address())
        return super().write(vals)

    def _is_of_beneficiary(self):
        """Whether one of these is the contact of a beneficiary's file."""
        # asked for whoever writes contacts, who may not read the files
        return bool(self.ids and self.env['amlaj.beneficiary'].sudo().search_count(
            [('partner_id', 'in', self.ids)], limit=1))

    def _message_no_address(self):
        return self.env._(
            "This contact keeps a name and an e-mail only. Its address and numbers are kept elsewhere.")

    def signup_get_auth_param(self):
        """As Odoo's, but for the accounts that whoever asks may not see."""
        hidden_sudo = self.sudo().user_ids.filtered('holds_mandate')
        hidden_sudo -= hidden_sudo.with_env(self.env)._filtered_access('read').sudo()  # only which to leave out
        return super(ResPartner, self - hidden_sudo.partner_id).signup_get_auth_param()

    @api.model
    def _get_frontend_writable_fields(self):
        return set() if self.env.user._holds_mandate() else super()._get_frontend_writable_fields()

    def _can_be_edited_by_current_customer(self, **kwargs):
        return not self.env.user._holds_mandate() and super()._can_be_edited_by_current_customer(**kwargs)


class ResUsers(models.Model):
    _inherit = 'res.users'

    def write(self, vals):
        # Odoo lets every user write a part of his own record, over RPC too, and name, e-mail and picture go to the contact
        if not self.env.su and not vals.keys() <= OWN_SETTINGS and self.env.user._holds_mandate():
            raise AccessError(self.env._("Please ask for this change in your file: open “My file”."))
        return super().write(vals)

    def _holds_mandate(self):
        """Whether this portal user's account is, or was, for acting on a beneficiary's file."""
        return self.share and self.sudo().holds_mandate  # of the user himself
