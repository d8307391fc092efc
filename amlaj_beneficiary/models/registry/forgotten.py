import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.code import show_code
from .res_users import ENTRY_SENT

_logger = logging.getLogger(__name__)

SENT_HOURS = 1
AT_ONCE = 200
# a wish that no server took up in this time is of no use any more
KEPT_HOURS = 2


class AmlajForgotten(models.Model):
    """Somebody asked for a new code or password on the public page; a cron does it a moment later (R19, R70).

    A row is made for every number, also for one of nobody: so the page does the same work, and takes the same time, for
    all of them. What was typed is not kept. Nobody reads the table.
    """
    _name = 'amlaj.forgotten'
    _description = "Wish for a new code"

    user_id = fields.Many2one('res.users', ondelete='cascade')

    @api.model
    def _ask(self, typed):
        """Note the wish of whoever typed a number, or of an employee who typed his login."""
        Users = self.env['res.users']
        user_sudo = Users._user_of_login(typed)
        if not user_sudo and '@' in typed:
            user_sudo = Users.sudo().search(Users._get_email_domain(typed) & Domain('holds_mandate', '=', False), limit=1)
        if not user_sudo:
            user_sudo = Users._user_of_login(Users._login_of_number(typed))
        # whoever asks is unknown: the row says nothing to him
        self.sudo().create({'user_id': user_sudo.id})
        self.env.ref('amlaj_beneficiary.cron_forgotten').sudo()._trigger()

    @api.model
    def _cron_answer(self):
        """Send what was asked for, then forget who asked; a wish that cannot be met is forgotten too."""
        old = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        self.search(Domain('create_date', '<', old), limit=AT_ONCE).unlink()
        wishes = self.search([], limit=AT_ONCE)
        remaining = len(wishes)
        for wish in wishes.try_lock_for_update():
            user = wish.user_id
            wish.unlink()  # whatever becomes of it, it is not sent twice
            remaining -= 1
            if user.active and user.holds_mandate:
                self._send_code(user)
            elif user.active:
                self._send_mail(user)
            if not self.env['ir.cron']._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _send_mail(self, user):
        """Whoever acts on no file, as an employee, gets Odoo's own answer: a link by e-mail, where resetting is switched on."""
        if user.email and self.env['ir.config_parameter'].get_param('auth_signup.reset_password') == 'True':
            try:
                user.action_reset_password()
            except (UserError, MailDeliveryException):
                _logger.warning("The mail for a forgotten password of user #%d was not sent.", user.id)

    @api.model
    def _send_code(self, user):
        """A beneficiary's way: a code to the mobile of his file or mandate, where a provider is set."""
        Code, Mandate = self.env['amlaj.code'], self.env['amlaj.mandate']
        mandates = Mandate.search(Mandate._valid_domain() & Domain('user_id', '=', user.id))
        own = mandates.filtered(lambda mandate: mandate.capacity == 'self' and not mandate.is_self_registered)
        phone = own.beneficiary_id[:1].phone or mandates.filtered('phone')[:1].phone
        if not phone or not Code._can_send():
            return
        code = Code._issue(user, ENTRY_SENT, is_once=True, hours=SENT_HOURS)
        lang = self.with_context(lang=user.lang)
        code._send(phone, lang.env._(
            "Your entry code is %(code)s, for one hour. Enter it at %(address)s. If you did not ask for it, do nothing.",
            code=show_code(code._digits()), address=f'{user.get_base_url()}/enter'))
