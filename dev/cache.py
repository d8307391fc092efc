"""The user's cache: one writer at a time, and nothing half-done is ever taken for done."""

import contextlib
import fcntl

import say
import settings


@contextlib.contextmanager
def lock(name, folder=settings.CACHE):
    """Hold a file lock; a second run waits for the first and says so."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f'.{name}.lock').open('w') as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say.line(f"· another run is busy with {name}: waiting for it …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
