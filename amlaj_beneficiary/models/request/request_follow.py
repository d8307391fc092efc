from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.code import show_code
from ...tools.paper import qr_data_uri
from ...tools.text import bare, clean_line
from ..registry.guarded import Actors, Blocker
from .request_flow import DESK
from .request_told import PAPER_FIELDS

FOLLOW = 'follow'
FOLLOW_DAYS = 180
LONGEST_TYPED = 40
FOLLOW_ACTIONS = ('renew_follow', 'revoke_follow')


class AmlajRequest(models.Model):
    """Following a request without an account, by its number and the code on the papers about it (R22, R61; rule 10).

    The code stands on slip, notice and letter, the same on all of them, and holds for 180 days after the last of them.
    Whoever has both sees where the request is and what is missing, sends it, and after the reply reads the answer; no
    name and no kind of help. The desk ends the code or gives another one. The methods with a leading underscore are for
    the page's controller, which counts the tries.
    """
    _inherit = 'amlaj.request'

    # ------------------------------------------------------------
    # The code
    # ------------------------------------------------------------

    def _follow_code(self):
        """The code of this request in superuser mode, in force for 180 days from now; empty before it was sent, and
        after the desk has ended it.

        Called where a paper is made: whoever takes a new paper home can follow for as long again.
        """
        self.ensure_one()
        Code = self.env['amlaj.code'].sudo()  # who prints the paper was let do so; nothing but the paper shows the code
        if self.state == 'draft':
            return Code
        code_sudo = Code._in_force(self, FOLLOW)
        if code_sudo:
            until = fields.Datetime.now() + timedelta(days=FOLLOW_DAYS)
            if code_sudo.expires_at < until - timedelta(days=1):
                code_sudo.expires_at = until
            return code_sudo
        ended = Code.search_count([
            ('res_model', '=', self._name), ('res_id', '=', self.id), ('purpose', '=', FOLLOW), ('revoked_at', '!=', False),
        ], limit=1)
        return Code if ended else Code._issue(self, FOLLOW, days=FOLLOW_DAYS)

    def action_renew_follow_code(self):
        """Give a new code for following; the one on earlier papers ends.

        :return: the action that prints the slip with it
        """
        self.ensure_one()
        self._do('renew_follow')
        self.env['amlaj.code']._issue(self, FOLLOW, days=FOLLOW_DAYS)
        self._record_access('follow', 'code given')
        return self.action_print_slip()

    def action_revoke_follow_code(self):
        """End the code: the paper that holds it may be in wrong hands. Later papers carry none until a new one is given."""
        self._do('revoke_follow')
        for request in self:
            if not self.env['amlaj.code']._in_force(request, FOLLOW):
                self.env['amlaj.code']._issue(request, FOLLOW, days=FOLLOW_DAYS)  # so that later papers know
            request._record_access('follow', 'code ended')
        self.env['amlaj.code']._revoke(self, FOLLOW)
        return True

    def _actors(self):
        return super()._actors() | dict.fromkeys(FOLLOW_ACTIONS, Actors(DESK | {'manager'}))

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for request in self.sudo() if action in FOLLOW_ACTIONS else ():  # the actor is checked apart
            if request.state == 'draft':
                blockers[request.id].append(Blocker('state', self.env._("The request was not sent yet.")))
        return blockers

    # ------------------------------------------------------------
    # At the door
    # ------------------------------------------------------------

    @api.model
    def _followed(self, number, code):
        """The request of this number whose code in force this is, in superuser mode; an empty record for all else."""
        # the code is the right, and is asked for a number of nobody as well, so that both cost the same
        request_sudo = self.sudo().search([('name', '=', bare(number)[:LONGEST_TYPED])], limit=1)
        return request_sudo if self.env['amlaj.code']._is_right(request_sudo, FOLLOW, clean_line(code)) else self.sudo()

    def _follow_ticket(self):
        """What the visitor's session keeps so that the next page need not ask again (superuser)."""
        self.ensure_one()
        return [self.id, self.env['amlaj.code']._in_force(self, FOLLOW).id]

    @api.model
    def _followed_by_ticket(self, ticket):
        """The request of a session's ticket while its code is in force, in superuser mode; else an empty record."""
        try:
            request_id, code_id = map(int, ticket)
        except (TypeError, ValueError):
            return self.sudo()
        request_sudo = self.sudo().browse(request_id).exists()
        code_sudo = self.env['amlaj.code']._in_force(request_sudo, FOLLOW)
        return request_sudo if code_sudo.id == code_id else self.sudo()

    # ------------------------------------------------------------
    # What the pages show and do
    # ------------------------------------------------------------

    def _followed_page(self):
        """All that the page of a followed request shows (superuser)."""
        self.ensure_one()
        told = self._told('follow')
        told['missing'] = [{**item, 'url': self._followed_url(item)} for item in self._followed_missing(told['missing'])]
        return {
            **told,
            'text': self._told_text(),
            'missing_text': self.state == 'incomplete' and self.env['amlaj.paper']._slip_completion_text(self),
            'may_send': self.state == 'incomplete' and not told['missing'],
            'call_phone': self.branch_id._call_phone(),
        }

    def _followed_missing(self, items):
        """What is missing without what would tell a need or the kind of help: the service's own questions, and what staff
        wrote, are asked by phone; papers whose name tells it are not named."""
        papers = {document.id: document for document in self.document_ids} if items else {}
        shown = []
        for item in items:
            if paper := papers.get(item['document_id']):
                item = {**item, 'text': paper._told_fault('follow') or paper._told_name('follow')}
            elif item['code'] == 'completion':
                item = {**item, 'text': self.env._("Something else that our office has told you: please call us.")}
            elif item['code'] in ('answer', 'service'):
                item = {**item, 'text': self.env._("We still have a question: please call us.")}
            elif item['code'] == 'declaration':
                item = {**item, 'text': self.env._(
                    "Your signature: please call us, and we send you a link for signing at home.")}
            if item not in shown:
                shown.append(item)
        return shown

    def _followed_url(self, item):
        return bool(item['document_id'] and item['may_send']) and f"/follow-up/papers#paper-{item['document_id']}"

    def _followed_papers(self):
        """The papers that may still be sent, for the page that takes them; what nobody waits for comes last (superuser)."""
        self.ensure_one()
        papers = [document._told_paper('follow') for document in self._fetched('document_ids', *PAPER_FIELDS)]
        return sorted(
            (paper for paper in papers if paper['may_send'] or paper['files']), key=lambda paper: paper['is_extra'])

    def _send_by_follower(self):
        """Send the request again once everything is there; what was sent already is sent once.

        :raise UserError: with what has to be done before
        """
        self.ensure_one()
        self._lock()
        if self.state == 'incomplete':
            if self._told_missing():
                raise UserError(self.env._("Something is still missing. Please look at the list."))
            self.action_submit()
        return True


class AmlajPaper(models.AbstractModel):
    """How a paper tells where its reader follows the request."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'follow': self._follow}

    @api.model
    def _follow(self, request):
        """Number, code, address and QR for following ``request``; False where there is no code."""
        code_sudo = request._follow_code() if request else request
        if not code_sudo:
            return False
        address = f'{request.get_base_url()}/follow-up'
        return {
            'code': self._ltr(show_code(code_sudo._digits())),
            'address': self._ltr(address.split('://')[-1]),
            # behind the # nothing reaches a server, a log or another site
            'qr': qr_data_uri(f'{address}#{request.name}-{code_sudo._digits()}'),
        }

    @api.model
    def _send_link(self, request):
        code_sudo = self.env['amlaj.code']._in_force(request.sudo(), FOLLOW)  # only whether there is one
        return f'{request.get_base_url()}/follow-up' if code_sudo else super()._send_link(request)
