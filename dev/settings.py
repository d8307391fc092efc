"""Where everything is, and what the person who typed `make` chose. Read from the environment once."""

import hashlib
import os
import pathlib
import re
import shutil
import sys

ADDON = 'amlaj_beneficiary'
PROJECT = pathlib.Path(__file__).resolve().parent.parent
DEV = PROJECT / 'dev'
LOCAL = pathlib.Path(os.environ.get('LOCAL') or PROJECT / '.local').resolve()
LOGS = LOCAL / 'log'
DATA = LOCAL / 'data'
CACHE = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'amlaj-beneficiary'

PORT = os.environ.get('PORT') or '8069'
LISTEN = os.environ.get('LISTEN') or '127.0.0.1'
DB = os.environ.get('DB') or 'amlaj'
ODOO = os.environ.get('ODOO') or ''
TESTS = (os.environ.get('TESTS') or '').split()

PYTHONS = ((3, 11), (3, 12), (3, 13))


def mistake():
    """What is wrong with the choices, in one line, or None."""
    if not re.fullmatch(r'[a-z][a-z0-9_]{0,30}', DB):
        return f"DB={DB}: a database's name has small letters a-z, digits and _, at most 31, and begins with a letter"
    if not PORT.isdigit() or not 1024 <= int(PORT) <= 65535:
        return f"PORT={PORT}: a port is a number from 1024 to 65535"
    return None


def digest(*parts):
    """Short fingerprint of words and of files' bytes: names what is kept in the cache."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else str(part).encode())
        whole.update(b'\0')
    return whole.hexdigest()[:12]


def find_python():
    """The Python that Odoo will run on: PYTHON=, else the one running, else the newest supported on PATH."""
    if os.environ.get('PYTHON'):
        return os.environ['PYTHON'], None
    if sys.version_info[:2] in PYTHONS:
        return sys.executable, sys.version_info[:2]
    for major, minor in reversed(PYTHONS):
        found = shutil.which(f'python{major}.{minor}')
        if found:
            return found, (major, minor)
    return None, None
