import json

from odoo import api, models
from odoo.fields import Domain

from .guarded import GROUP

CHANGES = 'amlaj_beneficiary.amlaj_change_request_action'
DESK_ROLES = ('relations', 'representative', 'manager')


class AmlajHome(models.AbstractModel):
    """The first screen of every role: what waits for this user, each as a number that opens its list (R52, R64).

    A tile's number is the count of its own list's domain with the user's own rights, so the two never disagree. Each
    room adds its tiles by ``super()._tiles()``.
    """
    _name = 'amlaj.home'
    _description = "Waiting for you"

    @api.model
    def get_home(self):
        """All that the first screen needs, in one call.

        :return: ``{'find': see get_find, 'tiles': see get_tiles}``.
        """
        return {'find': self.get_find(), 'tiles': self.get_tiles()}

    @api.model
    def get_find(self):
        """What the search box offers this user: ``{'may_search': bool, 'may_create': bool, 'may_request': bool}``."""
        Beneficiary = self.env['amlaj.beneficiary']
        may_search = self._has_role(*Beneficiary._searching_roles())
        return {
            'may_search': may_search,
            'may_create': may_search and Beneficiary.has_access('create'),
            'may_request': False,
        }

    @api.model
    def get_tiles(self):
        """The tiles of the current user's roles.

        :return: list of ``{'key', 'label', 'count', 'action', 'kind'}``; ``action`` is a whole window action,
            ``kind`` is ``action`` (waits for the user), ``late`` or ``draft``.
        """
        return [
            {**tile, 'count': self.env[tile['action']['res_model']].search_count(tile['action']['domain'])}
            for tile in self._tiles()
        ]

    @api.model
    def _tiles(self):
        """The tiles without their numbers, in the order of the work."""
        if not self._has_role(*DESK_ROLES):
            return []
        action = 'amlaj_beneficiary.amlaj_beneficiary_action'
        mine = Domain('create_uid', '=', self.env.uid)
        # what he entered himself waits for a colleague, and a bank account that was seen for a second person
        waiting = Domain('state', '=', 'new') & (
            Domain('origin', '=', 'applicant') | Domain('asked_by_id', '!=', self.env.uid))
        second = Domain('subject', '=', 'iban') & Domain('seen_at', '!=', False)
        tiles = [
            self._tile('files_draft', self.env._("My unfinished files"), action,
                       Domain('state', '=', 'provisional') & mine, 'draft'),
            self._tile('files_provisional', self.env._("Files to complete"), action,
                       Domain('state', '=', 'provisional') & ~mine),
            self._tile('mandates', self.env._("Mandates to verify"), 'amlaj_beneficiary.amlaj_mandate_action',
                       Domain('verified_at', '=', False) & (
                           Domain('user_id', '=', False) | Domain('user_id', '!=', self.env.uid))),
            self._tile('changes', self.env._("Changes asked for"), CHANGES, waiting & ~second),
        ]
        if self._has_role('manager'):
            tiles.append(self._tile(
                'changes_second', self.env._("Bank accounts to accept"), CHANGES,
                waiting & second & Domain('seen_by_id', '!=', self.env.uid)))
        if self._has_role('relations', 'manager'):
            # a second person confirms: whoever changed it does not wait for himself
            tiles.append(self._tile(
                'ibans', self.env._("IBANs to confirm"), action,
                Domain('iban_state', '=', 'to_confirm') & Domain('iban_changed_by_id', '!=', self.env.uid)))
        return tiles

    @api.model
    def _tile(self, key, label, xmlid, domain, kind='action'):
        """One tile: the window action ``xmlid`` narrowed to ``domain`` and freed of its own default filters."""
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        return {
            'key': key, 'label': label, 'kind': kind,
            'action': {**action, 'name': label, 'display_name': label, 'domain': self._as_json(domain), 'context': {}},
        }

    @api.model
    def _as_json(self, domain):
        """The domain as the client takes it: a list, days as text."""
        return json.loads(json.dumps(list(domain), default=str))

    @api.model
    def _has_role(self, *names):
        return any(self.env.user.has_group(GROUP % name) for name in names)
