"""`make run`: Odoo with Arabic demo data on http://localhost:8069."""

import socket

import addon
import database
import demo
import ground
import say
import settings


def check_port():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.LISTEN, int(settings.PORT)))
        except OSError as error:
            raise say.Failed(f"port {settings.PORT} cannot be used ({error.strerror}): choose another, for example"
                             f" `make run PORT={int(settings.PORT) + 1}`") from error


def work():
    check_port()
    with ground.ready() as (odoo, template):
        name = settings.DB
        if not database.exists(name):
            with say.step(f"database {name}: the addon with its Arabic demo data"):
                demo.build(odoo, template, name)
        elif not addon.is_current(name):
            with say.step(f"database {name}: the addon's files changed, updating"):
                odoo.server(name, '-u', settings.ADDON, log='update')
                addon.mark_current(name)
        demo.serve_at(name, settings.PORT)
        welcome(name)
        return odoo.become('server', '-d', name, '--db-filter', f'^{name}$', '--log-level', 'warn')


def welcome(name):
    say.line(f"\n  http://localhost:{settings.PORT}   (stop with Ctrl-C)\n\n  login and password are the same word:")
    for login, person in [('admin', ''), *demo.logins(name)]:
        kind = '/my' if login[-1].isdigit() and not login.startswith('member') else '/odoo'
        say.line(f"    {login:<14}{kind:<7}{person}")
    say.line("")


ground.main(work)
