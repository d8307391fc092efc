from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import Actors, Blocker
from .opportunity import OPEN_STATES

COORDINATOR = Actors(frozenset({'volunteer_coordinator'}))
LONGEST = 300
# what those who have a seat are told when it changes
TOLD_FIELDS = frozenset({'date_begin', 'date_end', 'place', 'locality_id'})


class AmlajVolunteerOpportunity(models.Model):
    """The steps: open, carried out, cancelled; and who has a seat is told of a change (R42)."""
    _inherit = 'amlaj.volunteer.opportunity'

    def write(self, vals):
        told_sudo = self.sudo()  # who has a seat is told whoever changed it; the write itself is checked below
        before = told_sudo._told_seats() if TOLD_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if before:
            told_sudo._tell_change(before)
        if 'seats' in vals:
            for opportunity_sudo in told_sudo:
                opportunity_sudo._take_turn()
                opportunity_sudo._fill_seats()
        return result

    def _told_seats(self):
        """What each who has a seat still to come was told: ``{participation: (from, to, place)}`` (superuser)."""
        seated = self.env['amlaj.volunteer.participation'].search(
            Domain('opportunity_id', 'in', self.ids) & Domain('seat', '=', 'taken')
            & Domain('ends_at', '>', fields.Datetime.now()) & Domain('opportunity_id.state', 'in', OPEN_STATES))
        return {deed: deed._told_facts() for deed in seated}

    def _tell_change(self, before):
        """Tell who has a seat that time or place changed; then they are reminded anew (superuser)."""
        changed = self.env['amlaj.volunteer.participation'].union(
            *(deed for deed, facts in before.items() if deed._told_facts() != facts))
        changed.write({'reminded_day_at': False, 'reminded_hours_at': False})
        changed._tell('change')

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_open(self):
        """Open it: it stands on the website, and volunteers join."""
        self._do('open', {'state': 'open'})
        return True

    def action_finish(self):
        """Note that it was carried out; what was achieved is entered beside it."""
        return self._do('finish', {'state': 'done'})

    def action_cancel(self, reason):
        """Cancel it; whoever has a seat or waits is told.

        :param reason: why, for the association
        """
        self._check_actor('cancel')
        reason = self._given(reason)[:LONGEST]
        if not reason:
            raise UserError(self.env._("Please write why it is cancelled."))
        for opportunity in self:
            opportunity_sudo = opportunity.sudo()  # the actor was checked just above
            opportunity_sudo._take_turn()
            opportunity._do('cancel', {'state': 'cancelled', 'cancel_reason': reason})
            told = opportunity_sudo.participation_ids.filtered(
                lambda participation: participation.seat in ('taken', 'waiting') and participation.state == 'registered')
            told._tell('cancelled')
            told.write({'seat': 'given_up'})
        return True

    # ------------------------------------------------------------
    # Who and when
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | dict.fromkeys(('open', 'finish', 'cancel'), COORDINATOR)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {'open': ('draft',), 'finish': OPEN_STATES, 'cancel': ('draft', *OPEN_STATES), 'join_for': OPEN_STATES}
        now = fields.Datetime.now()
        for opportunity in self.sudo() if action in states else ():  # the actor is checked apart
            mine = blockers[opportunity.id]
            if opportunity.state not in states[action]:
                mine.append(Blocker('state', self.env._("The state of this opportunity does not allow this.")))
            elif action == 'open' and opportunity.date_end <= now:
                mine.append(Blocker('past', self.env._("It is over already: please check the times.")))
            elif action == 'open' and opportunity.kind == 'field' and not opportunity.risk_note:
                mine.append(Blocker('risk', self.env._(
                    "Please write the risks and precautions first: it is in the field.")))
            elif action == 'finish' and opportunity.date_begin > now:
                mine.append(Blocker('early', self.env._("It has not begun yet.")))
        return blockers
