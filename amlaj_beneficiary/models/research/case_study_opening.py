from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..registry.beneficiary_sensitive import SENSITIVE_READERS
from ..registry.guarded import GROUP

OPEN_HOURS = 8


class AmlajCaseStudyOpening(models.Model):
    """That a user opened a study, until when: what the record rules of studies ask. The house alone makes these rows, each
    together with a row of the access log; nobody reads or writes them."""
    _name = 'amlaj.case.study.opening'
    _description = "Opening of a case study"
    _rec_name = 'user_id'

    study_id = fields.Many2one('amlaj.case.study', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', required=True, ondelete='cascade')
    until = fields.Datetime(help="Empty: as long as he works on it.")
    is_valid = fields.Boolean(compute='_compute_is_valid', search='_search_is_valid')

    _once = models.UniqueIndex('(study_id, user_id)', "This user has opened the study already.")

    @api.depends('until')
    def _compute_is_valid(self):
        now = fields.Datetime.now()
        for opening in self:
            opening.is_valid = not opening.until or opening.until > now

    def _search_is_valid(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        valid = Domain('until', '=', False) | Domain('until', '>', fields.Datetime.now())
        return valid if True in value else ~valid


class AmlajCaseStudy(models.Model):
    """How a study is opened: one way, which logs (rule 1)."""
    _inherit = 'amlaj.case.study'

    def action_open_study(self):
        """Return the whole study, and log who looked at it; its form stays open to him for some hours.

        :return: the study as plain values: ``income`` and ``expense`` as ``[kind, amount, note]``, ``members``, ``needs``,
            the opinions, ``recommendation`` and ``result`` with the totals, the points and the reason for each
        :raise AccessError: for users who may not see sensitive data, or not this file; alike for a study that never was
        """
        self.ensure_one()
        self._check_may_open()
        self._open_until(fields.Datetime.now() + timedelta(hours=OPEN_HOURS))
        self._record_access('open', 'case_study')
        return self.sudo()._content()  # role and file were checked, and the look is written down

    def _check_may_open(self):
        """:raise AccessError: when the current user may not see this study."""
        study_sudo = self.sudo().exists()  # only its file is looked at, and asked for as the user
        file = study_sudo.beneficiary_id.with_env(self.env)
        if not study_sudo or not file._filtered_access('read'):
            raise AccessError(self.env._("There is no such study, or it is not open to you."))
        if not any(self.env.user.has_group(GROUP % role) for role in SENSITIVE_READERS) or not self._may_see():
            raise AccessError(self.env._("Your role does not see sensitive data."))
        if self.env['amlaj.mandate']._files_held(file, self.env.user):
            raise AccessError(self.env._("Nobody sees the sensitive data of a file of his own."))

    def _may_see(self):
        """Whether the current user's role sees this study; the committee's room adds its members."""
        return any(self.env.user.has_group(GROUP % role) for role in ('researcher', 'manager'))

    def _open_until(self, until):
        """Let the current user read these studies until ``until`` (None: as long as he works on them)."""
        Opening_sudo = self.env['amlaj.case.study.opening'].sudo()  # the caller checked who looks
        for study in self:
            row_sudo = Opening_sudo.search([('study_id', '=', study.id), ('user_id', '=', self.env.uid)])
            if not row_sudo:
                Opening_sudo.create({'study_id': study.id, 'user_id': self.env.uid, 'until': until})
            elif until is None or row_sudo.until:
                row_sudo.until = until

    def _close_for(self, users):
        """``users`` work on these studies no longer: they read them for some hours yet (superuser)."""
        self.opening_ids.filtered(lambda row: row.user_id in users and not row.until).until = (
            fields.Datetime.now() + timedelta(hours=OPEN_HOURS))
