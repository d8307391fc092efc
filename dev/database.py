"""Databases with their files: exists, copy, drop, rename. A copy appears under its name only when it is whole."""

import shutil
import time

import postgres
import settings

FILES = settings.DATA / 'filestore'


def exists(name):
    return postgres.query(f"select 1 from pg_database where datname = '{name}'") == '1'


def drop(name):
    # PostgreSQL's own cleaning of tables may be at work in it, which --force may not end; it is done in a moment
    for patience in (1, 2, 4, 8):
        if postgres.tool('dropdb', '--if-exists', '--force', name, log='dropdb', check=False)[0] == 0:
            break
        time.sleep(patience)
    else:
        postgres.tool('dropdb', '--if-exists', '--force', name, log='dropdb')
    shutil.rmtree(FILES / name, ignore_errors=True)


def copy(source, target):
    drop(target)
    if (FILES / source).exists():
        shutil.copytree(FILES / source, FILES / target)
    postgres.tool('createdb', '-T', source, target, log='createdb')


def rename(source, target):
    drop(target)
    if (FILES / source).exists():
        (FILES / source).rename(FILES / target)
    postgres.query(f'alter database "{source}" rename to "{target}"')
