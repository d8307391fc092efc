"""The addon's JavaScript unit tests (static/tests/**/*.test.js), by Odoo's own runner in a browser."""

import re

import odoo_log
import settings

TITLE = "JavaScript unit tests"
TESTS = settings.PROJECT / settings.ADDON / 'static' / 'tests'


def check(bench):
    files = sorted(TESTS.rglob('*.test.js'))
    if not files:
        bench.note("none are written")
        return []
    _, path = bench.odoo.serve_tests(bench.database, f'/web:WebSuite.test_unit_desktop[@{settings.ADDON}]', 'test-hoot')
    text = path.read_text(encoding='utf-8', errors='replace')
    passed = re.findall(r'Passed (\d+) tests', text)
    if not passed or not int(passed[-1]):
        return [f"they did not pass: see {path}", *odoo_log.problems(path)[:5]]
    bench.note(f"{passed[-1]} tests")
    return []
