from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker

RESEARCHER = Actors(frozenset({'researcher'}))
COPIED = (
    'marital_state', 'occupation', 'education', 'debt_total', 'debt_reason', 'debt_months', 'housing_kind',
    'housing_tenure', 'housing_rooms', 'housing_state', 'health', 'health_note')


class AmlajCaseStudy(models.Model):
    """The steps of a study: start from the last one, take up, hand on, finish (R17, R56)."""
    _inherit = 'amlaj.case.study'

    def action_take(self):
        """Take a study up that nobody works on yet: it opens for its researcher until he finishes it."""
        for study in self:
            study._check_may_open()
            study._open_until(None)
            study._record_access('open', 'case_study')
            study._do('take_study', {'user_id': self.env.uid})
        return True

    def action_assign(self, user_id):
        """Give a study in work to a researcher; whoever had it reads it for some hours yet.

        :param user_id: a user with the role of a researcher
        """
        colleague = self._picked('res.users', user_id).filtered(lambda user: user.active and user.has_group(
            'amlaj_beneficiary.group_researcher'))
        if not colleague:
            raise UserError(self.env._("Please choose a social-research officer."))
        for study in self:
            study._check_may_open()
            study_sudo = study.sudo()  # who may do this step need not have opened the study; its guard runs as the user
            if wanted := study_sudo._female_blockers(colleague):
                raise UserError(wanted[0].text)
            study._do_unopened('assign_study', {'user_id': colleague.id})
            study_sudo._close_for(study_sudo.opening_ids.user_id - colleague)
            study.with_user(colleague)._open_until(None)
        return True

    def _do_unopened(self, action, vals):
        """``_do`` for a step that looks at nothing of the study's content: it need not be open to the user."""
        if self - self._filtered_actor(action):
            self._check_actor(action)
        self._lock()
        self._check_blockers(action)
        self.sudo().write(vals)  # actor and blockers were asked just above

    def action_finish(self):
        """Finish the study: its numbers are kept as they are, and the request may go up to the committee."""
        for study in self:
            if not study.sudo().user_id and not self.env.su:
                study.action_take()  # nobody had it in hand: who finishes it has made it
            study._do('finish_study', {'state': 'done', **study._stamp('finished')})
            study_sudo = study.sudo()  # the step was checked just above
            study_sudo._freeze()
            study_sudo._close_for(self.env.user)
        return True

    # ------------------------------------------------------------
    # Beginning
    # ------------------------------------------------------------

    def _start(self, files, requests_by_file=None):
        """Begin a study for each of ``files`` from what the last one found (superuser).

        :param requests_by_file: ``{file id: request}`` for studies that a request asks for
        """
        requests_by_file = requests_by_file or {}
        last = {study.beneficiary_id.id: study for study in self.search([
            ('beneficiary_id', 'in', files.ids), ('is_current', '=', True)])}
        studies = self.browse()
        for file in files:
            earlier = last.get(file.id, self.browse())
            request = requests_by_file.get(file.id)
            studies |= self.create({
                'beneficiary_id': file.id, 'request_id': request.id if request else False,
                **{name: earlier[name] for name in COPIED},
                'income_ids': earlier._lines_again('income_ids', ('kind', 'amount', 'note')),
                'expense_ids': earlier._lines_again('expense_ids', ('kind', 'amount', 'note')),
                'need_ids': earlier._lines_again('need_ids', ('name', 'quantity', 'note')),
                'member_ids': earlier._members_again()})
        studies._take_household()
        return studies

    def _lines_again(self, name, fields_kept):
        return [fields.Command.create({field: line[field] for field in fields_kept}) for line in self[name]]

    def _members_again(self):
        kept = ('name', 'relationship', 'birth_date', 'gender', 'is_contributing', 'occupation', 'health', 'note')
        return [
            fields.Command.create({**{field: line[field] for field in kept}, 'member_id': line.member_id.id})
            for line in self.member_ids if line.member_id or not self.beneficiary_id.member_ids]

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {
            'take_study': RESEARCHER, 'edit_study': RESEARCHER, 'finish_study': RESEARCHER,
            'assign_study': Actors(frozenset({'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action not in ('take_study', 'edit_study', 'finish_study', 'assign_study'):
            return blockers
        is_house = self.env.su
        for study in self.sudo():  # the actor is checked apart
            mine = blockers[study.id]
            if study.state == 'done':
                mine.append(Blocker('state', self.env._("Study %(number)s is finished.", number=study.number)))
            elif action == 'take_study':
                mine += study._take_blockers(self.env.user)
            elif action != 'assign_study' and not is_house and study.user_id != self.env.user:
                mine.append(Blocker('state', self.env._(
                    "Study %(number)s is in the hands of a colleague, or nobody has taken it up yet.", number=study.number)))
            elif action == 'finish_study' and not (study.recommendation or '').strip():
                mine.append(Blocker('recommendation', self.env._("Please write what you recommend to the committee.")))
        return blockers

    def _take_blockers(self, user):
        if self.user_id:
            return [Blocker('state', self.env._("Study %(number)s is in hand already.", number=self.number))]
        return self._female_blockers(user)

    def _female_blockers(self, user):
        # sudo: an entry of the user's own that only administrators read
        if not self.beneficiary_id.prefers_female_researcher or user.sudo().is_female_researcher:
            return []
        return [Blocker('female', self.env._("A female researcher was asked for here."))]
