"""Uninstalled from a copy, the addon leaves nothing behind: the database is again what it was before."""

import database
import odoo_log
import postgres
import settings

TITLE = "uninstall leaves nothing behind"

# Everything in the schema that a module can make.
SCHEMA = """
select 'table ' || c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'S')
union all select 'column ' || c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
union all select 'index ' || indexname from pg_indexes where schemaname = 'public'
union all select 'constraint ' || n.conname from pg_constraint n where n.connamespace = 'public'::regnamespace
union all select 'trigger ' || tgname from pg_trigger where not tgisinternal
union all select 'function ' || p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace
"""
# Records that steer Odoo, by what names them; a module's own are gone when it is.
RECORDS = {
    'menu': "select id || ' ' || coalesce(name->>'en_US', '') from ir_ui_menu",
    'group': "select id || ' ' || coalesce(name->>'en_US', '') from res_groups",
    'privilege': "select id || ' ' || coalesce(name->>'en_US', '') from res_groups_privilege",
    'scheduled action': "select id || ' ' || coalesce(cron_name, '') from ir_cron",
    'action': "select id || ' ' || coalesce(name->>'en_US', '') from ir_actions",
    'view': "select id || ' ' || name from ir_ui_view",
    'access right': "select id || ' ' || name from ir_model_access",
    'record rule': "select id || ' ' || coalesce(name, '') from ir_rule",
    'model': "select model from ir_model",
    'field': "select model || '.' || name from ir_model_fields",
    'selection value': "select f.model || '.' || f.name || '=' || s.value from ir_model_fields_selection s"
                       " join ir_model_fields f on f.id = s.field_id",
    'sequence': "select id || ' ' || name from ir_sequence",
    # not those of Odoo's that keep personal data in the Kingdom: turning them back would start calls abroad
    'setting': "select key from ir_config_parameter where key like 'amlaj%'",
    'default': "select f.model || '.' || f.name from ir_default d join ir_model_fields f on f.id = d.field_id",
    'paper format': "select id || ' ' || name from report_paperformat",
    'mail template': "select id || ' ' || coalesce(name->>'en_US', '') from mail_template",
    'message subtype': "select id || ' ' || coalesce(name->>'en_US', '') from mail_message_subtype",
    'activity type': "select id || ' ' || coalesce(name->>'en_US', '') from mail_activity_type",
    'sales team': "select id || ' ' || coalesce(name->>'en_US', '') from crm_team",
    'survey': "select id || ' ' || coalesce(title->>'en_US', '') from survey_survey",
    'site menu': "select id || ' ' || coalesce(name->>'en_US', '') from website_menu",
    'page': "select id || ' ' || url from website_page",
    'file': "select id || ' ' || name from ir_attachment where res_model like 'amlaj.%'",
    'external id': "select name from ir_model_data where module = 'amlaj_beneficiary'",
}
UNINSTALL = """
module = env['ir.module.module'].search([('name', '=', %r)])
module.button_immediate_uninstall()
print('>>> ' + module.state)
"""


def _state(name):
    rows = set(postgres.query(SCHEMA, name).splitlines())
    for kind, sql in RECORDS.items():
        rows |= {f'{kind} {row}' for row in postgres.query(sql, name).splitlines()}
    return rows


def check(bench):
    copy = f'{bench.database}_uninstall'
    database.copy(bench.database, copy)
    before = _state(bench.template)
    code = UNINSTALL % settings.ADDON
    states = bench.odoo.script(copy, code, 'test-uninstall')
    problems = odoo_log.problems(settings.LOGS / 'test-uninstall.log')
    if states != ['uninstalled']:
        problems.append(f"not uninstalled: {states}")
    after = _state(copy)
    left = sorted(after - before)
    problems += [f"left behind: {row}" for row in left]
    problems += [f"gone with it, though it was there before: {row}" for row in sorted(before - after)]
    if not problems:
        database.drop(copy)
    return problems
