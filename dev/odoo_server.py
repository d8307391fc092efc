"""How Odoo is started here: one place for its environment, configuration and command line."""

import os
import shutil
import socket
import subprocess
import sys

import postgres
import say
import settings

LAUNCHER = "import odoo.cli\n\nodoo.cli.main()\n"


class Odoo:
    """Odoo 19 with this project's addon, on the private cluster.

    :param source: folder to put on PYTHONPATH
    :param python: the environment's python
    :param node: folder with rtlcss
    :param key: fingerprint of source and pins
    """

    def __init__(self, source, python, node, key):
        self.source, self.python, self.node, self.key = source, python, node, key
        self.config = settings.LOCAL / 'odoo.conf'
        self.launcher = settings.LOCAL / 'odoo-bin'

    def write_config(self):
        settings.DATA.mkdir(parents=True, exist_ok=True)
        addons = [settings.PROJECT]
        if (self.source / 'addons' / 'web').is_dir():   # a checkout keeps its addons beside the package
            addons.append(self.source / 'addons')
        self.config.write_text(
            '[options]\n'
            f'addons_path = {",".join(map(str, addons))}\n'
            f'data_dir = {settings.DATA}\n'
            f'db_host = {postgres.socket_folder()}\n'
            'db_port = 5432\n'
            f'db_user = {postgres.USER}\n'
            f'http_interface = {settings.LISTEN}\n'
            f'http_port = {settings.PORT}\n'
            'list_db = False\n'
            'max_cron_threads = 1\n', encoding='utf-8')
        self.launcher.write_text(LAUNCHER, encoding='utf-8')

    def environ(self):
        return {
            **postgres.environ(),
            'PYTHONPATH': str(self.source),
            'PATH': f"{self.node}{os.pathsep}{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            'VIRTUAL_ENV': str(self.python.parent.parent),
            # Odoo's own log and Python's answers in one language, whatever the machine speaks
            'LC_ALL': 'C.UTF-8',
            # the checks read what the tools print
            'NO_COLOR': '1',
        }

    def command(self, sub, *words):
        """`odoo <sub> …`; each subcommand takes the configuration."""
        return [self.python, self.launcher, sub, '-c', self.config, *words]

    def server(self, database, *words, log, check=True):
        """Run the server for one job, then stop."""
        return say.run(self.command('server', '-d', database, '--stop-after-init', '--no-http', *words), log,
                       env=self.environ(), check=check)

    def serve_tests(self, database, tags, log):
        """Run tests by Odoo's own runner, with its server on a free port. :return: (exit code, log)"""
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            port = probe.getsockname()[1]
        temporary = settings.LOCAL / 'tmp'
        temporary.mkdir(exist_ok=True)
        return say.run(self.command('server', '-d', database, '--stop-after-init', '--http-port', str(port),
                                    '--test-tags', tags), log, env={**self.environ(), 'TMPDIR': str(temporary)},
                       check=False)

    def script(self, database, code, log, check=True):
        """Run Python code with `env` in Odoo's shell. :return: what it printed after `>>> ` marks"""
        _, path = say.run(self.command('shell', '-d', database, '--no-http', '--log-level=warn'), log,
                          env=self.environ(), stdin=code, check=check)
        rows = path.read_text(encoding='utf-8', errors='replace').splitlines()
        return [row.removeprefix('>>> ') for row in rows if row.startswith('>>> ')]

    def become(self, sub, *words):
        """Hand the terminal to Odoo and wait for its end."""
        process = subprocess.Popen([str(word) for word in self.command(sub, *words)],
                                   env={**os.environ, **self.environ()})
        while True:
            try:
                return process.wait()
            except say.Stopped:
                process.terminate()
            except KeyboardInterrupt:
                pass    # Ctrl-C reached Odoo as well: the server stops by itself, the shell goes on


def chromium():
    """Odoo looks for Chrome under these names."""
    return any(shutil.which(name) for name in ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'))


assert sys.version_info >= (3, 11), "the project's own scripts need Python 3.11"
