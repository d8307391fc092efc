from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.i18n import format_list

from ...tools.code import show_code
from ...tools.hijri import full_date
from ...tools.paper import qr_data_uri
from .res_users import ENTRY

SLIP = 'amlaj_beneficiary.paper_access_slip'


class AmlajPaper(models.AbstractModel):
    """What the slip of an account says: a code, till when it holds, and where to enter it (R19)."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'entry': self._entry}

    @api.model
    def _entry(self, mandate):
        """The code in force of a mandate's account, as the slip shows it."""
        user_sudo = mandate.sudo().user_id  # whoever prints the slip gave the code, or could give another
        code_sudo = self.env['amlaj.code']._in_force(user_sudo, ENTRY)
        address = f'{user_sudo.get_base_url()}/enter'
        words = (mandate.person_name or '').split()
        day = full_date(self._day(code_sudo.expires_at), self.env.lang or 'en_US')
        return {
            'code': self._ltr(show_code(code_sudo._digits())),
            'until': self.env._("%(day)s, %(hour)s", day=self._unbroken(day), hour=self._ltr(
                self._show_time(code_sudo.expires_at))),
            'address': self._ltr(address.split('://')[-1]),
            # behind the # nothing reaches a server, a log or another site
            'qr': qr_data_uri(f'{address}#{user_sudo.login}-{code_sudo._digits()}'),
            'opens': user_sudo.with_context(lang=self.env.lang)._opened_by_text(),
            'first_name': self._first_name(mandate.beneficiary_id) if mandate.capacity == 'self' else words[:1] and words[0],
        }


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _opened_by(self):
        """Which numbers open this account, as the door itself judges (superuser): ``identity``, ``mobile``, ``file``.

        The beneficiary's own three; of whoever acts for him, his own mobile alone. A number that somebody else has too
        opens nothing, and is not named.
        """
        self.ensure_one()
        Mandate = self.env['amlaj.mandate']
        mandates = Mandate.search(Mandate._valid_domain() & Domain('user_id', '=', self.id))
        own = mandates.filtered(lambda mandate: mandate.capacity == 'self').beneficiary_id
        numbers = {
            'identity': own.mapped('identity_number'), 'mobile': [*own.mapped('phone'), *mandates.mapped('phone')],
            'file': own.mapped('file_number')}
        return [
            kind for kind, known in numbers.items()
            if any(number and self._user_of_number(number) == self for number in known)]

    def _opened_by_text(self):
        """The same in words that follow "with", or '' where nothing but the slip opens it."""
        words = {
            'identity': self.env._("your identity number"), 'mobile': self.env._("your mobile number"),
            'file': self.env._("your file number")}
        return format_list(self.env, [words[kind] for kind in self._opened_by()], style='or')


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _check_printable(self, records):
        if self.report_name == SLIP and any(
                not self.env['amlaj.code']._in_force(mandate.sudo().user_id, ENTRY) for mandate in records):
            raise UserError(self.env._("The code was used or has ended: please give a new one."))
        return super()._check_printable(records)

    def _get_paper_lang(self, record):
        lang = super()._get_paper_lang(record)
        if record and self.report_name == SLIP:
            wanted = record.beneficiary_id.lang
            return wanted if wanted in dict(self.env['res.lang'].get_installed()) else lang
        return lang
