"""A private Python environment in the cache, with the versions that Odoo's own requirements pin for this Python."""

import cache
import say
import settings

PINS = settings.DEV / 'requirements'
FILES = tuple(PINS / name for name in ('odoo.txt', 'addon.txt', 'dev.txt'))
STAMP = '.amlaj-complete'


def ensure():
    """Path of the environment's python, and the fingerprint of its pins."""
    python, version = settings.find_python()
    if python is None:
        wanted = ', '.join(f'{major}.{minor}' for major, minor in settings.PYTHONS)
        raise say.Failed(f"needs Python {wanted}: install one, or name it by PYTHON=/path/to/python")
    version = say.output([python, '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])
    if version not in [f'{major}.{minor}' for major, minor in settings.PYTHONS]:
        raise say.Failed(f"{python} is Python {version or 'nothing that runs'}; Odoo 19 is tested here on 3.11 to 3.13")
    pins = settings.digest(*(file.read_bytes() for file in FILES))
    home = settings.CACHE / f'venv-{version}-{pins}'
    if not (home / STAMP).exists():
        with cache.lock(home.name):
            if not (home / STAMP).exists():
                _build(home, python, version)
    return home / 'bin' / 'python', f'{version}-{pins}'


def _build(home, python, version):
    with say.step(f"Python {version}: private environment with the pinned packages (about 120 MB to fetch)"):
        # --clear: whatever an interrupted run left is thrown away; the packages themselves come from pip's cache
        say.run([python, '-m', 'venv', '--clear', home], 'venv')
        say.run([home / 'bin' / 'python', '-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile',
                 '--prefer-binary',
                 *(word for file in FILES for word in ('-r', file))], 'pip')
        (home / STAMP).touch()
