"""Warnings and errors in Odoo's log, less the few that Odoo itself is known to write (known_noise.txt)."""

import re

import settings

RECORD = re.compile(r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<rest>.*)$')
BAD = ('WARNING', 'ERROR', 'CRITICAL')


def known_noise():
    rows = (settings.DEV / 'known_noise.txt').read_text(encoding='utf-8').splitlines()
    return [re.compile(row) for row in rows if row and not row.startswith('#')]


def problems(path):
    """Each warning or error in the log, with the lines that belong to it, as one short text."""
    noise = known_noise()
    found, current = [], None
    for row in path.read_text(encoding='utf-8', errors='replace').splitlines():
        record = RECORD.match(row)
        if record:
            bad = record['level'] in BAD and not any(pattern.search(row) for pattern in noise)
            current = [f"{record['level']} {record['rest']}"] if bad else None
            if bad:
                found.append(current)
        elif current is not None and row.strip():
            current.append(row)
    # of a traceback the first line says what, the last one why
    return [' … '.join([rows[0], *rows[-1:]] if len(rows) > 1 else rows)[:1000] for rows in found]
