from odoo.tests import tagged

from . import committee_common

AGENDA = 60


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeCost(committee_common.CommitteeCommon):
    """An agenda of sixty files costs as many queries as one of two (rule 11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        few = cls.make_requests(2)
        many = cls.make_requests(AGENDA)
        cls.small, cls.large = cls.make_session(few), cls.make_session(many)

    @classmethod
    def make_requests(cls, number):
        """Raised requests of as many files, without each step of the way."""
        requests = cls.env['amlaj.request']
        first = cls.make_request()
        for rank in range(number - 1):
            file = cls.make_file(f"Salem Ali Saad Alharbi {rank}", registered=False)
            requests |= requests.create({
                'beneficiary_id': file.id, 'service_id': cls.service.id, 'description': "Rent"})
        requests.write({'state': 'committee', 'raised_at': first.raised_at, 'reply_due': first.reply_due,
                        'reply_not_before': first.reply_not_before})
        return requests | first.sudo()

    def queries(self, session, function):
        self.env.flush_all()
        self.env.invalidate_all()
        function(session)  # what is cached for the whole process (rights, views) is not what is counted
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(session)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertConstant(self, function):
        small, large = (self.queries(session, function) for session in (self.small, self.large))
        self.assertLessEqual(large, small + 3, f"{small} queries for two files, {large} for sixty")

    def test_dossiers(self):
        self.assertEqual(len(self.large.decision_ids), AGENDA)
        self.assertConstant(lambda session: session.sudo().decision_ids._dossiers())

    def test_the_agenda_list(self):
        names = ['request_number', 'first_name', 'service_id', 'kind', 'flag_text', 'may_vote', 'may_decide', 'my_vote',
                 'votes_for', 'votes_against', 'result', 'amount', 'name_hint', 'has_quorum', 'allowed_actions']
        specification = {name: {} for name in names}
        member = self.seat['m1'].user_id
        self.assertConstant(lambda session: session.with_user(member).decision_ids.web_read(specification))

    def test_the_session_form(self):
        names = ['quorum', 'has_quorum', 'item_count', 'undecided_count', 'candidate_count', 'allowed_actions']
        self.assertConstant(lambda session: session.read(names))

    def test_voting(self):
        def vote(session):
            session.with_user(self.seat['m1'].user_id).action_vote(session.request_ids.ids, 'for')
        self.assertConstant(vote)

    def test_deciding_in_one_step(self):
        def decide(session):
            with self.env.cr.savepoint() as savepoint:
                session.action_decide(session.request_ids.ids, 'approved', self.all_for())
                self.env.flush_all()
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertConstant(decide)
