from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Command, Domain

from ..registry.guarded import GROUP, Actors, AddedFields, Blocker
from .ticket import OPEN_STATES, PLAIN_KINDS
from .ticket_steps import RECEIVERS

BOARD = GROUP % 'board'
# about whom somebody complains who knows no name, and which role that is
ROLE_MEANT = {'manager': GROUP % 'manager', 'quality': GROUP % 'quality'}


class AmlajTicket(models.Model):
    """The confidential lane (R31, A27): a complaint is seen by the quality officer and managers, never by the person or
    the unit that it is about; one about the executive director by the chair of the board alone.

    Who is barred stands in ``barred_user_ids``, and one global rule hides the row from them at every door: lists, counts,
    groups, search, files, exports. It only grows: who is moved to the unit afterwards is barred from then on, and who
    leaves it stays barred. Whoever had it in hand and is barred later loses it, see ``hr_bars.py``.
    """
    _inherit = 'amlaj.ticket'

    about_kind = fields.Selection([
        ('employee', "An employee"),
        ('unit', "An office or a unit"),
        ('manager', "The executive director"),
        ('quality', "The quality officer"),
    ], string="About whom", copy=False)
    about_text = fields.Char(string="Named as", copy=False, help="As the person wrote it.")
    about_user_id = fields.Many2one('res.users', string="About the employee", copy=False)
    about_department_id = fields.Many2one('hr.department', string="About the unit", index='btree_not_null', copy=False)
    lane = fields.Selection([
        ('desk', "Desk"),
        ('quality', "Confidential"),
        ('board', "Chair of the board"),
    ], string="Who handles it", required=True, default='desk', index=True, copy=False)
    barred_user_ids = fields.Many2many(
        'res.users', 'amlaj_ticket_barred_rel', 'ticket_id', 'user_id', copy=False, groups=NO_ACCESS)

    _about_a_complaint = models.Constraint(
        "CHECK(kind = 'complaint' OR (about_user_id IS NULL AND about_department_id IS NULL AND about_kind IS NULL))",
        "Only a complaint is about an employee or a unit.")

    _guarded_fields = AddedFields(
        'about_kind', 'about_text', 'about_user_id', 'about_department_id', 'lane', 'barred_user_ids')

    @api.model_create_multi
    def create(self, vals_list):
        """Make tickets; a complaint is in the confidential lane from its first moment."""
        if self.env.su:  # nobody else gets past the guard
            vals_list = [{**vals, 'lane': 'quality' if vals.get('kind') == 'complaint' else 'desk'} for vals in vals_list]
        tickets = super().create(vals_list)
        tickets.sudo()._settle_lane()  # who must not see it is the house's own rule
        return tickets

    def _settle_lane(self):
        """Bar whom each complaint is about, and give it to who may handle it (superuser)."""
        for ticket in self.filtered(lambda ticket: ticket.kind == 'complaint'):
            barred = ticket._meant()
            new = barred - ticket.barred_user_ids
            if new:
                ticket.barred_user_ids = [Command.link(user.id) for user in new]
            chair = ticket._chair_needed()
            vals = {}
            if chair:
                vals = {'lane': 'board', 'user_id': chair.id}
            elif ticket.lane != 'quality':
                vals = {'lane': 'quality', 'user_id': False}
            if vals.get('user_id', ticket.user_id.id) in ticket.barred_user_ids.ids:
                vals['user_id'] = False  # a colleague takes it
            if any(ticket._fields[name].convert_to_write(ticket[name], ticket) != value for name, value in vals.items()):
                ticket.write(vals)

    def _meant(self):
        """The users whom this complaint is about (superuser)."""
        self.ensure_one()
        users = self.about_user_id
        if role := not users and ROLE_MEANT.get(self.about_kind):
            users |= self.env.ref(role).all_user_ids
        return users | self.about_department_id._users_of_unit()

    def _chair_needed(self):
        """The chair of the board where nobody else may handle this complaint; else an empty record (superuser)."""
        self.ensure_one()
        managers, officers = (self.env.ref(ROLE_MEANT[kind]).all_user_ids for kind in ('manager', 'quality'))
        chair = self.env['amlaj.settings']._board_chair() - self.barred_user_ids
        is_about_director = self.about_user_id & managers or (not self.about_user_id and self.about_kind == 'manager')
        return chair if is_about_director or not (managers | officers) - self.barred_user_ids else chair.browse()

    @api.model
    def _bar_again(self):
        """Bar who has come to a unit that somebody complained about (superuser)."""
        self.search([('about_department_id', '!=', False)])._settle_lane()

    @api.model
    def _hand_to_board(self):
        """Give the chair of the board, who was named or has changed, what waits for him (superuser)."""
        chair = self.env['amlaj.settings']._board_chair()
        group = self.env.ref(BOARD)
        if group.user_ids != chair:
            group.user_ids = [Command.set(chair.ids)]
        waiting = self.search(Domain('kind', '=', 'complaint') & Domain('state', 'in', (*OPEN_STATES, 'answered')))
        if not chair:
            waiting.filtered(lambda ticket: ticket.lane == 'board').write({'lane': 'quality', 'user_id': False})
        waiting._settle_lane()

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_set_about(self, user_id=None, department_id=None):
        """Name the employee or the unit that a complaint is about; whoever is meant does not see it from now on.

        :raise UserError: where neither is named
        """
        self._check_actor('set_about')
        user, unit = self._picked('res.users', user_id), self._picked('hr.department', department_id)
        if not user and not unit:
            raise UserError(self.env._("Please choose the employee or the unit."))
        self._do('set_about', {
            'about_user_id': user.id, 'about_department_id': unit.id, 'about_kind': 'employee' if user else 'unit'})
        self.sudo()._settle_lane()  # the step was checked
        return True

    def action_set_kind(self, kind):
        """Say what this really is; what becomes a complaint leaves the desk for the confidential lane.

        :param kind: ``enquiry``, ``suggestion`` or ``complaint``
        """
        self._check_actor('set_kind')
        if kind not in (*PLAIN_KINDS, 'complaint'):
            raise UserError(self.env._("Please choose what the person tells us."))
        for ticket in self:
            received_on = ticket.received_on
            ticket._do('set_kind', {
                'kind': kind, 'due_date': self._answer_due(received_on, kind),
                **({'lane': 'quality', 'user_id': False, 'state': 'new'} if kind == 'complaint' else {})})
        self.sudo()._settle_lane()  # the step was checked
        return True

    def _actors(self):
        return super()._actors() | {
            'set_about': Actors(frozenset({'quality', 'manager', 'board'})), 'set_kind': Actors(RECEIVERS)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for ticket in self.sudo() if action in ('set_about', 'set_kind') else ():  # the actor is checked apart
            is_complaint = ticket.kind == 'complaint'
            if action == 'set_about' and not is_complaint:
                blockers[ticket.id].append(Blocker('state', self.env._("Only a complaint is about somebody.")))
            if action == 'set_kind' and (is_complaint or ticket.kind == 'objection' or ticket.state not in OPEN_STATES):
                blockers[ticket.id].append(Blocker('state', self.env._("%(number)s stays what it is.", number=ticket.name)))
        return blockers

    def _may_be_handled_by(self, user):
        """Whether ``user`` may answer this by its kind and lane (superuser); what he may read is asked apart."""
        self.ensure_one()
        if user in self.barred_user_ids:
            return False
        if self.lane == 'board':
            return user == self.user_id and user.has_group(BOARD)
        roles = ('relations', 'manager')
        if self.kind == 'complaint':
            roles = ('quality', 'manager')
        elif self.kind in PLAIN_KINDS:
            roles = ('relations', 'manager', 'representative')
        return any(user.has_group(GROUP % role) for role in roles)

    def _filtered_actor(self, action):
        found = super()._filtered_actor(action)
        if self.env.su:
            return found
        return found.filtered(lambda ticket: ticket.sudo()._may_be_handled_by(self.env.user))
