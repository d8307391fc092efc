from odoo import models
from odoo.exceptions import UserError

from ...tools.errors import BadInput
from ...tools.iban import clean_iban
from ..registry.guarded import Blocker

FROZEN_ON_A_SHEET = ('amount', 'place', 'quantity')


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    def write(self, vals):
        result = super().write(vals)
        if {'iban', 'iban_holder', 'iban_state', 'name'} & vals.keys():
            lines_sudo = self.env['amlaj.payment.line'].sudo().search([  # a rule of the house, whoever changed it
                ('delivery_id.beneficiary_id', 'in', self.ids), ('is_open', '=', True), ('state', '=', 'ready')])
            for line_sudo in lines_sudo:
                for code, text in line_sudo._account_problems().items():
                    line_sudo._stop(code, text)
        return result

    def _payment_account(self):
        """Where a transfer to this file goes, as a line of a payment sheet keeps it (superuser)."""
        return {'iban': self.iban, 'holder': self.iban_holder or self.name}

    def _account_lacks(self):
        """``{code: text}``: why nothing can be paid to the account in this file (superuser)."""
        try:
            number = clean_iban(self.iban or '')
        except BadInput:
            number = ''
        if not number.startswith('SA'):
            return {'iban_invalid': self.env._("There is no valid Saudi IBAN in the file.")}
        if self.iban_state != 'confirmed':
            return {'iban': self.env._("The IBAN is not confirmed by a second person.")}
        return {}


class AmlajDelivery(models.Model):
    """What a payment sheet asks of a delivery, and what being on one forbids (R64)."""
    _inherit = 'amlaj.delivery'

    def action_make_payment_sheet(self):
        """Put these planned deliveries on a new payment sheet, and open it.

        :raise UserError: naming each that cannot be paid, and why
        """
        sheet = self.env['amlaj.payment.sheet'].create({})
        sheet.action_add(self.ids)
        return {
            'type': 'ir.actions.act_window', 'res_model': sheet._name, 'res_id': sheet.id, 'view_mode': 'form',
            'views': [(False, 'form')]}

    def write(self, vals):
        lines_sudo = self._open_payment_lines() if {'state', *FROZEN_ON_A_SHEET} & vals.keys() else ()
        if lines_sudo and not self.env.su:
            self.check_access('write')
            if any(name in vals and delivery[name] != vals[name] for name in FROZEN_ON_A_SHEET for delivery in
                   lines_sudo.delivery_id.with_env(self.env)):
                raise UserError(self._message_on_sheet(lines_sudo[:1]))
        result = super().write(vals)
        if lines_sudo and vals.get('state', 'planned') != 'planned':
            lines_sudo._stop('state', self.env._("This delivery is not open."))
        return result

    def _open_payment_lines(self):
        return self.env['amlaj.payment.line'].sudo().search([  # a rule of the house, whoever may see sheets
            ('delivery_id', 'in', self.ids), ('is_open', '=', True)]) if self.ids else self.env['amlaj.payment.line']

    def _message_on_sheet(self, line_sudo):
        return self.env._(
            "This delivery is on payment sheet %(number)s.", number=line_sudo.sheet_id.name)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action in ('deliver', 'fail'):
            for line_sudo in self._open_payment_lines():
                blockers[line_sudo.delivery_id.id].append(Blocker('sheet', self._message_on_sheet(line_sudo)))
        return blockers

    def _payment_problems(self, sheet):
        """``{id: {code: text}}``: why each cannot be paid by ``sheet`` now, by the current user; constant queries.

        Standing on that sheet itself is no problem.
        """
        blockers = self._get_blockers('deliver')
        elsewhere_sudo = self._open_payment_lines().filtered(lambda line: line.sheet_id.id != sheet.id).delivery_id
        held_sudo = self.env['amlaj.mandate']._files_held(self.sudo()._file(), self.env.user)
        problems = {}
        for delivery in self.sudo():  # the same reasons for everyone; the step was checked
            problems[delivery.id] = mine = delivery.beneficiary_id._account_lacks()
            mine |= {
                blocker.code: blocker.text for blocker in blockers[delivery.id]
                if blocker.code not in mine and (blocker.code != 'sheet' or delivery in elsewhere_sudo)}
            if delivery.place != 'bank':
                mine['place'] = self.env._("Only what is planned to the bank account is delivered by a transfer.")
            if delivery.amount <= 0:
                mine['amount'] = self.env._("An amount to pay is more than zero.")
            if delivery.beneficiary_id & held_sudo:
                mine['own'] = self.env._("Nobody works on a file of his own. Please ask a colleague.")
        return problems

    def _transfer_returned(self, reason, planned_on):
        """Plan again what the bank returned, where the request is not decided anew meanwhile (superuser)."""
        self.ensure_one()
        request = self.request_id
        self.write({'state': 'failed', 'fail_reason': self.env._(
            "The bank returned the transfer: %(reason)s", reason=reason)})
        if request.state not in ('delivery', 'done'):
            return
        if request.state == 'done':
            request.state = 'delivery'
        self.copy(self._again_vals(planned_on))
        owner = request.user_id or request.entered_by_id
        if owner and owner.active and owner._is_internal():
            request.activity_schedule(  # it goes out as a mail too, so it says neither money nor result (rule 9)
                'mail.mail_activity_data_todo', self._today(), user_id=owner.id,
                summary=self.env._("Please look at the deliveries of this request."))
