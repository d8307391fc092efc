import {Component, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * @param {string|false} phone as stored
 * @returns {string} a Saudi number as people say it; others as they are stored
 */
export function shownPhone(phone) {
    return (phone || "").replace(/^\+966(\d{2})(\d{3})(\d{4})$/, "0$1 $2 $3");
}

/** A phone number to read: in right-to-left text the plus and the groups would change places. */
export class PhoneText extends Component {
    static template = xml`<bdi dir="ltr" t-esc="text"/>`;
    static props = {...standardFieldProps};

    get text() {
        return shownPhone(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("amlaj_phone", {component: PhoneText, supportedTypes: ["char"]});
