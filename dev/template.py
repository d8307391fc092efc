"""The template database: Odoo with all that the addon depends on, Arabic loaded, country Saudi Arabia, no demo data.

Made once for each set of dependencies, pins and build of Odoo, and kept in the cache as a dump with its files, so that
a fresh clone starts quickly.
"""

import ast
import shutil

import cache
import database
import postgres
import say
import settings

DUMP = 'database.dump'
FILES = 'filestore'
STAMP = '.amlaj-complete'
# raise it when this file makes the template in another way
RECIPE = 1


def depends():
    manifest = settings.PROJECT / settings.ADDON / '__manifest__.py'
    return sorted(ast.literal_eval(manifest.read_text(encoding='utf-8'))['depends'])


def ensure(odoo):
    """Name of the template in the cluster."""
    key = settings.digest(RECIPE, odoo.key, *depends())
    name = f'amlaj_template_{key}'
    if database.exists(name):
        return name
    kept = settings.CACHE / f'template-{key}'
    with cache.lock(kept.name):
        if (kept / STAMP).exists():
            _restore(kept, name)
        else:
            _build(odoo, name)
            _keep(kept, name)
    return name


def _build(odoo, name):
    modules = depends()
    part = f'{name}_part'
    with say.step(f"Odoo's own modules: {', '.join(modules)} and what they need (a minute or two, once)"):
        database.drop(part)
        say.run(odoo.command('db', 'init', '--language', 'en_US', '--country', 'SA', part), 'template-base',
                env=odoo.environ())
        odoo.server(part, '-i', ','.join(modules), '--load-language', 'ar_001', log='template-modules')
        states = postgres.query(
            f"select count(*) from ir_module_module where state = 'installed' and name in ({str(modules)[1:-1]})", part)
        if states != str(len(modules)):
            raise say.Failed(f"Odoo did not install all of them: see {say.log_file('template-modules')}")
        database.rename(part, name)


def _keep(kept, name):
    with say.step("template database: keeping a copy in the cache"):
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        postgres.tool('pg_dump', '-Fc', '-Z1', '-f', kept / DUMP, name, log='template-dump')
        if (database.FILES / name).exists():
            shutil.copytree(database.FILES / name, kept / FILES)
        (kept / STAMP).touch()


def _restore(kept, name):
    part = f'{name}_part'
    with say.step("template database: from the cache"):
        database.drop(part)
        postgres.tool('createdb', '-T', 'template0', part, log='createdb')
        postgres.tool('pg_restore', '-j2', '--no-owner', '-d', part, kept / DUMP, log='template-restore')
        if (kept / FILES).exists():
            shutil.copytree(kept / FILES, database.FILES / part, dirs_exist_ok=True)
        database.rename(part, name)
