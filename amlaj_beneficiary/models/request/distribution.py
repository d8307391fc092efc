from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..registry.guarded import GROUP, Actors, Blocker

# a day of three hundred is usual; what is above that many in one gathering is a filter that was forgotten
MOST_GATHERED = 1000
ORGANISERS = frozenset({'delivery', 'representative', 'manager'})


class AmlajDistribution(models.Model):
    """A distribution day: one place, one date, a team, and the planned deliveries that are handed over there (R64; domain.md
    10, form 12).

    Delivery officers make and run it, representatives for their own sub-office, the manager too; the auditor and the
    data-protection officer read it. A delivery is on one open list at most, since it has one ``distribution_id``; what goes
    to a bank account is on none. When the day is closed, what is left is free again for another list. Its name is a number
    and its sheet says no kind of help (rule 9).
    """
    _name = 'amlaj.distribution'
    _description = "Distribution day"
    _inherit = ['amlaj.guarded']
    _order = 'date desc, id desc'
    _log_name = 'name'

    name = fields.Char(string="List number", readonly=True, copy=False)
    date = fields.Date(required=True, default=lambda self: self._today(), index=True)
    branch_id = fields.Many2one(
        'amlaj.branch', string="Sub-office", index=True, ondelete='restrict', default=lambda self: self._own_branch(),
        help="Only this sub-office's deliveries are gathered; empty: those of all, by delivery officers alone.")
    locality_id = fields.Many2one('amlaj.locality', string="Village or district", ondelete='restrict')
    place = fields.Char(help="Where people come to, for example the hall of the school.")
    place_text = fields.Char(string="Where", compute='_compute_place_text')
    lead_id = fields.Many2one(
        'res.users', required=True, default=lambda self: self.env.user, ondelete='restrict',
        help="Is told what needs a look, and is the second name where a colleague recorded the request himself.")
    team_ids = fields.Many2many(
        'res.users', 'amlaj_distribution_team_rel', 'distribution_id', 'user_id',
        help="Who may take the list along: delivery officers, and representatives of this sub-office.")
    state = fields.Selection([
        ('planned', "Planned"),
        ('open', "Under way"),
        ('closed', "Closed"),
    ], required=True, default='planned', copy=False, index=True)
    delivery_ids = fields.One2many('amlaj.delivery', 'distribution_id', string="Deliveries", copy=False)
    entry_ids = fields.One2many('amlaj.distribution.entry', 'distribution_id', string="Entries of the phones", copy=False)
    conflict_ids = fields.One2many(
        'amlaj.distribution.entry', 'distribution_id', string="Entries to look at", domain=[('state', '!=', 'delivered')])
    opened_by_id = fields.Many2one('res.users', string="Opened by", copy=False)
    opened_at = fields.Datetime(string="Opened on", copy=False)
    closed_by_id = fields.Many2one('res.users', string="Closed by", copy=False)
    closed_at = fields.Datetime(string="Closed on", copy=False)
    left_at_close = fields.Integer(string="Left at the closing", copy=False)
    total_count = fields.Integer(string="On the list", compute='_compute_counts')
    delivered_count = fields.Integer(string="Delivered", compute='_compute_counts')
    left_count = fields.Integer(string="Left", compute='_compute_counts')
    conflict_count = fields.Integer(string="Number to look at", compute='_compute_counts')

    _number_unique = models.UniqueIndex('(name)', "This list number is taken.")

    _guarded_fields = frozenset({
        'name', 'state', 'entry_ids', 'conflict_ids', 'opened_by_id', 'opened_at', 'closed_by_id', 'closed_at', 'left_at_close'})
    # what the gathered list, and who may see it, hang on
    _fixed_fields = frozenset({'date', 'branch_id'})

    @api.depends('place', 'locality_id')
    def _compute_place_text(self):
        for day in self:
            day.place_text = ' · '.join(filter(None, (day.locality_id.name, day.place)))

    @api.depends('delivery_ids.state', 'entry_ids.state', 'left_at_close')
    def _compute_counts(self):
        # whoever sees the day sees its numbers
        deliveries = dict(self._counted('amlaj.delivery', 'state'))
        entries = dict(self._counted('amlaj.distribution.entry', 'state'))
        for day in self:
            left = deliveries.get((day.id, 'planned'), 0)
            day.delivered_count = deliveries.get((day.id, 'delivered'), 0)
            day.left_count = day.left_at_close if day.state == 'closed' else left
            day.total_count = day.delivered_count + deliveries.get((day.id, 'failed'), 0) + day.left_count
            day.conflict_count = sum(entries.get((day.id, state), 0) for state in ('already', 'refused'))

    def _counted(self, model, field):
        rows = self.env[model].sudo()._read_group(
            [('distribution_id', 'in', self.ids)], ['distribution_id', field], ['__count'])
        return [((day.id, value), count) for day, value, count in rows]

    @api.constrains('team_ids', 'lead_id', 'branch_id')
    def _check_team(self):
        for day in self:
            for user in day._team():
                is_representative = user.has_group(GROUP % 'representative') and user in day.branch_id.representative_ids
                if not user.has_group(GROUP % 'delivery') and not is_representative and user != day.lead_id:
                    raise ValidationError(self.env._(
                        "%(name)s can be on this team only as a delivery officer, or as a representative of its sub-office.",
                        name=user.name))

    @api.model
    def _own_branch(self):
        """The sub-office of a representative; a delivery officer chooses one, or all."""
        if self.env.user.has_group(GROUP % 'delivery'):
            return self.env['amlaj.branch']
        return self.env['amlaj.branch'].search([('representative_ids', 'in', self.env.uid)], limit=1)

    def _team(self):
        return self.team_ids | self.lead_id

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        for day in days.sudo():  # the number is the house's own
            day.name = day.name or self.env['ir.sequence'].next_by_code('amlaj.distribution', sequence_date=day.date)
        return days

    def write(self, vals):
        if not self.env.su:
            self._check_change(vals)
        result = super().write(vals)
        if not self.env.su and 'branch_id' in vals:
            self.check_access('write')  # nobody moves a day out of his own sight
        return result

    def _check_change(self, vals):
        self.check_access('write')
        if any(day.state == 'closed' for day in self):
            raise UserError(self.env._("The day is closed: nothing in it changes any more."))
        if self._fixed_fields & vals.keys() and any(day.state != 'planned' or day.sudo().delivery_ids for day in self):
            raise UserError(self.env._("Date and sub-office are fixed once deliveries are on the list."))

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_gather(self, service_id=None, locality_id=None, planned_from=None, planned_to=None):
        """Put planned deliveries on the list: of requests in delivery, not to the bank, on no other list.

        :param service_id: of this service alone
        :param locality_id: of people of this village or district alone
        :param planned_from: planned on this day or later
        :param planned_to: planned on this day or earlier; by default the day itself, so that a later month's help stays
            where it is. What has no day of its own is gathered where neither is given.
        :return: how many were put on the list
        """
        self.ensure_one()
        self._do('gather')
        domain = self._gather_domain(service_id, locality_id, self._given_day(planned_from), self._given_day(planned_to))
        found = self.env['amlaj.delivery'].search(domain, limit=MOST_GATHERED)
        # who is being worked on elsewhere at this moment, or was put on another list meanwhile, stays where it is
        free_sudo = found.sudo().try_lock_for_update(allow_referencing=True)
        free_sudo.invalidate_recordset(['distribution_id', 'state'])
        free_sudo = free_sudo.filtered(lambda delivery: delivery.state == 'planned' and not delivery.distribution_id)
        free_sudo.write({'distribution_id': self.id})
        return len(free_sudo)

    def _gather_domain(self, service_id, locality_id, planned_from, planned_to):
        domain = (Domain('state', '=', 'planned') & Domain('place', '!=', 'bank') & Domain('distribution_id', '=', False)
                  & Domain('request_id.state', '=', 'delivery'))
        if self.branch_id:
            domain &= Domain('request_id.branch_id', '=', self.branch_id.id)
        if service := self._picked('amlaj.service', service_id):
            domain &= Domain('request_id.service_id', '=', service.id)
        if locality := self._picked('amlaj.locality', locality_id):
            domain &= Domain('beneficiary_id.locality_id', '=', locality.id)
        planned = Domain('planned_on', '<=', planned_to or max(self.date, planned_from or self.date))
        if planned_from:
            planned &= Domain('planned_on', '>=', planned_from)
        elif not planned_to:
            planned |= Domain('planned_on', '=', False)
        return domain & planned

    def action_take_off(self, delivery_ids):
        """Take planned deliveries off the list again; they are free for another one.

        :param delivery_ids: ids of deliveries of this day; others, and what was delivered, are left as they are
        """
        self.ensure_one()
        self._do('take_off')
        ids = delivery_ids if isinstance(delivery_ids, list | tuple) else []
        wanted = {id_ for id_ in ids if type(id_) is int}  # True is no id
        self._release(self.sudo().delivery_ids.filtered(lambda delivery: delivery.id in wanted))
        return True

    def _release(self, deliveries_sudo):
        """Free what is still planned among ``deliveries_sudo``; return how many these were."""
        left_sudo = deliveries_sudo.filtered(lambda delivery: delivery.state == 'planned')
        left_sudo.write({'distribution_id': False, 'last_distribution_id': self.id})
        return len(left_sudo)

    def action_open(self):
        """Open the day: its team may take the list along."""
        self._do('open', {'state': 'open', **self._stamp('opened')})
        return True

    def action_close(self):
        """Close the day: what is left is planned as before, on no list, and is counted."""
        self._do('close')
        for day in self.sudo():  # the actor and the blockers were asked just above
            left = day._release(day.delivery_ids)
            day.write({'state': 'closed', 'left_at_close': left, **self._stamp('closed')})
        return True

    def action_print_sheet(self):
        """Print the sheet on which people sign: number, first name, a box for the signature."""
        self.ensure_one()
        return self.env.ref('amlaj_beneficiary.report_distribution').report_action(self, config=False)

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _file(self):
        return self.env['amlaj.beneficiary']  # of no single file; each delivery asks for its own

    def _actors(self):
        return super()._actors() | dict.fromkeys(('gather', 'take_off', 'open', 'close'), Actors(ORGANISERS))

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {'gather': ('planned', 'open'), 'take_off': ('planned', 'open'), 'open': ('planned',),
                  'close': ('planned', 'open')}
        if action not in states:
            return blockers
        for day in self.sudo():  # the actor is checked apart
            mine = blockers[day.id]
            if day.state not in states[action]:
                mine.append(Blocker('state', self.env._("This is not possible any more, or not yet, on this day's list.")))
            if action == 'open' and not day.delivery_ids:
                mine.append(Blocker('empty', self.env._("The list is empty: please gather deliveries first.")))
            if action == 'open' and not day.team_ids:
                mine.append(Blocker('team', self.env._("Please name the team.")))
        return blockers
