import contextlib

from odoo import api, fields, models
from odoo.exceptions import MissingError

from ...tools.hijri import full_date
from ...tools.iban import mask_iban, show_iban
from ...tools.phone import show_phone
from .change_subject import OF_MEMBERS

LEFT_TO_RIGHT = frozenset({'phone', 'phone2', 'iban', 'short_address', 'email'})


class AmlajChangeRequest(models.Model):
    """How old and new are shown: in the reader's words, to the employee whole, to the person with a masked account."""
    _inherit = 'amlaj.change.request'

    comparison = fields.Html(
        string="Old and new", compute='_compute_comparison', sanitize=False,  # our template escapes every value
        groups='base.group_user')
    whose_turn = fields.Char(string="Whose turn it is", compute='_compute_whose_turn')

    @api.depends('old_values', 'new_values', 'subject')
    @api.depends_context('lang')
    def _compute_comparison(self):
        self._fetch_shown()
        for change in self:
            change.comparison = self.env['ir.qweb']._render(
                'amlaj_beneficiary.change_comparison', {'lines': change._comparison()}) if change.subject else False

    @api.depends('state', 'subject', 'seen_at', 'seen_by_id', 'origin', 'asked_by_id')
    @api.depends_context('lang', 'uid')
    def _compute_whose_turn(self):
        for change in self:
            change.whose_turn = change._whose_turn() if change.state == 'new' else False

    def _whose_turn(self):
        """Who does the next step of a change that waits, as the reader of the form is told."""
        self.ensure_one()
        if self.subject == 'iban' and not self.seen_at:
            return self.env._(
                "Next: an employee sees the bank's certificate. After that a manager, another person, accepts the account.")
        if self.subject == 'iban' and self.seen_by_id == self.env.user:
            return self.env._("You have seen the certificate. Next: a manager, another person, accepts the account.")
        if self.subject == 'iban':
            return self.env._("The certificate was seen. Next: a manager, another person, accepts the account.")
        if self.origin == 'staff' and self.asked_by_id == self.env.user:
            return self.env._(
                "You entered this yourself. Next: a colleague (relations employee, representative or manager) compares old and "
                "new, and accepts it.")
        return self.env._(
            "Next: a relations employee, the representative or a manager compares old and new, and accepts it or refuses it "
            "with a reason.")

    def _told_next(self):
        """The same for the person: what happens now, and that he need do nothing (superuser)."""
        self.ensure_one()
        if self.subject == 'iban':
            return self.env._(
                "What happens next: an employee sees the bank's certificate, then a second one accepts the account. Until "
                "then all stays as it is. We send you word.")
        return self.env._(
            "What happens next: an employee compares it with your file and accepts it, or tells you why not. Until then all "
            "stays as it is. We send you word.")

    def _comparison(self, is_masked=False):
        """Old and new side by side.

        :return: list of ``{'name', 'label', 'old', 'new', 'is_changed', 'is_ltr'}``
        """
        self.ensure_one()
        names = ('name',) if self.subject == 'name' else self.beneficiary_id._change_fields(self.subject)
        old, new = self.old_values or {}, self.new_values or {}
        return [
            {'name': name, 'label': self._shown_label(name), 'is_ltr': name in LEFT_TO_RIGHT,
             'old': self._shown(name, old.get(name), is_masked), 'new': self._shown(name, new.get(name), is_masked),
             'is_changed': (old.get(name) or '') != (new.get(name) or '')}
            for name in names if old.get(name) or new.get(name)]  # what neither says need not be seen

    def _shown_field(self, name):
        return self.env['amlaj.household.member' if self.subject in OF_MEMBERS else 'amlaj.beneficiary']._fields[name]

    def _shown_label(self, name):
        return self._shown_field(name)._description_string(self.env)

    def _shown(self, name, value, is_masked=False):
        """One value in words."""
        if not value:
            return ''
        field = self._shown_field(name)
        if name == 'iban':
            return mask_iban(value) if is_masked else show_iban(value)
        if name in ('phone', 'phone2'):
            return show_phone(value)
        if field.type == 'date':
            return full_date(fields.Date.to_date(value), (self.env.lang or 'en')[:2])
        if field.type == 'boolean':
            return self.env._("Yes")
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value) or value
        if field.type == 'many2one':
            with contextlib.suppress(MissingError):  # taken off the list since
                return self.env[field.comodel_name].sudo().browse(int(value)).name  # a place is no secret
            return ''
        return value

    def _fetch_shown(self, *others):
        """Bring the places and channels that these name, and ``others``, each kind in one query."""
        ids = {other._name: set(other.ids) for other in others if other}
        for change in self:
            for values in (change.old_values or {}, change.new_values or {}):
                for name, value in values.items():
                    if value and name.endswith('_id'):
                        ids.setdefault(change._shown_field(name).comodel_name, set()).add(int(value))
        for model, found in ids.items():
            self.env[model].sudo().with_context(active_test=False).search_fetch([('id', 'in', list(found))], ['name'])

    def _sent_as(self):
        """How the page thanks for it: ``now`` (it counts already), ``newer`` (in the place of another) or ``1``."""
        if self.state == 'accepted':
            return 'now'
        return 'newer' if self.search_count([('replaced_by_id', 'in', self.ids)], limit=1) else '1'
