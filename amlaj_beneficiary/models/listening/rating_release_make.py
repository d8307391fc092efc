from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.disclosure import SMALLEST, publishable
from .rating_release import CELL_FIELDS, DIMENSIONS, MEASURES
from .survey_survey import TYPE
from .survey_user_input import CHANGEABLE_DAYS

SCOPES = ('external', 'internal')
# which copy on an answer says to which cell of a dimension it belongs
COPIES = {
    'department': 'amlaj_department_id', 'service': 'amlaj_service_id', 'branch': 'amlaj_branch_id',
    'channel': 'amlaj_channel_id', 'employee': 'amlaj_provider_id'}


class AmlajRatingRelease(models.Model):
    """How a closed quarter is published: once, in a fixed order, by one function (R31; design rule 3)."""
    _inherit = 'amlaj.rating.release'

    @api.model
    def _cron_release(self):
        """Publish the last quarter as soon as its last answer is parted from its request; any number of times."""
        quarter = self._last_quarter(self._today())
        if self._may_release(quarter):
            self._release(quarter)

    @api.model
    def _may_release(self, quarter):
        """A quarter waits for the seven days in which an answer may be changed, and a day for the cron that parts it."""
        settled = fields.Date.add(quarter, months=3, days=CHANGEABLE_DAYS + 1)
        return self._today() >= settled and not self.sudo().search_count(
            [('quarter', '=', quarter), ('round_id', '=', False)], limit=1)

    @api.model
    def _release(self, quarter):
        """Write the figures of ``quarter``: the association, its units, services, sub-offices and channels, then the employees.

        It counts the answers that are parted and that no quarter has counted: those of the quarter, and what came
        late to the ones before. What it has counted is counted by no other.

        :param quarter: its first day
        :return: the rows
        :raise UserError: before its time, or when it is published already
        """
        # one at a time: the second waits, and finds it done
        self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(hashtext('amlaj_rating_release'))"))
        if quarter != fields.Date.start_of(quarter, 'quarter') or not self._may_release(quarter):
            raise UserError(self.env._("This quarter is published already, or its answers can still be changed."))
        self.env['survey.user_input'].sudo()._cron_part()
        answers = self._uncounted(quarter)
        invited = self._invited(quarter)
        vals_list = []
        for scope in SCOPES:
            vals_list += self._scope_rows(
                quarter, scope, [answer for answer in answers if answer['scope'] == scope], invited[scope])
        rows_sudo = self.sudo().create(vals_list)  # the one writer of this table
        self.env['amlaj.rating.comment']._take(quarter, answers)
        self._mark_counted(quarter, answers)
        rows_sudo._published()
        return rows_sudo

    def _published(self):
        """What follows from new figures (superuser); files add theirs."""
        return True

    @api.model
    def _uncounted(self, quarter):
        """The answers to count, as dicts: ``id``, ``scope``, one id for each of ``COPIES``, what was chosen on each axis."""
        until = fields.Date.add(quarter, months=3)
        found_sudo = self.env['survey.user_input'].sudo().search([  # nobody else reads what they are counted by
            ('survey_id.survey_type', '=', TYPE), ('amlaj_counted_in', '=', False), ('amlaj_request_id', '=', False),
            ('amlaj_invitation_id', '=', False), ('create_date', '<', until), ('amlaj_scope', '!=', False),
            ('amlaj_round_id', '=', False)])
        return [
            {'id': answer.id, 'scope': answer.amlaj_scope, 'axes': answer._axes(),
             **{dimension: answer[copy].id for dimension, copy in COPIES.items()}}
            for answer in found_sudo.sorted('id')]

    @api.model
    def _invited(self, quarter):
        """How many were invited in the quarter: ``{scope: {(dimension, id): number}}``."""
        counts = {scope: defaultdict(int) for scope in SCOPES}
        invitations_sudo = self.env['amlaj.rating.invitation'].sudo().search([  # they are only counted
            ('invited_on', '>=', quarter), ('invited_on', '<', fields.Date.add(quarter, months=3)),
            ('asked_by', '!=', 'none'), ('round_id', '=', False)])
        for invitation in invitations_sudo:
            facts = invitation._facts()
            count = counts.get(facts['scope'], {})
            for cell in [('association', False), *(
                    (dimension, facts.get('provider_id' if dimension == 'employee' else f'{dimension}_id'))
                    for dimension in COPIES)]:
                count[cell] += 1
        return counts

    @api.model
    def _cells(self, answers):
        """The cells of these answers in the fixed order, the larger ones of a dimension first: ``[(cell, ids)]``."""
        cells = [(('association', False), {answer['id'] for answer in answers})]
        for dimension in DIMENSIONS[1:]:
            members = defaultdict(set)
            for answer in answers:
                if answer[dimension]:
                    members[dimension, answer[dimension]].add(answer['id'])
            cells += sorted(members.items(), key=lambda item: (-len(item[1]), item[0][1]))
        return cells

    @api.model
    def _scope_rows(self, quarter, scope, answers, invited):
        """The values of the rows of one scope; the association's own row says also that nothing else is published."""
        cells = self._cells(answers)
        shown = {None: set(publishable(cells))}
        for measure in MEASURES:
            given = [answer for answer in answers if measure in answer['axes']]
            # who left an axis out makes other sets of it, which are judged by themselves
            shown[measure] = shown[None] if len(given) == len(answers) else set(publishable(self._cells(given)))
        by_id = {answer['id']: answer for answer in answers}
        before = {
            (row.dimension, row[CELL_FIELDS[row.dimension]].id if row.dimension in CELL_FIELDS else False): row.id
            for row in self.sudo().search([  # to compare with
                ('quarter', '=', fields.Date.subtract(quarter, months=3)), ('scope', '=', scope),
                ('is_withheld', '=', False), ('round_id', '=', False)])}
        rows = []
        for cell, ids in cells:
            if cell not in shown[None] and cell[0] != 'association':
                continue
            is_withheld = cell not in shown[None]
            rows.append({
                'quarter': quarter, 'scope': scope, 'dimension': cell[0], 'sequence': len(rows),
                'is_withheld': is_withheld, **({CELL_FIELDS[cell[0]]: cell[1]} if cell[1] else {}),
                **({} if is_withheld else {
                    'previous_id': before.get(cell), **self._figures(
                        cell, [by_id[answer_id] for answer_id in ids], shown, invited.get(cell, 0))})})
        return rows

    @api.model
    def _figures(self, cell, answers, shown, invited):
        """The figures of one published cell; an axis that too few chose on stays empty."""
        figures = {
            'answers': len(answers), 'invited': invited,
            'response_rate': round(100 * min(len(answers) / invited, 1), 2) if invited else 0.0}
        for measure in MEASURES:
            given = [answer['axes'][measure] for answer in answers if measure in answer['axes']]
            if cell in shown[measure] and len(given) >= SMALLEST:
                figures |= {measure: round(sum(given) / len(given), 2), f'{measure}_count': len(given)}
        return figures

    @api.model
    def _mark_counted(self, quarter, answers):
        """Plain SQL: the ORM would write the time of today on each answer."""
        if answers:
            self.env.flush_all()
            self.env.execute_query(SQL(
                "UPDATE survey_user_input SET amlaj_counted_in = %s WHERE id IN %s RETURNING id",
                quarter, tuple(answer['id'] for answer in answers)))
            self.env.invalidate_all(flush=False)
