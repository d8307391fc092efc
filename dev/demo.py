"""A database with the addon's demo data, in Arabic: what `make run` opens."""

import addon
import database
import postgres
import say
import settings

LOGINS = ('manager', 'relations', 'researcher', 'chair', 'secretary', 'member1', 'member2', 'delivery', 'rep',
          'volunteers', 'auditor', 'privacy', 'quality', 'finance', 'beneficiary1', 'beneficiary2', 'volunteer1')
# Everybody reads Arabic by the clock of Riyadh; the site opens in Arabic and offers English.
ARABIC = """
arabic = env['res.lang']._activate_lang('ar_001')
for user in env['res.users'].with_context(active_test=False).search([('login', 'in', %r)]):
    user.partner_id.write({'lang': 'ar_001', 'tz': 'Asia/Riyadh'})
env['ir.default'].set('res.partner', 'lang', 'ar_001')
english = env['res.lang']._activate_lang('en_US')
env['website'].search([]).write({'language_ids': [(6, 0, [arabic.id, english.id])], 'default_lang_id': arabic.id})
env.cr.commit()
"""


def build(odoo, template, name, log='demo-install'):
    """Make the database `name`, whole or not at all. :return: the installation's log"""
    part = f'{name}_part'
    addon.forget(name)
    database.copy(template, part)
    # Odoo loads a module's demo data where all it depends on has its own: say so, to get ours without Odoo's
    postgres.query("update ir_module_module set demo = true where state = 'installed'", part)
    serve_at(part, settings.PORT)  # the demo's own messages hold links too
    _, path = odoo.server(part, '-i', settings.ADDON, log=log)
    postgres.query(f"update ir_module_module set demo = false where name <> '{settings.ADDON}'", part)
    odoo.script(part, ARABIC % (['admin', *LOGINS],), 'demo-arabic')
    if postgres.query(f"select state from ir_module_module where name = '{settings.ADDON}'", part) != 'installed':
        raise say.Failed(f"the addon was not installed: see {path}")
    if not logins(part):  # Odoo goes on without demo data that fails
        raise say.Failed(f"the demo data was not loaded: see {path}")
    database.rename(part, name)
    addon.mark_current(name)
    return path


def serve_at(name, port):
    """Let the links in messages and on papers lead to this port. An address that somebody gave the database stays, and so
    does one without our demo data."""
    postgres.query(
        f"update ir_config_parameter set value = 'http://localhost:{int(port)}' where key = 'web.base.url'"
        " and value ~ '^http://(localhost|127[.]0[.]0[.]1)(:[0-9]+)?$'"
        " and exists (select 1 from ir_module_module where demo)", name)


def logins(name):
    """The demo's logins that this database has, in the order of the list, with the names of their people."""
    rows = postgres.query(
        "select u.login, p.name from res_users u join res_partner p on p.id = u.partner_id where u.active", name)
    people = dict(row.split('|', 1) for row in rows.splitlines())
    return [(login, people[login]) for login in LOGINS if login in people]
