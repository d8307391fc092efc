import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from ..registry import entry_common
from ..registry.entry_common import PASSWORD
from . import people_common

LOGGERS = ('odoo.models', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')


@tagged('post_install', '-at_install', 'amlaj')
class TestMakeVolunteer(people_common.PeopleBuilders, entry_common.EntryCommon):
    """From an accepted sign-up to a volunteer with an account and a charter that he signs (R42, R5, R6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls.make_application(availability='evenings', gender='female', ethics_version='2026-1')
        cls.mine = cls.application.lead_id.with_user(cls.coordinator)
        with file_open('web/static/img/logo.png', 'rb') as picture:
            cls.drawing = base64.b64encode(picture.read()).decode()

    def made(self):
        self.mine.action_make_volunteer()
        return self.application.volunteer_id

    # ------------------------------------------------------------
    # The volunteer and his account
    # ------------------------------------------------------------

    def test_a_volunteer_an_account_and_a_charter(self):
        action = self.mine.action_make_volunteer()
        self.assertEqual(action['report_name'], 'amlaj_beneficiary.paper_volunteer_slip')
        volunteer = self.application.volunteer_id
        self.assertRecordValues(volunteer, [{
            'name': "Sara Ali Aljohani", 'phone': '+966551234567', 'availability': 'evenings', 'state': 'active',
            'ethics_version': '2026-1', 'lead_id': self.mine.id, 'account_state': 'waiting', 'has_signed': False}])
        self.assertEqual(volunteer.field_ids, self.field)
        self.assertEqual(self.mine.stage_id, self.stage('accepted'))
        user = volunteer.user_id
        self.assertTrue(user.share and user.holds_mandate and not user.email)
        self.assertNotIn('551234567', user.login + str(user.partner_id.read(['phone', 'email', 'street', 'comment'])))
        self.assertRecordValues(volunteer.agreement_ids, [{
            'kind': 'charter', 'state': 'draft', 'text_version': '2026-1', 'party_name': volunteer.name}])
        with self.assertRefused(UserError, "is closed"):
            self.mine.action_make_volunteer()

    def test_he_enters_with_his_number_or_mobile(self):
        volunteer = self.made()
        self.assertEqual(self.enter(volunteer.user_id), volunteer.user_id.login)
        self.assertEqual(self.login(volunteer.number), volunteer.user_id.id)
        self.assertEqual(self.login('٠٥٥١٢٣٤٥٦٧'), volunteer.user_id.id)
        volunteer.with_user(self.coordinator).action_end()
        self.refused(volunteer.number, PASSWORD)

    def test_a_beneficiary_with_the_same_mobile_keeps_his_door(self):
        file = self.make_file(phone='0551234567')
        holder = self.grant(file)
        self.enter(holder)
        volunteer = self.made()
        self.enter(volunteer.user_id)
        self.assertEqual(self.login('0551234567'), holder.id)
        self.assertEqual(self.login(file.file_number), holder.id)
        self.assertEqual(self.login(volunteer.number), volunteer.user_id.id)
        self.assertFalse(self.env['amlaj.beneficiary'].with_user(volunteer.user_id).search([]))
        self.assertFalse(self.env['amlaj.volunteer'].with_user(holder).search([]))

    def test_whoever_has_an_account_keeps_it(self):
        holder = self.grant()
        self.application.user_id = holder
        action = self.mine.action_make_volunteer()
        volunteer = self.application.volunteer_id
        self.assertEqual((action['res_model'], volunteer.user_id), ('amlaj.volunteer', holder))
        self.assertEqual(self.env['amlaj.volunteer'].with_user(holder).search([]), volunteer)
        with self.assertRefused(UserError, "account of another kind"):
            volunteer.with_user(self.coordinator).action_give_code()
        self.assertTrue(self.env['amlaj.code']._in_force(holder, 'entry'), "the desk's own code still holds")
        own = self.make_portal_user('amlaj_own')
        other = self.make_application("Other Person", phone='0559998887', user_id=own.id)
        other.lead_id.with_user(self.coordinator).action_make_volunteer()
        self.assertFalse(self.env['amlaj.code']._in_force(own, 'entry'), "nor is a password put out")

    def test_a_code_anew_puts_the_old_password_out(self):
        volunteer = self.made()
        self.enter(volunteer.user_id)
        volunteer.with_user(self.coordinator).action_give_code()
        self.refused(volunteer.number, PASSWORD)
        self.assertEqual(volunteer.account_state, 'waiting')
        html = self.env['ir.actions.report']._render_qweb_html(
            'amlaj_beneficiary.paper_volunteer_slip', volunteer.ids)[0].decode()
        self.assertIn(volunteer.number, html)
        self.assertNotIn("Aljohani", html)

    @mute_logger(*LOGGERS)
    def test_nobody_else_makes_one(self):
        for role, user in self.user.items():
            if role != 'volunteer_coordinator':
                with self.subTest(role=role), self.assertRaises(AccessError):
                    self.application.lead_id.with_user(user).action_make_volunteer()
        own = self.make_application("Own Coordinator", phone='0559998887', user_id=self.coordinator.id)
        with self.assertRaises(AccessError):
            own.lead_id.with_user(self.coordinator).action_make_volunteer()
        with self.assertRefused(UserError, "no sign-up of a volunteer"):
            self.env['crm.lead'].create({
                'name': "S", 'team_id': self.env.ref('amlaj_beneficiary.crm_team_supporters').id,
            }).with_user(self.coordinator).action_make_volunteer()

    def test_the_same_person_is_no_volunteer_twice(self):
        volunteer = self.made()
        again = self.make_application("Sara  Ali Aljohani")
        with self.assertRefused(UserError, f"already: number {volunteer.number}"):
            again.lead_id.with_user(self.coordinator).action_make_volunteer()
        volunteer.with_user(self.coordinator).action_end()
        again.lead_id.with_user(self.coordinator).action_make_volunteer()

    # ------------------------------------------------------------
    # The charter
    # ------------------------------------------------------------

    def test_he_signs_his_charter(self):
        volunteer = self.made()
        charter = volunteer.agreement_ids.with_user(volunteer.user_id)
        for signature, name in ((self.drawing, ''), (self.drawing, None), (self.drawing, 5), ('', "Sara"), (None, "Sara"),
                                ('x', "Sara"), ([], "Sara"), (base64.b64encode(b'<svg/>').decode(), "Sara")):
            with self.subTest(name=name, signature=str(signature)[:5]), self.assertRefused(UserError, "."):
                charter.action_sign(signature, name)
        charter.action_sign(self.drawing, "Sara Ali")
        self.assertRecordValues(charter.sudo(), [{
            'state': 'signed', 'method': 'portal', 'signer_name': "Sara Ali", 'captured_by_id': False}])
        self.assertTrue(volunteer.has_signed)
        with self.assertRefused(UserError, "does not allow"):
            charter.action_sign(self.drawing, "Sara Ali")

    @mute_logger(*LOGGERS)
    def test_nobody_signs_for_him_and_he_reads_no_other(self):
        volunteer = self.made()
        stranger = self.make_portal_user()
        other = self.make_volunteer("Other", user=stranger)
        charter = volunteer.agreement_ids
        for user in (stranger, self.coordinator, self.user['manager'], self.user['relations']):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                charter.with_user(user).action_sign(self.drawing, "Sara Ali")
        mine = charter.with_user(volunteer.user_id)
        for name in ('signature', 'breach_ids', 'captured_by_id', 'volunteer_id', 'end_reason', 'party_phone', 'signed_copy'):
            with self.subTest(field=name), self.assertRaises(AccessError):
                mine.read([name])
        for attempt in (
            lambda: mine.write({'text': "x"}), lambda: mine.write({'state': 'signed'}), lambda: mine.unlink(),
            lambda: mine.copy(),
            lambda: mine.action_note_paper("x"), lambda: mine.action_end("x"), lambda: mine.action_renew(),
            lambda: mine.action_note_breach("x", 'none'), lambda: mine.create({'title': "x", 'text': "y"}),
            lambda: charter.with_user(stranger).read(['text']), lambda: charter.with_user(self.user['auditor']).action_end("x"),
            lambda: charter.with_user(self.coordinator).write({'state': 'signed'}),
            lambda: charter.with_user(self.coordinator).write({'volunteer_id': other.id}),
            lambda: volunteer.with_user(self.coordinator).write({
                'agreement_ids': [Command.update(charter.id, {'state': 'ended'})]}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(self.env['amlaj.agreement'].with_user(stranger).search([]))

    def test_signed_on_paper_breach_end_and_renewal(self):
        Agreements = self.env['amlaj.agreement'].with_user(self.coordinator)
        agreement = Agreements.create({
            'kind': 'partner', 'title': "Loan of a hall", 'party_name': "The school", 'text': "As agreed.",
            'valid_from': '2026-01-01', 'valid_until': '2026-01-31'})
        self.assertRegex(agreement.number, r'^\d\d-\d{3}$')
        with self.assertRefused(UserError, "does not allow"):
            agreement.action_note_breach("The hall was closed.", 'none')
        agreement.action_note_paper("The headmaster")
        self.assertRecordValues(agreement, [{
            'state': 'signed', 'method': 'paper', 'captured_by_id': self.coordinator.id, 'is_over': True}])
        for vals in ({'text': "Other"}, {'valid_until': '2027-01-01'}, {'title': "Other"}):
            with self.assertRefused(UserError, "is not changed"):
                agreement.write(vals)
        for what, outcome, day in (('', 'none', None), (None, 'none', None), ("x", 'prison', None), ("x", [], None),
                                   ("x", 'none', 'never'), ("x", 'none', '2999-01-01'), ('y' * 3000, 'none', None)):
            with self.subTest(what=what, outcome=outcome, day=day), self.assertRefused(UserError, "."):
                agreement.action_note_breach(what, outcome, day)
        agreement.action_note_breach("The hall was closed.", 'warning', '2026-01-05')
        renewal = Agreements.browse(agreement.action_renew()['res_id'])
        self.assertRecordValues(renewal, [{
            'renews_id': agreement.id, 'state': 'draft', 'signed_at': False, 'signer_name': False, 'text': "As agreed."}])
        self.assertEqual((renewal.valid_until - renewal.valid_from).days, 30)
        self.assertGreaterEqual(renewal.valid_from, renewal._today())
        with self.assertRefused(UserError, "renewal already"):
            agreement.action_renew()
        step = self.env['amlaj.agreement.step'].with_user(self.coordinator).create({
            'agreement_id': agreement.id, 'step': 'note_breach', 'text': "Closed again.", 'outcome': 'ended'})
        step.action_confirm()
        self.assertRecordValues(agreement, [{'state': 'ended', 'end_reason': "Closed again."}])
        self.assertEqual(agreement.breach_ids.mapped('outcome'), ['ended', 'warning'])
        with self.assertRefused(UserError, "does not allow"):
            agreement.action_end("Once more")
        html = self.env['ir.actions.report']._render_qweb_html(
            'amlaj_beneficiary.paper_agreement', agreement.ids)[0].decode()
        self.assertIn("The headmaster", html)


@tagged('post_install', '-at_install', 'amlaj')
class TestVolunteeringPages(people_common.PeoplePagesCommon):
    """The volunteer's own pages over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holder = cls.make_portal_user('amlaj_helper', lang='en_US')
        cls.stranger = cls.make_portal_user('amlaj_stranger', lang='en_US')
        cls.volunteer = cls.make_volunteer(user=cls.holder)
        cls.charter = cls.env['amlaj.agreement']._draw_up_charter(cls.volunteer)
        cls.url = f'/my/volunteering/agreements/{cls.charter.id}'
        with file_open('web/static/img/logo.png', 'rb') as picture:
            cls.drawing = base64.b64encode(picture.read()).decode()

    def accept(self, url=None, **values):
        return self.make_jsonrpc_request(f'{url or self.url}/accept', {'name': "Lamia", 'signature': self.drawing, **values})

    def test_the_volunteer_signs(self):
        self.authenticate('amlaj_helper', 'amlaj_helper')
        self.assertTrue(self.url_open('/my', allow_redirects=False).headers['Location'].endswith('/my/volunteering'))
        page = self.url_open('/my/volunteering')
        self.assertIn(self.volunteer.number, page.text)
        self.assertIn(self.url, page.text)
        self.assertIn("code of ethics", self.url_open(self.url).text)
        self.assertEqual(self.url_open(f'{self.url}/paper').status_code, 404)
        self.assertIn('error', self.accept(signature=''))
        self.assertNotIn('error', self.accept())
        self.assertEqual(self.charter.state, 'signed')
        self.assertIn("Lamia", self.url_open(self.url).text)
        paper = self.url_open(f'{self.url}/paper')
        self.assertEqual((paper.headers['Content-Type'], paper.content[:4]), ('application/pdf', b'%PDF'))

    @mute_logger('odoo.http')
    def test_another_finds_nothing(self):
        self.authenticate('amlaj_stranger', 'amlaj_stranger')
        for url in ('/my/volunteering', self.url, f'{self.url}/paper', '/my/volunteering/agreements/999999999999'):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)
        for url in (self.url, '/my/volunteering/agreements/99999999999'):
            self.assertEqual(self.accept(url)['error'], "There is no such agreement.")
        self.assertEqual(self.charter.state, 'draft')
        self.leave()
        self.assertIn('/web/login', self.url_open(self.url, allow_redirects=False).headers['Location'])
