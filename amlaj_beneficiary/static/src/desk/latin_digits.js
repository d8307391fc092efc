import { localizationService } from "@web/core/l10n/localization_service";
import { patch } from "@web/core/utils/patch";

const { Settings } = luxon;

/**
 * Odoo writes the dates of Arabic users in ٠-٩ and all other numbers in 0-9. Papers, messages and the
 * policy use 0-9, so dates do too. The service sets the numbering at the end of its start, so after it.
 */
patch(localizationService, {
    async start() {
        const localization = await super.start(...arguments);
        if (/^ar\b/i.test(Settings.defaultLocale)) {
            Settings.defaultNumberingSystem = "latn";
        }
        return localization;
    },
});
