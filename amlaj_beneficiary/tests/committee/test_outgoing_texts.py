from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from . import committee_common

# what no text may say, put wherever a person can type
CANARIES = {
    'service': "CANARYSERVICE", 'description': "CANARYNEED", 'completion': "CANARYASKED", 'refusal': "CANARYREASON",
    'letter': "CANARYLETTER", 'cancel': "CANARYCANCEL", 'family': "CANARYFAMILY", 'note': "CANARYNOTE", 'paper': "CANARYPAPER",
    'amount': '4,711', 'amount_plain': '4711'}
RESULTS = ("accept", "approv", "reject", "refus", "apolog", "grant", "قبول", "موافق", "رفض", "نعتذر", "اعتذار", "صرف")


@tagged('post_install', '-at_install', 'amlaj')
class TestOutgoingTexts(committee_common.CommitteeCommon):
    """Every text that leaves the association says a number, a first name, a date or a link, and nothing of the kind of help,
    the result, the reason, an amount, health or need (design rule 9; R61, R69). A new kind of message has to come here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret_paper = cls.env['amlaj.document.type'].create({'name': CANARIES['paper'], 'has_expiry': True})
        cls.secret_service = cls.make_service(CANARIES['service'], kind='cash', requirement_ids=[
            Command.create({'document_type_id': cls.secret_paper.id})])
        cls.refusal.write({'name': CANARIES['refusal'], 'letter_text': CANARIES['letter']})

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=600))
        self.env['amlaj.message'].search([]).unlink()

    def person(self, lang):
        return self.make_file(f"Salem Ali Saad {CANARIES['family']}", first_name="Salem", lang=lang, phone='0501234567')

    def request_of(self, lang, raised=True):
        request = self.make_request(
            self.person(lang), self.secret_service, raised=False, description=CANARIES['description'], amount_requested=4711)
        request.document_ids.action_receive_and_match()
        request.action_receive_at_desk()
        if raised:
            request.action_raise()
        return request

    def walk(self, lang):
        """Make every message that the addon can make for requests in ``lang``; return other texts that leave with them."""
        others = []
        for result in ('approved', 'partial', 'rejected'):
            request = self.request_of(lang)
            options = {'amount': 4711} if result != 'rejected' else {}
            if result != 'approved':
                options['reason_id'] = self.refusal.id
            self.decided(result, request, reply=True, **options)
        waiting = self.request_of(lang, raised=False)
        waiting.with_user(self.relations).action_ask_completion(CANARIES['completion'])
        waiting.sudo()._prepare_notice('reminder')
        others.append(waiting.with_user(self.relations).action_open_home_link()['text'])
        paper = self.request_of(lang).sudo().document_ids
        paper.write({'expiry_date': paper._today() + timedelta(days=20), 'state': 'matched', 'expiry_told': 0})
        self.env['amlaj.request.document']._cron_tell_expiry()
        message = self.env['amlaj.message'].search([('state', '=', 'ready')], limit=1)
        message._miss()
        message._miss()
        message._miss()
        others += message.beneficiary_id.activity_ids.mapped('summary')
        waiting.with_user(self.relations).action_cancel(CANARIES['cancel'])
        return others

    def test_every_text_keeps_the_secrets(self):
        for lang in ('en_US', 'ar_001'):
            others = self.walk(lang)
            texts = self.env['amlaj.message'].search([]).mapped('body') + others
            self.assertGreater(len(texts), 8)
            for text in texts:
                for secret in CANARIES.values():
                    self.assertNotIn(secret, text)
                for word in RESULTS:
                    self.assertNotIn(word, text.lower())

    def test_no_kind_of_message_is_forgotten(self):
        self.walk('ar_001')
        made = set(self.env['amlaj.message'].search([]).mapped('kind'))
        kinds = set(dict(self.env['amlaj.message']._fields['kind'].selection)) - self.elsewhere()
        self.assertEqual(made, kinds)

    def elsewhere(self):
        """Kinds that later rooms make, each with a test of its own there; and the plain notice, which nothing makes yet."""
        return {'notice', 'rating', 'ticket'}
