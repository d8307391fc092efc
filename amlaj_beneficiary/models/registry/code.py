import secrets
from datetime import timedelta
from hmac import compare_digest

from odoo import api, fields, models

from ...tools.code import clean_code, code_of

KEPT_DAYS = 30


class AmlajCode(models.Model):
    """A code of ten digits that a person holds on paper or got by a message, for one purpose and one record (rule 10).

    No code is stored: each is computed, under the key that is not in the database, from a random ``nonce``. So it can
    be printed again while it is in force, and a copy of the database gives none away. It ends after its time, once it
    was used where it is for one use, and when a newer one is issued. Nobody reads the table; the app's own methods use
    it, and count the tries in ``amlaj.throttle``.
    """
    _name = 'amlaj.code'
    _description = "Code that a person holds"

    purpose = fields.Char(required=True, help="What it opens, for example entry or follow.")
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field='res_model', required=True)
    nonce = fields.Char(required=True)
    expires_at = fields.Datetime(required=True, index=True)
    is_once = fields.Boolean(string="For one use")
    used_at = fields.Datetime()
    revoked_at = fields.Datetime()

    _by_record = models.Index('(res_model, res_id, purpose)')

    @api.model
    def _issue(self, record, purpose, is_once=False, **duration):
        """Issue a code for ``record``; the one that was in force for this purpose ends.

        :param duration: how long it is in force, as ``timedelta`` takes it (``hours=72``)
        :return: the code's record, in superuser mode
        """
        record.ensure_one()
        self._revoke(record, purpose)
        return self.sudo().create({  # no user has a right on codes; the caller checked his own step
            'purpose': purpose, 'res_model': record._name, 'res_id': record.id, 'nonce': secrets.token_hex(16),
            'is_once': is_once, 'expires_at': fields.Datetime.now() + timedelta(**duration)})

    @api.model
    def _in_force(self, record, purpose):
        """The code of ``record`` for ``purpose`` that can be used now, in superuser mode; else an empty record."""
        if not record:
            return self.sudo().browse()
        return self.sudo().search([
            ('res_model', '=', record._name), ('res_id', '=', record.id), ('purpose', '=', purpose),
            ('used_at', '=', False), ('revoked_at', '=', False), ('expires_at', '>', fields.Datetime.now()),
        ], order='id desc', limit=1)

    @api.model
    def _in_force_ids(self, records, purpose):
        """The ids of those ``records`` that have a code for ``purpose`` in force."""
        return set(self.sudo().search([
            ('res_model', '=', records._name), ('res_id', 'in', records.ids), ('purpose', '=', purpose),
            ('used_at', '=', False), ('revoked_at', '=', False), ('expires_at', '>', fields.Datetime.now()),
        ]).mapped('res_id'))

    @api.model
    def _revoke(self, records, purpose):
        """End the codes of ``records`` for ``purpose``."""
        self.sudo().search([
            ('res_model', '=', records._name), ('res_id', 'in', records.ids), ('purpose', '=', purpose),
            ('revoked_at', '=', False)]).write({'revoked_at': fields.Datetime.now()})

    def _digits(self):
        """The ten digits of this code."""
        self.ensure_one()
        return code_of(int(self.env['amlaj.secret']._hmac(
            'code', self.purpose, self.res_model, self.res_id, self.nonce), 16))

    @api.model
    def _is_right(self, record, purpose, typed):
        """Whether ``typed`` is the code in force of ``record``; one for a single use is used up by it.

        An empty ``record`` (nothing was found) costs the same work and is never right.
        """
        code_sudo = self._in_force(record, purpose)
        expected = code_sudo._digits() if code_sudo else code_of(int(self.env['amlaj.secret']._hmac('code', ''), 16))
        is_right = compare_digest(expected, clean_code(typed) or '-') and bool(code_sudo)
        if is_right and code_sudo.is_once:
            if not code_sudo.try_lock_for_update():
                return False  # somebody else is using it up at this very moment
            code_sudo.used_at = fields.Datetime.now()
        return is_right

    @api.model
    def _can_send(self):
        """Whether a code can be sent by a message at all; the intake room asks its provider."""
        return False

    def _send(self, phone, body):
        """Send ``body``, which holds this code, to ``phone`` at once, and keep it nowhere.

        :return: whether a provider took it; without a provider the code is given at the desk instead
        """
        return False

    @api.autovacuum
    def _gc_codes(self):
        self.sudo().search([
            ('expires_at', '<', fields.Datetime.now() - timedelta(days=KEPT_DAYS))], limit=10000).unlink()
