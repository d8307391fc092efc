import uuid
from datetime import datetime, timezone

from freezegun import freeze_time

from odoo.fields import Command

from . import request_common

# ten in the morning of the association's clock
MORNING = '2026-04-01 07:00:00'
# all that one hand-over asks and writes: rights, locks, blockers, receipt, entry
QUERIES_OF_AN_ENTRY = 22


def milliseconds(text):
    """A phone's time from ``2026-04-01 07:30:00`` in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp() * 1000)


class DistributionBuilders(request_common.RequestBuilders):
    """Builders of distribution days: planned deliveries of several files, a day with its list, entries of a phone.

    The day is the first of April 2026, of ``self.branch``; its lead is the delivery officer, its team a second officer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user['delivery']
        cls.helper = cls.make_user('amlaj_helper', 'delivery')

    @classmethod
    def make_deliveries(cls, count=3, **vals):
        """Planned deliveries, each of a file of its own, in superuser mode."""
        return cls.env['amlaj.delivery'].union(*(
            cls.make_delivery(file=cls.make_file(name=f"Name{rank} Ali Saad Alharbi"), **vals).sudo()
            for rank in range(count)))

    @classmethod
    def make_day(cls, deliveries=None, state='open', user=None, **vals):
        """A day with these deliveries on its list, seen as the lead."""
        with freeze_time(MORNING):
            day = cls.env['amlaj.distribution'].with_user(user or cls.officer).create({
                'date': '2026-04-01', 'branch_id': cls.branch.id, 'place': "The school",
                'team_ids': [Command.set(cls.helper.ids)], **vals})
            if deliveries:
                deliveries.sudo().distribution_id = day
            if state != 'planned':
                day.action_open()
            if state == 'closed':
                day.action_close()
        return day

    @classmethod
    def entry(cls, day, delivery, at='2026-04-01 07:30:00', **vals):
        """One hand-over as a phone sends it."""
        return {'key': uuid.uuid4().hex, 'day': day.id, 'delivery': delivery.id, 'mandate': None, 'at': milliseconds(at), **vals}

    def send(self, *entries, user=None):
        """Send entries as ``user``; by default the helper of the team."""
        answers = self.env['amlaj.distribution.entry'].with_user(user or self.helper)._receive(list(entries))
        self.env.invalidate_all()
        return answers
