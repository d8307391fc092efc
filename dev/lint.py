"""`make lint`: the checks that need no database: ruff, prettier, pylint-odoo, the order of the rooms."""

import types

import check_rooms
import check_style
import ground
import say


def work():
    bench = types.SimpleNamespace(odoo=ground.tools())
    failed = 0
    for title, check in ((check_style.RUFF, check_style.ruff), (check_style.PRETTIER, check_style.prettier),
                         (check_style.PYLINT, check_style.pylint), (check_rooms.TITLE, check_rooms.check)):
        problems = check(bench)
        say.line(f"{'✗' if problems else '✓'} {title}{f': {len(problems)}' if problems else ''}")
        for problem in problems:
            say.line(f"    {problem}")
        failed += bool(problems)
    return failed


ground.main(work)
