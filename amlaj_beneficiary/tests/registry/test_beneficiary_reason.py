from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestBeneficiaryReason(common.AmlajCommon):
    """The dialog that asks for the reason ends in the model's own method and adds no right."""

    def ask(self, file, step, role='relations', **vals):
        return self.env['amlaj.beneficiary.reason'].with_user(self.user[role]).create(
            {'beneficiary_id': file.id, 'step': step, **vals})

    def test_reason_from_the_list_and_own_words(self):
        file = self.make_file()
        reason = self.env['amlaj.reason'].search([('kind', '=', 'suspension')], limit=1)
        self.ask(file, 'suspend', reason_id=reason.id).action_confirm()
        self.assertEqual((file.state, file.state_reason_id), ('suspended', reason))
        self.ask(file, 'reactivate', note="He came back.").action_confirm()
        self.assertEqual((file.state, file.state_note), ('registered', "He came back."))
        self.ask(file, 'end', note="He moved away.").action_confirm()
        self.assertEqual(file.state, 'ended')

    def test_no_reason_no_step(self):
        file = self.make_file()
        with self.assertRaises(UserError):
            self.ask(file, 'suspend', note="  ").action_confirm()
        self.assertEqual(file.state, 'registered')

    def test_a_representative_has_no_such_dialog(self):
        with self.assertRaises(AccessError):
            self.ask(self.make_file(), 'suspend', 'representative', note="x")
