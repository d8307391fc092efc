from odoo.tests import HttpCase

from . import committee_common

# valid Saudi IBANs, by rank
BANK = '80000000'


def saudi_iban(rank):
    """The ``rank``-th valid Saudi IBAN of the tests."""
    body = f'80{rank:018}'
    check = 98 - int(f'{body}281000') % 97
    return f'SA{check:02}{body}'


class PaymentBuilders(committee_common.CommitteeBuilders):
    """Cash that was granted and is planned to bank accounts; ``self.officer`` prepares, ``self.finance`` pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer, cls.finance = cls.user['delivery'], cls.user['finance']
        cls.iban_rank = 0

    @classmethod
    def make_account_file(cls, name="Salem Ali Saad Alharbi", **vals):
        cls.iban_rank += 1
        return cls.make_file(name, **{'iban': saudi_iban(cls.iban_rank), **vals})

    @classmethod
    def planned(cls, count=1, amount=1200, files=None, **options):
        """Planned transfers of ``count`` granted requests, seen as the delivery officer."""
        requests = cls.env['amlaj.request'].with_user(cls.relations)
        for rank in range(count):
            requests |= cls.make_request(file=files[rank] if files else cls.make_account_file(), service=cls.cash)
        session = cls.make_session(requests)
        session.action_decide(requests.ids, 'approved', cls.all_for(), amount=amount, **options)
        session.action_close()
        requests.with_user(cls.manager).action_allow_early_reply("Today")
        requests.action_reply()
        requests.with_user(cls.officer).action_start_delivery()
        return requests.sudo().delivery_ids.with_user(cls.officer)

    @classmethod
    def make_sheet(cls, deliveries=None, state='draft'):
        """A sheet of these deliveries (of all that is planned, without them), seen as the delivery officer."""
        sheet = cls.env['amlaj.payment.sheet'].with_user(cls.officer).create({})
        if deliveries:
            sheet.action_add(deliveries.ids)
        else:
            sheet.action_fill()
        if state != 'draft':
            sheet.with_user(cls.finance).action_approve()
        if state == 'paid':
            sheet.with_user(cls.finance).action_pay("TRX-1")
        return sheet

    def change_iban(self, delivery, iban=None, confirm=True):
        """Another account in the file, entered by one colleague and confirmed by a second one."""
        file = delivery.sudo().beneficiary_id.with_user(self.relations)
        file.iban = iban or saudi_iban(900000 + delivery.id)
        if confirm:
            file.with_user(self.manager).action_confirm_iban()
        return file

    def states(self, sheet):
        sheet.invalidate_recordset()
        return sheet.sudo().line_ids.mapped('state')


class PaymentCommon(PaymentBuilders, committee_common.CommitteeCommon):
    """Base of the tests of payment sheets."""


class PaymentHttpCommon(PaymentBuilders, HttpCase):
    """Base of the tests of payment sheets that ask over HTTP."""
