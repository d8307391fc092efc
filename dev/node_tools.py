"""Tools from npm, in the cache: rtlcss (right-to-left pages; without it Arabic stays left-to-right) and prettier."""

import shutil

import cache
import say
import settings

HERE = settings.DEV / 'node'
STAMP = '.amlaj-complete'


def ensure():
    """The folder with the commands `rtlcss` and `prettier`."""
    home = settings.CACHE / f"node-{settings.digest((HERE / 'package-lock.json').read_bytes())}"
    if not (home / STAMP).exists():
        with cache.lock(home.name):
            if not (home / STAMP).exists():
                _install(home)
    return home / 'node_modules' / '.bin'


def _install(home):
    with say.step("rtlcss and prettier from npm"):
        home.mkdir(parents=True, exist_ok=True)
        for name in ('package.json', 'package-lock.json'):
            shutil.copy(HERE / name, home / name)
        say.run(['npm', 'ci', '--no-fund', '--no-audit', '--ignore-scripts'], 'npm', cwd=home,
                env={'npm_config_cache': str(settings.CACHE / 'npm')})
        (home / STAMP).touch()
