import {FileInput} from "@web/core/file_input/file_input";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Many2ManyBinaryField, many2ManyBinaryField} from "@web/views/fields/many2many_binary/many2many_binary_field";

import {onWillStart, useState} from "@odoo/owl";

export const ACCEPTED = ["pdf", "jpg", "jpeg", "png", "webp", "heic", "heif"];
const MEGABYTE = 1024 * 1024;

/**
 * Say what is wrong with files before they are sent; the server looks at their content afterwards.
 *
 * @param {File[]} files
 * @param {number} limit in megabytes
 * @returns {string} a sentence, or nothing
 */
export function faultOf(files, limit) {
    for (const file of files) {
        const extension = file.name.includes(".") ? file.name.split(".").pop().toLowerCase() : "";
        if (!ACCEPTED.includes(extension)) {
            return _t("This kind of file cannot be accepted. Please send a PDF or a photo (JPEG, PNG, WebP, HEIC).");
        }
        if (!file.size) {
            return _t("The file is empty. Please choose it again.");
        }
        if (file.size > limit * MEGABYTE) {
            return _t(
                "The file has %(size)s MB; the most that can be sent is %(limit)s MB. A photo taken with a lower quality is enough.",
                {size: Math.ceil(file.size / MEGABYTE), limit}
            );
        }
    }
    return "";
}

export class CheckedFileInput extends FileInput {
    async onFileInputChange() {
        const input = this.fileInputRef.el;
        const fault = this.props.faultOf([...input.files]);
        this.props.onChecked(fault);
        if (fault) {
            input.value = null;
            return;
        }
        try {
            await super.onFileInputChange();
        } finally {
            this.state.isDisable = false;
        }
    }
}

/** The photos or the PDF of one paper; several pictures may make one paper. */
export class PaperFiles extends Many2ManyBinaryField {
    static template = "amlaj_beneficiary.PaperFiles";
    static components = {FileInput: CheckedFileInput};

    setup() {
        super.setup();
        this.state = useState({fault: ""});
        onWillStart(async () => {
            this.limit = await this.orm.call("amlaj.request.document", "get_upload_limit", []);
        });
    }

    get accept() {
        return ACCEPTED.map((extension) => `.${extension}`).join(",");
    }

    faultOf(files) {
        return faultOf(files, this.limit);
    }

    onChecked(fault) {
        this.state.fault = fault;
    }
}

registry.category("fields").add("amlaj_paper_files", {
    ...many2ManyBinaryField,
    component: PaperFiles,
});
