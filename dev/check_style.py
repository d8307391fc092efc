"""How the files are written: ruff and pylint-odoo for Python, prettier for XML and JavaScript."""

import re

import say
import settings

RUFF = "Python style (ruff)"
PYLINT = "Odoo's habits (pylint-odoo)"
PRETTIER = "XML and JavaScript format (prettier)"
FORMATTED = ('*.xml', '*.js')
LOCATED = re.compile(r'^\S+:\d+:\d+: ')
# Where pylint-odoo is told to look away. Not beside the line: Odoo's own lint knows none of these names and calls a
# comment that holds one a fault.
PYLINT_EXCEPTIONS = {
    ('models/registry/guarded.py', 'super-method-mismatch'): "asks the same right of fewer records",
    ('tests/governance/test_no_call_abroad.py', 'translation-required'): "a test's own texts reach nobody",
    ('tests/registry/test_access_matrix.py', 'print-used'): "a tool for whoever keeps the matrix",
    ('tests/registry/test_mandate.py', 'translation-required'): "a test's own texts reach nobody",
    ('tests/registry/test_portal_reads.py', 'translation-required'): "a test's own texts reach nobody",
    ('tests/request/test_distribution_concurrency.py', 'invalid-commit'): "two connections: the other has to see the rows",
    ('tests/request/test_request_concurrency.py', 'invalid-commit'): "two connections: the other has to see the rows",
    ('tests/request/test_request_portal.py', 'translation-required'): "a test's own texts reach nobody",
    ('tests/request/test_sign_page.py', 'odoo-addons-relative-import'): "mock needs the module's own path",
}


def _python(bench, tool, *words):
    """Run a Python tool on the project; every line that names a place is a problem."""
    code, path = say.run([bench.odoo.python, '-m', tool, *words], tool, cwd=settings.PROJECT,
                         env=bench.odoo.environ(), check=False)
    rows = path.read_text(encoding='utf-8', errors='replace').splitlines()
    found = [row for row in rows if LOCATED.match(row)]
    return found or ([f"{tool} ended with {code}: {path}"] if code else [])


def ruff(bench):
    return _python(bench, 'ruff', 'check', '--no-cache', '--output-format', 'concise', 'dev', settings.ADDON)


def pylint(bench):
    unused, problems = set(PYLINT_EXCEPTIONS), []
    for row in _python(bench, 'pylint', '--rcfile=.pylintrc', settings.ADDON):
        place, symbol = row.split(':', 1)[0], row.rpartition('(')[2].rstrip(')')
        known = (place.removeprefix(f'{settings.ADDON}/'), symbol)
        if known in PYLINT_EXCEPTIONS:
            unused.discard(known)
        else:
            problems.append(row)
    return problems + [f"dev/check_style.py: nothing to excuse any more: {', '.join(known)}" for known in sorted(unused)]


def _formatted_files():
    home = settings.PROJECT / settings.ADDON
    return sorted(path.relative_to(settings.PROJECT) for pattern in FORMATTED for path in home.rglob(pattern)
                  if 'lib' not in path.parts)


def run_prettier(odoo, mode):
    """:return: (exit code, log) of prettier with `--check` or `--write`"""
    plugin = odoo.node.parent / '@prettier' / 'plugin-xml' / 'src' / 'plugin.js'
    return say.run(
        [odoo.node / 'prettier', f'--plugin={plugin}', '--config', '.prettierrc.json', '--ignore-path', '/dev/null',
         '--log-level=warn', '--no-color', mode, *_formatted_files()],
        'prettier', cwd=settings.PROJECT, env=odoo.environ(), check=False)


def prettier(bench):
    if not _formatted_files():
        return []
    code, path = run_prettier(bench.odoo, '--check')
    rows = [row for row in path.read_text(encoding='utf-8').splitlines()
            if row.startswith(('[warn] amlaj', '[error]'))]
    return [f"{row.split('] ', 1)[1]}: `make format` puts it right" for row in rows] or (
        [f"prettier ended with {code}: {path}"] if code else [])
