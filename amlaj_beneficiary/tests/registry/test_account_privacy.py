from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import entry_common

DESK = ('relations', 'representative', 'manager')


@tagged('post_install', '-at_install', 'amlaj')
class TestAccountPrivacy(entry_common.EntryCommon):
    """Nobody outside the desk learns from accounts and contacts who is a beneficiary (R69; rule 9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.grant()
        cls.colleague = cls.make_user('amlaj_colleague')
        cls.visitor = cls.make_portal_user('plain_portal')

    def users_of(self, user, domain=()):
        return self.env['res.users'].with_user(user).with_context(active_test=False).search(domain)

    def test_only_the_desk_sees_the_accounts_of_files(self):
        for role in (*DESK, *(set(self.user) - set(DESK))):
            with self.subTest(role=role):
                found = self.users_of(self.user[role])
                self.assertEqual(self.holder in found.sudo(), role in DESK)
                self.assertIn(self.visitor, found.sudo(), "other accounts stay as they are")
        self.assertNotIn(self.holder, self.users_of(self.colleague).sudo())
        for question in ([('login', '=', self.holder.login)], [('login', '=like', 'u%')], [('share', '=', True)],
                         [('partner_id', '=', self.holder.partner_id.id)], [('name', '=', self.holder.name)]):
            self.assertNotIn(self.holder, self.users_of(self.colleague, question).sudo(), question)
        for ask in (lambda: self.holder.with_user(self.colleague).read(['login']),
                    lambda: self.users_of(self.colleague, [('holds_mandate', '=', True)]),
                    lambda: self.env['res.users'].with_user(self.colleague)._read_group([], ['holds_mandate'])):
            with self.assertRaises(AccessError):
                ask()

    def test_contacts_do_not_tell_who_has_an_account(self):
        partner, asked = self.holder.partner_id, self.env['res.partner'].with_user(self.colleague)
        mine = [('id', 'in', (partner | self.visitor.partner_id | self.colleague.partner_id).ids)]
        for question in ([('user_ids', '!=', False)], [('user_ids.login', '=like', 'u%')], [('user_ids.share', '=', True)],
                         [('user_ids.active', '=', True)], [('user_ids', 'any', [('id', '>', 0)])],
                         [('user_ids', 'in', self.holder.ids)], ['!', ('user_ids', '=', False)], [('main_user_id', '!=', False)],
                         [('user_ids.group_ids', '=', self.env.ref('base.group_portal').id)]):
            with self.subTest(question=question):
                try:
                    found = asked.search(mine + question)
                except (AccessError, UserError, ValueError):
                    continue
                self.assertNotIn(partner, found.sudo())
        self.assertIn(self.visitor.partner_id, asked.search([*mine, ('user_ids.share', '=', True)]), "others as before")
        told = (partner | self.visitor.partner_id).with_user(self.colleague).signup_get_auth_param()
        self.assertEqual(list(told), self.visitor.partner_id.ids)
        self.assertIn(partner.id, partner.with_user(self.noura).signup_get_auth_param())

    def test_an_employee_with_a_mandate_stays_a_colleague(self):
        self.make_mandate(self.file, self.user['delivery'], capacity='delegate')
        self.assertIn(self.user['delivery'], self.users_of(self.colleague).sudo())
        self.assertFalse(self.user['delivery'].sudo().holds_mandate)

    def test_the_contact_is_a_name_and_nothing_else(self):
        partner = self.holder.partner_id.with_user(self.colleague)
        stored = [name for name, field in partner._fields.items()
                  if field.store and not field.groups and field.type not in ('one2many', 'many2many', 'binary')]
        values = partner.read([*stored, 'user_ids', 'display_name'])[0]
        for told in (self.file.identity_number, '501234567', self.file.file_number, self.holder.login):
            self.assertNotIn(told, str(values))
        self.assertFalse(values['email'] or values['phone'] or values['user_ids'])
        self.assertFalse(partner.sudo().message_ids, "no note on who made it")
        self.assertEqual(partner.sudo().create_uid, self.env.ref('base.user_root'))

    def test_the_administrator_manages_accounts(self):
        administrator = self.make_user('amlaj_admin')
        administrator.group_ids += self.env.ref('base.group_erp_manager')
        self.assertIn(self.holder, self.users_of(administrator).sudo())

    def test_odoos_wizard_leaves_the_account_alone(self):
        partner = self.holder.partner_id
        keeper = self.make_user('amlaj_contacts')
        keeper.group_ids += self.env.ref('base.group_partner_manager')
        wizard = self.env['portal.wizard'].with_user(keeper).with_context(
            active_ids=partner.ids, default_partner_ids=partner.ids).create({'partner_ids': [(6, 0, partner.ids)]})
        line = wizard.user_ids
        line.email = 'thief@example.com'
        for step in ('action_grant_access', 'action_invite_again', 'action_revoke_access'):
            with self.subTest(step=step), self.assertRefused(UserError, "looked after by colleagues"):
                getattr(line, step)()
        self.assertTrue(self.holder.active)
        self.assertFalse(partner.email)
        self.assertFalse(partner.sudo().signup_type)

    def test_odoos_wizard_does_for_others_what_it_did(self):
        partner = self.env['res.partner'].create({'name': "A partner body", 'email': 'body@example.com'})
        wizard = self.env['portal.wizard'].create({'partner_ids': [(6, 0, partner.ids)]})
        wizard.user_ids.action_grant_access()
        self.assertTrue(partner.user_ids.share)

    def test_an_account_that_another_door_broke_is_mended_at_the_desk(self):
        self.holder.sudo().write({'active': False, 'group_ids': [
            (3, self.env.ref('base.group_portal').id), (4, self.env.ref('base.group_public').id)]})
        self.assertEqual(self.grant(), self.holder)
        self.assertTrue(self.holder.active and self.holder._is_portal())

    def test_giving_and_closing_is_written_down(self):
        self.file.with_user(self.noura).action_close_portal_access()
        rows = self.env['amlaj.access.log'].search([('event', '=', 'account'), ('res_ref', '=', self.file.id)], order='id')
        self.assertEqual(rows.mapped('detail'), ['code given', 'closed'])
        self.assertEqual(set(rows.mapped('user_ref')), {self.noura.id})

    def test_states_cost_the_same_for_one_and_for_many(self):
        mandates = self.env['amlaj.mandate']
        for rank in range(6):
            mandates |= self.make_mandate(self.file, capacity='delegate', person_name=f"Helper {rank}")
        for mandate in mandates[:3]:
            mandate.with_user(self.noura).action_grant_portal_access()
        counts = []
        for some in (mandates[:1], mandates):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            states = some.mapped('account_state')
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(states, ['waiting'] * 3 + ['none'] * 3)
        self.assertLessEqual(counts[1] - counts[0], 1)
