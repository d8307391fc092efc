from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker

OPEN_STATES = ('open', 'doing')
LONGEST = 2000


class AmlajImprovement(models.Model):
    """An obstacle to good service and what was done about it: obstacle, cause, action, done, verified by another person
    (R15, R34-R36).

    Whoever works in the app notes an obstacle or an idea; low published figures open one by themselves. Its owner acts;
    the quality officer and the manager name the owner, verify what somebody else did, and publish what the opinions of
    beneficiaries changed.
    """
    _name = 'amlaj.improvement'
    _description = "Improvement"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'obstacle'

    obstacle = fields.Char(required=True, help="What stands in the way of a good service, without naming a beneficiary.")
    source = fields.Selection([
        ('request', "A request"),
        ('visit', "A visit"),
        ('survey', "The opinions of beneficiaries"),
        ('ticket', "An enquiry, a suggestion or a complaint"),
        ('idea', "An idea of a colleague"),
        ('figures', "Published figures"),
    ], string="Known from", required=True, default='idea')
    cause = fields.Text()
    action = fields.Text(string="Improvement action")
    owner_id = fields.Many2one('res.users', string="In charge", index='btree_not_null', domain=[('share', '=', False)])
    due_date = fields.Date(string="Due on")
    department_id = fields.Many2one('hr.department')
    service_id = fields.Many2one('amlaj.service')
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')
    release_id = fields.Many2one(
        'amlaj.rating.release', string="Opened by the figures", ondelete='restrict', copy=False, index='btree_not_null')
    cell_key = fields.Char(copy=False, help="Which published cell it is about; one obstacle of a cell is open at a time.")
    state = fields.Selection([
        ('open', "To be taken up"),
        ('doing', "Under way"),
        ('done', "Done"),
        ('verified', "Verified"),
    ], required=True, default='open', index=True, copy=False)
    done_by_id = fields.Many2one('res.users', string="Done by", copy=False)
    done_at = fields.Datetime(string="Done on", copy=False)
    verified_by_id = fields.Many2one('res.users', string="Verified by", copy=False)
    verified_at = fields.Datetime(string="Verified on", copy=False)
    public_text = fields.Text(
        string="What your opinions changed", copy=False, help="For the public page: what was heard and what is better now.")
    published_on = fields.Date(string="Published on", copy=False, index='btree_not_null')

    _one_for_a_cell = models.UniqueIndex(
        "(cell_key) WHERE cell_key IS NOT NULL AND state IN ('open', 'doing')", "This obstacle is open already.")

    _guarded_fields = frozenset({
        'release_id', 'cell_key', 'state', 'done_by_id', 'done_at', 'verified_by_id', 'verified_at', 'published_on'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # no file stands behind it

    @api.depends('due_date', 'state')
    def _compute_is_late(self):
        today = self._today()
        for improvement in self:
            improvement.is_late = bool(
                improvement.due_date and improvement.due_date < today and improvement.state in OPEN_STATES)

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        late = Domain('due_date', '<', self._today()) & Domain('state', 'in', OPEN_STATES)
        return late if True in value else ~late

    def write(self, vals):
        if not self.env.su:
            if any(improvement.state == 'verified' for improvement in self) and vals.keys() - {'public_text'}:
                raise UserError(self.env._("What was verified stays as it is."))
            if 'public_text' in vals and any(improvement.published_on for improvement in self):
                raise UserError(self.env._("Please take it off the page before you change its text."))
        return super().write(vals)

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_start(self):
        """Take it in hand: cause, action, owner and day are named."""
        return self._do('start_improvement', {'state': 'doing'})

    def action_done(self):
        """Say that the action was carried out."""
        return self._do('finish_improvement', {'state': 'done', **self._stamp('done')})

    def action_verify(self):
        """Confirm that the obstacle is gone: by somebody else than its owner and than who said that it is done."""
        return self._do('verify_improvement', {'state': 'verified', **self._stamp('verified')})

    def action_reopen(self):
        """The obstacle is still there: back into its owner's hands."""
        return self._do('reopen_improvement', {'state': 'doing', 'done_by_id': False, 'done_at': False})

    def action_publish(self):
        """Publish what changed, on the page of opinions and to beneficiaries."""
        return self._do('publish_improvement', {'published_on': self._today()})

    def action_unpublish(self):
        """Take it off the page again."""
        return self._do('unpublish_improvement', {'published_on': False})

    def _filtered_actor(self, action):
        permitted = super()._filtered_actor(action)
        if self.env.su or action not in ('start_improvement', 'finish_improvement'):
            return permitted
        return permitted | self.filtered(lambda improvement: improvement.owner_id == self.env.user)

    def _actors(self):
        lead = Actors(frozenset({'quality', 'manager'}))
        return super()._actors() | dict.fromkeys((
            'start_improvement', 'finish_improvement', 'verify_improvement', 'reopen_improvement', 'publish_improvement',
            'unpublish_improvement'), lead)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {'start_improvement': ('open',), 'finish_improvement': ('doing',), 'verify_improvement': ('done',),
                  'reopen_improvement': ('done',), 'publish_improvement': ('verified',)}
        for improvement in self:
            mine = blockers[improvement.id]
            if improvement.state not in states.get(action, (improvement.state,)):
                mine.append(Blocker('state', self.env._("This is not the step that comes now.")))
            elif action == 'start_improvement' and not (
                    self._given(improvement.cause) and self._given(improvement.action) and improvement.owner_id
                    and improvement.due_date):
                mine.append(Blocker('whole', self.env._("Please enter the cause, the action, its owner and the day.")))
            elif action == 'verify_improvement' and self.env.user in improvement.owner_id | improvement.done_by_id:
                mine.append(Blocker('second', self.env._("Somebody else verifies it than who did it.")))
            elif action == 'publish_improvement' and not self._given(improvement.public_text):
                mine.append(Blocker('text', self.env._("Please write what changed, for beneficiaries to read.")))
            elif action == ('unpublish_improvement' if not improvement.published_on else 'publish_improvement') and (
                    action == 'unpublish_improvement' or improvement.published_on):
                mine.append(Blocker('state', self.env._("This was done already.")))
        return blockers

    # ------------------------------------------------------------
    # What the page shows
    # ------------------------------------------------------------

    @api.model
    def _told_changes(self, limit=20):
        """What the opinions of beneficiaries changed, newest first, as ``{'text', 'day'}``; public."""
        found_sudo = self.sudo().search_fetch(  # published for everybody
            [('published_on', '!=', False), ('state', '=', 'verified')], ['public_text', 'published_on'],
            order='published_on desc, id desc', limit=limit)
        return [{'text': change.public_text, 'day': change.published_on} for change in found_sudo]


class AmlajRatingRelease(models.Model):
    _inherit = 'amlaj.rating.release'

    def _published(self):
        self._open_improvements()
        return super()._published()

    def _open_improvements(self):
        """Open an obstacle for each low figure, once for a cell while one is open; none for an employee (superuser)."""
        Improvement = self.env['amlaj.improvement']
        low = self.env['amlaj.settings']._get('rating_low')
        due = fields.Date.add(self._today(), days=self.env['amlaj.settings']._get('improvement_days'))
        is_open = set(Improvement.search([
            ('cell_key', '!=', False), ('state', 'in', OPEN_STATES)]).mapped('cell_key'))
        lang = self.env.company.partner_id.lang or self.env.lang
        vals_list = []
        for row in self.with_context(lang=lang):
            low_axes = [name for name in ('procedure', 'conduct', 'impression')
                        if row[f'{name}_count'] and row[name] < low]
            key = f'{row.scope}-{row.dimension}-{(row.department_id or row.service_id or row.branch_id or row.channel_id).id}'
            if row.dimension == 'employee' or not low_axes or key in is_open:
                continue
            vals_list.append({
                'source': 'figures', 'release_id': row.id, 'cell_key': key, 'due_date': due,
                'service_id': row.service_id.id, 'department_id': row.department_id.id,
                'obstacle': row.env._(
                    "Low satisfaction in %(quarter)s: %(cell)s (%(axes)s)", quarter=row._quarter_text(row.quarter),
                    cell=row.cell, axes=row.env._(", ").join(
                        f'{row._fields[name]._description_string(row.env)}: {row[name]}' for name in low_axes))})
        Improvement.create(vals_list)
