from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

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
