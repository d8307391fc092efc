"""`make update`: bring the addon in a database up to the files as they are now."""

import addon
import database
import ground
import say
import settings


def work():
    with ground.ready() as (odoo, _template):
        if not database.exists(settings.DB):
            raise say.Failed(f"there is no database {settings.DB}: `make run` makes it")
        with say.step(f"database {settings.DB}: updating the addon"):
            odoo.server(settings.DB, '-u', settings.ADDON, log='update')
            addon.mark_current(settings.DB)


ground.main(work)
