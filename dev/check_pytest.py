"""All tests by pytest-odoo, with a server and a browser. A test that was skipped did not run, so it is a failure."""

import sys
import xml.etree.ElementTree as ElementTree

import odoo_server
import say
import settings

TITLE = "tests (pytest-odoo)"


def run(odoo, database, paths):
    """Run the tests in ``paths`` in ``database``. :return: (exit code, path of the JUnit report)"""
    report = settings.LOGS / 'pytest.xml'
    report.unlink(missing_ok=True)
    temporary = settings.LOCAL / 'tmp'
    temporary.mkdir(exist_ok=True)
    code, _ = say.run(
        [odoo.python, '-m', 'pytest', '-p', 'no:cacheprovider', '-rfEs', '--tb=short', '--disable-warnings',
         f'--odoo-config={odoo.config}', f'--odoo-database={database}', '--odoo-http',
         '--odoo-log-level=warn', f'--junitxml={report}', '--durations=15', *paths],
        'pytest', env={**odoo.environ(), 'TMPDIR': str(temporary)}, cwd=settings.PROJECT, check=False, live=True)
    sys.stdout.flush()
    return code, report


def check(bench):
    if not odoo_server.chromium():
        return ["no Chromium for the browser tests: sudo apt-get install chromium"]
    code, report = run(bench.odoo, bench.database, [settings.ADDON])
    if not report.exists():
        return [f"pytest did not finish (exit {code}): see {settings.LOGS / 'pytest.log'}"]
    problems = []
    for case in ElementTree.parse(report).getroot().iter('testcase'):
        name = f"{case.get('classname')}.{case.get('name')}"
        outcomes = {child.tag: child.get('message') or '' for child in case}
        if 'failure' in outcomes or 'error' in outcomes:
            problems.append(f"failed: {name}")
        elif 'skipped' in outcomes:
            problems.append(f"skipped: {name}: {outcomes['skipped'][:150]}")
        else:
            bench.passed += 1
        bench.tests.add(_short(name))
    if not bench.tests:
        problems.append("there are no tests")
    elif code and not problems:
        problems.append(f"pytest ended with {code}: see {settings.LOGS / 'pytest.log'}")
    return problems


def _short(name):
    """`tests.registry.test_x.TestX.test_y`: what is the same in both runners' names."""
    name = name.split(' ')[0]
    return name[name.index('.tests.') + 1:] if '.tests.' in name else name
