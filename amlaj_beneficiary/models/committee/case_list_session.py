from odoo import fields, models
from odoo.exceptions import UserError

from ..registry.guarded import AddedFields


class AmlajCommitteeSession(models.Model):
    """Lists on the agenda, each shown as one item (R60)."""
    _inherit = 'amlaj.committee.session'

    list_ids = fields.One2many('amlaj.case.list', 'session_id', string="Lists", copy=False)
    single_ids = fields.One2many(
        'amlaj.decision', 'session_id', string="Files by themselves", domain=[('list_id', '=', False)], copy=False)

    _guarded_fields = AddedFields('list_ids', 'single_ids')

    def action_make_list(self, service_id, name, request_ids=None):
        """Put requests of one service on the agenda as one list: those that wait for a session, and those that are on
        this agenda already and undecided. An objection is no part of a list.

        :param service_id: the service
        :param name: how the agenda and the minutes call the list
        :param request_ids: ids of some of them; by default all
        :return: the list
        """
        self.ensure_one()
        self._do('schedule')
        service, name = self._picked('amlaj.service', getattr(service_id, 'id', service_id)), self._given(name)
        if not service or not name:
            raise UserError(self.env._("Please choose the service and name the list."))
        waiting_sudo = self._candidates().filtered(
            lambda request: request.service_id.id == service.id and request._next_item_kind() != 'objection')
        items_sudo = self._items().sudo().filtered(
            lambda item: item.service_id.id == service.id and not item.result and not item.list_id
            and item.kind != 'objection')
        if request_ids is not None:
            wanted = set(request_ids)
            waiting_sudo = waiting_sudo.filtered(lambda request: request.id in wanted)
            items_sudo = items_sudo.filtered(lambda item: item.request_id.id in wanted)
            if len(wanted) != len(waiting_sudo | items_sudo.request_id):
                raise UserError(self.env._("A list holds requests of one service that wait for their decision."))
        chosen_sudo = waiting_sudo | items_sudo.request_id
        if not chosen_sudo:
            raise UserError(self.env._("No request of this service waits for a decision."))
        if waiting_sudo:
            self._add_items(waiting_sudo)
        made_sudo = self.env['amlaj.case.list'].sudo().create({  # the step was checked above
            'session_id': self.id, 'service_id': service.id, 'name': name})
        self._items(chosen_sudo.ids).sudo().list_id = made_sudo
        return made_sudo.with_env(self.env)

    def _set_agenda(self, request_ids):
        result = super()._set_agenda(request_ids)
        self.sudo().list_ids._drop_empty()  # the step was checked there
        return result


class AmlajDecision(models.Model):
    """A row of a list keeps its own decision (R60)."""
    _inherit = 'amlaj.decision'

    list_id = fields.Many2one(
        'amlaj.case.list', index='btree_not_null', ondelete='set null', copy=False,
        help="The list with which it is decided as one case.")

    _guarded_fields = AddedFields('list_id')

    def action_take_out_of_list(self):
        """Take these files out of their lists; they stay on the agenda by themselves."""
        lists = self.list_id
        for record in lists:
            mine = self.filtered(lambda item, record=record: item.list_id == record)
            record.action_take_out(mine.sudo().request_id.ids)  # the list's step checks who takes out what
        if lists.exists() == lists:
            return True
        return {'type': 'ir.actions.act_window', 'res_model': 'amlaj.committee.session', 'view_mode': 'form',
                'views': [(False, 'form')], 'res_id': self.session_id[:1].id}
