"""The addon in a database: install, and update when its files changed."""

import settings

FILES = ('*.py', '*.xml', '*.csv', '*.po', '*.js', '*.scss', '*.css')


def fingerprint():
    """Changes with every file that an update would read."""
    home = settings.PROJECT / settings.ADDON
    files = sorted(path for pattern in FILES for path in home.rglob(pattern) if '__pycache__' not in path.parts)
    return settings.digest(*(part for path in files for part in (path.relative_to(home), path.read_bytes())))


def _stamp(database):
    return settings.LOCAL / f'installed-{database}'


def is_current(database):
    stamp = _stamp(database)
    return stamp.exists() and stamp.read_text(encoding='utf-8') == fingerprint()


def mark_current(database):
    _stamp(database).write_text(fingerprint(), encoding='utf-8')


def forget(database):
    _stamp(database).unlink(missing_ok=True)
