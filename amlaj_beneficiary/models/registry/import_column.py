from odoo import api, fields, models

from ...tools.text import name_key


class AmlajImportColumn(models.Model):
    """A column of a table that is taken over: what it is called there, and which of our fields it holds (R60).

    What was chosen for a name is proposed for the same name in the next table.
    """
    _name = 'amlaj.import.column'
    _description = "Column of a table"
    _inherit = ['amlaj.guarded']
    _order = 'import_id, kind, position, id'

    import_id = fields.Many2one('amlaj.import', required=True, index=True, ondelete='cascade')
    kind = fields.Selection(selection='_selection_kind', string="Sheet", required=True)
    position = fields.Integer(required=True)
    name = fields.Char(string="Name in the table", required=True)
    field_key = fields.Selection(selection='_selection_field_key', string="Holds")

    _guarded_fields = frozenset({'import_id', 'kind', 'position', 'name'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # a name of a column is of no file

    @api.model
    def _selection_kind(self):
        return list(self._kind_labels().items())

    @api.model
    def _selection_field_key(self):
        labels = self._kind_labels()
        return [
            (field, f'{labels[kind]}: {label}') for kind in labels for field, label in self._targets(kind).items()]

    @api.model
    def _kind_labels(self):
        """The names of the template's sheets: ``{kind: name}``; later rooms add theirs."""
        return {'files': self.env._("Files"), 'members': self.env._("Household members")}

    @api.model
    def _targets(self, kind):
        """The columns of a sheet of the template, in their order: ``{key: name}``; later rooms add sheets."""
        if kind == 'files':
            return {
                'file_name': self.env._("Whole name"), 'file_first_name': self.env._("First name"),
                'file_father_name': self.env._("Father's name"), 'file_grandfather_name': self.env._("Grandfather's name"),
                'file_family_name': self.env._("Family name"), 'file_kind': self.env._("Person, household or organisation"),
                'file_identity_number': self.env._("Identity number"), 'file_identity_kind': self.env._("Kind of identity"),
                'file_birth': self.env._("Birth date"), 'file_gender': self.env._("Gender"), 'file_phone': self.env._("Phone"),
                'file_phone2': self.env._("Second phone"), 'file_phone2_owner': self.env._("Whose second phone"),
                'file_categories': self.env._("Categories"), 'file_branch': self.env._("Sub-office"),
                'file_locality': self.env._("Village or district"), 'file_short_address': self.env._("Short address"),
                'file_address_note': self.env._("How to find the place"), 'file_iban': self.env._("IBAN"),
                'file_iban_holder': self.env._("IBAN holder"), 'file_email': self.env._("E-mail")}
        if kind == 'members':
            return {
                'member_owner': self.env._("Identity or file number of the file's owner"),
                'member_name': self.env._("Name of the member"), 'member_relationship': self.env._("Relationship"),
                'member_identity_number': self.env._("Identity number of the member"),
                'member_birth': self.env._("Birth date of the member"), 'member_gender': self.env._("Gender of the member")}
        return {}

    @api.model
    def _needed(self, kind):
        """The columns that a sheet cannot do without."""
        return {'members': ['member_owner', 'member_name', 'member_relationship']}.get(kind, [])


class AmlajImportFault(models.Model):
    """A row of a table that was not taken over, or was with a warning, and why; what the row holds is not kept here."""
    _name = 'amlaj.import.fault'
    _description = "Row of a table"
    _inherit = ['amlaj.guarded']
    _order = 'import_id, kind, row, id'

    import_id = fields.Many2one('amlaj.import', required=True, index=True, ondelete='cascade')
    kind = fields.Selection(selection='_selection_kind', string="Sheet", required=True)
    row = fields.Integer(required=True)
    verdict = fields.Selection([
        ('wrong', "Wrong"),
        ('double', "Exists already"),
        ('warned', "Like an existing file"),
    ], required=True)
    reason = fields.Char(required=True)

    _guarded_fields = frozenset({'import_id', 'kind', 'row', 'verdict', 'reason'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # the row is of no file

    @api.model
    def _selection_kind(self):
        return self.env['amlaj.import.column']._selection_kind()


def labels_by_key(env, field):
    """``{key of a label in any installed language, and of the value itself: value}`` of a selection."""
    found = {}
    for lang in dict(env['res.lang'].get_installed()):
        lang_env = env(context=dict(env.context, lang=lang))
        for value, label in field._description_selection(lang_env):
            found |= {name_key(value): value, name_key(label): value}
    return found
