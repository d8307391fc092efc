from odoo import fields, models


class EventEvent(models.Model):
    """The events behind volunteering opportunities: Odoo counts their seats and keeps their calendar file.

    Who joins is for the association's own screens: rules hide these events, their slots and their registrations from
    everyone who works with Odoo's events.
    """
    _inherit = 'event.event'

    is_volunteering = fields.Boolean(string="Volunteering opportunity", copy=False, readonly=True)

    def _calendar_file(self, slot, uid, place, url):
        """Odoo's calendar file of this event with what it leaves out: the place, a name that stays the same when it is
        fetched again, and the page.

        :param slot: the shift's ``event.slot``, or an empty one
        :return: bytes; b'' where the server has no library for calendar files
        """
        content = self._get_ics_file(slot=slot).get(self.id)
        if not content:
            return b''
        # imported here: Odoo itself goes on without it
        import vobject
        calendar = vobject.readOne(content.decode())
        for name, value in (('uid', uid), ('location', place), ('url', url)):
            if value:
                getattr(calendar.vevent, name, None) and calendar.vevent.remove(getattr(calendar.vevent, name))
                calendar.vevent.add(name).value = value
        return calendar.serialize().encode()
