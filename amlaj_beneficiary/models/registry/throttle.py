import logging
import time

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# the key of what is counted in total
ALL = 'all'
KEPT_SECONDS = 2 * 24 * 60 * 60


class AmlajThrottle(models.Model):
    """How often something was tried in a span of time: by one number, from one address, in total (rule 10).

    It makes whoever guesses wait; nobody is ever locked out. The counts are exact whatever the number of worker
    processes: each try is one row updated in a transaction of its own, which stays whatever becomes of the request.
    What is counted stands here as an HMAC alone, so that no number and no address can be read. Nobody reads the table.
    """
    _name = 'amlaj.throttle'
    _description = "Tries in a span of time"
    _log_access = False

    key = fields.Char(required=True)
    slot = fields.Integer(required=True, help="The span of time, counted from 1970.")
    tries = fields.Integer(required=True)
    ends_at = fields.Datetime(required=True, index=True)

    _once = models.UniqueIndex('(key, slot)')

    @api.model
    def _take(self, scope, *limits):
        """Count one try against ``limits``, one after the other, until one of them refuses it.

        What is refused counts against no limit behind it: so one address alone makes neither a number nor the whole world
        wait.

        :param scope: what is tried, for example ``follow``
        :param limits: tuples ``(key, tries, seconds)``: at most so many tries of one key in so many seconds; the narrowest
            first (an address, a number, all), and in one order for one scope, or two requests would wait for each other
        :return: 0 where it may go on, else the seconds to wait
        """
        now = time.time()
        with self.env.registry.cursor() as cr:  # apart: a refused request must not take its own count back
            for key, tries, seconds in limits:
                slot = int(now // seconds)
                cr.execute(SQL(
                    """INSERT INTO amlaj_throttle (key, slot, tries, ends_at)
                       VALUES (%s, %s, 1, to_timestamp(%s) AT TIME ZONE 'UTC')
                       ON CONFLICT (key, slot) DO UPDATE SET tries = amlaj_throttle.tries + 1
                       RETURNING tries""",
                    self._hashed(scope, key, seconds), slot, (slot + 1) * seconds))
                [(count,)] = cr.fetchall()
                if count > tries:
                    if key == ALL and count == tries + 1:
                        # somebody should look: a stranger with many addresses, or a day of very many people
                        _logger.warning("More than %d tries of “%s” in %d seconds.", tries, scope, seconds)
                    return round((slot + 1) * seconds - now) or 1
        return 0

    @api.model
    def _give_back(self, scope, *limits):
        """Take back the try that ``_take`` has just counted: what succeeded was no guess."""
        now = time.time()
        with self.env.registry.cursor() as cr:
            for key, _tries, seconds in limits:
                cr.execute(SQL(
                    "UPDATE amlaj_throttle SET tries = tries - 1 WHERE key = %s AND slot = %s AND tries > 0",
                    self._hashed(scope, key, seconds), int(now // seconds)))

    @api.model
    def _hashed(self, scope, key, seconds):
        return self.env['amlaj.secret']._hmac('throttle', scope, key, seconds)

    @api.autovacuum
    def _gc_throttle(self):
        self.env.cr.execute(SQL(
            "DELETE FROM amlaj_throttle WHERE ends_at < (now() AT TIME ZONE 'UTC') - %s * interval '1 second'",
            KEPT_SECONDS))
