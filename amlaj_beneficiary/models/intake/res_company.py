from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sms_provider import SmsApiNone, SmsApiTaqnyat, SmsApiUnifonic

OWN_PROVIDERS = {'taqnyat': SmsApiTaqnyat, 'unifonic': SmsApiUnifonic}
REPORT_PATH = '/amlaj/sms/'


class ResCompany(models.Model):
    """By which provider the association's texts go out. Who looks after the server sets it; nobody reads the secret."""
    _inherit = 'res.company'

    amlaj_sms_provider = fields.Selection([
        ('none', "None: employees call and write themselves"),
        ('taqnyat', "Taqnyat"),
        ('unifonic', "Unifonic"),
        ('odoo', "Odoo's service, which is abroad"),
    ], string="Provider of texts", default='none', required=True, groups='base.group_system')
    amlaj_sms_sender = fields.Char("Sender name of texts", groups='base.group_system')
    amlaj_sms_secret = fields.Char("Token or application id of the provider", groups='base.group_system')
    amlaj_sms_report_url = fields.Char(
        "Address for delivery reports", compute='_compute_amlaj_sms_report_url', groups='base.group_system',
        help="Enter it at the provider, so that the app learns which texts arrived.")

    @api.depends('amlaj_sms_provider')
    def _compute_amlaj_sms_report_url(self):
        for company in self:
            company.amlaj_sms_report_url = f'{company.get_base_url()}{REPORT_PATH}{self._amlaj_report_token()}'

    @api.model
    def _amlaj_report_token(self):
        """The part of the reports' address that only the provider knows."""
        return self.env['amlaj.secret']._hmac('sms report')[:40]

    @api.constrains('amlaj_sms_provider', 'amlaj_sms_secret', 'amlaj_sms_sender')
    def _check_amlaj_sms(self):
        for company in self:
            if company.amlaj_sms_provider in OWN_PROVIDERS and not company.amlaj_sms_secret:
                raise ValidationError(self.env._("The provider needs its token or application id."))

    def _get_sms_api_class(self):
        self.ensure_one()
        provider = self.sudo().amlaj_sms_provider  # which one is no secret to the server's own code
        if provider == 'odoo':
            return super()._get_sms_api_class()
        return OWN_PROVIDERS.get(provider, SmsApiNone)

    def _amlaj_sms_api(self):
        """The provider in the Kingdom that sends one text at a time, or None where there is none."""
        self.ensure_one()
        provider_class = OWN_PROVIDERS.get(self.sudo().amlaj_sms_provider)  # as above
        if not provider_class:
            return None
        api_object = provider_class(self.env)
        api_object._set_company(self)
        return api_object


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    amlaj_sms_provider = fields.Selection(related='company_id.amlaj_sms_provider', readonly=False)
    amlaj_sms_sender = fields.Char(related='company_id.amlaj_sms_sender', readonly=False)
    amlaj_sms_secret = fields.Char(related='company_id.amlaj_sms_secret', readonly=False)
    amlaj_sms_report_url = fields.Char(related='company_id.amlaj_sms_report_url')


class SmsSms(models.Model):
    _inherit = 'sms.sms'

    def _split_by_api(self):
        """Send by the company's provider: Odoo names its own service here, whatever the company chose."""
        for company, texts in self.grouped(lambda text: text._get_sms_company()).items():
            api_object = company._get_sms_api_class()(self.env)
            api_object._set_company(company)
            yield api_object, texts
