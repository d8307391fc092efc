from odoo import api, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools.convert import convert_file
from odoo.tools.translate import TranslationImporter, get_po_paths

from .service_questions import get_questions

MODULE = 'amlaj_beneficiary'
CATALOGUES = {
    'social': 'data/request/catalogue_social.xml',
    'environmental': 'data/request/catalogue_environmental.xml',
}


class AmlajService(models.Model):
    """The two catalogues of services that ship with the addon and are loaded by choice (managers and administrators).

    They are no part of the manifest's data: an association that does social work only never sees the others. Their
    records are ``noupdate``, so neither a second load nor an update of the addon touches what the association edited.
    """
    _inherit = 'amlaj.service'

    @api.model
    def action_load_social_catalogue(self):
        """Load the social services.

        :raise AccessError: for whoever is neither a manager nor an administrator
        """
        return self._action_load_catalogue('social')

    @api.model
    def action_load_environmental_catalogue(self):
        """Load the environmental services.

        :raise AccessError: for whoever is neither a manager nor an administrator
        """
        return self._action_load_catalogue('environmental')

    @api.model
    def _action_load_catalogue(self, catalogue):
        if not (self.env.is_admin() or self.env.user.has_group(f'{MODULE}.group_manager')):
            raise AccessError(self.env._("Only managers load a catalogue of services."))
        added = self._load_catalogue(catalogue)
        if added:
            message = self.env._("Services added: %(count)s. Please review them, then publish those you offer.",
                                 count=len(added))
        else:
            message = self.env._("Everything was loaded already: nothing was changed.")
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success' if added else 'info',
                'message': message,
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    @api.model
    def _load_catalogue(self, catalogue):
        """Load the services of ``catalogue`` that are not there yet, with their questions and translations.

        :return: the services added
        :raise UserError: when someone else is loading a catalogue at this moment
        """
        self_sudo = self.sudo()  # the right was checked by the caller; records with an xmlid need the superuser
        try:
            self_sudo.env.ref(f'base.module_{MODULE}').lock_for_update()
        except LockError:
            raise UserError(self.env._(
                "Someone is loading a catalogue right now. Please try again in a minute.",
            )) from None
        known = self_sudo._shipped_services()
        # In mode "update", what exists and is noupdate is skipped, with its lines; "init" would write over it.
        convert_file(self_sudo.env, MODULE, CATALOGUES[catalogue], {}, mode='update', noupdate=True)
        added = {
            name: service for name, service in self_sudo._shipped_services().items() if name not in known
        }
        self_sudo._load_questions(added)
        self_sudo._load_shipped_translations(added)
        return self.browse([service.id for service in added.values()])

    @api.model
    def _shipped_services(self):
        """Return the services that came with the addon, by the name of their xmlid."""
        data = self.env['ir.model.data'].search([('module', '=', MODULE), ('model', '=', self._name)])
        return {line.name: self.browse(line.res_id) for line in data}

    @api.model
    def _load_questions(self, services):
        """Give new ``services`` (by xmlid) their questions.

        Odoo keeps one text of a property for all languages, so it is written in the beneficiaries' language: Arabic
        where the database has it, else the language of the person who loads.
        """
        languages = [code for code, _name in self.env['res.lang'].get_installed()]
        arabic = next((code for code in languages if code.startswith('ar')), None)
        lang = arabic or self.env.lang or 'en_US'
        for name, service in services.items():
            if questions := get_questions(name, service.with_context(lang=lang).env):
                service.question_definition = questions

    @api.model
    def _load_shipped_translations(self, services):
        """Translate new ``services`` (by xmlid) and their lines into every language of the database."""
        if not services:
            return
        lines = self.env['amlaj.service'].concat(*services.values()).requirement_ids
        xmlids = {f'{MODULE}.{name}' for name in services} | {
            xmlid for xmlids in lines._get_external_ids().values() for xmlid in xmlids
        }
        importer = TranslationImporter(self.env.cr, verbose=False)
        for lang, _name in self.env['res.lang'].get_installed():
            for path in get_po_paths(MODULE, lang):
                importer.load_file(path, lang, xmlids=xmlids)
        importer.save()
