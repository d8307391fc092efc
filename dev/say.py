"""What the person sees: one line per step, with what came of it and how long it took."""

import contextlib
import os
import pathlib
import subprocess
import sys
import time

import settings


class Failed(Exception):
    """A step that could not be done. The message is the one line that says why, and how to go on."""


class Stopped(KeyboardInterrupt):
    """Somebody ended this process, not by Ctrl-C: whatever it started was not told."""


def line(text):
    print(text, flush=True)


def warn(text):
    line(f"  ! {text}")


@contextlib.contextmanager
def step(title):
    """Print the title, let the work run, close the line with the time. `note(text)` adds a word to the closing."""
    notes = []
    started = time.monotonic()
    line(f"· {title} …")
    try:
        yield notes.append
    except Failed:
        raise
    except KeyboardInterrupt:
        line(f"  interrupted in: {title}")
        raise
    line(f"  done in {time.monotonic() - started:.0f} s{''.join(f', {note}' for note in notes)}")


def log_file(name):
    settings.LOGS.mkdir(parents=True, exist_ok=True)
    return settings.LOGS / f'{name}.log'


def run(command, name, *, env=None, cwd=None, check=True, stdin=None, live=False):
    """Run a command with its output in .local/log/<name>.log (and on the screen when `live`).

    :return: (exit code, path of the log)
    :raise Failed: when it fails and `check`; the log's last lines are shown
    """
    path = log_file(name)
    environ = {**os.environ, **(env or {})}
    with path.open('w', encoding='utf-8') as out:
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE if live else out, stderr=subprocess.STDOUT, text=True, encoding='utf-8',
            errors='replace', env=environ, cwd=cwd)
        try:
            if stdin:
                process.stdin.write(stdin)
                process.stdin.close()
            if live:
                for text in process.stdout:
                    out.write(text)
                    sys.stdout.write(text)
                    sys.stdout.flush()
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code and check:
        tail = path.read_text(encoding='utf-8', errors='replace').splitlines()[-25:]
        for text in tail:
            line(f"    {text}")
        raise Failed(f"{pathlib.Path(str(command[0])).name} failed with {code}; whole log: {path}")
    return code, path


def output(command, env=None):
    """What a command prints, or an empty string when it fails or is missing."""
    try:
        return subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})}).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ''
