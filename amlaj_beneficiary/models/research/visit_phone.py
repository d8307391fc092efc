import base64
import binascii
import math
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, LockError, UserError

from ...tools.files import check_upload, clean_image
from ...tools.text import clean_line
from ..registry.guarded import ASSOCIATION_TZ, GROUP
from .visit import VISITORS

MOST_AT_ONCE = 20
MOST_PHOTOS = 20
LONGEST_KEY = 64
LONGEST_TEXT = 4000
MOST_MILLISECONDS = 4_000_000_000_000
MEGABYTE = 1024 * 1024
PHOTO_SIDE = 1600  # pixels: a paper is still read
# degrees: the governorate and all around it; a position elsewhere is more likely a phone's mistake than a visit
SOUTH, NORTH, WEST, EAST = 23.0, 30.0, 34.0, 41.0


class AmlajVisit(models.Model):
    """What a phone takes along of a day of visits, and what it brings back (R16, R21; rule 8).

    It takes the file number, a first name, the village and the hour, and whether the visit fills a case study; nothing that
    is in the study. It brings each form once, by a key of its own: the same key is answered as the first time.
    """
    _inherit = 'amlaj.visit'

    @api.model
    def _is_visitor(self):
        """Whether this user visits at all."""
        return any(self.env.user.has_group(GROUP % role) for role in VISITORS)

    @api.model
    def _day_hours(self):
        """The first and the last second of the association's day, in UTC."""
        first = datetime.combine(self._today(), time.min, ZoneInfo(ASSOCIATION_TZ)).astimezone(timezone.utc)
        first = first.replace(tzinfo=None)
        return first, first + timedelta(days=1, seconds=-1)

    @api.model
    def _field_today(self):
        """The planned visits of this user today, in their order."""
        if not self._is_visitor():
            return self.browse()
        first, last = self._day_hours()
        return self.search([
            ('user_id', '=', self.env.uid), ('state', '=', 'planned'), ('planned_at', '>=', first),
            ('planned_at', '<=', last)], order='planned_at, id')

    @api.model
    def _field_take(self):
        """The day's visits for this user's phone, written in the access log.

        :return: list of ``{'id', 'number', 'name', 'place', 'at', 'study'}``
        """
        visits = self._field_today()
        if visits:
            visits._record_access('export', 'field')
        files_sudo = visits.sudo().beneficiary_id  # the visitor goes there; as much of the file as that needs
        studies_sudo = self.env['amlaj.case.study'].sudo().search([
            ('beneficiary_id', 'in', files_sudo.ids), ('state', '=', 'draft'), ('user_id', '=', self.env.uid)])
        return [visit._field_item(visit.sudo().beneficiary_id in studies_sudo.beneficiary_id)
                for visit in visits]

    def _field_item(self, has_study):
        file_sudo = self.sudo().beneficiary_id  # as in ``_field_take``
        paper = self.env['amlaj.paper']
        return {
            'id': self.id, 'number': file_sudo.file_number or '', 'name': paper._first_name(file_sudo),
            'place': file_sudo.locality_id.name or '', 'at': paper._show_time(self.planned_at), 'study': has_study}

    # ------------------------------------------------------------
    # What a phone sends
    # ------------------------------------------------------------

    @api.model
    def _field_receive(self, forms):
        """Record what a phone sends, each form once.

        :param forms: list of ``{'key', 'visit', 'at', 'state', 'reason', 'remarks', 'position', 'study'}``; ids are
            believed nowhere
        :return: list of ``{'key', 'state', 'text'}`` in the same order; ``state`` is ``done`` or ``failed`` as it was
            recorded, ``refused`` with the reason, or ``again`` where the phone sends it later
        :raise UserError: when this is no list of forms, or more than twenty
        """
        if not isinstance(forms, list) or len(forms) > MOST_AT_ONCE:
            raise UserError(self.env._("At most %(count)s visits can be sent at once.", count=MOST_AT_ONCE))
        return [self._receive_one(form) for form in forms]

    @api.model
    def _receive_one(self, form):
        key = form.get('key') if isinstance(form, dict) else None
        is_key = isinstance(key, str) and key == clean_line(key) and 0 < len(key) <= LONGEST_KEY
        at = form.get('at') if is_key else None
        if not is_key or type(at) is not int or not 0 <= at < MOST_MILLISECONDS or form.get('state') not in ('done', 'failed'):
            return {'key': key if isinstance(key, str) else None, 'state': 'refused',
                    'text': self.env._("This form cannot be read.")}
        known_sudo = self.sudo().search([('user_id', '=', self.env.uid), ('submission_key', '=', key)])  # his own alone
        if known_sudo:
            return {'key': key, 'state': known_sudo.state, 'text': ''}
        try:
            with self.env.cr.savepoint():
                visit = self._mine(form.get('visit'))
                visit._take_form(form, datetime.fromtimestamp(at // 1000, timezone.utc).replace(tzinfo=None))
                self.env.flush_all()
            return {'key': key, 'state': visit.state, 'text': ''}
        except psycopg2.errors.UniqueViolation as error:
            # the same form arrived twice at the same moment: the retry finds the first one's visit
            raise ConcurrencyError("submission_key") from error
        except UserError as error:
            state = 'again' if isinstance(error.__cause__, LockError) else 'refused'
            return {'key': key, 'state': state, 'text': str(error)}

    @api.model
    def _mine(self, visit_id):
        """The visit of this user with this id.

        :raise UserError: alike for a colleague's and for one that never was
        """
        visit = self._picked('amlaj.visit', visit_id)._filtered_access('read').filtered(
            lambda visit: visit.user_id == self.env.user)
        if not visit:
            raise UserError(self.env._("There is no such visit of yours."))
        return visit

    def _take_form(self, form, at):
        """Close the visit by its step, and put what was found where it belongs."""
        first = fields.Datetime.subtract(self.planned_at, days=1)
        vals = {
            'state': form['state'], 'submission_key': form['key'],
            # a phone's clock may be wrong: no visit was before its day, nor in the future
            'done_at': min(max(at, first), fields.Datetime.now()),
            'is_late': self._today() > self._local_day(self.planned_at)}
        if form['state'] == 'failed':
            vals['fail_reason'] = self._checked_reason(form.get('reason'))
        study_sudo = self._study_in_hand()
        self._finish(vals)
        if form['state'] == 'failed':
            return
        if isinstance(form.get('study'), dict) and form['study']:
            if not study_sudo:
                raise UserError(self.env._("The case study is not in your hands any more. Please tell your colleague."))
            study_sudo.with_env(self.env)._take_from_phone(form['study'])
        remarks = self._given(form.get('remarks'))[:LONGEST_TEXT]
        position = self._read_position(form.get('position'))
        if remarks or position:
            # the step was checked; what was seen opens with the study
            self.env['amlaj.visit.report'].sudo().create({'visit_id': self.id, 'remarks': remarks, **position})

    @api.model
    def _read_position(self, position):
        """Where the phone says it was, if its owner's host agreed; {} for anything else. Elsewhere is noted, not refused."""
        if not isinstance(position, dict) or position.get('consent') is not True:
            return {}
        values = [position.get(name) for name in ('lat', 'lon')]
        if any(type(value) not in (int, float) or not math.isfinite(value) for value in values):
            return {}
        lat, lon = values
        if abs(lat) > 90 or abs(lon) > 180:
            return {}
        return {'latitude': lat, 'longitude': lon, 'has_position': True,
                'is_far': not (SOUTH <= lat <= NORTH and WEST <= lon <= EAST)}

    # ------------------------------------------------------------
    # Photos
    # ------------------------------------------------------------

    @api.model
    def _field_photo(self, key, visit_id, kind, data):
        """Keep one photo of a visit of this user, once; its place, time and camera are taken off.

        :param data: the picture as base64 text
        :return: ``{'key', 'state', 'text'}``: ``kept`` or ``refused``
        """
        is_key = isinstance(key, str) and key == clean_line(key) and 0 < len(key) <= LONGEST_KEY
        if not is_key or kind not in ('goods', 'paper') or not isinstance(data, str):
            return {'key': key if isinstance(key, str) else None, 'state': 'refused',
                    'text': self.env._("This photo cannot be read.")}
        Photo_sudo = self.env['amlaj.visit.photo'].sudo()  # rows of the house, for a visit that is his
        if Photo_sudo.search_count([('user_id', '=', self.env.uid), ('submission_key', '=', key)]):
            return {'key': key, 'state': 'kept', 'text': ''}
        try:
            visit = self._mine(visit_id)
            visit._lock()
            if Photo_sudo.search_count([('visit_id', '=', visit.id)]) >= MOST_PHOTOS:
                raise UserError(self.env._("A visit has at most %(count)s photos.", count=MOST_PHOTOS))
            image = self._clean_photo(data)
        except UserError as error:
            state = 'again' if isinstance(error.__cause__, LockError) else 'refused'
            return {'key': key, 'state': state, 'text': str(error)}
        try:
            with self.env.cr.savepoint():
                Photo_sudo.create({'visit_id': visit.id, 'user_id': self.env.uid, 'submission_key': key, 'kind': kind,
                                   'image': base64.b64encode(image)})
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("submission_key") from error
        return {'key': key, 'state': 'kept', 'text': ''}

    @api.model
    def _clean_photo(self, data):
        """The picture without what its file says beside it.

        :raise UserError: for what is no picture, or too large a one
        """
        limit = self.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
        if len(data) > limit * 4 // 3 + 8:
            raise UserError(self.env._("This photo is too large: %(most)s MB at most.", most=limit // MEGABYTE))
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(self.env._("This photo cannot be read.")) from error
        __, mimetype = self._cleaned(check_upload, 'photo', raw, limit)
        if not mimetype.startswith('image/'):
            raise UserError(self.env._("This photo cannot be read."))
        return self._cleaned(clean_image, raw, PHOTO_SIDE)


class AmlajDistribution(models.Model):
    """``/field`` is one page for distribution days and for visits: a researcher has no lists, but visits."""
    _inherit = 'amlaj.distribution'

    @api.model
    def _is_field_user(self):
        return super()._is_field_user() or self.env['amlaj.visit']._is_visitor()

    @api.model
    def _has_lists(self):
        return self.has_access('read')

    @api.model
    def _field_days(self):
        return super()._field_days() if self._has_lists() else []

    @api.model
    def _field_list(self, day_id):
        if not self._has_lists():
            raise AccessError(self.env._("This list is not open, or you are not on its team."))
        return super()._field_list(day_id)

    @api.model
    def _field_send(self, entries, day_ids):
        if not self._has_lists():
            return {'answers': [], 'days': {}}
        return super()._field_send(entries, day_ids)
