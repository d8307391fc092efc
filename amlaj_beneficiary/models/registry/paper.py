import re
from base64 import b64decode
from functools import partial
from hmac import compare_digest

from markupsafe import Markup, escape

from odoo import api, fields, models, tools

from ...tools import amount, counted, hijri, iban, phone
from ...tools.paper import image_data_uri, qr_data_uri
from ...tools.text import bare
from .guarded import ASSOCIATION_TZ

CHECK_DIGITS = 10
# First words of a first name that is two words long: «عبد الله», «أم كلثوم».
NAME_OPENINGS = ('عبد', 'أبو', 'ابو', 'أم', 'ام')
LTR_ISOLATE, FIRST_STRONG_ISOLATE, POP_ISOLATE = '\u2066', '\u2068', '\u2069'


class AmlajPaper(models.AbstractModel):
    """What every printed form of the association shares: its helpers, its number and its check (R41, R69).

    The QR of a paper holds a number and ten check digits. Whoever scans it learns that the association
    issued that number, when, and what sort of paper it is; nothing about a person. The model has no
    table and no public method, so nobody calls it from outside; the page is ``/verify``.
    """

    _name = 'amlaj.paper'
    _description = "Printed Form"

    # --- what can be verified ---------------------------------------------------------------

    @api.model
    def _amlaj_verifiable(self):
        """Which records carry a number that anyone may verify.

        Rooms extend it: ``{model: (kind of paper, number field, date field)}``. The kind is shown to
        whoever scans the paper, so it never names a kind of help or a result.
        """
        return {}

    @api.model
    def _check_digits(self, model, number):
        """Ten digits that only this database can compute for ``number`` of ``model``."""
        # sudo: the secret is read to be hashed, it never leaves this method
        digest = tools.hmac(self.env(su=True), 'amlaj.paper', (model, number))
        return str(int(digest, 16) % 10 ** CHECK_DIGITS).zfill(CHECK_DIGITS)

    @api.model
    def _get_code(self, record):
        """The verification code of a record's paper, ``number-check``; False where there is none."""
        spec = self._amlaj_verifiable().get(record._name)
        number = spec and len(record) == 1 and record[spec[1]]
        return f'{number}-{self._check_digits(record._name, number)}' if number else False

    @api.model
    def _get_verify_url(self, record):
        """The address that the QR of a record's paper holds; False where there is none."""
        code = self._get_code(record)
        return f'{record.get_base_url()}/verify/{code}' if code else False

    @api.model
    def _find_issued(self, code):
        """What may be said to anyone about ``code``: ``{'number', 'kind', 'date'}``, or False.

        A wrong code and an unknown number are answered alike, and the comparison takes constant time.
        """
        number, __, check = bare(code).rpartition('-')
        if not number or not re.fullmatch(f'[0-9]{{{CHECK_DIGITS}}}', check):
            return False
        for model, (kind, number_field, date_field) in self._amlaj_verifiable().items():
            if not compare_digest(self._check_digits(model, number), check):
                continue
            # sudo: the check digits prove that the reader holds the paper; only its date is given
            record_sudo = self.env[model].sudo().with_context(active_test=False).search(
                [(number_field, '=', number)], limit=1)
            if record_sudo:
                return {'number': number, 'kind': kind, 'date': self._day(record_sudo[date_field])}
        return False

    # --- what templates call ----------------------------------------------------------------

    @api.model
    def _day(self, value):
        """The association's calendar day of a date, a datetime or nothing."""
        if not value:
            return False
        if isinstance(value, str):
            value = fields.Datetime.to_datetime(value) if len(value) > 10 else fields.Date.to_date(value)
        if hasattr(value, 'hour'):
            value = fields.Datetime.context_timestamp(self.with_context(tz=ASSOCIATION_TZ), value).date()
        return value

    @api.model
    def _ltr(self, text):
        """``text`` kept in its own left-to-right island: a number with a hyphen turns round in Arabic otherwise."""
        return f'{LTR_ISOLATE}{text}{POP_ISOLATE}' if text else ''

    @api.model
    def _unbroken(self, text):
        """A date whose «هـ» and «م» never begin a line."""
        return text.replace(' هـ', '\N{NO-BREAK SPACE}هـ').replace(' م)', '\N{NO-BREAK SPACE}م)')

    @api.model
    def _get_values(self, report):
        """The helpers and facts that every template of ours finds in its rendering context."""
        lang = self.env.context.get('lang') or self.env.lang or 'en_US'
        company = self.env.company
        direction = self.env['res.lang']._get_data(code=lang).direction or 'ltr'
        with tools.file_open('amlaj_beneficiary/static/src/paper/paper.css') as css:
            # our own file: the one thing that goes into the page unescaped
            stylesheet = Markup(css.read())

        def on_day(function, value):
            day = self._day(value)
            return self._unbroken(function(day, lang)) if day else ''

        return {
            'paper_css': stylesheet,
            'paper_lang': lang.split('_')[0],
            'paper_dir': direction,
            'paper_company': company,
            'paper_logo': not company.uses_default_logo and company.logo and image_data_uri(b64decode(company.logo)),
            'paper_phone': company._get_paper_phone(),
            'paper_today': self._day(fields.Datetime.now()),
            'paper_code': self._get_code,
            'paper_qr': lambda record: (url := self._get_verify_url(record)) and qr_data_uri(url),
            'full_date': partial(on_day, hijri.full_date),
            'short_date': partial(on_day, hijri.short_date),
            'first_name': self._first_name,
            'show_time': self._show_time,
            'show_phone': lambda value: self._ltr(phone.show_phone(value)) if value else '',
            'show_iban': lambda value: self._ltr(iban.show_iban(value)) if value else '',
            'show_amount': self._show_amount,
            'amount_words': lambda value: amount.amount_words(value, lang) if value else '',
            'counted': lambda number, noun: counted.counted(number, noun, lang),
            'ltr': self._ltr,
            'lines': self._lines,
        }

    @api.model
    def _lines(self, text):
        """What a person typed, line by line, each in the direction of its own first letter."""
        return Markup('<br/>').join(
            escape(f'{FIRST_STRONG_ISOLATE}{self._addresses_apart(line)}{POP_ISOLATE}') for line in (text or '').splitlines())

    @api.model
    def _addresses_apart(self, text):
        """``text`` with its web addresses each in an island of its own: they turn round in Arabic otherwise."""
        return re.sub(r'https?://[^\s،]+', lambda found: self._ltr(found.group()), text)

    @api.model
    def _first_name(self, beneficiary):
        """What a paper that lies on a counter says of whom it concerns: a first name, or an organisation's name."""
        if not beneficiary or beneficiary.kind == 'organisation':
            return beneficiary.name or ''
        words = (beneficiary.first_name or beneficiary.name or '').split()
        return ' '.join(words[:2] if words[:1] and words[0] in NAME_OPENINGS else words[:1])

    @api.model
    def _show_time(self, value):
        """The hour of a datetime on the association's clock, as 16:05."""
        if not value:
            return ''
        return fields.Datetime.context_timestamp(self.with_context(tz=ASSOCIATION_TZ), value).strftime('%H:%M')

    @api.model
    def _show_amount(self, value):
        """An amount with its currency's sign, digits 0-9, halalas only where there are some."""
        if not value or not float(value):
            return ''
        digits = amount.show_amount(value).removesuffix('.00')
        return self.env._("SAR %(amount)s", amount=digits)
