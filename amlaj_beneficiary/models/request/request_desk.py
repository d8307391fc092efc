from odoo import api, fields, models

from ...tools.paper import qr_data_uri

SLIPS = {
    'a4': 'amlaj_beneficiary.report_slip',
    'a5': 'amlaj_beneficiary.report_slip_a5',
    'roll': 'amlaj_beneficiary.report_slip_roll',
}
NOTICE = 'amlaj_beneficiary.report_missing'


class AmlajSettings(models.AbstractModel):
    _inherit = 'amlaj.settings'

    @api.model
    def _defaults(self):
        return super()._defaults() | {'slip_paper': 'a4'}


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    amlaj_slip_paper = fields.Selection([
        ('a4', "A4"),
        ('a5', "A5"),
        ('roll', "80 mm roll"),
    ], string="Paper of the slip", config_parameter='amlaj_beneficiary.slip_paper', default='a4')


class AmlajRequest(models.Model):
    """What the request's form at the desk needs besides the steps: what lacks on our side, the green button with its
    print, and the QR code for signing. No rule stands here; every step is the model's own."""
    _inherit = 'amlaj.request'

    channel_id = fields.Many2one(default=lambda self: self._default_channel())
    beneficiary_scope = fields.Selection(related='beneficiary_id.scope', string="Scope of the file")
    identity_matched_at = fields.Datetime(related='beneficiary_id.identity_matched_at', string="Identity matched on")
    file_state = fields.Selection(related='beneficiary_id.state', string="State of the file")
    requires_case_study = fields.Boolean(related='service_id.requires_case_study')
    papers_waiting = fields.Boolean(
        string="Papers still to match", compute='_compute_papers_waiting', compute_sudo=True)
    missing_ours = fields.Text(
        string="Missing on our side", compute='_compute_missing_ours',
        help="What the association has still to do before the next step.")

    @api.model
    def _default_channel(self):
        """At the desk people come in person; a representative's people come through him."""
        if not self.env.user._is_internal():
            return False
        role = self.env['amlaj.home']._has_role
        code = 'representative' if role('representative') and not role('relations') else 'interview'
        return self.env['amlaj.channel']._by_code(code)

    @api.depends('document_ids.state')
    def _compute_papers_waiting(self):
        for request in self:
            request.papers_waiting = any(
                document.is_required and document.state != 'matched' for document in request.document_ids)

    def _compute_missing_ours(self):
        for step, requests in self.grouped(lambda request: request._next_action()).items():
            blockers = requests._get_blockers(step) if step else {}
            for request in requests:
                texts = dict.fromkeys(
                    blocker.text for blocker in blockers.get(request.id, ())
                    if blocker.whom == 'staff' and blocker.code != 'state')
                request.missing_ours = "\n".join(texts) or False

    def _next_action(self):
        """The step that staff would do next, or None where nothing is to be done at the desk."""
        self.ensure_one()
        if self.state in ('draft', 'incomplete'):
            return 'submit'
        if self.state == 'submitted' and not self.verified_at:
            return 'verify'
        if self.state == 'submitted' and not self.informed_at:
            return 'inform'
        return {
            'submitted': 'raise', 'research': 'raise', 'approved': 'start_delivery', 'delivery': 'close',
        }.get(self.state)

    def action_match_identity(self):
        """Match the identity of the request's file from the request itself; see ``amlaj.beneficiary``."""
        self.check_access('read')
        return self.beneficiary_id.action_match_identity()

    def action_match_papers(self):
        """Receive and match all required papers that are not yet, in one tap: the originals lie on the desk."""
        self.check_access('read')
        waiting = self.document_ids.filtered(lambda document: document.is_required and document.state != 'matched')
        return waiting.action_receive_and_match() if waiting else True

    def action_receive_and_print(self):
        """The green button: submit, verify, inform, and print what the applicant takes home: the slip, or the
        notice of what is missing (R53, R57, R59).

        :return: the action that prints.
        """
        self.ensure_one()
        self.action_receive_at_desk()
        return self.action_print_slip()

    def action_print_slip(self):
        """Print the slip, or the notice while something is missing, on the paper chosen in the settings."""
        self.ensure_one()
        self.check_access('read')
        slip = SLIPS.get(self.env['amlaj.settings']._get('slip_paper'), SLIPS['a4'])
        return self.env.ref(NOTICE if self.state == 'incomplete' else slip).report_action(self, config=False)

    def action_open_signature_link(self):
        link = super().action_open_signature_link()
        return {**link, 'qr': qr_data_uri(link['url'])}

    def get_signing(self):
        """What the declaration's corner of the form shows.

        :return: ``{'text', 'name', 'signed': False or {'name', 'method', 'at'}}``.
        """
        self.ensure_one()
        self.check_access('read')
        signed = self.declaration_ids.filtered('is_valid')[:1]
        methods = dict(signed._fields['method']._description_selection(self.env))
        return {
            'text': self._declaration_text(),
            'name': self.beneficiary_id.name or '',
            'signed': bool(signed) and {
                'name': signed.signer_name, 'method': methods[signed.method],
                'at': self._local_day(signed.signed_at).strftime('%d/%m/%Y')},
        }


class AmlajRequestDocument(models.Model):
    _inherit = 'amlaj.request.document'

    identifies_person = fields.Boolean(related='document_type_id.identifies_person')
    has_expiry = fields.Boolean(related='document_type_id.has_expiry')
    help_text = fields.Text(related='document_type_id.help', string="What it is")
    remark = fields.Char(compute='_compute_remark', help="What is wrong with the paper, or that it is known already.")

    @api.depends('reused_from_id', 'state', 'fault')
    @api.depends_context('lang')
    def _compute_remark(self):
        for document in self:
            fault = document.state != 'missing' and document.fault
            known = document.reused_from_id and self.env._("Known from an earlier request")
            document.remark = fault or known or False

    @api.model
    def get_upload_limit(self):
        """The largest file in megabytes, so that the screen says it before anything is sent."""
        return self.env['amlaj.settings']._get('max_upload_mb')


class AmlajDelivery(models.Model):
    _inherit = 'amlaj.delivery'

    @api.depends('receipt_number', 'request_id.name')
    def _compute_display_name(self):
        # a planned delivery has no receipt yet
        for delivery in self:
            delivery.display_name = delivery.receipt_number or delivery.request_id.name
