"""Masks what no log may hold: identity numbers, mobiles, IBANs, codes, tokens (design rule 10; S23).

It works where log records are made, so that every logger and every handler is covered: Odoo's own lines, the lines of
web requests, a failed query with its values, a traceback. Pure Python, no ORM.
"""
import logging
import re
import traceback

MASK = '***'
# these lines speak of processes and their memory in bytes, and of nobody
PROCESSES = 'odoo.service.server'

# pages whose address holds a secret behind this word, and the words of a query that do
_PATH = re.compile(r'(/(?:sign|verify|rate|rating|follow-up|enter|reset_password|signup)/)[^\s/?#"\'<>]+')
_QUERY = re.compile(r'(?<=[?&])((?:access_|csrf_|signup_)?token|code|number|password|login|hash|key)=[^\s&#"\']+', re.IGNORECASE)
# a part of an address that is long and mixed is a token, whatever the page
_TOKEN = re.compile(r'/(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{24,}(?=[/?#\s"\']|$)')
# a code as it is printed and read aloud
_CODE = re.compile(r'(?<![\w-])\d{3}-\d{3}-\d{4}(?![\w-])')
_IBAN = re.compile(r'\bSA(?:[ -]?\d){22}\b', re.IGNORECASE)
# Saudi mobiles in every spelling; ٠-٩ are digits here as well
_MOBILE = re.compile(r'(?<![\w.])(?:(?:\+|00|٠٠)?(?:966|٩٦٦)[ -]?[0٠]?|[0٠])?[5٥]\d[ -]?\d{3}[ -]?\d{4}(?!\w)')
# identity numbers, file codes: ten digits that stand alone
_TEN = re.compile(r'(?<![\w.])\d{10}(?!\w)')
# what somebody typed is repeated to him between these; his mistakes are as much his own
_TYPED = re.compile(r'“[^“”]{1,200}”')


def mask(text):
    """Return ``text`` without the numbers and tokens of people."""
    text = _PATH.sub(rf'\1{MASK}', text)
    text = _QUERY.sub(rf'\1={MASK}', text)
    if 'filestore' not in text:  # a file there is named after its checksum, which an administrator needs
        text = _TOKEN.sub(f'/{MASK}', text)
    for pattern in (_CODE, _IBAN, _MOBILE, _TEN):
        text = pattern.sub(MASK, text)
    return _TYPED.sub(lambda found: f'“{MASK}”' if any(map(str.isdigit, found[0])) else found[0], text)


def _masked(record):
    """Mask a log record in place; a record that cannot be formatted stays as it is, for the handler to complain."""
    try:
        text = record.getMessage()
    except (TypeError, ValueError, KeyError):
        return record
    masked = mask(text)
    if masked != text:
        record.msg, record.args = masked, ()
    if record.exc_info and record.exc_info[0] and not record.exc_text:
        # what a formatter finds here it does not write anew
        record.exc_text = mask(''.join(traceback.format_exception(*record.exc_info)).rstrip())
    return record


def install():
    """Mask every log record of this process from now on; a second call changes nothing."""
    make = logging.getLogRecordFactory()
    if getattr(make, 'masks_people', False):
        return

    def make_masked(*args, **kwargs):
        record = make(*args, **kwargs)
        return record if record.name == PROCESSES else _masked(record)

    make_masked.masks_people = True
    logging.setLogRecordFactory(make_masked)
