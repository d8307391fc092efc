import secrets

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from .guarded import Actors, Blocker
from .mandate import ADULT_AGE
from .res_users import ENTRY

ENTRY_HOURS = 72
DESK = frozenset({'relations', 'representative', 'manager'})
STEPS = ('grant_access', 'close_access')
ACCOUNT_STATES = [
    ('none', "No account"),
    ('waiting', "Code given, not used yet"),
    ('active', "In use"),
    ('closed', "Closed"),
]
# what Odoo would write about a new user into notes that every employee reads
SILENTLY = {
    'no_reset_password': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True, 'tracking_disable': True}


class AmlajMandate(models.Model):
    """The account of whoever holds a mandate: given, renewed and closed at the desk (R19, R70)."""
    _inherit = 'amlaj.mandate'

    account_state = fields.Selection(
        ACCOUNT_STATES, string="State of the account", compute='_compute_account_state', compute_sudo=True)

    @api.depends('user_id.active')
    def _compute_account_state(self):
        mandates = self.with_context(active_test=False)
        waiting_ids = self.env['amlaj.code']._in_force_ids(mandates.user_id, ENTRY)
        for mandate in mandates:
            user = mandate.user_id
            mandate.account_state = (
                'none' if not user else 'closed' if not user.active
                else 'waiting' if user.id in waiting_ids else 'active')

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates._check_accounts()
        mandates._mark_holders()
        return mandates

    def write(self, vals):
        result = super().write(vals)
        if 'user_id' in vals:
            self._check_accounts()
            self._mark_holders()
        return result

    def _check_accounts(self):
        """An employee lets act on a file a colleague, or an account that acts for files which he may see already. All other
        accounts belong to somebody whom he does not know: a supplier, a volunteer, another office's beneficiary.

        :raise ValidationError: for one of those; a new account is made by ``action_grant_portal_access`` alone
        """
        if self.env.su:
            return
        own = self.env['amlaj.mandate'].sudo().with_context(active_test=False)  # which files, for one who may not see all
        for user_sudo in self.sudo().user_id.filtered('share'):
            files_sudo = own.search([('user_id', '=', user_sudo.id), ('id', 'not in', self.ids)]).beneficiary_id
            if not files_sudo or len(files_sudo.with_env(self.env)._filtered_access('read')) < len(files_sudo):
                raise ValidationError(self.env._(
                    "This account is not one of your beneficiaries'. Leave it empty: an account is made with “Give an account”."))

    def _mark_holders(self):
        """Note on accounts from outside that they hold a mandate: colleagues without a role do not see them then."""
        self.sudo().user_id.filtered(lambda user: user.share and not user.holds_mandate).holds_mandate = True

    def _is_opened_by(self, number, phone):
        """Whether its holder's account opens with this number or mobile (superuser)."""
        file = self.beneficiary_id
        if phone and phone == self.phone:
            return True
        return self.capacity == 'self' and (
            number in (file.identity_number, file.file_number)
            or bool(phone) and phone == file.phone and not self.is_self_registered)

    def action_grant_portal_access(self):
        """Give the holder a login, or a new code for the one he has, and print what he takes home.

        The employee has the person before him: the code is as good as a key for 72 hours, once. Whoever was in with the
        old password, a passkey or a program's key is out.

        :return: the action that prints the slip
        """
        self.ensure_one()
        self._do('grant_access')
        return self._give_entry()

    def action_close_portal_access(self):
        """Close the login, and nothing else; it can be given anew."""
        self._do('close_access')
        users_sudo = self.sudo().with_context(active_test=False).user_id  # the step was checked
        users_sudo._close_entry()
        users_sudo._record_account(self.env, 'closed')
        return True

    def _give_entry(self):
        """Make or open the account and issue its code (the step was checked). :return: the printing action"""
        mandate_sudo = self.sudo().with_context(active_test=False)
        if not mandate_sudo.user_id:
            mandate_sudo.user_id = self._make_account()
        user_sudo = mandate_sudo.user_id
        # another of Odoo's doors may have closed the account, or taken its group
        user_sudo.write({'active': True, 'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
        user_sudo._end_keys()
        self.env['amlaj.code']._issue(user_sudo, ENTRY, is_once=True, hours=ENTRY_HOURS)
        user_sudo._record_account(self.env, 'code given')
        return self.env.ref('amlaj_beneficiary.report_access_slip').report_action(self, config=False)

    def _make_account(self):
        """A portal user of whom nothing but the name is written: no e-mail, no phone, a login that tells nothing."""
        mandate_sudo = self.sudo()
        file = mandate_sudo.beneficiary_id
        own = mandate_sudo.capacity == 'self'
        # the house makes it: who works with beneficiaries must not show as the contact's creator
        user_sudo = self.env['res.users']._new_outside_account(
            mandate_sudo.person_name, file._installed_lang(), file.partner_id if own else None)
        if own and not file.partner_id:
            file.partner_id = user_sudo.partner_id
        return user_sudo

    def _actors(self):
        return super()._actors() | dict.fromkeys(STEPS, Actors(DESK))

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for mandate in self.sudo() if action in STEPS else ():  # the actor is checked apart
            mine, user = blockers[mandate.id], mandate.with_context(active_test=False).user_id
            mine += user._account_blockers(action)
            mine += user._foreign_blockers(self.env)
            if action == 'grant_access' and not mandate.is_valid:
                mine.append(Blocker('mandate', self.env._("The mandate is not verified, or it has ended.")))
            if action == 'grant_access':
                mine += mandate.beneficiary_id._entry_blockers()
        return blockers


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _new_outside_account(self, name, lang, partner=None):
        """Make a portal user of whom nothing but the name is written, with a login that tells nothing; nobody knows its
        password. The caller has checked his step. :return: the user, in superuser mode"""
        return self.with_user(SUPERUSER_ID).with_context(**SILENTLY).create({
            'name': name, 'login': f'u{secrets.token_hex(6)}', 'password': secrets.token_urlsafe(32),
            'lang': lang, 'tz': 'Asia/Riyadh', 'company_id': self.env.company.id,
            'company_ids': [Command.set(self.env.company.ids)],
            'group_ids': [Command.set(self.env.ref('base.group_portal').ids)],
            **({'partner_id': partner.id} if partner else {})})

    def _account_blockers(self, action):
        """Why this account, or none, is neither given nor closed now (superuser)."""
        if self and not self.share:
            return [Blocker('employee', self.env._("An employee uses the account that he has."))]
        if action == 'close_access' and not self.active:
            return [Blocker('state', self.env._("There is no open account."))]
        return []

    def _record_account(self, env, detail):
        """Write into the log of every file that these accounts act for what whoever works in ``env`` did (superuser)."""
        for file in self.env['amlaj.mandate'].search([('user_id', 'in', self.ids)]).beneficiary_id:
            file.with_env(env)._record_access('account', detail)

    def _foreign_blockers(self, env):
        """Why whoever works in ``env`` gives no code for this account, and does not close it: it also acts for a file that
        he may not see, or it is Odoo's own (superuser).

        Without it a mandate on a file of one's own office, naming anybody's account, would be a key to that account.
        """
        if env.su or not self:
            return []
        own_of_odoo = self.env.ref('base.public_user') | self.env.ref('base.template_portal_user_id')
        files_sudo = self.env['amlaj.mandate'].with_context(active_test=False).search(
            [('user_id', '=', self.id)]).beneficiary_id
        seen = files_sudo.with_env(env)._filtered_access('read')
        if self in own_of_odoo or len(seen) < len(files_sudo):
            return [Blocker('foreign', self.env._(
                "This account is not of your office alone. Please ask a colleague who sees all of its files."))]
        return []


class AmlajBeneficiary(models.Model):
    """The beneficiary's own account, from the file's form (R19, R70)."""
    _inherit = 'amlaj.beneficiary'

    account_state = fields.Selection(
        ACCOUNT_STATES, string="State of the account", compute='_compute_account_state', compute_sudo=True)

    @api.depends('mandate_ids.user_id.active', 'mandate_ids.capacity')
    def _compute_account_state(self):
        for file in self:
            file.account_state = file._own_mandate().account_state or 'none'

    def _own_mandate(self):
        """The beneficiary's own mandate, the one with an account first (superuser)."""
        own = self.mandate_ids.filtered(lambda mandate: mandate.capacity == 'self')
        return own.sorted(lambda mandate: (not mandate.user_id, -mandate.id))[:1]

    def _installed_lang(self):
        """The file's language where the server has it, else the association's."""
        wanted = self.sudo().lang
        installed = dict(self.env['res.lang'].get_installed())
        return wanted if wanted in installed else self.env.company.partner_id.lang or next(iter(installed))

    def action_grant_portal_access(self):
        """Give the beneficiary a login without e-mail, or a new code, and print the slip that he takes home (R19, R70).

        Whoever does so has seen the person and the original of his identity paper; what he registered by himself before
        is his from then on.

        :return: the action that prints the slip
        """
        self.ensure_one()
        self._do('grant_access')
        file_sudo = self.sudo()  # the step was checked; the beneficiary's own mandate is the house's to write
        mandate_sudo = file_sudo._own_mandate()
        if not mandate_sudo:
            mandate_sudo = mandate_sudo.create({
                'beneficiary_id': self.id, 'capacity': 'self', 'person_name': file_sudo.name,
                'may_apply': True, 'may_follow': True, 'may_receive': True})
        if not mandate_sudo.is_valid or mandate_sudo.is_self_registered:
            mandate_sudo.write({'valid_until': False, 'may_receive': True, 'is_self_registered': False,
                                'person_name': file_sudo.name, **self._stamp('verified')})
        return mandate_sudo.with_env(self.env)._give_entry()

    def action_close_portal_access(self):
        """Close the beneficiary's login, and nothing else; it can be given anew."""
        self.ensure_one()
        self._do('close_access')
        user_sudo = self.sudo()._own_mandate().with_context(active_test=False).user_id  # the step was checked
        user_sudo._close_entry()
        user_sudo._record_account(self.env, 'closed')
        return True

    def _actors(self):
        return super()._actors() | dict.fromkeys(STEPS, Actors(DESK))

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for file in self.sudo() if action in STEPS else ():  # the actor is checked apart
            mine = blockers[file.id]
            user = file._own_mandate().with_context(active_test=False).user_id
            mine += user._account_blockers(action) + user._foreign_blockers(self.env)
            if action == 'grant_access':
                mine += file._entry_blockers() + file._own_entry_blockers()
        return blockers

    def _entry_blockers(self):
        """Why nobody gets an account for this file now (superuser)."""
        if self.state == 'ended':
            return [Blocker('state', self.env._("The beneficiary's file is closed."))]
        if not self.identity_matched_at:
            return [Blocker('identity', self.env._("The identity is not yet matched with the original."))]
        return []

    def _own_entry_blockers(self):
        """Why the beneficiary himself gets none: somebody else acts for him (superuser)."""
        age = self._age()
        if self.kind == 'person' and age is not None and age < ADULT_AGE:
            return [Blocker('minor', self.env._("For a person under 18 the guardian gets the account."))]
        if self.kind == 'organisation':
            return [Blocker('organisation', self.env._(
                "For an organisation its authorised person gets the account, by his mandate."))]
        return []
