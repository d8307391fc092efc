import {registry} from "@web/core/registry";
import {UnsavedFormController, unsavedFormView} from "../unsaved/unsaved_form";

/**
 * The request's form: once the beneficiary and the service are known the draft is saved by itself, so
 * that its list of papers appears without a click. The submission key makes a second arrival harmless.
 */
export class RequestFormController extends UnsavedFormController {
    async onRecordChanged(record, changes) {
        await super.onRecordChanged(record, changes);
        const {beneficiary_id, service_id} = record.data;
        if (record.id === this.model.root.id && record.isNew && beneficiary_id && service_id) {
            // after this change is through: saving waits for the same lock
            Promise.resolve().then(() => this.saveDraft());
        }
    }

    async saveDraft() {
        if (!this.savingDraft && this.model.root.isNew) {
            this.savingDraft = true;
            try {
                await this.model.root.save();
            } finally {
                this.savingDraft = false;
            }
        }
    }
}

registry.category("views").add("amlaj_request_form", {
    ...unsavedFormView,
    Controller: RequestFormController,
});
