"""`make clean`: remove this folder's databases, logs and cluster. `make clean CACHE=1` removes the cache as well."""

import os
import shutil

import ground
import postgres
import say
import settings


def work():
    postgres.stop()
    for folder in (settings.LOCAL, *([settings.CACHE] if os.environ.get('CACHE') else [])):
        if folder.exists():
            with say.step(f"removing {folder}"):
                shutil.rmtree(folder)
    for cache in (path for name in ('__pycache__', '.pytest_cache', '.ruff_cache')
                  for path in settings.PROJECT.rglob(name)):
        shutil.rmtree(cache, ignore_errors=True)


ground.main(work)
