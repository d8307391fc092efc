"""`make format`: let ruff and prettier put right what they can."""

import check_style
import ground
import say
import settings


def work():
    odoo = ground.tools()
    say.run([odoo.python, '-m', 'ruff', 'check', '--no-cache', '--fix', '--quiet', 'dev', settings.ADDON], 'ruff-fix',
            cwd=settings.PROJECT, check=False)
    check_style.run_prettier(odoo, '--write')
    say.line("formatted; `make lint` says what is left")


ground.main(work)
