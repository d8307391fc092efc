from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain

from ...tools.disclosure import publishable
from ..registry.guarded import Actors, AddedFields, Blocker
from .rating_answer import UNNOTED
from .rating_release import CELL_FIELDS, MEASURES
from .survey_survey import TYPE
from .survey_user_input import CHANGEABLE_DAYS

BATCH = 100


class AmlajSurveyRound(models.Model):
    """A periodic survey: the opinion of the beneficiaries of some sub-offices and categories, with how many were asked and
    how many answered (R24, R36).

    The quality officer or the manager starts it; a cron invites in batches, each file once, by the same personal link as
    after a service, and goes on where it stopped. Who wishes no surveys is left out, and who declines one is not asked
    again. Its figures are published once, in the release table, when its last answer is parted.
    """
    _name = 'amlaj.survey.round'
    _description = "Periodic survey"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'

    name = fields.Char(required=True)
    survey_id = fields.Many2one(
        'survey.survey', required=True, ondelete='restrict', domain=[('survey_type', '=', TYPE)],
        default=lambda self: self.env.ref('amlaj_beneficiary.survey_periodic', raise_if_not_found=False))
    branch_ids = fields.Many2many('amlaj.branch', string="Sub-offices", help="Empty: all.")
    category_ids = fields.Many2many('amlaj.beneficiary.category', string="Categories", help="Empty: all.")
    ends_on = fields.Date(string="Answers until", required=True)
    state = fields.Selection([
        ('draft', "Being prepared"),
        ('running', "Running"),
        ('closed', "Figures published"),
    ], required=True, default='draft', copy=False, index=True)
    started_by_id = fields.Many2one('res.users', string="Started by", copy=False)
    started_at = fields.Datetime(string="Started on", copy=False)
    reached_id = fields.Integer(copy=False, groups=NO_ACCESS, help="The last file that the invitations have come to.")
    is_all_asked = fields.Boolean(string="All are asked", copy=False)
    asked = fields.Integer(compute='_compute_counts')
    answered = fields.Integer(compute='_compute_counts')
    release_ids = fields.One2many('amlaj.rating.release', 'round_id', string="Published figures", copy=False)

    _guarded_fields = frozenset({
        'state', 'started_by_id', 'started_at', 'reached_id', 'is_all_asked', 'release_ids'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # of many, and of none

    def _compute_counts(self):
        counts = {round_id: [0, 0] for round_id in self.ids}
        for asked_round, state, number in self.env['amlaj.rating.invitation'].sudo()._read_group(  # numbers alone
                [('round_id', 'in', self.ids)], ['round_id', 'state'], ['__count']):
            counts[asked_round.id][0] += number
            counts[asked_round.id][1] += number if state == 'answered' else 0
        for one in self:
            one.asked, one.answered = counts.get(one.id, (0, 0))

    def write(self, vals):
        if not self.env.su and any(one.state != 'draft' for one in self):
            raise UserError(self.env._("A survey that was started stays as it is."))
        return super().write(vals)

    def action_start(self):
        """Start it: from now on the persons are asked, batch by batch."""
        self._do('start_round', {'state': 'running', **self._stamp('started')})
        self.env.ref('amlaj_beneficiary.cron_survey_rounds').sudo()._trigger()  # the step was checked
        return True

    def _actors(self):
        return super()._actors() | {'start_round': Actors(frozenset({'quality', 'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for one in self.sudo() if action == 'start_round' else ():  # the actor is checked apart
            if one.state != 'draft':
                blockers[one.id].append(Blocker('state', self.env._("This survey was started already.")))
            elif one.ends_on <= self._today():
                blockers[one.id].append(Blocker('day', self.env._("Please give people some days to answer.")))
            elif one.survey_id.survey_type != TYPE:
                blockers[one.id].append(Blocker('survey', self.env._("Please choose a survey of beneficiaries.")))
        return blockers

    # ------------------------------------------------------------
    # Inviting in batches
    # ------------------------------------------------------------

    def _files_domain(self):
        """Whom this survey asks: registered, of the outside, not against it (superuser)."""
        domain = Domain('state', '=', 'registered') & Domain('wants_no_survey', '=', False) & Domain(
            'scope', '=', 'external')
        if self.branch_ids:
            domain &= Domain('branch_id', 'in', self.branch_ids.ids)
        if self.category_ids:
            domain &= Domain('category_ids', 'in', self.category_ids.ids)
        return domain

    @api.model
    def _cron_rounds(self):
        """Go on inviting where it stopped, and publish what is over; any number of times, at any moment."""
        for one in self.search([('state', '=', 'running'), ('is_all_asked', '=', False)], order='id'):
            while not one.is_all_asked:
                asked = one._invite_batch()
                if not self.env['ir.cron']._commit_progress(asked, remaining=int(not one.is_all_asked)):
                    return
        for one in self.search([('state', '=', 'running'), ('is_all_asked', '=', True)], order='id'):
            if self._today() > one.ends_on + timedelta(days=CHANGEABLE_DAYS + 1):
                one._publish()
                self.env['ir.cron']._commit_progress(1)

    def _invite_batch(self):
        """Ask the next files in the order of their numbers (superuser).

        :return: how many files were looked at
        """
        self.ensure_one()
        if self._today() >= self.ends_on:
            self.is_all_asked = True
            return 0
        files = self.env['amlaj.beneficiary'].search(
            self._files_domain() & Domain('id', '>', self.reached_id), order='id', limit=BATCH)
        Invitation = self.env['amlaj.rating.invitation'].with_user(SUPERUSER_ID)
        known = Invitation.search([('round_id', '=', self.id), ('beneficiary_id', 'in', files.ids)]).beneficiary_id
        Invitation._make([
            {'round_id': self.id, 'beneficiary_id': file.id, 'survey_id': self.survey_id.id, 'valid_until': self.ends_on}
            for file in files - known if any(who['phone'] for who in file._recipients())])._ask()
        self.write({'reached_id': files[-1:].id or self.reached_id, 'is_all_asked': len(files) < BATCH})
        return len(files)

    # ------------------------------------------------------------
    # Publishing
    # ------------------------------------------------------------

    def _publish(self):
        """Write the figures of this survey once: all, by sub-office, by category; as safe as those of a quarter (superuser)."""
        self.ensure_one()
        self._lock()
        self.env['survey.user_input']._cron_part()
        found = self.env['survey.user_input'].search([
            ('amlaj_round_id', '=', self.id), ('amlaj_invitation_id', '=', False)])
        axes = {answer.id: answer._axes() for answer in found}
        cells = [(('association', False), set(found.ids))]
        for dimension, copy in (('branch', 'amlaj_branch_id'), ('category', 'amlaj_category_ids')):
            members = {}
            for answer in found:
                for value in answer[copy]:
                    members.setdefault((dimension, value.id), set()).add(answer.id)
            cells += sorted(members.items(), key=lambda item: (-len(item[1]), item[0][1]))
        self.env['amlaj.rating.release'].create(self._rows(cells, axes))
        quarter = fields.Date.start_of(self.ends_on, 'quarter')
        self.env['amlaj.rating.comment']._take(quarter, [{'axes': axes[answer.id]} for answer in found])
        self.env['amlaj.rating.release']._mark_counted(quarter, [{'id': answer.id} for answer in found])
        self.state = 'closed'

    def _rows(self, cells, axes):
        shown = {None: set(publishable(cells))}
        for measure in MEASURES:
            shown[measure] = set(publishable([
                (cell, {answer for answer in ids if measure in axes[answer]}) for cell, ids in cells]))
        asked = {('association', False): self.asked}
        rows = []
        for cell, ids in cells:
            is_withheld = cell not in shown[None]
            if is_withheld and cell[0] != 'association':
                continue
            figures = {} if is_withheld else self.env['amlaj.rating.release']._figures(
                cell, [{'axes': axes[answer]} for answer in ids], shown, asked.get(cell, 0))
            rows.append({
                'round_id': self.id, 'quarter': fields.Date.start_of(self.ends_on, 'quarter'), 'scope': 'external',
                'dimension': cell[0], 'sequence': len(rows), 'is_withheld': is_withheld,
                **({CELL_FIELDS[cell[0]]: cell[1]} if cell[1] else {}), **figures})
        return rows


class AmlajRatingRelease(models.Model):
    _inherit = 'amlaj.rating.release'

    round_id = fields.Many2one('amlaj.survey.round', string="Periodic survey", index='btree_not_null', ondelete='restrict')

    _guarded_fields = AddedFields('round_id')


class AmlajRatingInvitation(models.Model):
    _inherit = 'amlaj.rating.invitation'

    round_id = fields.Many2one('amlaj.survey.round', string="Periodic survey", ondelete='cascade', copy=False)

    _once_in_a_round = models.UniqueIndex(
        '(round_id, beneficiary_id) WHERE round_id IS NOT NULL', "This person was asked already.")

    _guarded_fields = AddedFields('round_id')

    def _facts(self):
        if not self.round_id:
            return super()._facts()
        file = self.beneficiary_id
        return {'beneficiary_id': file.id, 'branch_id': file.branch_id.id, 'scope': file.scope}

    def _new_answer(self):
        answer = super()._new_answer()
        if self.round_id:
            answer.with_context(**UNNOTED).write({
                'amlaj_round_id': self.round_id.id, 'amlaj_category_ids': [fields.Command.set(
                    self.beneficiary_id.category_ids.ids)]})
        return answer

    def _decline(self):
        # who declines a survey is not asked for the next one either
        asked = self.filtered(lambda invitation: invitation.round_id and invitation.state == 'open')
        if asked:
            asked.beneficiary_id.write({'wants_no_survey': True})
        return super()._decline()


class SurveyUserInput(models.Model):
    _inherit = 'survey.user_input'

    amlaj_round_id = fields.Many2one(
        'amlaj.survey.round', copy=False, ondelete='restrict', groups=NO_ACCESS, index='btree_not_null')
    amlaj_category_ids = fields.Many2many(
        'amlaj.beneficiary.category', 'amlaj_answer_category_rel', copy=False, groups=NO_ACCESS)


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    wants_no_survey = fields.Boolean(
        string="Wishes no surveys", copy=False, help="Periodic surveys leave this person out; a service can still be rated.")
