import re

from markupsafe import Markup, escape

from odoo import api, models
from odoo.fields import Domain

ROWS = 20
ISOLATED = re.compile('\u2066([^\u2066-\u2069]*)\u2069')
# an address in a text, without the stop or comma that follows it
ADDRESS = re.compile(r'https?://[^\s\u2066-\u2069]*[^\s\u2066-\u2069.,;:!?)،؛؟]')
# where the page offers to cancel: from the reply on one calls, since the service may be on its way
CANCEL_STATES = ('draft', 'submitted', 'incomplete', 'research', 'committee')


class AmlajRequest(models.Model):
    """The applicant's own pages: his list and his request (R22, R69, R70).

    Who holds a valid mandate for the file is let in, portal user or employee alike; pages are drawn in superuser mode
    after that check, from what ``_told`` and the methods here return. What is another's, what has ended and what never
    was are the same empty record.
    """
    _inherit = 'amlaj.request'

    @api.model
    def _for_holder(self, request_id, right='may_follow'):
        """The request of this id for the current user's own pages.

        :param right: ``may_follow`` to see it, ``may_apply`` to act
        :return: the request in superuser mode, or an empty record where he holds no such mandate
        """
        return self._for_holder_by(request_id, right)[0]

    @api.model
    def _for_holder_by(self, request_id, right='may_follow'):
        """The same, and the mandates by which it is his."""
        mandates_sudo = self.env['amlaj.mandate']._held_for_request(self.env.user, request_id)
        # the mandate was just checked
        return self.sudo().browse(request_id if mandates_sudo._may(right) else ()), mandates_sudo

    @api.model
    def _holder_files(self, right='may_follow'):
        """The files for which the current user may follow and has ``right``, in superuser mode."""
        return self.env['amlaj.mandate']._held_by(self.env.user)._files(right)

    @api.model
    def _holder_list(self, page=1):
        """One page of the current user's requests, newest first: dict ``rows``, ``total``, ``step``."""
        mandates_sudo = self.env['amlaj.mandate']._held_by(self.env.user)
        files_sudo, files_to_apply_sudo = mandates_sudo._files(), mandates_sudo._files('may_apply')
        domain = Domain('beneficiary_id', 'in', files_sudo.ids)
        total = self.sudo().search_count(domain)  # files of his own mandates, here and below
        requests_sudo = self.sudo().search_fetch(
            domain, ['name', 'state', 'service_id', 'submitted_at', 'create_date', 'verified_at',
                     'informed_at', 'beneficiary_id', 'reply_not_before',
                     'reply_due', *self._list_fields()], limit=ROWS, offset=(max(page, 1) - 1) * ROWS)
        return {
            'total': total,
            'step': ROWS,
            'may_apply': bool(files_to_apply_sudo),
            'acts_for': len(files_sudo) == 1 and mandates_sudo._acts_for(files_sudo),
            'rows': [{
                'id': request.id,
                'number': request.name,
                'state': request.state,
                'state_text': request._told_state_text(),
                'service': request.service_id.name or '',
                'date': request._told_day(request.submitted_at or request.create_date),
                'beneficiary': request.beneficiary_id.name if len(files_sudo) > 1 else '',
                'may_act': request.beneficiary_id in files_to_apply_sudo,
            } for request in requests_sudo],
        }

    @api.model
    def _list_fields(self):
        """What the text of a state needs besides; later rooms add theirs."""
        return []

    @api.model
    def _holder_page(self, request_id):
        """All that the current user's page of this request shows, or False where he holds no mandate to follow it."""
        mandates_sudo = self.env['amlaj.mandate']._held_for_request(self.env.user, request_id)
        if not mandates_sudo._may('may_follow'):
            return False
        request_sudo = self.sudo().browse(request_id)  # the mandate was just checked
        return request_sudo._told_page(mandates_sudo)

    def _told_page(self, mandates):
        """The page of this request (superuser).

        :param mandates: those of its reader for this file
        """
        self.ensure_one()
        may_act = mandates._may('may_apply')
        told = self._told('portal')
        for item in told['missing']:
            item['url'] = may_act and self._missing_url(item)
        return {
            **told,
            'may_act': may_act,
            'acts_for': mandates._acts_for(self.beneficiary_id),
            'service': self.service_id.name or '',
            'text': self._told_text(),
            'missing_text': self.state == 'incomplete' and self.env['amlaj.paper']._slip_completion_text(self),
            'messages': self._told_messages(),
            'may_continue': may_act and self.state == 'draft',
            'may_send': may_act and self.state == 'incomplete' and not told['missing'],
            'may_cancel': may_act and self.state in CANCEL_STATES,
            'call_phone': self.branch_id._call_phone(),
        }

    def _missing_url(self, item):
        """Where the applicant adds what is missing."""
        base = f'/my/requests/{self.id}/step'
        if item['document_id']:
            return item['may_send'] and f"{base}/papers#paper-{item['document_id']}"
        if item['code'] == 'declaration':
            return f'{base}/sign'
        return item['code'] == 'answer' and f'{base}/questions'

    def _told_text(self):
        """The sentence under the state, as the slip says it."""
        paper = self.env['amlaj.paper']
        if self.state not in ('submitted', 'research', 'committee'):
            return ''  # what is missing is listed on the page
        latest = paper._reply_dates(self)[1]
        if latest and latest < self._today():
            return self.env._(
                "We promised you an answer by %(day)s, and we are late. We apologise, and follow it up. Please call us "
                "whenever you like.", day=self._told_day(latest))
        return paper._slip_complete_text(self)

    def _told_messages(self):
        """The messages that were prepared or sent for this request, newest first."""
        if self.state == 'draft':
            return []
        messages = self._fetched('message_out_ids', 'body', 'state', 'sent_at', 'create_date')
        # what was told to several persons stands here once
        once = {message.body: message for message in messages.sorted('id') if message.state != 'cancelled'}
        return [
            {'body': self._linked_here(message.body), 'date': self._told_day(message.sent_at or message.create_date)}
            for message in sorted(once.values(), key=lambda message: -message.id)]

    def _linked_here(self, text):
        """A message as its reader sees it in his own pages: addresses to tap, and the one that asks for a code leads here."""
        def link(found):
            # who is in already is not asked for number and code
            is_here = found[0].endswith('/follow-up')
            address, words = (f'/my/requests/{self.id}', self.env._("this page")) if is_here else (found[0], found[0])
            return Markup('<a href="{}" class="amlaj-inline-link"><bdi>{}</bdi></a>').format(address, words)

        def plain(part):
            # a number or phone does not break at the end of a line
            # as plain text: in Markup the pattern's own signs would be escaped too
            return Markup(ISOLATED.sub(r'<bdi dir="ltr" class="text-nowrap">\1</bdi>', str(escape(part))))

        parts, end = [], 0
        for found in ADDRESS.finditer(text or ''):
            parts += [plain(text[end:found.start()]), link(found)]
            end = found.end()
        return Markup().join([*parts, plain((text or '')[end:])])
