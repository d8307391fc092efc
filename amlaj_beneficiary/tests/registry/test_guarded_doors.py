import base64
import pathlib
import re
from contextlib import contextmanager

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import get_module_path
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .. import common

# What a client might send to be let through; the keys that the addon's own code reads are added to these.
FORGED_CONTEXT = dict.fromkeys((
    'su', 'sudo', 'force', 'bypass', 'skip_check', 'skip_checks', 'no_check', 'install_mode', 'import_file', 'module',
    'tracking_disable', 'mail_notrack', 'mail_create_nolog', 'amlaj_force', 'amlaj_bypass', 'amlaj_guarded', 'uid',
    'bypass_guard', 'validate', 'active_test', 'install_filename', 'prefetch_fields', 'bin_size',
), True)

# How to make one record of a model as the superuser, where filling its required fields by their types does not do.
# Each value is a method of the test that returns the values of ``create``; a room adds a line when its model needs one.
BUILDERS = {
    'amlaj.appointment': '_vals_appointment',
    'amlaj.beneficiary': '_vals_beneficiary',
    'amlaj.committee.session': '_vals_session',
    'amlaj.import': '_vals_import',
    'amlaj.mandate': '_vals_mandate',
    'amlaj.rating.release': '_vals_release',
    'amlaj.message': '_vals_message',
    'amlaj.supporter': '_vals_supporter',
    'amlaj.volunteer.application': '_vals_application',
    'amlaj.volunteer.opportunity': '_vals_opportunity',
    'amlaj.volunteer.shift': '_vals_shift',
    'crm.lead': '_vals_lead',
    'amlaj.visit': '_vals_visit',
    'event.slot': '_vals_slot',
}


