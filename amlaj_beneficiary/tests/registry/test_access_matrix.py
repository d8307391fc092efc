"""The access matrix, ``security/ACCESS.md``, against the registry.

To maintain it, run ``show(env)`` in an Odoo shell, as the head of the file says. It prints the whole matrix as the
database has it, room by room, with what stands in the file already (who, effect, shows) kept: compare it with the file,
and write down in words what is new.
"""
import inspect
import re
from collections import defaultdict

from odoo import http
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from .. import common

ADDON = 'amlaj_beneficiary'
PACKAGE = f'odoo.addons.{ADDON}.'
FILE = f'{ADDON}/security/ACCESS.md'
ROOMS = ('registry', 'governance', 'intake', 'request', 'research', 'committee', 'listening', 'people')
# the matrix's columns: each is a user with exactly these groups
COLUMNS = {
    'RP': 'group_representative', 'RL': 'group_relations', 'RS': 'group_researcher', 'CM': 'group_committee',
    'DL': 'group_delivery', 'VC': 'group_volunteer_coordinator', 'PO': 'group_privacy_officer', 'QU': 'group_quality',
    'FI': 'group_finance', 'AU': 'group_auditor', 'MG': 'group_manager',
    'IN': 'base.group_user', 'SY': 'base.group_system', 'PT': 'base.group_portal', 'PB': 'base.group_public',
}
OPERATIONS = {'r': 'read', 'w': 'write', 'c': 'create', 'u': 'unlink'}
# what the marks of a cell say of the rule's domain; the first that fits
MARKS = (('o', 'representative_ids'), ('m', 'mandate_ids'), ('a', 'session'), ('s', ''))
TABLES = {
    'Models': ['Model', *COLUMNS],
    'Portal fields': ['Model', 'Reads', 'Writes'],
    'Methods': ['Method', 'Step', 'Who', 'Effect'],
    'Routes': ['Route', 'Type', 'Auth', 'Shows'],
}


def read_file():
    """Return ``{(room, table): {key: {column: cell}}}`` of the file."""
    tables, room, table = defaultdict(dict), None, None
    with file_open(FILE) as file:
        for line in file:
            if line.startswith('## '):
                room, table = line[3:].strip(), None
            elif line.startswith('### '):
                table = line[4:].strip()
            elif table in TABLES and line.startswith('|') and not line.startswith('|-'):
                cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
                if cells[0] == TABLES[table][0]:
                    continue
                if len(cells) != len(TABLES[table]):
                    raise AssertionError(f"{FILE}, {room}, {table}: this row needs {len(TABLES[table])} cells:\n{line}")
                key = cells[0].strip('`')
                if key in tables[room, table]:
                    raise AssertionError(f"{FILE}, {room}, {table}: {key} stands there twice.")
                tables[room, table][key] = dict(zip(TABLES[table], cells, strict=True))
    return tables


class Matrix:
    """What the registry holds, in the same form as ``read_file``."""

    def __init__(self, env, users, written):
        self.env = env
        self.users = users
        self.written = written  # texts that only people can write are kept from the file
        self.tables = defaultdict(dict)
        self._add_models()
        self._add_methods()
        self._add_routes()

    def _room(self, cls):
        return next((room for room in ROOMS if f'.{room}.' in f'{cls.__module__}.'), 'tools')

    def _kept(self, room, table, key, column, proposal=None):
        return self.written.get((room, table), {}).get(key, {}).get(column) or proposal or '?'

    def _first_line(self, function):
        return ' '.join((inspect.getdoc(function) or '').partition('\n\n')[0].split()).replace('|', '/')

    def _own_classes(self):
        """``(class, model)`` for each class of the addon that defines or extends a model."""
        seen = {}
        for Model in self.env.registry.values():
            for cls in Model.__mro__:
                if cls.__module__.startswith(PACKAGE) and not cls.__module__.startswith(PACKAGE + 'tests.'):
                    seen.setdefault(cls, cls._name)
        return sorted(seen.items(), key=lambda item: (item[1], item[0].__module__))

    def _add_models(self):
        home = {}
        for cls, name in self._own_classes():
            if name.startswith('amlaj.') and (name not in home or getattr(cls, '_description', None)):
                home[name] = self._room(cls) if '_description' in vars(cls) or name not in home else home[name]
        for name, room in home.items():
            Model = self.env[name]
            if Model._abstract:
                continue
            self.tables[room, 'Models'][name] = {
                'Model': f'`{name}`',
                **{column: self._cell(Model.with_user(user)) for column, user in self.users.items()}}
            if self.tables[room, 'Models'][name]['PT']:
                reads, writes = (' '.join(sorted(getattr(Model, attribute, ()))) for attribute in (
                    '_portal_fields', '_portal_write_fields'))
                self.tables[room, 'Portal fields'][name] = {'Model': f'`{name}`', 'Reads': reads, 'Writes': writes}

    def _cell(self, Model):
        rights = ''.join(letter for letter, operation in OPERATIONS.items() if Model.has_access(operation))
        marks = {self._mark(Model, OPERATIONS[letter]) for letter in rights} - {''}
        return ' '.join([rights, *sorted(marks)]) if rights else ''

    def _mark(self, Model, operation):
        domain = Model.env['ir.rule']._compute_domain(Model._name, operation)
        if domain.is_true():
            return ''
        if domain.is_false():
            return 'x'
        return ''.join(mark for mark, word in MARKS[:-1] if word in str(domain)) or 's'

    def _add_methods(self):
        for cls, name in self._own_classes():
            bases = self.env.registry[name].__mro__
            # what it overrides, of Odoo or of an earlier room, is no new method
            earlier = [base for base in bases if not base.__module__.startswith(PACKAGE)]
            earlier += bases[bases.index(cls) + 1:]
            for method, function in vars(cls).items():
                if (method.startswith('_') or not inspect.isfunction(function)
                        or getattr(function, '_api_private', False)
                        or any(method in vars(base) for base in earlier)):
                    continue
                key, room = f'{name}.{method}', self._room(cls)
                named = dict.fromkeys(re.findall(r"'(\w+)'", inspect.getsource(function)))
                proposal = ', '.join(word for word in named if word in self._actors(name)) or '-'
                step = self._kept(room, 'Methods', key, 'Step', proposal)
                self.tables[room, 'Methods'].setdefault(key, {
                    'Method': f'`{key}`', 'Step': step,
                    'Who': self._who(name, step) or self._kept(room, 'Methods', key, 'Who'),
                    'Effect': self._kept(room, 'Methods', key, 'Effect', self._first_line(function))})

    def _actors(self, name):
        Model = self.env[name]
        return Model._actors() if hasattr(Model, '_actors') and not Model._abstract else {}

    def _who(self, name, step):
        """Who may do these steps, by ``_actors()``; '' for '-', a method that checks by itself."""
        texts = {}
        for key in step.split(', '):
            if actors := self._actors(name).get(key):
                roles = [role for role in common.ROLES if role in actors.groups]
                texts[key] = ', '.join(roles + ([f'mandate {actors.mandate}'] if actors.mandate else []))
        return '; '.join(f'{key}: {text}' for key, text in texts.items()) if len(texts) > 1 else ''.join(texts.values())

    def _add_routes(self):
        for cls in self._controllers(http.Controller):
            for method, function in vars(cls).items():
                if not hasattr(function, 'original_routing'):
                    continue
                routing = {}
                for base in reversed(cls.__mro__):
                    routing.update(getattr(vars(base).get(method), 'original_routing', {}))
                room = self._room(cls)
                for route in routing['routes']:
                    self.tables[room, 'Routes'][route] = {
                        'Route': f'`{route}`', 'Type': routing.get('type', 'http'), 'Auth': routing.get('auth', 'user'),
                        'Shows': self._kept(room, 'Routes', route, 'Shows', self._first_line(function))}

    def _controllers(self, cls):
        """The addon's controllers among the subclasses of ``cls``."""
        for child in cls.__subclasses__():
            if child.__module__.startswith(PACKAGE) and not child.__module__.startswith(PACKAGE + 'tests.'):
                yield child
            yield from self._controllers(child)


