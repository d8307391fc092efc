from math import isfinite
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.translate import get_translation

from ...tools.errors import BadInput
from ...tools.text import clean_text

ASSOCIATION_TZ = 'Asia/Riyadh'
GROUP = 'amlaj_beneficiary.group_%s'
MOST_ID = 2 ** 31
MOST_NUMBER = 10 ** 9


class Blocker(NamedTuple):
    """One reason why an action is not possible now.

    ``whom`` says who can remove it: ``applicant`` (shown to him as what is missing) or ``staff``.
    """
    code: str
    text: str
    whom: str = 'staff'


class Actors(NamedTuple):
    """Who may do an action: any of the ``groups`` (short names), or a mandate with the right ``mandate``."""
    groups: frozenset = frozenset()
    mandate: str = ''


class AddedFields:
    """What a later room adds to a model's set of field names (``_guarded_fields = AddedFields('decision_id')``),
    whatever other rooms add to the same set."""

    def __init__(self, *names):
        self.names = frozenset(names)

    def __set_name__(self, owner, name):
        self.owner, self.name = owner, name

    def __get__(self, record, model_class):
        return getattr(super(self.owner, model_class), self.name) | self.names


class AmlajGuarded(models.AbstractModel):
    """What every record of the policy's way shares: fields that only its own methods write, one answer to
    "why not?", one way to act, and nothing for portal users but the listed fields (R57, R68, R69).

    * ``_guarded_fields``: nobody but the model's own code (superuser) writes them, by whatever door.
    * ``_portal_fields`` / ``_portal_write_fields``: all that a portal user may read / write.
    * ``_actors()``: which roles, or which mandate, an action needs.
    * ``_get_blockers(action)``: why it cannot be done now.
    * ``_do(action, vals)``: checks the actor, locks the rows, asks the blockers, writes.
    """
    _name = 'amlaj.guarded'
    _description = "Guarded record"
    _inherit = ['amlaj.linked']

    _guarded_fields = frozenset()
    _portal_fields = frozenset()
    _portal_write_fields = frozenset()

    allowed_actions = fields.Char(
        compute='_compute_allowed_actions',
        help="The actions whose buttons this user sees, between commas.")

    @api.depends_context('uid')
    def _compute_allowed_actions(self):
        actors = self._actors()
        for record in self:
            record.allowed_actions = ''
        for action in actors:
            permitted = self._filtered_actor(action)
            blockers = permitted._get_blockers(action)
            for record in permitted:
                if not any(blocker.code == 'state' for blocker in blockers[record.id]):
                    record.allowed_actions = f"{record.allowed_actions or ','}{action},"

    # ------------------------------------------------------------
    # Who may touch which field
    # ------------------------------------------------------------

    @api.depends_context('lang')
    def _compute_display_name(self):
        result = super()._compute_display_name()
        field = self._fields.get(self._rec_name)
        if field and field.type == 'selection':  # Odoo would show the key
            labels = dict(field._description_selection(self.env))
            for record in self:
                record.display_name = labels.get(record[self._rec_name])
        return result

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su:
            return True
        if operation == 'write' and field.name in self._guarded_fields:
            return False
        if not self.env.user._is_internal():
            allowed = self._portal_fields if operation == 'read' else self._portal_write_fields
            return field.name in allowed or (operation == 'read' and field.name in ('id', 'display_name'))
        return True

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access and not self.env.su and not self.env.user._is_internal():
            # Odoo asks after a field's own search method has replaced it, when nothing tells which field was asked for
            for condition in Domain(domain).iter_conditions():
                if field := self._fields.get(condition.field_expr.partition('.')[0]):
                    self._check_field_access(field, 'read')
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _add_missing_default_values(self, values):
        # A user may set defaults of his own (ir.default) or send some (context): on a guarded field only the model's
        # own default counts, also where our methods create records as the superuser for him.
        complete = super()._add_missing_default_values(values)
        for name in self._guarded_fields & complete.keys() - values.keys():
            field = self._fields[name]
            if field.default:
                complete[name] = field.convert_to_write(
                    field.convert_to_cache(field.default(self), self, validate=False), self)
            else:
                del complete[name]
        return complete

    def copy_data(self, default=None):
        self.check_access('read')
        # stamps and states belong to the record that earned them
        kept = set(default or ())
        return [
            {name: value for name, value in vals.items() if name in kept or name not in self._guarded_fields}
            for vals in super().copy_data(default)]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_finite(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_finite(vals)
        result = super().write(vals)
        if not self.env.su and any(self._is_link_to_guarded(name) for name in vals):
            # Odoo checked the record where it was; it must not land on a file of his own, or out of his sight, either.
            self.check_access('write')
        return result

    @api.model
    def _check_finite(self, vals):
        """:raise ValidationError: for “not a number” and infinity, which programs send as numbers: a page that shows one
            is read by no browser any more."""
        if any(isinstance(value, float) and not isfinite(value) for value in vals.values()):
            raise ValidationError(self.env._("Please check the numbers: one of them is none."))

    @api.model
    def _is_link_to_guarded(self, name):
        """Whether the field ``name`` says to which guarded record, and so to which file, this record belongs."""
        field = self._fields.get(name)
        return bool(field) and field.type == 'many2one' and hasattr(self.env[field.comodel_name], '_guarded_fields')

    def read(self, fields=None, load='_classic_read'):
        if not self.env.su and not self.env.user._is_internal():
            self.check_access('read')  # Odoo leaves out what does not exist, and refuses what is another's
        return super().read(fields, load)

    def _check_access(self, operation):
        if not self.env.user._is_internal():
            return self._check_access_outside(operation)
        result = super()._check_access(operation)
        if result or self.env.su or operation == 'read':
            return result
        own = self._filtered_own(operation)
        if own:
            return own, lambda: AccessError(self.env._("Nobody works on a file of his own. Please ask a colleague."))
        return None

    def _check_access_outside(self, operation):
        """The access of a user outside the association: another's record and one that never was are alike."""
        existing = self.exists() if self else self
        # the part of _check_access that concerns those outside, on the records that there are
        result = super(AmlajGuarded, existing)._check_access(operation)
        forbidden = (result[0] if result else self.browse()) | (self - existing)
        if not result and not forbidden:
            return None
        return forbidden, lambda: AccessError(self.env._("There is no such record, or it is not open to you."))

    def _filtered_own(self, operation):
        """The records on which an internal user may not do ``operation`` because he holds a mandate for their file."""
        held_sudo = self.env['amlaj.mandate']._files_held(self.sudo()._file(), self.env.user)
        return self.filtered(lambda record: record.sudo()._file() & held_sudo) if held_sudo else self.browse()

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        if not self.env.su and not self.env.user._is_internal():
            # Messages are talk among staff: ask for a right that no portal user has.
            return dict.fromkeys(self, 'unlink')
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    # ------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------

    def _actors(self):
        """Return ``{action: Actors}``; rooms add theirs by ``super()._actors() | {...}``."""
        return {}

    def _file(self):
        """The beneficiary files that these records belong to (for mandates and conflicts)."""
        return self.beneficiary_id

    def _get_blockers(self, action):
        """Return ``{id: [Blocker, ...]}`` for ``action``; a constant number of queries for any number of records."""
        return {record.id: [] for record in self}

    def _filtered_actor(self, action):
        """The records of ``self`` on which the current user may do ``action``, whatever their state."""
        if self.env.su:
            return self
        actors = self._actors()[action]
        Mandate = self.env['amlaj.mandate']
        # a file's mandates decide even where the user cannot read them
        files_sudo = self.sudo()._file()
        held_sudo = Mandate._files_held(files_sudo, self.env.user)
        entitled_sudo = (
            Mandate._files_held(files_sudo, self.env.user, actors.mandate) if actors.mandate else files_sudo.browse())
        is_staff = any(self.env.user.has_group(GROUP % name) for name in actors.groups)
        return self.filtered(
            lambda record: (file_sudo := record.sudo()._file()) and (
                (is_staff and not file_sudo & held_sudo) or file_sudo <= entitled_sudo)
            or (is_staff and not file_sudo))

    def _check_actor(self, action):
        """:raise AccessError: when the current user may not do ``action`` on one of the records."""
        self.check_access('read')
        if self - self._filtered_actor(action):
            raise AccessError(self.env._("This step belongs to another role, or it concerns a file of your own."))

    def _lock(self):
        """Take the rows for this transaction.

        :raise UserError: when somebody else is changing one of them.
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self._message_locked()) from error

    def _message_locked(self):
        return self.env._("Someone else is working on this record at this moment. Please try again shortly.")

    def _check_blockers(self, action):
        """:raise UserError: with every reason why ``action`` is not possible now."""
        texts = []
        for blockers in self._get_blockers(action).values():
            texts += [blocker.text for blocker in blockers if blocker.text not in texts]
        if texts:
            raise UserError("\n".join(texts))

    def _do(self, action, vals=None):
        """The one way by which guarded fields change: actor, lock, blockers, write."""
        self._check_actor(action)
        self._lock()
        self._check_blockers(action)
        if vals:
            self.sudo().write(vals)  # the actor and the blockers were asked just above
        return True

    def _record_access(self, event, detail=''):
        """Record a look at, or a print or export of, something sensitive; the governance room keeps the log."""

    # ------------------------------------------------------------
    # Small shared means
    # ------------------------------------------------------------

    @api.model
    def _today(self):
        """The association's day, never the server's nor the reader's."""
        return fields.Date.context_today(self.with_context(tz=ASSOCIATION_TZ))

    @api.model
    def _local_day(self, moment):
        """The association's day of a UTC ``moment``."""
        return fields.Datetime.context_timestamp(self.with_context(tz=ASSOCIATION_TZ), moment).date()

    @api.model
    def _house_lang(self):
        """The language of what is kept and printed for everybody, whoever writes it down."""
        return self.env.company.sudo().partner_id.lang or 'en_US'

    @api.model
    def _stamp(self, prefix):
        """Who and when, for a pair of fields ``<prefix>_by_id`` and ``<prefix>_at``."""
        return {f'{prefix}_by_id': self.env.uid, f'{prefix}_at': fields.Datetime.now()}

    @api.model
    def _given(self, text):
        """The words that somebody gave, cleaned; '' where what came is no text: public methods are called by anything."""
        return clean_text(text) if isinstance(text, str) else ''

    @api.model
    def _picked(self, model, record_id):
        """The record of ``model`` that an id names; an empty one where there is none, or what came is no id."""
        is_id = isinstance(record_id, int) and not isinstance(record_id, bool) and 0 < record_id < MOST_ID
        return self.env[model].browse(record_id if is_id else []).exists()

    @api.model
    def _given_number(self, value):
        """The amount or quantity that somebody gave: from 0 to less than a billion; 0 where nothing was given.

        :raise UserError: for what is none
        """
        is_number = not value or isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isfinite(value or 0) or not 0 <= (value or 0) < MOST_NUMBER:
            raise UserError(self.env._("Please check the amount and the quantity."))
        return value or 0

    @api.model
    def _given_day(self, day):
        """The day that somebody gave, or None.

        :raise UserError: for what is no day
        """
        try:
            return fields.Date.to_date(day) if day else None
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Please check the day.")) from error

    @api.model
    def _cleaned(self, function, *args, **kwargs):
        """Call a function of ``tools`` and turn its complaint into the reader's language.

        :raise ValidationError: with the sentence of the input's fault.
        """
        try:
            return function(*args, **kwargs)
        except BadInput as error:
            # the terms stand in tools/errors.py, where no environment translates them
            lang = self.env.lang or 'en_US'
            text = get_translation('amlaj_beneficiary', lang, error.template, error.values_in(lang))
            raise ValidationError(text) from error
