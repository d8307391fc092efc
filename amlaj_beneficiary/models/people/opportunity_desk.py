from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import hours
from ..registry.guarded import GROUP
from .opportunity import OPEN_STATES, SUPERVISORS

AROUND = timedelta(days=30)
MOST_SHOWN = 50
MOST_ROWS = 500


class AmlajVolunteerOpportunity(models.Model):
    """The supervisor's phone page: who comes, who is there, and the hours to approve (R42)."""
    _inherit = 'amlaj.volunteer.opportunity'

    @api.model
    def _is_supervisor(self):
        """Whether the user can be in charge of volunteers at all."""
        return any(self.env.user.has_group(GROUP % role) for role in (*SUPERVISORS, 'manager'))

    @api.model
    def _my_desk(self):
        """The opportunities that the user supervises, from a month ago to a month ahead, for a page."""
        now = fields.Datetime.now()
        domain = (
            Domain('supervisor_id', '=', self.env.uid) & Domain('state', 'in', (*OPEN_STATES, 'done'))
            & Domain('date_begin', '<', now + AROUND) & Domain('date_end', '>', now - AROUND))
        found = self.search(domain, order='date_begin, id', limit=MOST_SHOWN)
        waiting = dict(self.env['amlaj.volunteer.hours']._read_group(
            [('opportunity_id', 'in', found.ids), ('state', '=', 'entered'), ('end_at', '!=', False)],
            ['opportunity_id'], ['__count']))
        return [{
            'id': opportunity.id, 'name': opportunity.name, 'when': opportunity._told_when(),
            'taken': opportunity.taken_count, 'waiting': waiting.get(opportunity, 0),
            'is_now': opportunity.date_begin - timedelta(hours=2) <= now <= opportunity.date_end + timedelta(hours=6),
        } for opportunity in found]

    def _desk(self):
        """One opportunity for its supervisor: its people and the hours to approve.

        :raise AccessError: for who may not read it
        """
        self.ensure_one()
        self.check_access('read')
        people = self.env['amlaj.volunteer.participation'].search(
            [('opportunity_id', '=', self.id), ('seat', 'in', ('taken', 'absent'))],
            order='starts_at, id', limit=MOST_ROWS)
        lines = self.env['amlaj.volunteer.hours'].search(
            [('opportunity_id', '=', self.id), ('state', '=', 'entered'), ('end_at', '!=', False)],
            order='start_at, id', limit=MOST_ROWS)
        may = {name: people._may(name) for name in ('check_in', 'check_out', 'attended', 'absent')}
        approvable = lines._may('approve_hours')
        return {
            'id': self.id, 'name': self.name, 'when': self._told_when(),
            'people': [deed._told_to_supervisor(may) for deed in people],
            'lines': [{**line._told_line(), 'name': line.sudo().volunteer_id.name, 'may': line in approvable}
                      for line in lines]}


class AmlajVolunteerDeed(models.AbstractModel):
    _inherit = 'amlaj.volunteer.deed'

    def _may(self, action):
        """Those on which the user may do ``action`` now."""
        permitted = self._filtered_actor(action)
        blockers = permitted._get_blockers(action)
        return permitted.filtered(lambda deed: not blockers[deed.id])


class AmlajVolunteerParticipation(models.Model):
    _inherit = 'amlaj.volunteer.participation'

    def _told_to_supervisor(self, may):
        """This participation as its supervisor reads it: the name, and what he can note now."""
        self.ensure_one()
        # the supervisor may read the participation, and has to know who stands before him
        volunteer_sudo, shift_sudo = self.sudo().volunteer_id, self.sudo().shift_id
        labels = dict(self._fields['seat']._description_selection(self.env))
        states = dict(self._fields['state']._description_selection(self.env))
        return {
            'id': self.id, 'name': volunteer_sudo.name, 'number': volunteer_sudo.number,
            'shift': self._told_when_long() if shift_sudo else '', 'is_in': self.is_checked_in,
            'state_text': self.env._("Is there now") if self.is_checked_in
            else states[self.state] if self.seat == 'taken' else labels[self.seat],
            'hours': hours.told_hours(self.hours, self.env.lang) if self.hours else '',
            **{f'may_{name}': self in allowed for name, allowed in may.items()}}

    def _told_scanned(self):
        """These as the supervisor sees them who scanned a square."""
        may = {name: self._may(name) for name in ('check_in', 'check_out', 'attended', 'absent')}
        return [{**deed._told_to_supervisor(may), 'opportunity_id': deed.opportunity_id.id,
                 'opportunity': deed.opportunity_id.name, 'when': deed._told_when_long()} for deed in self]
