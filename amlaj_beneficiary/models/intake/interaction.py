import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.errors import BadInput
from ...tools.phone import clean_phone
from ...tools.text import clean_line, latin_digits
from .binary import check_binary

LONGEST_NAME = 120
MOST_MINUTES = 24 * 60
# what may be a phone number inside the line in which a visitor is written down
NUMBER = re.compile(r'\+?\d[\d\s-]{7,}\d')
READERS = ','.join(f'amlaj_beneficiary.group_{role}' for role in (
    'representative', 'relations', 'privacy_officer', 'auditor', 'manager'))


class AmlajInteraction(models.Model):
    """One contact with a person on one channel: who, when, what was asked and what was answered (R7, R37-R44, R50-R52).

    Who it is stands as a file, or as a visitor in one line, for whom no file is made; or nobody is named, where a
    question needs no name. Relations employees, managers and the representatives of the sub-office record contacts;
    auditors and the data-protection officer read them. A contact closes when each of its questions was answered or
    referred; what is closed stays as it is. How long it lasted is information: nothing counts it and nobody is measured
    by it.
    """
    _name = 'amlaj.interaction'
    _description = "Contact with a person"
    _inherit = ['mail.thread', 'amlaj.guarded']
    _order = 'id desc'

    # who
    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', index='btree_not_null', ondelete='restrict', copy=False)
    visitor_name = fields.Char(
        string="Visitor", copy=False, help="A name and a number in one line are enough: no file is made for a question.")
    visitor_phone = fields.Char(string="Visitor's phone", copy=False, index='btree_not_null')
    who = fields.Char(string="Who it is", compute='_compute_who')
    # how and where
    channel_id = fields.Many2one(
        'amlaj.channel', required=True, index=True, ondelete='restrict', default=lambda self: self._default_channel())
    channel_code = fields.Char(string="Channel code", related='channel_id.code')
    direction = fields.Selection([
        ('in', "From the person"),
        ('out', "From us"),
    ], required=True, default='in')
    branch_id = fields.Many2one(
        'amlaj.branch', string="Sub-office", index='btree_not_null', ondelete='restrict',
        default=lambda self: self.env['amlaj.beneficiary']._default_branch())
    locality_id = fields.Many2one('amlaj.locality', string="Village or district", ondelete='restrict')
    started_at = fields.Datetime(
        string="Arrived at", required=True, default=fields.Datetime.now, index=True, copy=False)
    minutes = fields.Integer(
        string="Length in minutes", copy=False, help="For information only: nobody is measured by it.")
    user_id = fields.Many2one(
        'res.users', string="Who receives", index='btree_not_null', default=lambda self: self.env.user, copy=False)
    entered_by_id = fields.Many2one('res.users', string="Entered by", copy=False)
    origin = fields.Selection([
        ('staff', "By an employee"),
        ('mail', "By e-mail"),
        ('chat', "By a click on WhatsApp"),
    ], string="How it was recorded", required=True, default='staff', copy=False)
    # what belongs to one channel
    call_back_at = fields.Datetime(string="Call back at", copy=False)
    called_back_at = fields.Datetime(string="Called back on", copy=False)
    called_back_by_id = fields.Many2one('res.users', string="Called back by", copy=False)
    platform = fields.Selection([
        ('whatsapp', "WhatsApp"),
        ('x', "X"),
        ('snapchat', "Snapchat"),
        ('instagram', "Instagram"),
        ('tiktok', "TikTok"),
        ('facebook', "Facebook"),
        ('other', "Another"),
    ], copy=False)
    link = fields.Char(string="Link to the post or talk", copy=False)
    letter_number = fields.Char(string="Number of the letter", copy=False, index='btree_not_null')
    letter_date = fields.Date(string="Date of the letter", copy=False)
    scan = fields.Binary(string="Scan of the letter", attachment=True, copy=False, groups=READERS)
    scan_name = fields.Char(string="Name of the scan", copy=False)
    place = fields.Char(string="Place of the meeting", copy=False)
    # what was said
    line_ids = fields.One2many('amlaj.interaction.line', 'interaction_id', string="Questions", copy=False)
    note = fields.Text(string="Remark", copy=False)
    state = fields.Selection([
        ('waiting', "Waiting to be received"),
        ('open', "In conversation"),
        ('closed', "Contact ended"),
    ], required=True, default='open', index=True, copy=False, group_expand=True)
    received_at = fields.Datetime(string="Received on", copy=False)
    closed_by_id = fields.Many2one('res.users', string="Closed by", copy=False)
    closed_at = fields.Datetime(string="Closed on", copy=False)
    is_today = fields.Boolean(string="Today", compute='_compute_is_today', search='_search_is_today')

    _to_call_back = models.Index('(call_back_at) WHERE call_back_at IS NOT NULL AND called_back_at IS NULL')

    _guarded_fields = frozenset({
        'state', 'entered_by_id', 'origin', 'received_at', 'closed_by_id', 'closed_at', 'called_back_at',
        'called_back_by_id'})

    # ------------------------------------------------------------
    # Defaults, computed fields
    # ------------------------------------------------------------

    @api.model
    def _default_channel(self):
        """The channel of this user's last contact: whoever sits at the telephone stays there for the morning."""
        last = self.search_fetch([('user_id', '=', self.env.uid)], ['channel_id'], limit=1)
        return last.channel_id or self.env['amlaj.channel']._by_code('phone')

    @api.depends('beneficiary_id', 'visitor_name', 'visitor_phone')
    def _compute_who(self):
        for contact in self:
            contact.who = (
                contact.beneficiary_id.display_name or contact.visitor_name or contact.visitor_phone
                or self.env._("Without a name"))

    @api.depends('channel_id', 'started_at')
    def _compute_display_name(self):
        paper = self.env['amlaj.paper']
        for contact in self:
            day = contact.started_at and f"{self._local_day(contact.started_at):%d/%m/%Y}"
            contact.display_name = ' '.join(filter(None, (
                contact.channel_id.name, day, paper._show_time(contact.started_at))))

    @api.depends('started_at')
    def _compute_is_today(self):
        today = self._today()
        for contact in self:
            contact.is_today = bool(contact.started_at) and self._local_day(contact.started_at) == today

    def _search_is_today(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        start, end = self._day_span(self._today())
        today = Domain('started_at', '>=', start) & Domain('started_at', '<', end)
        return today if True in value else ~today

    @api.constrains('minutes')
    def _check_minutes(self):
        if any(not 0 <= contact.minutes <= MOST_MINUTES for contact in self):
            raise ValidationError(self.env._("Please check the length: it is between 0 minutes and a day."))

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Record contacts, each with the name of who entered it and the sub-office of its file."""
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_links(vals)
            self._follow_file(vals)
        contacts = super(AmlajInteraction, self.with_context(mail_create_nosubscribe=True)).create(vals_list)
        check_binary(contacts, 'scan', 'scan_name')
        for contact_sudo in contacts.sudo():  # the house's own stamps
            contact_sudo.write({
                'entered_by_id': self.env.uid,
                'received_at': contact_sudo.state != 'waiting' and contact_sudo.started_at})
        return contacts.with_env(self.env)

    def write(self, vals):
        self.check_access('write')
        if not self.env.su and any(contact.state == 'closed' for contact in self):
            raise UserError(self.env._("This contact is closed and stays as it is. Please record a new one."))
        vals = self._clean_vals(vals)
        self._check_links(vals)
        self._follow_file(vals)
        result = super().write(vals)
        if 'scan' in vals:
            check_binary(self, 'scan', 'scan_name')
        self.check_access('write')  # Odoo checked the contact where it was; it must not land in another sub-office
        return result

    @api.model
    def _follow_file(self, vals):
        """A contact about a file belongs to the file's sub-office, whoever received it."""
        if file := self._picked('amlaj.beneficiary', vals.get('beneficiary_id')):
            file_sudo = file.sudo()  # whether the user may read it was asked just before
            vals['branch_id'] = file_sudo.branch_id.id or vals.get('branch_id') or False
            vals.setdefault('locality_id', file_sudo.locality_id.id)

    @api.model
    def _clean_vals(self, vals):
        """Bring what was typed into the stored form, or say what is wrong with it."""
        vals = dict(vals)
        if vals.get('visitor_name'):
            name, phone = self._split_visitor(vals['visitor_name'])
            vals['visitor_name'] = name
            if phone and not vals.get('visitor_phone'):
                vals['visitor_phone'] = phone
        if vals.get('visitor_phone'):
            vals['visitor_phone'] = self._cleaned(clean_phone, vals['visitor_phone'])
        if vals.get('link') and not str(vals['link']).strip().lower().startswith(('https://', 'http://')):
            raise ValidationError(self.env._("Please copy the whole link, beginning with https://."))
        return vals

    @api.model
    def _split_visitor(self, text):
        """A line in which a visitor was written down: ``(name, phone)``, either may be empty.

        What looks like a number and is no phone stays in the line.
        """
        line = clean_line(latin_digits(text))[:LONGEST_NAME]
        for found in NUMBER.finditer(line):
            try:
                phone = clean_phone(found.group())
            except BadInput:
                continue
            return clean_line(f'{line[:found.start()]} {line[found.end():]}') or False, phone
        return line or False, False

    @api.onchange('visitor_name')
    def _onchange_visitor_name(self):
        name, phone = self._split_visitor(self.visitor_name or '')
        self.visitor_name, self.visitor_phone = name, phone or self.visitor_phone

    @api.onchange('beneficiary_id')
    def _onchange_beneficiary_id(self):
        if self.beneficiary_id:
            self.branch_id = self.beneficiary_id.branch_id
            self.locality_id = self.beneficiary_id.locality_id

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("What was said stays on record; it can be closed."))
