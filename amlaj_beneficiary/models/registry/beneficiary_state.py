from odoo import api, fields, models
from odoo.exceptions import UserError

from .guarded import Actors, Blocker

DESK = frozenset({'relations', 'representative', 'manager'})


class AmlajBeneficiary(models.Model):
    """The life of a file: provisional, registered, suspended, closed (R53, R54, R63)."""
    _inherit = 'amlaj.beneficiary'

    missing = fields.Text(
        string="Missing for the registration", compute='_compute_missing',
        help="What the file still lacks before it is registered.")

    @api.depends(
        'state', 'kind', 'identity_kind', 'identity_number', 'identity_matched_at', 'birth_date', 'phone', 'phone2',
        'locality_id', 'short_address', 'branch_id')
    def _compute_missing(self):
        blockers = self._get_blockers('register')
        for file in self:
            file.missing = "\n".join(
                blocker.text for blocker in blockers[file.id] if blocker.code != 'state') or False

    def action_match_identity(self):
        """State that the original identity paper was seen and agrees with the file (R54). No copy is kept."""
        return self._do('match_identity', self._stamp('identity_matched'))

    def action_register(self):
        """Complete the registration: a provisional file whose requirements are met becomes registered (R63).

        :raise UserError: naming everything that is missing.
        """
        return self._do('register', {'state': 'registered', 'registered_at': fields.Datetime.now()})

    def _register_if_complete(self):
        """Register the provisional files that lack nothing; called where a requirement has just been met."""
        blockers = self._get_blockers('register')
        complete_sudo = self.sudo().filtered(lambda file: not blockers[file.id])  # the caller's own action was checked
        complete_sudo.write({'state': 'registered', 'registered_at': fields.Datetime.now()})
        return complete_sudo

    def action_suspend(self, reason):
        """Suspend the file, by a person and with a reason; nothing suspends a file by itself.

        :param reason: an ``amlaj.reason`` (or its id), or a text.
        """
        return self._do('suspend', {'state': 'suspended', **self._reason_vals(reason)})

    def action_reactivate(self, reason):
        """Take a suspended or closed file up again, with a reason."""
        back = {}
        for file in self:
            back.setdefault('registered' if file.registered_at else 'provisional', self.browse())
            back['registered' if file.registered_at else 'provisional'] |= file
        for state, files in back.items():
            files._do('reactivate', {'state': state, **files._reason_vals(reason)})
        return True

    def action_end(self, reason):
        """Close the file with a reason; its number stays and its identity number becomes free."""
        return self._do('end', {'state': 'ended', **self._reason_vals(reason)})

    def _reason_vals(self, reason):
        """:raise UserError: when no reason is given."""
        if note := self._given(reason):
            return {'state_note': note, 'state_reason_id': False}
        if not (known := self._picked('amlaj.reason', getattr(reason, 'id', reason))):
            raise UserError(self.env._("Please give the reason."))
        return {'state_reason_id': known.id, 'state_note': False}

    def action_confirm_iban(self):
        """Confirm, as a second person, an IBAN that was changed or that is another person's."""
        return self._do('confirm_iban', {'iban_state': 'confirmed', 'iban_confirmed_by_id': self.env.uid})

    def _actors(self):
        # quick facts of the desk belong to who stands there; what stops a person's support needs a wider view
        return super()._actors() | {
            'match_identity': Actors(DESK),
            'register': Actors(DESK),
            'suspend': Actors(frozenset({'relations', 'manager'})),
            'reactivate': Actors(frozenset({'relations', 'manager'})),
            'end': Actors(frozenset({'relations', 'manager'})),
            'confirm_iban': Actors(frozenset({'relations', 'manager', 'finance'})),
        }

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        wrong_state = {
            'register': lambda file: file.state != 'provisional',
            'suspend': lambda file: file.state not in ('provisional', 'registered'),
            'reactivate': lambda file: file.state not in ('suspended', 'ended'),
            'end': lambda file: file.state == 'ended',
            'match_identity': lambda file: bool(file.identity_matched_at),
            'confirm_iban': lambda file: file.iban_state != 'to_confirm',
        }.get(action, lambda file: False)
        for file in self.sudo():  # the caller's right to act is checked apart; reasons are the same for everyone
            mine = blockers[file.id]
            if wrong_state(file):
                mine.append(Blocker('state', self.env._("The file is not in a state for this step.")))
            if action == 'register':
                mine += file._registration_blockers()
            if action == 'match_identity' and file.identity_kind != 'none' and not file.identity_number:
                mine.append(Blocker('identity', self.env._("Enter the identity number first."), 'applicant'))
            if action == 'confirm_iban' and file.iban_changed_by_id == self.env.user:
                mine.append(Blocker('second_person', self.env._("A second person confirms this IBAN.")))
        return blockers

    def _registration_blockers(self):
        """What a provisional file lacks."""
        self.ensure_one()
        lacks = []
        if self.identity_kind != 'none' and not self.identity_number:
            lacks.append(Blocker('identity', self.env._("The identity number"), 'applicant'))
        elif not self.identity_matched_at:
            lacks.append(Blocker('identity_match', self.env._("Matching the identity with the original")))
        if self.kind != 'organisation' and not self.birth_date:
            lacks.append(Blocker('birth_date', self.env._("The birth date"), 'applicant'))
        if not self.phone and not self.phone2:
            lacks.append(Blocker('phone', self.env._("A phone number"), 'applicant'))
        if not self.locality_id and not self.short_address:
            lacks.append(Blocker('place', self.env._("The village or district, or the short address"), 'applicant'))
        if not self.branch_id:
            lacks.append(Blocker('branch', self.env._("The sub-office")))
        return lacks
