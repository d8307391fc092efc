from urllib.parse import quote

import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.phone import clean_phone
from ...tools.text import clean_line, clean_text, name_key
from ..registry.guarded import Blocker
from .volunteer import COORDINATOR

# the version of the privacy notice on the page, views/people/support_templates.xml: a new text has a new version
SUPPORT_NOTICE_VERSION = '2026-1'
LONGEST_OFFER = 600
TEAM = 'amlaj_beneficiary.crm_team_supporters'
STAGE = 'amlaj_beneficiary.crm_stage_supporter_%s'
# all that a visitor sends; whatever else comes is not looked at
SUPPORT_TEXTS = ('kind', 'name', 'contact_name', 'phone', 'offer')


class AmlajSupporterInterest(models.Model):
    """What supporters like to give to; the coordinator and managers keep the list."""
    _name = 'amlaj.supporter.interest'
    _description = "Interest of supporters"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class AmlajSupporter(models.Model):
    """A person or a body that supports the association with goods or services, from the first offer on (R3, R5).

    Offers come by the page ``/support``, or are entered by the coordinator; each moves through Odoo's pipeline as a lead
    that says nothing of who it is. Money is never taken here: whoever wishes to give money is told of the official ways.
    The coordinator keeps supporters; managers and auditors read them.
    """
    _name = 'amlaj.supporter'
    _description = "Supporter"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'amlaj.guarded']
    _order = 'id desc'
    _log_name = 'number'

    number = fields.Char(string="Supporter's number", readonly=True, copy=False)
    kind = fields.Selection([('person', "Person"), ('body', "Company or body")], required=True, default='person')
    name = fields.Char(required=True, tracking=True)
    name_key = fields.Char(
        string="Name key", compute='_compute_name_key', store=True, precompute=True, index='trigram',
        help="The name as the search compares it, whatever its spelling.")
    contact_name = fields.Char(string="Whom to speak to", tracking=True)
    phone = fields.Char(string="Mobile", required=True, index='btree_not_null', tracking=True)
    email = fields.Char(string="E-mail")
    locality_id = fields.Many2one('amlaj.locality', string="Village or district")
    interest_ids = fields.Many2many('amlaj.supporter.interest', string="Interests")
    offer = fields.Text(string="What he offers")
    note = fields.Text(string="Remark")
    origin = fields.Selection([
        ('page', "By the page"),
        ('staff', "Entered by staff"),
    ], string="Made by", required=True, default='staff', copy=False)
    notice_version = fields.Char(string="Privacy notice read", copy=False)
    times_received = fields.Integer(string="Times received", default=1, copy=False)
    state = fields.Selection([
        ('offered', "Offer"),
        ('active', "Supporter"),
        ('declined', "Declined with thanks"),
        ('ended', "Ended"),
    ], required=True, default='offered', index=True, copy=False, tracking=True)
    since = fields.Date(string="Supporter since", copy=False)
    open_key = fields.Char(copy=False, help="Who it is while the offer is open: the same person joins it.")
    lead_id = fields.Many2one('crm.lead', string="Offer in the pipeline", index='btree_not_null', ondelete='set null', copy=False)
    pledge_ids = fields.One2many('amlaj.pledge', 'supporter_id', string="Pledges", copy=False)
    receipt_ids = fields.One2many('amlaj.inkind.receipt', 'supporter_id', string="In-kind receipts", copy=False)
    visit_ids = fields.One2many('amlaj.supporter.visit', 'supporter_id', string="Visits", copy=False)

    _number_unique = models.UniqueIndex('(number)', "This number is taken.")
    _open_once = models.UniqueIndex('(open_key) WHERE open_key IS NOT NULL', "This supporter has an open offer already.")

    _guarded_fields = frozenset({
        'number', 'origin', 'notice_version', 'times_received', 'state', 'since', 'open_key', 'lead_id', 'pledge_ids',
        'receipt_ids'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file

    @api.depends('name')
    def _compute_name_key(self):
        for supporter in self:
            supporter.name_key = name_key(supporter.name or '')

    @api.depends('name', 'number')
    def _compute_display_name(self):
        for supporter in self:
            supporter.display_name = f"{supporter.name or ''} ({supporter.number})" if supporter.number else supporter.name

    @api.model
    def _search_display_name(self, operator, value):
        if operator == 'ilike' and value:
            return Domain('name_key', 'like', name_key(value)) | Domain('number', '=', value)
        return super()._search_display_name(operator, value)

    # ------------------------------------------------------------
    # Making them
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make supporters, each with its number and its place in the pipeline."""
        supporters = super().create([self._clean_vals(vals) for vals in vals_list])
        for supporter_sudo in supporters.sudo():  # number, lead and key are the house's own
            supporter_sudo._put_into_pipeline()
        return supporters

    def write(self, vals):
        return super().write(self._clean_vals(vals))

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        for name in ('name', 'contact_name'):
            if vals.get(name):
                vals[name] = clean_line(vals[name])
        if vals.get('phone'):
            vals['phone'] = self._cleaned(clean_phone, vals['phone'])
        if 'offer' in vals:
            vals['offer'] = clean_text(vals['offer'])[:LONGEST_OFFER]
        return vals

    def _person_key(self):
        return f'{self.phone}|{name_key(self.name)}'

    def _put_into_pipeline(self):
        """Give the supporter his number and a lead that says nothing of him (superuser)."""
        number = self.env['ir.sequence'].next_by_code('amlaj.supporter')
        lead_sudo = self.env['crm.lead'].with_user(SUPERUSER_ID).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True).create({
                'name': number, 'type': 'opportunity', 'team_id': self.env.ref(TEAM).id,
                'stage_id': self.env.ref(STAGE % 'new').id, 'user_id': False})
        self.write({'number': number, 'lead_id': lead_sudo.id, 'open_key': self._person_key()})

    # ------------------------------------------------------------
    # The page /support
    # ------------------------------------------------------------

    @api.model
    def _checked_offer(self, typed, interest_ids):
        """Judge what was typed, by itself: nothing that is known already is looked at.

        :param typed: texts by name, see ``SUPPORT_TEXTS``
        :param interest_ids: texts that name interests
        :return: ``(vals, faults)``
        """
        vals, faults = {'kind': typed.get('kind')}, {}
        if vals['kind'] not in ('person', 'body'):
            faults['kind'] = self.env._("Please say whether you are a person or a body.")
        vals['name'] = clean_line(typed.get('name'))
        # a body may have digits and signs in its name, and is a name as long as there are letters in it
        if len(vals['name']) > 80 or not name_key(vals['name']) or sum(map(str.isalpha, vals['name'])) < 2:
            faults['name'] = self.env._("Please write the name.")
        vals['contact_name'] = clean_line(typed.get('contact_name'))[:80]
        try:
            vals['phone'] = self._cleaned(clean_phone, (typed.get('phone') or '')[:40], mobile=True)
        except ValidationError as error:
            faults['phone'] = str(error.args[0])
        vals['offer'] = clean_text(typed.get('offer'))[:LONGEST_OFFER]
        if not vals['offer']:
            faults['offer'] = self.env._("Please tell us in a few words what you offer.")
        ids = [int(text) for text in interest_ids if text.isdecimal() and len(text) <= 9]
        # which interests there are is no secret
        vals['interest_ids'] = [fields.Command.set(
            self.env['amlaj.supporter.interest'].sudo().search([('id', 'in', ids)]).ids)]
        return vals, faults

    @api.model
    def _offer(self, vals):
        """Take an offer, or join it to the open one of the same person; nobody is told which of the two it was."""
        Supporters_sudo = self.with_user(SUPERUSER_ID)  # a visitor has no right on any record
        found_sudo = Supporters_sudo.search([('open_key', '=', Supporters_sudo.new(vals)._person_key())], limit=1)
        if found_sudo:
            if vals['offer'] != found_sudo.offer:
                found_sudo.message_post(body=self.env._("Offered again: %(offer)s", offer=vals['offer']))
            found_sudo.times_received += 1
            return found_sudo
        try:
            created_sudo = Supporters_sudo.create({**vals, 'origin': 'page', 'notice_version': SUPPORT_NOTICE_VERSION})
            created_sudo.flush_recordset(['open_key'])
            return created_sudo
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name == 'amlaj_supporter_open_once':
                # the same click arrived twice at the same moment: the retry finds the first one
                raise ConcurrencyError('open_key') from error
            raise

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_make_supporter(self):
        """Accept the offer: its maker is a supporter from today on."""
        self._do('make_supporter', {'state': 'active', 'since': self._today(), 'open_key': False})
        self.sudo().lead_id.stage_id = self.env.ref(STAGE % 'accepted')  # the step was checked
        return True

    def action_decline(self):
        """Decline the offer with thanks."""
        self._do('decline_offer', {'state': 'declined', 'open_key': False})
        self.sudo().lead_id.stage_id = self.env.ref(STAGE % 'declined')  # as above
        return True

    def action_end(self):
        """He supports no more; what he gave stays known."""
        return self._do('end_support', {'state': 'ended'})

    def action_take_up(self):
        """Who had ended, or was declined, supports again."""
        return self._do('take_up_support', {'state': 'active', 'since': self._today()})

    def action_open_chat(self):
        """Open the chat application with a word of greeting; nothing is sent by itself."""
        self.ensure_one()
        self.check_access('read')
        text = self.env._("Peace be upon you. We are %(association)s, and we thank you for your offer.",
                          association=self.env.company.name)
        return {'type': 'ir.actions.act_url', 'target': 'new',
                'url': f"https://wa.me/{self.phone.lstrip('+')}?text={quote(text)}"}

    def _check_move(self, stage):
        """:raise UserError: when the lead cannot be moved to ``stage`` by hand (superuser)"""
        for supporter in self:
            if supporter.state != 'offered':
                raise UserError(self.env._("This offer is closed."))
            if stage in (self.env.ref(STAGE % 'accepted'), self.env.ref(STAGE % 'declined')):
                raise UserError(self.env._("Please use the buttons to accept or to decline."))

    def _actors(self):
        return super()._actors() | dict.fromkeys(
            ('make_supporter', 'decline_offer', 'end_support', 'take_up_support'), COORDINATOR)

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        states = {'make_supporter': ('offered',), 'decline_offer': ('offered',), 'end_support': ('active',),
                  'take_up_support': ('ended', 'declined')}
        for supporter in self:
            if supporter.state not in states.get(action, (supporter.state,)):
                blockers[supporter.id].append(Blocker('state', self.env._("This is not the step that comes now.")))
        return blockers


class AmlajSupporterVisit(models.Model):
    """A visit to a supporter, or of a supporter to us: the day, who was there, and what was said (R5)."""
    _name = 'amlaj.supporter.visit'
    _description = "Visit of a supporter"
    _inherit = ['amlaj.guarded']
    _order = 'day desc, id desc'
    _rec_name = 'day'

    supporter_id = fields.Many2one('amlaj.supporter', required=True, index=True, ondelete='cascade')
    day = fields.Date(required=True, default=lambda self: self._today())
    direction = fields.Selection([('ours', "We visited"), ('theirs', "Visited us")], required=True, default='ours')
    user_id = fields.Many2one(
        'res.users', string="By whom", default=lambda self: self.env.user, domain=[('share', '=', False)])
    note = fields.Text(string="What was said")

    def _file(self):
        return self.env['amlaj.beneficiary']  # of nobody's file
