from odoo import models
from odoo.fields import Command, Domain

from ...tools.text import name_key
from ..registry.guarded import Blocker
from .application import STAGE
from .volunteer import COORDINATOR

TAKEN_OVER = (
    'name', 'phone', 'email', 'birth_date', 'gender', 'availability', 'availability_note', 'guardian_name',
    'guardian_phone', 'ethics_version')


class AmlajVolunteerApplication(models.Model):
    """What an accepted sign-up becomes: the volunteer, his account and the charter that he signs (R42)."""
    _inherit = 'amlaj.volunteer.application'

    def action_make_volunteer(self):
        """Accept the sign-up: make the volunteer, his login, and the charter that waits for his signature.

        Whoever signed up with an account that he has keeps it.

        :return: the action that prints the slip of a new account, or opens the volunteer
        """
        self.ensure_one()
        self._do('make_volunteer')
        application_sudo = self.sudo()  # the step was checked
        volunteer_sudo = self.env['amlaj.volunteer'].sudo().create({
            **{name: application_sudo[name] for name in TAKEN_OVER}, 'locality_id': application_sudo.locality_id.id,
            'field_ids': [Command.set(application_sudo.field_ids.ids)],
            'skill_ids': [Command.set(application_sudo.skill_ids.ids)], 'lead_id': application_sudo.lead_id.id})
        application_sudo.write({'volunteer_id': volunteer_sudo.id, 'open_key': False})
        application_sudo.lead_id.stage_id = self.env.ref(STAGE % 'accepted')
        volunteer_sudo._take_account(application_sudo.user_id)
        self.env['amlaj.agreement']._draw_up_charter(volunteer_sudo)
        volunteer = volunteer_sudo.with_env(self.env)
        if not application_sudo.user_id:
            return volunteer._give_code()
        return {'type': 'ir.actions.act_window', 'res_model': volunteer._name, 'res_id': volunteer.id,
                'views': [(False, 'form')], 'target': 'current'}

    def _actors(self):
        return super()._actors() | {'make_volunteer': COORDINATOR}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for application in self.sudo() if action == 'make_volunteer' else ():  # the actor is checked apart
            if twin := application._same_volunteer():
                blockers[application.id].append(Blocker('twin', self.env._(
                    "This person is a volunteer already: number %(number)s.", number=twin.number)))
        return blockers

    def _same_volunteer(self):
        """The volunteer who is this very person, as far as the answers tell (superuser)."""
        same = Domain('phone', '=', self.phone) & Domain('birth_date', '=', self.birth_date)
        if self.user_id:
            same |= Domain('user_id', '=', self.user_id.id)
        found = self.env['amlaj.volunteer'].search(same & Domain('state', '!=', 'ended'), limit=10)
        return found.filtered(lambda volunteer: (
            self.user_id and volunteer.user_id == self.user_id) or volunteer.name_key == name_key(self.name))[:1]


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    def action_make_volunteer(self):
        """Accept this sign-up: make the volunteer, his login, and the charter that waits for his signature."""
        return self._application().action_make_volunteer()