@tagged('post_install', '-at_install', 'amlaj')
class TestGuardedDoors(common.AmlajCommon):
    """Nobody but a model's own code writes its guarded fields, by whatever door (design.md rule 1).

    The models and fields come from the registry, so a new room is covered when it lands. The user who tries the doors
    has every right of access that can be given on the models of the app, and every record rule stands open to him: what
    stops him is the guard alone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = {
            name: Model for name, Model in cls.env.registry.items()
            if not Model._abstract and not Model._transient and issubclass(Model, cls.env.registry['amlaj.guarded'])}
        cls.plain = cls._make_plain_user()
        cls.made = {}
        cls.cases = list(cls._each_case())

    @classmethod
    def _make_plain_user(cls):
        group = cls.env['res.groups'].create({'name': "Every right, no role"})
        group.implied_ids = cls.env.ref('base.group_user')
        ours = cls.env['ir.model'].search([('model', '=like', 'amlaj.%'), ('abstract', '=', False)])
        every_right = dict.fromkeys(('perm_read', 'perm_write', 'perm_create', 'perm_unlink'), True)
        cls.env['ir.model.access'].create([
            {'name': f"every right on {model.model}", 'model_id': model.id, 'group_id': group.id, **every_right}
            for model in ours])
        cls.env['ir.rule'].create([
            {'name': f"every row of {model.model}", 'model_id': model.id, 'groups': [Command.link(group.id)],
             'domain_force': "[(1, '=', 1)]"} for model in ours])
        user = new_test_user(cls.env, 'amlaj_plain', 'base.group_user', context=common.NO_MAIL)
        user.group_ids = group
        return user

    # ------------------------------------------------------------
    # Records and values
    # ------------------------------------------------------------

    @classmethod
    def _vals_beneficiary(cls):
        return {'name': "Plain File", 'identity_number': cls.next_identity(), 'branch_id': cls.branch.id}

    @classmethod
    def _vals_mandate(cls):
        return {'beneficiary_id': cls._new('amlaj.beneficiary').id, 'person_name': "A helper", 'capacity': 'delegate'}

    @classmethod
    def _vals_release(cls):
        past = fields.Date.add(fields.Date.to_date('1950-01-01'), months=3 * cls.env['amlaj.rating.release'].search_count([]))
        return {'quarter': past, 'scope': 'external', 'dimension': 'association', 'sequence': 0}

    @classmethod
    def _vals_message(cls):
        return {'beneficiary_id': cls._new('amlaj.beneficiary').id, 'body': "A text"}

    @classmethod
    def _vals_application(cls):
        name = "Plain " + "".join(chr(97 + int(digit)) for digit in cls.next_identity())
        return {'name': name, 'phone': '0551234567', 'birth_date': '1990-01-01'}

    @classmethod
    def _vals_lead(cls):
        return {'name': "A sign-up"}

    @classmethod
    def _vals_appointment(cls):
        # nobody receives two at one time: each a week later
        weeks = cls.env['amlaj.appointment'].sudo().with_context(active_test=False).search_count([])
        starts_at = fields.Datetime.add(fields.Datetime.to_datetime('2027-01-04 06:00:00'), weeks=weeks)
        return {'visitor_name': "A visitor", 'starts_at': starts_at, 'user_id': cls.user['relations'].id}

    @classmethod
    def _vals_opportunity(cls):
        return {'name': "Plain", 'date_begin': '2030-01-01 06:00:00', 'date_end': '2030-01-01 10:00:00',
                'supervisor_id': cls.user['delivery'].id}

    @classmethod
    def _vals_shift(cls):
        return {'opportunity_id': cls._new('amlaj.volunteer.opportunity').id, 'date': '2030-01-01', 'start_hour': 10,
                'end_hour': 11}

    @classmethod
    def _vals_slot(cls):
        event = cls.env['event.event'].create({
            'name': "Plain", 'date_begin': '2030-01-01 06:00:00', 'date_end': '2030-01-01 18:00:00', 'is_multi_slots': True})
        return {'event_id': event.id, 'date': '2030-01-01', 'start_hour': 10, 'end_hour': 11}

    @classmethod
    def _vals_session(cls):
        return {'committee_id': cls._new('amlaj.committee').id}

    @classmethod
    def _vals_supporter(cls):
        count = cls.env['amlaj.supporter'].search_count([])
        return {'name': f"Supporter {count}", 'phone': f'05011{count:05}'}

    @classmethod
    def _vals_import(cls):
        return {'file': base64.b64encode(b'Whole name,Phone\nSalem,0501234567'), 'file_name': 'files.csv'}

    @classmethod
    def _vals_visit(cls):
        return {'beneficiary_id': cls._new('amlaj.beneficiary').id, 'user_id': cls.user['researcher'].id,
                'planned_at': fields.Datetime.now()}

    @classmethod
    def _vals(cls, model):
        """Values with which the superuser creates a record of ``model``."""
        if model in BUILDERS:
            return getattr(cls, BUILDERS[model])()
        Model = cls.env[model]
        vals = {}
        for name, field in Model._fields.items():
            if field.required and not field.compute and field.store and not field.default and name != 'id':
                vals[name] = cls._any_value(Model, field)
        return vals

    @classmethod
    def _any_value(cls, Model, field):
        if field.type == 'many2one':
            if field.comodel_name in cls.models:
                return cls._new(field.comodel_name).id  # of its own: many rules allow one line for each
            if field.comodel_name.startswith('amlaj.'):
                return cls._record(field.comodel_name).id
            return cls.env[field.comodel_name].search([], limit=1).id
        if field.type == 'selection':
            return field.get_values(cls.env)[0]
        return {
            'char': f"A text {len(cls.made)}", 'text': "A text", 'html': "<p>A text</p>", 'integer': 1, 'float': 1.0,
            'monetary': 1.0, 'boolean': False, 'date': fields.Date.today(), 'datetime': fields.Datetime.now(),
            'binary': b'QQ==', 'json': {}, 'one2many': [], 'many2many': [],
        }[field.type]

    @classmethod
    def _record(cls, model):
        """One record of ``model``, made once for all tests."""
        if model not in cls.made:
            cls.made[model] = cls._new(model)
        return cls.made[model]

    @classmethod
    def _new(cls, model):
        try:
            with cls.env.cr.savepoint():
                record = cls.env[model].create(cls._vals(model))
                cls.env.flush_all()
            return record
        except (UserError, ValidationError, ValueError, KeyError, psycopg2.Error) as error:
            raise AssertionError(
                f"No record of {model} can be made by filling its required fields: add a builder "
                f"for it to BUILDERS in {__name__}. {type(error).__name__}: {error}") from error

    @classmethod
    def _forged(cls, record, field):
        """A value that ``field`` of ``record`` does not have, as ``write`` takes it."""
        now = record[field.name]
        if field.type == 'many2one':
            other = cls.env[field.comodel_name].with_context(active_test=False).search([('id', '!=', now.id)], limit=1)
            return (other or cls._record(field.comodel_name)).id
        if field.type == 'selection':
            return next((value for value in field.get_values(cls.env) if value != now), False)
        if field.type in ('one2many', 'many2many'):
            other = cls.env[field.comodel_name].search([('id', 'not in', now.ids)], limit=1)
            # as plain numbers: a server action's code holds them as text
            return [tuple(map(int, Command.link((other or cls._record(field.comodel_name)).id)))]
        return {
            'char': "forged", 'text': "forged", 'html': "<p>forged</p>", 'integer': 987654, 'float': 987654.0,
            'monetary': 987654.0, 'boolean': not now, 'date': '2001-02-03', 'datetime': '2001-02-03 04:05:06',
            'binary': 'Zm9yZ2Vk', 'json': {'forged': 1}, 'properties': {'forged': 1},
        }[field.type]

    @classmethod
    def _each_case(cls):
        """Each guarded, stored field: a record of its model, the field and a value that it does not have."""
        for model in sorted(cls.models):
            record = cls._record(model)
            for name in sorted(cls.models[model]._guarded_fields):
                assert name in record._fields, f"{model} guards a field {name} that it does not have."
                if record._fields[name].store:
                    yield record, record._fields[name], cls._forged(record, record._fields[name])

    @contextmanager
    def _refused(self, record, *names):
        """The door must be shut by the guard on one of the fields ``names``, and the value stays the model's own."""
        guarded = record._fields[names[0]]
        before = record.sudo()[guarded.name]
        with self.subTest(model=record._name, field=guarded.name):
            with self.assertRaises(AccessError) as caught, mute_logger('odoo.models'):
                yield record.with_user(self.plain)
            self.assertTrue(
                any(f'"{name}"' in str(caught.exception) for name in names),
                f"The door was shut, but not by the guard on {' or '.join(names)}: {caught.exception}")
            record.invalidate_recordset()
            self.assertEqual(record.sudo()[guarded.name], before)

    # ------------------------------------------------------------
    # The models themselves
    # ------------------------------------------------------------

    def test_models_and_fields_are_found(self):
        self.assertIn('amlaj.beneficiary', self.models)
        self.assertGreaterEqual(len(self.cases), 20)

    def test_guarded_fields_are_never_copied(self):
        for record, field, forged in self.cases:
            with self.subTest(model=record._name, field=field.name):
                self.assertNotIn(field.name, record.copy_data()[0])
                # given by the caller it stays, so that the door below refuses it
                self.assertIn(field.name, record.copy_data({field.name: forged})[0])

    def test_no_editable_field_leads_to_a_guarded_one(self):
        for model in self.env.registry.values():
            for field in model._fields.values():
                target = field.related_field if field.related else None
                if target and target.name in getattr(self.env[target.model_name], '_guarded_fields', ()):
                    with self.subTest(field=str(field), guarded=str(target)):
                        self.assertTrue(field.readonly)

    # ------------------------------------------------------------
    # The nine doors
    # ------------------------------------------------------------

    def test_write(self):
        for record, field, forged in self.cases:
            with self._refused(record, field.name) as mine:
                mine.write({field.name: forged})

    def test_write_with_a_forged_context(self):
        context = FORGED_CONTEXT | dict.fromkeys(self._context_keys_of_the_addon(), True)
        for record, field, forged in self.cases:
            with self._refused(record, field.name) as mine:
                mine.with_context(**context).write({field.name: forged})

    def _context_keys_of_the_addon(self):
        keys = set()
        for path in pathlib.Path(get_module_path('amlaj_beneficiary'), 'models').rglob('*.py'):
            keys.update(re.findall(r"context(?:\.get\(|\[)'(\w+)'", path.read_text(encoding='utf-8')))
        return keys - {'lang', 'tz', 'allowed_company_ids'}

    def test_create(self):
        for record, field, forged in self.cases:
            with self._refused(record, field.name) as mine:
                mine.create({field.name: forged})

    def test_context_default(self):
        for record, field, forged in self.cases:
            with self._refused(record, field.name) as mine:
                mine.with_context(**{f'default_{field.name}': forged}).create({})

    def test_defaults_do_not_reach_what_our_methods_create(self):
        """Methods of the app create records as the superuser *for* a user: his defaults must not reach them either."""
        for record, field, forged in self.cases:
            if field.type in ('one2many', 'many2many'):
                continue
            with self.subTest(model=record._name, field=field.name), self._undone():
                vals = self._vals(record._name)
                if field.name in vals:
                    continue
                mine_sudo = record.browse().with_user(self.plain).sudo()
                own = mine_sudo.create(self._vals(record._name))[field.name]
            with self.subTest(model=record._name, field=field.name, door='context'), self._undone():
                born = mine_sudo.with_context(**{f'default_{field.name}': forged}).create(self._vals(record._name))
                self._assert_not_forged(born, field, forged, own)
            with self.subTest(model=record._name, field=field.name, door='ir.default'), self._undone():
                self.env['ir.default'].set(record._name, field.name, forged, user_id=self.plain.id)
                born = mine_sudo.create(self._vals(record._name))
                self._assert_not_forged(born, field, forged, own)

    def test_own_default(self):
        """A user's own ``ir.default`` passes every other check of Odoo."""
        for record, field, forged in self.cases:
            if field.type in ('one2many', 'many2many'):
                continue
            vals = self._vals(record._name)
            if self.models[record._name]._guarded_fields & vals.keys():
                continue  # no user can create such a record at all: the door above covers what our methods create
            with self.subTest(model=record._name, field=field.name), self._undone():
                own = record.browse().with_user(self.plain).create(self._vals(record._name)).sudo()[field.name]
            with self.subTest(model=record._name, field=field.name), self._undone():
                self.env['ir.default'].set(record._name, field.name, forged, user_id=self.plain.id)
                born = record.browse().with_user(self.plain).create(self._vals(record._name))
                self._assert_not_forged(born.sudo(), field, forged, own)

    def _assert_not_forged(self, born, field, forged, own):
        value = field.convert_to_write(field.convert_to_cache(forged, born, validate=False), born)
        mine = field.convert_to_write(born[field.name], born)
        if value != field.convert_to_write(own, born):
            self.assertNotEqual(mine, value)

    @contextmanager
    def _undone(self):
        with self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_load(self):
        for record, field, forged in self.cases:
            if field.type in ('one2many', 'many2many', 'binary', 'properties', 'json'):
                continue  # the import has no column for them, or writes them as the doors above
            column, cell = (f'{field.name}/.id', str(forged)) if field.type == 'many2one' else (field.name, str(forged))
            before = record[field.name]
            with self.subTest(model=record._name, field=field.name), mute_logger('odoo.models'):
                answer = record.browse().with_user(self.plain).load(['.id', column], [[str(record.id), cell]])
                self.assertTrue([m for m in answer['messages'] if m['type'] == 'error'], "The import said nothing.")
                record.invalidate_recordset()
                self.assertEqual(record[field.name], before)

    def test_web_save(self):
        for record, field, forged in self.cases:
            with self._refused(record, field.name) as mine:
                mine.web_save({field.name: forged}, {'id': {}})
            with self._refused(record, field.name) as mine:
                mine.browse().web_save({field.name: forged}, {'id': {}})

    def test_commands_through_every_parent(self):
        parents = {}
        for Parent in self.env.registry.values():
            for lines in Parent._fields.values():
                if (lines.type == 'one2many' and lines.store and lines.comodel_name in self.models
                        and Parent._name.startswith('amlaj.') and not Parent._abstract):
                    parents.setdefault(lines.comodel_name, []).append((Parent._name, lines))
        self.assertTrue(parents)
        for record, field, forged in self.cases:
            for parent_model, lines in parents.get(record._name, ()):
                parent = record[lines.inverse_name] if lines.inverse_name in record._fields else None
                parent = parent if parent and parent._name == parent_model else self._record(parent_model)
                for command in (Command.update(record.id, {field.name: forged}), Command.create({field.name: forged})):
                    with self._refused(record, field.name, lines.name):
                        parent.with_user(self.plain).write({lines.name: [command]})

    def test_copy(self):
        for record, field, forged in self.cases:
            with self._refused(record, field.name) as mine:
                mine.copy({field.name: forged})

    def test_server_action(self):
        for record, field, forged in self.cases:
            action = self.env['ir.actions.server'].create({
                'name': "Forge", 'model_id': self.env['ir.model']._get_id(record._name), 'state': 'code',
                'code': f"record.write({ {field.name: forged}!r})",
            })
            with self._refused(record, field.name) as mine:
                action.with_user(self.plain).with_context(active_model=mine._name, active_id=mine.id).run()
