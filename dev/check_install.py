"""The addon installs into a fresh database without a warning, plain and with its demo data."""

import addon
import check_demo as demo_data
import database
import demo
import odoo_log
import settings

TITLE = "install without a warning"


def check(bench):
    database.copy(bench.template, bench.database)
    addon.forget(bench.database)
    _, path = bench.odoo.server(bench.database, '-i', settings.ADDON, log='test-install', check=False)
    problems = odoo_log.problems(path)
    if not bench.is_installed(bench.database):
        problems.append(f"the addon is not installed; whole log: {path}")
        bench.broken = "the addon does not install"
    return problems


def check_demo(bench):
    name = f'{bench.database}_demo'
    path = demo.build(bench.odoo, bench.template, name, log='test-demo')
    problems = odoo_log.problems(path)
    present = [login for login, _person in demo.logins(name)]
    problems += [f"the demo data has no login {login}" for login in demo.LOGINS if login not in present]
    problems += demo_data.problems(bench.odoo, name)
    database.drop(name)
    return problems
