from odoo import api, models
from odoo.fields import Domain

MEMBERSHIP = frozenset({'department_id', 'employee_id', 'date_version', 'user_id', 'current_version_id', 'active'})


class HrDepartment(models.Model):
    """The users of a unit, for what they must not see (R31)."""
    _inherit = 'hr.department'

    def _users_of_unit(self):
        """The users who work in these units or the units below them, now or by what is planned, or lead them (superuser)."""
        if not self:
            return self.env['res.users']
        everyone = self.with_context(active_test=False)
        units = everyone.search([('id', 'child_of', self.ids)])
        versions = everyone.env['hr.version'].search(
            Domain('department_id', 'in', units.ids) & (
                Domain('employee_id.current_version_id.department_id', 'in', units.ids)
                | Domain('date_version', '>', self.env['amlaj.guarded']._today())))
        return (versions.employee_id | units.manager_id).user_id

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        if any(vals.get('parent_id') for vals in vals_list):
            self.env['amlaj.ticket'].sudo()._bar_again()  # the house's own rule
        return departments

    def write(self, vals):
        result = super().write(vals)
        if {'manager_id', 'parent_id'} & vals.keys():
            self.env['amlaj.ticket'].sudo()._bar_again()  # the house's own rule
        return result


class HrVersion(models.Model):
    """Who comes to a unit does not see the complaints about it."""
    _inherit = 'hr.version'

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        self.env['amlaj.ticket'].sudo()._bar_again()  # the house's own rule
        return versions

    def write(self, vals):
        result = super().write(vals)
        if MEMBERSHIP & vals.keys():
            self.env['amlaj.ticket'].sudo()._bar_again()  # the house's own rule
        return result


class HrEmployee(models.Model):
    """Who gets an account while he is in a unit does not see the complaints about it."""
    _inherit = 'hr.employee'

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        self.env['amlaj.ticket'].sudo()._bar_again()  # the house's own rule
        return employees

    def write(self, vals):
        result = super().write(vals)
        if MEMBERSHIP & vals.keys():
            self.env['amlaj.ticket'].sudo()._bar_again()  # the house's own rule
        return result
