import hashlib
import secrets
from datetime import timedelta
from urllib.parse import quote

from odoo import api, fields, models

from ...tools.amount import show_amount
from ...tools.code import show_code
from ...tools.text import isolate
from ..registry.mandate import ADULT_AGE

MINUTES_VALID = 15
HOURS_AT_HOME = 72
CODE = 'sign'


class AmlajSignatureLink(models.Model):
    """A link by which the applicant signs on a phone or tablet: shown as a QR at the desk, for 15 minutes, or sent to
    his home, for 72 hours, and opened there by a code that the employee tells him apart from it (R57, R58).

    Random, hashed at rest, for one request, once. Nobody reads the table; the app's own methods use it.
    """
    _name = 'amlaj.signature.link'
    _description = "Link for signing"

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='cascade')
    token_hash = fields.Char(required=True, index=True)
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    data_hash = fields.Char(required=True, help="What the page shows: when it changes, the link ends.")
    is_from_home = fields.Boolean(help="It needs the code that was told apart from it.")

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _open(self, request, is_from_home=False):
        """Make a new link for ``request``; earlier ones end.

        :return: the token, which is stored nowhere, and the ten digits that a link for home needs besides
        """
        self.sudo().search([('request_id', '=', request.id), ('used_at', '=', False)]).unlink()
        token = secrets.token_urlsafe(32)
        valid = timedelta(hours=HOURS_AT_HOME) if is_from_home else timedelta(minutes=MINUTES_VALID)
        link_sudo = self.sudo().create({  # nobody has a right on links; the caller checked his own step
            'request_id': request.id, 'token_hash': self._hash(token), 'data_hash': request._declared_hash(),
            'is_from_home': is_from_home, 'expires_at': fields.Datetime.now() + valid})
        Code = self.env['amlaj.code']
        return token, Code._issue(link_sudo, CODE, hours=HOURS_AT_HOME)._digits() if is_from_home else ''

    @api.model
    def _find(self, token):
        """The link of ``token`` while it can be used, in superuser mode; else an empty record."""
        if not token or len(token) > 100:
            return self.sudo().browse()
        return self.sudo().search([
            ('token_hash', '=', self._hash(token)), ('used_at', '=', False), ('expires_at', '>', fields.Datetime.now()),
        ], limit=1).filtered(lambda link: link.data_hash == link.request_id._declared_hash())

    def _is_right_code(self, typed):
        """Whether ``typed`` is what opens this link at home (superuser; the caller counts the tries)."""
        return self.env['amlaj.code']._is_right(self, CODE, typed)

    def _sign(self, signature, name):
        """Sign as the applicant before the employee who opened the link, or at home; the link ends.

        :raise UserError: when the drawing or the name is missing, or the request can no longer be signed
        """
        self.ensure_one()
        self.lock_for_update()
        employee = self.create_uid
        request = self.request_id.with_user(employee)
        if self.is_from_home:
            request._sign_from_home(signature, name)
        else:
            request.action_sign('drawn', signature, name)
        self.used_at = fields.Datetime.now()
        employee._bus_send('amlaj_signed', {'request_id': request.id})

    def _summary(self):
        """What the signer sees before he signs: what is asked and what he answered, as ``(label, value)`` lines."""
        self.ensure_one()
        request = self.request_id
        return {
            'number': request.name, 'lines': request._declared_lines(),
            'text': request._declaration_text(), 'button': self.env._("I sign this declaration")}

    @api.autovacuum
    def _gc_links(self):
        self.sudo().search([('expires_at', '<', fields.Datetime.now() - timedelta(days=1))]).unlink()


class AmlajRequest(models.Model):
    _inherit = 'amlaj.request'

    def action_open_signature_link(self):
        """Open a link for signing at the desk.

        :return: ``{'url': ..., 'minutes': ...}``; shown as a QR code on the employee's screen
        """
        self.ensure_one()
        self._do('sign')
        token, _code = self.env['amlaj.signature.link']._open(self)
        return {'url': f'{self.get_base_url()}/sign/{token}', 'minutes': MINUTES_VALID}

    def action_open_home_link(self):
        """Open a link for signing at home: it is sent to the person, and the code is told to him apart from it.

        :return: ``{'text': what to send, 'chat_url': address of the chat or False, 'code': as read aloud, 'hours': ...}``
        """
        self.ensure_one()
        self._do('sign')
        token, code = self.env['amlaj.signature.link']._open(self, is_from_home=True)
        file = self.beneficiary_id
        in_his_language = self.with_context(lang=file.lang or self.env.lang)
        text = in_his_language.env._(
            "To sign your request no. %(number)s, please open %(link)s and enter the code that we tell you.",
            number=isolate(self.name), link=f'{self.get_base_url()}/sign/{token}')
        return {
            'text': text, 'chat_url': file.phone and f"https://wa.me/{file.phone.lstrip('+')}?text={quote(text)}",
            'code': show_code(code), 'hours': HOURS_AT_HOME}

    def _sign_from_home(self, signature, name):
        """Record a signature that was drawn at home behind a link and its code; for a child its guardian's."""
        self.ensure_one()
        file_sudo = self.sudo().beneficiary_id  # its age decides who signs
        age = file_sudo._age() if file_sudo.kind == 'person' else None
        if age is not None and age < ADULT_AGE:
            return self.action_sign('guardian', signature, name)
        return self._sign('home', signature, name)

    def _declared_lines(self):
        """What is declared, for who signs it: ``(label, value)`` lines without what was left open (superuser)."""
        self.ensure_one()
        lines = [
            (self.env._("First name"), self.beneficiary_id.first_name or self.beneficiary_id.name.split()[0]),
            (self.env._("Service"), self.service_id.name),
            (self.env._("What is asked for, and why"), self.description),
            (self.env._("Amount asked for"), self.amount_requested and show_amount(self.amount_requested)),
            (self.env._("Household members"), len(self.beneficiary_id.member_ids)),
            *self.env['amlaj.paper']._answers(self),
        ]
        return [line for line in lines if line[1]]
