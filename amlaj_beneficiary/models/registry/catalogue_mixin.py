from odoo import api, models
from odoo.exceptions import UserError


class AmlajCatalogueMixin(models.AbstractModel):
    """What every configuration model shares.

    Every role of the app reads the configuration, only managers change it (access rows). A portal user reads, of the
    models that give him a row at all, the fields named in ``_portal_fields`` and no other: a portal read right is the
    whole RPC.
    What the addon shipped is archived and never deleted, because the shipped services point to the shipped papers.
    """
    _name = 'amlaj.catalogue.mixin'
    _description = "Configuration of the beneficiary app"

    _portal_fields = frozenset()
    _keeps_shipped = True

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._forget_catalogue()
        return records

    def write(self, vals):
        result = super().write(vals)
        self._forget_catalogue()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_catalogue()
        return result

    @api.model
    def _forget_catalogue(self):
        """What the public pages say of the configuration is made anew, on every server, once this is committed."""
        registry = self.env.registry
        registry.clear_cache()
        # meanwhile another visitor may have made it from what stood there before
        self.env.cr.postcommit.add(registry.clear_cache)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if not self._keeps_shipped:
            return
        shipped = self.env['ir.model.data'].sudo().search([  # only to learn which of these records we shipped
            ('module', '=', 'amlaj_beneficiary'),
            ('model', '=', self._name),
            ('res_id', 'in', self.ids),
        ], limit=1)
        if shipped:
            raise UserError(self.env._(
                "“%(name)s” came with the program and other entries refer to it. Please archive it instead: it is "
                "then no longer offered, and what was recorded with it stays readable.",
                name=self.browse(shipped.res_id).display_name,
            ))

    def _has_field_access(self, field, operation):
        """Limit portal users to the fields of ``_portal_fields``, for reading only."""
        if not super()._has_field_access(field, operation):
            return False
        if not self.env.su and not self.env.user._is_internal():
            return operation == 'read' and (field.name in self._portal_fields or field.name in ('id', 'display_name'))
        return True
