from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

COORDINATOR_GROUP = 'amlaj_beneficiary.group_volunteer_coordinator'
SALESMEN = 'sales_team.group_sale_salesman'
# all that whoever keeps sign-ups writes on the lead itself; the answers stand on the application
WRITABLE = frozenset({
    'stage_id', 'priority', 'color', 'user_id', 'activity_ids', 'message_follower_ids', 'message_main_attachment_id'})
# Odoo's own words for a sale have no place on the coordinator's screens: of the lead he is offered these fields alone
OFFERED = frozenset({
    'id', 'display_name', 'name', 'team_id', 'stage_id', 'priority', 'color', 'user_id', 'active', 'create_date', 'write_date',
    'date_last_stage_update', 'create_uid', 'write_uid', 'duration_tracking', 'application_ids', 'applicant_name',
    'applicant_phone', 'applicant_age', 'applicant_field_ids', 'applicant_availability', 'guardian_state',
    'is_sign_up_open', 'supporter_ids', 'supporter_name', 'supporter_phone', 'supporter_offer', 'supporter_interest_ids',
    'supporter_state'})
OFFERED_KINDS = ('activity_', 'message_', 'my_activity_', 'has_message')


class CrmLead(models.Model):
    """A sign-up in the pipeline of its team (R42): Odoo's own lead, with a number for a name and nobody's data on it.

    The leads of the two teams are seen by the volunteer coordinator alone; he moves them, plans and notes. What the person
    answered stands on ``amlaj.volunteer.application``. A lead never leaves its team.
    """
    _inherit = 'crm.lead'

    application_ids = fields.One2many(
        'amlaj.volunteer.application', 'lead_id', string="Applications", groups=COORDINATOR_GROUP, copy=False)
    applicant_name = fields.Char(string="Name", related='application_ids.name', groups=COORDINATOR_GROUP)
    applicant_phone = fields.Char(string="Mobile", related='application_ids.phone', groups=COORDINATOR_GROUP)
    applicant_age = fields.Integer(string="Age", related='application_ids.age', groups=COORDINATOR_GROUP)
    applicant_field_ids = fields.Many2many(
        string="Fields of interest", related='application_ids.field_ids', groups=COORDINATOR_GROUP)
    applicant_availability = fields.Selection(
        string="Availability", related='application_ids.availability', groups=COORDINATOR_GROUP)
    is_sign_up_open = fields.Boolean(
        string="Sign-up open", related='application_ids.is_open', groups=COORDINATOR_GROUP)
    guardian_state = fields.Selection(
        string="Guardian's consent", related='application_ids.guardian_state', groups=COORDINATOR_GROUP)

    # ------------------------------------------------------------
    # A lead of ours stays what it is
    # ------------------------------------------------------------

    def _is_sign_up(self):
        """Whether one of these leads is of a team of the app."""
        return any(lead.team_id._is_kept() for lead in self.sudo())  # only whether it is kept apart

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if not self.env.su and leads._is_sign_up():
            raise AccessError(self.env._("A sign-up is entered as an application, with what the person answered."))
        return leads

    def write(self, vals):
        if not self.env.su:
            self.check_access('write')
            to_kept = vals.get('team_id') and self.env['crm.team'].browse(vals['team_id'])._is_kept()
            if to_kept or (self._is_sign_up() and not vals.keys() <= WRITABLE):
                raise AccessError(self.env._("Of a sign-up only its stage, owner and colour are changed here."))
            if vals.get('stage_id') and self._is_sign_up():
                self._check_move(self.env['crm.stage'].browse(vals['stage_id']))
        return super().write(vals)

    def _check_move(self, stage):
        """:raise UserError: when a sign-up cannot be moved to ``stage`` by hand"""
        for lead in self.filtered(lambda lead: lead.stage_id != stage):
            if not lead.team_id <= stage.team_ids:
                raise UserError(self.env._("This stage belongs to another team."))
            lead.sudo().application_ids._check_move(stage)  # the lead's own reader asks, by its rules

    def copy(self, default=None):
        if not self.env.su and self._is_sign_up():
            raise AccessError(self.env._("A sign-up is not copied."))
        return super().copy(default)

    def _compute_team_id(self):
        # Odoo moves a lead to a team of its new owner: not one of ours
        kept = self.filtered(lambda lead: lead.team_id._is_kept())
        return super(CrmLead, self - kept)._compute_team_id()

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        team = self.env['crm.team'].browse(self.env.context.get('default_team_id') or []).exists()
        if team._is_kept():
            return stages.search([('team_ids', 'in', team.ids)])
        return super()._read_group_stage_ids(stages, domain)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        found = super().fields_get(allfields, attributes)
        if self.env.su or not self.env.user.has_group(COORDINATOR_GROUP) or self.env.user.has_group(SALESMEN):
            return found
        return {
            name: words for name, words in found.items() if name in OFFERED or name.startswith(OFFERED_KINDS)}

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _application(self):
        """The one application of this sign-up.

        :raise UserError: for a lead of another kind
        """
        self.ensure_one()
        self.check_access('read')
        application = self.application_ids if self.env.user.has_group(COORDINATOR_GROUP) or self.env.su else None
        if not application:
            raise UserError(self.env._("This is no sign-up of a volunteer."))
        return application

    def action_open_chat(self):
        """Open the chat application with the number of who signed up; nothing is sent by itself."""
        application = self._application()
        text = self.env._("Peace be upon you. We are %(association)s, about your sign-up.", association=self.env.company.name)
        return {
            'type': 'ir.actions.act_url', 'target': 'new',
            'url': f"https://wa.me/{application.phone.lstrip('+')}?text={quote(text)}"}

    def action_open_application(self):
        """Open all that the person answered."""
        application = self._application()
        return {'type': 'ir.actions.act_window', 'res_model': application._name, 'res_id': application.id,
                'views': [(False, 'form')], 'target': 'current'}

    def action_send_guardian_link(self):
        """Send the guardian a new link; the one before ends."""
        return self._application().action_send_guardian_link()

    def action_decline(self):
        """Close the sign-up without making a volunteer."""
        return self._application().action_decline()
