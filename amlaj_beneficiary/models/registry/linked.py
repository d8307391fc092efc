from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command


class AmlajLinked(models.AbstractModel):
    """What points to a guarded record must not tell its name to who may not read it (rule 1; R68).

    Odoo shows the display name of whatever a many2one holds, without asking for the right to read it. A form that is
    not saved yet (``onchange``), or a wizard, holds what its user sends: so ids that he sends are asked for here.
    """
    _name = 'amlaj.linked'
    _description = "Record that points to guarded records"

    def onchange(self, values, field_names, fields_spec):
        given = {
            key.removeprefix('default_'): value for key, value in self.env.context.items()
            if key.startswith('default_')}
        self._check_links(given)
        self._check_links(values)
        return super().onchange(values, field_names, fields_spec)

    def _check_links(self, vals):
        """:raise AccessError: when ``vals`` name a guarded record that this user may not read."""
        if self.env.su:
            return
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or not value or field.type not in ('many2one', 'one2many', 'many2many'):
                continue
            comodel = self.env[field.comodel_name]
            if not hasattr(comodel, '_check_links'):
                continue
            if field.type != 'many2one':
                ids = self._check_commands(comodel, value)
            else:
                ids = [value.get('id') if isinstance(value, dict) else value]
            linked = comodel.browse([int(id_) for id_ in ids if id_ and str(id_).isdecimal()])
            held_sudo = self.sudo()[name] if self.ids else comodel  # what stands there already is no question
            asked = linked - held_sudo.with_env(self.env)
            if asked and asked.exists()._filtered_access('read') != asked:
                raise AccessError(self.env._("There is no such file, or it is not yours to work on."))

    def _check_commands(self, comodel, commands):
        """Ask for what the lines of ``commands`` name; return the ids that they link."""
        ids = []
        for command in commands if isinstance(commands, list | tuple) else ():
            if isinstance(command, int):
                ids.append(command)
            elif command[0] in (Command.CREATE, Command.UPDATE):
                line_ids = [command[1]] if command[0] == Command.UPDATE and isinstance(command[1], int) else []
                ids += line_ids
                comodel.browse(line_ids)._check_links(command[2] or {})
            elif command[0] == Command.LINK:
                ids.append(command[1])
            elif command[0] == Command.SET:
                ids += command[2]
        return ids


class AmlajStep(models.AbstractModel):
    """A wizard of one step: it holds only records that its user reads."""
    _name = 'amlaj.step'
    _description = "Wizard of a step"
    _inherit = ['amlaj.linked']

    @api.model
    def default_get(self, fields):
        self._check_links({
            key.removeprefix('default_'): value for key, value in self.env.context.items()
            if key.startswith('default_')})
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)
        return super().create(vals_list)

    def write(self, vals):
        for step in self:
            step._check_links(vals)
        return super().write(vals)
