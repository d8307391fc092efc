from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import change_common
from .change_common import IBAN, SECOND_IBAN, WORDS, photo


@tagged('post_install', '-at_install', 'amlaj')
class TestChangeAsk(change_common.ChangeCommon):
    """Asking for a change: what is asked is kept beside what the file says, and the file stays as it is."""

    def test_old_and_new_side_by_side_and_the_file_stays(self):
        change = self.ask(phone='٠٥٥ ٩٨٧ ٦٥٤٣')
        self.assertEqual((change.state, change.origin, change.asked_by_id), ('new', 'applicant', self.holder))
        self.assertEqual((change.old_values, change.new_values), ({'phone': '+966501234567'}, {'phone': '+966559876543'}))
        self.assertEqual((change.schema, change.mandate_id), (1, self.mandate))
        self.assertEqual(self.file.phone, '+966501234567')

    def test_every_subject_is_judged_at_its_input(self):
        mine = self.file.with_user(self.holder)
        for subject, typed, name, text in (
            ('name', {'first_name': ''}, 'first_name', "fill this in"),
            ('name', {'first_name': 'x' * 200}, 'first_name', "at most 100"),
            ('phone', {}, 'phone', "enter the phone"),
            ('phone', {'phone': '0521'}, 'phone', "phone number"),
            ('phone', {'phone': '0501234567'}, 'phone', "says this already"),
            ('phone2', {'phone2': 'call me'}, 'phone2', "phone number"),
            ('email', {'email': 'no mail'}, 'email', "not an e-mail"),
            ('address', {}, 'locality_id', "choose the village"),
            ('address', {'locality_id': '99999999'}, 'locality_id', "one of the list"),
            ('address', {'short_address': '1'}, 'short_address', "short national address"),
            ('iban', {'iban': IBAN[:-1] + '8'}, 'iban', "IBAN is not right"),
            ('member_add', {'name': "A girl"}, 'relationship', "fill this in"),
            ('member_add', {'name': "A girl", 'relationship': 'boss'}, 'relationship', "one of the list"),
            ('member_add', {'name': "A", 'relationship': 'child', 'birth_date': '1/1/2999'}, 'birth_date', "year"),
        ):
            with self.subTest(subject=subject, typed=typed):
                change, errors = mine._ask_change(subject, typed)
                self.assertFalse(change)
                self.assertIn(text, errors[name])
        self.assertFalse(self.file.change_request_ids)

    def test_a_wish_counts_at_once_and_an_email_is_taken_back_at_once(self):
        channel = self.env['amlaj.channel']._by_code('phone')
        change = self.ask('reach', preferred_channel_id=str(channel.id), hours_to_call="Evening")
        self.assertEqual(change.state, 'accepted')
        self.assertEqual((self.file.hours_to_call, self.file.preferred_channel_id), ("Evening", channel))
        self.assertEqual(self.ask('email', email='new@example.com').state, 'new')
        self.assertEqual(self.file.email, 'salem@example.com')
        self.assertEqual(self.ask('email', email='').state, 'accepted')
        self.assertFalse(self.file.email)

    def test_the_second_takes_the_place_of_the_first_visibly(self):
        first = self.ask(phone='0551111111')
        second = self.ask(phone='0552222222')
        self.assertEqual((first.state, first.replaced_by_id, second.state), ('withdrawn', second, 'new'))
        self.assertEqual(second._sent_as(), 'newer')
        other = self.ask('email', email='new@example.com')
        self.assertEqual((second.state, other.state), ('new', 'new'))

    def test_two_new_children_are_two_requests(self):
        one = self.ask('member_add', name="A girl", relationship='child')
        two = self.ask('member_add', name="A boy", relationship='child')
        self.assertEqual((one.state, two.state), ('new', 'new'))
        again = self.ask('member_add', name="A girl", relationship='child', birth_date='1/2/2020')
        self.assertEqual((one.state, again.state), ('withdrawn', 'new'))

    def test_a_double_click_makes_one(self):
        key = 'a' * 32
        first = self.ask(key=key, phone='0551111111')
        self.assertEqual(self.ask(key=key, phone='0551111111'), first)
        # the form opened again with the browser's "back" says something else
        self.assertNotEqual(self.ask(key=key, phone='0552222222'), first)
        at_once = self.ask('reach', key='b' * 32, hours_to_call="Evening")
        self.assertEqual(self.ask('reach', key='b' * 32, hours_to_call="Evening"), at_once)
        self.assertEqual(self.file.change_request_ids.search_count([('subject', '=', 'reach')]), 1)

    def test_many_waiting_changes_are_not_endless(self):
        for number in range(30):
            self.ask('member_add', name=f"Child {number}", relationship='child')
        with self.assertRefused(UserError, "wait already"):
            self.ask('member_add', name="One more", relationship='child')

    def test_nobody_asks_without_a_mandate_to_apply(self):
        answers = set()
        for user in (self.follower, self.former, self.stranger, self.user['auditor']):
            for file in (self.file, self.file.browse(99999999)):
                with self.subTest(user=user.login), self.assertRefused(AccessError) as caught:
                    file.with_user(user)._ask_change('phone', {'phone': '0551111111'})
                answers.add(str(caught.exception))
        self.assertEqual(len(answers), 1, "another's file and one that never was are told alike")

    def test_a_guardian_after_the_eighteenth_birthday(self):
        child = self.make_file("A Child", birth_date='2012-03-04')
        guardian = self.make_portal_user('change_guardian')
        self.make_mandate(child, guardian, capacity='guardian')
        with freeze_time('2030-03-03'):
            change = self.ask(user=guardian, file=child, phone='0551111111')
        with freeze_time('2030-03-04'):
            with self.assertRaises(AccessError):
                self.ask(user=guardian, file=child, phone='0552222222')
            with self.assertRefused(UserError, "mandate of whoever asked"):
                self.staff(change).action_accept()
            with self.assertRaises(AccessError):
                change.with_env(self.env).with_user(guardian).action_withdraw()

    def test_a_mandate_that_ended_since(self):
        change = self.ask()
        self.mandate.action_end()
        with self.assertRefused(UserError, "mandate of whoever asked"):
            self.staff(change).action_accept()
        self.assertEqual(self.file.phone, '+966501234567')

    def test_no_subject_and_no_field_comes_from_the_client(self):
        mine = self.file.with_user(self.holder)
        for subject in ('state', 'identity_number', 'partner_id', '', None, [], {}, 'member_change', 'member_left'):
            with self.subTest(subject=subject), self.assertRefused(AccessError):
                mine._ask_change(subject, {'state': 'ended', 'identity_number': '1'})
        change = self.ask('phone', phone='0551111111', state='ended', iban=SECOND_IBAN, identity_number='1')
        self.assertEqual(change.new_values, {'phone': '+966551111111'})
        with self.assertRaises(AccessError):
            self.ask('member_left', member=self.env['amlaj.household.member'].create({
                'beneficiary_id': self.other.id, 'name': "Another's", 'relationship': 'child'}).id, x='')
        self.staff(change).action_accept()
        self.assertEqual((self.file.phone, self.file.state, self.file.iban), ('+966551111111', 'registered', IBAN))

    def test_a_number_of_somebody_else_is_answered_like_any_other(self):
        own = self.ask(phone='0551111111')
        others = self.ask(phone='0507654321')
        self.assertEqual((own._sent_as(), others._sent_as()), ('1', 'newer'))
        self.staff(others).action_accept()
        self.assertEqual(self.file.phone, self.other.phone)

    def test_what_is_no_text(self):
        mine = self.file.with_user(self.holder)
        for word in (None, True, 5, 2 ** 70, [], {'a': 1}):
            with self.subTest(word=word):
                self.assertIn('phone', mine._ask_change('phone', {'phone': word})[1])
                self.assertIn('phone', mine._ask_change('phone', word)[1])
        self.assertEqual(self.ask(key='\x00\ud800', phone='0551111111').state, 'new')

    def test_photos_are_judged_made_bare_and_go_with_the_answer(self):
        change = self.ask('iban', files=[('bank.jpg', photo())], iban=SECOND_IBAN)
        [kept] = change.attachment_ids
        self.assertEqual((kept.res_model, kept.res_id, kept.mimetype), (change._name, change.id, 'image/jpeg'))
        self.assertNotIn(b'canary', kept.raw)
        for user in (self.holder, self.stranger, self.make_user('change_outsider')):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                kept.with_user(user).read(['raw'])
        for attempt in (lambda f: f.unlink(), lambda f: f.write({'raw': b'x'})):
            with self.assertRaises(AccessError):
                attempt(kept.with_user(self.user['relations']))
        self.staff(change).action_refuse("Please bring the certificate.")
        self.assertFalse(kept.exists())

    def test_photos_of_a_replaced_request_go_too(self):
        for ends in (lambda change: self.ask('iban', iban=IBAN, iban_holder="His Brother"),
                     lambda change: change.with_env(self.env).with_user(self.holder).action_withdraw()):
            change = self.ask('iban', files=[('bank.jpg', photo())], iban=SECOND_IBAN)
            kept = change.attachment_ids
            self.assertTrue(kept)
            ends(change)
            self.assertEqual(change.state, 'withdrawn')
            self.assertFalse(kept.exists())

    def test_bad_photos_are_refused_and_nothing_is_recorded(self):
        mine = self.file.with_user(self.holder)
        for files in (
            [('bank.jpg', b'')], [('bank.jpg', b'MZ' + b'0' * 99)], [('a.svg', b'<svg onload="x"/>')],
            [('big.jpg', photo() + b'0' * 40_000_000)], [('p.jpg', photo())] * 4,
        ):
            with self.subTest(files=files[0][0], size=len(files[0][1])):
                change, errors = mine._ask_change('iban', {'iban': SECOND_IBAN}, None, None, files)
                self.assertFalse(change)
                self.assertTrue(errors['photo'])
        self.assertIn('photo', mine._ask_change('phone', {'phone': '0551111111'}, None, None, [('p.jpg', photo())])[1])
        self.assertFalse(self.file.change_request_ids)


