"""A private PostgreSQL cluster in .local/pg: a Unix socket only, never run as root, never reachable from outside."""

import contextlib
import fcntl
import getpass
import glob
import os
import pathlib
import pwd
import shutil
import tempfile

import cache
import say
import settings

HOME = settings.LOCAL / 'pg'
CLUSTER = HOME / 'data'
USER = 'odoo'
# here while a command of this project has the cluster running
STARTED = settings.LOCAL / 'started'
SOCKET_NAME = '/.s.PGSQL.5432'
SOCKET_LIMIT = 107
OPTIONS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
jit = off
# what stands in here can be made again by one command: speed before safety against a power cut
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
"""


def _bin(name):
    found = sorted(glob.glob(f'/usr/lib/postgresql/*/bin/{name}'), key=lambda path: int(path.split('/')[4]))
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise say.Failed("PostgreSQL is missing: sudo apt-get install postgresql")
    return path


def socket_folder():
    """Where the socket is. A socket's path may have 107 letters: under a longer folder it lies in the temporary one."""
    folder = settings.LOCAL / 'run'
    if len(f'{folder}{SOCKET_NAME}') <= SOCKET_LIMIT:
        return folder
    return pathlib.Path(tempfile.gettempdir()) / f'amlaj-{os.getuid()}-{settings.digest(HOME)}'


def environ():
    """What libpq's programs and Odoo need to reach the cluster."""
    return {'PGHOST': str(socket_folder()), 'PGPORT': '5432', 'PGUSER': USER}


def _owner():
    """PostgreSQL refuses root, so root lends the cluster to Debian's own user `postgres`."""
    if os.geteuid() != 0:
        return None
    for name in ('postgres', 'nobody'):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise say.Failed("PostgreSQL does not run as root and there is no user `postgres`: run as an ordinary user")


def _command(*words):
    owner = _owner()
    return [*(['runuser', '-u', owner.pw_name, '--'] if owner else []), *words]


def _pg_ctl(*words, name, check=True):
    return say.run(_command(_bin('pg_ctl'), '-D', CLUSTER, '-w', '-t', '60', *words), name, check=check, cwd='/')


def is_running():
    """Whether Odoo could connect: the server answers and knows Odoo's role."""
    return bool(say.output([_bin('psql'), '-Atc', 'select 1', 'postgres'], environ()))


def _make_cluster():
    owner = _owner()
    with say.step(f"PostgreSQL: a private cluster in {HOME}"):
        HOME.mkdir(parents=True, exist_ok=True)
        part = HOME / 'part'
        shutil.rmtree(part, ignore_errors=True)
        if owner:
            os.chown(HOME, owner.pw_uid, owner.pw_gid)
            _check_reachable(owner)
        say.run(_command(_bin('initdb'), '-D', part, '-U', owner.pw_name if owner else getpass.getuser(), '-E', 'UTF8',
                         '--auth=trust', '--lc-collate=C', '--lc-ctype=C.UTF-8', '--lc-messages=C', '--no-sync'),
                'initdb', cwd='/')
        with (part / 'postgresql.conf').open('a', encoding='utf-8') as conf:
            conf.write(OPTIONS)
        part.rename(CLUSTER)


def _check_reachable(owner):
    """A folder closed to others (such as /root) cannot hold a cluster of another user."""
    closed = [folder for folder in (HOME, *HOME.parents)
              if not folder.stat().st_mode & 0o001 and folder.stat().st_uid != owner.pw_uid]
    if closed:
        raise say.Failed(f"the user {owner.pw_name}, whom root lends PostgreSQL to, cannot enter {closed[0]}: move the"
                         " project out of it, name another folder by LOCAL=/path, or run as an ordinary user")


@contextlib.contextmanager
def running():
    """Have the cluster run, made first if need be. The last command that uses it stops it, if a command started it."""
    settings.LOCAL.mkdir(parents=True, exist_ok=True)
    with (settings.LOCAL / '.in-use').open('w') as in_use:
        with cache.lock('cluster', settings.LOCAL):
            fcntl.flock(in_use, fcntl.LOCK_SH)
            if not (CLUSTER / 'PG_VERSION').exists():
                _make_cluster()
            if not is_running():
                _start()
        try:
            yield
        finally:
            with cache.lock('cluster', settings.LOCAL), contextlib.suppress(BlockingIOError):
                fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if STARTED.exists():
                    stop()


def _start():
    owner = _owner()
    folder = socket_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    made_by = (CLUSTER / 'PG_VERSION').read_text(encoding='utf-8').strip()
    with say.step("PostgreSQL: starting"):
        code, log = _pg_ctl('-o', f'-k {folder}', '-l', HOME / 'server.log', 'start', name='pg-start', check=False)
        if code:
            raise say.Failed(f"PostgreSQL did not start: see {HOME / 'server.log'} and {log}. A cluster of PostgreSQL"
                             f" {made_by} needs that version; `make clean` removes it")
        STARTED.touch()
        superuser = {**environ(), 'PGUSER': owner.pw_name if owner else getpass.getuser()}
        if not say.output([_bin('psql'), '-Atc', f"select 1 from pg_roles where rolname = '{USER}'", 'postgres'],
                          superuser):
            say.run([_bin('psql'), '-qc', f'create role {USER} login createdb', 'postgres'], 'pg-role', env=superuser)


def stop():
    if (CLUSTER / 'PG_VERSION').exists() and (CLUSTER / 'postmaster.pid').exists():
        _pg_ctl('-m', 'fast', 'stop', name='pg-stop', check=False)
    STARTED.unlink(missing_ok=True)
    if socket_folder().parent != settings.LOCAL:
        shutil.rmtree(socket_folder(), ignore_errors=True)


def query(sql, database='postgres'):
    return say.output([_bin('psql'), '-XAtc', sql, database], environ())


def tool(name, *words, log, check=True):
    """Run createdb, dropdb, pg_dump or pg_restore on the cluster."""
    return say.run([_bin(name), *words], log, env=environ(), check=check)
