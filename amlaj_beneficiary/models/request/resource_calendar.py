import pytz

from odoo import api, models
from odoo.tools import ormcache

from ..registry.guarded import ASSOCIATION_TZ


class ResourceCalendar(models.Model):
    """The association's week and holidays, as every page that tells a date needs them: kept between requests."""
    _inherit = 'resource.calendar'

    @api.model
    @ormcache('calendar_id')
    def _amlaj_week(self, calendar_id):
        """``(working weekdays, closed spans on the association's clock)`` of a calendar."""
        calendar_sudo = self.sudo().browse(calendar_id)  # the week is no secret
        zone = pytz.timezone(ASSOCIATION_TZ)
        return (
            frozenset(int(line.dayofweek) for line in calendar_sudo.attendance_ids),
            tuple((pytz.utc.localize(leave.date_from).astimezone(zone), pytz.utc.localize(leave.date_to).astimezone(zone))
                  for leave in calendar_sudo.global_leave_ids))


class ResourceCalendarAttendance(models.Model):
    _inherit = 'resource.calendar.attendance'

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()  # the week that is kept
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class ResourceCalendarLeaves(models.Model):
    _inherit = 'resource.calendar.leaves'

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()  # the holidays that are kept
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
