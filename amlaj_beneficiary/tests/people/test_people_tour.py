from odoo.fields import Command
from odoo.tests import tagged

from . import people_common, volunteering_common


@tagged('post_install', '-at_install', 'amlaj')
class TestPeopleTour(volunteering_common.VolunteeringBuilders, people_common.PeoplePagesCommon):
    """An adult and a person of 17 in a browser of 360 px and in Arabic: from the page through the guardian's link, the
    pipeline and the first entry to a signed charter; the person of 17 goes on to an opportunity, hours and a certificate
    (R42, R5)."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env['website'].search([], limit=1)
        arabic = cls.env['res.lang']._activate_lang('ar_001')
        website.write({'language_ids': [Command.set(arabic.ids)], 'default_lang_id': arabic.id})
        cls.env.company.partner_id.lang = 'ar_001'

    def walk(self, tour, path):
        self.env.flush_all()
        self.leave()
        self.start_tour(path, f'amlaj_people_{tour}', timeout=180)
        self.env.invalidate_all()

    def accept(self, application):
        """What the coordinator does: move, accept, hand the slip over. Returns the address that its square holds."""
        lead = application.lead_id.with_user(self.coordinator)
        for name in ('contacted', 'interview', 'checks'):
            lead.stage_id = self.stage(name)
        lead.action_make_volunteer()
        user = application.volunteer_id.user_id
        digits = self.env['amlaj.code']._in_force(user, 'entry')._digits()
        return f'/enter#{user.login}-{digits}'

    def sign(self, application):
        self.walk('charter', self.accept(application))
        volunteer = application.volunteer_id
        self.assertTrue(volunteer.has_signed)
        self.assertRecordValues(volunteer.agreement_ids, [{
            'state': 'signed', 'method': 'portal', 'signer_name': application.name, 'title': "ميثاق تنفيذ الفرصة التطوعية"}])
        return volunteer

    def test_an_adult(self):
        self.walk('adult', '/volunteer')
        application = self.newest()
        self.assertRecordValues(application, [{'phone': '+966551234567', 'guardian_state': 'none'}])
        self.assertFalse(self.sign(application)._is_minor())

    def test_a_person_of_17(self):
        self.walk('young', '/volunteer')
        application = self.newest()
        self.assertEqual(application.guardian_state, 'waiting')
        self.walk('guardian', self.link_of(application))
        self.assertRecordValues(application, [{'guardian_state': 'given', 'guardian_signed_name': "سعد فرج البلوي"}])
        volunteer = self.sign(application)
        self.assertTrue(volunteer._is_minor())
        self.assertEqual(volunteer.guardian_phone, '+966550000001')
        self.help(volunteer)

    def help(self, volunteer):
        """Join an opportunity, enter the hours of another, and find the certificate once they are confirmed."""
        user = volunteer.user_id
        user.password = user.login  # as the tours log in
        self.supervisor.lang = 'ar_001'
        opportunity = self.make_opportunity(
            'غرس أشجار القرم عند البحيرة', place='البوابة الشمالية', is_for_minors=True, age_min=15,
            shift_ids=[Command.create({'date': self.day(3), 'start_hour': 9, 'end_hour': 11})])
        self.work('join', '/volunteer/opportunities', user)
        self.assertRecordValues(opportunity.participation_ids, [{'seat': 'taken', 'volunteer_id': volunteer.id}])
        __, past = self.make_past(name='تعبئة السلال في المستودع', is_for_minors=True, age_min=15)
        past.volunteer_id = volunteer
        self.work('enter', '/my/volunteering', user)
        self.work('supervise', '/volunteering/day', self.supervisor)
        past.hour_ids.with_user(self.coordinator).action_confirm()
        self.work('certificate', '/my/volunteering', user)
        certificate = past._certificate()
        self.assertEqual((certificate.person_name, certificate.hours), (volunteer.name, 3.5))

    def work(self, tour, path, user):
        self.env.flush_all()
        self.start_tour(path, f'amlaj_volunteering_{tour}', login=user.login, timeout=120)
        self.env.invalidate_all()
