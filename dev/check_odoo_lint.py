"""Odoo's own `test_lint` on the addon, in a database of its own (it imports what other tests must not meet).

It would read all of Odoo's own six hundred addons as well, for a quarter of an hour: it is shown this one alone.
"""

import re

import database
import settings

TITLE = "Odoo's own lint (test_lint)"
# left out: TestESLint wants a program from npm, and Odoo's own exceptions with it; prettier reads the JavaScript here
TAGS = '/test_lint,-/test_lint:TestESLint'
CODE = """
import logging
import subprocess
from unittest import mock
from odoo import tools
from odoo.modules import Manifest
from odoo.tests.shell import run_tests
import odoo.addons.test_lint.tests.test_pylint as test_pylint

logging.getLogger('odoo.tests').setLevel(logging.INFO)
every, run = Manifest.all_addon_manifests, subprocess.run

def ours():
    return [manifest for manifest in every() if manifest.name == %(addon)r]

def run_on_ours(command, *args, **kwargs):
    return run([word for word in command if word != tools.config.root_path], *args, **kwargs)

assert len(ours()) == 1
with mock.patch.object(Manifest, 'all_addon_manifests', staticmethod(ours)), \\
        mock.patch.object(test_pylint.subprocess, 'run', run_on_ours):
    report = run_tests(env, %(tags)r, modules=['test_lint'])
for name in ('failures_count', 'errors_count', 'testsRun', 'skipped'):
    print('>>> %%s' %% getattr(report, name))
"""


def check(bench):
    name = f'{bench.database}_lint'
    database.copy(bench.database, name)
    bench.odoo.server(name, '-i', 'test_lint', log='test-lint-install')
    failures, errors, count, skipped = map(int, bench.odoo.script(
        name, CODE % {'addon': settings.ADDON, 'tags': TAGS}, 'test-lint'))
    bench.note(f"{count} tests")
    path = settings.LOGS / 'test-lint.log'
    problems = []
    if failures or errors:
        text = path.read_text(encoding='utf-8', errors='replace')
        problems += re.findall(
            rf'^(?:\w*Error: (?!pylint test).*|.*\(\w\d+\) at {settings.ADDON}/.*)$', text, re.M)
        problems.append(f"whole log: {path}")
    if skipped:
        problems.append(f"{skipped} skipped: see {path}")
    if count < 20:
        problems.append(f"only {count} tests ran: see {path}")
    if not problems:
        database.drop(name)
    return problems
