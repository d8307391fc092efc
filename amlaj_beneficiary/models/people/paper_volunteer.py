from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import hours
from ..registry.guarded import AddedFields

TO_VOLUNTEERS = ('amlaj_beneficiary.paper_volunteer_card', 'amlaj_beneficiary.paper_volunteer_certificate')


class AmlajVolunteer(models.Model):
    """His card: a number that is confirmed as long as he is active."""
    _inherit = 'amlaj.volunteer'

    card_number = fields.Char(
        string="Number of the card", compute='_compute_card_number', store=True, index='btree_not_null')

    _guarded_fields = AddedFields('card_number')

    @api.depends('number', 'state')
    def _compute_card_number(self):
        for volunteer in self:
            volunteer.card_number = volunteer.state == 'active' and volunteer.number

    def action_print_card(self):
        """Print the volunteer's card."""
        return self.env.ref('amlaj_beneficiary.report_volunteer_card').report_action(self, config=False)


    def _check_card(self):
        """:raise UserError: for who is no active volunteer now"""
        if any(volunteer.state != 'active' for volunteer in self):
            raise UserError(self.env._("A card is for active volunteers."))


class AmlajVolunteerCertificate(models.Model):
    _inherit = 'amlaj.volunteer.certificate'

    def _check_holds(self):
        """:raise UserError: for a certificate that holds no longer"""
        if any(certificate.state != 'valid' for certificate in self):
            raise UserError(self.env._("This certificate holds no longer: please issue a new one."))


class AmlajPaper(models.AbstractModel):
    """The papers of volunteers: hours in words, and what their squares confirm."""
    _inherit = 'amlaj.paper'

    @api.model
    def _amlaj_verifiable(self):
        return super()._amlaj_verifiable() | {
            'amlaj.volunteer': (self.env._("Volunteer card"), 'card_number', 'joined_on'),
            'amlaj.volunteer.certificate': (self.env._("Volunteer certificate"), 'valid_number', 'issued_on')}

    @api.model
    def _get_values(self, report):
        lang = self.env.context.get('lang') or self.env.lang or 'en_US'
        return super()._get_values(report) | {
            'hours_words': lambda value: hours.hours_words(value, lang),
            'told_hours': lambda value: hours.told_hours(value, lang)}


class IrActionsReport(models.Model):
    _inherit = 'ir.actions.report'

    def _get_paper_lang(self, record):
        if self.report_name in TO_VOLUNTEERS:
            # shown to others of the place: in its language, whoever prints it
            return 'ar_001' if self.env['res.lang']._get_data(code='ar_001') else self.env.lang
        return super()._get_paper_lang(record)

    def _check_printable(self, records):
        if self.report_name == TO_VOLUNTEERS[0]:
            records._check_card()
        elif self.report_name == TO_VOLUNTEERS[1]:
            records._check_holds()
        return super()._check_printable(records)
