from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import ASSOCIATION_TZ, Actors, Blocker
from .interaction_line import DESK

MOST_SIMILAR = 10


class AmlajInteraction(models.Model):
    """The steps of a contact: receive, find out who it is, call back, close (R50-R52)."""
    _inherit = 'amlaj.interaction'

    open_questions = fields.Integer(string="Open questions", compute='_compute_open_questions')
    similar_ids = fields.Many2many(
        'amlaj.beneficiary', string="Files with this number", compute='_compute_similar_ids')
    similar_hint = fields.Char(string="Hint on the number", compute='_compute_similar_ids')
    hours_to_call = fields.Char(string="Hours to call", related='beneficiary_id.hours_to_call', related_sudo=False)
    file_phone = fields.Char(string="Phone of the file", related='beneficiary_id.phone', related_sudo=False)

    @api.model
    def _day_span(self, day):
        """The UTC moments between which the association's ``day`` lies: the first is in it, the second is not."""
        zone = pytz.timezone(ASSOCIATION_TZ)
        start, end = (
            zone.localize(datetime.combine(edge, time())).astimezone(pytz.utc).replace(tzinfo=None)
            for edge in (day, day + timedelta(days=1)))
        return start, end

    @api.depends('line_ids.state')
    def _compute_open_questions(self):
        counts = dict(self.env['amlaj.interaction.line']._read_group(
            [('interaction_id', 'in', self._origin.ids), ('state', '=', 'open')], ['interaction_id'], ['__count']))
        for contact in self:
            contact.open_questions = counts.get(contact._origin, 0)

    @api.depends('visitor_phone', 'beneficiary_id')
    def _compute_similar_ids(self):
        Beneficiary = self.env['amlaj.beneficiary']
        for contact in self:
            phone = not contact.beneficiary_id and contact.visitor_phone
            # with the reader's own rights: another sub-office's file is not told
            files = Beneficiary.search(Beneficiary._phone_domain(phone), limit=MOST_SIMILAR + 1) if phone else Beneficiary
            contact.similar_ids = files[:MOST_SIMILAR]
            contact.similar_hint = contact._similar_text(len(files)) if files else False

    def _similar_text(self, count):
        if count > MOST_SIMILAR:
            return self.env._(
                "More than %(most)s files have this number; please ask for the name, and find the file by it.",
                most=MOST_SIMILAR)
        return self.env._("A file has this number. Several people may share a phone: please ask who it is.")

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_receive(self):
        """Receive a person who waits; from now on he is with this employee."""
        return self._do('receive', {
            'state': 'open', 'user_id': self.env.uid, 'received_at': fields.Datetime.now()})

    def action_close(self):
        """Close the contact: every question was answered or referred.

        :raise UserError: naming the questions that are open
        """
        return self._do('close', {'state': 'closed', **self._stamp('closed')})

    def action_let_wait(self):
        """Put a person who has just arrived among those who wait."""
        return self._do('let_wait', {'state': 'waiting', 'user_id': False, 'received_at': False})

    def action_plan_appointment(self):
        """Open the form of an appointment for the person of this contact."""
        self.ensure_one()
        self._check_actor('plan')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_appointment_action_new'),
            'context': {
                'default_interaction_id': self.id, 'default_beneficiary_id': self.beneficiary_id.id,
                'default_visitor_name': not self.beneficiary_id and self.visitor_name,
                'default_visitor_phone': not self.beneficiary_id and self.visitor_phone,
                'default_branch_id': self.branch_id.id}}

    def action_open_tools(self):
        """Open the employee's tools, to send an answer to the person of this contact."""
        self.ensure_one()
        self.check_access('read')
        return {
            'type': 'ir.actions.client', 'tag': 'amlaj_beneficiary.tools', 'name': self.env._("Tools of the desk"),
            'context': {'amlaj_interaction_id': self.id}}

    def action_called_back(self):
        """Note that the person was called back as agreed."""
        return self._do('call_back', self._stamp('called_back'))

    def action_open_file(self):
        """Open the file of the person; for a visitor a provisional one is made from what he said."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'amlaj.beneficiary',
            'res_id': self._ensure_file().id,
            'views': [(False, 'form')],
        }

    def action_name_visitor(self, file_id):
        """State that the visitor of this contact is the person of a file.

        :param file_id: the file, which the user may read
        :raise UserError: where the contact has a file already, or there is no such file
        """
        self.ensure_one()
        self._do('name_visitor')
        file = self._picked('amlaj.beneficiary', file_id)
        if not file:
            raise UserError(self.env._("Please choose the file of the person."))
        self.beneficiary_id = file
        return True

    def _ensure_file(self):
        """The person's file, made by this user's own rights where there is none yet.

        :raise UserError: without a name
        """
        self.ensure_one()
        if self.beneficiary_id:
            return self.beneficiary_id
        self._do('open_file')
        Beneficiary = self.env['amlaj.beneficiary']
        defaults = Beneficiary.find_defaults(self.visitor_name)
        named = {key.removeprefix('default_'): value for key, value in defaults.items() if key.endswith('_name')}
        if not named:
            named = {'name': self.visitor_name}
        self.beneficiary_id = Beneficiary.create({
            **named, 'phone': self.visitor_phone, 'branch_id': self.branch_id.id, 'locality_id': self.locality_id.id})
        return self.beneficiary_id

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _actors(self):
        return super()._actors() | dict.fromkeys(
            ('receive', 'close', 'let_wait', 'call_back', 'open_file', 'open_chat', 'name_visitor', 'send_answer', 'plan'),
            Actors(DESK))

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for contact in self.sudo():  # the actor is checked apart
            mine = blockers[contact.id]
            if action != 'call_back' and contact.state == 'closed':
                mine.append(Blocker('state', self.env._("This contact is closed already.")))
            elif action == 'receive' and contact.state != 'waiting':
                mine.append(Blocker('state', self.env._("This person is being received already.")))
            elif action == 'let_wait' and contact.state != 'open':
                mine.append(Blocker('state', self.env._("This person waits already.")))
            elif action == 'close':
                mine += contact._close_blockers()
            elif action == 'call_back' and (not contact.call_back_at or contact.called_back_at):
                mine.append(Blocker('state', self.env._("No call back is agreed.")))
            elif action in ('open_file', 'name_visitor'):
                mine += contact._file_blockers(action)
            elif action == 'open_chat' and not (contact.beneficiary_id.phone or contact.visitor_phone):
                mine.append(Blocker('phone', self.env._("No phone number is known of this person.")))
        return blockers

    def _close_blockers(self):
        return [
            Blocker('open_question', self.env._(
                "This question has no answer yet: “%(question)s”. Please answer it, or refer it.",
                question=line.question[:80]))
            for line in self.line_ids if line.state == 'open']

    def _file_blockers(self, action):
        if self.beneficiary_id:
            return [Blocker('state', self.env._("This contact has its file already."))]
        if action == 'open_file' and not self.visitor_name:
            return [Blocker('name', self.env._("Please write the name of the person first."))]
        return []


class AmlajBeneficiary(models.Model):
    _inherit = 'amlaj.beneficiary'

    interaction_ids = fields.One2many('amlaj.interaction', 'beneficiary_id', string="Contacts with people", copy=False)
    interaction_count = fields.Integer(string="Number of contacts", compute='_compute_interaction_count')

    def _compute_interaction_count(self):
        Interaction = self.env['amlaj.interaction']
        counts = dict(Interaction._read_group(
            Domain('beneficiary_id', 'in', self.ids), ['beneficiary_id'], ['__count'])
        ) if Interaction.has_access('read') else {}
        for file in self:
            file.interaction_count = counts.get(file, 0)

    def action_is_the_visitor(self):
        """State that the visitor of the contact that is open on the screen is the person of this file."""
        self.ensure_one()
        contact = self._picked('amlaj.interaction', self.env.context.get('amlaj_interaction_id'))
        if not contact:
            raise UserError(self.env._("Please open the contact first."))
        return contact.action_name_visitor(self.id)
