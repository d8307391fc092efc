import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import NO_ACCESS

from ...tools.code import clean_code, code_of
from ..registry.guarded import AddedFields

USUAL_SURVEY = 'amlaj_beneficiary.survey_satisfaction'
# longer than any link of ours
LONGEST_TOKEN = 100


class AmlajRatingInvitation(models.Model):
    """One invitation to rate one finished service: how the person was asked and whether he answered, never what (R24,
    R30, R31).

    Made by ``_invite`` when a request is completed with something delivered, or earlier by whoever rates unasked. Only
    the quality officer reads who was asked and whether he answered: no provider learns it. The answer stands apart in
    ``survey.user_input`` (see ``rating_answer.py``).

    Its link and its ten digits are computed, under the key that is not in the database, from a random ``nonce``; the
    table holds their hashes alone, until seven days after the answer. They open this one service of this one person.
    """
    _name = 'amlaj.rating.invitation'
    _description = "Invitation to rate a service"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'state'

    request_id = fields.Many2one('amlaj.request', ondelete='cascade', copy=False)
    ticket_id = fields.Many2one('amlaj.ticket', ondelete='cascade', copy=False)
    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', index=True, ondelete='cascade', copy=False, groups=NO_ACCESS)
    survey_id = fields.Many2one('survey.survey', required=True, ondelete='restrict', copy=False)
    state = fields.Selection([
        ('open', "Open"),
        ('answered', "Answered"),
        ('declined', "Declined"),
    ], required=True, default='open', copy=False)
    asked_by = fields.Selection([
        ('message', "A message"),
        ('portal', "His pages"),
        ('receipt', "The receipt"),
        ('none', "Not asked: he rated by himself"),
    ], string="Asked by", required=True, default='none', copy=False)
    invited_on = fields.Date(string="Invited on", required=True, index=True, copy=False)
    valid_until = fields.Date(string="Valid until", required=True, copy=False)
    entered_by_id = fields.Many2one(
        'res.users', string="Entered from paper by", copy=False,
        help="The employee who entered what the person had written on paper; empty where the person answered himself.")
    nonce = fields.Char(required=True, copy=False, groups=NO_ACCESS)
    token_hash = fields.Char(copy=False, index='btree_not_null', groups=NO_ACCESS)
    code_hash = fields.Char(copy=False, index='btree_not_null', groups=NO_ACCESS)

    _once = models.UniqueIndex('(request_id) WHERE request_id IS NOT NULL', "This service has its invitation already.")
    _once_for_ticket = models.UniqueIndex(
        '(ticket_id) WHERE ticket_id IS NOT NULL', "This answer has its invitation already.")

    _guarded_fields = frozenset({
        'request_id', 'ticket_id', 'beneficiary_id', 'survey_id', 'state', 'asked_by', 'invited_on', 'valid_until',
        'entered_by_id', 'nonce', 'token_hash', 'code_hash'})

    def _file(self):
        return self.sudo().beneficiary_id  # asked for mandates alone

    # ------------------------------------------------------------
    # Inviting
    # ------------------------------------------------------------

    @api.model
    def _invite(self, subjects, is_asked=True):
        """Invite once for each of ``subjects``, of which the caller has checked that it is finished.

        :param subjects: requests, or whatever else has ``_rating_facts()`` and a field here (see ``_subject_field``)
        :param is_asked: False where the person comes by himself: then no message goes out, now or later
        :return: the invitations, as the superuser himself: what the database notes of who wrote names no person
        """
        Invitation = self.with_user(SUPERUSER_ID)
        subjects = subjects.with_user(SUPERUSER_ID)
        link = self._subject_field(subjects)
        known = Invitation.search([(link, 'in', subjects.ids)])
        usual = Invitation.env.ref(USUAL_SURVEY, raise_if_not_found=False)
        vals_list = [
            {link: subject.id, 'beneficiary_id': facts['beneficiary_id'], 'survey_id': survey.id}
            for subject in subjects - known[link]
            if (facts := subject._rating_facts())['beneficiary_id']
            and (survey := facts.get('survey') or usual)]
        invitations = known | Invitation._make(vals_list)
        if is_asked:
            invitations._ask()
        return invitations

    @api.model
    def _subject_field(self, subjects):
        return {'amlaj.request': 'request_id', 'amlaj.ticket': 'ticket_id'}[subjects._name]

    @api.model
    def _make(self, vals_list):
        """New invitations with their secrets (superuser)."""
        today = self._today()
        until = today + timedelta(days=self.env['amlaj.settings']._get('rating_days'))
        made = self.create([
            {'valid_until': until, **vals, 'invited_on': today, 'nonce': secrets.token_hex(16)} for vals in vals_list])
        for invitation in made:
            invitation.write({
                'token_hash': self._hash('link', invitation._token()),
                'code_hash': self._hash('code', invitation._digits())})
        return made

    def _subject(self):
        """What is rated: a request, a ticket."""
        self.ensure_one()
        return self.request_id or self.ticket_id

    def _facts(self):
        """What the answer is counted by, of what is rated now (superuser)."""
        return self._subject()._rating_facts()

    # ------------------------------------------------------------
    # The link and the digits
    # ------------------------------------------------------------

    def _secret(self, purpose):
        return self.env['amlaj.secret']._hmac(purpose, self.id, self.nonce)

    def _token(self):
        """What the link ends with."""
        return urlsafe_b64encode(bytes.fromhex(self._secret('rating link'))).decode().rstrip('=')

    def _digits(self):
        """The ten digits that are typed on the tablet."""
        return code_of(int(self._secret('rating code'), 16))

    def _url(self):
        return f'{self.get_base_url()}/rate/{self._token()}'

    @api.model
    def _hash(self, kind, text):
        return self.env['amlaj.secret']._hmac('rating hash', kind, text)

    @api.model
    def _by_token(self, token):
        """The invitation of a link while it is valid, as the superuser himself; else an empty record."""
        token = token if isinstance(token, str) and len(token) <= LONGEST_TOKEN else ''
        return self._by_hash('token_hash', self._hash('link', token))

    @api.model
    def _by_code(self, typed):
        """The invitation of ten digits while they are valid, as the superuser himself; else an empty record."""
        return self._by_hash('code_hash', self._hash('code', clean_code(typed)))

    @api.model
    def _by_hash(self, field, value):
        return self.with_user(SUPERUSER_ID).search([(field, '=', value), ('valid_until', '>=', self._today())], limit=1)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _ask(self):
        """Ask each person once, by the channel that suits: a message to his phone, else his pages, else the receipt
        that he has in hands. Nobody who declined is asked again (superuser)."""
        asked = self.filtered(lambda invitation: invitation.state == 'open' and invitation.asked_by == 'none')
        vals_list = []
        for invitation in asked:
            who = next((who for who in invitation.beneficiary_id._recipients() if who['phone']), None)
            invitation.asked_by = invitation._suiting(who)
            if invitation.asked_by == 'message':
                lang = invitation.beneficiary_id.lang or self.env.lang
                vals_list.append({
                    **who, 'beneficiary_id': invitation.beneficiary_id.id, 'kind': 'rating',
                    'rating_invitation_id': invitation.id, 'body': invitation.with_context(lang=lang)._message_text()})
        self.env['amlaj.message']._prepare_messages(vals_list)

    def _suiting(self, who):
        if who:
            return 'message'
        return 'portal' if self.beneficiary_id.mandate_ids.user_id else 'receipt'

    def _message_text(self):
        """The message: a link and the right, never the kind of help (design rule 9). Instead of the link it holds a
        mark, so that it opens from the person's phone and not from our list."""
        return self.env._(
            "Your opinion of how we served you: %(link)s. Rating is your right; it does not affect how you are served, and "
            "you may leave it.", link=LINK_MARK)

    def _decline(self):
        """The person prefers not to rate: nobody asks him again, and he may still do so (superuser)."""
        declined = self.filtered(lambda invitation: invitation.state == 'open')
        declined.state = 'declined'
        self.env['amlaj.message'].search([
            ('rating_invitation_id', 'in', declined.ids), ('state', '=', 'ready')]).write({'state': 'cancelled'})


LINK_MARK = '/rate/…'


class AmlajMessage(models.Model):
    """The message that invites to rate. Its text is kept without the link, which is put in as it goes out: who lists or
    reads messages cannot answer for the person."""
    _inherit = 'amlaj.message'

    kind = fields.Selection(selection_add=[('rating', "Invitation to rate")], ondelete={'rating': 'cascade'})
    rating_invitation_id = fields.Many2one(
        'amlaj.rating.invitation', string="Link for rating", index='btree_not_null', ondelete='set null', copy=False,
        groups=NO_ACCESS)

    _guarded_fields = AddedFields('rating_invitation_id')

    def _outgoing_body(self):
        invitation_sudo = self.sudo().rating_invitation_id  # the text's own link
        body = super()._outgoing_body()
        return body.replace(LINK_MARK, invitation_sudo._url()) if invitation_sudo else body

    def action_open_chat(self):
        action = super().action_open_chat()
        if self.kind == 'rating':
            self._record_access('open', 'rating_invitation_id')  # here the link passes through an employee's hands
        return action
