"""The installed addon can be updated once more without a warning."""

import odoo_log
import settings

TITLE = "update without a warning"


def check(bench):
    _, path = bench.odoo.server(bench.database, '-u', settings.ADDON, log='test-update', check=False)
    problems = odoo_log.problems(path)
    if not bench.is_installed(bench.database):
        problems.append(f"the addon is no longer installed; whole log: {path}")
    return problems
