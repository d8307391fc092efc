from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Blocker


class AmlajRequest(models.Model):
    """What the research room adds to a request: its case study, from the referral to the raising (R56, R59).

    A study begins when the request comes to the research, where its service asks for one; it is one for each cycle. Of the
    study the request shows only whether there is one, how far it is and whose it is.
    """
    _inherit = 'amlaj.request'

    study_state = fields.Selection([
        ('free', "Nobody yet"),
        ('draft', "In work"),
        ('done', "Finished"),
    ], string="Case study", compute='_compute_study', compute_sudo=True)
    study_user_id = fields.Many2one('res.users', string="Researcher", compute='_compute_study', compute_sudo=True)

    @api.depends('state')
    def _compute_study(self):
        studies = self._last_studies()
        for request in self:
            study = studies.get(request.id)
            request.study_state = study and ('free' if study.state == 'draft' and not study.user_id else study.state)
            request.study_user_id = study and study.user_id

    def _last_studies(self):
        """``{request id: its last study}`` in superuser mode, for the house's own rules."""
        studies_sudo = self.env['amlaj.case.study'].sudo().search(
            [('request_id', 'in', self.ids)], order='version')
        return {study.request_id.id: study for study in studies_sudo}

    def write(self, vals):
        result = super().write(vals)
        if vals.get('state') == 'research':
            self.sudo()._ensure_study()  # the house's own record, whoever moved the request
        return result

    def _ensure_study(self, is_again=False):
        """Begin the study of requests that came to the research (superuser).

        :param is_again: also where one was finished, or the service asks for none: the committee sent it back
        """
        last = self._last_studies()
        for request in self:
            study = last.get(request.id)
            is_needed = is_again or (request.service_id.requires_case_study and not study)
            if request.state == 'research' and is_needed and not (study and study.state == 'draft'):
                file = request.beneficiary_id
                self.env['amlaj.case.study']._start(file, {file.id: request})

    # ------------------------------------------------------------
    # Working on it
    # ------------------------------------------------------------

    def action_take_study(self):
        """Take up the study of this request, and open it."""
        self.ensure_one()
        study = self._study_for_user()
        study.action_take()
        return study._form_action()

    def action_show_study(self):
        """Open the study of this request on the screen; the look is written in the access log."""
        self.ensure_one()
        study = self._study_for_user()
        study.action_open_study()
        return study._form_action()

    def _study_for_user(self):
        """The last study of the request, as the user; whether he may see it, its own steps ask.

        :raise UserError: when there is none
        """
        self.check_access('read')
        study_sudo = self._last_studies().get(self.id)
        if not study_sudo:
            raise UserError(self.env._("There is no case study for this request."))
        return study_sudo.with_env(self.env)

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'raise':
            studied = self.sudo().filtered(  # the actor is checked apart
                lambda request: request.state == 'research' and request.service_id.requires_case_study)
            last = studied._last_studies() if studied else {}
            for request in studied:
                if request.id not in last or last[request.id].state != 'done':
                    blockers[request.id].append(Blocker('study', self.env._(
                        "The case study of request %(number)s is not finished yet.", number=request.name)))
        return blockers

    def _next_step(self):
        if self.state == 'research' and self.study_state in ('free', 'draft'):
            return self.env._("Take up the study") if self.study_state == 'free' else self.env._("Finish the study")
        return super()._next_step()


class AmlajCaseStudy(models.Model):
    _inherit = 'amlaj.case.study'

    def _form_action(self):
        """The study on the screen; it was opened just before."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
            'views': [(False, 'form')], 'name': self.env._("Case study %(number)s", number=self.number)}
