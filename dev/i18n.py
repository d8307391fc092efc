"""`make i18n`: renew the template of strings and merge it into ar.po; then translate what it says is missing."""

import addon
import check_i18n
import database
import ground
import po_file
import say
import settings


def work():
    with ground.ready(tests=True) as (odoo, template):
        name = f'{settings.DB}_i18n'
        with say.step("the addon in a database of its own, without demo data"):
            database.copy(template, name)
            odoo.server(name, '-i', settings.ADDON, log='i18n-install')
        check_i18n.I18N.mkdir(exist_ok=True)
        with say.step(f"{check_i18n.TEMPLATE.name} and {check_i18n.ARABIC.name}") as note:
            check_i18n.export(odoo, name, check_i18n.TEMPLATE)
            merge(odoo)
            entries = po_file.read(check_i18n.ARABIC)
            note(f"{len(entries)} strings, {sum(not entry.msgstr or entry.fuzzy for entry in entries)} to translate")
        database.drop(name)
        addon.forget(name)
        for problem in check_i18n.problems(check_i18n.TEMPLATE):
            say.line(f"  {problem}")


def merge(odoo):
    """Bring ar.po up to the template: keep the translations, guess none, drop what nothing uses."""
    target = check_i18n.ARABIC
    if not target.exists():
        say.run(['msginit', '--no-translator', '-l', 'ar', '-i', check_i18n.TEMPLATE, '-o', target], 'msginit')
    merged = settings.LOCAL / 'merged.po'
    # strings of Odoo's mixins ("Followers", "Next Activity Deadline") come with Odoo's own Arabic
    homes = [odoo.source / 'odoo' / 'addons', odoo.source / 'addons']
    known = [path for name in ('base', 'mail', 'portal') for home in homes
             if (path := home / name / 'i18n' / 'ar.po').exists()]
    say.run(['msgmerge', '--quiet', '--no-fuzzy-matching', '--no-wrap', '--sort-output',
             *(word for path in known for word in ('-C', path)), '-o', merged, target, check_i18n.TEMPLATE], 'msgmerge')
    say.run(['msgattrib', '--no-obsolete', '--no-wrap', '-o', target, merged], 'msgattrib')


ground.main(work)
