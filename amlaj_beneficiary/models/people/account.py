from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.code import show_code
from ...tools.paper import qr_data_uri
from ..registry.account import ACCOUNT_STATES, ENTRY_HOURS
from ..registry.guarded import Blocker
from ..registry.res_users import ENTRY
from .volunteer import COORDINATOR, first_name

SLIP = 'amlaj_beneficiary.paper_volunteer_slip'


class AmlajVolunteer(models.Model):
    """A volunteer's account: the one that he has already where he signed up with it, else one of his own (R42; R19).

    It is made as a beneficiary's is: a login that says nothing, no e-mail, and a code on paper for the first entry. The
    coordinator gives a code for accounts of volunteers alone: one that also acts for a beneficiary's file would be a key
    to that file.
    """
    _inherit = 'amlaj.volunteer'

    account_state = fields.Selection(
        ACCOUNT_STATES, string="State of the account", compute='_compute_account_state', compute_sudo=True)

    def _compute_account_state(self):
        volunteers = self.with_context(active_test=False)
        waiting_ids = self.env['amlaj.code']._in_force_ids(volunteers.user_id, ENTRY)
        for volunteer in volunteers:
            user = volunteer.user_id
            volunteer.account_state = (
                'none' if not user else 'closed' if not user.active else 'waiting' if user.id in waiting_ids else 'active')

    def _take_account(self, user=None):
        """Give the volunteer the account ``user``, or a new one; the caller has checked his step (superuser)."""
        self.ensure_one()
        self.user_id = user or self.env['res.users']._new_outside_account(
            self.name, self.env['amlaj.beneficiary']._installed_lang())
        if self.user_id.share:
            # pages and rules treat it like every account from outside: colleagues without a need do not see it
            self.user_id.holds_mandate = True
            self.partner_id = self.user_id.partner_id

    def action_give_code(self):
        """Give the volunteer a code for his first entry, or anew, and print what he takes home.

        :return: the action that prints the slip
        """
        self.ensure_one()
        self._do('give_code')
        return self._give_code()

    def _give_code(self):
        """Issue the code and print it (the step was checked)."""
        volunteer_sudo = self.sudo().with_context(active_test=False)
        if not volunteer_sudo.user_id:
            volunteer_sudo._take_account()
        volunteer_sudo.user_id.active = True
        volunteer_sudo.user_id._end_keys()
        self.env['amlaj.code']._issue(volunteer_sudo.user_id, ENTRY, is_once=True, hours=ENTRY_HOURS)
        self._record_access('account', 'code given')
        return self.env.ref('amlaj_beneficiary.report_volunteer_slip').report_action(self, config=False)

    def _actors(self):
        return super()._actors() | {'give_code': COORDINATOR}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for volunteer in self.sudo().with_context(active_test=False) if action == 'give_code' else ():  # actor checked apart
            if volunteer.state == 'ended':
                blockers[volunteer.id].append(Blocker('state', self.env._("This volunteer has left.")))
            if volunteer._has_other_account():
                blockers[volunteer.id].append(Blocker('account', self.env._(
                    "This person has an account of another kind already and enters with it.")))
        return blockers

    def _has_other_account(self):
        """Whether his account is more than a volunteer's (superuser)."""
        user = self.user_id
        return bool(user) and (not user.share or bool(self.env['amlaj.mandate'].with_context(active_test=False).search_count(
            [('user_id', '=', user.id)], limit=1)))


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _user_of_number(self, number):
        """Also the number and the mobile of a volunteer; where a beneficiary is meant, he alone is."""
        user_sudo = super()._user_of_number(number)
        if user_sudo or not number:
            return user_sudo
        phone = self._phone_typed(number)
        # asked before anybody is logged in; answers with a login alone
        volunteers_sudo = self.env['amlaj.volunteer'].sudo().search(
            Domain('state', '!=', 'ended') & Domain('user_id.active', '=', True) & Domain('user_id.share', '=', True) & (
                Domain('number', '=', number) | (Domain('phone', '=', phone) if phone else Domain.FALSE)), limit=20)
        return volunteers_sudo.user_id if len(volunteers_sudo.user_id) == 1 else user_sudo

    def _acts_for_somebody(self):
        return super()._acts_for_somebody() or bool(self.env['amlaj.volunteer'].search_count(
            [('user_id', 'in', self.ids), ('state', '!=', 'ended')], limit=1))


class AmlajPaper(models.AbstractModel):
    """What the slip of a volunteer's account says."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'volunteer_entry': self._volunteer_entry}

    @api.model
    def _volunteer_entry(self, volunteer):
        user_sudo = volunteer.sudo().user_id  # whoever prints the slip gave the code, or could give another
        code_sudo = self.env['amlaj.code']._in_force(user_sudo, ENTRY)
        address = f'{user_sudo.get_base_url()}/enter'
        return {
            'code': self._ltr(show_code(code_sudo._digits())),
            'until': code_sudo.expires_at,
            'address': self._ltr(address.split('://')[-1]),
            # behind the # nothing reaches a server, a log or another site
            'qr': qr_data_uri(f'{address}#{user_sudo.login}-{code_sudo._digits()}'),
            'first_name': first_name(volunteer.name),
        }


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _check_printable(self, records):
        if self.report_name == SLIP and any(
                not self.env['amlaj.code']._in_force(volunteer.sudo().user_id, ENTRY) for volunteer in records):
            raise UserError(self.env._("The code was used or has ended: please give a new one."))
        return super()._check_printable(records)
