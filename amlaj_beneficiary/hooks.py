"""What happens once, when the addon is installed or removed: personal data stays in the Kingdom (design rule 9).

Some of Odoo's own modules that come with ours call services abroad: they send e-mail domains, addresses, phones, typed
names or the number of users. Each is switched off here with its reason. All of it is ordinary configuration: an
association that chooses otherwise switches it on again in the settings, and nothing here runs a second time.
"""
# A closed door of this very machine: a call there fails at once, and no name is looked up anywhere.
NOWHERE = 'http://127.0.0.1:9'

PARAMETERS = {
    # crm_iap_enrich: sends the e-mail domain of each volunteer's application; it keeps to this when installed after us
    'crm.iap.lead.enrich.setting': 'manual',
    'enrich.endpoint': NOWHERE,
    'reveal.endpoint': NOWHERE,
    # partner_autocomplete: sends what is typed as a contact's name
    'iap.partner_autocomplete.endpoint': NOWHERE,
    # snailmail: sends letters with names and addresses to a printer in Europe
    'snailmail.endpoint': NOWHERE,
    # sms: Odoo's own gateway is abroad; a local provider's module does not use this address
    'sms.endpoint': NOWHERE,
    # iap: the accounts of all these services
    'iap.endpoint': NOWHERE,
    # the website's configurator, the editor's texts by a language model and its library of pictures
    'website.website_api_endpoint': NOWHERE,
    'website.olg_api_endpoint': NOWHERE,
    'html_editor.olg_api_endpoint': NOWHERE,
    'html_editor.media_library_endpoint': NOWHERE,
    # mail: the server fetches each address that someone writes into a note, to show a preview
    'mail.link_preview_throttle': '0',
    # digest: new employees are not entered for a weekly mail of figures with pictures from abroad
    'digest.default_digest_emails': False,
}
# These have no address until somebody enters a key of his own; an empty one stays empty:
# web_unsplash (unsplash.access_key), event (google_maps...), google_recaptcha, mail's GIFs and translations.
# mail_bot answers from this database and calls nobody.

CRONS = (
    'crm_iap_enrich.ir_cron_lead_enrichment',   # see above
    'snailmail.snailmail_print',                # see above
    'mail.ir_cron_module_update_notification',  # publisher warranty: users, apps, address and e-mail of the company
    'digest.ir_cron_digest_scheduler_action',   # see above
)


def post_init_hook(env):
    """Switch off whatever calls out of the Kingdom; may run any number of times."""
    for key, value in PARAMETERS.items():
        env['ir.config_parameter'].set_param(key, value)
    for xmlid in CRONS:
        if cron := env.ref(xmlid, raise_if_not_found=False):
            cron.active = False
    if 'digest.digest' in env:
        env['digest.digest'].search([('state', '=', 'activated')]).action_deactivate()
    if 'iap_enrich_auto_done' in env['res.company']._fields:
        # partner_autocomplete asks about the company's own e-mail domain when an administrator opens the first page
        env['res.company'].search([]).iap_enrich_auto_done = True


def uninstall_hook(env):
    """Drop what the database would keep: the access log's function, and the counters that our numbering began anew with
    each year. What keeps data in the Kingdom stays as it is."""
    # the database deletes the years with their sequence; only the ORM drops the counter behind each
    env['ir.sequence'].search([('code', '=like', 'amlaj.%')]).date_range_ids.unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS amlaj_access_log_refuse() CASCADE")
