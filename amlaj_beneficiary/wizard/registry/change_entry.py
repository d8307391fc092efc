from odoo import api, fields, models

from ...models.registry.change_subject import MEMBER_FIELDS, OF_MEMBERS, SUBJECTS

# hours and channel are typed on the file itself: they need nobody's yes
ENTERED = [(key, label) for key, label in SUBJECTS if key != 'reach']


class AmlajChangeEntry(models.TransientModel):
    """Enters a change for a person who came, called or wrote (R70; design rule 5).

    Relations employees, managers and representatives; the file's own method checks and records.
    """
    _name = 'amlaj.change.entry'
    _description = "Entry of a change"
    _inherit = ['amlaj.step']

    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, ondelete='cascade')
    kind = fields.Selection(related='beneficiary_id.kind')
    subject = fields.Selection(ENTERED, string="What changes", required=True)
    medium = fields.Selection([
        ('visit', "The person came"),
        ('phone', "By phone"),
        ('paper', "On paper"),
    ], string="How it reached us", required=True, default='visit')
    mandate_id = fields.Many2one(
        'amlaj.mandate', string="Asked by the holder of",
        domain="[('beneficiary_id', '=', beneficiary_id), ('may_apply', '=', True), ('is_valid', '=', True)]",
        help="Empty when the beneficiary asks himself.")
    member_id = fields.Many2one(
        'amlaj.household.member', string="Household member", domain="[('beneficiary_id', '=', beneficiary_id)]")
    # what is typed; the file's own functions judge it
    first_name = fields.Char(string="First name")
    father_name = fields.Char(string="Father's name")
    grandfather_name = fields.Char(string="Grandfather's name")
    family_name = fields.Char(string="Family name")
    name = fields.Char()
    phone = fields.Char()
    phone2 = fields.Char(string="Second phone")
    phone2_owner = fields.Char(string="Whose second phone")
    email = fields.Char(string="E-mail")
    locality_id = fields.Many2one('amlaj.locality', string="Village or district")
    short_address = fields.Char(string="Short address")
    iban = fields.Char(string="IBAN")
    iban_holder = fields.Char(string="IBAN holder")
    relationship = fields.Selection(
        lambda self: self.env['amlaj.household.member']._fields['relationship']._description_selection(self.env))
    birth_date = fields.Char(string="Birth date", help="Type a Hijri or a Gregorian date, for example 15/7/1410.")
    gender = fields.Selection([('male', "Male"), ('female', "Female")])
    is_contributing = fields.Boolean(string="Contributes to the income")

    @api.onchange('subject', 'member_id')
    def _onchange_subject(self):
        """Begin with what the file says: whoever changes one line keeps the others."""
        if not self.subject or self.subject == 'member_add':
            self.update(dict.fromkeys(MEMBER_FIELDS, False))
            return
        file = self.beneficiary_id
        record = self.member_id if self.subject in OF_MEMBERS else file
        for name in file._change_fields(self.subject):
            value = record[name]
            self[name] = f'{value.day}/{value.month}/{value.year}' if name == 'birth_date' and value else value

    def action_confirm(self):
        """Record the change; a colleague accepts it."""
        self.ensure_one()
        file = self.beneficiary_id
        typed = {
            name: str(value.id or '') if isinstance(value := self[name], models.BaseModel) else str(value or '')
            for name in file._change_fields(self.subject)}
        file.action_enter_change(
            self.subject, typed, self.medium, self.member_id.id if self.subject in OF_MEMBERS else None,
            self.mandate_id.id or None)
        return {'type': 'ir.actions.act_window_close'}


class AmlajChangeRefuse(models.TransientModel):
    """Asks for the reason of a refusal; the person reads it (R21).

    Relations employees, managers and representatives; the request's own method checks and writes.
    """
    _name = 'amlaj.change.refuse'
    _description = "Refusal of a change"
    _inherit = ['amlaj.step']

    change_id = fields.Many2one('amlaj.change.request', required=True, ondelete='cascade')
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Refuse the change with this reason."""
        self.ensure_one()
        self.change_id.action_refuse(self.reason)
        return {'type': 'ir.actions.act_window_close'}
