"""The providers by which texts go out: Saudi gateways behind Odoo's own interface for them (``sms``).

What stands here of their interfaces: Unifonic's address, parameters and ``CorrelationID`` are from its public
documentation; Taqnyat's address, bearer token and fields are those that its public clients use. The form of their
delivery reports was not published where we looked, so reports are read tolerantly (``read_report``) and have to be tried
with a real account. Both are in the Kingdom; Odoo's own service is abroad and only used by whoever chooses it.
"""
import logging
from collections import namedtuple

import requests
import urllib3.exceptions

from odoo.addons.sms.tools.sms_api import SmsApiBase

_logger = logging.getLogger(__name__)

MOST_SECONDS = 10

# kind: accepted, retry (nothing was taken), refused (it never will be), unclear (nobody knows whether it was taken)
Outcome = namedtuple('Outcome', ['kind', 'provider_id', 'reason'], defaults=('', ''))

DELIVERED = ('delivered', 'delivrd', 'success')
FAILED = ('failed', 'rejected', 'undelivered', 'undeliv', 'expired', 'blocked')
IDS = ('correlationid', 'correlation_id', 'deleteid', 'messageid', 'message_id', 'id')
STATES = ('status', 'messagestatus', 'message_status', 'deliverystatus', 'state', 'dlr')


def read_report(report):
    """What a provider's delivery report says: ``(ids, is_delivered)``; ``is_delivered`` is None for a step between.

    :param report: names and values as they came, of whatever spelling
    """
    lower = {str(name).lower(): str(value) for name, value in report.items() if isinstance(value, (str, int))}
    ids = [lower[name][:80] for name in IDS if lower.get(name)]
    state = next((lower[name].lower() for name in STATES if lower.get(name)), '')
    return ids, True if state in DELIVERED else False if state in FAILED else None


class SmsApiKingdom(SmsApiBase):
    """What both gateways share: one text to one mobile, and what its answer means."""

    def send_one(self, number, text, reference):
        """Hand one text over.

        :param number: the mobile, with its country
        :param reference: our own name of this text, which the provider repeats in its reports where it can
        :return: an ``Outcome``
        """
        try:
            response = self._post(number.lstrip('+'), text, reference)
        except requests.exceptions.ConnectTimeout:
            return Outcome('retry', reason='timeout')
        except requests.exceptions.ConnectionError as error:
            inner = getattr(error.args[0], 'reason', None) if error.args else None
            is_before = isinstance(inner, urllib3.exceptions.NewConnectionError)
            return Outcome('retry' if is_before else 'unclear', reason='connection')
        except requests.exceptions.RequestException:
            # it was sent, and the answer did not come in time or not whole
            return Outcome('unclear', reason='no answer')
        return self._outcome(response)

    def _outcome(self, response):
        status = response.status_code
        if status == 429 or status >= 500:
            return Outcome('retry', reason=f'HTTP {status}')
        if status >= 400:
            return Outcome('refused', reason=f'HTTP {status}')
        try:
            is_taken, provider_id = self._read_answer(response.json())
        except (ValueError, AttributeError, TypeError, KeyError):
            return Outcome('unclear', reason='answer not understood')
        return Outcome('accepted', str(provider_id or '')[:80]) if is_taken else Outcome('refused', reason='refused')

    def _post(self, number, text, reference):
        raise NotImplementedError

    def _read_answer(self, answer):
        """``(whether it was taken, the provider's id)`` of a good answer's JSON."""
        raise NotImplementedError

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Odoo's own way in, for whatever other modules send by text."""
        states = {'accepted': 'success', 'refused': 'wrong_number_format'}
        return [
            {'uuid': number['uuid'], 'state': states.get(
                self.send_one(number['number'], message['content'], number['uuid']).kind, 'server_error')}
            for message in messages for number in message['numbers']]


class SmsApiTaqnyat(SmsApiKingdom):
    """Taqnyat (taqnyat.sa)."""
    URL = 'https://api.taqnyat.sa/v1/messages'

    def _post(self, number, text, reference):
        company_sudo = self.company.sudo()  # the token is for the server alone
        return requests.post(
            self.URL, json={'recipients': [number], 'body': text, 'sender': company_sudo.amlaj_sms_sender or ''},
            headers={'Authorization': f'Bearer {company_sudo.amlaj_sms_secret}'},
            timeout=MOST_SECONDS)

    def _read_answer(self, answer):
        return int(answer.get('statusCode') or 0) in (200, 201), answer.get('messageId')


class SmsApiUnifonic(SmsApiKingdom):
    """Unifonic (unifonic.com)."""
    URL = 'https://el.cloud.unifonic.com/rest/SMS/messages'

    def _post(self, number, text, reference):
        company_sudo = self.company.sudo()  # the application's id is for the server alone
        data = {'AppSid': company_sudo.amlaj_sms_secret, 'Recipient': number, 'Body': text, 'responseType': 'JSON',
                'CorrelationID': reference}
        if company_sudo.amlaj_sms_sender:
            data['SenderID'] = company_sudo.amlaj_sms_sender
        return requests.post(
            self.URL, data=data, headers={'Accept': 'application/json'}, timeout=MOST_SECONDS)

    def _read_answer(self, answer):
        return answer.get('success') in (True, 'true'), (answer.get('data') or {}).get('MessageID')


class SmsApiNone(SmsApiBase):
    """No provider: no text leaves this server."""

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        return [{'uuid': number['uuid'], 'state': 'server_error'} for message in messages for number in message['numbers']]
