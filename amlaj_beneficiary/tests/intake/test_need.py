from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common
from . import interaction_common


@tagged('post_install', '-at_install', 'amlaj')
class TestNeed(interaction_common.InteractionBuilders, common.AmlajCommon):
    """What no service covers: two taps, no name, counted by kind and village."""

    def test_two_taps(self):
        kind = self.env.ref('amlaj_beneficiary.need_transport').with_user(self.relations)
        contact = self.make_contact(beneficiary_id=self.file.id)
        context = contact.action_pick_need()['context']
        kind.with_context(**context).action_note()
        need = self.env['amlaj.unmet.need'].search([('interaction_id', '=', contact.id)])
        self.assertEqual((need.kind_id, need.locality_id, need.branch_id, need.noted_by_id),
                         (kind, self.locality, self.branch, self.relations))
        for word in (None, 'x', -1, 2 ** 63, [contact.id]):
            with self.subTest(word=word), self.assertRefused(UserError, "open the contact"):
                kind.with_context(amlaj_interaction_id=word).action_note()
        contact.action_close()
        with self.assertRefused(UserError, "closed"):
            contact.action_pick_need()
        rows = self.env['amlaj.unmet.need'].with_user(self.user['quality'])._read_group(
            [('id', '=', need.id)], ['kind_id', 'locality_id'], ['__count'])
        self.assertEqual([row[-1] for row in rows], [1])

    def test_the_report_names_nobody(self):
        contact = self.make_contact(beneficiary_id=self.file.id)
        self.env.ref('amlaj_beneficiary.need_water').with_user(self.relations).with_context(
            amlaj_interaction_id=contact.id).action_note()
        need = self.env['amlaj.unmet.need'].search([('interaction_id', '=', contact.id)])
        with self.assertRaises(AccessError):
            need.with_user(self.user['quality']).read(['interaction_id'])
        far = self.make_contact(beneficiary_id=self.make_file("Far Person", branch_id=self.branch2.id).id)
        with self.assertRaises(AccessError):
            self.env.ref('amlaj_beneficiary.need_water').with_user(self.user['representative']).with_context(
                amlaj_interaction_id=far.id).action_note()
        with self.assertRaises(AccessError):
            self.env['amlaj.unmet.need'].with_user(self.user['representative']).create({
                'kind_id': need.kind_id.id, 'branch_id': self.branch2.id})


@tagged('post_install', '-at_install', 'amlaj')
class TestSignSheet(interaction_common.InteractionBuilders, common.AmlajCommon):
    """The sign-sheet of a village: a number and a first name of the people of the own office."""

    def test_the_own_office_alone(self):
        self.make_file("Far Person", branch_id=self.branch2.id)
        closed = self.make_file("Closed Person")
        closed.action_end("He moved away")
        representative = self.user['representative']
        self.locality.with_user(representative).action_print_sign_sheet()
        html = self.env['ir.actions.report'].with_user(representative)._render_qweb_html(
            'amlaj_beneficiary.paper_sign_sheet', self.locality.ids)[0].decode()
        self.assertIn(self.file.file_number, html)
        self.assertIn("Salem", html)
        for hidden in ("Alharbi", "Far", "Closed", self.file.phone[-6:], self.file.identity_number):
            self.assertNotIn(hidden, html)

    def test_who_prints(self):
        empty = self.env['amlaj.locality'].create({'name': "An empty village"})
        with self.assertRefused(UserError, "No file of this village"):
            empty.with_user(self.relations).action_print_sign_sheet()
        for role in ('finance', 'auditor'):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env['ir.actions.report'].with_user(self.user[role])._render_qweb_html(
                    'amlaj_beneficiary.paper_sign_sheet', self.locality.ids)
