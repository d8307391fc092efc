from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from . import request_common

NOW = '2026-03-02 09:00:00'


@tagged('post_install', '-at_install', 'amlaj')
class TestPaperExpiry(request_common.RequestCommon):
    """Who has a paper that ends is told 60, 30 and 7 days before, once each, and nothing of his stops (R23)."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))
        self.startPatcher(patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=600))
        self.env['amlaj.message'].search([]).unlink()
        self.service_with_card = self.make_service("With a card (test)", self.card)

    def paper(self, days, file=None, kind=None, state='submitted'):
        """A matched paper that ends in so many days."""
        service = self.service_with_card if kind is None else self.make_service("Other (test)", kind)
        request = self.make_request('submitted', service=service, file=file or self.file)
        document = request.document_ids.sudo()
        document.expiry_date = document._today() + timedelta(days=days)
        document.write({'state': 'matched', 'expiry_told': 0})
        if state != 'submitted':
            request.sudo().state = state
        return document

    def told(self):
        """What the cron queues now."""
        known = self.env['amlaj.message'].search([])
        for _ in range(2):
            self.env['amlaj.request.document']._cron_tell_expiry()
        return self.env['amlaj.message'].search([('kind', '=', 'expiry')]) - known

    def test_sixty_thirty_seven_once_each(self):
        paper = self.paper(61)
        days_told = []
        for left in range(61, -3, -1):
            with freeze_time(paper.expiry_date - timedelta(days=left) + timedelta(hours=9)):
                days_told += [left] * len(self.told())
        self.assertEqual(days_told, [60, 30, 7])

    def test_days_without_the_cron_are_not_made_up_for(self):
        paper = self.paper(20)
        self.assertEqual(len(self.told()), 1)
        self.assertEqual(paper.expiry_told, 30)
        self.assertEqual(paper.request_id.state, 'submitted')
        self.assertEqual(paper.beneficiary_id.state, 'registered')

    def test_a_renewed_paper_is_not_asked_for(self):
        self.paper(20)
        self.paper(300)
        self.assertFalse(self.told())

    def test_the_same_paper_in_two_requests_is_told_once(self):
        self.paper(20)
        self.paper(20)
        self.assertEqual(len(self.told()), 1)

    def test_closed_files_and_refused_requests_are_left_alone(self):
        self.paper(20, state='rejected')
        self.paper(20, state='cancelled')
        closed = self.make_file()
        self.paper(20, file=closed)
        closed.sudo().state = 'ended'
        self.assertFalse(self.told())

    def test_only_what_says_nothing_of_a_need_is_named(self):
        self.paper(20)
        report = self.env['amlaj.document.type'].create({'name': "Medical report", 'has_expiry': True})
        ill = self.make_file(lang='ar_001')
        self.paper(20, file=ill, kind=report)
        messages = self.told()
        named = messages.filtered(lambda message: message.beneficiary_id == self.file)
        self.assertIn("Card (test)", named.body)
        self.assertNotIn("Medical", (messages - named).body)

    def test_several_papers_make_one_message(self):
        self.file.lang = 'en_US'
        self.paper(20)
        self.paper(40, kind=self.env['amlaj.document.type'].create({'name': "Second", 'has_expiry': True}))
        [message] = self.told()
        self.assertIn("2 documents", message.body)

    def test_many_files_cost_the_same_queries_for_finding(self):
        self.paper(20)
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.env.invalidate_all()
            self.env['amlaj.request.document']._expiring_by_file()
        for _ in range(5):
            self.paper(20, file=self.make_file())
        self.env.flush_all()
        with self.assertQueryCount(8):
            self.env.invalidate_all()
            self.env['amlaj.request.document']._expiring_by_file()
