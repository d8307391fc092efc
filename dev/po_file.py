"""Reads gettext's .po and .pot files: just what the checks need."""

import ast
import dataclasses


@dataclasses.dataclass
class Entry:
    line: int
    msgid: str = ''
    msgstr: str = ''
    msgctxt: str = ''
    comments: str = ''
    fuzzy: bool = False
    obsolete: bool = False


def read(path):
    """The entries of a file, without its header."""
    entries, entry, field = [], None, None
    for number, row in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        row = row.strip()
        if not row:
            entry = None
            continue
        if entry is None:
            entry, field = Entry(number), None
            entries.append(entry)
        if row.startswith('#~'):
            entry.obsolete = True
        elif row.startswith('#'):
            entry.comments += row + '\n'
            entry.fuzzy = entry.fuzzy or (row.startswith('#,') and 'fuzzy' in row)
        else:
            if not row.startswith('"'):
                field, row = row.split(' ', 1)
            setattr(entry, field, getattr(entry, field) + ast.literal_eval(row))
    return [entry for entry in entries if entry.msgid]
