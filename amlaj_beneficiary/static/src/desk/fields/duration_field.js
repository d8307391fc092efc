import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component, xml} from "@odoo/owl";

const HOURS_PER_DAY = 24;

/**
 * A number of hours in words: hours up to two days, then whole days, with the language's own plural.
 *
 * @param {number} hours
 * @param {string} lang
 */
export function durationText(hours, lang) {
    if (!hours) {
        return "";
    }
    const inDays = hours >= 2 * HOURS_PER_DAY;
    const number = Math.max(1, Math.round(inDays ? hours / HOURS_PER_DAY : hours));
    const locale = lang.startsWith("ar") ? "ar-u-nu-latn" : lang;
    return new Intl.NumberFormat(locale, {
        style: "unit",
        unit: inDays ? "day" : "hour",
        unitDisplay: "long",
    }).format(number);
}

export class DurationField extends Component {
    static template = xml`<span t-esc="text"/>`;
    static props = {...standardFieldProps};

    get text() {
        return durationText(this.props.record.data[this.props.name], user.lang || "en");
    }
}

registry.category("fields").add("amlaj_duration", {
    component: DurationField,
    supportedTypes: ["float"],
});
