from odoo.tests import tagged

from . import request_common


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestTold(request_common.RequestCommon):
    """What the applicant's page says of a request, state by state, for both doors (R22, R59)."""

    def told(self, request, door='portal'):
        return request.sudo()._told(door)

    def test_draft(self):
        told = self.told(self.ask())
        self.assertEqual(told['state_text'], "Draft, not sent yet")
        self.assertEqual([item['code'] for item in told['missing']], ['paper_missing', 'declaration'])
        self.assertFalse(told['needs_nothing'])
        self.assertEqual([step['is_now'] for step in told['steps']], [True, False, False, False])
        self.assertFalse(told['result'])
        self.assertFalse(told['actions'])

    def test_words_of_each_state(self):
        words = {
            'submitted': "reviewing its data", 'incomplete': "Waiting for something from you", 'research': "Under study",
            'committee': "the answer reaches you from", 'approved': "was approved", 'rejected': "We apologise",
            'delivery': "on its way", 'done': "was provided", 'cancelled': "Cancelled at your request",
        }
        for state, text in words.items():
            with self.subTest(state=state):
                request = self.make_request('committee' if state == 'cancelled' else state, file=self.make_file())
                if state == 'cancelled':
                    request.action_cancel("Helped by others")
                told = self.told(request)
                self.assertIn(text, told['state_text'])
                self.assertEqual(bool(told['missing']), state == 'incomplete')
                self.assertEqual(
                    told['needs_nothing'], state in ('submitted', 'research', 'committee', 'approved', 'delivery'))
                is_over = state in ('rejected', 'done', 'cancelled')
                self.assertEqual(sum(step['is_now'] for step in told['steps']), 0 if is_over else 1)
                self.assertEqual(all(step['is_done'] for step in told['steps']), is_over)

    def test_dates_in_both_calendars(self):
        told = self.told(self.make_request('committee'))
        self.assertEqual([label for label, __ in told['dates']], ["Received on", "The answer from", "The answer by"])
        for __, text in told['dates']:
            self.assertRegex(text, r'\d+ \w+ \d{4} \(.* AH\)')
        arabic = self.make_request('committee', file=self.make_file()).with_context(lang='ar_001')
        self.assertRegex(self.told(arabic)['dates'][0][1], r'هـ.*م\)')

    def test_what_may_be_sent(self):
        service = self.make_service("Three papers", self.lease, self.card)
        request = self.make_request('incomplete', service=service, file=self.make_file())
        missing = self.told(request)['missing']
        self.assertEqual([(item['text'], item['may_send']) for item in missing],
                         [("Lease (test)", True), ("Card (test)", True)])
        request.document_ids[0].action_receive()
        request.document_ids[0].action_mismatch("Another's name")
        self.assertIn("Another's name", self.told(request)['missing'][0]['text'])
        request.document_ids.action_receive_and_match()
        self.assertFalse(self.told(request)['missing'])
        self.assertFalse(any(document.sudo()._may_be_sent() for document in request.document_ids))

    def test_a_matched_paper_that_does_not_count_may_be_sent_again(self):
        request = self.make_request('incomplete', service=self.make_service("A card", self.card), file=self.make_file())
        card = request.document_ids
        card.expiry_date = '2020-01-01'
        card.action_receive_and_match()
        self.assertEqual(self.told(request)['missing'][0]['code'], 'paper_expired')
        self.assertTrue(card.sudo()._may_be_sent())

    def test_what_the_desk_asks_for(self):
        request = self.make_request('submitted')
        request.action_ask_completion("The first page\n\nA clearer photo")
        told = self.told(request)
        self.assertEqual([item['text'] for item in told['missing']], ["The first page", "A clearer photo"])

    def test_deliveries_and_what_the_follow_up_hides(self):
        delivery = self.make_delivery()
        delivery.sudo().write({'what': "Rent of March", 'amount': 1200})
        delivery.action_deliver("Salem Alharbi")
        request = delivery.sudo().request_id
        [shown] = self.told(request)['deliveries']
        self.assertEqual(shown['amount_text'], "SAR 1,200")
        self.assertEqual(shown['receipt_number'], delivery.receipt_number)
        text = str(self.told(request, 'follow'))
        for secret in ("Rent of March", "1,200", "Salem", request.service_id.name, request.beneficiary_id.name):
            self.assertNotIn(secret, text)

    def test_the_follow_up_hides_the_kind_of_help_in_every_state(self):
        for state in ('draft', 'incomplete', 'submitted', 'research', 'committee', 'approved', 'rejected', 'done'):
            service = self.make_service(
                f"Secret help {state}", self.lease, requires_case_study=state == 'research',
                description="What is secret")
            request = self.make_request(state, service=service, file=self.make_file("Hidden Name Person"))
            text = str(self.told(request, 'follow'))
            with self.subTest(state=state):
                for secret in ("Secret help", "secret", "Hidden", "1,200", "1200", "Two months"):
                    self.assertNotIn(secret, text)

    def test_urls_of_the_actions(self):
        request = self.ask().sudo()
        self.assertEqual(request._told_url('portal', 'objection'), f'/my/requests/{request.id}/objection')
        self.assertEqual(request._told_url('follow', 'objection'), '/follow-up/objection')
