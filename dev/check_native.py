"""Odoo's own runner finds the same tests as pytest: a file that `tests/__init__.py` forgot runs in one of them only."""

import settings

TITLE = "Odoo's own runner finds the same tests"
CODE = """
from odoo.tests.loader import make_suite
from odoo.tools import config
config['test_tags'] = '+standard'
for position in ('at_install', 'post_install'):
    for test in make_suite([%r], position):
        module = type(test).__module__.split('.tests.', 1)[1]
        print('>>> tests.%%s.%%s.%%s' %% (module, type(test).__name__, test._testMethodName))
"""


def check(bench):
    if not bench.tests:
        return ["pytest found no tests to compare with"]
    native = set(bench.odoo.script(bench.database, CODE % settings.ADDON, 'test-native'))
    bench.note(f"{len(native)} tests")
    return [
        *(f"only pytest runs {name}: import its file in its room's tests/__init__.py" for name in bench.tests - native),
        *(f"only Odoo's runner runs {name}" for name in native - bench.tests)]
