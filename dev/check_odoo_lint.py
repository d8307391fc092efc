"""Odoo's own `test_lint` on the addon, in a database of its own (it imports what other tests must not meet)."""

import re

import database

TITLE = "Odoo's own lint (test_lint)"


def check(bench):
    name = f'{bench.database}_lint'
    database.copy(bench.database, name)
    _, path = bench.odoo.server(
        name, '-i', 'test_lint', '--test-tags', '/test_lint,-/test_lint:TestESLint', log='test-lint', check=False)
    text = path.read_text(encoding='utf-8', errors='replace')
    result = re.search(r'(\d+) failed, (\d+) error\(s\) of (\d+) tests', text)
    if not result:
        return [f"the lint did not run: see {path}"]
    bench.note(f"{result[3]} tests")
    if result[1] == result[2] == '0' and int(result[3]) >= 20:
        database.drop(name)
        return []
    failed = re.findall(r'^\S+ \S+ \d+ (?:ERROR|WARNING) \S+ (odoo\.addons\.test_lint\S+: .*)$', text, re.M)
    return [*failed, f"whole log: {path}"]
