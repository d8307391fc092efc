import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models

from ...tools.amount import show_amount

MINUTES_VALID = 15


class AmlajSignatureLink(models.Model):
    """A link, shown as a QR on the employee's screen, by which the applicant signs on any phone or tablet at the desk.

    Random, hashed at rest, for one request, once, for 15 minutes. Nobody reads the table; the app's own methods use it.
    """
    _name = 'amlaj.signature.link'
    _description = "Link for signing at the desk"

    request_id = fields.Many2one('amlaj.request', required=True, index=True, ondelete='cascade')
    token_hash = fields.Char(required=True, index=True)
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()
    data_hash = fields.Char(required=True, help="What the page shows: when it changes, the link ends.")

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _open(self, request):
        """Make a new link for ``request``; earlier ones end. Returns the token, which is stored nowhere."""
        self.sudo().search([('request_id', '=', request.id), ('used_at', '=', False)]).unlink()
        token = secrets.token_urlsafe(32)
        self.sudo().create({
            'request_id': request.id, 'token_hash': self._hash(token), 'data_hash': request._declared_hash(),
            'expires_at': fields.Datetime.now() + timedelta(minutes=MINUTES_VALID)})
        return token

    @api.model
    def _find(self, token):
        """The link of ``token`` while it can be used, in superuser mode; else an empty record."""
        if not token or len(token) > 100:
            return self.sudo().browse()
        return self.sudo().search([
            ('token_hash', '=', self._hash(token)), ('used_at', '=', False), ('expires_at', '>', fields.Datetime.now()),
        ], limit=1).filtered(lambda link: link.data_hash == link.request_id._declared_hash())

    def _sign(self, signature, name):
        """Sign as the applicant before the employee who opened the link; the link ends.

        :raise UserError: when the drawing or the name is missing, or the request can no longer be signed
        """
        self.ensure_one()
        self.lock_for_update()
        employee = self.create_uid
        request = self.request_id.with_user(employee)
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
        token = self.env['amlaj.signature.link']._open(self)
        return {'url': f'{self.get_base_url()}/sign/{token}', 'minutes': MINUTES_VALID}

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