@tagged('post_install', '-at_install', 'amlaj')
class TestChangeDecide(change_common.ChangeCommon):
    """Answering: by whom, by the file's own rules, with two people for a bank account."""

    def test_accepting_writes_through_the_files_own_rules(self):
        self.staff(self.ask('name', first_name=" سالمة ", father_name="علي", grandfather_name='', family_name="الحربي")
                   ).action_accept()
        self.assertEqual(self.file.name, "سالمة علي الحربي")
        self.assertEqual(self.env['amlaj.beneficiary'].with_user(self.user['relations']).find("سالمه")[0]['id'], self.file.id)
        self.assertEqual(self.mandate.person_name, self.file.name)
        self.staff(self.ask('address', locality_id=str(self.locality.id), short_address='rnbb2312'),
                   'representative').action_accept()
        self.assertEqual(self.file.short_address, 'RNBB2312')
        self.staff(self.ask('member_change', member=self.son.id, name="Saad", relationship='child'), 'manager').action_accept()
        self.assertEqual((self.son.name, self.son.birth_date), ("Saad", False))
        self.staff(self.ask('member_left', member=self.son.id, x='')).action_accept()
        self.assertFalse(self.son.exists())
        self.staff(self.ask('member_add', name="A girl", relationship='child', birth_date='١٥/٧/١٤٤٠')).action_accept()
        self.assertEqual(self.file.member_ids.name, "A girl")

    def test_an_acceptance_is_logged_by_the_names_of_fields_alone(self):
        self.staff(self.ask('phone2', phone2='0553334444', phone2_owner="His wife")).action_accept()
        row = self.env['amlaj.access.log'].search([], limit=1)
        self.assertEqual((row.event, row.detail, row.res_name), ('change', 'phone2,phone2_owner', self.file.file_number))
        self.assertEqual(row.detail_shown, "Second phone، Whose second phone")
        self.assertNotIn('553334444', str(row.read()))

    def test_what_changed_meanwhile_is_compared_once_more(self):
        change = self.ask()
        self.file.phone = '0553334444'
        self.assertTrue(change.is_stale)
        mine = self.staff(change)
        with self.assertRefused(UserError, "changed since"):
            mine.action_accept()
        self.assertEqual(self.file.phone, '+966553334444')
        mine.action_compare_again()
        self.assertEqual(change.old_values, {'phone': '+966553334444'})
        mine.action_accept()
        self.assertEqual(self.file.phone, '+966559876543')
        with self.assertRefused(UserError, "no longer waits"):
            mine.action_accept()

    def test_a_refusal_has_a_reason(self):
        change = self.staff(self.ask())
        for word in WORDS:
            with self.subTest(word=word), self.assertRefused(UserError, "reason"):
                change.action_refuse(word)
        change.action_refuse("Please come with the deed.")
        self.assertEqual((change.state, change.refuse_reason), ('refused', "Please come with the deed."))

    def test_a_bank_account_needs_two_people(self):
        change = self.ask('iban', iban=SECOND_IBAN)
        relations, manager = self.staff(change), self.staff(change, 'manager')
        with self.assertRaises(AccessError):
            relations.action_accept()
        with self.assertRaises(AccessError):
            self.staff(change, 'representative').action_accept()
        with self.assertRefused(UserError, "certificate was seen"):
            manager.action_accept()
        with self.env.cr.savepoint() as undone:
            manager.action_see_certificate()
            with self.assertRefused(UserError, "second person"):
                manager.action_accept()
            undone.rollback()
        change.invalidate_recordset()
        relations.action_see_certificate()
        manager.action_accept()
        self.assertEqual(
            (self.file.iban, self.file.iban_state, self.file.iban_changed_by_id, self.file.iban_confirmed_by_id),
            (SECOND_IBAN, 'confirmed', self.user['relations'], self.user['manager']))

    def test_both_sides_read_whose_turn_it_is(self):
        account, number = self.ask('iban', iban=SECOND_IBAN), self.ask()
        self.assertIn("then a second one accepts", account._told()['next'])
        self.assertIn("an employee compares it", number._told()['next'])
        self.assertIn("sees the bank's certificate", self.staff(account).whose_turn)
        self.assertIn("accepts it or refuses it", self.staff(number).whose_turn)
        self.staff(account).action_see_certificate()
        self.assertIn("You have seen the certificate", self.staff(account).whose_turn)
        self.assertIn("a manager, another person", self.staff(account, 'manager').whose_turn)
        self.staff(account, 'manager').action_accept()
        self.assertFalse(self.staff(account).whose_turn)
        self.assertFalse(account._told()['next'])
        with self.assertRaises(AccessError):
            number.with_user(self.holder).read(['whose_turn'])

    def test_only_an_account_has_a_certificate(self):
        change = self.ask()
        with self.assertRefused(UserError, "another kind"):
            self.staff(change).action_see_certificate()
        self.assertNotIn('see_certificate', self.staff(change).allowed_actions)
        self.assertIn(',accept_change,', self.staff(change).allowed_actions)
        account = self.staff(self.ask('iban', iban=SECOND_IBAN), 'manager')
        self.assertNotIn('accept_change', account.allowed_actions)
        self.assertIn(',accept_iban,', account.allowed_actions)

    def test_a_newer_account_waits_for_a_certificate_of_its_own(self):
        self.staff(self.ask('iban', iban=SECOND_IBAN)).action_see_certificate()
        newer = self.ask('iban', iban='SA4420000001234567891234', iban_holder="His Brother")
        self.assertFalse(newer.seen_at)
        with self.assertRefused(UserError, "certificate was seen"):
            self.staff(newer, 'manager').action_accept()

    def test_who_may_not_decide(self):
        change = self.ask()
        far = self.ask(user=self.stranger, file=self.other, phone='0551111111')
        self.other.branch_id = self.branch2
        for role in ('researcher', 'committee', 'delivery', 'quality', 'finance', 'auditor', 'privacy_officer'):
            for method in ('action_accept', 'action_compare_again', 'action_see_certificate'):
                with self.subTest(role=role, method=method), self.assertRaises(AccessError):
                    getattr(self.staff(change, role), method)()
            with self.assertRaises(AccessError):
                self.staff(change, role).action_refuse("No.")
        for user in (self.holder, self.follower, self.stranger, self.former):
            with self.assertRaises(AccessError):
                change.with_env(self.env).with_user(user).action_accept()
        with self.assertRaises(AccessError):
            self.staff(far, 'representative').action_accept()

    def test_nobody_decides_on_a_file_of_his_own(self):
        change = self.ask()
        self.make_mandate(self.file, self.user['relations'], capacity='delegate', may_apply=False)
        for attempt in (lambda c: c.action_accept(), lambda c: c.action_refuse("No.")):
            with self.assertRaises(AccessError):
                attempt(self.staff(change))

    def test_the_person_withdraws_his_own_while_it_waits(self):
        change = self.ask()
        for user in (self.follower, self.former, self.stranger):
            with self.assertRaises(AccessError):
                change.with_env(self.env).with_user(user).action_withdraw()
        change.with_env(self.env).with_user(self.holder).action_withdraw()
        self.assertEqual(change.state, 'withdrawn')
        with self.assertRefused(UserError, "no longer waits"):
            change.with_env(self.env).with_user(self.holder).action_withdraw()

    def test_a_closed_file_changes_no_more(self):
        change = self.ask()
        self.file.action_end("A test")
        with self.assertRefused(UserError, "closed"):
            self.staff(change).action_accept()
        with self.assertRefused(UserError, "closed"):
            self.ask('email', email='a@example.com')