def row_text(cells):
    return '| ' + ' | '.join(cells.values()) + ' |'


def show(env):
    """Print the matrix as the database has it (see the head of this file)."""
    written = read_file()
    tables = Matrix(env, make_users(env), written).tables
    for room in ROOMS:
        print(f'\n## {room}')
        for table, columns in TABLES.items():
            rows = tables[room, table]
            if rows:
                print(f'\n### {table}\n\n| ' + ' | '.join(columns) + ' |\n|' + '---|' * len(columns))
                print('\n'.join(row_text(rows[key]) for key in sorted(rows)))
    env.cr.rollback()


def make_users(env):
    """A user for each column, with exactly its group."""
    users = {}
    for column, group in COLUMNS.items():
        group = group if '.' in group else f'{ADDON}.{group}'
        users[column] = new_test_user(env, f'amlaj_column_{column}', group, context=common.NO_MAIL)
    return users


@tagged('post_install', '-at_install', 'amlaj')
class TestAccessMatrix(common.AmlajCommon):
    """Every model, field of the portal, public method and route of the addon stands in the file, as it is (S1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.written = read_file()
        cls.real = Matrix(cls.env, make_users(cls.env), cls.written).tables

    def _check(self, table):
        problems = []
        for room, name in sorted({*self.written, *self.real}):
            if name != table:
                continue
            written, real = self.written.get((room, table), {}), self.real.get((room, table), {})
            place = f"In room {room}, table {table}"
            problems += [f"{place}, remove the row of {key}: there is no such thing any more."
                         for key in sorted(written.keys() - real.keys())]
            for key in sorted(real):
                if key not in written:
                    problems.append(f"{place}, add (and put words for each ?):\n{row_text(real[key])}")
                elif '?' in real[key].values():
                    problems.append(f"{place}, say in words what is missing:\n{row_text(real[key])}")
                elif written[key] != real[key]:
                    different = [column for column in real[key] if real[key][column] != written[key][column]]
                    problems.append(
                        f"{place}, {key} differs in {', '.join(different)}. If that was meant, replace the row by:\n"
                        f"{row_text(real[key])}")
        self.assertFalse(problems, f"{FILE} and the registry do not agree.\n" + '\n'.join(problems))

    def test_models(self):
        self._check('Models')

    def test_portal_fields(self):
        self._check('Portal fields')

    def test_methods(self):
        self._check('Methods')

    def test_routes(self):
        self._check('Routes')

    def test_each_step_has_a_method(self):
        """What ``_actors()`` names is a step that somebody can call, and the file says by which method."""
        for name, Model in self.env.registry.items():
            if name.startswith('amlaj.') and not Model._abstract and hasattr(Model, '_actors'):
                steps = {
                    step for (__, table), rows in self.written.items() if table == 'Methods'
                    for key, row in rows.items() if key.rpartition('.')[0] == name for step in row['Step'].split(', ')}
                with self.subTest(model=name):
                    self.assertLessEqual(self.env[name]._actors().keys(), steps)
