"""The order of the rooms: whatever stands in a room knows only the rooms before it.

Reads imports, comodels and model names in the Python files of models/, wizard/, controllers/ and report/. Also: tools
know nothing of Odoo's ORM, and models know nothing of HTTP.
"""

import ast

import ground
import say
import settings

TITLE = "the order of the rooms"
ROOMS = ('tools', 'registry', 'governance', 'intake', 'request', 'research', 'committee', 'listening', 'people')
KINDS = ('models', 'wizard', 'controllers', 'report')
HOME = settings.PROJECT / settings.ADDON
ORM = {'models', 'fields', 'api', 'http', 'orm', 'addons'}


def _files():
    """(kind, room, path, syntax tree) of each Python file that stands in a room."""
    for kind in KINDS:
        for room in ROOMS[1:]:
            for path in sorted((HOME / kind / room).rglob('*.py')):
                yield kind, room, path, ast.parse(path.read_text(encoding='utf-8'))


def _assigned(node, name):
    """The strings assigned to `name` in a class body."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(getattr(t, 'id', '') == name for t in statement.targets):
            yield from (c.value for c in ast.walk(statement.value)
                        if isinstance(c, ast.Constant) and isinstance(c.value, str))


def _owners(files):
    """model name -> the room that defines it."""
    owners = {}
    for _kind, room, _path, tree in files:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                inherited = set(_assigned(node, '_inherit'))
                for name in _assigned(node, '_name'):
                    if name.startswith('amlaj.') and name not in inherited:
                        owners.setdefault(name, room)
    return owners


def _imported(node, kind, room):
    """The rooms that an import statement names."""
    if isinstance(node, ast.ImportFrom):
        words = (node.module or '').split('.') + [alias.name for alias in node.names]
        return [word for word in words if word in ROOMS] if node.level or settings.ADDON in words else []
    if isinstance(node, ast.Import):
        return [word for alias in node.names if settings.ADDON in alias.name
                for word in alias.name.split('.') if word in ROOMS]
    return []


def _docstrings(tree):
    return {id(node.body[0].value) for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body
            and isinstance(node.body[0], ast.Expr)}


def problems():
    files = list(_files())
    owners = _owners(files)
    found = []
    for kind, room, path, tree in files:
        rank = ROOMS.index(room)
        skip = _docstrings(tree)
        for node in ast.walk(tree):
            where = f"{path.relative_to(settings.PROJECT)}:{getattr(node, 'lineno', 0)}"
            for other in _imported(node, kind, room):
                if ROOMS.index(other) > rank:
                    found.append(f"{where}: {room} imports from the later room {other}")
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
                owner = owners.get(node.value)
                if owner and ROOMS.index(owner) > rank:
                    found.append(f"{where}: {room} names {node.value}, which belongs to the later room {owner}:"
                                 f" extend it from {kind}/{owner}/")
        if kind == 'models':
            found += _http(path, tree)
    return found + _tools()


def _http(path, tree):
    return [f"{path.relative_to(settings.PROJECT)}:{node.lineno}: models never import odoo.http"
            for node in ast.walk(tree)
            if (isinstance(node, ast.ImportFrom) and (
                (node.module or '').startswith('odoo.http')
                or node.module == 'odoo' and any(alias.name == 'http' for alias in node.names)))
            or (isinstance(node, ast.Import) and any(alias.name.startswith('odoo.http') for alias in node.names))]


def _tools():
    found = []
    for path in sorted((HOME / 'tools').rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            words = node.module.split('.')
            names = {alias.name for alias in node.names}
            if node.level > 1 or (words[0] == 'odoo' and (ORM & set(words[1:2]) or words == ['odoo'] and ORM & names)):
                found.append(f"{path.relative_to(settings.PROJECT)}:{node.lineno}: tools are plain Python, without"
                             f" Odoo's ORM and without the rooms: {node.module}")
    return found


def check(_bench):
    return problems()


def work():
    found = problems()
    for problem in found:
        say.line(problem)
    return bool(found)


if __name__ == '__main__':
    ground.main(work)
