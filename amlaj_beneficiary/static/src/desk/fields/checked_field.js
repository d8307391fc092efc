import {localization} from "@web/core/l10n/localization";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {CharField, charField} from "@web/views/fields/char/char_field";

import {useEffect, useState} from "@odoo/owl";

/**
 * A text that the server judges as soon as it is typed: numbers of identity papers, phones, IBAN,
 * short addresses, dates and names. The message stands at the field, and what was typed stays.
 */
export class CheckedField extends CharField {
    static template = "amlaj_beneficiary.CheckedField";
    static props = {
        ...CharField.props,
        check: {type: String, optional: true},
        kindField: {type: String, optional: true},
        inputMode: {type: String, optional: true},
        ltr: {type: Boolean, optional: true},
        groups: {type: Boolean, optional: true},
    };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.state = useState({message: "", hint: ""});
        this.checkNumber = 0;
        this.lastChecked = this.props.record.data[this.props.name] || "";
        const {model} = this.props.record;
        useBus(model.bus, "NEED_LOCAL_CHANGES", (ev) => {
            const value = this.input.el?.value;
            if (value !== undefined && value !== this.lastChecked && this.isTyped(value)) {
                ev.detail.proms.push(this.check(value));
            } else if (this.pending) {
                ev.detail.proms.push(this.pending);
            }
        });
        // another kind of identity paper judges the same number differently
        useEffect(
            (kind) => {
                const value = this.props.record.data[this.props.name];
                if (this.kind !== undefined && this.kind !== kind && value) {
                    this.pending = this.check(value);
                }
                this.kind = kind;
            },
            () => [this.kindValue]
        );
        // what the form loads anew brings its own truth
        useEffect(
            (resId) => {
                if (this.resId !== undefined && this.resId !== resId) {
                    Object.assign(this.state, {message: "", hint: ""});
                }
                this.resId = resId;
            },
            () => [this.props.record.resId]
        );
    }

    /** A number is written left to right and stands where the text around it starts, in either direction. */
    get style() {
        return this.props.ltr ? `text-align: ${localization.direction === "rtl" ? "right" : "left"}` : undefined;
    }

    get kindValue() {
        return (this.props.kindField && this.props.record.data[this.props.kindField]) || false;
    }

    get formattedValue() {
        const value = super.formattedValue;
        return this.props.groups && value ? value.replace(/(.{4})(?=.)/g, "$1 ") : value;
    }

    isTyped(value) {
        return value !== (this.props.record.data[this.props.name] || "");
    }

    onInput() {
        Object.assign(this.state, {message: "", hint: ""});
        this.checkNumber++;
    }

    onChange(ev) {
        this.pending = this.check(ev.target.value);
    }

    get checkedValues() {
        const {record} = this.props;
        const values = {id: record.resId || false};
        if (this.props.kindField) {
            values.identity_kind = this.kindValue;
            values.identity_country_id = record.data.identity_country_id?.id || false;
        }
        return values;
    }

    /**
     * @param {string} value what was typed
     */
    async check(value) {
        const number = ++this.checkNumber;
        const {record, name} = this.props;
        this.lastChecked = value;
        let result;
        try {
            result = await this.orm.silent.call("amlaj.beneficiary", "check_input", [
                this.props.check || name,
                value,
                this.checkedValues,
            ]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return; // the same check runs again when the form is saved
            }
            throw error;
        }
        // the typed text itself is on its way into the record
        await record.model.mutex.getUnlockedDef();
        if (number !== this.checkNumber) {
            return;
        }
        this.state.message = result.message;
        this.state.hint = result.hint;
        if (result.message) {
            record.setInvalidField(name);
            return;
        }
        this.lastChecked = result.value || "";
        const changes = {...result.set};
        if (result.value !== (record.data[name] || false)) {
            changes[name] = result.value;
        }
        if (Object.keys(changes).length) {
            this.kind = changes[this.props.kindField] || this.kind;
            await record.update(changes);
        }
    }
}

export const checkedField = {
    ...charField,
    component: CheckedField,
    extractProps: (fieldInfo) => ({
        ...charField.extractProps(fieldInfo),
        check: fieldInfo.options.check,
        kindField: fieldInfo.options.kind_field,
        inputMode: fieldInfo.options.inputmode,
        ltr: fieldInfo.options.ltr,
        groups: fieldInfo.options.groups,
    }),
    fieldDependencies: ({options}) => [...(options?.kind_field ? [{name: options.kind_field, type: "selection"}] : [])],
};

registry.category("fields").add("amlaj_checked", checkedField);
