"""`make shell`: Python with `env` on a database."""

import database
import ground
import say
import settings


def work():
    with ground.ready() as (odoo, _template):
        if not database.exists(settings.DB):
            raise say.Failed(f"there is no database {settings.DB}: `make run` makes it")
        return odoo.become('shell', '-d', settings.DB, '--no-http', '--log-level', 'warn')


ground.main(work)
