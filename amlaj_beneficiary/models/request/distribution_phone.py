from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import hijri
from ..registry.guarded import GROUP

TEAM_ROLES = ('delivery', 'representative')
LAST_DIGITS = 4
# a phone holds the lists of a few days
MOST_DAYS = 10


class AmlajDistribution(models.Model):
    """What a phone takes along from a distribution day (rule 8).

    As little as a hand-over needs: the request's number with the check digits that its papers' QR holds, the file number, a
    first name, the village, the names of who is authorised to receive, and the last four digits of the identity number.
    These four are kept as they are: a hash of four digits is undone by ten thousand tries, and would only look like
    protection. What protects is that the list is short-lived, that it holds no kind of help, no whole name or number, no
    phone and no address, and the phone's own lock. Of what is delivered already, nothing but the number goes along.
    """
    _inherit = 'amlaj.distribution'

    @api.model
    def _is_field_user(self):
        """Whether this user may be on a team at all."""
        return any(self.env.user.has_group(GROUP % role) for role in TEAM_ROLES)

    @api.model
    def _field_days(self):
        """The open days of this user's teams: of today, of tomorrow (the line may be at the office alone), of yesterday."""
        days = self.search([
            ('state', '=', 'open'), ('date', '>=', self._today() - timedelta(days=1)),
            ('date', '<=', self._today() + timedelta(days=1)),
            '|', ('team_ids', 'in', self.env.uid), ('lead_id', '=', self.env.uid)], order='date, id')
        return [day._field_head() for day in days]

    def _field_head(self):
        day_text = hijri.full_date(self.date, self.env.lang or 'en_US')
        return {
            'id': self.id, 'number': self.name, 'date': day_text, 'is_today': self.date == self._today(),
            'place': self.place_text or self.branch_id.sudo().name or self.env.company.name, 'left': self.left_count,
            'total': self.total_count}

    @api.model
    def _field_list(self, day_id):
        """The list of one day for the phone of this user.

        :return: ``{'day': ..., 'items': [...]}``
        :raise UserError: when there is no such open day of his
        """
        day = self._of_team([day_id] if type(day_id) is int else [])
        if not day or day.state != 'open':
            raise UserError(self.env._("This list is not open, or you are not on its team."))
        deliveries = self.env['amlaj.delivery'].search([('distribution_id', '=', day.id), ('state', '!=', 'failed')])
        day._record_access('export', 'field')
        return {'day': day._field_head(), 'items': day._field_items(deliveries)}

    def _field_items(self, deliveries):
        planned = deliveries.filtered(lambda delivery: delivery.state == 'planned')
        mine = planned._filtered_actor('deliver')
        blockers = mine._get_blockers('deliver')
        receivers = {}
        for mandate_sudo in planned._authorised():
            receivers.setdefault(mandate_sudo.beneficiary_id.id, []).append(
                {'id': mandate_sudo.id, 'name': mandate_sudo.person_name})
        items = []
        for delivery in deliveries:
            item = delivery._field_number()
            if delivery in planned:
                is_blocked = delivery not in mine or bool(blockers[delivery.id]) or self._lacks_second(delivery)
                item |= delivery._field_person(receivers, is_blocked)
            else:
                item['done'] = self.env['amlaj.paper']._show_time(delivery.delivered_at)
            items.append(item)
        return items

    def _lacks_second(self, delivery):
        """Whether this user is the lead and recorded or verified the request himself: a colleague delivers it."""
        request_sudo = delivery.sudo().request_id
        return self.lead_id == self.env.user and self.env.user in request_sudo.entered_by_id | request_sudo.verified_by_id

    @api.model
    def _field_state(self, day_ids):
        """Of the days that a phone holds: whether they are open, and what was delivered meanwhile, by number alone.

        :return: ``{day id: {'open': bool, 'done': {delivery id: hour}}}``; a day that is not his counts as closed
        """
        ids = [id_ for id_ in day_ids if type(id_) is int] if isinstance(day_ids, list) else []
        days = self._of_team(ids[:MOST_DAYS]).filtered(lambda day: day.state == 'open')
        delivered = self.env['amlaj.delivery'].search_fetch(
            [('distribution_id', 'in', days.ids), ('state', '=', 'delivered')], ['distribution_id', 'delivered_at'])
        state = {id_: {'open': id_ in days.ids, 'done': {}} for id_ in ids[:MOST_DAYS]}
        for delivery in delivered:
            state[delivery.distribution_id.id]['done'][delivery.id] = self.env['amlaj.paper']._show_time(delivery.delivered_at)
        return state

    @api.model
    def _field_send(self, entries, day_ids):
        """Take what a phone sends, and tell how its lists stand; see ``amlaj.distribution.entry``.

        :return: ``{'answers': [...], 'days': {...}}``
        """
        answers = self.env['amlaj.distribution.entry']._receive(entries)
        return {'answers': answers, 'days': self._field_state(day_ids)}


class AmlajDelivery(models.Model):
    _inherit = 'amlaj.delivery'

    def _field_number(self):
        number = self.request_id.name
        return {'id': self.id, 'number': number, 'done': '',
                'check': self.env['amlaj.paper']._check_digits('amlaj.request', number)}

    def _field_person(self, receivers, is_blocked):
        file_sudo = self.sudo().beneficiary_id  # the team may deliver to him; as much of the file as that needs
        others = receivers.get(file_sudo.id, [])
        return {
            'file': file_sudo.file_number or '', 'name': self.env['amlaj.paper']._first_name(file_sudo),
            'place': file_sudo.locality_id.name or '', 'digits': (file_sudo.identity_number or '')[-LAST_DIGITS:],
            'receivers': others, 'self': not (others and file_sudo._is_received_for()), 'blocked': is_blocked}
