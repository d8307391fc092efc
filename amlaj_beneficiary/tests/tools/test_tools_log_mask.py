import logging

from odoo.tests import BaseCase, tagged

from ...tools import log_mask

HIDDEN = (
    ("Login failed for login:1000000008 from 192.0.2.1", '1000000008'),
    ("typed ١٠٠٠٠٠٠٠٠٨ today", '١٠٠٠٠٠٠٠٠٨'),
    ("Key (identity_number)=(2000000006) already exists", '2000000006'),
    ("card-1000000008.pdf", '1000000008'),
    ("call 0501234567.", '501234567'),
    ("call +966501234567", '501234567'),
    ("call 00966501234567", '501234567'),
    ("call 966 50 123 4567", '123'),
    ("call 050 123 4567", '123'),
    ("call 050-123-4567", '123'),
    ("call ٠٥٠١٢٣٤٥٦٧", '٥٠١٢٣٤٥٦٧'),
    ("call 501234567", '501234567'),
    ("code 123-456-7890", '456'),
    ("iban SA0380000000608010167519", '608010167519'),
    ("iban SA03 8000 0000 6080 1016 7519", '6080'),
    ('"GET /sign/Ab3-x_9 HTTP/1.1" 200', 'Ab3-x_9'),
    ('"GET /ar/verify/26-01234-ABCD?x=1 HTTP/1.1" 200', 'ABCD'),
    ('"GET /rate/abc HTTP/1.1" 404', 'abc'),
    ('"POST /follow-up/abc/send HTTP/1.1" 303', '/abc'),
    ('"GET /x/y?access_token=s3cret&z=1 HTTP/1.1" 200', 's3cret'),
    ('"GET /web/reset_password?token=s3cret HTTP/1.1" 200', 's3cret'),
    ('"GET /my/thing/0f8fad5bd9cb469fa16570867728950e HTTP/1.1" 200', '0f8fad5bd9cb'),
    ("“05012” is too short for a phone number.", '05012'),
)
KEPT = (
    "2026-11-26 13:09:41,905 8574 INFO db odoo.addons.base: 12 rows in 0.123 s",
    '127.0.0.1 - - [26/Nov/2026 13:09:41] "GET /web/assets/1/debug/web.assets_frontend.min.js HTTP/1.1" 200 - 4 0.002 0.004',
    '"POST /web/dataset/call_kw/amlaj.request/action_submit HTTP/1.1" 200',
    '"GET /my/requests/123456/papers HTTP/1.1" 200',
    "request 26-01234 of user #17 (id 123456789)",
    "GC'd 1 file /filestore/db/1a/1a5f8fad5bd9cb469fa16570867728950e000000",
)


@tagged('post_install', '-at_install', 'amlaj')
class TestToolsLogMask(BaseCase):
    """No log line holds a number or token of a person (S23)."""

    def test_what_is_hidden(self):
        for text, secret in HIDDEN:
            with self.subTest(text=text):
                self.assertNotIn(secret, log_mask.mask(text))
                self.assertIn(log_mask.MASK, log_mask.mask(text))

    def test_what_is_kept(self):
        for text in KEPT:
            with self.subTest(text=text):
                self.assertEqual(log_mask.mask(text), text)

    def test_every_logger_is_covered_whatever_way_it_is_called(self):
        log_mask.install()
        log_mask.install()
        logger = logging.getLogger('some.other.module')
        with self.assertLogs(logger, logging.INFO) as logs:
            logger.info("number %s of %r", '1000000008', {'phone': '0501234567'})
            logger.warning(ValueError("identity 1000000008"))
            try:
                raise ValueError("identity 1000000008")
            except ValueError:
                logger.exception("it failed")
        text = '\n'.join(logs.output + [logging.Formatter().format(record) for record in logs.records])
        self.assertNotIn('1000000008', text)
        self.assertNotIn('501234567', text)
        self.assertIn('Traceback', text)

    def test_lines_of_processes_are_left_alone(self):
        log_mask.install()
        record = logging.getLogger(log_mask.PROCESSES).makeRecord(
            log_mask.PROCESSES, logging.INFO, __file__, 1, "memory limit (%s) reached", (2147483648,), None)
        self.assertEqual(record.getMessage(), "memory limit (2147483648) reached")

    def test_a_wild_text_takes_no_time(self):
        for text in ('/' * 50000, '1' * 50000, 'SA' + '1 ' * 50000, '“' * 50000, '/' + 'a1' * 50000, '05 ' * 50000):
            with self.subTest(text=text[:4]):
                self.assertLess(len(log_mask.mask(text)), len(text) + 20)
