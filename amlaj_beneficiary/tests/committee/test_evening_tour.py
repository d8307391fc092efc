from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .. import common


class EveningTour(common.AmlajHttpCommon):
    """A committee of five and sixty files of six services, raised to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = {'chair': 'chair', 'deputy': 'deputy', 'm1': 'member', 'm2': 'member', 'secretary': 'secretary'}
        cls.people = {key: cls.make_user(f'evening_{key}', 'committee') for key in roles}
        for user in cls.people.values():
            user.lang = 'ar_001'
        cls.committee = cls.env['amlaj.committee'].create({'name': 'لجنة الأمسية', 'member_ids': [
            Command.create({'user_id': cls.people[key].id, 'role': role, 'is_voting': True}) for key, role in roles.items()]})
        cls.env['amlaj.reason'].create({
            'name': "شروط الأمسية", 'letter_text': "لا تنطبق الشروط.", 'kind': 'refusal'})
        cls.requests = cls.env['amlaj.request']

    @classmethod
    def raise_requests(cls, services, each):
        noura = cls.user['relations']
        interview = cls.env['amlaj.channel']._by_code('interview')
        for rank in range(1, services + 1):
            service = cls.env['amlaj.service'].create({'name': f"خدمة الأمسية {rank}", 'kind': 'in_kind', 'sequence': rank})
            for _ in range(each):
                request = cls.env['amlaj.request'].with_user(noura).create({
                    'beneficiary_id': cls.make_file().id, 'service_id': service.id, 'channel_id': interview.id,
                    'description': "حاجة"})
                request.action_sign('paper', name="سالم الحربي")
                request.action_receive_at_desk()
                request.action_raise()
                cls.requests |= request

    def play(self, stretch, key, session=None):
        """Play a stretch as one of the people; it fails where it takes more clicks than its share."""
        reports = type(self.env['ir.actions.report'])
        render = reports._render_qweb_pdf

        def render_truly(self, *args, **kwargs):
            return render(self.with_context(force_report_rendering=True), *args, **kwargs)

        url = f'/odoo/committee-sessions/{session.id}' if session else '/odoo/committee-sessions'
        with patch.object(reports, '_render_qweb_pdf', render_truly):
            self.start_tour(url, f'amlaj_evening_{stretch}', login=self.people[key].login, timeout=240)
        self.env.invalidate_all()


@tagged('post_install', '-at_install', 'amlaj')
class TestEveningTour(EveningTour):
    """Tuesday evening in a browser, in Arabic: sixty files, five members, two exceptions (R60)."""

    def test_sixty_files_in_forty_clicks(self):
        self.raise_requests(services=6, each=10)
        self.play('secretary', 'secretary')
        session = self.env['amlaj.committee.session'].search([('committee_id', '=', self.committee.id)])
        self.assertEqual(session.state, 'closed')
        results = session.decision_ids.mapped('result')
        self.assertEqual([results.count(result) for result in ('approved', 'rejected', 'deferred')], [58, 1, 1])
        self.assertTrue(all(item.snapshot_hash for item in session.decision_ids))
        self.assertEqual(len(session.decision_ids.vote_ids), 60 * 5)
        self.assertEqual(len(session.decision_ids.vote_ids.filtered('confirmed_at')), 60, "the secretary's own")
        for key in ('chair', 'deputy', 'm1', 'm2'):
            self.play('member', key, session)
        self.assertTrue(all(session.decision_ids.vote_ids.mapped('confirmed_at')), "each confirmed his own")
        self.assertTrue(self.env['amlaj.access.log'].search_count([
            ('model', '=', 'amlaj.committee.session'), ('res_ref', '=', session.id), ('detail', '=', 'paper_minutes')]))


@tagged('post_install', '-at_install', 'amlaj')
class TestEveningPhone(EveningTour):
    """A member on his own phone of 360 px: the question about relatives, his votes, his signature."""

    browser_size = '360x740'
    touch_enabled = True

    def test_a_member_on_his_phone(self):
        self.raise_requests(services=2, each=2)
        secretary = self.people['secretary']
        session = self.env['amlaj.committee.session'].with_user(secretary).create({
            'committee_id': self.committee.id, 'present_ids': [Command.set(self.committee.member_ids.ids)],
            'request_ids': [Command.set(self.requests.ids)]})
        session.action_publish()
        session.action_open()
        self.play('member_votes', 'm1', session)
        seat = self.committee.member_ids.filtered(lambda member: member.user_id == self.people['m1'])
        votes = session.sudo().decision_ids.vote_ids
        self.assertEqual((votes.member_id, len(votes)), (seat, 4))
        self.assertTrue(all(vote.is_own for vote in votes))
        session.action_record_answers()
        others = self.committee.member_ids - seat
        session.action_decide(self.requests.ids, 'approved', [[member.id, 'for'] for member in others])
        session.action_close()
        self.play('member_signs', 'm1', session)
        self.assertEqual(session.sudo().signature_ids.filtered('signed_at').member_id, seat)
