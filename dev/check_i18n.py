"""The Arabic: complete, current, and in the words of the glossary.

`i18n/ar.po` has each string of a freshly exported template, none empty, none fuzzy, with the same placeholders; the
committed template is the fresh one; a string that is exactly a term of docs/glossary.csv is translated by that term;
no string uses a word of docs/forbidden_terms.csv; digits are 0-9.
"""

import collections
import csv
import re

import database
import po_file
import say
import settings

TITLE = "Arabic: complete, and in the glossary's words"
I18N = settings.PROJECT / settings.ADDON / 'i18n'
ARABIC = I18N / 'ar.po'
TEMPLATE = I18N / f'{settings.ADDON}.pot'
GLOSSARY = settings.PROJECT / 'docs' / 'glossary.csv'
FORBIDDEN = settings.PROJECT / 'docs' / 'forbidden_terms.csv'

# Odoo exports the strings of records that exist: without these, `make i18n` would drop their Arabic
LOAD_CATALOGUES = """
for catalogue in ('social', 'environmental'):
    env['amlaj.service']._load_catalogue(catalogue)

env.cr.commit()
"""

PLACEHOLDER = re.compile(r'%(?:\(\w+\))?[sdfr](?![A-Za-z])|\{\{.*?\}\}|\$\{.*?\}')
DIACRITICS = re.compile('[\u064b-\u0652\u0670\u0640]')
ARABIC_DIGITS = re.compile('[\u0660-\u0669\u06f0-\u06f9]')
LETTER = '[\u0621-\u064a]'
PREFIX = '(?:[\u0648\u0641]?(?:\u0627\u0644|\u0628\u0627\u0644|\u0643\u0627\u0644|\u0644\u0644|[\u0628\u0643\u0644])?)'


def export(odoo, name, path):
    """Write a fresh template of the addon's strings, those of the services that are loaded by choice among them."""
    copy = f'{name}_strings'
    database.copy(name, copy)
    try:
        odoo.script(copy, LOAD_CATALOGUES, 'i18n-catalogues')
        # this command knows only its own options, and they come after its own subcommand
        say.run([odoo.python, odoo.launcher, 'i18n', 'export', '-c', odoo.config, '-d', copy, '-o', path,
                 settings.ADDON], 'i18n-export', env=odoo.environ())
    finally:
        database.drop(copy)
    return path


def plain(text):
    """Text as it is compared: no diacritics, no edges, one space, no article."""
    text = re.sub(r'\s+', ' ', DIACRITICS.sub('', text)).strip(' .:…!؟?')
    return ' '.join(word.removeprefix('ال') for word in text.casefold().split(' '))


def glossary():
    """English term -> the Arabic terms allowed for it."""
    terms = collections.defaultdict(set)
    with GLOSSARY.open(encoding='utf-8', newline='') as handle:
        for row in csv.DictReader(handle):
            terms[plain(row['en'])].add(row['ar'])
    return terms


def forbidden():
    """(pattern, word, what to use instead) for each word that must not appear."""
    with FORBIDDEN.open(encoding='utf-8', newline='') as handle:
        return [(re.compile(f'(?<!{LETTER}){PREFIX}{re.escape(row["ar"])}(?!{LETTER})'), row['ar'], row['use'])
                for row in csv.DictReader(handle)]


def problems_of(entries):
    """What is wrong within the translations themselves."""
    terms, banned = glossary(), forbidden()
    found = []
    for entry in entries:
        where = f"ar.po:{entry.line} “{entry.msgid[:70]}”"
        if entry.obsolete:
            found.append(f"{where}: obsolete, `make i18n` drops it")
            continue
        if not entry.msgstr:
            found.append(f"{where}: not translated")
            continue
        if entry.fuzzy:
            found.append(f"{where}: fuzzy, to be confirmed")
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            found.append(f"{where}: other placeholders than in English: {entry.msgstr[:70]}")
        if ARABIC_DIGITS.search(entry.msgstr):
            found.append(f"{where}: digits other than 0-9: {entry.msgstr[:70]}")
        allowed = terms.get(plain(entry.msgid))
        if allowed and plain(entry.msgstr) not in {plain(term) for term in allowed}:
            found.append(f"{where}: the glossary says {' / '.join(sorted(allowed))}, not {entry.msgstr}")
        bare = DIACRITICS.sub('', entry.msgstr)
        found += [f"{where}: “{word}” is not our word, use {use}" for pattern, word, use in banned
                  if pattern.search(bare)]
    return found


def problems(fresh):
    """All that is wrong with ar.po and the committed template, against a fresh one."""
    if not ARABIC.exists():
        return ["i18n/ar.po is missing: `make i18n` makes it"]
    entries = po_file.read(ARABIC)
    wanted = {entry.msgid for entry in po_file.read(fresh)}
    have = {entry.msgid for entry in entries if not entry.obsolete}
    found = [f"ar.po lacks “{msgid[:100]}”: `make i18n` brings it" for msgid in sorted(wanted - have)]
    found += [f"ar.po has “{msgid[:100]}”, which nothing uses" for msgid in sorted(have - wanted)]
    committed = {entry.msgid for entry in po_file.read(TEMPLATE)} if TEMPLATE.exists() else set()
    if committed != wanted:
        found.append(f"{TEMPLATE.name} is not current: `make i18n` renews it")
    return found + problems_of(entries)


def check(bench):
    fresh = settings.LOCAL / 'fresh.pot'
    export(bench.odoo, bench.database, fresh)
    found = problems(fresh)
    bench.note(f"{len(po_file.read(fresh))} strings")
    return found
