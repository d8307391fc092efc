import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {unsavedStore} from "./unsaved_store";

import {onMounted} from "@odoo/owl";

/**
 * Turn values as the server takes them into values as the form's record takes them.
 *
 * @param {Object} changes
 * @param {Object} fields
 */
export function asTyped(changes, fields) {
    const typed = {};
    for (const [name, value] of Object.entries(changes)) {
        const type = fields[name]?.type;
        if (!type || ["properties", "properties_definition", "html", "binary"].includes(type)) {
            continue;
        }
        if (type === "many2one") {
            typed[name] = value && {id: value};
        } else if (type === "date") {
            typed[name] = value && deserializeDate(value);
        } else if (type === "datetime") {
            typed[name] = value && deserializeDateTime(value);
        } else {
            typed[name] = value;
        }
    }
    return typed;
}

/** A form that keeps what is typed until it is saved, and gives it back after an expired session. */
export class UnsavedFormController extends FormController {
    setup() {
        super.setup();
        onMounted(() => this.offerUnsaved());
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = this.onRecordChanged.bind(this);
        return params;
    }

    get keepsUnsaved() {
        return !this.env.inDialog;
    }

    onRecordChanged(record, changes) {
        if (this.keepsUnsaved && record.id === this.model.root.id && record.dirty) {
            this.unsavedId = record.resId || false;
            unsavedStore.keep(this.props.resModel, this.unsavedId, changes);
        }
    }

    forgetUnsaved() {
        if (this.unsavedId !== undefined) {
            unsavedStore.forget(this.props.resModel, this.unsavedId);
            this.unsavedId = undefined;
        }
    }

    async onRecordSaved() {
        this.forgetUnsaved();
        return super.onRecordSaved(...arguments);
    }

    async discard() {
        this.forgetUnsaved();
        return super.discard(...arguments);
    }

    async beforeLeave() {
        const mayLeave = await super.beforeLeave(...arguments);
        if (mayLeave !== false && !this.model.root.dirty) {
            this.forgetUnsaved();
        }
        return mayLeave;
    }

    async beforeUnload(ev) {
        if (unsavedStore.sessionExpired) {
            return; // nothing can be saved now, and all that was typed is kept
        }
        await super.beforeUnload(ev);
        if (!ev.defaultPrevented) {
            this.forgetUnsaved();
        }
    }

    offerUnsaved() {
        const {resModel} = this.props;
        const {root} = this.model;
        const kept = this.keepsUnsaved && unsavedStore.find(resModel, root.resId);
        if (!kept) {
            return;
        }
        this.unsavedId = root.resId || false;
        this.dialogService.add(ConfirmationDialog, {
            title: _t("Unsaved text"),
            body: _t("This form was left before it was saved. Take back what was typed?"),
            confirmLabel: _t("Take it back"),
            cancelLabel: _t("Throw it away"),
            confirm: () => root.update(asTyped(kept.changes, root.fields)),
            cancel: () => this.forgetUnsaved(),
            dismiss: () => {},
        });
    }
}

export const unsavedFormView = {...formView, Controller: UnsavedFormController};

registry.category("views").add("amlaj_form", unsavedFormView);
