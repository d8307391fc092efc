from odoo import api, fields, models

from ..registry.guarded import Actors, Blocker


class AmlajVolunteerCertificate(models.Model):
    """«شهادة تطوع»: what a volunteer did and for how many hours, as it was on the day of issue (R42; the right to a
    certificate in the association's name, Volunteer Work Law).

    It is issued for hours that the coordinator confirmed. When these change, the certificate holds no longer: ``/verify``
    does not confirm it any more, and a new one has a new number. The coordinator, managers and auditors read them; the
    volunteer gets his own as a paper.
    """
    _name = 'amlaj.volunteer.certificate'
    _description = "Volunteer certificate"
    _inherit = ['amlaj.volunteer.deed']
    _order = 'id desc'
    _rec_name = 'number'
    _log_name = 'number'

    number = fields.Char(string="Certificate no.", readonly=True)
    participation_id = fields.Many2one('amlaj.volunteer.participation', required=True, index=True, ondelete='restrict')
    volunteer_id = fields.Many2one('amlaj.volunteer', required=True, index=True, ondelete='restrict')
    person_name = fields.Char(string="Name", required=True)
    opportunity_name = fields.Char(string="Opportunity", required=True)
    date_from = fields.Date(string="First day", required=True)
    date_to = fields.Date(string="Last day", required=True)
    hours = fields.Float(required=True)
    issued_on = fields.Date(string="Issued on", required=True)
    issued_by_id = fields.Many2one('res.users', string="Issued by")
    state = fields.Selection([('valid', "Valid"), ('replaced', "No longer holds")], required=True, default='valid')
    valid_number = fields.Char(
        string="Number that is confirmed", compute='_compute_valid_number', store=True, index='btree_not_null')

    _number_unique = models.UniqueIndex('(number)', "This number is taken.")
    _one_valid = models.UniqueIndex(
        "(participation_id) WHERE state = 'valid'", "There is a valid certificate of this participation.")

    _guarded_fields = frozenset({
        'number', 'participation_id', 'volunteer_id', 'person_name', 'opportunity_name', 'date_from', 'date_to', 'hours',
        'issued_on', 'issued_by_id', 'state', 'valid_number'})

    @api.depends('number', 'state')
    def _compute_valid_number(self):
        for certificate in self:
            certificate.valid_number = certificate.state == 'valid' and certificate.number

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        for certificate_sudo in certificates.sudo():  # the number is the house's own
            certificate_sudo.number = certificate_sudo.number or certificate_sudo.env['ir.sequence'].next_by_code(
                'amlaj.volunteer.certificate', sequence_date=certificate_sudo.issued_on)
        return certificates


class AmlajVolunteerParticipation(models.Model):
    """Its certificate."""
    _inherit = 'amlaj.volunteer.participation'

    certificate_ids = fields.One2many('amlaj.volunteer.certificate', 'participation_id', string="Certificates", copy=False)

    def action_certificate(self):
        """Issue the certificate of these hours, or find the one that was issued; for the volunteer or the coordinator.

        :return: the action that prints it; the volunteer gets the paper from his pages
        """
        self.ensure_one()
        certificate_sudo = self._certificate()
        if not self.env.user._is_internal():
            return True
        return self.env.ref('amlaj_beneficiary.report_volunteer_certificate').report_action(
            certificate_sudo.with_env(self.env), config=False)

    def _certificate(self):
        """The valid certificate, issued now where there is none, in superuser mode."""
        self.ensure_one()
        self._do('certificate')
        deed_sudo = self.sudo()  # the step was checked just above
        found = deed_sudo.certificate_ids.filtered(lambda certificate: certificate.state == 'valid')
        if found and (found.hours, found.person_name) == (deed_sudo.hours, deed_sudo.volunteer_id.name):
            return found
        found.state = 'replaced'
        self.env.flush_all()
        days = deed_sudo.hour_ids.filtered(lambda line: line.state == 'confirmed').mapped('day')
        return found.create({
            'participation_id': self.id, 'volunteer_id': deed_sudo.volunteer_id.id,
            'person_name': deed_sudo.volunteer_id.name, 'opportunity_name': deed_sudo.opportunity_id.name,
            'date_from': min(days), 'date_to': max(days), 'hours': deed_sudo.hours, 'issued_on': self._today(),
            'issued_by_id': self.env.uid})

    def _settle_certificate(self):
        """What was certified holds no longer where the hours are not all confirmed any more (superuser)."""
        self.filtered(lambda deed: deed.state != 'approved').certificate_ids.filtered(
            lambda certificate: certificate.state == 'valid').state = 'replaced'

    def _actors(self):
        return super()._actors() | {'certificate': Actors(frozenset({'volunteer_coordinator'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for participation in self.sudo() if action == 'certificate' else ():  # the actor is checked apart
            if participation.state != 'approved':
                blockers[participation.id].append(Blocker('state', self.env._(
                    "The certificate comes once the hours are confirmed.")))
        return blockers
