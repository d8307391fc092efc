from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.fields import Domain

from ...tools.text import clean_line
from ..registry.guarded import ASSOCIATION_TZ
from ..registry.mandate import ADULT_AGE

# what a phone sends at once: more comes in further batches, so that one lost answer costs little
MOST_AT_ONCE = 50
LONGEST_KEY = 64
# so many days after its day a list still takes what a phone brings; later, the delivery is recorded by hand
LATE_DAYS = 7
MOST_MILLISECONDS = 4_000_000_000_000


class AmlajDistributionEntry(models.Model):
    """What a phone brought back from a distribution day: one row for each hand-over that a volunteer recorded, once, with
    the phone's own time (R64, R68; rule 8).

    ``submission_key`` is made by the phone; the same key of the same user is the same entry, however often it arrives, and
    is answered as the first time. What did not lead to a delivery stays here for the day's lead: somebody had delivered
    already, or the delivery was refused with a reason. Nobody writes entries but the day itself.
    """
    _name = 'amlaj.distribution.entry'
    _description = "Entry of a phone"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'submission_key'

    distribution_id = fields.Many2one('amlaj.distribution', required=True, index=True, ondelete='cascade')
    delivery_id = fields.Many2one('amlaj.delivery', index='btree_not_null', ondelete='restrict')
    request_id = fields.Many2one(related='delivery_id.request_id')
    user_id = fields.Many2one('res.users', string="By", required=True, ondelete='restrict')
    submission_key = fields.Char(required=True)
    at = fields.Datetime(string="Time of the phone", required=True)
    received_at = fields.Datetime(string="Arrived on", required=True)
    is_late = fields.Boolean(string="Late", help="It arrived after the day, or after the list was closed.")
    mandate_id = fields.Many2one('amlaj.mandate', string="By mandate", ondelete='set null')
    state = fields.Selection([
        ('delivered', "Delivered"),
        ('already', "Delivered before"),
        ('refused', "Not recorded"),
    ], required=True)
    note = fields.Char(string="What was answered")

    _once = models.UniqueIndex('(user_id, submission_key)', "This entry was received already.")

    _guarded_fields = frozenset({
        'distribution_id', 'delivery_id', 'user_id', 'submission_key', 'at', 'received_at', 'is_late', 'mandate_id', 'state',
        'note'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # rows of the day; whose delivery it was is asked where it is delivered

    # ------------------------------------------------------------
    # What a phone sends
    # ------------------------------------------------------------

    @api.model
    def _receive(self, entries):
        """Record what a phone sends, each entry once.

        :param entries: list of ``{'key', 'day', 'delivery', 'mandate', 'at'}``: a text made by the phone, ids, and
            milliseconds since 1970 by the phone's clock; ids are believed nowhere
        :return: a list of ``{'key', 'state', 'text'}`` in the same order; ``state`` is the entry's, or ``again`` where the
            phone keeps the entry and sends it later
        :raise UserError: when this is no list of entries, or more than fifty
        """
        if not isinstance(entries, list) or len(entries) > MOST_AT_ONCE:
            raise UserError(self.env._("At most %(count)s entries can be sent at once.", count=MOST_AT_ONCE))
        given = [self._read_entry(entry) for entry in entries]
        keys = [entry['submission_key'] for entry in given if entry]
        known = {entry.submission_key: entry._answer() for entry in self.sudo().search([  # his own entries alone
            ('user_id', '=', self.env.uid), ('submission_key', 'in', keys)])}
        days = self.env['amlaj.distribution']._of_team([entry['distribution_id'] for entry in given if entry])
        lists = {day.id: day._listed({entry['delivery_id'] for entry in given if entry}) for day in days}
        answers = []
        for entry, sent in zip(given, entries, strict=True):
            if entry and entry['submission_key'] not in known:
                day = days.filtered(lambda day, entry=entry: day.id == entry['distribution_id'])
                known[entry['submission_key']] = self._receive_one(day, lists.get(day.id), entry)
            answers.append(known[entry['submission_key']] if entry else {
                'key': sent.get('key') if isinstance(sent, dict) else None, 'state': 'refused',
                'text': self.env._("This entry cannot be read.")})
        return answers

    @api.model
    def _read_entry(self, entry):
        """The entry as values, or None where it is none: whoever is logged in can send anything."""
        if not isinstance(entry, dict):
            return None
        key, at, mandate = entry.get('key'), entry.get('at'), entry.get('mandate')
        is_key = isinstance(key, str) and key == clean_line(key) and 0 < len(key) <= LONGEST_KEY
        numbers = [entry.get('day'), entry.get('delivery'), at, *([mandate] if mandate else [])]
        if not is_key or any(type(number) is not int or not 0 <= number < MOST_MILLISECONDS for number in numbers):
            return None
        return {
            'submission_key': key, 'distribution_id': entry['day'], 'delivery_id': entry['delivery'],
            'mandate_id': mandate or False,
            'at': datetime.fromtimestamp(at // 1000, timezone.utc).replace(tzinfo=None)}

    @api.model
    def _receive_one(self, day, deliveries, vals):
        if not day:
            return {'key': vals['submission_key'], 'state': 'refused', 'text': self.env._("This list is not yours.")}
        delivery = deliveries.filtered(lambda delivery: delivery.id == vals['delivery_id'])
        mandate_id = vals['mandate_id']
        vals = {**vals, 'delivery_id': delivery.id, 'mandate_id': False, 'user_id': self.env.uid,
                'received_at': fields.Datetime.now(), 'is_late': day._is_over()}
        try:
            with self.env.cr.savepoint():
                state, note = self._deliver(day, delivery, mandate_id, vals['at'])
                if state == 'delivered':
                    vals['mandate_id'] = mandate_id  # the step found it good
                return self._keep(vals, state, note)
        except UserError as error:
            if isinstance(error.__cause__, LockError):
                return {'key': vals['submission_key'], 'state': 'again', 'text': str(error)}
            return self._keep(dict(vals, mandate_id=False), 'refused', str(error))

    @api.model
    def _keep(self, vals, state, note):
        """Keep the entry as a row, and return what the phone is answered."""
        try:
            entry_sudo = self.sudo().create({**vals, 'state': state, 'note': note})  # rows of the house
        except psycopg2.errors.UniqueViolation as error:
            # the same batch arrived twice at the same moment: the retry finds the first one's entries
            raise ConcurrencyError("submission_key") from error
        return entry_sudo._answer()

    @api.model
    def _deliver(self, day, delivery, mandate_id, at):
        """Deliver by the delivery's own step, as this user; return the entry's state and what is answered.

        :raise UserError: saying why not
        """
        day._check_takes(delivery)
        if delivery.state == 'delivered':
            return 'already', delivery._delivered_text()
        if delivery.state == 'failed':
            raise UserError(self.env._("It was recorded meanwhile that this delivery failed."))
        if delivery.distribution_id and delivery.distribution_id != day:
            raise UserError(self.env._(
                "This delivery is on list %(number)s now.", number=delivery.distribution_id.sudo().name))
        was_left = day.sudo().state == 'closed' and not delivery.distribution_id
        delivery.action_deliver(
            delivery._receiver(mandate_id), 'paper', mandate_id=mandate_id or None, second_name=day._second_name(delivery))
        delivery.sudo().write({  # the step was done just above; its time is that of the phone
            'distribution_id': day.id, 'delivered_at': day._within(at)})
        if was_left:
            day.sudo().left_at_close -= 1  # it arrived late, but it was delivered on the day
        return 'delivered', False

    def _answer(self):
        self.ensure_one()
        return {'key': self.submission_key, 'state': self.state, 'text': self.note or ''}


class AmlajDistribution(models.Model):
    """What the day itself knows about entries: who may send them, until when, with which time."""
    _inherit = 'amlaj.distribution'

    @api.model
    def _of_team(self, ids):
        """Those of the days ``ids`` on whose team this user is."""
        return self.search([
            ('id', 'in', [id_ for id_ in set(ids) if 0 < id_ < 2 ** 31]),
            '|', ('team_ids', 'in', self.env.uid), ('lead_id', '=', self.env.uid)])

    def _listed(self, ids):
        """Those of the deliveries ``ids`` that are, or were, on this day's list and that the user may see."""
        self.ensure_one()
        return self.env['amlaj.delivery'].search([
            ('id', 'in', [id_ for id_ in ids if 0 < id_ < 2 ** 31]),
            '|', ('distribution_id', '=', self.id), ('last_distribution_id', '=', self.id)])

    def _hours(self):
        """The first and the last second of the day, in UTC."""
        zone = ZoneInfo(ASSOCIATION_TZ)
        first = datetime.combine(self.date, time.min, zone).astimezone(timezone.utc).replace(tzinfo=None)
        return first, first + timedelta(days=1, seconds=-1)

    def _within(self, at):
        """The phone's time within the day: a clock may be wrong, a delivery was on no other day, nor in the future."""
        first, last = self._hours()
        return min(max(at, first), last, fields.Datetime.now())

    def _is_over(self):
        return self.state == 'closed' or self._today() > self.date

    def _check_takes(self, delivery):
        """:raise UserError: when this day's list takes no entry for ``delivery`` (empty: not on the list)"""
        if not delivery:
            raise UserError(self.env._("This delivery is not on the list of this day."))
        if self.state == 'planned':
            raise UserError(self.env._("This list is not open."))
        if self._today() < self.date:
            raise UserError(self.env._("The day of this list has not come."))
        if self._today() > self.date + timedelta(days=LATE_DAYS):
            raise UserError(self.env._(
                "This arrived more than %(count)s days after the day: please record the delivery by hand.", count=LATE_DAYS))

    def _second_name(self, delivery):
        """The day's lead, where a second person has to be named and this user is not the lead himself; else nobody."""
        request_sudo = delivery.sudo().request_id  # who did what before is the house's rule
        is_both = self.env.user in request_sudo.entered_by_id | request_sudo.verified_by_id
        is_money = delivery.amount and request_sudo.service_id.kind == 'cash'
        return self.lead_id.sudo().name if (is_both or is_money) and self.lead_id != self.env.user else None


class AmlajDelivery(models.Model):
    _inherit = 'amlaj.delivery'

    def _authorised(self):
        """Who may receive in the beneficiary's place, in superuser mode; the caller checked the delivery."""
        Mandate = self.env['amlaj.mandate'].sudo()
        return Mandate.search(
            Mandate._valid_domain() & Domain('may_receive', '=', True) & Domain('capacity', '!=', 'self')
            & Domain('beneficiary_id', 'in', self.sudo().beneficiary_id.ids), order='id')

    def _receiver(self, mandate_id):
        """The name of who received: the beneficiary, or the holder of the mandate.

        :raise UserError: when neither the mandate is good nor the beneficiary may receive himself
        """
        if mandate_id:
            # whether there is such a mandate, valid and for this file, the step says
            return self._picked('amlaj.mandate', mandate_id).sudo().person_name or '-'
        file_sudo = self.sudo().beneficiary_id  # the step itself asks whether this user may deliver
        if file_sudo._is_received_for() and self._authorised():
            raise UserError(self.env._("Somebody authorised receives for this file: please say who."))
        return file_sudo.name

    def _delivered_text(self):
        return self.env._(
            "This was delivered already, on %(date)s at %(time)s, by %(name)s.",
            date=self._local_day(self.delivered_at).strftime('%d/%m/%Y'),
            time=self.env['amlaj.paper']._show_time(self.delivered_at), name=self.delivered_by_id.sudo().name)


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    def _is_received_for(self):
        """Whether somebody authorised, where there is one, receives and not the beneficiary: an organisation, a child."""
        age = self._age()
        return self.kind == 'organisation' or (age is not None and age < ADULT_AGE)
