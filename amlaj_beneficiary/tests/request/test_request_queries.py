from lxml import etree

from odoo.tests import tagged

from . import request_common

MANY = 80


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestQueries(request_common.RequestCommon):
    """A list, or the answer to "why not?", costs the same for one request and for eighty."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.questions = cls.make_service(
            "Questions (test)", cls.lease, cls.letter, cls.card, requires_case_study=True,
            questions=[{'name': 'months', 'type': 'integer', 'string': "Months?"},
                       {'name': 'bill', 'type': 'selection', 'string': "Bill?", 'selection': [['water', "Water"]]}])
        files = cls.env['amlaj.beneficiary'].create([
            {'name': f"Salem Ali {rank}", 'identity_number': cls.next_identity(), 'birth_date': '1990-02-12',
             'phone': '+966501234567', 'branch_id': cls.branch.id, 'locality_id': cls.locality.id}
            for rank in range(MANY)])
        cls.many = cls.env['amlaj.request'].with_user(cls.relations).create([
            {'beneficiary_id': file.id, 'service_id': cls.questions.id, 'answers': {'months': rank, 'bill': 'water'},
             'origin': 'outreach' if rank % 3 == 0 else 'applicant'}
            for rank, file in enumerate(files)])
        for rank, request in enumerate(cls.many):
            if rank % 2:
                cls.sign(request)
            if rank % 4:
                request.document_ids[0].action_receive_and_match()
        cls.portal = cls.make_portal_user('queries_portal')
        for file in files:
            cls.make_mandate(file, cls.portal)

    def queries(self, call, requests, user=None):
        """How many queries ``call`` takes on these requests with a cold cache."""
        requests = requests.with_user(user or self.relations)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call(requests)
        return self.env.cr.sql_log_count - before

    def assertConstant(self, call, user=None, most=None):
        call(self.many[:2].with_user(user or self.relations))  # what the registry and the rules cache
        few, many = (self.queries(call, self.many[:count], user) for count in (5, MANY))
        self.assertLessEqual(many, few)
        if most:
            self.assertLessEqual(many, most)

    def test_blockers(self):
        for action in ('submit', 'verify', 'raise', 'inform', 'cancel', 'sign', 'close', 'start_delivery'):
            with self.subTest(action=action):
                self.assertConstant(lambda requests, action=action: requests._get_blockers(action))

    def test_missing(self):
        self.assertConstant(lambda requests: requests.mapped('missing'))

    def test_missing_in_the_portal(self):
        self.assertConstant(lambda requests: requests.mapped('missing'), self.portal)

    def test_allowed_actions(self):
        self.assertConstant(lambda requests: requests.mapped('allowed_actions'))

    def test_next_step(self):
        self.assertConstant(lambda requests: requests.mapped('next_step'))

    def test_papers(self):
        self.assertConstant(lambda requests: requests.document_ids.mapped('fault'))

    def test_list_and_kanban(self):
        for kind in ('list', 'kanban'):
            view = self.env['amlaj.request'].with_user(self.relations).get_view(view_type=kind)
            specification = {
                name: {'fields': {'display_name': {}}} if self.many._fields[name].relational else {}
                for name in self._names(view['arch'])}
            self.assertGreater(len(specification), 5)
            with self.subTest(view=kind):
                self.assertConstant(
                    lambda requests, spec=specification: requests.web_search_read(
                        [('id', 'in', requests.ids)], spec, limit=MANY + 1), most=25)

    def _names(self, arch):
        """The request's own fields that the view ``arch`` reads."""
        tree = etree.fromstring(arch)
        return {node.get('name') for node in tree.iter('field') if not any(
            parent.tag == 'field' for parent in node.iterancestors())}

    def test_portal_list(self):
        specification = {name: {} for name in ('name', 'state', 'submitted_at', 'reply_shown_on', 'missing')}
        specification['service_id'] = {'fields': {'display_name': {}}}
        self.assertConstant(lambda requests: requests.web_search_read(
            [('id', 'in', requests.ids)], specification, limit=MANY + 1), self.portal)

    def test_making_many(self):
        file = self.make_file()
        vals = {'beneficiary_id': file.id, 'service_id': self.service.id}

        def cost(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['amlaj.request'].with_user(self.relations).create([dict(vals) for __ in range(count)])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(2)
        few, many = cost(5), cost(40)
        self.assertLessEqual((many - few) / 35, 12, "queries for each request more")
