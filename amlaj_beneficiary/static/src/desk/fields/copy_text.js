import {CopyButton} from "@web/core/copy_button/copy_button";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

import {Component} from "@odoo/owl";

/** A prepared text that is read and copied whole, never edited. */
export class CopyText extends Component {
    static template = "amlaj_beneficiary.CopyText";
    static components = {CopyButton};
    static props = {...standardFieldProps};

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get labels() {
        return {copy: _t("Copy the text"), copied: _t("Copied")};
    }
}

registry.category("fields").add("amlaj_copy_text", {
    component: CopyText,
    supportedTypes: ["char", "text"],
});
