from odoo import api, models

from .rating_release import MEASURES

# shown to everybody, in this order
PUBLIC_DIMENSIONS = ('department', 'service', 'branch', 'channel')


class AmlajRatingRelease(models.Model):
    """What the public page of opinions says: published figures, comments and improvements, and nothing else (R26, R36)."""
    _inherit = 'amlaj.rating.release'

    @api.model
    def _opinions(self):
        """The page: the last published quarter of external beneficiaries and what the opinions changed; public."""
        rows_sudo = self.sudo()  # published for everybody; employees and internal beneficiaries are left out
        last = rows_sudo.search(
            [('scope', '=', 'external'), ('dimension', '=', 'association'), ('is_withheld', '=', False),
             ('round_id', '=', False)], limit=1)
        changes = self.env['amlaj.improvement']._told_changes()
        page = {'total': False, 'parts': [], 'comments': [], 'changes': changes}
        if not last:
            return page
        rows = rows_sudo.search([
            ('quarter', '=', last.quarter), ('scope', '=', 'external'), ('dimension', 'in', PUBLIC_DIMENSIONS),
            ('round_id', '=', False)])
        labels = dict(self._fields['dimension']._description_selection(self.env))
        return {
            **page, 'quarter': self._quarter_text(last.quarter), 'total': last._told_figures(),
            'parts': [
                {'title': labels[dimension], 'rows': told} for dimension in PUBLIC_DIMENSIONS
                if (told := [row._told_figures() for row in rows if row.dimension == dimension])],
            'comments': self.env['amlaj.rating.comment']._told_comments(last.quarter)}

    def _told_figures(self):
        """One cell for the page: its axes as ``{'label', 'value', 'percent', 'change'}``."""
        self.ensure_one()
        return {
            'name': self.cell, 'answers': self.answers, 'response_rate': round(self.response_rate),
            'axes': [{
                'label': self._fields[name]._description_string(self.env), 'value': f'{self[name]:.1f}',
                'percent': round(self[name] * 20), 'change': self._told_change(name),
            } for name in MEASURES if self[f'{name}_count']]}

    def _told_change(self, name):
        """In words, how an axis stands to the quarter before; '' where there is nothing to compare with."""
        if not self.previous_id[f'{name}_count']:
            return ''
        change = round(self[f'{name}_change'], 1)
        if not change:
            return self.env._("as in the quarter before")
        return self.env._("up by %(step)s", step=f'{change:.1f}') if change > 0 else self.env._(
            "down by %(step)s", step=f'{-change:.1f}')
