from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from . import portal_common
from .test_portal_cost import MOST

DAY = timedelta(days=1)


@tagged('post_install', '-at_install', 'amlaj')
class TestFilePapers(portal_common.PortalHttpCommon):
    """What the requests add to the page of one's file: papers with their end, and that nothing stops by it."""

    def papers(self):
        return {paper['name']: paper for paper in self.file._told_papers()}

    def paper(self, days, kind=None):
        request = self.make_request('submitted', service=self.make_service(f"Service {days}", kind or self.card))
        request.document_ids.sudo().write({
            'state': 'matched', 'received_on': fields.Date.today(), 'expiry_date': fields.Date.today() + days * DAY})
        return request

    def test_the_newest_of_each_kind_with_its_end(self):
        self.paper(-5, self.lease)
        self.paper(10)
        self.make_request('draft', service=self.make_service("Nothing given", self.letter))
        papers = self.papers()
        self.assertEqual(set(papers), {self.lease.name, self.card.name})
        self.assertEqual((papers[self.card.name]['is_soon'], papers[self.card.name]['is_over']), (True, False))
        self.assertEqual((papers[self.lease.name]['is_soon'], papers[self.lease.name]['is_over']), (False, True))
        self.paper(400)
        self.assertFalse(self.papers()[self.card.name]['is_soon'])

    def test_the_page_says_that_nothing_stops(self):
        self.paper(10)
        self.login()
        text = ' '.join(self.tree('/my/file').text_content().split())
        self.assertIn(self.card.name, text)
        self.assertIn("It ends soon. Nothing stops.", text)

    def test_a_change_of_the_household_says_that_one_signs_again(self):
        request = self.make_request('submitted')
        self.login()
        page = self.tree(f'/my/file/change/member_add?file={self.file.id}').text_content()
        self.assertIn(request.name, page)
        self.assertIn("sign again", page)
        change, __ = self.file.with_user(self.holder)._ask_change(
            'member_add', {'name': "A girl", 'relationship': 'child'})
        self.assertTrue(request.declaration_ids.is_valid, "asking changes nothing yet")
        change.with_env(self.env).with_user(self.user['relations']).action_accept()
        self.assertFalse(any(request.declaration_ids.mapped('is_valid')))

    def test_what_the_fullest_page_costs(self):
        self.paper(10)
        self.file.preferred_channel_id = self.env['amlaj.channel']._by_code('phone')
        village = self.env['amlaj.locality'].create({'name': "Another village"})
        mine = self.file.with_user(self.holder)
        mine._ask_change('address', {'locality_id': str(village.id)})
        mine._ask_change('phone', {'phone': '0559876543'})
        self.login()
        for __ in range(3):
            self.page('/my/file')
        self.env.invalidate_all()
        profiling = self.profile(collectors=['sql'], db=False)
        with profiling:
            self.page('/my/file')
        [route] = profiling._profiler__.sub_profilers
        queries = [entry['full_query'].strip() for entry in route.collectors[0].entries]
        self.assertLessEqual(len(queries), MOST, '\n'.join(query[:300] for query in queries))
