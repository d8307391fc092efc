from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import change_common
from .change_common import SECOND_IBAN, WORDS

SCRIPT = '<script>alert(1)</script>'


@tagged('post_install', '-at_install', 'amlaj')
class TestChangeDesk(change_common.ChangeCommon):
    """The desk enters for who came, called or wrote; a colleague accepts (R70)."""

    def enter(self, subject='phone', role='relations', **typed):
        change_id = self.file.with_user(self.user[role]).action_enter_change(
            subject, typed or {'phone': '0559876543'}, 'paper')
        return self.env['amlaj.change.request'].browse(change_id)

    def test_what_is_entered_is_marked_and_a_colleague_accepts(self):
        change = self.enter()
        self.assertEqual(
            (change.origin, change.medium, change.asked_by_id), ('staff', 'paper', self.user['relations']))
        with self.assertRefused(UserError, "entered this yourself"):
            self.staff(change).action_accept()
        self.staff(change, 'representative').action_accept()
        self.assertEqual(self.file.phone, '+966559876543')

    def test_a_manager_does_not_accept_the_account_that_he_entered(self):
        change = self.enter('iban', 'manager', iban=SECOND_IBAN)
        self.staff(change).action_see_certificate()
        with self.assertRefused(UserError, "entered this yourself"):
            self.staff(change, 'manager').action_accept()
        second = self.make_user('change_manager', 'manager')
        change.with_user(second).action_accept()
        self.assertEqual(self.file.iban, SECOND_IBAN)

    def test_who_recorded_an_account_does_not_accept_it(self):
        both = self.make_user('change_both', 'relations', 'manager')
        change = self.ask('iban', iban=SECOND_IBAN)
        change.with_env(self.env).with_user(both).action_see_certificate()
        with self.assertRefused(UserError, "second person"):
            change.with_env(self.env).with_user(both).action_accept()

    def test_a_mandate_that_does_not_hold_is_refused(self):
        mine = self.file.with_user(self.user['relations'])
        follower = self.file.mandate_ids.filtered(lambda mandate: mandate.user_id == self.follower)
        for mandate in (follower, self.other.mandate_ids):
            with self.assertRefused(UserError, "does not allow"):
                mine.action_enter_change('phone', {'phone': '0559876543'}, 'visit', None, mandate.id)

    def test_who_may_not_enter(self):
        for user in (self.holder, self.user['auditor'], self.user['finance'], self.user['researcher']):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.file.with_user(user).action_enter_change('phone', {'phone': '0559876543'}, 'visit')

    def test_what_is_no_text_no_id_and_no_medium(self):
        mine = self.file.with_user(self.user['relations'])
        for word in WORDS:
            with self.subTest(word=word):
                for values in ((word, {'phone': '0559876543'}, 'visit'), ('phone', word, 'visit'),
                               ('phone', {'phone': word}, 'visit'), ('phone', {'phone': '0559876543'}, word),
                               ('member_left', {}, 'visit', word)):
                    with self.assertRefused(UserError, "."):
                        mine.action_enter_change(*values)

    def test_the_screen_enters_and_refuses(self):
        Entry = self.env['amlaj.change.entry'].with_user(self.user['relations'])
        entry = Entry.create({'beneficiary_id': self.file.id, 'subject': 'phone2'})
        entry.write({'phone2': '0553334444', 'phone2_owner': "His wife"})
        entry.action_confirm()
        change = self.file.change_request_ids
        self.assertEqual(change.new_values, {'phone2': '+966553334444', 'phone2_owner': "His wife"})
        self.env['amlaj.change.refuse'].with_user(self.user['representative']).create({
            'change_id': change.id, 'reason': "We could not reach you."}).action_confirm()
        self.assertEqual(change.state, 'refused')
        with self.assertRaises(AccessError):
            Entry.with_user(self.user['representative']).create({
                'beneficiary_id': self.make_file("Far", branch_id=self.branch2.id).id, 'subject': 'phone'})

    def test_tiles_and_search(self):
        self.ask('email', email='new@example.com')
        self.ask('iban', iban=SECOND_IBAN)
        self.enter()

        def count(role, key):
            tiles = self.env['amlaj.home'].with_user(self.user[role]).get_tiles()
            return {tile['key']: tile['count'] for tile in tiles}.get(key)

        self.assertEqual((count('relations', 'changes'), count('representative', 'changes')), (2, 3))
        self.assertEqual(count('manager', 'changes_second'), 0)
        self.staff(self.file.change_request_ids.filtered(lambda c: c.subject == 'iban')).action_see_certificate()
        self.assertEqual((count('manager', 'changes_second'), count('relations', 'changes')), (1, 1))
        found = self.env['amlaj.change.request'].with_user(self.user['relations']).search([
            ('beneficiary_id', 'ilike', self.file.file_number)])
        self.assertEqual(found, self.file.change_request_ids)
        self.assertEqual(self.file.with_user(self.user['relations']).open_change_count, 3)

    def test_what_staff_sees_is_escaped(self):
        change = self.ask('name', first_name=SCRIPT, family_name='<img src=x onerror=alert(1)>')
        drawn = self.staff(change).comparison
        self.assertNotIn('<script', drawn)
        self.assertNotIn('<img', drawn)
        self.assertIn('&lt;script&gt;', drawn)

    def test_the_list_costs_the_same_for_many(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['amlaj.change.request'].with_user(self.user['relations']).web_search_read(
                [], {'subject': {}, 'state': {}, 'beneficiary_id': {'fields': {'display_name': {}}}, 'origin': {}})
            return self.env.cr.sql_log_count - before

        self.ask()
        queries()
        few = queries()
        for number in range(20):
            self.ask('member_add', name=f"Child {number}", relationship='child')
        self.env.flush_all()
        self.assertEqual(queries(), few)


@tagged('post_install', '-at_install', 'amlaj')
class TestChangeRpc(change_common.ChangeCommon):
    """What a portal user or an employee forges over RPC."""

    def test_a_portal_user_reads_states_and_no_values(self):
        change = self.ask()
        mine = change.with_env(self.env).with_user(self.holder)
        self.assertEqual(mine.read(['state', 'subject'])[0]['state'], 'new')
        for name in ('new_values', 'old_values', 'attachment_ids', 'comparison', 'asked_by_id', 'mandate_id', 'slot'):
            with self.subTest(field=name), self.assertRaises(AccessError), mute_logger('odoo.models'):
                mine.read([name])
        Changes = self.env['amlaj.change.request']
        for user in (self.stranger, self.former):
            self.assertFalse(Changes.with_user(user).search([]))
            with self.assertRaises(AccessError):
                change.with_env(self.env).with_user(user).read(['state'])

    def test_nobody_creates_or_edits_one(self):
        change = self.ask()
        vals = {'beneficiary_id': self.file.id, 'subject': 'phone', 'slot': 'phone', 'state': 'accepted',
                'decided_by_id': self.user['manager'].id, 'new_values': {'phone': '1'}}
        for user in (self.holder, self.user['relations'], self.user['manager'], self.user['representative']):
            mine = change.with_env(self.env).with_user(user)
            for attempt in (
                lambda m: m.create(vals), lambda m: m.write({'state': 'accepted'}), lambda m: m.unlink(),
                lambda m: m.write({'new_values': {'phone': '1'}}), lambda m: m.copy({'state': 'accepted'}),
                lambda m: m.with_context(default_state='accepted').create({'beneficiary_id': self.file.id}),
                lambda m: m.web_save({'decided_by_id': self.user['manager'].id}, {}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger('odoo.models'):
                    attempt(mine)
        self.env['ir.default'].set('amlaj.change.request', 'state', 'accepted', user_id=self.holder.id)
        self.assertEqual(self.ask('email', email='a@example.com').state, 'new')

    def test_a_commands_way_through_the_file_is_shut(self):
        change = self.ask()
        for command in ((1, change.id, {'state': 'accepted'}), (0, 0, {'subject': 'phone', 'slot': 'x'}), (2, change.id, 0)):
            with self.subTest(command=command), self.assertRaises(AccessError):
                self.file.with_user(self.user['manager']).write({'change_request_ids': [command]})

    def test_a_request_that_never_was_is_told_alike(self):
        other = self.ask(user=self.stranger, file=self.other, phone='0551111111')
        answers = set()
        for change in (other, other.browse(99999999)):
            for method, args in (('action_withdraw', ()), ('action_accept', ()), ('action_refuse', ("No.",)),
                                 ('action_compare_again', ()), ('action_see_certificate', ())):
                with self.subTest(method=method, id=change.id), self.assertRefused(AccessError) as caught:
                    getattr(change.with_env(self.env).with_user(self.holder), method)(*args)
                answers.add(str(caught.exception))
        self.assertEqual(len(answers), 1)


@tagged('post_install', '-at_install', 'amlaj')
class TestContact(change_common.ChangeCommon):
    """The contact of a beneficiary gets no address, and nobody changes it past the file."""

    def test_a_portal_user_changes_nothing_of_his_contact_over_rpc(self):
        mine = self.holder.with_user(self.holder)
        for vals in ({'name': "Other"}, {'email': 'x@example.com'}, {'phone': '1'}, {'image_1920': 'R0lGODlhAQABAAAAACw='},
                     {'lang': 'en_US', 'name': "Other"}, {'signature': "x"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                mine.write(vals)
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.holder.partner_id.with_user(self.holder).write({'street': "A street"})
        mine.write({'tz': 'Asia/Riyadh'})
        other = self.make_portal_user('change_supplier')
        other.with_user(other).write({'email': 'x@example.com'})
        self.assertEqual(other.email, 'x@example.com')

    def test_a_beneficiarys_contact_gets_no_address_from_anybody(self):
        partner = self.env['res.partner'].create({'name': "Salem"})
        self.file.sudo().partner_id = partner
        for vals in ({'street': "A street"}, {'city': "Umluj"}, {'vat': '300'}, {'phone': '0501234567'},
                     {'country_id': self.env.ref('base.sa').id}):
            with self.subTest(vals=vals), self.assertRefused(ValidationError, "kept elsewhere"):
                partner.write(vals)
        with self.assertRefused(ValidationError, "kept elsewhere"):
            self.env['res.partner'].create({'name': "Home", 'parent_id': partner.id, 'type': 'delivery', 'street': "x"})
        partner.write({'street': False, 'name': "Salem Ali"})
        self.env['res.partner'].create({'name': "Somebody", 'street': "A street"})
