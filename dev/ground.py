"""All that a command stands on, in order; whatever is there already costs nothing."""

import contextlib
import signal
import sys

import debian
import node_tools
import odoo_source
import postgres
import python_env
import say
import settings
import template
from odoo_server import Odoo


@contextlib.contextmanager
def ready(tests=False):
    """Prepare everything, hand over (odoo, name of the template database), and leave no server behind."""
    debian.ensure({**debian.RUN, **(debian.TEST if tests else {})})
    source, build = odoo_source.ensure()
    python, pins = python_env.ensure()
    odoo = Odoo(source, python, node_tools.ensure(), settings.digest(build, pins))
    with postgres.running():
        odoo.write_config()
        yield odoo, template.ensure(odoo)


def tools():
    """Only what is needed to look at files: no Debian packages, no Odoo, no database."""
    python, pins = python_env.ensure()
    return Odoo(settings.PROJECT, python, node_tools.ensure(), pins)


def _stopped(number, _frame):
    raise KeyboardInterrupt if number == signal.SIGINT else say.Stopped


def main(work):
    """Run a command's work; say failures in one line, and clean up however it ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stopped)
    try:
        if mistake := settings.mistake():
            raise say.Failed(mistake)
        sys.exit(work() or 0)
    except say.Failed as error:
        say.line(f"\n✗ {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        say.line("\n✗ interrupted; the same command goes on where this one stopped")
        sys.exit(130)
