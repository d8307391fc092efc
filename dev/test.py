"""`make test`: installs the addon and runs every check; ends with how many passed and failed.

With TESTS="amlaj_beneficiary/tests/…" it runs these alone, in a database that is kept and updated: seconds for a change.
"""

import time

import addon
import cache
import check_hoot
import check_i18n
import check_install
import check_native
import check_odoo_lint
import check_pytest
import check_rooms
import check_style
import check_uninstall
import check_update
import database
import ground
import postgres
import say
import selftest
import settings

SHOWN = 40
# title, check, whether it needs the installed addon
CHECKS = (
    (selftest.TITLE, selftest.check, False),
    (check_style.RUFF, check_style.ruff, False),
    (check_style.PRETTIER, check_style.prettier, False),
    (check_style.PYLINT, check_style.pylint, False),
    (check_rooms.TITLE, check_rooms.check, False),
    (check_install.TITLE, check_install.check, False),
    (f"{check_install.TITLE}, with demo data", check_install.check_demo, True),
    (check_i18n.TITLE, check_i18n.check, True),
    (check_pytest.TITLE, check_pytest.check, True),
    (check_hoot.TITLE, check_hoot.check, True),
    (check_native.TITLE, check_native.check, True),
    (check_update.TITLE, check_update.check, True),
    (check_uninstall.TITLE, check_uninstall.check, True),
    (check_odoo_lint.TITLE, check_odoo_lint.check, True),
)


class Bench:
    """What the checks share: the database that the addon was installed into, and what came of each check."""

    def __init__(self, odoo, template):
        self.odoo, self.template = odoo, template
        self.database = f'{settings.DB}_test'
        self.tests, self.passed, self.failed = set(), 0, 0
        self.broken = None
        self.failures = []

    def is_installed(self, name):
        sql = f"select state from ir_module_module where name = '{settings.ADDON}'"
        return postgres.query(sql, name) == 'installed'

    def run(self, title, check, needs_addon=True):
        """Run one check; a failed one does not keep the others from running."""
        started = time.monotonic()
        say.line(f"· {title} …")
        self.note = lambda text: say.line(f"  {text}")
        if needs_addon and self.broken:
            problems = [f"not run: {self.broken}"]
        else:
            try:
                problems = check(self)
            except say.Failed as error:
                problems = [str(error)]
        took = f"{time.monotonic() - started:.0f} s"
        for problem in problems[:SHOWN]:
            say.line(f"    {problem}")
        if len(problems) > SHOWN:
            say.line(f"    … and {len(problems) - SHOWN} more")
        say.line(f"  {'FAILED' if problems else 'ok'}, {took}")
        if problems:
            self.failures.append((title, len(problems)))
            self.failed += len(problems)
        else:
            self.passed += 1


def work_some():
    """Only the tests that TESTS names."""
    name = f'{settings.DB}_try'
    with cache.lock('try', settings.LOCAL), ground.ready(tests=True) as (odoo, template):
        if not database.exists(name):
            database.copy(template, name)
            odoo.server(name, '-i', settings.ADDON, log='try-install')
            addon.mark_current(name)
        elif not addon.is_current(name):
            odoo.server(name, '-u', settings.ADDON, log='try-update')
            addon.mark_current(name)
        return check_pytest.run(odoo, name, settings.TESTS)[0]


def work():
    if settings.TESTS:
        return work_some()
    started = time.monotonic()
    with cache.lock('test', settings.LOCAL), ground.ready(tests=True) as (odoo, template):
        bench = Bench(odoo, template)
        for title, check, needs_addon in CHECKS:
            bench.run(title, check, needs_addon)
        database.drop(bench.database)
    say.line(f"\n{(time.monotonic() - started) / 60:.1f} minutes; {len(bench.tests)} tests and {len(CHECKS)} checks")
    for title, count in bench.failures:
        say.line(f"✗ {title}: {count}")
    say.line(f"{bench.passed} passed, {bench.failed} failed")
    return 1 if bench.failed else 0


if __name__ == '__main__':
    ground.main(work)
