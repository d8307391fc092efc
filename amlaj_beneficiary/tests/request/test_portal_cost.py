from odoo.fields import Command
from odoo.tests import tagged

from . import portal_common

MOST = 12
# what Odoo's layout and our head read of website and company; the services are in memory
MOST_SERVICES = 2
MANY = 200


@tagged('post_install', '-at_install', 'amlaj')
class TestPortalCost(portal_common.PortalHttpCommon):
    """What the applicant's pages cost: a dozen queries at most, the same for one request and for two hundred (P7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.questions = cls.make_service(
            "Questions (test)", cls.lease, cls.letter, cls.card, is_published=True, requires_case_study=True,
            questions=[{'name': 'months', 'type': 'integer', 'string': "Months?"}])

    def queries(self, path):
        """The queries of a page in a worker that has drawn it before."""
        self.env.flush_all()
        for __ in range(3):
            self.page(path)
        self.env.invalidate_all()
        profiling = self.profile(collectors=['sql'], db=False)
        with profiling:
            self.page(path)
        [route] = profiling._profiler__.sub_profilers
        return [entry['full_query'].strip() for entry in route.collectors[0].entries]

    def assertCost(self, path, most=MOST):
        seen = self.queries(path)
        self.assertLessEqual(len(seen), most, '\n'.join([path, *(query[:300] for query in seen)]))
        return len(seen)

    def test_a_draft(self):
        request = self.draft(service=self.questions)
        self.login()
        for path in ('', '/step/questions', '/step/need', '/step/papers', '/step/sign', '/step/review'):
            with self.subTest(path=path):
                self.assertCost(f'/my/requests/{request.id}{path}')

    def test_with_files(self):
        request = self.draft()
        with_files = request.document_ids.with_user(self.holder).sudo()
        for rank in range(4):
            with_files._receive_upload([(f'page{rank}.png', portal_common.request_common.picture(size=(90 + rank, 60)))])
        self.login()
        self.assertCost(f'/my/requests/{request.id}/step/papers')

    def test_the_request_in_every_state(self):
        self.login()
        for state in ('incomplete', 'submitted', 'committee', 'approved', 'delivery', 'done'):
            request = self.make_request(state)
            with self.subTest(state=state):
                self.assertCost(f'/my/requests/{request.id}')

    def test_new_request(self):
        self.login()
        few = self.assertCost('/my/requests/new')
        self.env['amlaj.service'].create([
            {'name': f"Service {rank}", 'kind': 'in_kind', 'is_published': True,
             'requirement_ids': [Command.create({'document_type_id': self.lease.id})]} for rank in range(MANY)])
        self.assertEqual(self.assertCost('/my/requests/new'), few)
        self.assertCost(f'/my/requests/new?service={self.questions.id}')

    def test_the_list(self):
        self.login()
        self.draft()
        few = self.assertCost('/my/requests')
        # with one page, two hundred or none of them are drawn from the same queries
        services = self.env['amlaj.service'].create([
            {'name': f"Service {rank}", 'kind': 'in_kind', 'is_published': True} for rank in range(MANY)])
        for service in services:
            self.draft(service=service)
        self.assertEqual(self.assertCost('/my/requests'), few)
        self.assertEqual(self.assertCost('/my/requests/page/7'), few)

    def test_services(self):
        few = self.assertCost('/services', MOST_SERVICES)
        self.env['amlaj.service'].create([
            {'name': f"Service {rank}", 'kind': 'in_kind', 'is_published': True,
             'requirement_ids': [Command.create({'document_type_id': self.lease.id})]} for rank in range(MANY)])
        self.assertEqual(self.assertCost('/services', MOST_SERVICES), few)
        self.assertCost(f'/services/{self.questions.id}', MOST_SERVICES)
