from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# a kind of relation and its degree, as `amlaj.relation` keeps them
HOW = {'kin1': ('kin', 1), 'kin2': ('kin', 2), 'kin3': ('kin', 3), 'kin4': ('kin', 4), 'kin5': ('kin', 5),
       'marriage': ('marriage', 1), 'interest': ('interest', 1)}


class AmlajAgendaRelatives(models.TransientModel):
    """One question for the whole agenda: "Are you related to anybody who asks for help here?" (policy on relatives).

    The lines are names in the order of the alphabet. Where the committee hides names until the vote, they say nothing of
    the files: which line is which file is found again when the answer is kept.
    """
    _name = 'amlaj.agenda.relatives'
    _description = "Question about relatives"

    session_id = fields.Many2one('amlaj.committee.session', required=True, ondelete='cascade')
    line_ids = fields.One2many('amlaj.agenda.relatives.line', 'wizard_id', string="Applicants")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        session = self.env['amlaj.committee.session'].browse(values.get('session_id')).exists()
        if session and 'line_ids' in fields:
            session._check_actor('answer')
            values['line_ids'] = [
                Command.create({'name': name, 'rank': rank}) for rank, (name, _items) in enumerate(self._names(session))]
        return values

    @api.model
    def _names(self, session):
        """Pairs of a name and its items, by the alphabet, without the files of the user's own (superuser)."""
        items = session._items().filtered(lambda item: not item.sudo().result)
        items_sudo = (items - items._own_files()).sudo()
        by_file = items_sudo.grouped(lambda item: item.request_id.beneficiary_id)
        names = [file.name for file in by_file]
        # two who bear one name are told apart by place and age
        shown = {file: file.name if names.count(file.name) == 1 else self.env['amlaj.paper']._joined(
            [file.name, file.locality_id.name, self.env['amlaj.paper']._age_text(file._age())]) for file in by_file}
        return sorted(((shown[file], rows) for file, rows in by_file.items()), key=lambda pair: (pair[0], pair[1].ids))

    def action_confirm(self):
        """Keep the answer.

        :raise UserError: when the agenda changed meanwhile
        """
        self.ensure_one()
        self.session_id._check_actor('answer')
        names = self._names(self.session_id)
        related = []
        for line in self.line_ids.filtered('is_related'):
            if not 0 <= line.rank < len(names) or names[line.rank][0] != line.name:
                raise UserError(self.env._("The agenda changed meanwhile: please answer again."))
            kind, degree = HOW[line.how or 'kin1']
            related += [{'request_id': item.request_id.id, 'kind': kind, 'degree': degree} for item in names[line.rank][1]]
        self.session_id.action_answer_relations(related)
        return {'type': 'ir.actions.act_window_close'}


class AmlajAgendaRelativesLine(models.TransientModel):
    """One applicant, as a name alone."""
    _name = 'amlaj.agenda.relatives.line'
    _description = "Applicant in the question about relatives"
    _order = 'rank'

    wizard_id = fields.Many2one('amlaj.agenda.relatives', required=True, ondelete='cascade')
    rank = fields.Integer()
    name = fields.Char(string="Applicant")
    is_related = fields.Boolean(string="Related")
    how = fields.Selection([
        ('kin1', "Parents or children"),
        ('kin2', "Siblings, grandparents or grandchildren"),
        ('kin3', "Uncles, aunts, nephews or nieces"),
        ('kin4', "Cousins"),
        ('kin5', "Further kin"),
        ('marriage', "By marriage"),
        ('interest', "Work or another interest"),
    ], string="Relation", default='kin1')
