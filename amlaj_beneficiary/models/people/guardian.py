import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ...tools.text import clean_line, name_key
from ..registry.guarded import AddedFields, Blocker
from .volunteer import COORDINATOR, first_name

DAYS_VALID = 14
# the version of the sentence on the page, views/people/guardian_templates.xml
CONSENT_VERSION = '2026-1'
LONGEST_TOKEN = 100


class AmlajVolunteerApplication(models.Model):
    """The consent of a young person's guardian, given by himself behind a link that only his mobile gets (R42;
    executive regulation of the Volunteer Work Law).

    The link is random, hashed at rest, for one use, for 14 days; a new one ends the one before. Nothing else happens
    with the sign-up before the guardian has answered.
    """
    _inherit = 'amlaj.volunteer.application'

    guardian_state = fields.Selection([
        ('none', "Not needed"),
        ('waiting', "Waiting for the guardian"),
        ('given', "Given"),
        ('refused', "Refused"),
    ], string="Guardian's consent", compute='_compute_guardian_state')
    guardian_token_hash = fields.Char(index='btree_not_null', copy=False, groups=NO_ACCESS)
    guardian_token_until = fields.Datetime(string="Link valid until", copy=False)
    guardian_signed_name = fields.Char(string="Guardian's name as typed", copy=False)
    guardian_answered_at = fields.Datetime(string="Guardian answered on", copy=False)
    guardian_consents = fields.Boolean(string="Guardian consents", copy=False)
    guardian_text_version = fields.Char(string="Version of the guardian's consent", copy=False)

    _guarded_fields = AddedFields(
        'guardian_token_hash', 'guardian_token_until', 'guardian_signed_name', 'guardian_answered_at', 'guardian_consents',
        'guardian_text_version')

    @api.depends('birth_date', 'guardian_answered_at', 'guardian_consents')
    def _compute_guardian_state(self):
        for application in self:
            if application.guardian_answered_at:
                application.guardian_state = 'given' if application.guardian_consents else 'refused'
            else:
                application.guardian_state = 'waiting' if application._is_minor() else 'none'

    def write(self, vals):
        self.check_access('write')  # before anything is told of them
        if not self.env.su and {'name', 'birth_date', 'guardian_name', 'guardian_phone'} & vals.keys() and any(
                application.guardian_answered_at for application in self.sudo()):
            raise UserError(self.env._("The guardian has answered for this person: these answers stay as they are."))
        return super().write(vals)

    # ------------------------------------------------------------
    # Asking him
    # ------------------------------------------------------------

    def _ask_guardians(self):
        """Send the guardians of those who are young their link."""
        for application_sudo in self.sudo():  # the link is the house's own
            if application_sudo.guardian_state == 'waiting':
                application_sudo._send_guardian_link()

    def _send_guardian_link(self):
        """Make a new link and queue it for the guardian's mobile (superuser)."""
        token = secrets.token_urlsafe(32)
        self.write({
            'guardian_token_hash': self._token_hash(token),
            'guardian_token_until': fields.Datetime.now() + timedelta(days=DAYS_VALID)})
        Message = self.env['amlaj.message']
        Message.search([('application_id', '=', self.id), ('state', '=', 'ready')])._drop_application_messages()
        # of the person a first name, of the matter nothing: others may see the phone's screen
        body = self.with_context(lang='ar_001').env._(
            "A request of %(name)s at %(association)s waits for your consent as guardian: %(link)s",
            name=first_name(self.name), association=self.env.company.name, link=f'{self.get_base_url()}/guardian/{token}')
        Message._prepare_application_messages([{
            'application_id': self.id, 'recipient_name': first_name(self.guardian_name), 'phone': self.guardian_phone,
            'body': body}])

    def action_send_guardian_link(self):
        """Send the guardian a new link; the one before ends."""
        self._do('send_guardian_link')
        for application_sudo in self.sudo():  # the step was checked
            application_sudo._send_guardian_link()
        return True

    # ------------------------------------------------------------
    # His answer
    # ------------------------------------------------------------

    @api.model
    def _token_hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    @api.model
    def _find_for_guardian(self, token):
        """The application that waits for the holder of ``token``, in superuser mode; else an empty record."""
        if not isinstance(token, str) or not 20 <= len(token) <= LONGEST_TOKEN:
            return self.sudo().browse()
        return self.sudo().search([
            ('guardian_token_hash', '=', self._token_hash(token)), ('guardian_answered_at', '=', False),
            ('guardian_token_until', '>', fields.Datetime.now()), ('open_key', '!=', False)], limit=1)

    def _checked_guardian(self, name):
        """What is wrong with the name that the guardian typed, or '' (superuser)."""
        name = clean_line(name)
        if fault := self._name_fault(name):
            return fault
        if name_key(name) == name_key(self.name):
            return self.env._("The guardian answers, not the young person: please write the guardian's name.")
        return ''

    def _take_guardians_answer(self, name, consents):
        """Note the guardian's answer; his link ends with it (superuser; the token was the right).

        :raise UserError: for a name that is none
        """
        self.ensure_one()
        self._lock()
        if self.guardian_answered_at:
            raise UserError(self.env._("This link is no longer valid. Please ask us for a new one."))
        if fault := self._checked_guardian(name):
            raise UserError(fault)
        self.write({
            'guardian_signed_name': clean_line(name), 'guardian_answered_at': fields.Datetime.now(),
            'guardian_consents': bool(consents), 'guardian_text_version': CONSENT_VERSION, 'guardian_token_hash': False})

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | {'send_guardian_link': COORDINATOR}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for application in self.sudo():  # the actor is checked apart
            mine = blockers[application.id]
            if action == 'send_guardian_link' and application.guardian_state != 'waiting':
                mine.append(Blocker('state', self.env._("Nothing waits for a guardian.")))
            if action in ('send_guardian_link', 'make_volunteer', 'move') and not application.open_key:
                mine.append(Blocker('state', self.env._("This sign-up is closed.")))
            if action in ('move', 'make_volunteer') and application.guardian_state == 'waiting':
                mine.append(Blocker('guardian', self.env._(
                    "The guardian has not answered yet: nothing is done before he does.")))
            if action in ('move', 'make_volunteer') and application.guardian_state == 'refused':
                mine.append(Blocker('guardian', self.env._("The guardian does not consent: please decline the sign-up.")))
        return blockers
