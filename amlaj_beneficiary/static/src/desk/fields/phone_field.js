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

/** A phone number to read and to tap: in right-to-left text the plus and the groups would change places. */
export class PhoneText extends Component {
    static template = xml`<a t-if="phone" t-attf-href="tel:{{ phone }}" class="amlaj-tel" t-on-click.stop=""><bdi dir="ltr" t-esc="text"/></a>`;
    static props = {...standardFieldProps};

    get phone() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        return shownPhone(this.phone);
    }
}

registry.category("fields").add("amlaj_phone", {component: PhoneText, supportedTypes: ["char"]});
