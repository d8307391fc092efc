from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase

from .. import common


class CommitteeBuilders(common.AmlajBuilders):
    """Builders of committees, sessions and raised requests.

    The committee has a chair, a deputy, three members and a secretary without a vote; requests go their real way, done
    by the relations employee.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relations, cls.manager = cls.user['relations'], cls.user['manager']
        cls.seat = {}
        cls.committee = cls.make_committee()
        cls.service = cls.make_service("Rent (test)")
        cls.cash = cls.make_service("Cash (test)", kind='cash', ceiling_amount=5000)
        cls.refusal = cls.env['amlaj.reason'].create({
            'name': "Conditions", 'letter_text': "The conditions are not met.", 'kind': 'refusal'})
        cls.interview = cls.env['amlaj.channel']._by_code('interview')

    @classmethod
    def make_committee(cls, prefix='', **vals):
        """A committee of six; ``self.seat`` names its seats ``chair``, ``deputy``, ``m1`` … ``m3``, ``secretary``."""
        committee = cls.env['amlaj.committee'].create({'name': f"Committee {prefix}", **vals})
        for key in ('chair', 'deputy', 'm1', 'm2', 'm3', 'secretary'):
            role = key if key in ('chair', 'deputy', 'secretary') else 'member'
            user = cls.make_user(f'amlaj_{prefix}{key}', 'committee')
            cls.seat[prefix + key] = cls.env['amlaj.committee.member'].create({
                'committee_id': committee.id, 'user_id': user.id, 'role': role, 'date_from': '2020-01-01'})
        return committee

    @classmethod
    def make_service(cls, name, **vals):
        return cls.env['amlaj.service'].create({'name': name, 'kind': 'in_kind', **vals})

    @classmethod
    def make_request(cls, file=None, service=None, raised=True, user=None, **vals):
        """A verified request, raised to the committee unless told otherwise, seen as the relations employee."""
        request = cls.env['amlaj.request'].with_user(user or cls.relations).create({
            'beneficiary_id': (file or cls.make_file()).id, 'service_id': (service or cls.service).id,
            'description': "Two months are due", 'amount_requested': 1200, 'channel_id': cls.interview.id, **vals})
        request.action_sign('paper', name="Salem Alharbi")
        request.action_receive_at_desk()
        if raised:
            request.action_raise()
        return request

    @classmethod
    def make_session(cls, requests=None, state='open', present=('chair', 'deputy', 'm1', 'm2', 'm3'), committee=None):
        """A session with these requests on its agenda, seen as the secretary."""
        committee = committee or cls.committee
        secretary = committee.member_ids.filtered(lambda member: member.role == 'secretary').user_id
        session = cls.env['amlaj.committee.session'].with_user(secretary).create({
            'committee_id': committee.id,
            'present_ids': [Command.set([cls.seat[name].id for name in present])],
            'request_ids': [Command.set(requests.ids if requests else [])]})
        if state != 'planned':
            session.action_open()
        return session

    @classmethod
    def votes(cls, **votes):
        """Votes as the secretary sends them: ``votes(chair='for', m1='against')``."""
        return [[cls.seat[name].id, vote] for name, vote in votes.items()]

    @classmethod
    def all_for(cls, *names):
        return cls.votes(**dict.fromkeys(names or ('chair', 'deputy', 'm1', 'm2', 'm3'), 'for'))

    def as_member(self, name, records):
        """``records`` as the user in this seat has them."""
        return records.with_user(self.seat[name].user_id)

    @classmethod
    def decided(cls, result='approved', request=None, reply=False, **options):
        """A request with a decision of a session that was closed, seen as the relations employee."""
        request = request or cls.make_request()
        session = cls.make_session(request)
        if result == 'rejected':
            options.setdefault('reason_id', cls.refusal.id)
        session.action_decide(request.ids, result, cls.all_for(), **options)
        session.action_close()
        if reply:
            request.with_user(cls.manager).action_allow_early_reply("The roof is gone")
            request.action_reply()
        return request


class CommitteeCommon(CommitteeBuilders, TransactionCase):
    """Base of the committee room's tests."""


class CommitteeHttpCommon(CommitteeBuilders, HttpCase):
    """Base of the committee room's tests that ask over HTTP."""
