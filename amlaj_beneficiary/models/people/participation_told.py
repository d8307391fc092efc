from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import hijri
from .opportunity import OPEN_STATES, lang_of

PAGE = '/my/volunteering'
DAY_BEFORE, HOURS_BEFORE = timedelta(hours=24), timedelta(hours=2)
AT_ONCE = 200


class AmlajVolunteerParticipation(models.Model):
    """What a volunteer is told, through the one outbox: a seat became free, time or place changed, it does not take place,
    and twice a reminder (R42). A message says when, and where to read the rest; never what is done or for whom.
    """
    _inherit = 'amlaj.volunteer.participation'

    def _tell(self, kind):
        """Queue one message of ``kind`` for each (superuser; the caller's step was checked)."""
        Messages = self.env['amlaj.message']
        # place and shift changed at once: one message
        said = {(message.volunteer_id.id, message.phone, message.body) for message in Messages.search([
            ('volunteer_id', 'in', self.volunteer_id.ids), ('create_date', '=', self.env.cr.now())])
        } if kind == 'change' else ()
        vals_list = []
        for told in self.with_context(lang=self._told_lang()):
            body = told._told_text(kind)
            vals_list += [
                {'body': body, **who} for who in told.volunteer_id._told_recipients()
                if (who['volunteer_id'], who['phone'], body) not in said]
        return Messages._prepare_volunteer_messages(vals_list)

    def _told_facts(self):
        """When and where, as the volunteer was told (superuser)."""
        self.ensure_one()
        return self.starts_at, self.ends_at, self.opportunity_id.place, self.opportunity_id.locality_id.id

    @api.model
    def _told_lang(self):
        """Arabic where it is installed: what the outbox writes is for the people of the place."""
        return 'ar_001' if self.env['res.lang']._get_data(code='ar_001') else self.env.lang

    def _told_text(self, kind):
        when = self._told_when()
        url = self.get_base_url() + PAGE
        return {
            'seat': lambda: self.env._(
                "A seat became free for you: %(when)s. If you cannot come, please give it back here: %(url)s",
                when=when, url=url),
            'change': lambda: self.env._(
                "Time or place of your volunteering appointment changed. It is now: %(when)s. Details: %(url)s",
                when=when, url=url),
            'cancelled': lambda: self.env._(
                "We are sorry: your volunteering appointment of %(when)s does not take place. Others: %(url)s",
                when=when, url=url),
            'reminder': lambda: self.env._(
                "We remind you of your volunteering appointment: %(when)s. Details: %(url)s", when=when, url=url),
        }[kind]()

    def _told_when(self):
        """Day and hour as people say them; of what lasts longer, the two days."""
        Paper, lang = self.env['amlaj.paper'], lang_of(self.env)
        first, last = self._local_day(self.starts_at), self._local_day(self.ends_at)
        if self.opportunity_id.is_flexible:
            return self.env._("%(first)s to %(last)s", first=hijri.short_date(first, lang), last=hijri.short_date(last, lang))
        return self.env._(
            "%(day)s at %(time)s", day=hijri.full_date(first, lang), time=Paper._ltr(Paper._show_time(self.starts_at)))

    # ------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Remind who has a seat a day before and two hours before; in batches, each seat once for each."""
        for stamp, before, until in (
            ('reminded_hours_at', HOURS_BEFORE, timedelta()), ('reminded_day_at', DAY_BEFORE, HOURS_BEFORE),
        ):
            due = self.search(self._due_domain(stamp, before, until), order='starts_at, id')
            for start in range(0, len(due), AT_ONCE):
                batch = due[start:start + AT_ONCE].try_lock_for_update()
                batch.write({stamp: fields.Datetime.now()})
                batch._tell('reminder')
                if not self.env['ir.cron']._commit_progress(len(batch), remaining=max(len(due) - start - AT_ONCE, 0)):
                    return

    @api.model
    def _due_domain(self, stamp, before, until):
        """Seats of what begins within ``before`` and not within ``until``, not reminded yet, and not joined later than
        the reminder would have come."""
        now = fields.Datetime.now()
        domain = (
            Domain('seat', '=', 'taken') & Domain(stamp, '=', False) & Domain('starts_at', '>', now + until)
            & Domain('starts_at', '<=', now + before) & Domain('opportunity_id.state', 'in', OPEN_STATES)
            & Domain('volunteer_id.state', '=', 'active'))
        if stamp == 'reminded_day_at':
            # who joined today knows it; he is reminded shortly before
            domain &= Domain('joined_at', '<=', now - HOURS_BEFORE)
        return domain
