from odoo import fields, models
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker


class AmlajBeneficiary(models.Model):
    """The yearly update of a file's case study (a setting; A28)."""
    _inherit = 'amlaj.beneficiary'

    is_study_due = fields.Boolean(
        string="Case study to renew", compute='_compute_is_study_due', search='_search_is_study_due', compute_sudo=True)

    def _compute_is_study_due(self):
        due = set(self.sudo().search([('id', 'in', self.ids), ('is_study_due', '=', True)]).ids)
        for file in self:
            file.is_study_due = file.id in due

    def _search_is_study_due(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        Study_sudo = self.env['amlaj.case.study'].sudo()  # whether a date has come, nothing of the study
        old = Study_sudo._search([('is_current', '=', True), ('next_update_on', '<=', self._today())])
        in_work = Study_sudo._search([('state', '=', 'draft')])
        due = (Domain('id', 'in', old.subselect('beneficiary_id')) & Domain('state', '!=', 'ended')
               & Domain('id', 'not in', in_work.subselect('beneficiary_id')))
        return due if True in value else ~due

    def action_start_study(self):
        """Begin a new study of this file without a request, from what the last one found, and open it."""
        self.ensure_one()
        self._do('start_study')
        # the step was checked; the study is the house's record until the researcher takes it up
        study = self.env['amlaj.case.study'].sudo()._start(self.sudo()).with_env(self.env)
        study.action_take()
        return study._form_action()

    def _actors(self):
        return super()._actors() | {'start_study': Actors(frozenset({'researcher'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'start_study':
            in_work_sudo = self.env['amlaj.case.study'].sudo().search([  # that there is one, nothing of it
                ('beneficiary_id', 'in', self.ids), ('state', '=', 'draft')])
            for file in self.sudo():
                if file.state == 'ended':
                    blockers[file.id].append(Blocker('state', self.env._("The beneficiary's file is closed.")))
                elif file in in_work_sudo.beneficiary_id:
                    blockers[file.id].append(Blocker('state', self.env._("This file has a study in work already.")))
        return blockers
