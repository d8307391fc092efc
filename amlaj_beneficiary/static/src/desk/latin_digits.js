import {localizationService} from "@web/core/l10n/localization_service";
import {patch} from "@web/core/utils/patch";

const {Settings} = luxon;

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

const NUMBER_INPUTS = [
    ".o_datetime_input",
    ".o_field_date input",
    ".o_field_datetime input",
    ".o_field_integer input",
    ".o_field_float input",
    ".o_field_monetary input",
].join(",");

/**
 * @param {string} text
 * @returns {string} the text with 0-9 for the digits of Arabic and Persian keyboards
 */
export function latinDigits(text) {
    return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 0xf);
}

// Dates and amounts are read by Odoo's own fields, which know one kind of digits: what an Arabic keyboard
// types becomes that kind before any of them sees it.
document.addEventListener(
    "input",
    ({target}) => {
        if (target instanceof HTMLInputElement && target.matches(NUMBER_INPUTS)) {
            const latin = latinDigits(target.value);
            if (latin !== target.value) {
                const {selectionStart, selectionEnd} = target;
                target.value = latin;
                target.setSelectionRange(selectionStart, selectionEnd);
            }
        }
    },
    {capture: true}
);
