from odoo import fields, models
from odoo.fields import Domain


class AmlajCaseStudy(models.Model):
    """Members open the studies of their agenda: from its publication until the session closes (rule 1, R60)."""
    _inherit = 'amlaj.case.study'

    def _may_see(self):
        return super()._may_see() or (
            self.env.user.has_group('amlaj_beneficiary.group_committee') and self._is_on_published_agenda())

    def _is_on_published_agenda(self):
        """Whether the request of the study stands on an agenda, published or open, of a committee of the current user."""
        self.ensure_one()
        request_id = self.sudo().request_id.id  # whose study it is, for the question below
        if not request_id:
            return False
        session = Domain('session_id.state', '=', 'open') | (
            Domain('session_id.state', '=', 'planned') & Domain('session_id.published_at', '!=', False))
        return bool(self.env['amlaj.decision'].sudo().search_count(  # yes or no, for the user's own committees
            session & Domain('request_id', '=', request_id) & Domain('result', 'not in', ('withdrawn',))
            & Domain('is_blind', '=', False)
            & Domain('committee_id.member_ids', 'any', [('user_id', '=', self.env.uid), ('is_current', '=', True)]), limit=1))


class AmlajRequest(models.Model):
    _inherit = 'amlaj.request'

    def _defer(self, defer_to, note):
        result = super()._defer(defer_to, note)
        if defer_to == 'research':
            self._ensure_study(is_again=True)  # what the committee asks for again is a new version
        return result


class AmlajDecision(models.Model):
    """The case study on the agenda: that there is one, by whom and when, its points and class. What it says is opened by
    itself, and the look is recorded; the file at the decision keeps which version was before the members, by its hash."""
    _inherit = 'amlaj.decision'

    has_study = fields.Boolean(compute='_compute_has_study', compute_sudo=True)

    def _compute_has_study(self):
        last = self.request_id._last_studies()
        for decision in self:
            decision.has_study = decision.request_id.id in last

    def action_open_study(self):
        """Open the case study of this file for who may see it; the look is recorded."""
        self.ensure_one()
        self.check_access('read')
        return self.sudo().request_id.with_env(self.env).action_show_study()

    def _dossiers(self):
        dossiers = super()._dossiers()
        last = self.sudo().request_id._last_studies()  # the caller has checked who looks
        for decision in self.sudo():
            if study := last.get(decision.request_id.id):
                dossiers[decision.id]['study'] = decision._study_part(study)
        return dossiers

    def _study_part(self, study):
        is_done = study.state == 'done'
        return {
            'id': study.id, 'number': study.number, 'version': study.version, 'state': study.state,
            'researcher': study.user_id.name or '',
            'finished_on': str(study._local_day(study.finished_at)) if study.finished_at else '',
            'score': study.score if is_done else '', 'band': is_done and study.band or '', 'hash': study.content_hash or ''}
