"""The Debian packages installed on the machine itself: the only thing left outside this folder and the cache."""

import glob
import os
import shutil
import subprocess

import say
import settings

# what asks for it -> package
RUN = {
    'postgresql': "the database server",
    'libpango-1.0-0': "printed papers (WeasyPrint)",
    'libpangoft2-1.0-0': "printed papers (WeasyPrint)",
    'libharfbuzz-subset0': "printed papers (WeasyPrint)",
    'fonts-noto-core': "Arabic letters on printed papers",
    'python3-venv': "a private Python environment",
    'npm': "right-to-left style sheets (rtlcss)",
}
TEST = {
    'chromium': "browser tests",
    'poppler-utils': "tests that read printed papers",
    'gettext': "the check of the translation",
    'git': "the list of files to check",
}


def _present(package):
    if package == 'postgresql':
        return bool(glob.glob('/usr/lib/postgresql/*/bin/initdb'))
    if package == 'python3-venv':
        # a Python that is not Debian's brings its own
        return bool(say.output([settings.find_python()[0] or 'python3', '-c', 'import ensurepip; print(1)']))
    command = {'npm': 'npm', 'chromium': 'chromium', 'poppler-utils': 'pdftoppm', 'gettext': 'msgmerge',
               'git': 'git'}.get(package)
    if command:
        return bool(shutil.which(command))
    return say.output(['dpkg-query', '-W', '-f', '${db:Status-Status}', package]) == 'installed'


def missing(packages):
    return [package for package in packages if not _present(package)]


def _as_root():
    """The words before a command that needs root: none, sudo, or None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which('sudo') and (os.isatty(0) or subprocess.run(['sudo', '-n', 'true'], check=False).returncode == 0):
        return ['sudo']
    return None


def ensure(packages):
    """Install what is missing, as root or through sudo; else say in one line how to get it."""
    lacking = missing(packages)
    if not lacking:
        return
    command = ['apt-get', 'install', '-y', '--no-install-recommends', *lacking]
    by_hand = f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(lacking)}"
    why = '; '.join(f"{package} for {packages[package]}" for package in lacking)
    if not shutil.which('apt-get'):
        raise say.Failed(f"missing: {why}. Install them with this machine's own package manager")
    prefix = _as_root()
    if prefix is None:
        raise say.Failed(f"missing: {why}. Get them with: {by_hand}")
    with say.step(f"Debian packages: {' '.join(lacking)}"):
        env = {'DEBIAN_FRONTEND': 'noninteractive'}
        say.run([*prefix, 'apt-get', 'update'], 'apt-update', env=env, check=False)
        code, path = say.run([*prefix, *command], 'apt-install', env=env, check=False)
        if code or missing(lacking):
            raise say.Failed(f"could not install {' '.join(lacking)} (log: {path}). Try: {by_hand}")
